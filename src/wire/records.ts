/** MX records in their order (RFC 5321 §5.1), as the resolver gives them. Pure. */

/** @returns the hosts by preference, lower case without the last dot; `.` for the null MX (RFC 7505). */
export function readMx(records: readonly string[]): string[] {
  return records
    .map((r) => /^(\d{1,5}) (\S{1,1100})$/.exec(r))
    .filter((m) => m !== null)
    .map((m) => ({ preference: Number(m[1]), host: (m[2] ?? '').replace(/(?<=.)\.$/, '').toLowerCase() }))
    .toSorted((a, b) => a.preference - b.preference)
    .map((h) => h.host);
}

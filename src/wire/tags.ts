/** Records of tags, `v=DMARC1; p=none`: DKIM keys (RFC 6376 §3.6.1), DMARC (RFC 7489 §6.3), MTA-STS and TLS-RPT records (RFC 8461, 8460), and the MTA-STS policy. Pure. */
import { createPublicKey } from 'node:crypto';

/** @returns the tags by lower-case name, or undefined where one is malformed or comes twice. */
export function readTags(record: string): ReadonlyMap<string, string> | undefined {
  const tags = new Map<string, string>();
  for (const part of record.split(';').slice(0, 100)) {
    if (part.trim() === '') continue;
    const at = part.indexOf('=');
    const name = part.slice(0, at).trim().toLowerCase();
    if (at < 0 || !/^[a-z][a-z0-9_]*$/.test(name) || tags.has(name)) return undefined;
    tags.set(name, part.slice(at + 1).trim());
  }
  return tags;
}

export type Key =
  | { readonly kind: 'key'; readonly type: string; readonly bits: number }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'malformed' };

/** @param record a DKIM key record. */
export function readKey(record: string): Key {
  const tags = readTags(record);
  const data = tags?.get('p')?.replace(/\s+/g, '');
  if (!tags || data === undefined || (tags.has('v') && tags.get('v') !== 'DKIM1')) return { kind: 'malformed' };
  if (data === '') return { kind: 'revoked' };
  const type = tags.get('k') ?? 'rsa';
  if (type === 'ed25519')
    return Buffer.from(data, 'base64').length === 32 ? { kind: 'key', type, bits: 256 } : { kind: 'malformed' };
  try {
    const der = Buffer.from(data, 'base64');
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return { kind: 'key', type, bits: key.asymmetricKeyDetails?.modulusLength ?? 0 };
  } catch {
    return { kind: 'malformed' };
  }
}

export type DmarcPolicy = 'none' | 'quarantine' | 'reject';

/** @returns the policy for the domain itself and for those below it; undefined where the record cannot be used. */
export function readDmarc(record: string): { readonly policy: DmarcPolicy; readonly below: DmarcPolicy } | undefined {
  const tags = readTags(record);
  const known = (p: string | undefined): DmarcPolicy | undefined =>
    p === 'none' || p === 'quarantine' || p === 'reject' ? p : undefined;
  if (tags?.get('v') !== 'DMARC1') return undefined;
  // Without a usable policy a record that asks for reports counts as "none" (RFC 7489 §6.6.3).
  const policy = known(tags.get('p')?.toLowerCase()) ?? (tags.has('rua') ? 'none' : undefined);
  return policy === undefined ? undefined : { policy, below: known(tags.get('sp')?.toLowerCase()) ?? policy };
}

export interface StsPolicy {
  readonly mode: 'enforce' | 'testing' | 'none';
  readonly mx: readonly string[];
  /** Seconds. */
  readonly maxAge: number;
}

/** @param text the policy file; lines end with CRLF or LF, unknown keys are passed over (RFC 8461 §3.2). */
export function readStsPolicy(text: string): StsPolicy | { readonly fault: string } {
  const fields = new Map<string, string>();
  const mx: string[] = [];
  for (const line of text.split(/\r?\n/).slice(0, 2000)) {
    if (line.trim() === '') continue;
    const m = /^([A-Za-z0-9][A-Za-z0-9_.-]{0,31})[ \t]*:[ \t]*(.*?)[ \t]*$/.exec(line);
    if (!m) return { fault: 'a line without "key: value"' };
    const [name, value] = [m[1]?.toLowerCase() ?? '', m[2] ?? ''];
    if (name === 'mx') mx.push(value.toLowerCase().replace(/\.$/, ''));
    else if (!fields.has(name)) fields.set(name, value);
  }
  if (fields.get('version') !== 'STSv1') return { fault: 'version' };
  const mode = fields.get('mode');
  if (mode !== 'enforce' && mode !== 'testing' && mode !== 'none') return { fault: 'mode' };
  const age = fields.get('max_age') ?? '';
  if (!/^\d{1,10}$/.test(age)) return { fault: 'max_age' };
  if (mode !== 'none' && mx.length === 0) return { fault: 'mx' };
  return { mode, mx, maxAge: Math.min(Number(age), 31_557_600) };
}

/** Whether an MX host fits a pattern of the policy: `*.` stands for one label (RFC 8461 §4.1). */
export function fitsStsMx(host: string, patterns: readonly string[]): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return patterns.some((p) =>
    p.startsWith('*.') ? name.slice(name.indexOf('.') + 1) === p.slice(2) && name.includes('.') : name === p,
  );
}

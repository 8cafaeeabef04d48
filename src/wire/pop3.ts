/** POP3 status lines, response codes and capabilities (RFC 1939, RFC 2449, RFC 3206, RFC 5034). */
import { MALFORMED, type Reply } from './reply.ts';

/** @param lines a status line and, for multi-line replies, the body without the final ".". */
export function readPop3Reply(lines: readonly string[]): Reply {
  const first = lines[0] ?? '';
  const m = /^(\+OK|-ERR)(?:[ \t]+(.*))?$/is.exec(first);
  if (!m) {
    if (/^\+( |$)/.test(first)) return { status: 'continue', text: first.slice(2), body: [] };
    return MALFORMED('neither +OK nor -ERR', lines);
  }
  const condition = (m[1] ?? '').toUpperCase();
  let text = m[2] ?? '';
  const rc = /^\[([A-Z][A-Z0-9/._-]{0,60})[^\]]{0,120}\]\s*/i.exec(text);
  if (rc) text = text.slice(rc[0].length);
  return {
    status: condition === '+OK' ? 'ok' : 'no',
    condition,
    ...(rc?.[1] ? { responseCode: rc[1].toUpperCase() } : {}),
    text: text.trim(),
    body: lines.slice(1),
  };
}

/** CAPA lines (RFC 2449 §5): keyword upper-cased, arguments kept; mechanisms from SASL (RFC 5034). */
export function readCapa(body: readonly string[]): { items: string[]; mechanisms: string[] } {
  const items: string[] = [];
  const mechanisms = new Set<string>();
  for (const raw of body) {
    const [keyword = '', ...args] = raw.trim().split(/\s+/);
    if (keyword === '') continue;
    const k = keyword.toUpperCase();
    items.push([k, ...args].join(' '));
    if (k === 'SASL') for (const a of args) mechanisms.add(a.toUpperCase());
  }
  return { items, mechanisms: [...mechanisms] };
}

/** The APOP timestamp of a greeting (RFC 1939 §7), with its angle brackets; undefined where there is none. */
export function apopTimestamp(greeting: string): string | undefined {
  return /<[^<>\s]{1,200}@[^<>\s]{1,200}>/.exec(greeting)?.[0];
}

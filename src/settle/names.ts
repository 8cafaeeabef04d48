/** Host names and mail addresses as people type them → the forms that go on the wire (RFC 1035, 5321 §4.1.2, 5890). */
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { UsageError } from '../model/usage.ts';

/** What a URL parser would take out without a word. */
const INSIDE = /[\u0000-\u0020\u007f]/;

export interface Address {
  /** As it goes on the wire: local part as typed, domain in A-labels, lower case. */
  readonly text: string;
  readonly local: string;
  readonly domain: string;
}

/** @returns the host in A-labels, lower case, without trailing dot; IP literals without brackets. @throws UsageError */
export function readHost(typed: string, what = '--host'): string {
  const t = typed.trim();
  if (/[/@]/.test(t)) throw new UsageError(`${what} takes a host name such as imap.example.com, not a URL or an address`);
  const bare = t.replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare)) return bare.toLowerCase();
  const port = /^(.{1,255}):(\d{1,5})$/.exec(t);
  if (port) {
    const field = /^(--)?((?:pop|imap|smtp)-)?host$/.exec(what);
    const instead = field ? `${field[1] ?? ''}${field[2] ?? ''}port${field[1] ? '' : ':'} ${port[2]}` : undefined;
    throw new UsageError(`${what} takes the host alone${instead === undefined ? '' : `; write ${instead} beside it`}`);
  }
  return readDomain(t, what);
}

/** @returns a domain in A-labels. @throws UsageError where it is empty, too long, or has characters that no name has. */
export function readDomain(typed: string, what: string): string {
  const dotless = typed.replace(/\.$/, '');
  // Anything beyond letters, digits, hyphen, underscore and dot is refused before it can reach a log or a resolver.
  const ascii = /^[\x21-\x7e]*$/.test(dotless) ? dotless.toLowerCase() : domainToASCII(dotless);
  if (dotless === '' || ascii === '' || INSIDE.test(dotless) || !/^[a-z0-9_.-]+$/.test(ascii))
    throw new UsageError(`${what} is not a host name; write one such as mail.example.com`);
  const labels = ascii.split('.');
  if (ascii.length > 253 || labels.some((l) => l.length > 63))
    throw new UsageError(`${what} is too long for DNS: at most 253 characters, 63 between two dots`);
  if (labels.some((l) => l === '')) throw new UsageError(`${what} has an empty part between two dots`);
  if (/^[0-9]+$/.test(labels.at(-1) ?? '')) throw new UsageError(`${what} looks like an IP address but is not a complete one`);
  return ascii;
}

/** @returns the parts of a mail address. @throws UsageError where it has no or two unquoted "@", or control characters. */
export function readAddress(typed: string, what = 'ADDRESS'): Address {
  const t = typed.trim().replace(/^<(.*)>$/, '$1');
  const at = t.lastIndexOf('@');
  if (at < 0) throw new UsageError(`${what} needs an "@", as in you@example.com`);
  const local = t.slice(0, at);
  if (local === '') throw new UsageError(`${what} has nothing before the "@"; write it in full, as in you@example.com`);
  if (/[\u0000-\u001f\u007f\s<>]/.test(local))
    throw new UsageError(`${what} has a space, an angle bracket or a control character before the "@"`);
  const quoted = /^"(?:[^"\\]|\\.)*"$/.test(local);
  if (local.includes('@') && !quoted) throw new UsageError(`${what} has two "@"; write one, as in you@example.com`);
  if (local.length > 64 && Buffer.byteLength(local) > 64)
    throw new UsageError(`${what} has more than 64 bytes before the "@" (RFC 5321)`);
  const domain = readDomain(t.slice(at + 1), `the part of ${what} after the "@"`);
  return { text: `${local}@${domain}`, local, domain };
}

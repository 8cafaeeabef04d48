/**
 * Reference identity against presented identifiers (RFC 9525): DNS-ID and IP-ID only, never the common name. The names are read
 * from the DER, so that no comma, NUL or `DNS:` inside one can pass for another (CVE-2021-44531 to 44533, CVE-2009-2408).
 */
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { getPublicSuffix } from 'tldts';
import type { Certificate } from './certificate.ts';
import { COMMON_NAME, type GeneralName, valuesOf } from './names.ts';

export interface Identity {
  readonly matches: boolean;
  /** What is wrong, where it does not match. */
  readonly problem?: 'identity-differs' | 'name-only-in-cn' | 'partial-wildcard';
  /** The presented identifier that matched, or that nearly did. */
  readonly presented?: string;
  /** Why the near one is refused. */
  readonly reason?: string;
}

/** @returns the reference identity in comparable form: A-labels, lower case, no trailing dot; an address as its octets. */
export function referenceOf(host: string): { readonly dns: string } | { readonly ip: Buffer } | undefined {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  const ip = addressBytes(bare);
  if (ip) return { ip };
  const dns = canonicalHost(host);
  return dns === undefined ? undefined : { dns };
}

/** @returns 4 or 16 octets of an address literal (zone left out), or undefined. */
export function addressBytes(text: string): Buffer | undefined {
  const address = text.replace(/%.*$/s, '');
  const family = isIP(address);
  if (family === 4) return Buffer.from(address.split('.').map(Number));
  if (family !== 6) return undefined;
  const v4 = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const tail = v4 ? [Number(v4[2]) * 256 + Number(v4[3]), Number(v4[4]) * 256 + Number(v4[5])].map((n) => n.toString(16)) : [];
  const whole = v4 ? `${v4[1]}${tail.join(':')}` : address;
  const [left = '', right] = whole.split('::');
  const head = left === '' ? [] : left.split(':');
  const rest = right === undefined || right === '' ? [] : right.split(':');
  const fill = right === undefined ? 0 : 8 - head.length - rest.length;
  const groups = [...head, ...Array<string>(Math.max(0, fill)).fill('0'), ...rest];
  return Buffer.from(groups.flatMap((g) => [Number.parseInt(g, 16) >> 8, Number.parseInt(g, 16) & 0xff]));
}

const HOST = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/;

function canonicalHost(host: string): string | undefined {
  const name = host.replace(/\.$/, '');
  const ascii = /[^\x21-\x7e]/.test(name) ? domainToASCII(name) : name.toLowerCase();
  const labels = ascii.split('.');
  const sound = ascii.length > 0 && ascii.length <= 253 && labels.every((l) => l.length <= 63 && HOST.test(l));
  return sound ? ascii : undefined;
}

/** True where one label above the name's own would cover a whole registry: `com`, `co.uk`, `test`. */
export const isPublicSuffix = (domain: string): boolean => !domain.includes('.') || getPublicSuffix(domain) === domain;

type Match = 'yes' | 'partial' | 'suffix' | 'no';

/** One presented DNS name against a reference name, both lower case (RFC 9525 §6.3). */
function matchDns(presented: string, reference: string): Match {
  if (presented === reference) return 'yes';
  const at = presented.indexOf('*');
  if (at < 0) return 'no';
  const dot = presented.indexOf('.');
  const label = presented.slice(0, dot);
  const rest = presented.slice(dot + 1);
  const hostDot = reference.indexOf('.');
  const hostLabel = reference.slice(0, hostDot);
  if (dot < 0 || at > dot || hostDot < 0 || rest !== reference.slice(hostDot + 1) || rest.includes('*')) return 'no';
  if (label === '*') return isPublicSuffix(rest) ? 'suffix' : 'yes';
  const [before = '', after = '', more] = label.split('*');
  const fits = more === undefined && hostLabel.length > before.length + after.length;
  return fits && hostLabel.startsWith(before) && hostLabel.endsWith(after) ? 'partial' : 'no';
}

/** A presented DNS name in comparable form; undefined for what is no host name (NUL, blanks, U-labels). */
const presentedDns = (name: GeneralName): string | undefined => {
  const text = name.value.replace(/\.$/, '').toLowerCase();
  return name.type === 'dns' && /^[\x21-\x7e]{1,253}$/.test(text) ? text : undefined;
};

/** @returns whether the certificate speaks for `host`, and if not, how near it came. */
export function identify(certificate: Certificate, host: string): Identity {
  const reference = referenceOf(host);
  const names = certificate.extensions.names ?? [];
  if (reference === undefined) return { matches: false, problem: 'identity-differs', reason: 'the host name is not valid' };
  if ('ip' in reference) {
    if (names.some((n) => n.type === 'ip' && n.bytes.equals(reference.ip))) return { matches: true, presented: host };
    return { matches: false, ...nearAddress(certificate, host, reference.ip) };
  }
  let near: Identity = { matches: false, problem: 'identity-differs' };
  for (const name of names) {
    const text = presentedDns(name);
    const match = text === undefined ? 'no' : matchDns(text, reference.dns);
    if (match === 'yes') return { matches: true, presented: name.value };
    if (match === 'partial') {
      near = {
        matches: false,
        problem: 'partial-wildcard',
        presented: name.value,
        reason: 'a wildcard must be the whole left-most label',
      };
    } else if (match === 'suffix' && near.presented === undefined) {
      near = {
        ...near,
        presented: name.value,
        reason: 'the wildcard covers a public suffix',
      };
    }
  }
  if (near.problem === 'partial-wildcard') return near;
  for (const cn of valuesOf(certificate.subject, COMMON_NAME)) {
    const text = cn.replace(/\.$/, '').toLowerCase();
    const ascii = /[^\x21-\x7e]/.test(text) ? domainToASCII(text) : text;
    if (ascii !== '' && matchDns(ascii, reference.dns) !== 'no') {
      return { matches: false, problem: 'name-only-in-cn', presented: cn, reason: 'only the common name holds it' };
    }
  }
  return near;
}

/** The address stands in the common name, or as text in a DNS name: neither counts (RFC 9525 §6.5). */
function nearAddress(certificate: Certificate, host: string, ip: Buffer): Omit<Identity, 'matches'> {
  const same = (text: string) => {
    const bytes = addressBytes(text.trim().replace(/\b0+(?=\d)/g, ''));
    return bytes?.equals(ip) ?? false;
  };
  const cn = valuesOf(certificate.subject, COMMON_NAME).find((v) => v === host || same(v));
  if (cn !== undefined) {
    return { problem: 'name-only-in-cn', presented: cn, reason: 'only the common name holds it' };
  }
  const dns = (certificate.extensions.names ?? []).find((n) => n.type === 'dns' && same(n.value));
  return dns
    ? { problem: 'identity-differs', presented: dns.value, reason: 'the address stands there as a DNS name' }
    : { problem: 'identity-differs' };
}

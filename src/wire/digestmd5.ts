/** DIGEST-MD5, client half (RFC 2831; historic by RFC 6331, still offered). */
import { createHash } from 'node:crypto';

const md5 = (data: string | Uint8Array) => createHash('md5').update(data).digest();
const hex = (data: string) => md5(data).toString('hex');

/** Directives of a challenge: name lower-cased → value, quotes removed. */
export function directives(challenge: string): Map<string, string> {
  const out = new Map<string, string>();
  for (const m of challenge.matchAll(/([a-zA-Z-]{1,40})\s*=\s*(?:"((?:[^"\\]|\\.){0,2048})"|([^,"\s]{0,2048}))/g)) {
    const key = (m[1] ?? '').toLowerCase();
    if (!out.has(key)) out.set(key, (m[2] ?? m[3] ?? '').replace(/\\(.)/g, '$1'));
  }
  return out;
}

/** @returns the response to a challenge and the `rspauth` that the server must answer, or the fault. */
export function digestMd5(
  challenge: string,
  user: string,
  password: string,
  service: 'imap' | 'pop' | 'smtp',
  host: string,
  cnonce: string,
): { readonly response: string; readonly rspauth: string } | { readonly fault: string } {
  const d = directives(challenge);
  const nonce = d.get('nonce');
  if (nonce === undefined) return { fault: 'the DIGEST-MD5 challenge has no nonce' };
  const qop = d.get('qop');
  if (qop !== undefined && !qop.split(/[\s,]+/).includes('auth'))
    return { fault: 'the server offers DIGEST-MD5 without plain authentication (qop)' };
  const realm = d.get('realm') ?? '';
  const uri = `${service}/${host}`;
  const nc = '00000001';
  const a1 = (u: string) =>
    md5(
      Buffer.concat([md5(Buffer.from(`${u}:${realm}:${password}`, 'utf8')), Buffer.from(`:${nonce}:${cnonce}`, 'utf8')]),
    ).toString('hex');
  const kd = (a2: string) => hex(`${a1(user)}:${nonce}:${nc}:${cnonce}:auth:${hex(a2)}`);
  const q = (s: string) => `"${s.replace(/[\\"]/g, '\\$&')}"`;
  const response = [
    'charset=utf-8',
    `username=${q(user)}`,
    ...(d.has('realm') ? [`realm=${q(realm)}`] : []),
    `nonce=${q(nonce)}`,
    `nc=${nc}`,
    `cnonce=${q(cnonce)}`,
    `digest-uri=${q(uri)}`,
    `response=${kd(`AUTHENTICATE:${uri}`)}`,
    'qop=auth',
  ].join(',');
  return { response, rspauth: kd(`:${uri}`) };
}

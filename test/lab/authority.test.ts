import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createAuthority, type Minted } from '../../src/lab/authority.ts';
import { ipBytes } from '../../src/lab/certificate.ts';
import type { LabCertificate } from '../../src/model/cause.ts';

const dir = mkdtempSync(join(tmpdir(), 'mailcheck-authority-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const authority = createAuthority();
const names = { dns: ['mail.example.test', 'localhost'], ips: ['127.0.0.1', '::1'] };

function certificates(minted: Minted): X509Certificate[] {
  return minted.cert.split(/(?<=-----END CERTIFICATE-----\n)/).map((pem) => new X509Certificate(pem));
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

/** What OpenSSL says of the chain, as a client that wants a server certificate for mail.example.test. */
function verify(kind: LabCertificate, host = 'mail.example.test'): string {
  const minted = authority.mint(kind, names);
  const chain = certificates(minted).map((c) => c.toString());
  const rest = file(`${kind}.rest.pem`, chain.slice(1).join(''));
  const r = spawnSync('openssl', [
    ...['verify', '-x509_strict', '-auth_level', '1', '-purpose', 'sslserver', '-verify_hostname', host],
    ...['-CAfile', file(`${kind}.ca.pem`, minted.ca), ...(chain.length > 1 ? ['-untrusted', rest] : [])],
    file(`${kind}.leaf.pem`, chain[0] ?? ''),
  ]);
  return `${r.stdout}${r.stderr}`;
}

const EXPECTED: Readonly<Record<LabCertificate, RegExp>> = {
  valid: /: OK$/m,
  'expires-soon': /: OK$/m,
  'wrong-order': /: OK$/m,
  revoked: /: OK$/m,
  'revocation-unreachable': /: OK$/m,
  'self-signed': /error 18 at 0 depth/,
  'untrusted-root': /error 19 at 1 depth/,
  'incomplete-chain': /error 20 at 0 depth/,
  expired: /error 10 at 0 depth/,
  'expired-intermediate': /error 10 at 1 depth/,
  'not-yet-valid': /error 9 at 0 depth/,
  'identity-differs': /hostname mismatch/i,
  'name-only-in-cn': /: OK$/m,
  'partial-wildcard': /: OK|hostname mismatch/i,
  'weak-key': /: OK$/m,
  'weak-signature': /too weak/i,
  'wrong-purpose': /error 26 at 0 depth/,
  'name-constraint': /permitted subtree violation/,
  'path-length': /error 25|path length/i,
  'no-ca-bit': /error (24|79|26) at 1 depth/,
  'critical-extension': /unhandled critical extension/,
  'bad-signature': /error 7 at 0 depth/,
  intercepted: /error 19 at 1 depth/,
  'server-name-missing': /error 18 at 0 depth/,
};

const KINDS = Object.entries(EXPECTED).map(([kind, expected]) => ({ kind: kind as LabCertificate, expected }));

describe('the authority', () => {
  it.each(KINDS)('mints $kind as OpenSSL understands it', ({ kind, expected }) => {
    expect(verify(kind)).toMatch(expected);
  });

  it.each(KINDS)('gives $kind the key of its leaf', ({ kind }) => {
    const minted = authority.mint(kind, names);
    const [leaf] = certificates(minted);
    expect(leaf?.checkPrivateKey(createPrivateKey(minted.key))).toBe(true);
  });

  it('signs only itself where it is self-signed, and names nobody else', () => {
    const [leaf, ...rest] = certificates(authority.mint('self-signed', names));
    expect(rest).toEqual([]);
    expect(leaf?.subject).toBe(leaf?.issuer);
    expect(leaf?.verify(leaf.publicKey)).toBe(true);
  });

  it('keeps names where they belong', () => {
    const [valid] = certificates(authority.mint('valid', names));
    expect(valid?.subjectAltName).toBe('DNS:mail.example.test, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
    const [cn] = certificates(authority.mint('name-only-in-cn', names));
    expect(cn?.subjectAltName).toBeUndefined();
    expect(cn?.subject).toBe('CN=mail.example.test');
    const [partial] = certificates(authority.mint('partial-wildcard', names));
    expect(partial?.subjectAltName).toBe('DNS:m*.example.test');
    expect(partial?.checkHost('mail.example.test', { partialWildcards: false })).toBeUndefined();
    const [differs] = certificates(authority.mint('identity-differs', names));
    expect(differs?.checkHost('mail.example.test')).toBeUndefined();
    const [sni] = certificates(authority.mint('server-name-missing', names));
    expect(sni?.subject).toBe('OU=No SNI provided\\; please fix your client.\nCN=invalid2.invalid');
    const [, shield] = certificates(authority.mint('intercepted', names));
    expect(shield?.subject).toContain('CN=Avast Web/Mail Shield Root');
  });

  it('sends upper before lower in the wrong order, and weak material where it is promised', () => {
    const order = certificates(authority.mint('wrong-order', names));
    expect(order.map((c) => /CN=([^\n]+)/.exec(c.subject)?.[1])).toEqual([
      'mail.example.test',
      'Mailcheck Lab Intermediate',
      'Mailcheck Lab Issuing',
    ]);
    const [weak] = certificates(authority.mint('weak-key', names));
    expect(weak?.publicKey.asymmetricKeyDetails?.modulusLength).toBe(1024);
    const path = file('sha1.pem', authority.mint('weak-signature', names).cert);
    expect(execFileSync('openssl', ['x509', '-in', path, '-noout', '-text']).toString()).toContain('ecdsa-with-SHA1');
  });

  it('stands in the time that it is told', () => {
    const [leaf] = certificates(createAuthority({ now: new Date('2031-05-05T00:00:00Z') }).mint('expires-soon', names));
    expect(new Date(leaf?.validTo ?? '').toISOString()).toBe('2031-05-15T00:00:00.000Z');
    const late = certificates(createAuthority({ now: new Date('2049-12-31T00:00:00Z') }).mint('valid', names));
    expect(new Date(late[0]?.validTo ?? '').getUTCFullYear()).toBe(2050);
  });

  it('names the CRL and the issuer where it is given the URLs', () => {
    const minted = authority.mint('valid', names, { crl: 'http://127.0.0.1:1/lab.crl', issuer: 'http://127.0.0.1:1/issuer.crt' });
    const path = file('urls.pem', minted.cert);
    const text = execFileSync('openssl', ['x509', '-in', path, '-noout', '-text']).toString();
    expect(text).toContain('URI:http://127.0.0.1:1/lab.crl');
    expect(text).toContain('CA Issuers - URI:http://127.0.0.1:1/issuer.crt');
    expect(createHash('sha256').update(minted.issuer).digest('hex')).toBe(
      certificates(minted)[1]?.fingerprint256.replaceAll(':', '').toLowerCase(),
    );
  });

  it('revokes by CRL and by OCSP in a way that OpenSSL believes', () => {
    const minted = authority.mint('revoked', names);
    const [leaf, issuer] = certificates(minted);
    const ca = file('r.ca.pem', minted.ca);
    const issuerPem = file('r.issuer.pem', issuer?.toString() ?? '');
    const leafPem = file('r.leaf.pem', leaf?.toString() ?? '');
    const both = file('r.both.pem', minted.ca + (issuer?.toString() ?? ''));
    const crlText = execFileSync(
      'openssl',
      ['crl', '-inform', 'DER', '-in', file('r.crl', minted.crl ?? ''), '-noout', '-text'],
      {
        input: '',
      },
    ).toString();
    expect(crlText).toContain(leaf?.serialNumber);
    expect(crlText).toContain('Key Compromise');
    const crl = spawnSync('openssl', ['crl', '-inform', 'DER', '-in', join(dir, 'r.crl'), '-CAfile', both, '-noout']);
    expect(crl.stderr.toString()).toContain('verify OK');
    const ocsp = spawnSync('openssl', [
      ...['ocsp', '-respin', file('r.ocsp', minted.staple ?? ''), '-issuer', issuerPem, '-cert', leafPem],
      ...['-CAfile', ca, '-verify_other', issuerPem, '-no_nonce'],
    ]);
    expect(ocsp.stderr.toString()).toContain('Response verify OK');
    expect(ocsp.stdout.toString()).toContain(': revoked');
  });

  it('writes every form of an address', () => {
    expect(ipBytes('127.0.0.1').toString('hex')).toBe('7f000001');
    expect(ipBytes('::1').toString('hex')).toBe(`${'0'.repeat(31)}1`);
    expect(ipBytes('2001:db8::5:6').toString('hex')).toBe('20010db8000000000000000000050006');
  });
});

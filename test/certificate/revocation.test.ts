/** Revocation and the missing issuer, over an HTTP that serves what the test put there. */
import { describe, expect, it } from 'vitest';
import type { HttpAnswer, Net } from '../../src/model/net.ts';
import { checkRevocation, proveIncomplete, withProof } from '../../src/net/revocation.ts';
import { loadAnchors } from '../../src/net/trust.ts';
import * as m from './mint.ts';

const now = new Date();
const options = { now, host: 'mail.example.test' };

/** @returns an HTTP of these pages; what starts with `!` is an outcome in place of a page. */
function web(pages: Readonly<Record<string, Buffer | string>>): Pick<Net, 'http'> & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async http({ url, maxBytes = 0 }): Promise<HttpAnswer> {
      asked.push(url);
      const key = Object.keys(pages).find((k) => url.startsWith(k));
      const page = key === undefined ? '!failed' : (pages[key] ?? '');
      const body = typeof page === 'string' ? Buffer.from(page) : page;
      const base = { url, hops: [url], authenticated: false, headers: {}, body, ms: 1 };
      if (typeof page === 'string' && page.startsWith('!')) return { ...base, outcome: page.slice(1) as HttpAnswer['outcome'] };
      return body.length > maxBytes ? { ...base, outcome: 'too-large' } : { ...base, outcome: 'ok', status: 200 };
    },
  };
}

const root = m.ca('CN=Root');
const issuer = m.ca('CN=Issuing', { issuer: root });
const make = (...urls: readonly Buffer[]) => m.mint({ issuer, extensions: [m.names(m.dns('mail.example.test')), ...urls] });
const both = make(m.access(['ocsp', 'http://ocsp.test/']), m.crlAt('http://crl.test/i.crl'));
const check = (net: Pick<Net, 'http'>, leaf = both) => checkRevocation(net, [leaf.der, issuer.der, root.der], options);

describe('--check-revocation', () => {
  it('good by OCSP; the request names the certificate in the URL', async () => {
    const net = web({ 'http://ocsp.test/': m.ocsp({ status: 'good', certificate: both, issuer }) });
    const result = await check(net);
    expect(result).toMatchObject({ revocation: 'good', problems: [] });
    expect(net.asked[0]).toMatch(/^http:\/\/ocsp\.test\/[A-Za-z0-9%]+$/);
    expect(result.said[0]).toMatch(/^OCSP http:\/\/ocsp\.test\/: good, this update /);
  });
  it('revoked by OCSP, and by the list where the responder is down', async () => {
    const byOcsp = await check(web({ 'http://ocsp.test/': m.ocsp({ status: 'revoked', certificate: both, issuer }) }));
    const byList = await check(web({ 'http://crl.test/': m.crl({ issuer, revoked: [both] }) }));
    for (const result of [byOcsp, byList]) {
      expect(result.revocation).toBe('revoked');
      expect(result.problems).toMatchObject([{ problem: 'revoked', depth: 0 }]);
      expect(result.problems[0]?.tolerated).toBeUndefined();
    }
    expect(byList.problems[0]?.detail).toMatch(/^CRL http:\/\/crl\.test\/i\.crl: revoked .*superseded/);
  });
  it('an answer that is forged or of another time counts for nothing', async () => {
    const stranger = m.ca('CN=Issuing');
    const result = await check(
      web({
        'http://ocsp.test/': m.ocsp({ status: 'good', certificate: both, issuer, signer: stranger }),
        'http://crl.test/': m.crl({ issuer, nextUpdate: m.ago(1) }),
      }),
    );
    expect(result.revocation).toBe('unknown');
    expect(result.problems).toMatchObject([{ problem: 'revocation-unchecked', tolerated: true }]);
  });
  it('out of reach is said, never "not revoked"', async () => {
    const result = await check(web({}));
    expect(result.revocation).toBe('unreachable');
    expect(result.problems).toMatchObject([{ problem: 'revocation-unchecked', tolerated: true }]);
  });
  it('a responder that takes no GET is asked by POST', async () => {
    const answer = m.ocsp({ status: 'good', certificate: both, issuer });
    const asked: string[] = [];
    const result = await check({
      async http({ url, method = 'GET', body, headers }) {
        asked.push(`${method} ${url}`);
        const taken = method === 'POST' && body !== undefined && headers?.['content-type'] === 'application/ocsp-request';
        const base = { url, hops: [url], authenticated: false, headers: {}, ms: 1, outcome: 'ok' } as const;
        return taken ? { ...base, status: 200, body: answer } : { ...base, status: 405, body: Buffer.alloc(0) };
      },
    });
    expect(result.revocation).toBe('good');
    expect(asked).toHaveLength(2);
    expect(asked[1]).toBe('POST http://ocsp.test/');
  });
  it('a certificate that names no source', async () => {
    expect(await check(web({}), make())).toMatchObject({
      revocation: 'unknown',
      problems: [{ problem: 'revocation-unchecked' }],
    });
  });
  it('https and ldap are not followed', async () => {
    const net = web({});
    await check(net, make(m.access(['ocsp', 'https://ocsp.test/']), m.crlAt('ldap://crl.test/')));
    expect(net.asked).toEqual([]);
  });
  it('a revoked intermediate', async () => {
    const middle = m.ca('CN=Issuing', {
      issuer: root,
      keys: issuer.keys,
      extensions: [m.basic(true), m.usage(5, 6), m.crlAt('http://crl.test/r.crl')],
    });
    const net = web({
      'http://crl.test/r.crl': m.crl({ issuer: root, revoked: [middle] }),
      'http://crl.test/i.crl': m.crl({ issuer }),
    });
    const result = await checkRevocation(net, [both.der, middle.der, root.der], options);
    expect(result).toMatchObject({ revocation: 'revoked', problems: [{ problem: 'revoked', depth: 1 }] });
  });
});

describe('the missing issuer', () => {
  const at = (url: string) => m.access(['issuer', url]);
  const leaf = make(at('http://aia.test/i.cer'));
  const anchors = loadAnchors({ ca: m.pem(root), env: {} });
  it('fetched, and with it the chain is whole: proven', async () => {
    const proof = await proveIncomplete(web({ 'http://aia.test/i.cer': issuer.der }), [leaf.der], anchors, options);
    expect(proof?.problem).toMatchObject({ problem: 'incomplete-chain', depth: 0 });
    expect(proof?.problem.detail).toContain('CN=Issuing was not sent');
    expect(proof?.fetched).toEqual([issuer.der]);
  });
  it('over two steps, in PEM', async () => {
    const upper = m.ca('CN=Upper', { issuer: root });
    const lower = m.ca('CN=Lower', { issuer: upper, extensions: [m.basic(true), at('http://aia.test/u.cer')] });
    const end = m.mint({ issuer: lower, extensions: [at('http://aia.test/l.cer')] });
    const net = web({ 'http://aia.test/l.cer': lower.der, 'http://aia.test/u.cer': Buffer.from(m.pem(upper)) });
    expect((await proveIncomplete(net, [end.der], anchors, options))?.fetched).toHaveLength(2);
  });
  it('a root nobody trusts', async () => {
    const own = m.ca('CN=Own Root');
    const end = m.mint({ issuer: own, extensions: [at('http://aia.test/own.cer')] });
    const proof = await proveIncomplete(web({ 'http://aia.test/own.cer': own.der }), [end.der], anchors, options);
    expect(proof?.problem.problem).toBe('untrusted-root');
  });
  it('a certificate that did not issue it proves nothing, nor does a page, nor a circle', async () => {
    const namesake = m.ca('CN=Issuing');
    for (const page of [namesake.der, Buffer.from('<html>'), leaf.der]) {
      expect(await proveIncomplete(web({ 'http://aia.test/': page }), [leaf.der], anchors, options)).toBeUndefined();
    }
    expect(await proveIncomplete(web({}), [], anchors, options)).toBeUndefined();
  });
  it('takes the place of what was supposed', async () => {
    const proof = await proveIncomplete(web({ 'http://aia.test/i.cer': issuer.der }), [leaf.der], anchors, options);
    const supposed = { kind: 'problem', stage: 'certificate', problem: 'untrusted-root', detail: 'x' } as const;
    const expired = { ...supposed, problem: 'expired' } as const;
    expect(withProof([supposed, expired], proof).map((p) => p.problem)).toEqual(['incomplete-chain', 'expired']);
    expect(withProof([supposed], undefined)).toEqual([supposed]);
  });
});

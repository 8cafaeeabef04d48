/** Servers that send what no server should: a verdict in time, bounded size, and no name that passes for another (S-038, S-053, S-054). */
import { expect, it } from 'vitest';
import { judgeChain } from '../../src/net/certificate.ts';
import { loadAnchors } from '../../src/net/trust.ts';
import { readCertificate } from '../../src/wire/certificate.ts';
import { handshake } from './handshake.ts';
import * as m from './mint.ts';

const HOST = 'mail.example.test';
const id = [m.names(m.dns(HOST))];
const keys = m.ec();

/** @returns a chain of `n` certificates below a root of its own. */
function tower(n: number): { readonly root: m.Authority; readonly chain: readonly m.Authority[] } {
  const root = m.ca('CN=Tower', { keys });
  let issuer = root;
  const chain: m.Authority[] = [];
  for (let i = 1; i < n; i++) {
    issuer = m.ca(`CN=${i}`, { issuer, keys, extensions: [m.basic(true)] });
    chain.unshift(issuer);
  }
  return { root, chain: [m.mint({ issuer, keys, extensions: id }), ...chain] };
}

async function look(chain: readonly m.Authority[], ca?: m.Authority, host = HOST) {
  const start = performance.now();
  const [leaf] = chain;
  const outcome = await handshake({
    chain: m.pem(...chain),
    key: leaf ? m.keyPem(leaf) : '',
    host,
    anchors: loadAnchors({ env: {}, ...(ca ? { ca: m.pem(ca) } : {}) }),
  });
  expect(performance.now() - start).toBeLessThan(2000);
  return outcome;
}

it('99 certificates are fine, 101 and 200 exceed the depth limit by name', async () => {
  for (const [n, ok] of [
    [99, true],
    [102, false],
    [200, false],
  ] as const) {
    const { root, chain } = tower(n);
    const outcome = await look(chain, root);
    if (!('examined' in outcome)) throw new Error(outcome.failure);
    expect(outcome.examined.certificate.trusted).toBe(ok);
    const mortal = outcome.examined.problems.filter((p) => !p.tolerated).map((p) => p.problem);
    expect(mortal).toEqual(ok ? [] : ['chain-too-long']);
    expect(outcome.examined.problems.length).toBeLessThan(40);
  }
});

it('a certificate of a hundred kilobytes fails in the handshake', async () => {
  const list = Array.from({ length: 10_000 }, (_, i) => m.dns(`h${i}.example.test`));
  expect(await look([m.mint({ extensions: [m.names(...list)] })])).toEqual({ failure: 'ERR_SSL_EXCESSIVE_MESSAGE_SIZE' });
});

it('three thousand names are counted, a hundred kept, the last one matches', async () => {
  const list = Array.from({ length: 3000 }, (_, i) => m.dns(`h${i}.example.test`));
  const leaf = m.mint({ subject: 'CN=x', extensions: [m.names(...list)] });
  const outcome = await look([leaf], leaf, 'h2999.example.test');
  if (!('examined' in outcome)) throw new Error(outcome.failure);
  const { certificate } = outcome.examined;
  expect(certificate.identity).toBe(true);
  expect(certificate.sent[0]).toMatchObject({ namesTotal: 3000 });
  expect(certificate.sent[0]?.names).toHaveLength(100);
});

it('a hundred authorities of one name, each with another key, end in time', async () => {
  const root = m.ca('CN=Same');
  const same = Array.from({ length: 60 }, () => m.ca('CN=Same', { issuer: m.ca('CN=Same') }));
  const outcome = await look([m.mint({ issuer: root, extensions: id }), ...same]);
  if (!('examined' in outcome)) throw new Error(outcome.failure);
  expect(outcome.examined.certificate.trusted).toBe(false);
});

it('NUL, ESC and bidi controls in names match nothing and reach the evidence raw, for reporters to escape', async () => {
  const leaf = m.mint({
    subject: `O=\u001b]0;owned\u0007/CN=${HOST}\u0000.evil.test`,
    extensions: [m.names(m.dns(`${HOST}\u0000.evil.test`), m.dns(`evil.test, DNS:${HOST}`), m.tlv(0x82, `${HOST}\u202e`))],
  });
  const outcome = await look([leaf], leaf);
  if (!('examined' in outcome)) throw new Error(outcome.failure);
  expect(outcome.examined.certificate.identity).toBe(false);
  expect(outcome.examined.problems.find((p) => p.problem === 'identity-differs')?.detail).toContain('\u0000.evil.test');
});

it('the chain is read once: a second look at the socket finds the same', async () => {
  const { root, chain } = tower(3);
  const outcome = await look(chain, root);
  if (!('examined' in outcome)) throw new Error(outcome.failure);
  expect(outcome.examined.sent.map((der) => der.length)).toEqual(chain.map((c) => c.der.length));
});

const plain = { host: HOST, address: '127.0.0.1', port: 1, now: new Date() };

it('no certificate at all is neither valid nor matching nor trusted', () => {
  const e = judgeChain({ ...plain, anchors: loadAnchors({ env: {} }) }, [], {});
  expect(e.certificate).toMatchObject({ valid: false, identity: false, trusted: false, sent: [] });
  expect(e.problems).toMatchObject([{ problem: 'malformed', detail: 'the server sent no certificate' }]);
});

it('a thousand names under ten authorities with a thousand constraints each end in time', () => {
  const rules = m.permitted(...Array.from({ length: 1000 }, (_, i) => m.dns(`c${i}.test`)));
  let issuer = m.ca('CN=Top');
  const chain: m.Authority[] = [];
  for (let i = 0; i < 10; i++) {
    issuer = m.ca(`CN=N${i}`, { issuer, extensions: [m.basic(true), rules] });
    chain.unshift(issuer);
  }
  const names = m.names(...Array.from({ length: 1000 }, (_, i) => m.dns(`h.c${999 - i}.test`)));
  const list = [m.mint({ issuer, extensions: [names] }), ...chain].map((c) => readCertificate(c.der));
  const start = performance.now();
  const refused = { code: 'UNSPECIFIED', message: 'permitted subtree violation' };
  judgeChain({ ...plain, anchors: loadAnchors({ env: {} }) }, list, refused);
  expect(performance.now() - start).toBeLessThan(3000);
});

it('whatever OpenSSL says, a refusal is never without a mortal problem, and acceptance never with one of trust', () => {
  const anchors = loadAnchors({ env: {} });
  const list = [readCertificate(m.mint({}).der)];
  for (const code of ['UNSPECIFIED', 'CERT_REVOKED', 'OUT_OF_MEM', 'INVALID_CA', 'SOMETHING_NEW', 'UNABLE_TO_GET_CRL']) {
    const e = judgeChain({ ...plain, anchors }, list, { code, message: 'words' });
    expect(e.problems.some((p) => !p.tolerated)).toBe(true);
    expect(e.certificate.trusted && e.certificate.valid && e.certificate.identity).toBe(false);
  }
});

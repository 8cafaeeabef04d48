/** Where anchors come from, and that no variable of the environment changes a verdict unsaid (S-061, S-074). */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import { interceptorOf } from '../../src/net/interceptors.ts';
import { loadAnchors, pemCertificates, trustEnvironment } from '../../src/net/trust.ts';
import { problemOf } from '../../src/net/verdict.ts';
import { readCertificate } from '../../src/wire/certificate.ts';
import { handshake } from './handshake.ts';
import * as m from './mint.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailcheck-trust-'));
afterAll(() => rmSync(folder, { recursive: true }));
const HOST = 'mail.example.test';
const root = m.ca('O=Example/CN=Example Root');
const leaf = m.mint({ issuer: root, extensions: [m.names(m.dns(HOST))] });
const file = join(folder, 'root.pem');
writeFileSync(file, m.pem(root));
mkdirSync(join(folder, 'certs'));
writeFileSync(join(folder, 'certs', 'root.crt'), m.pem(root));

async function look(input: Parameters<typeof loadAnchors>[0]) {
  const outcome = await handshake({ chain: m.pem(leaf), key: m.keyPem(leaf), host: HOST, anchors: loadAnchors(input) });
  if (!('examined' in outcome)) throw new Error(outcome.failure);
  return outcome.examined;
}

describe('the source of trust is named', () => {
  it('--ca-file, as text or as path', async () => {
    for (const ca of [m.pem(root), file]) {
      const e = await look({ ca, env: {} });
      expect(e.certificate).toMatchObject({ trusted: true, anchor: 'ca-file' });
      expect(e.problems.filter((p) => !p.remark)).toEqual([]);
    }
  });
  it.each([
    ['NODE_EXTRA_CA_CERTS', file],
    ['SSL_CERT_FILE', file],
    ['SSL_CERT_DIR', join(folder, 'certs')],
  ])('%s: trusted, and told', async (variable, path) => {
    const e = await look({ env: { [variable]: path } });
    expect(e.certificate).toMatchObject({ trusted: true, anchor: 'environment' });
    const told = e.problems.find((p) => p.problem === 'trust-differs');
    expect(told).toMatchObject({ tolerated: true, detail: expect.stringContaining(`${variable}=${path}`) });
  });
  it('none of them', async () => {
    const e = await look({ env: {} });
    expect(e.certificate.trusted).toBe(false);
    expect(e.certificate.anchor).toBeUndefined();
  });
  it('a file that cannot be read is an error of the person, a variable that points nowhere is not', () => {
    expect(() => loadAnchors({ ca: join(folder, 'absent.pem'), env: {} })).toThrow();
    expect(loadAnchors({ env: { NODE_EXTRA_CA_CERTS: join(folder, 'absent.pem') } }).of('environment')).toEqual([]);
  });
  it('certificates that cannot be parsed are left out', () => {
    const bad = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    const anchors = loadAnchors({ ca: `${bad}${m.pem(root)}`, env: {} });
    expect(anchors.of('ca-file')).toHaveLength(1);
    expect(() => tls.createSecureContext({ ca: anchors.contextCa ?? [] })).not.toThrow();
  });
});

it("Node's own roots are found by the name of the issuer", () => {
  const anchors = loadAnchors({ env: {} });
  const [pem = ''] = tls.rootCertificates;
  const self = readCertificate(Buffer.from(pem));
  expect(anchors.issuersOf(self).some((a) => a.certificate.sha256 === self.sha256 && a.sources.has('node'))).toBe(true);
  expect(anchors.find(self)?.sources.has('node')).toBe(true);
  expect(anchors.issuersOf(readCertificate(leaf.der))).toEqual([]);
});

it('PEM is taken from text of any make', () => {
  const text = `junk\r\n${m.pem(root).replaceAll('\n', '\r\n')}\r\n${m.pem(leaf)}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----`;
  expect(pemCertificates(text).map((p) => readCertificate(Buffer.from(p)).subject.text)).toEqual([
    'O=Example, CN=Example Root',
    'CN=mail.example.test',
  ]);
  expect(pemCertificates('-----BEGIN CERTIFICATE-----')).toEqual([]);
});

it('what of the environment changes trust or writes keys is told', () => {
  const env = {
    NODE_EXTRA_CA_CERTS: '/x.pem',
    SSL_CERT_FILE: '/y.pem',
    SSL_CERT_DIR: '/z',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    NODE_OPTIONS: '--use-openssl-ca --tls-keylog=/tmp/keys --max-old-space-size=100',
    SSLKEYLOGFILE: '/tmp/keys',
  };
  const found = trustEnvironment(env, ['--use-system-ca']);
  expect(found.map((e) => [e.name, e.effect, e.stage])).toEqual([
    ['NODE_EXTRA_CA_CERTS', 'trust', 'certificate'],
    ['SSL_CERT_FILE', 'trust', 'certificate'],
    ['SSL_CERT_DIR', 'trust', 'certificate'],
    ['NODE_TLS_REJECT_UNAUTHORIZED', 'trust', 'certificate'],
    ['SSLKEYLOGFILE', 'key-log', 'tls'],
    ['NODE_OPTIONS', 'trust', 'certificate'],
    ['NODE_OPTIONS', 'key-log', 'tls'],
    ['NODE_OPTIONS', 'trust', 'certificate'],
  ]);
  expect(trustEnvironment({ PATH: '/bin', NODE_TLS_REJECT_UNAUTHORIZED: '1' }, [])).toEqual([]);
});

describe('every message that OpenSSL hides behind UNSPECIFIED has a problem of its own', () => {
  it.each([
    ['permitted subtree violation', 'constraint'],
    ['excluded subtree violation', 'constraint'],
    ['unsupported name constraint type', 'constraint'],
    ['unsupported or invalid name constraint syntax', 'constraint'],
    ['unsupported or invalid name syntax', 'constraint'],
    ['unhandled critical extension', 'critical-extension'],
    ['EE certificate key too weak', 'weak-key'],
    ['CA certificate key too weak', 'weak-key'],
    ['CA signature digest algorithm too weak', 'weak-signature'],
    ['unspecified certificate verification error', 'too-complex'],
    ['key usage does not include certificate signing', 'path'],
    ['invalid non-CA certificate (has CA markings)', 'path'],
    ['Path length invalid for non-CA cert', 'path'],
    ['Basic constraints of CA cert not marked critical', 'path'],
    ['invalid or inconsistent certificate extension', 'malformed'],
    ['invalid or inconsistent certificate policy extension', 'malformed'],
    ['Missing Authority Key Identifier', 'malformed'],
    ['certificate rejected', 'untrusted-root'],
    ['something nobody knows', 'untrusted'],
  ])('%s', (message, problem) => {
    expect(problemOf({ code: 'UNSPECIFIED', message })).toBe(problem);
  });
});

it('public authorities are no interceptors', () => {
  for (const pem of tls.rootCertificates) expect(interceptorOf(readCertificate(Buffer.from(pem)).subject.text)).toBeUndefined();
  for (const name of [
    "C=US, O=Let's Encrypt, CN=R11",
    'C=US, O=DigiCert Inc, CN=DigiCert TLS RSA SHA256 2020 CA1',
    'O=Cisco, CN=x',
  ]) {
    expect(interceptorOf(name)).toBeUndefined();
  }
});

it('openssl verify agrees with the anchors of the test', () => {
  const found = spawnSync('openssl', ['verify', '-CAfile', file], { input: m.pem(leaf), encoding: 'utf8' });
  if (found.error) return;
  expect(found.stdout).toContain('OK');
});

/** Certificates of every kind, shown by real servers to the real pipeline: the verdict by its name, and never a password over a chain that failed. */

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTls, type TlsOptions } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../src/locales/en.ts';
import { terminal } from '../../src/reporters/terminal.ts';
import * as m from '../certificate/mint.ts';
import { checkArgs, cli, newHome } from './cli.ts';
import { HOST, later, look, type Seen } from './raw.ts';

const id = [m.names(m.dns(HOST))];
let root: m.Authority;
let middle: m.Authority;
beforeAll(() => {
  root = m.ca('O=Example Org/CN=Example Root');
  middle = m.ca('O=Example Org/CN=Example Issuing', { issuer: root });
});

const tracked: { heard: string }[] = [];

/** Serves IMAP over implicit TLS with this chain. */
async function imaps(options: TlsOptions, staple?: Buffer): Promise<{ readonly port: number; readonly heard: () => string }> {
  const state = { heard: '' };
  tracked.push(state);
  // Level 0 on the server only: it must be able to show what the client refuses.
  const server = createTls({ ciphers: 'ALL:@SECLEVEL=0', ...options }, (socket) => {
    socket.on('error', () => {});
    socket.write('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n');
    socket.on('data', (d: Buffer) => {
      state.heard += d.toString('latin1');
      for (const line of d.toString('latin1').split('\r\n')) {
        const [tag, verb] = line.split(' ');
        if (verb === 'EXAMINE') socket.write(`* 3 EXISTS\r\n${tag} OK done\r\n`);
        else if (verb) socket.write(`${tag} OK done\r\n`);
      }
    });
  });
  server.on('tlsClientError', () => {});
  if (staple) server.on('OCSPRequest', (_c, _i, done) => done(null, staple));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  later(() => server.close());
  const at = server.address();
  return { port: typeof at === 'object' && at ? at.port : 0, heard: () => state.heard };
}

const serve = (chain: readonly m.Authority[], staple?: Buffer) => {
  const [leaf] = chain;
  return imaps({ key: leaf ? m.keyPem(leaf) : '', cert: m.pem(...chain) }, staple);
};

interface Met extends Seen {
  readonly text: string;
}

async function meet(
  chain: readonly m.Authority[],
  more: Partial<Parameters<typeof look>[1]> & { readonly staple?: Buffer } = {},
): Promise<Met> {
  const { staple, ...asked } = more;
  const server = await serve(chain, staple);
  const seen = await look(server.port, { protocol: 'imap', security: 'tls', ca: m.pem(root), ...asked });
  // S-112: whatever is wrong, no credential goes over it.
  if (seen.stages.certificate === 'fail') {
    expect(seen.stages.auth).toBe('skipped');
    expect(server.heard()).not.toMatch(/AUTHENTICATE|LOGIN/);
    expect(seen.check.stages.find((s) => s.stage === 'auth')?.reason?.id).toBe('certificate-failed');
  }
  return { ...seen, text: terminal.render([seen.report], en, { width: 200, color: false, many: false }) };
}

const leaf = (make: m.Make = {}) => m.mint({ issuer: middle, extensions: id, ...make });
const problems = (met: Met) => met.check.evidence.flatMap((e) => (e.kind === 'problem' ? [e.problem] : []));

describe('dates', () => {
  it('S-025: expired: with the date, how long ago, and which certificate', async () => {
    const met = await meet([leaf({ from: m.ago(100), to: m.ago(12) }), middle]);
    expect(met.cause).toBe('certificate.expired');
    expect(met.text).toMatch(new RegExp(`${m.ago(12).toISOString().slice(0, 10)}`));
    expect(met.text).toMatch(/12 days/);
    expect(met.text).toContain('CN=mail.example.test');
    const upper = m.ca('O=Example Org/CN=Example Issuing', { issuer: root, keys: middle.keys, from: m.ago(100), to: m.ago(2) });
    const second = await meet([leaf(), upper]);
    expect([second.cause, problems(second)]).toEqual(['certificate.expired', expect.arrayContaining(['expired'])]);
    expect(second.text).toContain('CN=Example Issuing');
  });

  it('S-027: not yet valid, with a hint to look at the local clock', async () => {
    const met = await meet([leaf({ from: m.ago(-3), to: m.ago(-90) }), middle]);
    expect(['certificate.not-yet-valid', 'certificate.local-clock']).toContain(met.cause);
    expect(met.text).toMatch(/clock/i);
  });

  const faketime = spawnSync('faketime', ['--version']).status === 0;
  it.skipIf(!faketime)(
    'S-027: a clock here that is ten years behind',
    async () => {
      const home = newHome();
      const server = await serve([leaf(), middle]);
      const args = checkArgs('imap', server.port, home);
      writeFileSync(join(home.tmp, 'ca.pem'), m.pem(root));
      const ran = await cli([...args, '--json'], { in: home, under: ['faketime', '-f', '-3650d'] });
      const report = JSON.parse(ran.stdout);
      expect(['certificate.not-yet-valid', 'certificate.local-clock']).toContain(report.checks[0].cause);
      expect(JSON.stringify(report.checks[0].findings)).toMatch(/clock/i);
    },
    20_000,
  );

  it.each([
    [1, true],
    [13, true],
    [14, true],
    [15, true],
    [29, true],
    [30, true],
    [31, false],
  ])('S-028: %i days left: a warning up to thirty days, times in UTC', async (days, warns) => {
    const to = new Date(Date.now() + days * m.DAY - 60_000);
    const met = await meet([leaf({ to }), middle]);
    expect(met.causes.includes('certificate.expires-soon')).toBe(warns);
    expect(met.check.diagnosis.verdict).toBe(warns ? 'warn' : 'pass');
    if (warns) expect(met.text).toMatch(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)? ?(UTC|Z)/);
  });
});

describe('names', () => {
  const named = (...names: readonly string[]) => leaf({ extensions: [m.names(...names.map((n) => m.dns(n)))] });
  it('S-029: the asked name, at most ten of those of the certificate, and how many there are', async () => {
    const met = await meet([named(...Array.from({ length: 40 }, (_, i) => `h${i}.example.org`)), middle]);
    expect(met.cause).toBe('certificate.identity-differs');
    expect(met.text).toContain(HOST);
    expect(met.text).toContain('40 names');
    expect(met.text.match(/h\d+\.example\.org/g)?.length ?? 0).toBeLessThan(60);
  });

  it('S-031: an IP host matches only an address among the names', async () => {
    const by = async (extensions: readonly Buffer[], subject = 'CN=x') =>
      (await meet([leaf({ extensions, subject }), middle], { host: '127.0.0.1' })).cause;
    expect(await by([m.names(m.ip(127, 0, 0, 1))])).toBe(null);
    expect(await by([m.names(m.dns('127.0.0.1'))])).toBe('certificate.identity-differs');
    expect(await by([m.names(m.dns('x.test'))], 'CN=127.0.0.1')).toBe('certificate.identity-differs');
    expect(await by([m.names(m.ip(127, 0, 0, 2))])).toBe('certificate.identity-differs');
    expect(await by([m.names(m.dns('*.0.0.1'))])).toBe('certificate.identity-differs');
  });

  it.each([
    ['S-033', '*.example.test', 'example.test'],
    ['S-033', '*.example.test', 'a.b.example.test'],
    ['S-035', '*.test', 'example.test'],
    ['S-035', '*', HOST],
    ['S-035', 'mail.*.test', HOST],
    ['S-035', 'm*l.example.test', HOST],
  ])('%s: %s does not match %s', async (_row, name, host) => {
    const met = await meet([named(name), middle], { host });
    expect(met.stages.certificate).toBe('fail');
    expect(['certificate.identity-differs', 'certificate.invalid']).toContain(met.cause);
  });

  it('S-033: a wildcard matches one label', async () => {
    expect((await meet([named('*.example.test'), middle])).cause).toBe(null);
  });

  it('S-037: a trailing dot and upper case are ignored; names that are too long are refused before any look-up', async () => {
    expect((await meet([named(HOST), middle], { host: `${HOST.toUpperCase()}.` })).cause).toBe(null);
    const label = 'a'.repeat(63);
    const long = [label, label, label, 'b'.repeat(56), 'test'].join('.');
    expect(long.length).toBeLessThanOrEqual(253);
    expect((await meet([named(long), middle], { host: long })).cause).toBe(null);
    for (const host of [`${'a'.repeat(64)}.test`, [label, label, label, label, 'test'].join('.')])
      await expect(meet([leaf(), middle], { host })).rejects.toThrow(/too long for DNS/);
  });

  it('S-038: NUL, ESC, comma and "DNS:" in a name match nothing before or after, and are shown escaped', async () => {
    const evil = [`${HOST}\0.evil.test`, `evil.test, DNS:${HOST}`, `evil.test\x1b[2J`, `DNS:${HOST}`];
    const met = await meet([
      m.mint({ issuer: middle, subject: `CN=${HOST}\0.evil.test`, extensions: [m.names(...evil.map((n) => m.dns(n)))] }),
      middle,
    ]);
    expect(met.cause).toBe('certificate.identity-differs');
    expect(met.text).toContain('\\x00.evil.test');
    expect(met.text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });
});

describe('trust', () => {
  it('S-039 S-040: signed by itself, and by a root that nobody trusts, are two verdicts', async () => {
    const own = await meet([m.mint({ extensions: id })]);
    const other = m.ca('O=Private/CN=Private Root');
    const private1 = await meet([m.mint({ issuer: other, extensions: id }), other]);
    expect([own.cause, private1.cause]).toEqual(['certificate.self-signed', 'certificate.untrusted-root']);
  });

  it('S-041: the intermediate is missing: its name, and that some programs hide this', async () => {
    const met = await meet([leaf()]);
    expect(met.cause).toBe('certificate.incomplete-chain');
    expect(met.text).toContain('CN=Example Issuing');
    expect(met.text).toMatch(/browser|desktop|some (programs|clients)|other programs|cache/i);
  });

  it('S-043: wrong order, duplicates, strangers and the root change nothing in trust, and are told', async () => {
    const stranger = m.ca('O=Stranger/CN=Stranger');
    const good = leaf();
    for (const chain of [
      [good, root, middle],
      [good, middle, middle],
      [good, stranger, middle],
    ]) {
      const met = await meet(chain);
      expect([met.check.diagnosis.verdict, met.cause]).toEqual(['warn', null]);
      expect(met.causes).toContain('certificate.chain-order');
    }
    expect((await meet([good, middle, root])).cause).toBe(null);
  });

  it('S-044: for another purpose', async () => {
    const met = await meet([leaf({ extensions: [...id, m.purposes('1.3.6.1.5.5.7.3.4')] }), middle]);
    expect(met.cause).toBe('certificate.wrong-purpose');
    expect((await meet([leaf({ extensions: [...id, m.purposes(m.CLIENT_AUTH)] }), middle])).cause).toBe(
      'certificate.wrong-purpose',
    );
  });

  it('S-045: an intermediate that is no authority, and a path that is too long', async () => {
    const notCa = m.mint({ subject: 'CN=Not CA', issuer: root, extensions: [m.basic(false)] });
    const a = await meet([m.mint({ issuer: notCa, extensions: id }), notCa]);
    const short = m.ca('CN=Short', { issuer: root, extensions: [m.basic(true, 0), m.usage(5, 6)] });
    const under = m.ca('CN=Under', { issuer: short });
    const b = await meet([m.mint({ issuer: under, extensions: id }), under, short]);
    expect([a.cause, b.cause]).toEqual(['certificate.invalid', 'certificate.invalid']);
    expect([problems(a), problems(b)].map((p) => p.includes('path'))).toEqual([true, true]);
  });

  it('S-047 S-048: an unknown critical extension, and a broken signature', async () => {
    const a = await meet([leaf({ extensions: [...id, m.extension('1.2.3.4.5', m.seq(), true)] }), middle]);
    const b = await meet([leaf({ broken: true }), middle]);
    expect([a.cause, b.cause]).toEqual(['certificate.invalid', 'certificate.invalid']);
    expect([problems(a).includes('critical-extension'), problems(b).includes('bad-signature')]).toEqual([true, true]);
    expect(a.text).toContain('1.2.3.4.5');
  });

  it('S-049: weak signatures and keys', async () => {
    const old = m.ca('O=Example Org/CN=RSA Root', { keys: m.rsa() });
    const sha1 = await meet([m.mint({ issuer: old, digest: 'sha1', extensions: id })], { ca: m.pem(old) });
    const md5 = await meet([m.mint({ issuer: old, digest: 'md5', extensions: id })], { ca: m.pem(old) });
    const small = await meet([m.mint({ issuer: old, keys: m.rsa(768), extensions: id })], { ca: m.pem(old) });
    expect([sha1.cause, md5.cause]).toEqual(['certificate.weak', 'certificate.weak']);
    expect([
      problems(sha1).includes('weak-signature'),
      problems(small).includes('weak-key') || small.stages.tls === 'fail',
    ]).toEqual([true, true]);
  });

  it('S-050: what the platform lets pass is a warning at least: RSA 1024, version 1, a leaf that is an authority', async () => {
    const rsa = m.ca('O=Example Org/CN=RSA Root', { keys: m.rsa() });
    const small = await meet([m.mint({ issuer: rsa, keys: m.rsa(1024), extensions: id })], { ca: m.pem(rsa) });
    expect(small.causes).toContain('certificate.weak');
    const ca = await meet([leaf({ extensions: [...id, m.basic(true)] }), middle]);
    expect(ca.causes.some((c) => c.startsWith('certificate.'))).toBe(true);
    const v1 = await meet([leaf({ version1: true }), middle]);
    expect(v1.check.diagnosis.verdict).not.toBe('pass');
  });

  it('S-051: only a curve or key that nobody shares: no common algorithm, with what was offered, and no network error', async () => {
    const only = leaf();
    const server = await imaps({
      key: m.keyPem(only),
      cert: m.pem(only),
      ecdhCurve: 'brainpoolP256r1',
      maxVersion: 'TLSv1.2',
      ciphers: 'ECDHE+AESGCM',
    }).catch(() => undefined);
    expect(server).toBeDefined();
    const seen = await look(server?.port ?? 0, {
      protocol: 'imap',
      security: 'tls',
      ca: m.pem(root),
      options: { controlProbes: true },
    });
    expect(seen.cause).toBe('tls.no-shared-cipher');
    expect(JSON.stringify(seen.report.checks[0]?.findings[0])).toMatch(/TLS 1\.[23]|cipher|curve/i);
  });

  it('S-052: constraints without end are judged within two seconds', async () => {
    const rules = m.permitted(...Array.from({ length: 1500 }, (_, i) => m.dns(`c${i}.test`)));
    const bomb = m.ca('CN=Bomb', { issuer: root, extensions: [m.basic(true), rules] });
    const names = m.names(...Array.from({ length: 1500 }, (_, i) => m.dns(`h${i}.test`)));
    const met = await meet([m.mint({ issuer: bomb, extensions: [names] }), bomb]);
    expect(met.check.diagnosis.verdict).toBe('fail');
    expect(met.ms).toBeLessThan(2500);
  });

  it('S-053: a chain beyond the depth limit is told by that limit', async () => {
    const keys = m.ec();
    const top = m.ca('CN=Tower', { keys });
    let issuer = top;
    const chain: m.Authority[] = [];
    for (let i = 1; i < 120; i++) {
      issuer = m.ca(`CN=${i}`, { issuer, keys, extensions: [m.basic(true)] });
      chain.unshift(issuer);
    }
    const met = await meet([m.mint({ issuer, keys, extensions: id }), ...chain], { ca: m.pem(top) });
    expect([met.cause, problems(met).includes('chain-too-long')]).toEqual(['certificate.invalid', true]);
    expect(met.text).toMatch(/\b100\b/);
  });

  it('S-054: a certificate message of more than a hundred kilobytes is told by its size', async () => {
    const list = Array.from({ length: 10_000 }, (_, i) => m.dns(`host-${i}.example.test`));
    const met = await meet([leaf({ extensions: [m.names(...list)] })]);
    expect(met.stages.tls).toBe('fail');
    expect(met.check.evidence.find((e) => e.kind === 'tls')).toMatchObject({ failure: 'excessive-message' });
    expect(met.text).toMatch(/100 KB|too large|larger than|excessive/i);
    const fits = await meet([leaf({ extensions: [m.names(...list.slice(0, 2000), m.dns(HOST))] }), middle]);
    expect(fits.cause).toBe(null);
  });

  it.each([
    ['P-256', () => m.ec(), /P-?256|prime256v1/],
    ['P-384', () => m.ec('P-384'), /P-?384|secp384r1/],
    ['RSA 2048', () => m.rsa(), /2048/],
  ])('S-056: a key of %s is shown whole', async (_name, keys, shown) => {
    const met = await meet([leaf({ keys: keys() }), middle]);
    expect(met.cause).toBe(null);
    expect(JSON.stringify(met.report.checks[0]?.facts.certificates)).toMatch(shown);
  });

  it.each(['ed25519', 'ed448', 'rsa-pss'] as const)('S-056: a key of %s is shown whole', async (kind) => {
    const dir = mkdtempSync(join(tmpdir(), 'mailcheck-'));
    later(() => rmSync(dir, { recursive: true, force: true }));
    const algorithm = kind === 'rsa-pss' ? ['-algorithm', 'rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048'] : ['-algorithm', kind];
    execFileSync('openssl', ['genpkey', ...algorithm, '-out', 'k.pem'], { cwd: dir, stdio: 'pipe' });
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-new',
        '-key',
        'k.pem',
        '-out',
        'c.pem',
        '-days',
        '90',
        '-subj',
        '/CN=x',
        '-addext',
        `subjectAltName=DNS:${HOST}`,
      ],
      { cwd: dir, stdio: 'pipe' },
    );
    const { readFileSync } = await import('node:fs');
    const server = await imaps({ key: readFileSync(join(dir, 'k.pem')), cert: readFileSync(join(dir, 'c.pem')) });
    const seen = await look(server.port, { protocol: 'imap', security: 'tls', ca: readFileSync(join(dir, 'c.pem'), 'utf8') });
    // Ed448 is not among the signatures that OpenSSL offers for TLS 1.3 everywhere.
    if (seen.stages.tls === 'fail') return;
    expect(JSON.stringify(seen.report.checks[0]?.facts.certificates).toLowerCase().replaceAll('-', '')).toContain(
      kind.replace('-', ''),
    );
  });

  it('S-058: a stapled answer: good is shown, revoked fails, garbage and an old one warn', async () => {
    const cert = leaf();
    const answer = (more: Partial<m.OcspMake>) => m.ocsp({ status: 'good', certificate: cert, issuer: middle, ...more });
    const good = await meet([cert, middle], { staple: answer({}) });
    const revoked = await meet([cert, middle], { staple: answer({ status: 'revoked' }) });
    const old = await meet([cert, middle], { staple: answer({ thisUpdate: m.ago(30), nextUpdate: m.ago(20) }) });
    const garbage = await meet([cert, middle], { staple: Buffer.from('not OCSP') });
    const other = await meet([cert, middle], { staple: answer({ certificate: leaf() }) });
    expect([good.check.diagnosis.verdict, revoked.cause]).toEqual(['pass', 'certificate.revoked']);
    for (const met of [old, garbage, other]) {
      expect(met.check.diagnosis.verdict).not.toBe('fail');
      expect(problems(met)).toContain('staple-invalid');
    }
    expect(JSON.stringify(good.report.checks[0]?.facts)).toMatch(/good/);
  });

  it('S-061: where the anchors come from is told, and an extra root of the environment disclosed', async () => {
    const chain = [leaf(), middle];
    const given = await meet(chain);
    expect(given.check.evidence.find((e) => e.kind === 'certificate')).toMatchObject({ anchor: 'ca-file' });
    const home = newHome();
    const extra = join(home.tmp, 'extra.pem');
    writeFileSync(extra, m.pem(root));
    const server = await serve(chain);
    for (const name of ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE']) {
      const args = checkArgs('imap', server.port, home).filter((a, i, all) => a !== '--ca-file' && all[i - 1] !== '--ca-file');
      const ran = await cli([...args, '--json'], { in: home, env: { [name]: extra } });
      expect([name, ran.stdout.includes(`${name}=${extra}`)]).toEqual([name, true]);
    }
  }, 20_000);

  it('S-063: --insecure-auth skips the stop and never the verdict', async () => {
    const server = await serve([m.mint({ extensions: id })]);
    const seen = await look(server.port, { protocol: 'imap', security: 'tls', ca: m.pem(root), options: { insecureAuth: true } });
    expect([seen.cause, seen.check.diagnosis.verdict, seen.stages.certificate, seen.stages.auth]).toEqual([
      'certificate.self-signed',
      'fail',
      'fail',
      'pass',
    ]);
    expect(server.heard()).toContain('AUTHENTICATE PLAIN');
  });
});

describe('credentials', () => {
  it('S-112: go only over a channel whose certificate is good: the reason is told', async () => {
    const met = await meet([leaf({ from: m.ago(100), to: m.ago(1) }), middle]);
    expect(met.stages.auth).toBe('skipped');
    expect(met.causes).toContain('auth.withheld');
    expect(met.report.checks[0]?.notTested.map((n) => n.stage)).toContain('auth');
  });
});

describe('the suite x509-limbo', () => {
  it('S-059: stands in test/certificate/limbo.test.ts', () => {
    expect(existsSync(new URL('../certificate/limbo.test.ts', import.meta.url))).toBe(true);
  });
});

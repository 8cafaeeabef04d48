/**
 * x509-limbo by real handshakes (S-052, S-059): where OpenSSL agrees with the suite our verdict must, and every rejection says
 * which rule was broken. Cases that depend on the time of day run in a child under `faketime`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import type { ProblemEvidence } from '../../src/model/evidence.ts';
import { loadAnchors } from '../../src/net/trust.ts';
import { readCertificate } from '../../src/wire/certificate.ts';
import { readCrl } from '../../src/wire/crl.ts';
import { accepts, handshake } from './handshake.ts';
import { type LimboCase, limboCases } from './limbo.ts';

const all = limboCases() ?? [];
const clocked = (c: LimboCase) => c.id.startsWith('rfc5280::validity::');
const faketime = spawnSync('faketime', ['--version']).status === 0;
const title = all.length > 0 ? 'x509-limbo' : 'x509-limbo (SKIPPED: the suite is not at test/data/limbo)';

/** OpenSSL reads the exact second of `notAfter` as expired (X509_cmp_time), the suite as valid. */
const OTHERWISE = 'rfc5280::validity::notafter-exact';

const specific = (problems: readonly ProblemEvidence[]) => {
  const mortal = problems.filter((p) => !p.tolerated);
  expect(mortal.length).toBeGreaterThan(0);
  for (const p of mortal) {
    expect(p.problem).not.toBe('untrusted');
    expect(p.detail).not.toBe('');
  }
};

async function run(c: LimboCase) {
  const start = performance.now();
  const outcome = await handshake({
    chain: [c.leaf, ...c.intermediates].join('\n'),
    key: c.leaf_key,
    host: c.peer_name?.value ?? '',
    anchors: loadAnchors({ ca: c.trusted.join('\n'), env: {} }),
  });
  return { outcome, ms: performance.now() - start };
}

describe.skipIf(all.length === 0)(title, () => {
  const gate = all.filter((c) => c.bucket === 'gate' && !clocked(c));
  it.each(gate.map((c) => [c.id, c] as const))('%s', async (_, c) => {
    const { outcome, ms } = await run(c);
    const { certificate } = 'examined' in outcome ? outcome.examined : {};
    // One case names no peer: there is no identity to judge.
    const accepted = c.peer_name ? accepts(outcome) : certificate?.trusted === true && certificate.valid;
    expect(accepted).toBe(c.expected === 'SUCCESS');
    if ('failure' in outcome) expect(outcome.failure).toMatch(/ALERT_HANDSHAKE_FAILURE$/);
    else {
      if (c.expected === 'FAILURE') specific(outcome.examined.problems);
      if (c.peer_name) expect(accepted).toBe(outcome.examined.problems.every((p) => p.tolerated));
    }
    expect(ms).toBeLessThan(2000);
  });

  it.each(all.filter((c) => c.bucket === 'platform-rejects' && !clocked(c)).map((c) => [c.id, c] as const))(
    '%s: refused by the platform, and we say why',
    async (_, c) => {
      const { outcome } = await run(c);
      if ('examined' in outcome) specific(outcome.examined.problems);
    },
  );

  it('what the platform accepts against the suite is mostly remarked', async () => {
    const silent: string[] = [];
    const cases = all.filter((c) => c.bucket === 'platform-accepts' && !c.crls?.length);
    for (const c of cases) {
      const { outcome } = await run(c);
      if ('examined' in outcome && outcome.examined.problems.length === 0) silent.push(c.id);
    }
    expect(cases.length).toBeGreaterThan(40);
    expect(silent.length).toBeLessThan(cases.length / 2);
    for (const id of ['webpki::v1-cert', 'webpki::ee-basicconstraints-ca', 'webpki::forbidden-weak-rsa-in-leaf']) {
      expect(silent).not.toContain(id);
    }
  });

  it.each(all.filter((c) => c.crls && c.crls.length > 0).map((c) => [c.id, c] as const))('%s: lists', (_, c) => {
    const now = new Date(c.validation_time ?? Date.now());
    const leaf = readCertificate(Buffer.from(c.leaf));
    const readings = (c.crls ?? []).flatMap((list) =>
      c.trusted.map((root) => readCrl(Buffer.from(list), leaf, readCertificate(Buffer.from(root)), now)),
    );
    const clear = readings.some((r) => r.ok && !r.answer.revoked) && !readings.some((r) => r.ok && r.answer.revoked);
    // The suite wants a list without a number refused; RFC 5280 asks the number of the issuer, not of who reads (§5.2.3).
    expect(clear).toBe(c.expected === 'SUCCESS' || c.id === 'crl::crlnumber-missing');
  });
});

const dated = all.filter((c) => clocked(c) && c.id !== OTHERWISE && c.bucket === 'gate');
describe.skipIf(dated.length === 0 || !faketime)(faketime ? 'under its own clock' : 'SKIPPED: faketime is not installed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailcheck-limbo-'));
  const program = join(folder, 'clocked.mjs');
  buildSync({
    entryPoints: [new URL('clocked.ts', import.meta.url).pathname],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
    logLevel: 'silent',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  it.each(dated.map((c) => [c.id, c] as const))('%s', (_, c) => {
    const clock = (c.validation_time ?? '').slice(0, 23).replace('T', ' ').replace('+00:00', '').replace('+00:0', '');
    const child = spawnSync('faketime', ['-f', clock, process.execPath, program], {
      input: JSON.stringify(c),
      encoding: 'utf8',
      timeout: 20_000,
      env: { ...process.env, TZ: 'UTC', FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' },
    });
    expect(child.stderr).toBe('');
    const result: { clock: string; accepted: boolean; problems: ProblemEvidence[] } = JSON.parse(child.stdout);
    expect(result.clock.slice(0, 19)).toBe(clock.slice(0, 19).replace(' ', 'T'));
    expect(result.accepted).toBe(c.expected === 'SUCCESS');
    if (!result.accepted) specific(result.problems);
  });
});

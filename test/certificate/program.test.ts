/**
 * S-059, S-052: x509-limbo through the whole program, each case served by a bare TLS server: the verdict is `fail` exactly where
 * the suite refuses, and its cause says which rule was broken. A sample, and whatever depends on the time of day, goes through
 * the command line.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StageName, StageStatus, Verdict } from '../../src/model/terms.ts';
import { cli, executable, newHome } from '../security/cli.ts';
import { type LimboCase, limboCases } from './limbo.ts';
import { chainOf, checkBare, peerOf, rejects, serveBare } from './program.ts';

const all = limboCases() ?? [];
const title = all.length > 0 ? 'x509-limbo through the program' : 'x509-limbo (SKIPPED: the suite is not at test/data/limbo)';
const clocked = (c: LimboCase) => c.id.startsWith('rfc5280::validity::');
const faketime = spawnSync('faketime', ['--version']).status === 0;

/** OpenSSL reads the exact second of `notAfter` as expired (X509_cmp_time), the suite as valid. */
const OTHERWISE = 'rfc5280::validity::notafter-exact';
/** Whoever names no peer has no identity to judge, and the program always judges one. */
const gate = all.filter((c) => c.bucket === 'gate' && c.peer_name && c.id !== OTHERWISE);

/** What each family of rules must be called; the rest may be anything that is a cause of `certificate.` or `tls.`. */
const CALLED: readonly (readonly [RegExp, string])[] = [
  [/::eku::|ca-as-leaf/, 'certificate.wrong-purpose'],
  [
    /pathlen::|::nc::|-nc-|nc-dos|intermediate-cycle|critical-(?!ski)|duplicate-extensions|without-ca-bit|san::malformed/,
    'certificate.invalid',
  ],
  [/empty-issuer|empty-subject|root-with-aki|root-inconsistent/, 'certificate.invalid'],
  [/webpki::san::|ip-in-dns/, 'certificate.identity-differs'],
  [/forbidden-(p192|dsa)-leaf/, 'tls.no-shared-cipher'],
  [/chain-untrusted-root/, 'certificate.untrusted-root'],
  [/validity::expired-/, 'certificate.expired'],
  [/validity::(not-yet-valid|notbefore)/, 'certificate.not-yet-valid'],
];

function judged(c: LimboCase, verdict: Verdict, cause: string | null): void {
  const refused = c.expected === 'FAILURE';
  expect(verdict === 'fail', `${c.id}: ${verdict} ${cause}`).toBe(refused);
  if (!refused) {
    expect(cause).toBeNull();
    return;
  }
  expect(cause).toMatch(/^(certificate|tls)\./);
  expect(cause).not.toMatch(/handshake-failed|unexplained/);
  const called = CALLED.find(([family]) => family.test(c.id))?.[1];
  if (called) expect(cause, c.id).toBe(called);
}

describe.skipIf(all.length === 0)(title, () => {
  it.each(gate.filter((c) => !clocked(c)).map((c) => [c.id, c] as const))('S-059 %s', async (_, c) => {
    const server = await serveBare({ chain: chainOf(c), key: c.leaf_key });
    try {
      const begun = performance.now();
      const check = await checkBare(server.port, peerOf(c), c.trusted.join('\n'), { until: 'certificate' });
      judged(c, check.diagnosis.verdict, check.diagnosis.root?.cause.id ?? null);
      expect(rejects(check)).toBe(c.expected === 'FAILURE');
      expect(performance.now() - begun).toBeLessThan(2000);
      const sni = check.evidence.find((e) => e.kind === 'tls')?.sni;
      expect(sni, 'S-070: no server name for an address').toBe(c.peer_name?.kind === 'IP' ? null : peerOf(c));
    } finally {
      server.close();
    }
  });

  it('what is said after the handshake, or nothing, changes no verdict on the certificate', async () => {
    const [good, bad] = [gate.find((c) => c.expected === 'SUCCESS'), gate.find((c) => c.id === 'rfc5280::eku::ee-wrong-eku')];
    if (!good || !bad) throw new Error('the cases are gone');
    for (const greeting of [undefined, '220 mail ESMTP\r\n', '550 go away\r\n', 'HTTP/1.1 400 Bad Request\r\n\r\n']) {
      for (const c of [good, bad]) {
        const server = await serveBare({ chain: chainOf(c), key: c.leaf_key, ...(greeting === undefined ? {} : { greeting }) });
        const check = await checkBare(server.port, peerOf(c), c.trusted.join('\n'), { timeoutMs: 500 });
        server.close();
        const root = check.diagnosis.root?.cause.id;
        expect(rejects(check)).toBe(c === bad);
        if (c === bad) expect(root).toBe('certificate.wrong-purpose');
        else expect(root).not.toMatch(/^(certificate|tls)\./);
      }
    }
  });

  it.each(all.filter((c) => c.bucket === 'platform-rejects' && !clocked(c)).map((c) => [c.id, c] as const))(
    '%s: refused by the platform, and the cause says why',
    async (_, c) => {
      const server = await serveBare({ chain: chainOf(c), key: c.leaf_key });
      const check = await checkBare(server.port, peerOf(c), c.trusted.join('\n'), { until: 'certificate' });
      server.close();
      if (check.diagnosis.verdict === 'fail') expect(check.diagnosis.root?.cause.id).toMatch(/^(certificate|tls)\./);
    },
  );
});

interface Told {
  readonly verdict: Verdict;
  readonly checks: readonly {
    readonly cause: string | null;
    readonly stages: readonly { readonly stage: StageName; readonly status: StageStatus }[];
  }[];
}

/** The case through the command line, under its own clock where it has one. */
async function told(c: LimboCase): Promise<{ report: Told; status: number | null; stderr: string }> {
  const server = await serveBare({ chain: chainOf(c), key: c.leaf_key });
  const home = newHome();
  const ca = join(home.tmp, 'ca.pem');
  writeFileSync(ca, c.trusted.join('\n'));
  const clock = (c.validation_time ?? '').slice(0, 19).replace('T', ' ');
  const under = clocked(c) && clock !== '' ? ['faketime', '-f', clock] : [];
  const args = ['--host', peerOf(c), '--connect-to', `127.0.0.1:${server.port}`, '--security', 'tls', '--ca-file', ca];
  const ran = await cli(['smtp', ...args, '--json', '--no-control-probes', '--until', 'certificate'], {
    in: home,
    under,
    env: { TZ: 'UTC', FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' },
  });
  server.close();
  return { report: JSON.parse(ran.stdout), status: ran.status, stderr: ran.stderr };
}

async function agrees(c: LimboCase): Promise<void> {
  const { report, status, stderr } = await told(c);
  const [check] = report.checks;
  judged(c, report.verdict, check?.cause ?? null);
  const refused = c.expected === 'FAILURE';
  expect(status).toBe(refused ? 1 : 0);
  expect(stderr).toBe('');
  expect(check?.stages.some((s) => ['tls', 'certificate'].includes(s.stage) && s.status === 'fail')).toBe(refused);
}

/** Every seventh, and each address, so that what the suite is made of comes along. */
const sample = gate.filter((c, i) => !clocked(c) && (i % 7 === 0 || c.peer_name?.kind === 'IP'));
describe.skipIf(all.length === 0)(all.length > 0 ? 'x509-limbo through the command line' : 'SKIPPED: no suite', () => {
  it('is built', () => expect(executable()).not.toBe(''), 60_000);
  it.each(sample.map((c) => [c.id, c] as const))('%s', (_, c) => agrees(c));

  const dated = gate.filter(clocked);
  it.skipIf(!faketime).each(dated.map((c) => [c.id, c] as const))(
    faketime ? '%s, under its own clock' : '%s (SKIPPED: faketime is not installed)',
    (_, c) => agrees(c),
  );
});

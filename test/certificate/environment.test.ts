/** S-061, S-074: variables that change what is trusted, or that write keys, through the command line: told, and never the verdict's master. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createAuthority } from '../../src/lab/authority.ts';
import type { Report } from '../../src/model/diagnosis.ts';
import { BUNDLES, trustEnvironment } from '../../src/net/environment.ts';
import { cli, newHome } from '../security/cli.ts';
import { serveBare } from './program.ts';

const HOST = 'mail.example.test';
const OVERRIDDEN = 'certificate.trust-overridden';
const authority = createAuthority();
const minted = authority.mint('valid', { dns: [HOST], ips: [] });

async function check(env: (ca: string) => Record<string, string>, args: readonly string[] = [], format = '--json') {
  const server = await serveBare({ chain: minted.cert, key: minted.key });
  const home = newHome();
  const ca = join(home.tmp, 'root.pem');
  writeFileSync(ca, minted.ca);
  const place = ['--host', HOST, '--connect-to', `127.0.0.1:${server.port}`, '--security', 'tls', '--until', 'certificate'];
  const given = args.map((a) => (a === 'CA' ? ca : a));
  const ran = await cli(['imap', ...place, '--no-control-probes', format, ...given], { in: home, env: env(ca) });
  server.close();
  const report: Report | undefined = format === '--json' ? JSON.parse(ran.stdout) : undefined;
  return { ...ran, report, check: report?.checks[0] };
}

const causes = (r: Awaited<ReturnType<typeof check>>) => r.check?.findings.map((f) => f.cause);
const observed = (r: Awaited<ReturnType<typeof check>>) => r.check?.facts?.observed?.join('\n') ?? '';

it('S-061 --ca-file: accepted, its source named, and nothing to tell of the environment', async () => {
  const r = await check(() => ({}), ['--ca-file', 'CA']);
  expect(r.report?.verdict).toBe('pass');
  expect(r.check?.facts?.certificates?.[0]).toMatchObject({ trusted: true, anchor: 'ca-file', revocation: 'not-asked' });
  expect(causes(r)).toEqual([]);
});

it.each(['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'])('S-061 %s with the same root: accepted, and never unsaid', async (name) => {
  const r = await check((ca) => ({ [name]: ca }));
  expect(r.report?.verdict).not.toBe('fail');
  expect(r.check?.facts?.certificates?.[0]).toMatchObject({ trusted: true, anchor: 'environment' });
  expect(causes(r)).toContain(OVERRIDDEN);
  expect(observed(r)).toContain(`${name}=`);
});

const bundle = BUNDLES.find((b) => existsSync(b));
it.skipIf(!bundle)("the system's own bundle in the variables is observed, and no finding", async () => {
  const own = {
    NODE_EXTRA_CA_CERTS: bundle ?? '',
    SSL_CERT_FILE: bundle ?? '',
    SSL_CERT_DIR: '/etc/ssl/certs:/etc/pki/tls/certs/',
  };
  const r = await check(() => own, ['--ca-file', 'CA']);
  expect(r.report?.verdict).toBe('pass');
  expect(causes(r)).toEqual([]);
  for (const name of Object.keys(own)) expect(observed(r)).toContain(`${name}=`);
  expect(trustEnvironment({ SSL_CERT_DIR: '/etc/ssl/certs:/srv/other' }, [])[0]?.harmless).toBeUndefined();
});

it('S-061 NODE_TLS_REJECT_UNAUTHORIZED=0: a refused certificate stays refused, it is told, and Node is silent about it', async () => {
  for (const format of ['--json', '--format=terminal']) {
    const r = await check(() => ({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }), [], format);
    expect(r.status).toBe(1);
    expect(r.stderr).not.toMatch(/Warning|insecure|trace-warnings/);
    if (!r.report) {
      expect(r.stdout).toContain('NODE_TLS_REJECT_UNAUTHORIZED=0');
      continue;
    }
    expect(r.check?.cause).toMatch(/^certificate\.(untrusted-root|incomplete-chain)$/);
    expect(causes(r)).toContain(OVERRIDDEN);
  }
});

it('S-074 keys that go to a file are told; the program asks for none', async () => {
  const r = await check(() => ({ SSLKEYLOGFILE: '/dev/null' }), ['--ca-file', 'CA']);
  expect(observed(r)).toContain('SSLKEYLOGFILE=/dev/null');
  expect(causes(r)?.length).toBe(1);
});

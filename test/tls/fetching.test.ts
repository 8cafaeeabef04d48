/** What needs further connections, through the command line: the issuer that was not sent, revocation, and the other addresses of a STARTTLS service. */
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { serve } from '../../src/lab/server.ts';
import type { Serve } from '../../src/model/cause.ts';
import type { Report } from '../../src/model/diagnosis.ts';
import * as m from '../certificate/mint.ts';
import { cli } from '../security/cli.ts';
import { authority, check, found, GREETING, HOST, listenTls, rootOf } from './world.ts';

async function look(faults: Serve, args: readonly string[], issuerUrl = false) {
  const running = await serve(faults, { authority, issuerUrl });
  try {
    const place = ['--host', running.host, '--connect-to', `${running.address}:${running.port}`, '--ca-file', running.caFile];
    const words = ['imap', ...place, '--security', 'tls', '--timeout', '3', '--until', 'certificate', '--json', ...args];
    const ran = await cli(words);
    const report: Report = JSON.parse(ran.stdout);
    const [made] = report.checks;
    if (!made) throw new Error('no check was made');
    return { report, made, first: made.findings[0], facts: made.facts?.certificates?.[0] };
  } finally {
    await running.close();
  }
}

describe('the missing issuer', () => {
  const faults: Serve = { protocol: 'imap', certificate: 'incomplete-chain' };
  it('S-041 fetched from the address in the certificate, the chain is whole: proven, and the missing one is named', async () => {
    const { made, first } = await look(faults, [], true);
    expect(made.cause).toBe('certificate.incomplete-chain');
    expect(first?.certainty).toBe('proven');
    expect(first?.evidence.join('\n')).toMatch(/Mailcheck Lab Intermediate.*fetched from http:/s);
  });
  it('S-041 not fetched where no further connections are wanted', async () => {
    const { made, first } = await look(faults, ['--no-control-probes'], true);
    expect(made.cause).toBe('certificate.incomplete-chain');
    expect(first?.evidence.join('\n')).not.toMatch(/fetched from/);
  });
  it('S-133 a server on this machine leads to this machine, and to no private network', async () => {
    let asked = 0;
    const issuing = m.ca('CN=Away Issuing', { issuer: m.ca('CN=Away Root') });
    const responder = createServer((_, answer) => {
      asked += 1;
      answer.end(issuing.der);
    });
    await new Promise<void>((resolve) => responder.listen(0, '127.0.0.1', resolve));
    const place = responder.address();
    const port = typeof place === 'object' && place ? place.port : 0;
    for (const [url, fetched] of [
      [`http://127.0.0.1:${port}/`, 1],
      [`http://localhost:${port}/`, 2],
      [`http://169.254.169.254:${port}/`, 2],
      [`http://10.255.255.1:${port}/`, 2],
      [`http://0.0.0.0:${port}/`, 2],
    ] as const) {
      const leaf = m.mint({ issuer: issuing, extensions: [m.names(m.dns(HOST)), m.access(['issuer', url])] });
      const mail = await listenTls({ key: m.keyPem(leaf), cert: m.pem(leaf) }, {}, GREETING.imap);
      const c = await check({ port: mail, private: false, options: { until: 'certificate' } });
      expect(rootOf(c)).toMatch(/^certificate\./);
      expect([url, asked]).toEqual([url, fetched]);
    }
    responder.close();
  });
});

describe('revocation', () => {
  it('S-058 revoked, as the stapled answer says: failed without being asked', async () => {
    const { made, facts } = await look({ protocol: 'imap', certificate: 'revoked' }, []);
    expect(made.cause).toBe('certificate.revoked');
    expect(facts).toMatchObject({ revocation: 'revoked' });
    expect(facts?.staple).toMatch(/revoked/);
  });
  it('out of reach is a warning, and nobody says "not revoked"', async () => {
    const { report, made, facts } = await look({ protocol: 'imap', certificate: 'revocation-unreachable' }, [
      '--check-revocation',
    ]);
    expect(report.verdict).toBe('warn');
    expect(made.findings.map((f) => f.cause)).toContain('certificate.revocation-unchecked');
    expect(facts).toMatchObject({ revocation: 'unreachable' });
  });
  it('not asked is told as not asked', async () => {
    const { report, facts } = await look({ protocol: 'imap' }, []);
    expect(report.verdict).toBe('pass');
    expect(facts).toMatchObject({ revocation: 'not-asked' });
  });
});

it('STARTTLS: another address of the name serves the old certificate', async () => {
  const [A, B] = ['127.0.0.1', '::1'] as const;
  const good = await serve({ protocol: 'imap', security: 'starttls' }, { authority, host: A });
  const bad = await serve(
    { protocol: 'imap', security: 'starttls', certificate: 'expired' },
    { authority, host: B, port: good.port },
  );
  try {
    const options = { until: 'certificate' } as const;
    const c = await check({ port: good.port, security: 'starttls', names: { [HOST]: [A, B] }, families: [4, 6], options });
    // Whichever opened first is the one in use: if it is the bad one the check fails, else some connections will.
    const used = c.evidence.find((e) => e.kind === 'certificate' && e.control === undefined);
    const severity = used?.kind === 'certificate' && used.address === B ? 'error' : 'warning';
    expect(found(c, 'certificate.expired')).toMatchObject({ severity });
    expect(found(c, 'certificate.not-reloaded')?.sighting.params?.bad).toContain('(1/2)');
  } finally {
    await good.close();
    await bad.close();
  }
});

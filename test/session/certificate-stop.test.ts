/** After a failed certificate nothing more is said to the server: the later stages are skipped, with their reason (diagnosis 1.1, S-063). */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import { checkServe } from '../tools/live.ts';

let authority: Authority;
beforeAll(() => {
  authority = createAuthority();
});

const LATER = ['greeting', 'capabilities', 'auth', 'mailbox', 'identity', 'send'];

describe.each(['pop3', 'imap', 'smtp'] as const)('%s', (protocol) => {
  it('implicit TLS: not a byte of the protocol goes out, and every later stage says why it did not run', async () => {
    const { check, running } = await checkServe({ protocol, certificate: 'self-signed' }, authority, { timeoutMs: 4000 });
    expect(running.received).toEqual([]);
    expect(check.stages.find((s) => s.stage === 'certificate')?.status).toBe('fail');
    const later = check.stages.filter((s) => LATER.includes(s.stage));
    expect(later.map((s) => s.status)).toEqual(later.map(() => 'skipped'));
    for (const s of later) {
      if (s.stage === 'send') continue;
      expect(s.reason).toEqual(
        s.stage === 'auth' ? { id: 'certificate-failed' } : { id: 'earlier-stage-failed', params: { stage: 'certificate' } },
      );
    }
    expect(check.diagnosis.findings.map((f) => f.cause.id)).toEqual(['certificate.self-signed', 'auth.withheld']);
  });

  it('STARTTLS: what was said before stands, and after the handshake only the good-bye is said', async () => {
    const { check, running } = await checkServe({ protocol, security: 'starttls', certificate: 'self-signed' }, authority, {
      timeoutMs: 4000,
    });
    const upgrade = running.received.findIndex((l) => /STLS|STARTTLS/.test(l));
    expect(running.received.slice(upgrade + 1)).toEqual([expect.stringMatching(/QUIT|LOGOUT/)]);
    const status = (stage: string) => check.stages.find((s) => s.stage === stage)?.status;
    expect(check.diagnosis.findings.map((f) => f.cause.id)).toEqual(['certificate.self-signed', 'auth.withheld']);
    expect(['greeting', 'capabilities', 'tls', 'certificate', 'auth'].map(status)).toEqual([
      'pass',
      'pass',
      'pass',
      'fail',
      'skipped',
    ]);
  });

  it('--insecure-auth goes on, and the certificate fails all the same', async () => {
    const { check } = await checkServe({ protocol, certificate: 'self-signed' }, authority, {
      insecureAuth: true,
      timeoutMs: 4000,
    });
    expect(check.diagnosis.root?.cause.id).toBe('certificate.self-signed');
    const failed = check.stages.filter((s) => s.status === 'fail').map((s) => s.stage);
    expect(failed).toEqual(['certificate']);
    expect(check.stages.find((s) => s.stage === 'auth')?.status).toBe('pass');
  });

  it('does not wait for a server that says nothing after the handshake', async () => {
    const { check } = await checkServe({ protocol, certificate: 'self-signed', greeting: '!silent' }, authority, {
      controlProbes: false,
    });
    expect(check.diagnosis.root?.cause.id).toBe('certificate.self-signed');
    expect(check.durationMs).toBeLessThan(1000);
  });
});

it('the date of the greeting is still asked for, where a validity period is what failed', async () => {
  const far = new Date(Date.now() + 400 * 86_400_000).toUTCString().replace(/^\w+, (.*) GMT$/, '$1 +0000');
  const serve = { protocol: 'smtp', certificate: 'expired', greeting: `220 mail.example.test ESMTP ${far}` } as const;
  const { check, running } = await checkServe(serve, authority, { timeoutMs: 4000 });
  expect(check.evidence).toContainEqual(expect.objectContaining({ kind: 'clock', source: 'greeting' }));
  expect(running.received).toEqual([]);
});

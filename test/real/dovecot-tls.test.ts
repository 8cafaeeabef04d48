/** Real Dovecot with each fault of certificate and TLS: the certificate it serves, and what it makes of the upgrade. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LabCertificate } from '../../src/model/cause.ts';
import { expectCause } from './client.ts';
import { missing } from './servers/installed.ts';
import { BOTH, useDovecot, visit } from './servers/use.ts';

const start = useDovecot();

const CERTIFICATES: readonly (readonly [LabCertificate, string])[] = [
  ['self-signed', 'certificate.self-signed'],
  ['expired', 'certificate.expired'],
  ['expired-intermediate', 'certificate.expired'],
  ['not-yet-valid', 'certificate.not-yet-valid'],
  ['identity-differs', 'certificate.identity-differs'],
  ['untrusted-root', 'certificate.untrusted-root'],
  ['incomplete-chain', 'certificate.incomplete-chain'],
  ['intercepted', 'certificate.intercepted'],
  ['wrong-purpose', 'certificate.wrong-purpose'],
  ['bad-signature', 'certificate.invalid'],
  ['critical-extension', 'certificate.invalid'],
];

describe.skipIf(missing('dovecot'))('Dovecot, certificates', () => {
  it.each(CERTIFICATES)('%s', async (certificate, cause) => {
    const server = await start({ certificate });
    for (const [protocol, security] of [
      ['pop3', 'tls'],
      ['imap', 'starttls'],
    ] as const) {
      const made = await visit(server, protocol, { security });
      expectCause(made, cause);
      expect(made.stages.find((s) => s.stage === 'auth')).toMatchObject({
        status: 'skipped',
        reason: { id: 'certificate-failed' },
      });
      expect(made.transcript.some((t) => t.from === 'client' && /\b(USER|PASS|AUTH|AUTHENTICATE|LOGIN)\b/.test(t.text))).toBe(
        false,
      );
    }
  });

  it('that end soon are a warning, and the log-in goes on', async () => {
    const made = await visit(await start({ certificate: 'expires-soon' }), 'imap');
    expectCause(made, null);
    expect(made.diagnosis.verdict).toBe('warn');
    expect(made.diagnosis.findings.map((f) => f.cause.id)).toEqual(['certificate.expires-soon']);
    expect(made.stages.find((s) => s.stage === 'auth')?.status).toBe('pass');
  });

  it('that fail are let pass by --insecure-auth, and the report still fails', async () => {
    const made = await visit(await start({ certificate: 'self-signed' }), 'pop3', { options: { insecureAuth: true } });
    expectCause(made, 'certificate.self-signed');
    expect(made.stages.find((s) => s.stage === 'mailbox')?.status).toBe('pass');
    expect(made.diagnosis.findings.map((f) => f.cause.id)).toContain('settings.insecure-auth');
  });
});

describe.skipIf(missing('dovecot'))('Dovecot, TLS', () => {
  it.each(BOTH)('%s: TLS expected on the plain port', async (protocol) => {
    const server = await start();
    expectCause(await visit(server, protocol, { security: 'tls', place: server[protocol] }), 'tls.implicit-on-plain-port');
  });

  it.each(BOTH)('%s: STARTTLS expected on the TLS port', async (protocol) => {
    const server = await start();
    const made = await visit(server, protocol, {
      security: 'starttls',
      place: server[`${protocol}s`],
      options: { timeoutMs: 2000 },
    });
    expectCause(made, 'tls.plain-on-implicit-port');
  });

  it.each(BOTH)('%s: STARTTLS is not offered', async (protocol) => {
    const server = await start({ more: () => `protocol ${protocol} {\n  ssl = no\n}` });
    expectCause(await visit(server, protocol, { security: 'starttls' }), 'tls.starttls-missing');
  });

  it.each(BOTH)('%s: STARTTLS is offered, but the key is not there', async (protocol) => {
    const server = await start({ prepare: (folder) => writeFileSync(join(folder, 'key.pem'), 'not a key\n') });
    expectCause(await visit(server, protocol, { security: 'starttls' }), 'tls.starttls-refused');
  });

  it('a wrong protocol answers: IMAP on the POP port, and POP on the IMAP port', async () => {
    const server = await start();
    expectCause(await visit(server, 'pop3', { place: server.imaps }), 'greeting.wrong-service');
    expectCause(await visit(server, 'imap', { place: server.pop3s }), 'greeting.wrong-service');
    expectCause(await visit(server, 'pop3', { security: 'starttls', place: server.imap }), 'greeting.wrong-service');
  });

  it('nothing listens any more', async () => {
    const server = await start();
    const place = server.pop3s;
    await server.stop();
    expectCause(await visit(server, 'pop3', { place }), 'connect.refused');
    rmSync(server.folder, { recursive: true, force: true });
  });
});

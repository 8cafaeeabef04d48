/** Positive replies that are none: what the protocols prescribe beyond the status is asked for too (RFC 1939, 9051, 5321, 4954). */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import type { Serve } from '../../src/model/cause.ts';
import { checkServe } from '../tools/live.ts';

let authority: Authority;
beforeAll(() => {
  authority = createAuthority();
});

const met = async (serve: Serve) => {
  const { check } = await checkServe(serve, authority, { timeoutMs: 4000 });
  const failed = check.stages.filter((s) => s.status === 'fail').map((s) => s.stage);
  return { verdict: check.diagnosis.verdict, cause: check.diagnosis.root?.cause.id, failed };
};

describe('breaks the protocol', () => {
  it.each<[string, string, Serve]>([
    ['STAT without numbers', 'mailbox', { protocol: 'pop3', replies: { STAT: '+OK hello' } }],
    ['STAT without anything', 'mailbox', { protocol: 'pop3', replies: { STAT: '+OK' } }],
    ['STAT with one number', 'mailbox', { protocol: 'pop3', replies: { STAT: '+OK 3' } }],
    ['UIDL with lines that are none of it', 'mailbox', { protocol: 'pop3', replies: { UIDL: '+OK\nhello there\n.' } }],
    ['UIDL without identifiers', 'mailbox', { protocol: 'pop3', replies: { UIDL: '+OK\n1\n2\n.' } }],
    ['UIDL without an end', 'mailbox', { protocol: 'pop3', replies: { UIDL: '+OK\n1 a\n2 b' } }],
    ['CAPA without an end', 'capabilities', { protocol: 'pop3', replies: { CAPA: '+OK\nUSER\nUIDL' } }],
    ['a greeting of 250', 'greeting', { protocol: 'smtp', greeting: '250 mail.example.test' }],
    ['a greeting of 299', 'greeting', { protocol: 'smtp', greeting: '299 mail.example.test' }],
    ['EHLO answered by 251', 'capabilities', { protocol: 'smtp', replies: { EHLO: '251 x' } }],
    ['AUTH answered by 250', 'auth', { protocol: 'smtp', replies: { AUTH: '250 ok' } }],
    ['DATA answered by 250', 'send', { protocol: 'smtp', client: { args: ['--send'] }, replies: { DATA: '250 ok' } }],
    [
      'the end of a LOGIN exchange answered by 250',
      'auth',
      {
        protocol: 'smtp',
        capabilities: { tls: ['AUTH LOGIN'] },
        replies: { AUTH: '334 VXNlcm5hbWU6\n334 UGFzc3dvcmQ6\n250 ok' },
      },
    ],
  ])('%s', async (_what, stage, serve) => {
    expect(await met(serve)).toEqual({ verdict: 'fail', cause: 'protocol.violation', failed: [stage] });
  });
});

describe('is as it should be', () => {
  it.each<[string, Serve]>([
    ['STAT with more behind its numbers', { protocol: 'pop3', replies: { STAT: '+OK 2 300 octets, all well' } }],
    ['STAT of an empty maildrop', { protocol: 'pop3', replies: { STAT: '+OK 0 0', UIDL: '+OK\n.' } }],
    ['UIDL that is refused', { protocol: 'pop3', replies: { UIDL: '-ERR not here' } }],
    ['EXISTS among other lines', { protocol: 'imap', replies: { EXAMINE: '* FLAGS ()\n* 0 EXISTS\n* 0 RECENT\n{tag} OK x' } }],
    ['EXAMINE without EXISTS', { protocol: 'imap', replies: { EXAMINE: '{tag} OK hello' } }],
    ['EXAMINE with an EXISTS of no number', { protocol: 'imap', replies: { EXAMINE: '* many EXISTS\n{tag} OK x' } }],
    ['CAPABILITY without the list', { protocol: 'imap', greeting: '* OK hi', replies: { CAPABILITY: '{tag} OK done' } }],
    ['RCPT answered by 251', { protocol: 'smtp', replies: { 'RCPT TO': '251 User not local; will forward' } }],
  ])('%s', async (_what, serve) => {
    expect((await met(serve)).verdict).toBe('pass');
  });
});

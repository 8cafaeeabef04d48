/** Exchanges that end in the mechanism's own words: SCRAM's errors, a token's challenge, and final replies that only repeat them. */
import { describe, expect, it } from 'vitest';
import type { Protocol } from '../../src/model/terms.ts';
import { type Asked, look, PROTOCOLS, raw, session } from '../security/raw.ts';

const b64 = (s: string) => Buffer.from(s).toString('base64');
const LISTS: Readonly<Record<Protocol, (m: string) => readonly string[]>> = {
  pop3: (m) => [`SASL ${m}`, 'UIDL'],
  imap: (m) => ['IMAP4rev1', 'SASL-IR', 'LOGINDISABLED', `AUTH=${m}`],
  smtp: (m) => [`AUTH ${m}`],
};
const NO: Readonly<Record<Protocol, (tag: string, words: string) => string>> = {
  pop3: (_tag, w) => `-ERR [AUTH] ${w}\r\n`,
  imap: (tag, w) => `${tag} NO [AUTHENTICATIONFAILED] ${w}\r\n`,
  smtp: (_tag, w) => `535 5.7.8 ${w}\r\n`,
};

/** A server that puts these challenges, given what the client said last, and then refuses. */
async function refusing(
  protocol: Protocol,
  mechanism: string,
  challenges: readonly ((said: string) => string)[],
  words: string,
  more: Partial<Asked> = {},
) {
  const answers: string[] = [];
  const server = await raw(
    session(protocol, {
      implicit: true,
      tls: LISTS[protocol](mechanism),
      on: async (command, io, tag) => {
        if (!command.startsWith('AUTH')) return false;
        const go = (text: string) => io.say(protocol === 'smtp' ? `334 ${text}\r\n` : `+ ${text}\r\n`);
        let said = command.split(' ')[2];
        if (said === undefined) {
          go('');
          said = await io.line();
        }
        for (const challenge of challenges) {
          go(b64(challenge(Buffer.from(said ?? '', 'base64').toString())));
          said = await io.line();
          answers.push(said ?? '(gone)');
        }
        io.say(NO[protocol](tag, words));
        return true;
      },
    }),
  );
  const { check, cause } = await look(server.port, { protocol, security: 'tls', ...more });
  const errors = check.diagnosis.findings.filter((f) => f.severity === 'error').map((f) => f.cause.id);
  return { check, cause, errors, answers };
}

const first = (said: string) => `r=${/r=([^,]*)/.exec(said)?.[1]}more,s=${b64('salt')},i=4096`;

describe.each(PROTOCOLS)('SCRAM by %s: the server says', (protocol) => {
  it.each([
    ['invalid-proof', 'auth.credentials-rejected'],
    ['unknown-user', 'auth.credentials-rejected'],
    ['other-error', 'auth.credentials-rejected'],
    ['channel-bindings-dont-match', 'auth.mechanism-unsupported'],
    ['extensions-not-supported', 'auth.mechanism-unsupported'],
    ['no-resources', 'auth.temporary-failure'],
  ])('%s: %s, and the exchange is ended as it should be', async (error, wanted) => {
    const { check, errors, answers } = await refusing(protocol, 'SCRAM-SHA-256', [first, () => `e=${error}`], 'failed');
    expect(errors).toEqual([wanted]);
    expect(answers.at(-1)).toBe('');
    expect(check.evidence).toContainEqual(expect.objectContaining({ kind: 'reply', status: 'no', text: `e=${error}` }));
  });

  it('unknown-user in place of its first message', async () => {
    const { errors } = await refusing(protocol, 'SCRAM-SHA-256', [() => 'e=unknown-user'], 'failed');
    expect(errors).toEqual(['auth.credentials-rejected']);
  });
});

describe('a token', () => {
  const token = { token: 'ya29.abc' };
  it.each<[string, Protocol, readonly string[], string]>([
    [
      'Google',
      'imap',
      ['{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}'],
      'Invalid credentials (Failure)',
    ],
    ['Google', 'smtp', ['{"status":"400","schemes":"Bearer"}'], 'Username and Password not accepted. gsmtp'],
    ['Yahoo', 'imap', ['{"status":"401","schemes":"bearer mac","scope":"mail-w"}'], '(#AUTHFAILED) AUTHENTICATE Failed'],
    ['Microsoft', 'pop3', [], 'Authentication failure: unknown user name or bad password.'],
    ['Yandex', 'smtp', [], 'Error: authentication failed: Invalid user or password!'],
  ])('that %s refuses by %s is one error, and no password’s', async (_who, protocol, challenges, words) => {
    const { errors } = await refusing(
      protocol,
      'XOAUTH2',
      challenges.map((c) => () => c),
      words,
      token,
    );
    expect(errors).toEqual(['auth.token-rejected']);
  });
});

it('what broke the exchange is named with its command', async () => {
  const { check, cause } = await refusing('smtp', 'SCRAM-SHA-256', [() => 'r=other,s=QQ==,i=4096'], 'x');
  expect(cause).toBe('protocol.violation');
  expect(check.evidence.find((e) => e.kind === 'break')).toMatchObject({ command: 'AUTH SCRAM-SHA-256' });
});

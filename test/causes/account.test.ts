import { describe, expect, test } from 'vitest';
import { accountRules } from '../../src/causes/account.ts';
import { catalogue } from '../../src/causes/index.ts';
import type { Evidence, ReplyEvidence, SecretEvidence } from '../../src/model/evidence.ts';
import { factsOf } from '../../src/model/facts.ts';
import type { Protocol } from '../../src/model/terms.ts';
import { connect, control, reply, setting } from './evidence.ts';

const COMMAND = { imap: 'LOGIN "ann" "********"', pop3: 'PASS ********', smtp: 'AUTH PLAIN ********' } as const;
const accepted = (protocol: Protocol): ReplyEvidence =>
  reply('auth', { protocol, command: COMMAND[protocol], status: 'ok', condition: 'OK' });
const refused = (protocol: Protocol, more: Partial<ReplyEvidence> = {}): ReplyEvidence =>
  reply('auth', {
    protocol,
    command: COMMAND[protocol],
    ...(protocol === 'smtp' ? { code: 535 } : { condition: 'NO' }),
    text: 'no',
    ...more,
  });
const secret = (protocol: Protocol, mechanism: string, appPassword?: boolean): SecretEvidence => ({
  kind: 'secret',
  stage: 'auth',
  protocol,
  type: 'password',
  mechanism,
  offered: [mechanism],
  reason: 'best',
  shape: {
    length: 'medium',
    spaces: false,
    outerSpaces: false,
    nonAscii: false,
    smartQuotes: false,
    ...(appPassword === undefined ? {} : { appPassword }),
  },
});

/** @returns the causes that the rules across services give, strongest first. */
function across(evidence: readonly Evidence[], protocol: Protocol): string[] {
  const facts = factsOf(evidence, { protocol });
  return Object.entries(accountRules)
    .flatMap(([id, rules]) => rules.map((r) => ({ id, s: r(facts) })))
    .filter((x) => x.s !== undefined)
    .sort((a, b) => (b.s?.strength ?? 0) - (a.s?.strength ?? 0))
    .map((x) => x.id);
}

test('every id is of the catalogue', () => {
  const ids = new Set(catalogue.map((c) => c.id));
  expect(Object.keys(accountRules).filter((id) => !ids.has(id))).toEqual([]);
});

describe('the same secret', () => {
  test('accepted by IMAP, refused by SMTP: SMTP is switched off', () => {
    expect(across([accepted('imap'), refused('smtp')], 'smtp')).toEqual(['auth.smtp-disabled']);
    expect(across([accepted('imap'), refused('smtp')], 'imap')).toEqual([]);
  });
  test('accepted by SMTP, refused by IMAP or POP: that protocol is', () => {
    expect(across([refused('imap'), accepted('smtp')], 'imap')).toEqual(['auth.protocol-disabled']);
    expect(across([refused('pop3'), accepted('imap')], 'pop3')).toEqual(['auth.protocol-disabled']);
  });
  test('seen by a control probe of the other protocol counts as well', () => {
    expect(across([control('other-protocol', accepted('imap')), refused('smtp')], 'smtp')).toEqual(['auth.smtp-disabled']);
  });
  test('refused everywhere: the credentials', () => {
    expect(across([refused('imap'), refused('smtp')], 'smtp')).toEqual(['auth.credentials-rejected']);
  });
  test('refused everywhere and unlike an app password: that', () => {
    const evidence = [refused('imap'), secret('imap', 'PLAIN', false), refused('smtp'), secret('smtp', 'PLAIN', false)];
    expect(across(evidence, 'imap')).toEqual(['auth.app-password-required']);
  });
  test('refused by a digest, accepted in the clear: the mechanism', () => {
    const evidence = [accepted('imap'), secret('imap', 'PLAIN'), refused('smtp'), secret('smtp', 'CRAM-MD5')];
    expect(across(evidence, 'smtp')).toEqual(['auth.mechanism-unsupported']);
  });
  test('under two names: the name', () => {
    const evidence = [
      setting('user', 'ann@example.test', undefined, { protocol: 'imap' }),
      accepted('imap'),
      setting('user', 'ann', undefined, { protocol: 'smtp' }),
      refused('smtp'),
    ];
    expect(across(evidence, 'smtp')).toEqual(['settings.user-name-form']);
  });
});

describe('no inference', () => {
  test.each([
    ['from a transient answer', [accepted('imap'), refused('smtp', { code: 454 })]],
    ['from a refused mechanism', [accepted('imap'), refused('smtp', { command: 'AUTH LOGIN' })]],
    ['from one service alone', [refused('smtp')]],
    ['from USER accepted', [reply('auth', { protocol: 'pop3', command: 'USER ann', status: 'ok' }), refused('smtp')]],
  ] as const)('%s', (_name, evidence) => {
    expect(across(evidence, 'smtp')).toEqual([]);
  });
});

describe('the port for sending', () => {
  test('times out at an address that answers IMAP: the network blocks it', () => {
    const evidence = [connect('open', { protocol: 'imap' }), connect('timeout', { protocol: 'smtp', port: 587 })];
    expect(across(evidence, 'smtp')).toEqual(['connect.port-blocked']);
  });
  test('times out at another address: nothing is said', () => {
    const evidence = [
      connect('open', { protocol: 'imap', address: '192.0.2.9' }),
      connect('timeout', { protocol: 'smtp', port: 587 }),
    ];
    expect(across(evidence, 'smtp')).toEqual([]);
  });
});

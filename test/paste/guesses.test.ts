/** Words that no rule knows lead to a guess, told as one; words of something else than mail lead to none. */
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/causes/index.ts';
import { judge } from '../../src/judge.ts';
import { factsOf } from '../../src/model/facts.ts';
import { read } from '../../src/paste/read.ts';

const findings = (text: string) => {
  const reading = read(text);
  const { protocol } = reading.known;
  return judge(factsOf(reading.evidence, { pasted: true, ...(protocol ? { protocol } : {}) }), catalogue).findings;
};

describe('weak words', () => {
  it.each([
    ['auth.unexplained', 'Sunucu kimlik doğrulamayı reddetti'],
    ['auth.unexplained', 'Die Anmeldung beim Posteingangsserver schlug fehl.'],
    ['auth.unexplained', 'La messagerie n’a pas accepté vos identifiants'],
    ['auth.unexplained', 'Почтовый сервер не принял учётные данные'],
    ['auth.unexplained', '{error,auth_failed}'],
    ['auth.unexplained', 'Не удалось войти в почту'],
    ['connect.unexplained', 'Brak połączenia z serwerem poczty'],
    ['connect.unexplained', 'IMAP sync stopped'],
    ['recipient.unknown', 'Aucune boîte à ce nom chez nous'],
    ['sender.not-owned', 'Người gửi không được chấp nhận'],
    ['mailbox.over-quota', 'El buzón ya no tiene espacio'],
    ['message.content-rejected', 'Thư chứa vi-rút nên bị chặn'],
    ['connect.timeout', 'System.TimeoutException: The operation has timed out.'],
    ['sender.relay-denied', '550 5.7.1 You may not relay through this host'],
  ])('%s is guessed, and no more than guessed: %s', (cause, text) => {
    expect(findings(text)[0]).toMatchObject({ cause: { id: cause }, certainty: 'possible' });
  });

  it.each([
    ['protocol.client-error', 'imaplib.IMAP4.error: command SEARCH illegal in state AUTH, only allowed in states SELECTED'],
    ['protocol.violation', 'SASL authentication failed; authentication protocol loop with server mail.example.com[192.0.2.1]'],
    ['dns.no-address', '550 5.1.2 <kate@example.org>... Host unknown (Name server: mail.example.org: no data known)'],
    ['auth.encryption-required', '504 5.7.4 PLAIN may be used over TLS only'],
    ['policy.greylisted', '450 4.2.0 Deferred: first contact from your server, come back in five minutes'],
  ])('%s: %s', (cause, text) => {
    expect(findings(text)[0]).toMatchObject({ cause: { id: cause } });
  });

  it.each([
    'The sky is blue and the birds are singing',
    'Das Wetter ist heute nicht gut',
    'El usuario no quiere comer hoy',
    'Hôm nay trời không đẹp',
    '今天天气不错',
    'TypeError: Cannot read properties of undefined (reading "map")',
    'npm ERR! code ENOENT',
    'The user failed to close the file',
    'Kuchen backen ohne Mehl ist nicht leicht',
  ])('nothing is made of: %s', (text) => {
    expect(findings(text)).toEqual([]);
  });
});

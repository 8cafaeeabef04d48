import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoted, readCapability, readId, readImapReply } from '../../src/wire/imap.ts';
import { apopTimestamp, readCapa, readPop3Reply } from '../../src/wire/pop3.ts';
import { readEhlo, readSmtpReply } from '../../src/wire/smtp.ts';

describe('SMTP replies (RFC 5321 §4.2)', () => {
  it('reads code, enhanced status code and the words of all lines', () => {
    expect(readSmtpReply(['535-5.7.8 Username and Password', '535 5.7.8 not accepted'])).toMatchObject({
      status: 'no',
      code: 535,
      enhanced: '5.7.8',
      text: 'Username and Password\nnot accepted',
    });
  });
  it.each([
    ['codes differ', ['250-a', '550 b']],
    ['no last line', ['250-a']],
    ['code out of range', ['999 hello']],
    ['text before the code', ['hello 250 ok']],
    ['no space after the code', ['250ok']],
    ['nothing at all', []],
  ])('S-084: %s is malformed, never success', (_what, lines) => {
    expect(readSmtpReply(lines).status).toBe('malformed');
  });
  it('takes an enhanced code only where its class fits the reply code', () => {
    expect(readSmtpReply(['250 5.1.1 odd']).enhanced).toBeUndefined();
    expect(readSmtpReply(['421 4.7.0 later']).enhanced).toBe('4.7.0');
  });
  it('reads EHLO keywords, the old AUTH= form too', () => {
    expect(readEhlo(['mail.example greets', 'AUTH=LOGIN plain', 'SIZE 1000', 'starttls'])).toEqual({
      items: ['AUTH LOGIN PLAIN', 'SIZE 1000', 'STARTTLS'],
      mechanisms: ['LOGIN', 'PLAIN'],
    });
  });
});

describe('POP3 replies (RFC 1939, 2449)', () => {
  it('reads response codes', () => {
    expect(readPop3Reply(['-ERR [SYS/TEMP] try later'])).toMatchObject({
      status: 'no',
      responseCode: 'SYS/TEMP',
      text: 'try later',
    });
    expect(readPop3Reply(['+OK'])).toMatchObject({ status: 'ok', text: '' });
    expect(readPop3Reply(['+ Y2hhbGxlbmdl'])).toMatchObject({ status: 'continue', text: 'Y2hhbGxlbmdl' });
    expect(readPop3Reply(['220 smtp']).status).toBe('malformed');
  });
  it('reads CAPA and the APOP timestamp', () => {
    expect(readCapa(['SASL PLAIN login', 'UIDL', 'expire NEVER']).mechanisms).toEqual(['PLAIN', 'LOGIN']);
    expect(apopTimestamp('POP3 ready <1896.697170952@dbc.example>')).toBe('<1896.697170952@dbc.example>');
    expect(apopTimestamp('POP3 ready')).toBeUndefined();
  });
});

describe('IMAP responses (RFC 9051 §7)', () => {
  it('reads the tagged reply with its response code, and an alert said before it', () => {
    const r = readImapReply(['* NO [ALERT] Web login required', 'a1 NO [AUTHENTICATIONFAILED] failed'], 'a1');
    expect(r).toMatchObject({ status: 'no', condition: 'NO', responseCode: 'AUTHENTICATIONFAILED' });
    expect(r.text).toContain('Web login required');
  });
  it('S-016: a reply under a tag that was not sent is malformed', () => {
    expect(readImapReply(['b9 OK done'], 'a1')).toMatchObject({
      status: 'malformed',
      fault: 'a reply to a command that was not sent',
    });
  });
  it('knows greetings apart', () => {
    expect(readImapReply(['* OK [CAPABILITY IMAP4rev1 STARTTLS] ready']).status).toBe('ok');
    expect(readImapReply(['* PREAUTH hello']).status).toBe('preauth');
    expect(readImapReply(['* BYE busy']).status).toBe('no');
    expect(readImapReply(['junk']).status).toBe('malformed');
  });
  it('reads capabilities and ID', () => {
    expect(readCapability(['CAPABILITY IMAP4rev1 AUTH=PLAIN auth=login'])).toEqual({
      items: ['IMAP4REV1', 'AUTH=PLAIN', 'AUTH=LOGIN'],
      mechanisms: ['PLAIN', 'LOGIN'],
    });
    expect(readId(['ID ("name" "Dovecot" "os" NIL)'])).toBe('name: Dovecot, os: ');
  });
  it('quotes what can be quoted and nothing else', () => {
    expect(quoted('a"b\\c')).toBe('"a\\"b\\\\c"');
    expect(quoted('é')).toBeUndefined();
    expect(quoted('a\r\nb')).toBeUndefined();
  });
});

describe('no input breaks a grammar', () => {
  const lines = fc.array(fc.string({ unit: 'binary', maxLength: 80 }), { maxLength: 8 });
  it('every reader gives a reply for every text', () => {
    fc.assert(
      fc.property(lines, fc.string({ maxLength: 6 }), (l, tag) => {
        for (const r of [readSmtpReply(l), readPop3Reply(l), readImapReply(l, tag), readImapReply(l)])
          expect(['ok', 'no', 'continue', 'preauth', 'malformed']).toContain(r.status);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});

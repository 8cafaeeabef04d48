import { afterEach, describe, expect, it } from 'vitest';
import { createAccount, deliver } from '../../src/lab/account.ts';
import { createAuthority } from '../../src/lab/authority.ts';
import { readArgs, readSet } from '../../src/lab/imap-args.ts';
import { type Running, serve } from '../../src/lab/server.ts';
import type { Serve } from '../../src/model/cause.ts';
import { type Client, plain, secure } from './client.ts';

const authority = createAuthority();
let running: Running;
afterEach(() => running?.close());

/** Up to and with the tagged line. */
const done = (tag: string) => new RegExp(`^${tag} [^\\r\\n]*\\r\\n`, 'm');
const ask = (c: Client, command: string) => c.ask(command, done(command.split(' ')[0] ?? ''));

async function loggedIn(faults: Partial<Serve> = {}, account = createAccount()): Promise<Client> {
  running = await serve({ protocol: 'imap', ...faults }, { authority, account });
  const c = await secure(running);
  await c.until(/\r\n/);
  expect(await ask(c, 'l LOGIN you@example.test "correct horse battery"')).toMatch(/^l OK \[CAPABILITY /);
  return c;
}

describe('the IMAP server', () => {
  it('greets with its capabilities and shows others on each channel', async () => {
    running = await serve({ protocol: 'imap', security: 'starttls' }, { authority });
    const c = plain(running);
    expect(await c.until(/\r\n/)).toBe(
      '* OK [CAPABILITY IMAP4rev1 LITERAL+ SASL-IR ID ENABLE STARTTLS LOGINDISABLED] mail.example.test IMAP ready\r\n',
    );
    expect(await ask(c, 'a LOGIN you@example.test "correct horse battery"')).toMatch(/^a NO \[PRIVACYREQUIRED\]/);
    expect(await ask(c, 'b AUTHENTICATE PLAIN')).toMatch(/^b NO \[CANNOT\]/);
    expect(await ask(c, 'c EXAMINE INBOX')).toMatch(/^c BAD/);
    expect(await ask(c, 'd STARTTLS')).toBe('d OK Begin TLS negotiation now.\r\n');
    const s = await c.upgrade();
    const tls = await ask(s, 'e CAPABILITY');
    expect(tls).toContain(' AUTH=PLAIN AUTH=LOGIN AUTH=CRAM-MD5');
    expect(tls).not.toMatch(/STARTTLS|LOGINDISABLED/);
    expect(await ask(s, 'f STARTTLS')).toMatch(/^f BAD/);
    const blob = Buffer.from('\0you@example.test\0correct horse battery').toString('base64');
    expect(await ask(s, `g AUTHENTICATE PLAIN ${blob}`)).toMatch(/^g OK \[CAPABILITY IMAP4rev1 [^\]]*NAMESPACE QUOTA/);
    expect(await ask(s, 'h CAPABILITY')).not.toContain('AUTH=');
    expect(await ask(s, 'i LOGOUT')).toBe('* BYE Logging out.\r\ni OK Logout completed.\r\n');
    expect(await s.over).toBe('end');
  });

  it('does what a check asks, all at once', async () => {
    const c = await loggedIn();
    c.write('a ID ("name" "mailcheck")\r\nb NAMESPACE\r\nc EXAMINE INBOX\r\nd GETQUOTAROOT INBOX\r\ne NOOP\r\nf LOGOUT\r\n');
    const all = await c.until(done('f'));
    expect(all).toContain('* ID ("name" "mailcheck-lab"');
    expect(all).toContain('* NAMESPACE (("" "/")) NIL NIL\r\nb OK');
    expect(all).toMatch(
      /\* 3 EXISTS\r\n\* 0 RECENT\r\n\* OK \[UNSEEN 1\][^\r]*\r\n\* OK \[UIDVALIDITY 1\][^\r]*\r\n\* OK \[UIDNEXT 4\]/,
    );
    expect(all).toContain('c OK [READ-ONLY]');
    expect(all).toMatch(/\* QUOTAROOT INBOX ""\r\n\* QUOTA "" \(STORAGE \d+ 1048576\)\r\nd OK/);
    expect(await c.over).toBe('end');
  });

  it('takes literals of both kinds, and quotes', async () => {
    const account = createAccount({ user: 'you@example.test', password: 'a "quoted\\ pass\u00e9' });
    running = await serve({ protocol: 'imap' }, { authority, account });
    const c = await secure(running);
    await c.until(/\r\n/);
    expect(await c.ask('a LOGIN {16}', /\r\n/)).toBe('+ Ready for literal data\r\n');
    c.write(`you@example.test {${Buffer.byteLength(account.password)}+}\r\n${account.password}\r\n`);
    expect(await c.until(done('a'))).toMatch(/^a OK/);
    c.close();
    const d = await secure(running);
    await d.until(/\r\n/);
    expect(await ask(d, 'a LOGIN "you@example.test" "a \\"quoted\\\\ pass\u00e9"')).toMatch(/^a OK/);
    expect(await ask(d, 'b LOGIN x y')).toMatch(/^b BAD/);
    d.close();
  });

  it('lists, counts, fetches and searches', async () => {
    const c = await loggedIn();
    expect(await ask(c, 'a LIST "" *')).toContain('* LIST (\\HasNoChildren) "/" INBOX\r\n');
    expect(await ask(c, 'b LIST "" ""')).toContain('* LIST (\\Noselect) "/" ""\r\n');
    expect(await ask(c, 'c STATUS inbox (MESSAGES UNSEEN UIDNEXT)')).toContain(
      '* STATUS INBOX (MESSAGES 3 UNSEEN 3 UIDNEXT 4)\r\n',
    );
    expect(await ask(c, 'd FETCH 1 FLAGS')).toMatch(/^d BAD/);
    expect(await ask(c, 'e SELECT Elsewhere')).toMatch(/^e NO \[NONEXISTENT\]/);
    expect(await ask(c, 'f EXAMINE INBOX')).toMatch(/f OK \[READ-ONLY\]/);
    const header = await ask(c, 'g FETCH 2:* (UID FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (Subject Message-ID)])');
    expect(header).toContain(
      `* 2 FETCH (UID 2 FLAGS () RFC822.SIZE ${running.messages[1]?.raw.length} BODY[HEADER.FIELDS (SUBJECT MESSAGE-ID)] {69}\r\n`,
    );
    expect(header).toContain('Subject: A third message\r\nMessage-ID: <first-3@lab.example.test>\r\n\r\n)\r\n');
    expect(await ask(c, 'h UID FETCH 3 BODY.PEEK[TEXT]<5.7>')).toContain('* 3 FETCH (UID 3 BODY[TEXT]<5> {7}\r\nmessage)\r\n');
    expect(await ask(c, 'i FETCH 1 BODY[]')).toContain('Subject: Welcome');
    expect(running.messages[0]?.seen).toBe(false);
    expect(await ask(c, 'j SEARCH SUBJECT "third" UNSEEN')).toContain('* SEARCH 3\r\n');
    expect(await ask(c, 'k UID SEARCH OR SUBJECT welcome NOT UID 1:2')).toContain('* SEARCH 1 3\r\n');
    expect(await ask(c, 'l SEARCH HEADER Message-ID "<first-2@lab.example.test>"')).toContain('* SEARCH 2\r\n');
    expect(await ask(c, 'm SEARCH CHARSET UTF-8 (TEXT nowhere) SINCE 1-Jan-2020 BEFORE 1-Jan-2100')).toContain(
      '* SEARCH 1 2 3\r\n',
    );
    expect(await ask(c, 'n SEARCH FROM nobody')).toContain('* SEARCH\r\n');
    expect(await ask(c, 'o SEARCH XYZZY')).toMatch(/^o BAD/);
    expect(await ask(c, 'p STORE 1 +FLAGS (\\Deleted)')).toMatch(/^p NO \[CANNOT\]/);
    expect(await ask(c, 'q UNSELECT')).toMatch(/^q OK/);
    expect(await ask(c, 'r SELECT INBOX')).toMatch(/r OK \[READ-WRITE\]/);
    await ask(c, 's FETCH 1 BODY[]');
    expect(running.messages[0]?.seen).toBe(true);
    expect(await ask(c, 't XYZZY')).toMatch(/^t BAD/);
    expect(await c.ask('nonsense', /\r\n/)).toMatch(/^\* BAD/);
    expect(await ask(c, 'u LIST ("" *')).toMatch(/^u BAD/);
    c.close();
  });

  it('tells of a message that comes in between', async () => {
    const account = createAccount();
    const c = await loggedIn({}, account);
    await ask(c, 'a EXAMINE INBOX');
    deliver(account, { raw: 'Subject: late\r\n\r\nlate\r\n' });
    expect(await ask(c, 'b NOOP')).toBe('* 4 EXISTS\r\nb OK Completed.\r\n');
    expect(await c.ask('c IDLE', /\r\n/)).toBe('+ idling\r\n');
    deliver(account, { raw: 'Subject: later\r\n\r\nlater\r\n' });
    expect(await c.ask('DONE', done('c'))).toBe('* 5 EXISTS\r\nc OK Idle completed.\r\n');
    c.close();
  });
});

describe('scripted replies over IMAP', () => {
  it('carry the tag, written or not', async () => {
    const c = await loggedIn({
      replies: {
        EXAMINE: '* OK noise\n{tag} NO [UNAVAILABLE] later',
        SELECT: 'NO SELECT Unsafe Login',
        ID: '* BYE over\n!close',
      },
    });
    expect(await ask(c, 'a1 EXAMINE INBOX')).toBe('* OK noise\r\na1 NO [UNAVAILABLE] later\r\n');
    expect(await ask(c, 'a2 SELECT INBOX')).toBe('a2 NO SELECT Unsafe Login\r\n');
    c.write('a3 ID NIL\r\n');
    await c.over;
    expect(c.text).toBe('* BYE over\r\n');
  });

  it('offer only what they answer, so that they are met', async () => {
    running = await serve({ protocol: 'imap', replies: { LOGIN: '{tag} NO [ALERT] no' } }, { authority });
    const c = await secure(running);
    expect(await c.until(/\r\n/)).not.toContain('AUTH=');
    expect(await ask(c, 'a LOGIN you@example.test "correct horse battery"')).toBe('a NO [ALERT] no\r\n');
    c.close();
    await running.close();
    running = await serve(
      { protocol: 'imap', replies: { 'AUTH XOAUTH2': '+ e30=\n{tag} NO [AUTHENTICATIONFAILED] x' } },
      { authority },
    );
    const d = await secure(running);
    expect(await d.until(/\r\n/)).toMatch(/AUTH=XOAUTH2\]/);
    expect(await d.ask('a AUTHENTICATE XOAUTH2 dXNlcg==', /\r\n/)).toBe('+ e30=\r\n');
    expect(await ask({ ...d, ask: (_, p) => d.ask('', p) }, 'a')).toBe('a NO [AUTHENTICATIONFAILED] x\r\n');
    d.close();
  });

  it('go in by PREAUTH', async () => {
    running = await serve(
      { protocol: 'imap', security: 'none', greeting: '* PREAUTH [CAPABILITY IMAP4rev1] welcome back' },
      { authority },
    );
    const c = plain(running);
    await c.until(/\r\n/);
    expect(await ask(c, 'a EXAMINE INBOX')).toMatch(/a OK/);
    c.close();
  });
});

describe('the arguments of a command', () => {
  it('are read', () => {
    expect(readArgs('INBOX "a \\"b\\\\" (X (Y "") Z)')).toEqual(['INBOX', 'a "b\\', ['X', ['Y', ''], 'Z']]);
    expect(readArgs('1:* BODY.PEEK[HEADER.FIELDS (A B)]<0.9>')).toEqual(['1:*', 'BODY.PEEK[HEADER.FIELDS (A B)]<0.9>']);
    expect(readArgs('')).toEqual([]);
    for (const broken of ['(', ')', '"open', 'BODY[', '('.repeat(50) + ')'.repeat(50)]) expect(readArgs(broken)).toBeUndefined();
  });

  it('name messages within bounds', () => {
    expect([...(readSet('2,4:*,1', 5) ?? [])]).toEqual([2, 4, 5, 1]);
    expect([...(readSet('9999999999:1', 3) ?? [])]).toEqual([1, 2, 3]);
    expect(readSet('1,,2', 3)).toBeUndefined();
  });
});

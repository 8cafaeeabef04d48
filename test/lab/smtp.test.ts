import { afterEach, describe, expect, it } from 'vitest';
import { createAccount } from '../../src/lab/account.ts';
import { createAuthority } from '../../src/lab/authority.ts';
import { type Running, serve } from '../../src/lab/server.ts';
import type { Serve } from '../../src/model/cause.ts';
import { type Client, plain, secure } from './client.ts';

const authority = createAuthority();
let running: Running;
afterEach(() => running.close());

const REPLY = /^\d{3} [^\r\n]*\r\n/m;
const PLAIN = Buffer.from('\0you@example.test\0correct horse battery').toString('base64');

async function loggedIn(faults: Partial<Serve> = {}, account = createAccount()): Promise<Client> {
  running = await serve({ protocol: 'smtp', ...faults }, { authority, account });
  const c = await secure(running);
  await c.until(REPLY);
  await c.ask('EHLO me.test', /^250 [^\r\n]*\r\n/m);
  expect(await c.ask(`AUTH PLAIN ${PLAIN}`, REPLY)).toMatch(/^235 2\.7\.0/);
  return c;
}

describe('the submission server', () => {
  it('announces what it has, on each channel', async () => {
    running = await serve({ protocol: 'smtp', security: 'starttls' }, { authority });
    const c = plain(running);
    expect(await c.until(REPLY)).toBe('220 mail.example.test ESMTP ready\r\n');
    const before = await c.ask('EHLO me.test', /^250 [^\r\n]*\r\n/m);
    expect(before.split('\r\n').slice(0, -2)).toSatisfy((lines: string[]) => lines.every((l) => l.startsWith('250-')));
    for (const word of ['PIPELINING', 'SIZE 10485760', '8BITMIME', 'SMTPUTF8', 'DSN', 'ENHANCEDSTATUSCODES', 'STARTTLS']) {
      expect(before).toContain(word);
    }
    expect(before).not.toContain('AUTH');
    expect(await c.ask(`AUTH PLAIN ${PLAIN}`, REPLY)).toMatch(/^504 5\.5\.4/);
    expect(await c.ask('MAIL FROM:<you@example.test>', REPLY)).toMatch(/^530 5\.7\.0/);
    expect(await c.ask('STARTTLS', REPLY)).toMatch(/^220 /);
    const s = await c.upgrade();
    expect(await s.ask('MAIL FROM:<you@example.test>', REPLY)).toMatch(/^503 5\.5\.1/);
    const after = await s.ask('EHLO me.test', /^250 [^\r\n]*\r\n/m);
    expect(after).toMatch(
      /AUTH PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER\r\n/,
    );
    expect(after).not.toContain('STARTTLS');
    expect(await s.ask('STARTTLS', REPLY)).toMatch(/^502/);
    expect(await s.ask('QUIT', REPLY)).toMatch(/^221/);
    expect(await s.over).toBe('end');
  });

  it('takes a pipelined transaction and shows the message to POP3 and IMAP of the same account', async () => {
    const account = createAccount();
    const c = await loggedIn({}, account);
    c.write(
      'MAIL FROM:<you@example.test> SIZE=300 BODY=8BITMIME\r\nRCPT TO:<you@example.test>\r\nRCPT TO: <friend@elsewhere.test> NOTIFY=NEVER\r\nDATA\r\n',
    );
    const said = await c.until(/^354 [^\r\n]*\r\n/m);
    expect(said).toMatch(/^250 2\.1\.0 Ok\r\n250 2\.1\.5 Ok\r\n250 2\.1\.5 Ok\r\n354 /);
    c.write('From: "You, yourself"\r\n <you@example.test>\r\nSubject: grüße\r\n\r\n..a dot\r\n.\r\nQUIT\r\n');
    expect(await c.until(/^221/m)).toMatch(/^250 2\.0\.0 Ok: queued as 4\r\n/);
    expect(running.messages).toHaveLength(4);
    expect(running.messages[3]).toMatchObject({
      uid: 4,
      from: 'you@example.test',
      to: ['you@example.test', 'friend@elsewhere.test'],
    });
    expect(running.received.at(-2)).toBe('.');
    expect(running.received.join('\n')).not.toContain('a dot');
    await running.close();

    running = await serve({ protocol: 'pop3' }, { authority, account });
    const pop = await secure(running);
    pop.write('USER you@example.test\r\nPASS correct horse battery\r\nRETR 4\r\n');
    const message = await pop.until(/\r\n\.\r\n/);
    expect(message).toContain('Subject: grüße\r\n\r\n..a dot\r\n.\r\n');
    const octets = Number(/\+OK (\d+) octets/.exec(message)?.[1]);
    expect(octets).toBe(Buffer.byteLength(message.slice(message.indexOf('Return-Path')).replace('..a', '.a')) - '.\r\n'.length);
    pop.close();
    await running.close();

    running = await serve({ protocol: 'imap' }, { authority, account });
    const imap = await secure(running);
    imap.write(
      'a LOGIN you@example.test "correct horse battery"\r\nb EXAMINE INBOX\r\nc SEARCH HEADER Subject gr\r\nd FETCH 4 BODY.PEEK[]\r\n',
    );
    const fetched = await imap.until(/^d OK/m);
    expect(fetched).toContain('* 4 EXISTS');
    expect(fetched).toMatch(/\* SEARCH 4\r\n/);
    expect(fetched).toContain(`BODY[] {${octets}}\r\nReturn-Path: <you@example.test>\r\n`);
    imap.close();
  });

  it('lets nobody send as somebody else, in the envelope or in the header', async () => {
    const c = await loggedIn();
    expect(await c.ask('MAIL FROM:<boss@example.test>', REPLY)).toBe(
      '553 5.7.1 <boss@example.test>: Sender address rejected: not owned by user you@example.test\r\n',
    );
    expect(await c.ask('MAIL FROM:<you+alias@EXAMPLE.test>', REPLY)).toMatch(/^250/);
    expect(await c.ask('RCPT TO:<nobody@example.test>', REPLY)).toMatch(/^550 5\.1\.1/);
    await c.ask('RCPT TO:<you@example.test>', REPLY);
    await c.ask('DATA', REPLY);
    c.write('From: you@example.test <boss@example.test>\r\n\r\nhello\r\n.\r\n');
    expect(await c.until(REPLY)).toBe('553 5.7.1 Relaying disallowed as boss@example.test\r\n');
    expect(await c.ask('RCPT TO:<you@example.test>', REPLY)).toMatch(/^503/);
    expect(await c.ask('MAIL FROM:<>', REPLY)).toMatch(/^250/);
    expect(running.messages).toHaveLength(3);
    c.close();
  });

  it('keeps order and syntax', async () => {
    const c = await loggedIn();
    expect(await c.ask(`AUTH PLAIN ${PLAIN}`, REPLY)).toMatch(/^503/);
    expect(await c.ask('RCPT TO:<you@example.test>', REPLY)).toMatch(/^503/);
    expect(await c.ask('DATA', REPLY)).toMatch(/^503/);
    expect(await c.ask('MAIL FROM:you@example.test', REPLY)).toMatch(/^501/);
    expect(await c.ask('MAIL FROM:<you@example.test> SIZE=99999999', REPLY)).toMatch(/^552 5\.3\.4/);
    expect(await c.ask('MAIL FROM:<you@example.test>', REPLY)).toMatch(/^250/);
    expect(await c.ask('MAIL FROM:<you@example.test>', REPLY)).toMatch(/^503/);
    expect(await c.ask('RSET', REPLY)).toMatch(/^250/);
    expect(await c.ask('NOOP', REPLY)).toMatch(/^250/);
    expect(await c.ask('TURN', REPLY)).toMatch(/^502/);
    expect(await c.ask('EHLO', REPLY)).toMatch(/^501/);
    c.close();
  });

  it('refuses more than it takes without keeping it', async () => {
    const c = await loggedIn();
    c.write('MAIL FROM:<you@example.test>\r\nRCPT TO:<you@example.test>\r\nDATA\r\n');
    await c.until(/^354/m);
    await c.until(/\r\n/);
    const line = `${'x'.repeat(998)}\r\n`;
    c.write(line.repeat(11_000));
    c.write('.\r\n');
    expect(await c.until(REPLY)).toMatch(/^552 5\.3\.4/);
    expect(running.messages).toHaveLength(3);
    c.close();
  });
});

describe('scripted replies', () => {
  it('answer by the longest prefix, whatever the case', async () => {
    const replies = { 'MAIL FROM': '450 4.7.1 later', 'mail from:<you@example.test>': '451 4.3.0 not you', 'RCPT TO': '550 no' };
    const c = await loggedIn({ replies });
    expect(await c.ask('mail FROM:<you+alias@example.test>', REPLY)).toBe('450 4.7.1 later\r\n');
    expect(await c.ask('MAIL FROM: <YOU@example.test>', REPLY)).toBe('451 4.3.0 not you\r\n');
    c.close();
  });

  it('play several lines as one reply, and the end of data', async () => {
    const c = await loggedIn({ replies: { '.': '554-5.7.1 first\n554 5.7.1 second' } });
    c.write('MAIL FROM:<you@example.test>\r\nRCPT TO:<you@example.test>\r\nDATA\r\n');
    await c.until(/^354[^\n]*\n/m);
    c.write('Subject: x\r\n\r\nx\r\n.\r\n');
    expect(await c.until(REPLY)).toBe('554-5.7.1 first\r\n554 5.7.1 second\r\n');
    expect(running.messages).toHaveLength(3);
    expect(await c.ask('NOOP', REPLY)).toMatch(/^250/);
    c.close();
  });

  it('close, reset and fall silent', async () => {
    const c = await loggedIn({ replies: { 'MAIL FROM': '421 4.3.2 shutting down\n!close', NOOP: '!reset', RSET: '!silent' } });
    c.write('MAIL FROM:<you@example.test>\r\n');
    expect(await c.over).toBe('end');
    expect(c.text).toBe('421 4.3.2 shutting down\r\n');
    const again = await secure(running);
    await again.until(REPLY);
    again.write('NOOP\r\n');
    expect(await again.over).toMatch(/ECONNRESET|ECONNABORTED/);
    const mute = await secure(running);
    await mute.until(REPLY);
    mute.write('RSET\r\nNOOP\r\nQUIT\r\n');
    mute.socket.end();
    expect(await mute.over).toBe('end');
    expect(mute.text).toBe('');
    expect(running.received.slice(-3)).toEqual(['RSET', 'NOOP', 'QUIT']);
  });

  it('stand in for the greeting', async () => {
    running = await serve({ protocol: 'smtp', security: 'none', greeting: 'HTTP/1.1 400 Bad Request\n\n!close' }, { authority });
    const c = plain(running);
    expect(await c.over).toBe('end');
    expect(c.text).toBe('HTTP/1.1 400 Bad Request\r\n\r\n');
  });

  it('come later where they are told to wait', async () => {
    const c = await loggedIn({ replies: { NOOP: '250-slow\n!wait 60\n250 done', RSET: '!wait 600000\n250 never' } });
    const start = performance.now();
    expect(await c.ask('NOOP', /slow\r\n/)).toBe('250-slow\r\n');
    expect(await c.until(REPLY)).toBe('250 done\r\n');
    expect(performance.now() - start).toBeGreaterThan(55);
    c.write('RSET\r\n');
    await running.close();
    expect(await c.over).toMatch(/end|ECONNRESET/);
  });

  it('refuse everything but QUIT after a 554 greeting, and end after 421, -ERR and BYE', async () => {
    running = await serve({ protocol: 'smtp', security: 'none', greeting: '554 no service' }, { authority });
    const c = plain(running);
    await c.until(REPLY);
    expect(await c.ask('EHLO me.test', REPLY)).toMatch(/^503/);
    expect(await c.ask('QUIT', REPLY)).toMatch(/^221/);
    expect(await c.over).toBe('end');
    await running.close();
    for (const [protocol, greeting] of [
      ['smtp', '421 busy'],
      ['pop3', '-ERR busy'],
      ['imap', '* BYE busy'],
    ] as const) {
      running = await serve({ protocol, security: 'none', greeting }, { authority });
      const d = plain(running);
      expect(await d.over).toBe('end');
      expect(d.text).toBe(`${greeting}\r\n`);
      await running.close();
    }
  });

  it('are told after the exchange where they judge the credentials, at once where they judge the command', async () => {
    const refuse = async (reply: string, dialog: readonly [string, RegExp][]) => {
      running = await serve({ protocol: 'smtp', security: 'none', replies: { AUTH: reply } }, { authority });
      const c = plain(running);
      await c.until(REPLY);
      await c.ask('EHLO me.test', /^250 [^\r\n]*\r\n/m);
      for (const [line, pattern] of dialog) expect(await c.ask(line, /^\d{3}[^\r\n]*\r\n(?!\d)/m)).toMatch(pattern);
      c.close();
      await running.close();
    };
    await refuse('535 5.7.139 basic authentication is disabled', [
      ['AUTH LOGIN', /^334 VXNlcm5hbWU6\r\n/],
      ['eW91QGV4YW1wbGUudGVzdA==', /^334 UGFzc3dvcmQ6\r\n/],
      ['Y29ycmVjdCBob3JzZSBiYXR0ZXJ5', /^535 5\.7\.139 basic/],
    ]);
    await refuse('504 5.5.4 not this one', [['AUTH LOGIN', /^504 /]]);
    await refuse('534-5.7.9 Application-specific password required.\r\n534 5.7.9 see the page', [
      [`AUTH PLAIN ${PLAIN}`, /^534-5\.7\.9 Application[^\r]*\r\n534 5\.7\.9 see/],
    ]);
    // A bearer token's reason comes as a challenge, which the client has to end (RFC 7628 §3.2.3).
    await refuse('334 eyJzdGF0dXMiOiI0MDEifQ==\n535 5.7.3 token', [
      ['AUTH XOAUTH2 dXNlcj14AWF1dGg9QmVhcmVyIHgBAQ==', /^334 eyJz/],
      ['', /^535 5\.7\.3/],
    ]);
    running = await serve({ protocol: 'smtp', security: 'none', replies: { AUTH: '235 2.7.0 whoever you are' } }, { authority });
    const c = plain(running);
    await c.until(REPLY);
    await c.ask('EHLO me.test', /^250 [^\r\n]*\r\n/m);
    expect(await c.ask('AUTH PLAIN AHgAeA==', REPLY)).toMatch(/^235/);
    expect(await c.ask('MAIL FROM:<you@example.test>', REPLY)).toMatch(/^250/);
    c.close();
  });
});

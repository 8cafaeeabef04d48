/** What is read out of pasted text: replies in every wrapping, transcripts, bounces, dialogs, logs. */
import { describe, expect, it } from 'vitest';
import type { Evidence, ReplyEvidence } from '../../src/model/evidence.ts';
import { read } from '../../src/paste/read.ts';

const refusals = (text: string) => read(text).evidence.filter((e): e is ReplyEvidence => e.kind === 'reply' && e.status === 'no');
const last = (text: string) => refusals(text).at(-1);
const kinds = (text: string) => read(text).evidence.map((e) => e.kind);
const of = <K extends Evidence['kind']>(text: string, kind: K) =>
  read(text).evidence.filter((e): e is Extract<Evidence, { kind: K }> => e.kind === kind);

describe('one reply, many wrappings', () => {
  it.each([
    '535 5.7.8 Nope',
    '  535 5.7.8 Nope  ',
    '> 535 5.7.8 Nope',
    'S: 535 5.7.8 Nope',
    '<- 535 5.7.8 Nope',
    '<<< 535 5.7.8 Nope',
    '<** 535 5.7.8 Nope',
    '<~* 535 5.7.8 Nope',
    'SERVER -> CLIENT: 535 5.7.8 Nope',
    '2024-03-01 10:11:12 SERVER -> CLIENT: 535 5.7.8 Nope',
    '[2024-03-01 10:11:12] DEBUG [Yk2] S: 535 5.7.8 Nope',
    "(535, b'5.7.8 Nope')",
    "smtplib.SMTPAuthenticationError: (535, '5.7.8 Nope')",
    "reply: b'535 5.7.8 Nope\\r\\n'",
    '"535 5.7.8 Nope"',
    'Error: Invalid login: 535 5.7.8 Nope',
    "{ response: '535 5.7.8 Nope', responseCode: 535, command: 'AUTH PLAIN' }",
    'javax.mail.AuthenticationFailedException: 535 5.7.8 Nope',
    '{{nocatch,{permanent_failure,<<"535 5.7.8 Nope\\r\\n">>}}',
    'Expected response code "235" but got code "535", with message "535 5.7.8 Nope".',
    'Net::SMTPAuthenticationError: 535 5.7.8 Nope',
    'server response: 535 5.7.8 Nope',
    'host mail.example.org[192.0.2.1] said: 535 5.7.8 Nope (in reply to end of AUTH command)',
    '\u001b[31m535 5.7.8 Nope\u001b[0m',
    '\ufeff535 5.7.8 Nope',
    '<p>535 5.7.8 Nope</p>',
    'error: 535 error: 535 5.7.8 Nope',
    'Server error: 535 #5.7.8 Nope',
  ])('%s', (text) => {
    expect(last(text)).toMatchObject({ code: 535, enhanced: '5.7.8', text: 'Nope' });
  });

  it('folds the lines of one reply', () => {
    expect(last('550-5.1.1 The account does not\n550-5.1.1 exist here.\n550 5.1.1 Bye')).toMatchObject({
      code: 550,
      enhanced: '5.1.1',
      text: 'The account does not\nexist here.\nBye',
    });
    expect(last('Error: 535-5.7.8 Not accepted. See\n535 5.7.8  https://example.com')?.text).toBe(
      'Not accepted. See\nhttps://example.com',
    );
    expect(last("(535, b'5.7.8 Not accepted. See\\n5.7.8  https://example.com x')")?.text).toContain('https://example.com');
  });

  it('reads an enhanced code alone, a code in brackets, and Roundcube', () => {
    expect(last('The mail server responded: 5.7.1 <a@example.org>: Relay access denied.')).toMatchObject({ enhanced: '5.7.1' });
    expect(last('sorry, no mailbox here by that name. (#5.1.1)')).toMatchObject({ enhanced: '5.1.1' });
    expect(last('SMTP Fehler (554): Empfänger "a@b" abgelehnt (5.7.1 <a@b>: Relay access denied).')).toMatchObject({
      code: 554,
      enhanced: '5.7.1',
      text: '<a@b>: Relay access denied',
    });
    expect(last('Lỗi SMTP (535): Xác thực thất bại.')).toMatchObject({ code: 535, text: 'Xác thực thất bại.' });
  });

  it('reads IMAP and POP3', () => {
    expect(last('A1 NO [AUTHENTICATIONFAILED] Bad')).toMatchObject({
      condition: 'NO',
      responseCode: 'AUTHENTICATIONFAILED',
      text: 'Bad',
    });
    expect(last('* BYE Too many connections')).toMatchObject({
      condition: 'BYE',
      text: 'Too many connections',
      protocol: 'imap',
    });
    expect(last('imap: NO SELECT Unsafe Login')).toMatchObject({ condition: 'NO', text: 'SELECT Unsafe Login' });
    expect(last('code: None, info: Some("[LIMIT] Slow down")')).toMatchObject({ responseCode: 'LIMIT', text: 'Slow down' });
    expect(last('error: -ERR [IN-USE] Locked')).toMatchObject({
      condition: '-ERR',
      responseCode: 'IN-USE',
      text: 'Locked',
      protocol: 'pop3',
    });
    expect(last("poplib.error_proto: b'-ERR authorization failed'")).toMatchObject({
      condition: '-ERR',
      text: 'authorization failed',
    });
  });

  it('takes ports, sizes, counts, HTTP statuses and addresses for what they are', () => {
    for (const text of [
      'Could not connect to port 587 - try 465',
      '550 messages were moved',
      'HTTP/1.1 404 Not Found',
      'took 535 ms to answer',
      'at index.js:535:12',
      'OpenSSL 5.1.1 is installed',
      'version 5.7.8 of the program',
      'ip 4.5.6.7 is used',
    ])
      expect(refusals(text), text).toEqual([]);
  });

  it('keeps the inner reply of a wrapper and the outer one', () => {
    const both = refusals('550 5.0.350 Remote server returned an error -> 550 5.1.1 user unknown');
    expect(both.map((r) => r.enhanced)).toEqual(['5.0.350', '5.1.1']);
  });
});

describe('transcripts', () => {
  it('tells which command a reply answers and what came before', () => {
    const text = [
      '220 mail.example.org ESMTP',
      'EHLO me',
      '250-mail.example.org',
      '250-AUTH PLAIN LOGIN',
      '250 SIZE 1000',
      `AUTH PLAIN ${Buffer.from('\0u\0secretpw9').toString('base64')}`,
      '235 2.7.0 Accepted',
      'MAIL FROM:<a@example.org>',
      '250 2.1.0 Ok',
      'RCPT TO:<b@example.net>',
      '554 5.7.1 <b@example.net>: Relay access denied',
      'QUIT',
      '221 Bye',
    ].join('\n');
    const r = read(text);
    expect(r.secrets).toBe(1);
    expect(refusals(text)).toHaveLength(1);
    expect(last(text)).toMatchObject({
      command: 'RCPT TO:<b@example.net>',
      about: 'b@example.net',
      stage: 'identity',
      channel: 'authenticated',
      protocol: 'smtp',
    });
    expect(r.evidence.some((e) => e.kind === 'reply' && e.code === 235 && e.status === 'ok')).toBe(true);
    expect(of(text, 'capabilities')[0]).toMatchObject({ mechanisms: ['PLAIN', 'LOGIN'] });
  });
  it('reads swaks, PHPMailer, mail-tester trees and IMAP', () => {
    expect(last(' -> MAIL FROM:<a@example.org>\n<** 550 5.7.1 not you')).toMatchObject({ command: 'MAIL FROM:<a@example.org>' });
    expect(last('CLIENT 1:\n└──MAIL FROM:<a@example.org>\nSERVER 1:\n└──550 5.7.1 not you')).toMatchObject({
      command: 'MAIL FROM:<a@example.org>',
      code: 550,
    });
    expect(
      last('2024-01-01 10:00:00 CLIENT -> SERVER: STARTTLS\n2024-01-01 10:00:01 SERVER -> CLIENT: 454 TLS not available'),
    ).toMatchObject({
      command: 'STARTTLS',
      stage: 'tls',
    });
    expect(last('C: a2 SELECT INBOX\nS: a2 NO [NOPERM] No')).toMatchObject({ command: 'SELECT INBOX', stage: 'mailbox' });
    expect(last('>>> RCPT To:<x@example.org>\n<<< 550 5.1.1 unknown')).toMatchObject({ command: 'RCPT To:<x@example.org>' });
  });
  it('knows the command from the words of logs and exceptions', () => {
    expect(last('postfix/smtpd[1]: NOQUEUE: reject: RCPT from x[192.0.2.1]: 450 4.7.1 no')).toMatchObject({ command: 'RCPT TO' });
    expect(last('host x[192.0.2.1] said: 552 5.3.4 big (in reply to end of DATA command)')).toMatchObject({
      command: '.',
      stage: 'send',
    });
    expect(last("smtplib.SMTPSenderRefused: (553, b'no', 'a@b')")).toMatchObject({ command: 'MAIL FROM' });
  });
  it('decodes the challenge of a refused token', () => {
    const challenge = Buffer.from('{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}').toString('base64');
    expect(of(`334 ${challenge}`, 'text')[0]?.text).toContain('"status":"401"');
    expect(
      of(
        `C: AUTH XOAUTH2 ${Buffer.from('user=a\x01auth=Bearer abc123\x01\x01').toString('base64')}\nS: 334 ${challenge}`,
        'text',
      )[0],
    ).toMatchObject({ stage: 'auth' });
  });
});

describe('bounces and mail', () => {
  it('reads the fields of a delivery status', () => {
    const text =
      'Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; b@example.org\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.example.org\nDiagnostic-Code: smtp; 550-5.1.1 The account does\n    not exist';
    expect(last(text)).toMatchObject({ code: 550, enhanced: '5.1.1' });
    expect(last(text)?.text.replace(/\s+/g, ' ')).toBe('The account does not exist');
  });
  it('reads base64, quoted-printable, quoted and HTML mail', () => {
    const inner = 'Your message was refused: 550 5.1.1 no such user';
    const mime = `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${Buffer.from(inner).toString('base64')}\n\n--x--`;
    expect(last(mime)).toMatchObject({ code: 550, enhanced: '5.1.1' });
    expect(last('Content-Transfer-Encoding: quoted-printable\n\n550 5.7.1 Empf=C3=A4nger abge=\nlehnt')?.text).toBe(
      'Empfänger abgelehnt',
    );
    expect(last('> > 550 5.7.1 Relaying denied\n> > bye')?.text).toBe('Relaying denied');
    expect(last('<div>Hello</div><table><tr><td>550&nbsp;5.7.1 <b>Relaying</b> denied</td></tr></table>')?.text).toBe(
      'Relaying denied',
    );
  });
  it('reads Exchange forms', () => {
    expect(last("Remote Server returned '550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; not allowed'")).toMatchObject({
      enhanced: '5.7.133',
    });
    expect(last('#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##')).toMatchObject({ code: 550, enhanced: '5.1.1' });
  });
});

describe('clients', () => {
  it('joins the lines of a dialog, so that a phrase broken for width is whole', () => {
    const texts = of('The certificate for mail.example.org does not come from a\ntrusted source.\nDo you want to go on?', 'text');
    expect(texts).toHaveLength(1);
    expect(texts[0]?.text.replace(/\s+/g, ' ')).toContain('does not come from a trusted source');
  });
  it('finds client numbers and programs', () => {
    expect(of("Task 'x - Sending' reported error (0x800CCC0E): 'The operation failed.'", 'text')[0]).toMatchObject({
      number: '0x800CCC0E',
      program: 'outlook',
    });
    expect(of('NSURLErrorDomain error -1202.', 'text')[0]).toMatchObject({ number: '-1202', program: 'apple-mail' });
  });
  it('turns socket, resolver and certificate errors into evidence with the place', () => {
    expect(
      of(
        'Error: connect ECONNREFUSED 192.0.2.1:587\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1:2)',
        'connect',
      )[0],
    ).toMatchObject({
      outcome: 'refused',
      address: '192.0.2.1',
      port: 587,
      protocol: 'smtp',
    });
    expect(of('getaddrinfo ENOTFOUND imap.exmaple.org', 'lookup')[0]).toMatchObject({
      outcome: 'nxdomain',
      host: 'imap.exmaple.org',
    });
    expect(of('SSL error connecting imap.gmail.com:993: self signed certificate', 'problem')[0]).toMatchObject({
      problem: 'server-name-missing',
    });
    expect(of('x509: certificate is valid for a.example, not b.example', 'problem')[0]).toMatchObject({
      problem: 'identity-differs',
    });
    expect(
      of(
        'Trying [2001:db8::1]:993...\nconnect to 2001:db8::1 port 993 failed: Network is unreachable\nConnected to x.example.org (192.0.2.1) port 993',
        'connect',
      ).map((c) => [c.family, c.outcome]),
    ).toEqual([
      [6, 'unreachable'],
      [4, 'open'],
    ]);
  });
  it('does not take the words of a server for an error of this machine', () => {
    expect(of('450 4.7.1 <x>: Helo command rejected: Host not found', 'lookup')).toEqual([]);
    expect(of('550 5.4.316 Message expired, connection refused', 'connect')).toEqual([]);
    expect(of('Error: Greeting never received\n code: ETIMEDOUT', 'connect')).toEqual([]);
  });
  it('tells a missing intermediate from an unknown root by what was sent', () => {
    const chain = (entries: string) =>
      `depth=0 CN = m.example.org\nverify error:num=20:unable to get local issuer certificate\nverify error:num=21:unable to verify the first certificate\n---\nCertificate chain\n${entries}---`;
    const problem = (entries: string) => of(chain(entries), 'problem').map((p) => p.problem);
    expect(problem(" 0 s:CN = m.example.org\n   i:C = US, O = Let's Encrypt, CN = R11\n")).toEqual(['incomplete-chain']);
    expect(problem(' 0 s:CN = m.example.org\n   i:CN = Our CA\n 1 s:CN = Our CA\n   i:CN = Our CA\n')).toEqual([
      'untrusted-root',
    ]);
    expect(problem(' 0 s:CN = m.example.org\n   i:O = avast! Web/Mail Shield, CN = avast! Root\n')).toEqual(['intercepted']);
  });
  it('leaves out stack frames, successes and footers', () => {
    expect(kinds('250 2.0.0 OK queued')).toEqual([]);
    expect(kinds('Sent from my phone')).toEqual([]);
    const texts = of('Error: something failed\n    at Foo.bar (/srv/app/foo.js:12:3)\n    at async main', 'text');
    expect(texts.map((t) => t.text)).toEqual(['Error: something failed']);
  });
});

describe('known settings', () => {
  it('finds host, port, protocol, user and provider', () => {
    expect(read('connect to smtp.zoho.eu:465 failed for user "info@example.org"').known).toMatchObject({
      host: 'smtp.zoho.eu',
      port: 465,
      protocol: 'smtp',
      security: 'tls',
      user: 'info@example.org',
    });
    expect(read('535-5.7.8 Username and Password not accepted - gsmtp').known.hints).toContain('gmail.com');
    expect(read('-ERR nope').known.protocol).toBe('pop3');
    expect(read('at com.sun.mail.smtp.SMTPTransport.rcptTo(SMTPTransport.java:1)').known.host).toBeUndefined();
  });
});

describe('bad input', () => {
  it('is total', () => {
    expect(read('').evidence).toEqual([]);
    expect(read('   \n\n').evidence).toEqual([]);
    expect(read(Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0])).binary).toBe(true);
    expect(read(new Uint8Array(64)).binary).toBe(true);
  });
});

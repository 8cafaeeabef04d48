/** Pasted secrets are masked before anything becomes evidence; ordinary words are not. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { read } from '../../src/paste/read.ts';
import { maskSecrets } from '../../src/paste/secrets.ts';

const SECRET = 'hunter2Xy9';
const b64 = (text: string) => Buffer.from(text).toString('base64');

describe('secrets', () => {
  it.each([
    ['POP3', `PASS ${SECRET}`],
    ['POP3 with a mark', `C: PASS ${SECRET} with spaces`],
    ['telnet', `pass ${SECRET}`],
    ['IMAP', `A1 LOGIN user@example.org ${SECRET}`],
    ['IMAP quoted', `a002 LOGIN "user@example.org" "${SECRET}"`],
    ['IMAP in an exception', `Command "login user@example.org ${SECRET}" failed`],
    ['IMAP literal', `A1 LOGIN user {10}\n+ OK\n${SECRET}`],
    ['AUTH PLAIN', `AUTH PLAIN ${b64(`\0user\0${SECRET}`)}`],
    ['AUTHENTICATE PLAIN', `a1 AUTHENTICATE PLAIN ${b64(`\0user@example.org\0${SECRET}`)}`],
    ['AUTH PLAIN on the next line', `AUTH PLAIN\n334 \n${b64(`\0user\0${SECRET}`)}`],
    ['AUTH LOGIN', `334 VXNlcm5hbWU6\n${b64('user')}\n334 UGFzc3dvcmQ6\n${b64(SECRET)}\n235 OK`],
    [
      'AUTH LOGIN, PHPMailer',
      `2024-01-02 10:00:00 SERVER -> CLIENT: 334 UGFzc3dvcmQ6\n2024-01-02 10:00:00 CLIENT -> SERVER: ${b64(SECRET)}`,
    ],
    ['AUTH LOGIN, swaks', `<-  334 UGFzc3dvcmQ6\n -> ${b64(SECRET)}`],
    ['XOAUTH2', `AUTH XOAUTH2 ${b64(`user=a@example.org\x01auth=Bearer ${SECRET}\x01\x01`)}`],
    ['Bearer', `Authorization: Bearer ${SECRET}.abc.def`],
    ['Basic', `Authorization: Basic ${b64(`user:${SECRET}`)}`],
    ['cookie', `Set-Cookie: sid=${SECRET}; Path=/`],
    ['access token', `{"access_token":"${SECRET}","expires_in":3599}`],
    ['refresh token', `refresh_token=${SECRET}&grant_type=refresh_token`],
    ['client secret', `client_secret = '${SECRET}'`],
    ['password=', `host=mail.example.org user=a password=${SECRET}`],
    ['password:', `Username: info@example.org\nPassword: ${SECRET}`],
    ['PHP array', `'username' => 'info', 'password' => '${SECRET}',`],
    ['PHPMailer', `$mail->Password = '${SECRET}';`],
    ['JavaScript', `auth: { user: 'a@example.org', pass: '${SECRET}' }`],
    ['Python', `server.login("a@example.org", "${SECRET}")`],
    ['Java', `new PasswordAuthentication("a@example.org", "${SECRET}")`],
    ['Go', `smtp.PlainAuth("", "a@example.org", "${SECRET}", "smtp.example.org")`],
    ['URL', `smtps://user:${SECRET}@smtp.example.org:465`],
    ['swaks', `swaks --to a@example.org -ap ${SECRET} --server mail.example.org`],
    ['imapsync', `imapsync --host1 a --user1 b --password1 ${SECRET} --host2 c`],
    ['curl', `curl --url smtps://smtp.example.org -u info@example.org:${SECRET}`],
    ['Dovecot debug', `auth: Debug: client in: AUTH 1 PLAIN service=imap resp=${b64(`\0user\0${SECRET}`)}`],
    ['Chinese', `密码：${SECRET}`],
    ['Vietnamese', `Mật khẩu: ${SECRET}`],
    ['env', `SMTP_PASS=${SECRET}`],
  ])('%s', (_, text) => {
    const { text: masked, secrets } = maskSecrets(text);
    expect(secrets).toBeGreaterThan(0);
    expect(masked).not.toContain(SECRET);
    expect(masked).not.toContain(b64(SECRET));
    expect(masked).not.toContain(b64(`\0user\0${SECRET}`));
    expect(JSON.stringify(read(text).evidence)).not.toContain(SECRET);
  });

  it('masks JSON web tokens and Google tokens anywhere', () => {
    const jwt = `eyJhbGciOiJSUzI1NiJ9.${b64('{"aud":"x"}').replace(/=/g, '')}.c2lnbmF0dXJl`;
    expect(maskSecrets(`token was ${jwt} and ya29.a0AfH6SMBxxxxxxxxxxxx`)).toMatchObject({ secrets: 2 });
  });

  it.each([
    '535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6',
    '334 UGFzc3dvcmQ6',
    '334 VXNlcm5hbWU6',
    'Password incorrect',
    'Password: incorrect.',
    'Password required',
    'A1 NO LOGIN failed',
    'A1 NO [AUTHENTICATIONFAILED] Login failed: authentication failure',
    '250-AUTH PLAIN LOGIN XOAUTH2 OAUTHBEARER',
    '250-AUTH LOGIN CRAM-MD5 PLAIN',
    '* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=LOGIN SASL-IR',
    'basic authentication is disabled',
    'spf=pass smtp.mailfrom=example.org; dkim=pass; dmarc=pass',
    'Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)',
    'imap-login: Login: user=<a@example.org>, session=<LZmGp6mZaMrAqLIZ>',
    'AUTH LOGIN',
    'AUTH PLAIN',
    'PASS ********',
    'Unexpected token: [atom: 0x00]',
    '334 eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIn0=',
    'Enter password for user@example.org:',
    '请使用授权码登录，密码错误',
    'OAuth token expired.',
    'The password is expired.',
    'postfix/smtpd[1234]: 4WqB2K3Xy9z1: client=unknown[198.51.100.9]',
    '[CLIENT -> SERVER: [credentials hidden]]',
  ])('leaves alone: %s', (text) => {
    expect(maskSecrets(text)).toEqual({ text, secrets: 0 });
  });

  it.each(['aa@5a>', 'aa@5a@'])('masks a response in base64 of capitals alone: %s', (p) => {
    const blob = b64(`\0u\0${p}`);
    expect(blob).toMatch(/^[A-Z+]+$/);
    expect(maskSecrets(`AUTH PLAIN ${blob}`)).toEqual({ text: 'AUTH PLAIN ********', secrets: 1 });
  });

  it('masks any password after PASS, LOGIN and AUTH, whatever its characters', () => {
    const password = fc.string({
      minLength: 6,
      maxLength: 24,
      unit: fc.constantFrom(...'abcdefgXYZ0123456789!#$%&()*+-./:<=>?@^_{|}~'),
    });
    fc.assert(
      fc.property(password, (p) => {
        // Masked already, or a placeholder: nothing to hide.
        fc.pre(/[a-gXYZ].*\d|\d.*[a-gXYZ]/.test(p) && !/^[<[({$%*]/.test(p));
        for (const text of [
          `PASS ${p}`,
          `A1 LOGIN user ${p}`,
          `AUTH PLAIN ${b64(`\0u\0${p}`)}`,
          `password=${JSON.stringify(p)}`,
        ]) {
          const masked = maskSecrets(text);
          if (masked.secrets === 0 || masked.text.includes(p)) throw new Error(text);
        }
      }),
      { numRuns: 200 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { digestMd5, directives } from '../../src/wire/digestmd5.ts';
import { md4 } from '../../src/wire/md4.ts';
import { ntlmAuthenticate, ntlmNegotiate } from '../../src/wire/ntlm.ts';
import { apop, chooseMechanism, saslClient } from '../../src/wire/sasl.ts';
import { saslprep } from '../../src/wire/saslprep.ts';
import { MAX_ITERATIONS, scram } from '../../src/wire/scram.ts';
import { tokenClaims } from '../../src/wire/token.ts';

const input = {
  user: 'tim',
  secret: () => 'tanstaaftanstaaf',
  protocol: 'imap',
  host: 'mail.example',
  port: 993,
  nonce: 'abc',
  now: 0,
} as const;

describe('SASL mechanisms against the vectors of their RFCs', () => {
  it('PLAIN (RFC 4616)', () => {
    expect(saslClient('PLAIN', input)?.initial()).toBe('\0tim\0tanstaaftanstaaf');
  });
  it('CRAM-MD5 (RFC 2195 §2)', () => {
    expect(saslClient('CRAM-MD5', input)?.respond(Buffer.from('<1896.697170952@postoffice.reston.mci.net>'))).toEqual({
      send: 'tim b913a602c7eda7a495b4e6e7334d3890',
    });
  });
  it('APOP (RFC 1939 §7)', () => {
    expect(apop('<1896.697170952@dbc.mtview.ca.us>', 'tanstaaf')).toBe('c4c9334bac560ecc979e58001b3e22fb');
  });
  it('DIGEST-MD5 (RFC 2831 §4), with the answer that the server must give', () => {
    const challenge = 'realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",qop="auth",algorithm=md5-sess,charset=utf-8';
    const r = digestMd5(challenge, 'chris', 'secret', 'imap', 'elwood.innosoft.com', 'OA6MHXh6VqTrRk');
    expect(r).toMatchObject({
      response: expect.stringContaining('response=d388dad90d4bbd760a152321f2143af7'),
      rspauth: 'ea40f60335c427b5527b84dbabcdfffd',
    });
    expect(directives('a="x\\"y",B=c').get('a')).toBe('x"y');
  });
  it('SCRAM-SHA-256 (RFC 7677 §3), server signature checked', () => {
    const s = scram('sha256', 'user', 'rOprNGfwEbeRWgbNEkqO');
    const first = 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096';
    expect(s.final(first, 'pencil')).toEqual({
      message: 'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    });
    expect(s.verify('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')).toBeUndefined();
    expect(s.verify('v=AAAATRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')).toContain('signature is wrong');
    expect(s.verify('e=invalid-proof')).toContain('invalid-proof');
  });
  it('SCRAM-SHA-1 (RFC 5802 §5)', () => {
    const s = scram('sha1', 'user', 'fyko+d2lbbFgONRv9qkxdawL');
    expect(s.final('r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096', 'pencil')).toEqual({
      message: 'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
    });
    expect(s.verify('v=rmF9pqV8S7suAoZWja4dJRkFsKQ=')).toBeUndefined();
  });
  it('S-117: no proof for a nonce that is not built on ours, nor for absurd iterations', () => {
    const s = scram('sha256', 'user', 'mine');
    expect(s.final('r=theirs,s=QSXCR+Q6sek8bf92,i=4096', 'x')).toHaveProperty('fault');
    expect(s.final('r=mine,s=QSXCR+Q6sek8bf92,i=4096', 'x')).toHaveProperty('fault');
    expect(s.final(`r=mine+,s=QSXCR+Q6sek8bf92,i=${MAX_ITERATIONS + 1}`, 'x')).toHaveProperty('fault');
  });
  it('channel binding stands in the GS2 header and in c=', () => {
    const s = scram('sha256', 'user', 'n', { type: 'tls-exporter', data: Buffer.from('xyz') });
    expect(s.first).toBe('p=tls-exporter,,n=user,r=n');
    expect(s.final('r=n2,s=QSXCR+Q6sek8bf92,i=1', 'x')).toMatchObject({
      message: expect.stringContaining(`c=${Buffer.from('p=tls-exporter,,xyz').toString('base64')}`),
    });
  });
  it('MD4 (RFC 1320 A.5)', () => {
    expect(Buffer.from(md4(Buffer.from('abc'))).toString('hex')).toBe('a448017aaf21d8525fc10ae87aa6729d');
    expect(Buffer.from(md4(new Uint8Array())).toString('hex')).toBe('31d6cfe0d16ae931b73c59d7e0c089c0');
  });
  it('NTLM answers a challenge and refuses what is none', () => {
    const challenge = Buffer.alloc(48);
    challenge.write('NTLMSSP\0', 'latin1');
    challenge.writeUInt32LE(2, 8);
    const m = ntlmAuthenticate(challenge, 'DOM\\user', 'pw', new Uint8Array(8), 0);
    expect(Buffer.from(m ?? []).readUInt32LE(8)).toBe(3);
    expect(ntlmAuthenticate(Buffer.from('junk'), 'u', 'p', new Uint8Array(8), 0)).toBeUndefined();
    expect(Buffer.from(ntlmNegotiate()).subarray(0, 7).toString()).toBe('NTLMSSP');
  });
  it('S-126: LOGIN never swaps user name and password', () => {
    const ok = saslClient('LOGIN', input);
    expect(ok?.respond(Buffer.from('Username:'))).toEqual({ send: 'tim' });
    expect(ok?.respond(Buffer.from('Password:'))).toEqual({ send: 'tanstaaftanstaaf' });
    expect(saslClient('LOGIN', input)?.respond(Buffer.from('Password:'))).toHaveProperty('fault');
    expect(saslClient('LOGIN', input)?.respond(Buffer.from('Quo vadis?'))).toHaveProperty('fault');
  });
  it('the token forms (RFC 7628, XOAUTH2) end a refusal as each wants', () => {
    const t = { ...input, secret: () => 'tok' };
    expect(saslClient('XOAUTH2', t)?.initial()).toBe('user=tim\x01auth=Bearer tok\x01\x01');
    expect(saslClient('XOAUTH2', t)?.respond(Buffer.from('{}'))).toEqual({ send: '' });
    expect(saslClient('OAUTHBEARER', t)?.respond(Buffer.from('{}'))).toEqual({ send: '\x01' });
  });
});

describe('choice of the mechanism (S-114)', () => {
  it('takes SCRAM before PLAIN, PLAIN before LOGIN and the digests, -PLUS only where the channel binds', () => {
    expect(chooseMechanism(['LOGIN', 'PLAIN', 'CRAM-MD5'], 'password', false).mechanism).toBe('PLAIN');
    expect(chooseMechanism(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS'], 'password', false).mechanism).toBe('SCRAM-SHA-256');
    expect(chooseMechanism(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS'], 'password', true).mechanism).toBe(
      'SCRAM-SHA-256-PLUS',
    );
    expect(chooseMechanism(['XOAUTH2'], 'password', false).mechanism).toBeUndefined();
    expect(chooseMechanism(['PLAIN', 'XOAUTH2'], 'token', false).mechanism).toBe('XOAUTH2');
  });
});

describe('SASLprep (RFC 4013 §3)', () => {
  it.each([
    ['I\u00adX', 'IX'],
    ['\u00aa', 'a'],
    ['\u2168', 'IX'],
    ['user', 'user'],
  ])('%j → %j', (a, b) => expect(saslprep(a)).toBe(b));
  it('leaves what it forbids as it is', () => expect(saslprep('\u0007é')).toBe('\u0007é'));
});

describe('tokens', () => {
  const jwt = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`;
  it('tells expiry, audience, scopes, user and tenant without trusting them', () => {
    const c = tokenClaims(
      jwt({ exp: 1000, aud: 'https://outlook.office.com', scp: 'IMAP.AccessAsUser.All SMTP.Send', upn: 'a@b', tid: 't' }),
      new Date(2_000_000),
    );
    expect(c).toEqual({
      expires: '1970-01-01T00:16:40.000Z',
      expired: true,
      audience: 'https://outlook.office.com',
      scopes: ['IMAP.AccessAsUser.All', 'SMTP.Send'],
      user: 'a@b',
      tenant: 't',
    });
  });
  it('says nothing of an opaque or broken one', () => {
    expect(tokenClaims('ya29.opaque', new Date())).toBeUndefined();
    expect(tokenClaims('a.!!!.c', new Date())).toBeUndefined();
  });
});

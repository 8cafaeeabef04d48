import { createHash } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createAccount } from '../../src/lab/account.ts';
import { createAuthority } from '../../src/lab/authority.ts';
import { MECHANISMS, type SaslContext, type SaslServer, saslServer } from '../../src/lab/sasl.ts';
import { serve } from '../../src/lab/server.ts';
import type { Protocol } from '../../src/model/terms.ts';
import { apop, saslClient } from '../../src/wire/sasl.ts';
import type { ScramBinding } from '../../src/wire/scram.ts';
import { type Client, secure } from './client.ts';

type Part = Partial<SaslContext> & Partial<SaslContext['account']>;

function server(mechanism: string, { user = 'user', password = 'pencil', token = 'lab-token', ...rest }: Part = {}): SaslServer {
  const made = saslServer(mechanism, { account: { user, password, token }, host: 'mail.example.test', ...rest });
  if (!made) throw new Error(`no ${mechanism}`);
  return made;
}

const say = (s: SaslServer, message?: string | Uint8Array) => {
  const turn = s.step(message === undefined ? undefined : Buffer.from(message));
  return 'challenge' in turn ? Buffer.from(turn.challenge).toString('utf8') : turn;
};
const refused = (why: 'credentials' | 'syntax') => expect.objectContaining({ refused: why });

describe('published exchanges', () => {
  it('CRAM-MD5: RFC 2195 §2', () => {
    const s = server('CRAM-MD5', {
      user: 'tim',
      password: 'tanstaaftanstaaf',
      fixed: { nonce: '<1896.697170952@postoffice.reston.mci.net>' },
    });
    expect(say(s)).toBe('<1896.697170952@postoffice.reston.mci.net>');
    expect(say(s, 'tim b913a602c7eda7a495b4e6e7334d3890')).toEqual({ accepted: 'tim' });
  });

  it('DIGEST-MD5: RFC 2831 §4', () => {
    const s = server('DIGEST-MD5', {
      user: 'chris',
      password: 'secret',
      host: 'elwood.innosoft.com',
      fixed: { nonce: 'OA6MG9tEQGm2hh' },
    });
    expect(say(s)).toBe('realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",qop="auth",algorithm=md5-sess,charset=utf-8');
    const response =
      'charset=utf-8,username="chris",realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",nc=00000001,cnonce="OA6MHXh6VqTrRk",digest-uri="imap/elwood.innosoft.com",response=d388dad90d4bbd760a152321f2143af7,qop=auth';
    expect(say(s, response)).toBe('rspauth=ea40f60335c427b5527b84dbabcdfffd');
    expect(say(s, '')).toEqual({ accepted: 'chris' });
  });

  it('SCRAM-SHA-1: RFC 5802 §5', () => {
    const s = server('SCRAM-SHA-1', { fixed: { nonce: '3rfcNHYJY1ZVvWVs7j', salt: Buffer.from('QSXCR+Q6sek8bf92', 'base64') } });
    expect(say(s, 'n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL')).toBe(
      'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
    );
    expect(say(s, 'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=')).toBe(
      'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=',
    );
    expect(say(s, '')).toEqual({ accepted: 'user' });
  });

  it('SCRAM-SHA-256: RFC 7677 §3', () => {
    const s = server('SCRAM-SHA-256', {
      fixed: { nonce: '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0', salt: Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64') },
    });
    const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
    expect(say(s, 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO')).toBe(`r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`);
    expect(say(s, `c=biws,r=${nonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`)).toBe(
      'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
    );
  });

  it('NTLMv2: [MS-NLMP] §4.2.4', () => {
    const s = server('NTLM', { user: 'User@Domain', password: 'Password', fixed: { nonce: '0123456789abcdef' } });
    const negotiate = Buffer.concat([Buffer.from('NTLMSSP\0'), Buffer.of(1, 0, 0, 0, 7, 2, 8, 0), Buffer.alloc(16)]);
    expect(say(s)).toBe('');
    expect(say(s, negotiate)).toMatch(/^NTLMSSP\0\x02/);
    const proof = '68cd0ab851e51c96aabc927bebef6a1c';
    const pairs = '02000c0044006f006d00610069006e0001000c00530065007200760065007200';
    const blob = `0101000000000000${'0'.repeat(16)}${'aa'.repeat(8)}00000000${pairs}0000000000000000`;
    const fields = [
      '',
      proof + blob,
      Buffer.from('Domain', 'utf16le').toString('hex'),
      Buffer.from('User', 'utf16le').toString('hex'),
      '',
      '',
    ];
    const head = Buffer.alloc(64);
    head.write('NTLMSSP\0');
    head.writeUInt32LE(3, 8);
    let offset = 64;
    for (const [i, f] of fields.entries()) {
      head.writeUInt16LE(f.length / 2, 12 + i * 8);
      head.writeUInt32LE(offset, 16 + i * 8);
      offset += f.length / 2;
    }
    head.writeUInt32LE(1, 60);
    expect(say(s, Buffer.concat([head, Buffer.from(fields.join(''), 'hex')]))).toEqual({ accepted: 'User@Domain' });
  });

  it('OAUTHBEARER: RFC 7628 §4.1, §4.2', () => {
    const message =
      'n,a=user@example.com,\x01host=server.example.com\x01port=587\x01auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01';
    const right = { user: 'user@example.com', token: 'vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==' };
    expect(say(server('OAUTHBEARER', right), message)).toEqual({ accepted: 'user@example.com' });
    const s = server('OAUTHBEARER', { ...right, token: 'another' });
    expect(JSON.parse(String(say(s, message)))).toMatchObject({ status: 'invalid_token' });
    expect(say(s, '\x01')).toEqual(refused('credentials'));
  });
});

describe('what is refused', () => {
  it('PLAIN: form, foreign authorization, wrong password', () => {
    expect(say(server('PLAIN'), '\0user\0pencil')).toEqual({ accepted: 'user' });
    expect(say(server('PLAIN'), 'user\0user\0pencil')).toEqual({ accepted: 'user' });
    expect(say(server('PLAIN'), 'boss\0user\0pencil')).toEqual(refused('credentials'));
    expect(say(server('PLAIN'), '\0user\0pencils')).toEqual(refused('credentials'));
    expect(say(server('PLAIN'), 'user pencil')).toEqual(refused('syntax'));
  });

  it('SCRAM: foreign nonce, hidden or mismatched binding, wrong proof, wrong user', () => {
    const fixed = { nonce: '3rfcNHYJY1ZVvWVs7j', salt: Buffer.from('QSXCR+Q6sek8bf92', 'base64') };
    const final = (r: string, c = 'biws') => `c=${c},r=${r},p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=`;
    const whole = 'fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j';
    const begin = (part: Part = {}, first = 'n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL') => {
      const s = server('SCRAM-SHA-1', { fixed, ...part });
      return { s, said: say(s, first) };
    };
    expect(say(begin().s, final('fyko+d2lbbFgONRv9qkxdawL'))).toEqual(refused('credentials'));
    expect(say(begin().s, final(whole, 'eSws'))).toEqual(refused('credentials'));
    expect(say(begin({ password: 'pen' }).s, final(whole))).toEqual(refused('credentials'));
    expect(say(begin({ user: 'other' }).s, final(whole))).toEqual(refused('credentials'));
    expect(begin({ binding: () => Buffer.of(1) }, 'y,,n=user,r=abc').said).toEqual(refused('credentials'));
    expect(begin({}, 'y,,n=user,r=abc').said).toMatch(/^r=abc/);
    expect(begin({}, 'p=tls-exporter,,n=user,r=abc').said).toEqual(refused('syntax'));
    expect(begin({}, 'nonsense').said).toEqual(refused('syntax'));
  });

  it('EXTERNAL without a certificate, and with one', () => {
    expect(say(server('EXTERNAL'), '')).toEqual(refused('credentials'));
    expect(say(server('EXTERNAL', { certified: 'CN' }), '')).toEqual({ accepted: 'user' });
    expect(say(server('EXTERNAL', { certified: 'CN' }), 'boss')).toEqual(refused('credentials'));
  });

  it('anything else', () => {
    expect(saslServer('GSSAPI', { account: createAccount(), host: 'x' })).toBeUndefined();
    for (const mechanism of [...MECHANISMS, 'NTLM', 'EXTERNAL']) {
      const s = server(mechanism);
      for (let i = 0, turn = s.step(undefined); i < 5 && 'challenge' in turn; i++) turn = s.step(Buffer.from([0xff, 0, 0x80, i]));
      expect(server(mechanism).step(Buffer.alloc(0))).not.toHaveProperty('accepted');
    }
  });
});

const authority = createAuthority();
const b64 = (message: string | Uint8Array) => Buffer.from(message).toString('base64') || '=';

/** Logs in by hand with the client half of the product; @returns the last reply and what mutual authentication says. */
async function logIn(
  c: Client,
  protocol: Protocol,
  mechanism: string,
  password: string,
  initial: boolean,
  binding?: ScramBinding,
) {
  const half = saslClient(mechanism, {
    ...{ user: 'you@example.test', secret: () => password, protocol, host: 'mail.example.test', port: 993 },
    ...{ nonce: 'a1b2c3d4e5f6', now: Date.now(), ...(binding ? { binding } : {}) },
  });
  if (!half) throw new Error(`no client for ${mechanism}`);
  const verb = protocol === 'imap' ? `a AUTHENTICATE ${mechanism}` : `AUTH ${mechanism}`;
  const answer = /^(\+ |\+(?=\r)|334 ?)([^\r\n]*)\r\n|^(\+OK|-ERR|a |[25]\d\d )[^\r\n]*\r\n/m;
  let sent = half.first && initial;
  c.write(sent ? `${verb} ${b64(half.initial())}\r\n` : `${verb}\r\n`);
  for (;;) {
    const line = await c.until(answer);
    const m = answer.exec(line);
    if (m?.[1] === undefined) return { line, mutual: half.verify() };
    if (half.first && !sent) {
      sent = true;
      c.write(`${b64(half.initial())}\r\n`);
      continue;
    }
    const step = half.respond(Buffer.from(m[2] ?? '', 'base64'));
    c.write('fault' in step ? '*\r\n' : `${step.send.length === 0 ? '' : b64(step.send)}\r\n`);
  }
}

describe('both halves together', () => {
  const tried = [...MECHANISMS, 'NTLM'].flatMap((mechanism) =>
    (['pop3', 'imap', 'smtp'] as const).map((protocol) => ({ protocol, mechanism })),
  );

  it.each(tried)('$mechanism over $protocol', async ({ protocol, mechanism }) => {
    const list =
      protocol === 'imap'
        ? [`AUTH=${mechanism}`, 'SASL-IR', 'IMAP4rev1']
        : [`${protocol === 'pop3' ? 'SASL' : 'AUTH'} ${mechanism}`];
    const running = await serve({ protocol, capabilities: { tls: list } }, { authority });
    try {
      for (const maxVersion of mechanism.endsWith('-PLUS') ? (['TLSv1.2', 'TLSv1.3'] as const) : (['TLSv1.3'] as const)) {
        for (const initial of [true, false]) {
          const open = async () => {
            const c = await secure(running, { maxVersion });
            await c.until(/^(\+OK|\* OK|220)[^\n]*\n/m);
            if (protocol === 'smtp') await c.ask('EHLO me.test', /^250 [^\n]*\n/m);
            return c;
          };
          const binding = (c: Client): ScramBinding | undefined => {
            if (!mechanism.endsWith('-PLUS') || !(c.socket instanceof TLSSocket)) return undefined;
            const data = c.socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
            return { type: 'tls-exporter', data };
          };
          const c = await open();
          const secret = ['XOAUTH2', 'OAUTHBEARER'].includes(mechanism) ? 'lab-token' : 'correct horse battery';
          const right = await logIn(c, protocol, mechanism, secret, initial, binding(c));
          expect(right.line).toMatch(/^(\+OK|a OK|235)/m);
          expect(right.mutual).toBeUndefined();
          c.close();
          const d = await open();
          const wrong = await logIn(d, protocol, mechanism, 'wrong', initial, binding(d));
          expect(wrong.line).toMatch(/^(-ERR \[AUTH\]|a NO \[AUTHENTICATIONFAILED\]|535 5\.7\.8)/m);
          d.close();
        }
      }
    } finally {
      await running.close();
    }
  });

  it('SCRAM-SHA-256-PLUS notices a channel that ends elsewhere', async () => {
    const running = await serve({ protocol: 'imap' }, { authority });
    const c = await secure(running);
    await c.until(/\r\n/);
    const binding: ScramBinding = { type: 'tls-exporter', data: Buffer.alloc(32, 7) };
    const said = await logIn(c, 'imap', 'SCRAM-SHA-256-PLUS', 'correct horse battery', true, binding);
    expect(said.line).toMatch(/^a NO \[AUTHENTICATIONFAILED\]/m);
    c.close();
    await running.close();
  });

  it('binds by the certificate as well', async () => {
    const running = await serve({ protocol: 'imap' }, { authority });
    const c = await secure(running);
    await c.until(/\r\n/);
    const raw = (c.socket instanceof TLSSocket && c.socket.getPeerX509Certificate()?.raw) || Buffer.alloc(0);
    const binding: ScramBinding = { type: 'tls-server-end-point', data: createHash('sha256').update(raw).digest() };
    const said = await logIn(c, 'imap', 'SCRAM-SHA-1-PLUS', 'correct horse battery', true, binding);
    expect(said).toMatchObject({ line: expect.stringMatching(/^a OK/m), mutual: undefined });
    c.close();
    await running.close();
  });

  it('EXTERNAL takes the certificate that was asked for', async () => {
    const running = await serve({ protocol: 'imap', capabilities: { tls: ['IMAP4rev1', 'AUTH=EXTERNAL'] } }, { authority });
    const { key, cert } = authority.mint('valid', { dns: ['you@example.test'], ips: [] });
    for (const [shown, expected] of [
      [{ key, cert }, /^a OK/],
      [{}, /^a NO/],
    ] as const) {
      const c = await secure(running, shown);
      await c.until(/\r\n/);
      expect(await c.ask('a AUTHENTICATE EXTERNAL =', /\r\n/)).toMatch(expected);
      c.close();
    }
    await running.close();
  });

  it('APOP', async () => {
    const running = await serve({ protocol: 'pop3' }, { authority });
    const c = await secure(running);
    const timestamp = /<[^>]+>/.exec(await c.until(/\r\n/))?.[0] ?? '';
    expect(await c.ask(`APOP you@example.test ${apop(timestamp, 'correct horse battery')}`, /\r\n/)).toMatch(/^\+OK/);
    c.close();
    await running.close();
  });

  it('ends an exchange that the client cancels or garbles', async () => {
    const running = await serve({ protocol: 'smtp' }, { authority });
    const c = await secure(running);
    await c.until(/\r\n/);
    await c.ask('EHLO me.test', /^250 [^\n]*\n/m);
    expect(await c.ask('AUTH PLAIN', /\r\n/)).toBe('334 \r\n');
    expect(await c.ask('*', /\r\n/)).toMatch(/^501 5\.7\.0/);
    await c.ask('AUTH PLAIN', /\r\n/);
    expect(await c.ask('not!base64', /\r\n/)).toMatch(/^501 5\.5\.2/);
    expect(await c.ask('AUTH GSSAPI', /\r\n/)).toMatch(/^504/);
    c.close();
    await running.close();
  });
});

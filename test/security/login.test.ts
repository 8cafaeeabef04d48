/** TLS transport and log-in: what is told of a handshake that fails, and what goes over the wire as credentials, once, to whom, and only there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import { type Running, serve } from '../../src/lab/server.ts';
import { en } from '../../src/locales/en.ts';
import type { Serve } from '../../src/model/cause.ts';
import type { Protocol } from '../../src/model/terms.ts';
import { terminal } from '../../src/reporters/terminal.ts';
import { readTold } from '../../src/settle/settle.ts';
import { checkArgs, cli, newHome, ROOT } from './cli.ts';
import { HOST, look, PASSWORD, PROTOCOLS, raw, authority as rawAuthority, type Seen, session, USER } from './raw.ts';

let lab: Authority;
beforeAll(() => {
  lab = createAuthority();
});

async function met(
  faults: Serve,
  more: Partial<Parameters<typeof look>[1]> = {},
): Promise<{ seen: Seen; running: Running; text: string }> {
  const running = await serve(faults, { authority: lab });
  try {
    const seen = await look(running.port, {
      protocol: faults.protocol,
      security: running.security,
      ca: running.ca,
      timeoutMs: 1500,
      ...more,
    });
    return { seen, running, text: terminal.render([seen.report], en, { width: 200, color: false, many: false }) };
  } finally {
    await running.close();
  }
}

describe.each(PROTOCOLS)('%s: handshakes', (protocol) => {
  it('S-064: TLS 1.0 and 1.1 only: too old, with what the server has', async () => {
    const { seen, text } = await met({ protocol, tls: 'old-version' }, { options: { controlProbes: true } });
    expect(seen.cause).toBe('tls.version-too-old');
    expect(text).toMatch(/TLS ?v?1\.[01]/);
  });

  it('S-065: plain text on a TLS port, and TLS on a plain port: the mix-up is named, and the right port', async () => {
    const plain = await met(
      { protocol, security: 'starttls', client: { security: 'tls' } },
      { options: { controlProbes: true } },
    );
    expect(plain.seen.cause).toBe('tls.implicit-on-plain-port');
    expect(plain.text).toMatch({ pop3: /\b(110|995)\b/, imap: /\b(143|993)\b/, smtp: /\b(587|465)\b/ }[protocol]);
    const tls = await met(
      { protocol, security: 'tls', client: { security: 'starttls' } },
      { options: { controlProbes: true }, timeoutMs: 600 },
    );
    expect(tls.seen.cause).toBe('tls.plain-on-implicit-port');
  });

  it('S-067: garbage after ClientHello', async () => {
    const { seen } = await met({ protocol, tls: 'garbage' }, { options: { controlProbes: true } });
    expect(seen.stages.tls).toBe('fail');
    expect(seen.cause).toMatch(/^(tls\.handshake-failed|greeting\.wrong-service|protocol\.violation|tls\.)/);
  });

  it('S-073: no build path, thread id, file or line of the library stands in what people read', async () => {
    for (const tls of [
      'alert',
      'garbage',
      'no-shared-cipher',
      'old-version',
      'client-certificate',
      'client-certificate-tls12',
    ] as const) {
      const { text, seen } = await met({ protocol, tls });
      expect(seen.check.diagnosis.verdict).toBe('fail');
      expect(text).not.toMatch(/\.c:\d+|\/deps\/|openssl[\\/]|[0-9A-F]{12,}:error|ssl[\\/]record|\.cc?:\d/i);
    }
  });
});

describe('the name that is sent', () => {
  it('S-069: stands in the report, also where the server closes because of it', async () => {
    const good = await met({ protocol: 'imap' });
    expect(good.seen.check.evidence.find((e) => e.kind === 'tls')).toMatchObject({ sni: HOST });
    expect(JSON.stringify(good.seen.report.checks[0]?.facts.tls)).toContain(HOST);
    const server = await raw(async (io) => {
      await io.line();
      io.say(Buffer.of(0x15, 0x03, 0x03, 0, 2, 2, 112));
    });
    const seen = await look(server.port, { protocol: 'imap', security: 'tls' });
    expect(seen.stages.tls).toBe('fail');
    expect(JSON.stringify(seen.report.checks[0])).toContain(HOST);
    const nameless = await met({ protocol: 'imap', certificate: 'server-name-missing' }, { host: '127.0.0.1' });
    expect(nameless.seen.cause).toBe('tls.server-name-missing');
  });

  it('S-070: is not sent for an IP host', async () => {
    const { seen } = await met({ protocol: 'imap' }, { host: '127.0.0.1' });
    expect(seen.check.evidence.find((e) => e.kind === 'tls')).toMatchObject({ sni: null });
  });
});

describe('session keys', () => {
  it('S-074: are never logged by us; where Node is told to, the report says so', async () => {
    const server = await raw(session('imap', { implicit: true }));
    const home = newHome();
    const args = checkArgs('imap', server.port, home);
    const keys = join(home.tmp, 'keys.log');
    const quiet = await cli([...args, '--json'], { in: home, env: { SSLKEYLOGFILE: keys } });
    expect(existsSync(keys)).toBe(false);
    expect(quiet.stdout).toContain('SSLKEYLOGFILE');
    const logged = await cli([...args, '--json'], { in: home, env: { NODE_OPTIONS: `--tls-keylog=${keys}` } });
    expect(JSON.parse(logged.stdout).checks[0].findings.map((f: { cause: string }) => f.cause)).toContain('tls.keys-logged');
    // Whoever listens to them in memory writes no files.
    const ours = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts'));
    const texts = ours.map((f) => [f, readFileSync(join(ROOT, 'src', f), 'utf8')] as const);
    expect(texts.filter(([, t]) => /'keylog'/.test(t) && /node:fs/.test(t)).map(([f]) => f)).toEqual([]);
  }, 20_000);
});

const ok: Readonly<Record<Protocol, (tag: string) => string>> = {
  pop3: () => '+OK in\r\n',
  imap: (tag) => `${tag} OK in\r\n`,
  smtp: () => '235 in\r\n',
};
const no: Readonly<Record<Protocol, (tag: string, words: string) => string>> = {
  pop3: (_t, w) => `-ERR ${w}\r\n`,
  imap: (tag, w) => `${tag} NO ${w}\r\n`,
  smtp: (_t, w) => `535 5.7.8 ${w}\r\n`,
};
const lists = (protocol: Protocol, mechanisms: readonly string[]) =>
  ({
    pop3: [`SASL ${mechanisms.join(' ')}`, 'UIDL'],
    imap: ['IMAP4rev1', 'SASL-IR', 'LOGINDISABLED', ...mechanisms.map((m) => `AUTH=${m}`)],
    smtp: [`AUTH ${mechanisms.join(' ')}`],
  })[protocol];

describe.each(PROTOCOLS)('%s: the log-in', (protocol) => {
  const isAuth = /^(AUTH|AUTHENTICATE|LOGIN|PASS|USER|APOP)\b/;

  it('S-111: counts only after a positive reply to a real mechanism', async () => {
    const none = await raw(
      session(protocol, {
        implicit: true,
        tls: { pop3: ['UIDL', 'SASL'], imap: ['IMAP4rev1', 'LOGINDISABLED'], smtp: ['SIZE 1'] }[protocol],
      }),
    );
    const a = await look(none.port, { protocol, security: 'tls' });
    expect(a.stages.auth).not.toBe('pass');
    const anonymous = await raw(session(protocol, { implicit: true, tls: lists(protocol, ['ANONYMOUS']) }));
    const b = await look(anonymous.port, { protocol, security: 'tls' });
    expect(b.stages.auth).not.toBe('pass');
    expect(anonymous.encrypted()).not.toContain('ANONYMOUS');
    const half = await raw(
      session(protocol, {
        implicit: true,
        tls: lists(protocol, ['PLAIN']),
        on: async (command, io) => {
          if (!isAuth.test(command)) return false;
          io.say(protocol === 'smtp' ? '250-in\r\n' : protocol === 'imap' ? '* OK in\r\n' : '+ \r\n');
          await io.wait(700);
          return 'over';
        },
      }),
    );
    const c = await look(half.port, { protocol, security: 'tls', timeoutMs: 400 });
    expect(c.stages.auth).toBe('fail');
  });

  it('S-114: SCRAM before PLAIN before LOGIN before digests; the choice and its reason are told', async () => {
    for (const [offered, wanted] of [
      [['LOGIN', 'PLAIN', 'CRAM-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256'], 'SCRAM-SHA-256'],
      [['LOGIN', 'PLAIN', 'CRAM-MD5', 'SCRAM-SHA-1'], 'SCRAM-SHA-1'],
      [['CRAM-MD5', 'LOGIN', 'PLAIN'], 'PLAIN'],
      [['CRAM-MD5', 'LOGIN'], 'LOGIN'],
    ] as const) {
      const server = await raw(
        session(protocol, {
          implicit: true,
          tls: lists(protocol, offered),
          on: (command, io, tag) => {
            if (!isAuth.test(command)) return false;
            io.say(no[protocol](tag, 'no'));
            return true;
          },
        }),
      );
      const seen = await look(server.port, { protocol, security: 'tls' });
      expect(seen.check.evidence.find((e) => e.kind === 'secret')).toMatchObject({
        mechanism: wanted,
        reason: expect.stringMatching(/first of|nothing better/),
      });
      expect(JSON.stringify(seen.report.checks[0]?.facts.auth)).toContain(wanted);
    }
  });

  it('S-115: no digest goes out in the clear by default', async () => {
    const server = await raw(
      session(protocol, {
        ...(protocol === 'pop3' ? { greeting: '+OK <1.2@x.test>\r\n' } : {}),
        plain: { pop3: ['SASL CRAM-MD5'], imap: ['IMAP4rev1', 'AUTH=CRAM-MD5'], smtp: ['AUTH CRAM-MD5'] }[protocol],
      }),
    );
    const seen = await look(server.port, { protocol, security: 'none' });
    expect(seen.stages.auth).toBe('skipped');
    expect(server.plain()).not.toMatch(/CRAM|APOP/);
  });

  it('S-117: no proof for a nonce that does not begin with ours', async () => {
    const server = await raw(
      session(protocol, {
        implicit: true,
        tls: lists(protocol, ['SCRAM-SHA-256']),
        on: async (command, io, tag) => {
          if (!command.startsWith('AUTH')) return false;
          if (command.split(' ')[2] === undefined) {
            io.say(protocol === 'smtp' ? '334 \r\n' : '+ \r\n');
            await io.line();
          }
          const first = Buffer.from('r=notyours,s=QUJD,i=4096').toString('base64');
          io.say(protocol === 'smtp' ? `334 ${first}\r\n` : `+ ${first}\r\n`);
          const next = await io.line();
          io.say(no[protocol](tag, 'cancelled'));
          expect(next).toBe('*');
          return true;
        },
      }),
    );
    const seen = await look(server.port, { protocol, security: 'tls' });
    expect(seen.stages.auth).toBe('fail');
    expect(seen.causes.filter((c) => c.includes('credentials'))).toEqual([]);
    expect(JSON.stringify(seen.report.checks[0]?.findings)).toContain('nonce');
    expect(Buffer.from(server.encrypted(), 'latin1').toString()).not.toMatch(/Yz1|p=/);
  });

  it('S-122: one attempt, whatever the answer, and none after a refusal', async () => {
    const server = await raw(
      session(protocol, {
        implicit: true,
        tls: lists(protocol, ['PLAIN', 'LOGIN', 'CRAM-MD5']),
        on: (command, io, tag) => {
          if (!isAuth.test(command)) return false;
          io.say(no[protocol](tag, 'wrong'));
          return true;
        },
      }),
    );
    const seen = await look(server.port, { protocol, security: 'tls', options: { controlProbes: true } });
    expect(seen.stages.auth).toBe('fail');
    expect(server.encrypted().match(/^(\S+ )?(AUTH|AUTHENTICATE|LOGIN|PASS)\b/gm)).toHaveLength(1);
  });

  it('S-126: AUTH LOGIN with prompts in another order or unknown: nothing is swapped', async () => {
    const ask = async (first: string, second: string) => {
      const server = await raw(
        session(protocol, {
          implicit: true,
          tls: lists(protocol, ['LOGIN']),
          on: async (command, io, tag) => {
            if (!command.startsWith('AUTH')) return false;
            const prompt = (p: string) =>
              io.say(
                protocol === 'smtp'
                  ? `334 ${Buffer.from(p).toString('base64')}\r\n`
                  : `+ ${Buffer.from(p).toString('base64')}\r\n`,
              );
            prompt(first);
            const one = await io.line();
            if (one !== '*') {
              prompt(second);
              if ((await io.line()) === '*') io.say(no[protocol](tag, 'cancelled'));
              else io.say(ok[protocol](tag));
            } else io.say(no[protocol](tag, 'cancelled'));
            return true;
          },
        }),
      );
      const seen = await look(server.port, { protocol, security: 'tls', mechanism: 'LOGIN', ...(protocol === 'imap' ? {} : {}) });
      return { seen, heard: server.encrypted() };
    };
    const secret = Buffer.from(PASSWORD).toString('base64');
    const swapped = await ask('Password:', 'Username:');
    expect([swapped.seen.stages.auth, swapped.heard.includes(secret)]).toEqual(['fail', false]);
    const unknown = await ask('Kennwort oder so?', 'x');
    expect([unknown.seen.stages.auth, unknown.heard.includes(secret)]).toEqual(['fail', false]);
    const other = await ask('User Name\0', 'Password\0');
    expect([other.seen.stages.auth, other.heard.includes(secret)]).toEqual(['pass', true]);
  });

  it('S-127: a token that is refused: the challenge is decoded, shown without the token, and ended as the mechanism wants', async () => {
    for (const [mechanism, end] of [
      ['XOAUTH2', ''],
      ['OAUTHBEARER', 'AQ=='],
    ] as const) {
      const heard: string[] = [];
      const token = 'ya29.a-token-that-nobody-may-see';
      const server = await raw(
        session(protocol, {
          implicit: true,
          tls: lists(protocol, [mechanism]),
          on: async (command, io, tag) => {
            if (!command.startsWith('AUTH')) return false;
            const go = (words: string) => io.say(protocol === 'smtp' ? `334 ${words}\r\n` : `+ ${words}\r\n`);
            if (command.split(' ')[2] === undefined) {
              go('');
              await io.line();
            }
            go(Buffer.from(JSON.stringify({ status: 'invalid_token', scope: 'mail', token })).toString('base64'));
            heard.push((await io.line()) ?? '(gone)');
            io.say(no[protocol](tag, 'no'));
            return true;
          },
        }),
      );
      const seen = await look(server.port, { protocol, security: 'tls', token });
      expect(heard).toEqual([end]);
      expect(seen.cause).toBe('auth.token-rejected');
      const text = JSON.stringify(seen.report);
      expect(text).toContain('invalid_token');
      expect(text).not.toContain(token);
    }
  });

  it('S-184: a token is read, never trusted: expiry, audience and scope are named, and no text of it', async () => {
    const part = (o: object) => Buffer.from(JSON.stringify(o)).toString('base64url');
    const token = [
      part({ alg: 'none' }),
      part({ aud: 'https://graph.microsoft.com', exp: 1_600_000_000, scp: 'User.Read', upn: 'other@example.test' }),
      'c2lnbmF0dXJl',
    ].join('.');
    const server = await raw(
      session(protocol, {
        implicit: true,
        tls: lists(protocol, ['XOAUTH2']),
        on: async (command, io, tag) => {
          if (!command.startsWith('AUTH')) return false;
          if (command.split(' ')[2] === undefined) {
            io.say('+ \r\n');
            await io.line();
          }
          io.say(no[protocol](tag, 'Authentication unsuccessful'));
          return true;
        },
      }),
    );
    const seen = await look(server.port, { protocol, security: 'tls', token });
    expect(seen.check.evidence.find((e) => e.kind === 'secret')).toMatchObject({
      token: { expired: true, audience: 'https://graph.microsoft.com', scopes: ['User.Read'], user: 'other@example.test' },
    });
    expect(seen.cause).toBe('auth.token-rejected');
    const text = JSON.stringify(seen.report);
    for (const p of token.split('.').slice(1)) expect(text).not.toContain(p);
  });
});

describe('refusals', () => {
  const TEXTS: readonly (readonly [string, Protocol, string])[] = [
    ['auth.credentials-rejected', 'smtp', '535 5.7.8 Error: authentication failed'],
    ['auth.credentials-rejected', 'imap', 'NO [AUTHENTICATIONFAILED] Invalid credentials'],
    ['auth.app-password-required', 'smtp', '534 5.7.9 Application-specific password required.'],
    ['auth.app-password-required', 'imap', 'NO [ALERT] Application-specific password required'],
    ['auth.web-login-required', 'smtp', '534 5.7.14 Please log in with your web browser and then try again.'],
    ['auth.account-locked', 'imap', 'NO [AUTHENTICATIONFAILED] Account is temporarily locked'],
    ['auth.too-many-attempts', 'smtp', '454 4.7.0 Too many login attempts, please try again later.'],
    ['auth.temporary-failure', 'smtp', '454 4.7.0 Temporary authentication failure: Connection lost to authentication server'],
    ['auth.temporary-failure', 'imap', 'NO [UNAVAILABLE] Temporary authentication failure.'],
    ['auth.password-expired', 'imap', 'NO [EXPIRED] Password has expired'],
  ];
  it.each(TEXTS)('S-121: %s: %s says %s', async (cause, protocol, reply) => {
    const server = await raw(
      session(protocol, {
        implicit: true,
        on: (command, io, tag) => {
          if (!/^(AUTH|LOGIN)/.test(command)) return false;
          io.say(`${protocol === 'imap' ? `${tag} ` : ''}${reply}\r\n`);
          return true;
        },
      }),
    );
    expect((await look(server.port, { protocol, security: 'tls' })).cause).toBe(cause);
  });
});

describe('what is typed', () => {
  it('S-123: CR, LF and NUL in user or password are refused before connecting', async () => {
    for (const user of ['you\r\nDELE 1', 'you\nX', 'you\0X'])
      expect(() => readTold({ protocol: 'pop3', host: HOST, user, insecureAuth: false })).toThrow(/line break or NUL/);
    const server = await raw(session('pop3', { implicit: true }));
    for (const password of ['a\rb', 'a\r\nQUIT', 'a\0b']) {
      const home = newHome();
      const named = join(home.tmp, 'pw');
      const { writeFileSync } = await import('node:fs');
      writeFileSync(named, password, { mode: 0o600 });
      const ran = await cli([...checkArgs('pop3', server.port, home), '--password-command', `cat ${named}`], { in: home });
      // One line counts: what stands after it is no part of the password.
      if (password.includes('\n')) expect(server.encrypted()).not.toContain('QUIT\r\nQUIT');
      else expect([ran.status, ran.stderr]).toEqual([2, expect.stringMatching(/line break or NUL/)]);
    }
  }, 20_000);

  it.each([
    'a b@example.test',
    '<a>@example.test',
    'Evil <a@example.test>',
    'a@example.test> SIZE=1',
    'a@example.test\r\nRCPT TO:<x@y.test>',
    'a@b@example.test',
    '@example.test',
    'a@',
    'a@exa mple.test',
  ])('S-128: the sender %j never changes the envelope', async (from) => {
    expect(() => readTold({ protocol: 'smtp', host: HOST, from: [from], insecureAuth: false })).toThrow();
  });

  it('S-128: a quoted local part goes out as it is, and a display name is refused', async () => {
    const server = await raw(session('smtp', { implicit: true }));
    await look(server.port, { protocol: 'smtp', security: 'tls', from: ['"x@y"@example.test'] });
    expect(server.encrypted()).toContain('MAIL FROM:<"x@y"@example.test>\r\n');
    expect(server.encrypted().match(/^MAIL FROM/gm)).toHaveLength(1);
  });
});

describe('the mailbox', () => {
  it('S-130: is not changed: no DELE, STORE or EXPUNGE, EXAMINE and not SELECT, nothing fetched', async () => {
    for (const protocol of ['pop3', 'imap'] as const) {
      const { seen, running } = await met({ protocol });
      expect(seen.check.diagnosis.verdict).toBe('pass');
      expect(running.received.join('\n')).not.toMatch(
        /\b(DELE|STORE|EXPUNGE|SELECT|RETR|APPEND|CREATE|DELETE|RENAME|SUBSCRIBE|CLOSE)\b/i,
      );
      expect(running.messages.every((m) => !m.seen)).toBe(true);
      if (protocol === 'imap') expect(running.received.join('\n')).toMatch(/EXAMINE/);
    }
  });
});

describe('a log-in over a whole account', () => {
  it('S-122: a refused log-in ends the tries for that account in a run', async () => {
    const heard: string[] = [];
    const bend = (protocol: Protocol) =>
      session(protocol, {
        implicit: true,
        on: (command, io, tag) => {
          if (!/^(AUTH|LOGIN|PASS)/.test(command)) return false;
          heard.push(protocol);
          io.say(no[protocol](tag, 'wrong'));
          return true;
        },
      });
    const servers = { pop: await raw(bend('pop3')), imap: await raw(bend('imap')), smtp: await raw(bend('smtp')) };
    const home = newHome();
    const { writeFileSync } = await import('node:fs');
    const ca = join(home.tmp, 'ca.pem');
    writeFileSync(ca, rawAuthority().mint('valid', { dns: [HOST], ips: ['127.0.0.1'] }).ca);
    const one = (word: keyof typeof servers) => `    ${word}: { host: 127.0.0.1, port: ${servers[word].port}, security: tls }\n`;
    writeFileSync(
      join(home.tmp, 'run.yaml'),
      `accounts:\n  - address: ${USER}\n    password: { env: PW }\n    ca-file: ${ca}\n    checks: [imap, pop, smtp]\n${one('pop')}${one('imap')}${one('smtp')}`,
    );
    const ran = await cli(['run', 'run.yaml', '--format', 'ndjson', '--no-control-probes'], { in: home, env: { PW: 'wrong' } });
    expect(ran.stdout.trim().split('\n')).toHaveLength(3);
    expect(heard).toHaveLength(1);
  }, 20_000);
});

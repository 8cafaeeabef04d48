/** Servers that send too much, too slowly, too little or in pieces: limits hold, the stage that failed is named, and nobody is told that a password is wrong. */
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Protocol } from '../../src/model/terms.ts';
import { OUTCOMES } from '../../src/net/tcp.ts';
import { LIMITS } from '../../src/wire/lines.ts';
import { checkArgs, cli, newHome } from './cli.ts';
import { GREETING, type Healthy, type Io, look, PROTOCOLS, raw, session } from './raw.ts';

const against = async (protocol: Protocol, healthy: Healthy, more: Partial<Parameters<typeof look>[1]> = {}) => {
  const server = await raw(session(protocol, { implicit: true, ...healthy }));
  return { ...(await look(server.port, { protocol, security: 'tls', ...more })), server };
};

/** Bends one command's answer. */
const on =
  (pattern: RegExp, answer: (io: Io, tag: string, command: string) => unknown): Healthy['on'] =>
  async (command, io, tag) => {
    if (!pattern.test(command)) return false;
    return (await answer(io, tag, command)) === 'over' ? 'over' : true;
  };

/** Says what there is to say and goes. */
const ends = (io: Io, words?: string, reset = false): 'over' => {
  if (words !== undefined) io.say(words);
  if (reset) io.reset();
  else io.end();
  return 'over';
};

describe.each(PROTOCOLS)('%s: time', (protocol) => {
  it('S-076: a silent server: a time-out of the stage that waits, as configured', async () => {
    const server = await raw((io) => io.gone());
    const plain = await look(server.port, { protocol, security: 'starttls', timeoutMs: 300 });
    expect([plain.cause, plain.stages.greeting]).toEqual(['greeting.timeout', 'fail']);
    const tls = await look(server.port, { protocol, security: 'tls', timeoutMs: 300 });
    expect([tls.cause, tls.stages.tls]).toEqual(['tls.handshake-timeout', 'fail']);
    expect(Math.max(plain.ms, tls.ms)).toBeLessThan(1500);
  });

  it('S-076: no trickle of bytes puts a deadline off', async () => {
    const server = await raw(async (io) => {
      for (;;) {
        io.say(protocol === 'smtp' ? '2' : '+');
        await io.wait(40);
      }
    });
    const seen = await look(server.port, { protocol, security: 'starttls', timeoutMs: 400 });
    expect(seen.stages.greeting).toBe('fail');
    expect(seen.ms).toBeLessThan(2000);
  });

  it('S-089: a tarpit: each stage has its own time, told in the report; what was not reached is skipped', async () => {
    const slow = { pop3: /^CAPA/, imap: /^CAPABILITY/, smtp: /^EHLO/ };
    const { check, stages, ms } = await against(
      protocol,
      { on: on(slow[protocol], (io) => io.wait(20_000).then(() => 'over')) },
      { timeoutMs: 500 },
    );
    expect(stages).toMatchObject({ greeting: 'pass', capabilities: 'fail', auth: 'skipped' });
    const took = check.stages.find((s) => s.stage === 'capabilities')?.durationMs ?? 0;
    expect(took).toBeGreaterThan(400);
    expect(took).toBeLessThan(1500);
    expect(ms).toBeLessThan(3000);
  });
});

describe.each(PROTOCOLS)('%s: size', (protocol) => {
  const flood = (io: Io, piece: string, bytes: number) => {
    const chunk = Buffer.from(piece.repeat(Math.ceil(65_536 / piece.length)), 'latin1');
    return (async () => {
      for (let sent = 0; sent < bytes; sent += chunk.length) {
        io.say(chunk);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
  };

  it('S-078: one line without end stops at the documented limit, with little memory', async () => {
    expect(LIMITS.line).toBeGreaterThanOrEqual(8 * 1024);
    expect(LIMITS.line).toBeLessThanOrEqual(1024 * 1024);
    const before = process.memoryUsage().rss;
    const server = await raw(async (io) => {
      io.say(protocol === 'imap' ? '* OK ' : protocol === 'pop3' ? '+OK ' : '220 ');
      await flood(io, 'x', 64 * 1024 * 1024);
    });
    const { check, cause } = await look(server.port, { protocol, security: 'starttls' });
    expect(cause).toBe('protocol.violation');
    expect(check.evidence.find((e) => e.kind === 'break')).toMatchObject({
      how: 'line-too-long',
      detail: expect.stringContaining(String(LIMITS.line)),
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });

  it('S-079: an endless reply of short lines stops at a documented count', async () => {
    const endless = {
      pop3: ['+OK\r\n', 'X-CAPA yes\r\n', /^CAPA/],
      imap: ['', '* X y\r\n', /^CAPABILITY/],
      smtp: ['', '250-X y\r\n', /^EHLO/],
    } as const;
    const [first, line, command] = endless[protocol];
    const { check, cause, stages } = await against(
      protocol,
      {
        on: on(command, async (io) => {
          io.say(first);
          await flood(io, line, 80 * 1024 * 1024);
          return 'over';
        }),
      },
      { timeoutMs: 20_000 },
    );
    expect(cause).toBe('protocol.violation');
    expect(check.evidence.find((e) => e.kind === 'break')).toMatchObject({ how: 'reply-too-long' });
    expect(stages).toMatchObject({ capabilities: 'fail', auth: 'skipped' });
  }, 30_000);

  it('S-081: ten thousand capabilities are counted, and cut in the report', async () => {
    const many = Array.from({ length: 10_000 }, (_, i) => `X${i}`);
    const needed = { pop3: ['SASL PLAIN'], imap: ['IMAP4rev1', 'AUTH=PLAIN'], smtp: ['AUTH PLAIN'] };
    const { check, report } = await against(protocol, { tls: [...needed[protocol], ...many] });
    expect(check.diagnosis.verdict).toBe('pass');
    expect(check.evidence.find((e) => e.kind === 'capabilities')).toMatchObject({ total: 10_000 + needed[protocol].length });
    expect(JSON.stringify(report).length).toBeLessThan(2_000_000);
    expect(report.checks[0]?.facts.capabilities?.[0]?.items.length).toBeLessThanOrEqual(200);
  });
});

describe.each(PROTOCOLS)('%s: bytes', (protocol) => {
  it('S-082: whatever the segments, one byte each or all at once, the same is read, and raw bytes are escaped in output', async () => {
    const words = 'caf\xe9 \xff\xfe \x00nul \x1b[31m \x80 a\rb \xe4\xb8\xad';
    const greeting = { pop3: `+OK ${words}\r\n`, imap: `* OK ${words}\r\n`, smtp: `220 ${words}\r\n` }[protocol];
    const run = async (size: number) => {
      const server = await raw(async (io) => {
        const cut: Io = {
          ...io,
          say: (text) => {
            const bytes = Buffer.from(text as string, 'latin1');
            for (let i = 0; i < bytes.length; i += size) io.say(bytes.subarray(i, i + size));
          },
        };
        await session(protocol, { greeting, plain: { pop3: ['USER', 'UIDL'], imap: ['IMAP4rev1'], smtp: ['SIZE 1'] }[protocol] })(
          cut,
        );
      });
      const seen = await look(server.port, { protocol, security: 'none', password: null });
      return {
        evidence: seen.check.evidence.map((e) => ({ ...e, atMs: 0, ms: 0, via: '' })),
        transcript: seen.check.transcript.map((t) => t.text),
        report: seen.report,
      };
    };
    const whole = await run(1_000_000);
    for (const size of [1, 2, 7]) {
      const cut = await run(size);
      expect(cut.evidence).toEqual(whole.evidence);
      expect(cut.transcript).toEqual(whole.transcript);
    }
    const [{ terminal }, { en }] = await Promise.all([
      import('../../src/reporters/terminal.ts'),
      import('../../src/locales/en.ts'),
    ]);
    const text = terminal.render([whole.report], en, { width: 100, color: false, many: false });
    expect(text).toContain('\\x00nul \\x1b[31m');
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  it('S-075: the server half-closes after its greeting: closed by the server, no write after the end', async () => {
    const server = await raw(async (io) => {
      io.say(GREETING[protocol]);
      io.end();
      await io.gone();
    });
    const seen = await look(server.port, { protocol, security: 'starttls' });
    expect(seen.check.diagnosis.verdict).toBe('fail');
    expect(seen.stages).toMatchObject({ greeting: 'pass', capabilities: 'fail', auth: 'skipped' });
    expect(JSON.stringify(seen.report.checks[0]?.findings)).toMatch(/closed/);
  });
});

describe('SMTP replies', () => {
  it.each([
    ['codes that differ', '250-one\r\n550 two\r\n'],
    ['no space after the code', '250one\r\n'],
    ['the code 999', '999 hello\r\n'],
    ['the code 100', '100 hello\r\n'],
    ['words before the code', 'hello 250 ok\r\n'],
    ['a code of two digits', '25 ok\r\n'],
    ['an empty line', '\r\n'],
  ])('S-084: %s break the protocol, and are never read as success', async (_name, reply) => {
    for (const command of [/^EHLO/, /^AUTH/, /^MAIL/]) {
      const { check, cause, report, stages } = await against('smtp', { on: on(command, (io) => io.say(reply)) });
      expect([reply, cause]).toEqual([reply, 'protocol.violation']);
      expect(Object.values(stages)).toContain('fail');
      const first = reply.split('\r\n')[0] ?? '';
      expect(JSON.stringify(report.checks[0]?.findings[0]?.evidence)).toContain(first);
      expect(check.diagnosis.verdict).toBe('fail');
    }
  });
});

describe.each(PROTOCOLS)('%s: challenges', (protocol) => {
  const mechanism = { pop3: ['SASL CRAM-MD5'], imap: ['IMAP4rev1', 'AUTH=CRAM-MD5'], smtp: ['AUTH CRAM-MD5'] };
  const challenge = (words: string) => (protocol === 'smtp' ? `334 ${words}\r\n` : `+ ${words}\r\n`);
  it.each([
    ['not base64', '!!! not base64 \x1b[31m !!!'],
    ['a hundred kilobytes', 'QUFB'.repeat(25_000)],
    ['half a group', 'QUJDRA'.slice(0, 5)],
  ])('S-086: %s: the log-in fails with a reason, and nothing of it stands raw in the output', async (_name, words) => {
    const { check, stages, report } = await against(
      protocol,
      {
        tls: mechanism[protocol],
        on: on(/^AUTH/, async (io, tag) => {
          io.say(challenge(words));
          await io.line();
          io.say(
            protocol === 'smtp'
              ? '501 5.5.2 cancelled\r\n'
              : protocol === 'imap'
                ? `${tag} BAD cancelled\r\n`
                : '-ERR cancelled\r\n',
          );
        }),
      },
      { mechanism: 'CRAM-MD5' },
    );
    expect([stages.auth, check.diagnosis.verdict]).toEqual(['fail', 'fail']);
    expect(check.diagnosis.root?.cause.id).not.toBe('auth.credentials-rejected');
    const [{ terminal }, { en }] = await Promise.all([
      import('../../src/reporters/terminal.ts'),
      import('../../src/locales/en.ts'),
    ]);
    expect(terminal.render([report], en, { width: 100, color: false, many: false })).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    expect(JSON.stringify(report).length).toBeLessThan(200_000);
  });

  it('S-086: one that decodes to NUL bytes is answered as any other', async () => {
    const { check, server } = await against(
      protocol,
      {
        tls: mechanism[protocol],
        on: on(/^AUTH/, async (io, tag) => {
          io.say(challenge(Buffer.alloc(16).toString('base64')));
          await io.line();
          io.say(protocol === 'smtp' ? '235 ok\r\n' : protocol === 'imap' ? `${tag} OK in\r\n` : '+OK in\r\n');
        }),
      },
      { mechanism: 'CRAM-MD5' },
    );
    expect(check.stages.find((s) => s.stage === 'auth')?.status).toBe('pass');
    expect(server.encrypted()).not.toContain('\0\0');
  });

  it('S-087: closed in the middle of the log-in, after it, and in a long reply: the stage is named, no password is called wrong', async () => {
    const list = { pop3: /^UIDL/, imap: /^EXAMINE/, smtp: /^MAIL/ };
    for (const [stage, how] of [
      ['auth', on(/^(AUTH|PASS|LOGIN)/, (io) => ends(io))],
      ['auth', on(/^(AUTH|PASS|LOGIN)/, (io) => ends(io, undefined, true))],
      ['auth', on(/^AUTH/, (io) => ends(io, challenge('')))],
      [
        protocol === 'smtp' ? 'identity' : 'mailbox',
        on(list[protocol], (io) => ends(io, protocol === 'pop3' ? '+OK\r\n1 a\r\n' : protocol === 'imap' ? '* 3 EX' : '250-')),
      ],
    ] as const) {
      const { stages, causes } = await against(protocol, { on: how });
      expect([stage, stages[stage]]).toEqual([stage, 'fail']);
      expect(causes.filter((c) => /credentials|password/.test(c))).toEqual([]);
    }
  });
});

describe('TCP', () => {
  it('S-091: refused, unanswered, unreachable and no source address are told apart', async () => {
    const { refusingPort, unansweringPort } = await import('../../src/lab/dead.ts');
    const dead = await refusingPort('127.0.0.1');
    const mute = await unansweringPort('127.0.0.1');
    try {
      const refused = await look(dead.port, { protocol: 'imap', security: 'tls' });
      const timeout = await look(mute.port, { protocol: 'imap', security: 'tls', timeoutMs: 500 });
      expect([refused.cause, timeout.cause]).toEqual(['connect.refused', 'connect.timeout']);
      expect(refused.report.checks[0]?.facts.addresses).toMatchObject([{ address: '127.0.0.1', outcome: 'refused' }]);
      expect(timeout.report.checks[0]?.facts.addresses).toMatchObject([{ address: '127.0.0.1', outcome: 'timeout' }]);
    } finally {
      await dead.close();
      await mute.close();
    }
    expect(OUTCOMES).toMatchObject({
      ENETUNREACH: 'unreachable',
      EHOSTUNREACH: 'unreachable',
      EADDRNOTAVAIL: 'no-source',
      EACCES: 'denied',
    });
  }, 30_000);

  it('S-091: this machine without any network: unreachable, and inconclusive or failed, never a crash', async () => {
    const home = newHome();
    const ran = await cli(['imap', 'you@example.test', '--host', '192.0.2.1', '--timeout', '2', '--no-input', '--json'], {
      in: home,
      under: ['unshare', '-n'],
    });
    const report = JSON.parse(ran.stdout);
    expect(['connect.unreachable', null]).toContain(report.checks[0].cause);
    expect([1, 3]).toContain(ran.status);
  }, 20_000);

  it('S-092: the first address is dead, the second fine: it works, with a warning that names the dead one', async () => {
    const { serve } = await import('../../src/lab/server.ts');
    const { authority } = await import('./raw.ts');
    const running = await serve({ protocol: 'imap', tcp: 'first-address-dead' }, { authority: authority() });
    try {
      const home = newHome();
      const ran = await cli(
        [
          'imap',
          running.mail,
          '--host',
          running.host,
          '--port',
          String(running.port),
          '--security',
          'tls',
          '--resolver',
          running.resolver,
          '--ca-file',
          running.caFile,
          '--password-env',
          'PW',
          '--json',
          '--timeout',
          '3',
        ],
        { in: home, env: { PW: running.password } },
      );
      const report = JSON.parse(ran.stdout);
      expect([ran.status, report.verdict]).toEqual([0, 'warn']);
      const addresses = report.checks[0].facts.addresses;
      expect(addresses.map((a: { outcome: string }) => a.outcome).sort()).toEqual(['open', 'refused']);
      const dead = addresses.find((a: { outcome: string }) => a.outcome === 'refused').address;
      expect(JSON.stringify(report.checks[0].findings.filter((f: { severity: string }) => f.severity === 'warning'))).toContain(
        dead,
      );
    } finally {
      await running.close();
    }
  }, 20_000);
});

describe('a reader that goes away', () => {
  it('S-094: standard output closed early: no stack, no crash', async () => {
    const server = await raw(session('imap', { implicit: true }));
    const home = newHome();
    const args = checkArgs('imap', server.port, home);
    for (const destroy of [0, 50, 400]) {
      const ran = await cli([...args, '--json', '--transcript'], {
        in: home,
        during: (child) => {
          setTimeout(() => child.stdout?.destroy(), destroy);
        },
      });
      expect(ran.stderr).toBe('');
      expect([0, 1, 3]).toContain(ran.status);
    }
    const big = await cli(['presets', '--json'], {
      in: home,
      during: (child) => void child.stdout?.once('data', () => child.stdout?.destroy()),
    });
    expect([big.stderr, big.signal]).toEqual(['', null]);
  }, 30_000);
});

describe('a port on which something else listens', () => {
  it('nothing is left behind: every socket of a check is closed', async () => {
    let open = 0;
    const server = createServer((s) => {
      open += 1;
      s.on('error', () => {}).on('close', () => {
        open -= 1;
      });
      s.resume().write('* OK hi\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const at = server.address();
    await look(typeof at === 'object' && at ? at.port : 0, { protocol: 'imap', security: 'starttls', timeoutMs: 300 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(open).toBe(0);
    server.close();
  });
});

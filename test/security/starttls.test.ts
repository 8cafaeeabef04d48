/**
 * Getting to TLS: the cases of "Why TLS is better without STARTTLS" (Poddebniak et al., USENIX Security 2021) and their kin, on
 * all three protocols. In none of them does a credential go out in the clear.
 */
import { describe, expect, it } from 'vitest';
import type { Protocol } from '../../src/model/terms.ts';
import { credentialsIn, GREETING, type Healthy, HOST, look, PROTOCOLS, raw, session } from './raw.ts';

const VERB: Readonly<Record<Protocol, string>> = { pop3: 'STLS', imap: 'STARTTLS', smtp: 'STARTTLS' };
const isVerb = (protocol: Protocol, command: string) => command.toUpperCase() === VERB[protocol];
/** The positive answer to the upgrade. */
const granted = (protocol: Protocol, tag: string) =>
  protocol === 'pop3' ? '+OK begin\r\n' : protocol === 'imap' ? `${tag} OK begin\r\n` : '220 go\r\n';

async function against(protocol: Protocol, healthy: Healthy, more: Partial<Parameters<typeof look>[1]> = {}) {
  const server = await raw(session(protocol, healthy));
  const seen = await look(server.port, { protocol, ...more });
  expect(credentialsIn(server.plain())).toEqual([]);
  return { ...seen, server };
}

describe.each(PROTOCOLS)('%s: the upgrade', (protocol) => {
  it('a healthy server is upgraded, logged in to over TLS only, and passes', async () => {
    const { check, server } = await against(protocol, {});
    expect(check.diagnosis.verdict).toBe('pass');
    expect(credentialsIn(server.encrypted())).not.toEqual([]);
  });

  it('S-001: it is not offered: no password leaves, the check fails at once', async () => {
    const plain = { pop3: ['UIDL', 'USER', 'SASL PLAIN'], imap: ['IMAP4rev1', 'AUTH=PLAIN'], smtp: ['AUTH PLAIN LOGIN'] };
    const { cause, stages, ms, server } = await against(protocol, { plain: plain[protocol] });
    expect(cause).toBe('tls.starttls-missing');
    expect(stages).toMatchObject({ tls: 'fail', auth: 'skipped' });
    expect(server.plain()).not.toMatch(/STARTTLS|STLS/i);
    expect(ms).toBeLessThan(1000);
  });

  const refusals: Readonly<Record<Protocol, readonly string[]>> = {
    pop3: ['-ERR no TLS \x1b[31mfor you'],
    imap: ['{tag} NO no TLS \x1b[31mfor you', '{tag} BAD no TLS \x1b[31mfor you'],
    smtp: [
      '454 4.7.0 no TLS \x1b[31mfor you',
      '500 no TLS \x1b[31mfor you',
      '502 no TLS \x1b[31mfor you',
      '530 no TLS \x1b[31mfor you',
    ],
  };
  it.each(refusals[protocol])('S-002: it is refused with %j: quoted and escaped, no fallback', async (reply) => {
    const { cause, stages, report, server } = await against(protocol, {
      on: (command, io, tag) => {
        if (!isVerb(protocol, command)) return false;
        io.say(`${reply.replace('{tag}', tag)}\r\n`);
        return true;
      },
    });
    expect(cause).toBe('tls.starttls-refused');
    expect(stages).toMatchObject({ tls: 'fail', auth: 'skipped' });
    const { forTerminal } = await import('../../src/report/escape.ts');
    const evidence = report.checks[0]?.findings[0]?.evidence.map(forTerminal).join('\n') ?? '';
    expect(evidence).toContain('no TLS \\x1b[31mfor you');
    expect(server.encrypted()).toBe('');
  });

  it('S-006: whole lines after the final reply, in the same segment, are told as injected; no log-in', async () => {
    const lines = { pop3: '+OK injected \x07\r\n', imap: '* OK [ALERT] injected \x07\r\n', smtp: '250 injected \x07\r\n' };
    const { cause, report, server } = await against(protocol, {
      on: async (command, io, tag) => {
        if (!isVerb(protocol, command)) return false;
        io.say(granted(protocol, tag) + lines[protocol]);
        await io.gone();
        return 'over';
      },
    });
    expect(cause).toBe('tls.injected');
    expect(report.checks[0]?.findings[0]?.evidence.join('\n')).toContain('injected');
    expect(server.encrypted()).toBe('');
  });

  it('S-006: the same in a later segment, while the handshake is due, is never taken for anything said over TLS', async () => {
    const lines = { pop3: '+OK injected\r\n', imap: '* OK [ALERT] injected\r\n', smtp: '250 injected\r\n' };
    const { cause, check, server } = await against(
      protocol,
      {
        on: async (command, io, tag) => {
          if (!isVerb(protocol, command)) return false;
          io.say(granted(protocol, tag));
          await io.wait(100);
          io.say(lines[protocol]);
          await io.gone();
          return 'over';
        },
      },
      { options: { controlProbes: true } },
    );
    expect(check.diagnosis.verdict).toBe('fail');
    expect(cause).toMatch(/^tls\./);
    expect(server.encrypted()).toBe('');
    expect(check.evidence.some((e) => e.kind === 'reply' && e.channel !== 'plain')).toBe(false);
  });

  it('S-007: a fragment without CRLF is not joined to the first line over TLS', async () => {
    const fragment = { pop3: '+OK [AUTH', imap: 'm2 OK [CAPABILITY AUTH=LOGIN', smtp: '250-AUTH LOGIN' };
    for (const later of [false, true]) {
      const { cause, check, server } = await against(protocol, {
        on: async (command, io, tag) => {
          if (!isVerb(protocol, command)) return false;
          io.say(granted(protocol, tag) + (later ? '' : fragment[protocol]));
          if (later) {
            await io.wait(50);
            io.say(fragment[protocol]);
          }
          await io.gone();
          return 'over';
        },
      });
      expect(check.diagnosis.verdict).toBe('fail');
      if (!later) expect(cause).toBe('tls.injected');
      expect(server.encrypted()).toBe('');
      expect(check.evidence.some((e) => 'channel' in e && e.channel === 'tls')).toBe(false);
    }
  });

  it('S-005: a positive answer and then no TLS at all: a time-out of the handshake, in time', async () => {
    const { cause, ms } = await against(
      protocol,
      {
        on: async (command, io, tag) => {
          if (!isVerb(protocol, command)) return false;
          io.say(granted(protocol, tag));
          await io.gone();
          return 'over';
        },
      },
      { timeoutMs: 400 },
    );
    expect(cause).toBe('tls.handshake-timeout');
    expect(ms).toBeLessThan(2000);
  });

  it('S-011: mechanisms of the plain list are forgotten, in both directions', async () => {
    const lists: Readonly<Record<Protocol, readonly [readonly string[], readonly string[]]>> = {
      pop3: [
        ['STLS', 'SASL PLAIN'],
        ['SASL SCRAM-SHA-256', 'UIDL'],
      ],
      imap: [
        ['IMAP4rev1', 'STARTTLS', 'AUTH=PLAIN'],
        ['IMAP4rev1', 'AUTH=SCRAM-SHA-256', 'SASL-IR', 'LOGINDISABLED'],
      ],
      smtp: [['STARTTLS', 'AUTH PLAIN'], ['AUTH SCRAM-SHA-256']],
    };
    const [plain, tls] = lists[protocol];
    const used = async (a: readonly string[], b: readonly string[]) => {
      const { check, report, server } = await against(protocol, {
        plain: a,
        tls: b,
        on: (command, io, tag) => {
          if (!/^AUTH/i.test(command)) return false;
          io.say(protocol === 'pop3' ? '-ERR no\r\n' : protocol === 'imap' ? `${tag} NO no\r\n` : '535 5.7.8 no\r\n');
          return true;
        },
      });
      const shown = report.checks[0]?.facts.capabilities?.map((c) => c.channel);
      expect(shown).toEqual(['plain', 'tls']);
      expect(server.encrypted()).toMatch(/AUTH/);
      return check.evidence.find((e) => e.kind === 'secret')?.mechanism;
    };
    expect(await used(plain, tls)).toBe('SCRAM-SHA-256');
    const swapped: Readonly<Record<Protocol, readonly [readonly string[], readonly string[]]>> = {
      pop3: [['STLS', 'SASL SCRAM-SHA-256'], ['SASL PLAIN']],
      imap: [
        ['IMAP4rev1', 'STARTTLS', 'AUTH=SCRAM-SHA-256'],
        ['IMAP4rev1', 'AUTH=PLAIN', 'LOGINDISABLED'],
      ],
      smtp: [['STARTTLS', 'AUTH SCRAM-SHA-256'], ['AUTH PLAIN']],
    };
    expect(await used(...swapped[protocol])).toBe('PLAIN');
  });

  it('S-113: a log-in that is forbidden or not offered before TLS is not tried, even where no TLS comes', async () => {
    const plain = { pop3: ['UIDL', 'USER'], imap: ['IMAP4rev1', 'LOGINDISABLED'], smtp: ['SIZE 1000'] };
    const { stages } = await against(protocol, { plain: plain[protocol] }, { security: 'none' });
    expect(stages.auth).toBe('skipped');
  });

  it('S-019: plain text only by an explicit choice, told as a warning, and still no password without --insecure-auth', async () => {
    const plain = { pop3: ['UIDL', 'USER'], imap: ['IMAP4rev1', 'AUTH=PLAIN'], smtp: ['AUTH PLAIN'] };
    const { causes, report, check } = await against(protocol, { plain: plain[protocol] }, { security: 'none' });
    expect(check.diagnosis.findings.map((f) => f.severity)).toContain('warning');
    expect(causes).toContain('auth.withheld');
    expect(JSON.stringify(report.checks[0]?.findings)).toMatch(/encrypt/i);
    // The choice is the person's: then it goes, and the report says so on its first screen.
    const server = await raw(session(protocol, { plain: plain[protocol] }));
    const open = await look(server.port, { protocol, security: 'none', options: { insecureAuth: true } });
    expect(credentialsIn(server.plain())).not.toEqual([]);
    expect(open.report.checks[0]?.findings.length).toBeGreaterThan(0);
    expect(open.check.diagnosis.verdict).toBe('warn');
  });
});

describe('SMTP', () => {
  it.each(['221 bye', '250 ok'])('S-004: STARTTLS answered with %s begins no handshake', async (reply) => {
    const { cause, server } = await against('smtp', {
      on: async (command, io) => {
        if (command !== 'STARTTLS') return false;
        io.say(`${reply}\r\n`);
        return true;
      },
    });
    expect(cause).toBe('tls.starttls-refused');
    expect(server.plain()).not.toContain('\x16\x03');
  });

  it('S-022: EHLO refused, HELO accepted: no STARTTLS there, and AUTH is never tried over HELO', async () => {
    for (const code of [500, 502]) {
      const { cause, stages } = await against('smtp', {
        on: (command, io) => {
          if (!command.startsWith('EHLO')) return false;
          io.say(`${code} what?\r\n`);
          return true;
        },
      });
      expect(cause).toBe('tls.starttls-missing');
      expect(stages.auth).toBe('skipped');
    }
    const { stages } = await against('smtp', {
      on: (command, io) => {
        if (!command.startsWith('EHLO')) return false;
        io.say('530 no\r\n');
        return true;
      },
    });
    expect(stages.auth).toBe('skipped');
  });

  it.each([220, 221])('S-023: EHLO answered with %i fails the capabilities; nothing is authenticated', async (code) => {
    const { stages, check } = await against('smtp', {
      on: (command, io) => {
        if (!command.startsWith('EHLO')) return false;
        io.say(`${code} hello\r\n`);
        return true;
      },
    });
    expect(check.diagnosis.verdict).toBe('fail');
    expect(stages).toMatchObject({ capabilities: 'fail', auth: 'skipped' });
  });
});

describe('IMAP', () => {
  it('S-003: a continuation in answer to STARTTLS is a violation at once, not after a time-out', async () => {
    const { cause, ms } = await against('imap', {
      on: async (command, io) => {
        if (command !== 'STARTTLS') return false;
        io.say('+ go on\r\n');
        await io.gone();
        return 'over';
      },
    });
    expect(cause).toBe('protocol.violation');
    expect(ms).toBeLessThan(1000);
  });

  const UNTAGGED = [
    '* LIST () "/" "Evil"',
    '* LSUB () "/" "Evil"',
    '* STATUS INBOX (MESSAGES 4711)',
    '* SEARCH 4711',
    '* FLAGS (\\Evil)',
    '* 4711 EXISTS',
    '* 4711 RECENT',
    '* 1 EXPUNGE',
    '* 1 FETCH (FLAGS (\\Evil))',
  ];
  it.each(UNTAGGED)(
    'S-009: unasked before STARTTLS, %s is thrown away with one warning, and is no fact about the mailbox',
    async (line) => {
      const { check, report } = await against('imap', {
        on: (command, io, tag, channel) => {
          if (channel !== 'plain' || command !== 'CAPABILITY') return false;
          io.say(`${line}\r\n* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n${tag} OK done\r\n`);
          return true;
        },
      });
      expect([check.diagnosis.verdict, check.diagnosis.root]).toEqual(['warn', undefined]);
      expect(check.diagnosis.findings.map((f) => [f.cause.id, f.severity])).toEqual([['protocol.violation', 'warning']]);
      expect(report.checks[0]?.findings[0]?.matched).toBe(line);
      expect(check.evidence.find((e) => e.kind === 'mailbox')?.messages).toBe(3);
      expect(JSON.stringify(report.checks[0]?.facts.mailbox ?? {})).not.toMatch(/4711|evil/i);
    },
  );

  it('S-010: CAPABILITY before STARTTLS, asked or not, does not count afterwards, and both lists are shown apart', async () => {
    const { check, report, server } = await against('imap', {
      greeting: '* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN X-BEFORE] hi\r\n* CAPABILITY IMAP4rev1 STARTTLS X-UNASKED\r\n',
      on: (command, io, tag) => {
        if (command !== 'STARTTLS') return false;
        io.say(`* CAPABILITY IMAP4rev1 AUTH=PLAIN X-LATE\r\n`);
        void tag;
        return false;
      },
    });
    expect(check.diagnosis.verdict).toBe('pass');
    expect(server.encrypted()).toMatch(/^m\d+ CAPABILITY/);
    const lists = report.checks[0]?.facts.capabilities ?? [];
    const over = lists.filter((c) => c.channel !== 'plain').flatMap((c) => c.items);
    expect(over.join(' ')).not.toMatch(/X-BEFORE|X-UNASKED|X-LATE/);
    expect(lists.filter((c) => c.channel === 'plain').flatMap((c) => c.items)).toContain('X-BEFORE');
  });

  const PREAUTH = [
    '* PREAUTH hi',
    '* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] hi',
    '* PREAUTH [CAPABILITY IMAP4rev1] hi',
    '* PREAUTH [ALERT] Your password is wrong',
    '* PREAUTH',
    '* preauth [REFERRAL imap://evil.example/] hi',
  ];
  it.each(PREAUTH)('S-013: %s on a STARTTLS port fails; nothing but LOGOUT is sent', async (greeting) => {
    const { cause, stages, server } = await against('imap', { greeting: `${greeting}\r\n` });
    expect(cause).toBe('protocol.preauth');
    expect(stages.auth).toBe('skipped');
    expect(stages.tls).not.toBe('pass');
    expect(server.plain().replace(/^m\d+ LOGOUT\r\n$/, '')).toBe('');
  });

  it.each([
    ['* BYE go away', 'go away'],
    ['* NO not now', 'not now'],
    ['* BAD not now', 'not now'],
    ['garbage\r\n* OK hi', 'garbage'],
  ])('S-015: the greeting %j fails with its words, and no command follows', async (greeting, words) => {
    const { check, report, stages, server } = await against('imap', { greeting: `${greeting}\r\n` });
    expect(check.diagnosis.verdict).toBe('fail');
    expect(stages).toMatchObject({ greeting: 'fail', auth: 'skipped' });
    expect(JSON.stringify(report.checks[0]?.findings)).toContain(words);
    expect(server.plain()).not.toMatch(/CAPABILITY|STARTTLS|LOGIN/);
  });

  it('S-016: a tagged reply said before the command was sent is a violation; the socket, not the reply, says whether there is TLS', async () => {
    const { cause, stages, server } = await against('imap', {
      greeting: '* OK hi\r\nm1 OK done\r\nm2 OK begin TLS\r\nm3 OK done\r\n',
      on: async (_command, io) => {
        await io.gone();
        return 'over';
      },
    });
    expect(cause).toBe('protocol.violation');
    expect(stages.auth).toBe('skipped');
    expect(server.encrypted()).toBe('');
  });

  it('S-016: guessed tags after the capabilities, so that STARTTLS seems granted', async () => {
    const { check, stages, server } = await against('imap', {
      on: async (command, io, tag, channel) => {
        if (channel !== 'plain') return false;
        if (command === 'CAPABILITY') {
          io.say(
            `* CAPABILITY IMAP4rev1 STARTTLS\r\n${tag} OK done\r\nm2 OK begin\r\nm3 OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] done\r\n`,
          );
          await io.gone();
          return 'over';
        }
        return false;
      },
    });
    expect(check.diagnosis.verdict).toBe('fail');
    expect(stages.auth).toBe('skipped');
    expect(server.encrypted()).toBe('');
  });

  it('S-017: referrals in greeting, log-in and mailbox are text; nobody connects to the host they name', async () => {
    const trap = await raw(async (io) => io.gone());
    const url = `imap://you@127.0.0.1:${trap.port}/INBOX`;
    const { report } = await against('imap', {
      greeting: `* OK [REFERRAL ${url}] hi\r\n`,
      tls: ['IMAP4rev1', 'AUTH=PLAIN', 'SASL-IR', 'LOGIN-REFERRALS', 'MAILBOX-REFERRALS'],
      on: (command, io, tag) => {
        if (!/^(AUTHENTICATE|LOGIN|EXAMINE)/.test(command)) return false;
        io.say(`${tag} NO [REFERRAL ${url}] the account lives elsewhere\r\n`);
        return true;
      },
    });
    expect(trap.connections()).toBe(0);
    expect(JSON.stringify(report.checks[0])).toContain('REFERRAL');
    const second = await against('imap', {
      on: (command, io, tag) => {
        if (!command.startsWith('EXAMINE')) return false;
        io.say(`${tag} NO [REFERRAL ${url}] the mailbox lives elsewhere\r\n`);
        return true;
      },
    });
    expect(second.check.diagnosis.verdict).toBe('fail');
    expect(trap.connections()).toBe(0);
  });

  it.each(['ALERT', 'PARSE', 'BADCHARSET (UTF-8)'])(
    'S-018: [%s] before TLS is marked as plain text and escaped',
    async (code) => {
      const { check, report } = await against('imap', {
        on: (command, io, tag, channel) => {
          if (channel !== 'plain' || command !== 'CAPABILITY') return false;
          io.say(`* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n${tag} OK [${code}] \x1b[2JCall +1 555 0100 now\r\n`);
          return true;
        },
      });
      expect(check.diagnosis.verdict).toBe('pass');
      const said = check.evidence.filter((e) => e.kind === 'reply' && /Call/.test(e.text));
      expect(said.map((e) => e.kind === 'reply' && e.channel)).toEqual(['plain']);
      const [{ terminal }, { en }] = await Promise.all([
        import('../../src/reporters/terminal.ts'),
        import('../../src/locales/en.ts'),
      ]);
      const text = terminal.render([report], en, { width: 100, color: false, many: false });
      expect(text).not.toContain('\x1b');
      const { transcript: _all, ...rest } = report.checks[0] ?? {};
      expect(JSON.stringify({ findings: rest.findings })).not.toContain('Call');
    },
  );

  it('S-021: COMPRESS=DEFLATE is not negotiated, whenever it is offered', async () => {
    const { check, server } = await against('imap', {
      plain: ['IMAP4rev1', 'STARTTLS', 'COMPRESS=DEFLATE'],
      tls: ['IMAP4rev1', 'AUTH=PLAIN', 'COMPRESS=DEFLATE'],
      on: (command, io, tag) => {
        if (!command.startsWith('AUTHENTICATE')) return false;
        io.say(`${tag} OK [CAPABILITY IMAP4rev1 COMPRESS=DEFLATE] in\r\n`);
        return command.includes(' ', 13);
      },
    });
    void check;
    expect(server.plain() + server.encrypted()).not.toMatch(/COMPRESS/);
  });
});

describe('greetings that are not what they seem', () => {
  it.each(PROTOCOLS)('S-016: %s: replies that come before their commands are never theirs', async (protocol) => {
    const early = {
      pop3: '+OK begin TLS\r\n+OK in\r\n',
      imap: 'm1 OK a\r\nm2 OK b\r\n',
      smtp: '250-x\r\n250 STARTTLS\r\n220 go\r\n235 in\r\n',
    };
    const { check, server } = await against(protocol, {
      greeting: GREETING[protocol] + early[protocol],
      on: async (_c, io) => {
        await io.gone();
        return 'over';
      },
    });
    expect(check.diagnosis.verdict).toBe('fail');
    expect(server.encrypted()).toBe('');
    expect(HOST).toBe('mail.example.test');
  });
});

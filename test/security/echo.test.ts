/** Servers that say a secret back, in every encoding, cut anywhere: it is masked on its way in, and stands in no report of any format. */
import { describe, expect, it } from 'vitest';
import { saslServer } from '../../src/lab/sasl.ts';
import { en } from '../../src/locales/en.ts';
import type { Protocol } from '../../src/model/terms.ts';
import { forJson } from '../../src/report/escape.ts';
import { savedEvidence } from '../../src/report/save.ts';
import { reporters } from '../../src/reporters/index.ts';
import { bytesOf, CANARY, digests, forms, found, needles, salted, TOKEN } from './canary.ts';
import { type Io, look, PROTOCOLS, raw, type Seen, session, USER } from './raw.ts';

/** A refusal in a protocol's own form, or an unasked alert that carries `words`. */
const refusal: Readonly<Record<Protocol, (tag: string, words: string) => string>> = {
  pop3: (_tag, words) => `-ERR [AUTH] refused: ${words}\r\n`,
  imap: (tag, words) => `* NO [ALERT] seen ${words}\r\n${tag} NO [AUTHENTICATIONFAILED] refused: ${words}\r\n`,
  smtp: (_tag, words) => `535-5.7.8 refused: ${words}\r\n535 5.7.8 again ${words}\r\n`,
};

/** Every text that could leave the program. */
async function outputs(seen: Seen): Promise<string> {
  const texts: string[] = [JSON.stringify(seen.check.evidence), JSON.stringify(seen.check.transcript)];
  for (const make of Object.values(reporters)) {
    const reporter = await make();
    texts.push(reporter.render([seen.report], en, { width: 70, color: true, many: false }));
  }
  texts.push(
    forJson(
      savedEvidence({
        checks: seen.checkup.checks,
        account: { address: USER, preset: null },
        startedAt: new Date(0),
        version: '0',
      }),
    ),
  );
  return bytesOf(texts.join('\n'));
}

/** Lines put together again by a reader: codes and what every line has in common left out. */
const together = (seen: Seen) =>
  (seen.report.checks[0]?.transcript ?? [])
    .filter((t) => t.from === 'server')
    .map((t) => t.text.replace(/^(\d{3}[ -](5\.7\.8 )?|\* NO )/, ''))
    .join('');

type Cut = 'whole' | 'over lines by segments';

/** Says it in the manner wanted. */
async function say(io: Io, text: string, cut: Cut): Promise<void> {
  const bytes = Buffer.from(text, 'utf8');
  if (cut === 'whole') return io.say(bytes);
  for (let i = 0; i < bytes.length; i += 7) {
    io.say(bytes.subarray(i, i + 7));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The words whole in one line, then cut over many. */
const overLines: Readonly<Record<Protocol, (tag: string, words: string) => string>> = {
  pop3: (_tag, words) => `-ERR refused: ${words}\r\n`,
  imap: (tag, words) =>
    `* NO seen ${words}\r\n${pieces(words)
      .map((p) => `* NO ${p}\r\n`)
      .join('')}${tag} NO refused: ${words}\r\n`,
  smtp: (_tag, words) =>
    `535-5.7.8 refused: ${words}\r\n${pieces(words)
      .map((p, i, all) => `535${i === all.length - 1 ? ' ' : '-'}5.7.8 ${p}\r\n`)
      .join('')}`,
};
/** Short ones too, which tell nothing by themselves. */
const pieces = (s: string, n = 4) => s.match(new RegExp(`.{1,${n}}`, 'gsu')) ?? [''];

/** Capabilities with this one mechanism. */
const offering = (protocol: Protocol, mechanism: string) =>
  ({ pop3: [`SASL ${mechanism}`], imap: ['IMAP4rev1', `AUTH=${mechanism}`, 'SASL-IR'], smtp: [`AUTH ${mechanism}`] })[protocol];

async function echoed(protocol: Protocol, secret: string, words: string, cut: Cut, token = false): Promise<Seen> {
  const server = await raw(
    session(protocol, {
      implicit: true,
      tls: token ? offering(protocol, 'XOAUTH2') : undefined,
      on: async (command, io, tag) => {
        if (token && protocol === 'pop3' && /^AUTH XOAUTH2$/.test(command)) {
          io.say('+ \r\n');
          await io.line();
        } else if (!/^(AUTH|AUTHENTICATE|PASS|LOGIN)\b/.test(command)) return false;
        await say(io, (cut !== 'whole' ? overLines : refusal)[protocol](tag, words), cut);
        return true;
      },
    }),
  );
  const how = token ? { token: secret } : { password: secret };
  return await look(server.port, { protocol, security: 'tls', ...how });
}

describe.each(PROTOCOLS)('%s: a password echoed as', (protocol) => {
  const list = needles(CANARY);
  it.concurrent.each(Object.entries(forms(CANARY)))('S-166: %s', async (_name, words) => {
    const seen = await echoed(protocol, CANARY, words, 'over lines by segments');
    expect(seen.stages.auth).toBe('fail');
    expect(found(await outputs(seen), list)).toEqual([]);
    expect(found(bytesOf(together(seen)), list)).toEqual([]);
  });
});

describe.each(PROTOCOLS)('%s: a token echoed as', (protocol) => {
  const list = needles(TOKEN);
  it.concurrent.each(Object.entries(forms(TOKEN)))('S-166: %s', async (_name, words) => {
    const seen = await echoed(protocol, TOKEN, words, 'whole', true);
    expect(seen.stages.auth).toBe('fail');
    expect(found(await outputs(seen), list)).toEqual([]);
  });
});

describe('before any log-in', () => {
  it.each(PROTOCOLS)('S-166: %s: a greeting and a capability that hold the password', async (protocol) => {
    const greeting = { pop3: `+OK hi ${CANARY}\r\n`, imap: `* OK hi ${CANARY}\r\n`, smtp: `220 hi ${CANARY}\r\n` };
    const caps = {
      pop3: [`IMPLEMENTATION ${CANARY}`],
      imap: ['IMAP4rev1', `X-${Buffer.from(CANARY).toString('hex')}`],
      smtp: [`X ${CANARY}`],
    };
    const server = await raw(
      session(protocol, { implicit: true, greeting: Buffer.from(greeting[protocol]).toString('latin1'), tls: caps[protocol] }),
    );
    const seen = await look(server.port, { protocol, security: 'tls', password: CANARY });
    expect(found(await outputs(seen), needles(CANARY))).toEqual([]);
  });
});

describe('what is made of a secret', () => {
  const exchange = async (
    protocol: Protocol,
    mechanism: string,
    challenge: (said: string) => string,
    end: (said: string[]) => string,
  ) => {
    const heard: string[] = [];
    const say = (io: Io, tag: string, kind: 'go' | 'no', words: string) => {
      if (kind === 'go') io.say(protocol === 'smtp' ? `334 ${words}\r\n` : `+ ${words}\r\n`);
      else
        io.say(
          protocol === 'smtp' ? `535 5.7.8 ${words}\r\n` : protocol === 'imap' ? `${tag} NO ${words}\r\n` : `-ERR ${words}\r\n`,
        );
    };
    const server = await raw(
      session(protocol, {
        implicit: true,
        tls: offering(protocol, mechanism),
        on: async (command, io, tag) => {
          if (!/^AUTH/.test(command)) return false;
          const initial = command.split(' ')[2];
          if (initial !== undefined) heard.push(initial);
          else if (mechanism.startsWith('SCRAM')) {
            say(io, tag, 'go', '');
            heard.push((await io.line()) ?? '');
          }
          say(io, tag, 'go', challenge(heard.at(-1) ?? ''));
          heard.push((await io.line()) ?? '');
          say(io, tag, 'no', end(heard));
          return true;
        },
      }),
    );
    const seen = await look(server.port, { protocol, security: 'tls', password: CANARY, mechanism });
    return { seen, heard };
  };

  it.each(PROTOCOLS)('S-166: %s: the digest of CRAM-MD5, echoed as blob, bare and in the middle', async (protocol) => {
    const challenge = '<4711.1@mail.example.test>';
    const { seen, heard } = await exchange(
      protocol,
      'CRAM-MD5',
      () => Buffer.from(challenge).toString('base64'),
      (h) =>
        `refused ${h[0]} ${
          Buffer.from(h[0] ?? '', 'base64')
            .toString()
            .split(' ')[1]
        } ${h[0]?.slice(4)}`,
    );
    const [digest = ''] = digests(CANARY, challenge);
    expect(Buffer.from(heard[0] ?? '', 'base64').toString()).toBe(`${USER} ${digest}`);
    const text = await outputs(seen);
    expect(text).not.toContain(digest);
    expect(text).not.toContain(heard[0]);
  });

  it.each(PROTOCOLS)('S-166: %s: the proof of SCRAM and the salted password', async (protocol) => {
    const salt = Buffer.from('0123456789abcdef').toString('base64');
    const { seen, heard } = await exchange(
      protocol,
      'SCRAM-SHA-256',
      (first) => {
        const nonce = /r=([^,]*)/.exec(Buffer.from(first, 'base64').toString())?.[1];
        return Buffer.from(`r=${nonce}server,s=${salt},i=4096`).toString('base64');
      },
      (h) => `refused ${h.at(-1)} ${Buffer.from(h.at(-1) ?? '', 'base64').toString()}`,
    );
    const proof = /p=(.*)$/.exec(Buffer.from(heard.at(-1) ?? '', 'base64').toString())?.[1] ?? '';
    expect(proof.length).toBeGreaterThan(40);
    const text = await outputs(seen);
    for (const secret of [proof, heard.at(-1) ?? '', ...salted(CANARY, salt, 4096)]) expect(text).not.toContain(secret);
  });

  // Whoever has it beside the challenge can try passwords at home, as many as they like (RFC 5802 §9).
  it.each(
    PROTOCOLS.flatMap((p) => [
      ...['SCRAM-SHA-1', 'SCRAM-SHA-256', 'DIGEST-MD5'].map((m) => [p, m, 'a challenge'] as const),
      ...(p === 'imap' ? [] : [[p, 'SCRAM-SHA-256', 'the final reply'] as const]),
    ]),
  )('S-166: %s: what the server of %s proves itself with, in %s', async (protocol, mechanism, where) => {
    let proof = '';
    const server = await raw(
      session(protocol, {
        implicit: true,
        tls: offering(protocol, mechanism),
        on: async (command, io, tag) => {
          if (!/^AUTH/.test(command)) return false;
          const half = saslServer(mechanism, { account: { user: USER, password: CANARY, token: '' }, host: 'mail.example.test' });
          const initial = command.split(' ')[2];
          let turn = half?.step(initial === undefined ? undefined : Buffer.from(initial, 'base64'));
          const ok = { pop3: '+OK', imap: `${tag} OK`, smtp: '235 2.7.0' }[protocol];
          while (turn && 'challenge' in turn) {
            const said = Buffer.from(turn.challenge).toString();
            const words = Buffer.from(said).toString('base64');
            if (/^(v|rspauth)=/.test(said)) {
              proof = words;
              if (where === 'the final reply') {
                io.say(`${ok} ${words}\r\n`);
                return true;
              }
            }
            io.say(`${protocol === 'smtp' ? '334' : '+'} ${words}\r\n`);
            turn = half?.step(Buffer.from((await io.line()) ?? '', 'base64'));
          }
          io.say(`${ok} done\r\n`);
          return true;
        },
      }),
    );
    const seen = await look(server.port, { protocol, security: 'tls', password: CANARY, mechanism });
    expect(seen.stages.auth).toBe('pass');
    expect(proof).not.toBe('');
    const text = await outputs(seen);
    for (const secret of [proof, Buffer.from(proof, 'base64').toString()]) expect(text).not.toContain(secret);
  });

  it('S-166: the digest of APOP', async () => {
    const stamp = '<1896.697170952@mail.example.test>';
    const server = await raw(
      session('pop3', {
        implicit: true,
        greeting: `+OK ready ${stamp}\r\n`,
        on: (command, io) => {
          if (!command.startsWith('APOP')) return false;
          io.say(`-ERR no such digest ${command.split(' ')[2]}\r\n`);
          return true;
        },
      }),
    );
    const seen = await look(server.port, { protocol: 'pop3', security: 'tls', password: CANARY, mechanism: 'APOP' });
    const digest = digests(CANARY, stamp)[1] ?? '';
    expect(server.encrypted()).toContain(digest);
    expect(await outputs(seen)).not.toContain(digest);
  });
});

describe('the mask', () => {
  it.each(['short7', 'a-much-longer-password-than-the-other-one'])(
    'S-178: has a fixed width, so that it tells no length: %s',
    async (password) => {
      const seen = await echoed('smtp', password, password, 'whole');
      const text = seen.report.checks[0]?.transcript?.map((t) => t.text).join('\n') ?? '';
      expect(text).toContain('535 5.7.8 again ********');
      expect(text).not.toMatch(/\*{9}/);
      expect(text).not.toContain(password);
    },
  );
});

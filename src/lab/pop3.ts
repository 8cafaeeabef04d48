/** A small, honest POP3 server (RFC 1939, 2449, 2595, 5034) that a scenario's replies can overrule command by command. */
import { createHash, randomBytes } from 'node:crypto';
import type { LabMessage } from './account.ts';
import { type AuthWords, authenticate } from './auth.ts';
import { capabilitiesOf } from './capabilities.ts';
import type { Answer, Talk } from './talk.ts';

const WORDS: AuthWords = {
  prefix: '+ ',
  accepted: '+OK Logged in.',
  credentials: '-ERR [AUTH] Authentication failed.',
  syntax: '-ERR Invalid authentication message.',
  cancelled: '-ERR Authentication cancelled.',
  unknown: '-ERR Authentication mechanism not supported.',
};
const FIRST_LOG_IN = '-ERR Log in first.';

interface State {
  user: string | undefined;
  /** The maildrop as it was at log-in, and which of it is marked as deleted (RFC 1939 §5). */
  drop: readonly LabMessage[] | undefined;
  readonly deleted: Set<number>;
}

interface Context {
  readonly talk: Talk;
  readonly state: State;
  readonly timestamp: string;
  readonly args: readonly string[];
}

/** Runs one session from the greeting to the end. */
export async function pop3Session(talk: Talk): Promise<void> {
  const timestamp = `<${process.pid}.${Date.now()}.${randomBytes(4).toString('hex')}@${talk.host}>`;
  const state: State = { user: undefined, drop: undefined, deleted: new Set() };
  if ((await talk.greet(`+OK ${talk.host} POP3 ready ${timestamp}`)) === 'over') return;
  for (;;) {
    const line = await talk.line();
    if (line === undefined) return;
    const [word = '', ...args] = line.split(' ');
    const verb = word.toUpperCase();
    if (verb === 'AUTH' && args.length > 0) {
      if ((await auth(talk, line, args, state)) === 'over') return;
      continue;
    }
    const answer = COMMANDS[verb]?.({ talk, state, timestamp, args }) ?? { reply: '-ERR Unknown command.' };
    const played = await talk.answer(line, answer);
    if (played.over) return;
    if (played.status !== 'ok') continue;
    if (verb === 'STLS') {
      if (!(await talk.secure())) return;
      state.user = undefined;
    }
    answer.effect?.();
    if (verb === 'QUIT') return talk.end();
  }
}

async function auth(talk: Talk, line: string, args: readonly string[], state: State) {
  if (state.drop) return (await talk.answer(line, { reply: '-ERR Already logged in.' })).over ? 'over' : 'out';
  const [mechanism = '', initial] = args;
  const result = await authenticate(talk, { text: line, mechanism: mechanism.toUpperCase(), initial }, WORDS);
  if (result === 'in') logIn(talk, state);
  return result;
}

function logIn(talk: Talk, state: State) {
  state.drop = [...talk.account.messages];
  talk.channel = 'authenticated';
}

const dotted = (lines: readonly string[]) => [...lines.map((l) => (l.startsWith('.') ? `.${l}` : l)), '.'].join('\n');
const octets = (m: LabMessage) => m.raw.length;
const uid = (m: LabMessage) => `lab${String(m.uid).padStart(8, '0')}`;

const COMMANDS: Readonly<Record<string, (c: Context) => Answer>> = {
  CAPA: ({ talk }) => ({ reply: `+OK Capability list follows\n${dotted(capabilitiesOf(talk.faults, talk.channel))}` }),
  AUTH: ({ talk }) => {
    const sasl = capabilitiesOf(talk.faults, talk.channel).find((c) => c.startsWith('SASL '));
    return { reply: `+OK\n${dotted(sasl ? sasl.split(' ').slice(1) : [])}` };
  },
  STLS: ({ talk }) => {
    const able = talk.channel === 'plain' && capabilitiesOf(talk.faults, 'plain').includes('STLS');
    return { reply: able ? injecting(talk, '+OK Begin TLS negotiation now.') : '-ERR STLS is not available.' };
  },
  USER: ({ talk, state, args }) => {
    if (state.drop) return { reply: '-ERR Already logged in.' };
    if (mustEncrypt(talk)) return { reply: '-ERR [AUTH] Plaintext authentication is disallowed on an unencrypted connection.' };
    const effect = () => {
      state.user = args.join(' ');
    };
    return args.length > 0 ? { reply: '+OK', effect } : { reply: '-ERR USER wants a name.' };
  },
  PASS: ({ talk, state, args }) => {
    if (state.drop) return { reply: '-ERR Already logged in.' };
    const { account } = talk;
    const right = state.user === account.user && args.join(' ') === account.password;
    const reply = state.user === undefined ? '-ERR No user name given.' : right ? WORDS.accepted : WORDS.credentials;
    state.user = undefined;
    return { reply, effect: () => logIn(talk, state) };
  },
  APOP: ({ talk, state, timestamp, args }) => {
    const { account } = talk;
    const digest = createHash('md5').update(timestamp).update(account.password).digest('hex');
    const right = !state.drop && args[0] === account.user && args[1] === digest;
    return { reply: right ? WORDS.accepted : WORDS.credentials, effect: () => logIn(talk, state) };
  },
  STAT: withDrop(({ drop }) => `+OK ${drop.length} ${drop.reduce((n, [, m]) => n + octets(m), 0)}`),
  LIST: withDrop(listing('messages', (m) => String(octets(m)))),
  UIDL: withDrop(listing('unique ids', uid)),
  RETR: withDrop(({ find, args }) => {
    const message = find(args[0]);
    return message ? `+OK ${octets(message)} octets\n${dotted(bodyLines(message))}` : NO_SUCH;
  }),
  TOP: withDrop(({ find, args }) => {
    const message = find(args[0]);
    const count = Number(args[1]);
    if (!message || !Number.isInteger(count) || count < 0) return NO_SUCH;
    const lines = bodyLines(message);
    const blank = lines.indexOf('');
    return `+OK\n${dotted(blank < 0 ? lines : lines.slice(0, blank + 1 + count))}`;
  }),
  DELE: (c) => {
    const number = Number(c.args[0]);
    const answer = withDrop(({ find, args }) => (find(args[0]) ? '+OK Marked to be deleted.' : NO_SUCH))(c);
    return { ...answer, effect: () => c.state.deleted.add(number) };
  },
  RSET: (c) => ({ ...withDrop(() => '+OK')(c), effect: () => c.state.deleted.clear() }),
  NOOP: withDrop(() => '+OK'),
  QUIT: ({ talk, state }) => ({ reply: '+OK Logging out.', effect: () => expunge(talk, state) }),
};

const NO_SUCH = '-ERR There is no such message.';

interface Drop {
  readonly drop: readonly (readonly [number, LabMessage])[];
  readonly args: readonly string[];
  find(number: string | undefined): LabMessage | undefined;
}

function withDrop(answer: (d: Drop) => string): (c: Context) => Answer {
  return ({ state, args }) => {
    if (!state.drop) return { reply: FIRST_LOG_IN };
    const drop = state.drop.map((m, i) => [i + 1, m] as const).filter(([n]) => !state.deleted.has(n));
    const find = (number: string | undefined) => drop.find(([n]) => String(n) === number)?.[1];
    return { reply: answer({ drop, args, find }), bytes: true };
  };
}

function listing(what: string, value: (m: LabMessage) => string) {
  return ({ drop, find, args }: Drop) => {
    if (args[0] === undefined) return `+OK ${drop.length} ${what}\n${dotted(drop.map(([n, m]) => `${n} ${value(m)}`))}`;
    const message = find(args[0]);
    return message ? `+OK ${args[0]} ${value(message)}` : NO_SUCH;
  };
}

const bodyLines = (m: LabMessage) => m.raw.replace(/\r\n$/, '').split('\r\n');

/** UPDATE state (RFC 1939 §6). */
function expunge({ account }: Talk, { drop, deleted }: State) {
  for (const [i, message] of (drop ?? []).entries()) {
    const at = deleted.has(i + 1) ? account.messages.indexOf(message) : -1;
    if (at >= 0) account.messages.splice(at, 1);
  }
}

/** A server that offers the upgrade takes no password before it, unless it lists USER there. */
const mustEncrypt = (talk: Talk) => talk.channel === 'plain' && !capabilitiesOf(talk.faults, 'plain').includes('USER');

/** `injected`: an answer to a command that was never sent, in the clear behind the one to STLS (CVE-2021-22947). */
const injecting = (talk: Talk, reply: string) => (talk.faults.tls === 'injected' ? `${reply}\n+OK injected before TLS` : reply);

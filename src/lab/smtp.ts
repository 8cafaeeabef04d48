/** A small, honest submission server (RFC 6409, 5321, 4954, 3207, 1870) that keeps what it accepts in memory and relays nothing. */
import { deliver, owns } from './account.ts';
import { type AuthWords, authenticate } from './auth.ts';
import { capabilitiesOf, MAX_MESSAGE } from './capabilities.ts';
import { readable } from './reader.ts';
import type { Answer, Talk } from './talk.ts';

const WORDS: AuthWords = {
  prefix: '334 ',
  accepted: '235 2.7.0 Authentication successful',
  credentials: '535 5.7.8 Error: authentication failed',
  syntax: '501 5.5.2 Error: malformed authentication message',
  cancelled: '501 5.7.0 Authentication cancelled',
  unknown: '504 5.5.4 Error: authentication mechanism not supported',
};
const NOT_LOGGED_IN = '530 5.7.0 Authentication required';
const BAD_ORDER = '503 5.5.1 Error: bad sequence of commands';
const TOO_LARGE = '552 5.3.4 Message size exceeds fixed limit';

interface State {
  greeted: boolean;
  loggedIn: boolean;
  from: string | undefined;
  readonly recipients: string[];
}

interface Context {
  readonly talk: Talk;
  readonly state: State;
  readonly rest: string;
}

/** Runs one session from the greeting to the end. */
export async function smtpSession(talk: Talk): Promise<void> {
  const state: State = { greeted: false, loggedIn: false, from: undefined, recipients: [] };
  const opened = await talk.greet(`220 ${talk.host} ESMTP ready`);
  if (opened === 'over') return;
  for (;;) {
    const line = await talk.line();
    if (line === undefined) return;
    const space = line.indexOf(' ');
    const verb = (space < 0 ? line : line.slice(0, space)).toUpperCase();
    const rest = space < 0 ? '' : line.slice(space + 1).trim();
    if (opened === 'refused' && verb !== 'QUIT') {
      talk.say('503 5.5.1 Error: no service here');
      continue;
    }
    if (verb === 'AUTH') {
      if ((await auth(talk, line, rest, state)) === 'over') return;
      continue;
    }
    const answer = COMMANDS[verb]?.({ talk, state, rest }) ?? { reply: '502 5.5.2 Error: command not recognized' };
    const played = await talk.answer(line, answer);
    if (played.over) return;
    if (verb === 'DATA' && played.status === 'continue' && !(await data(talk, state))) return;
    if (played.status !== 'ok') continue;
    if (verb === 'STARTTLS') {
      if (!(await talk.secure())) return;
      Object.assign(state, { greeted: false, loggedIn: false });
      reset(state);
    }
    answer.effect?.();
    if (verb === 'QUIT') return talk.end();
  }
}

async function auth(talk: Talk, line: string, rest: string, state: State) {
  const [mechanism = '', initial] = rest.split(/ +/);
  const healthy = state.loggedIn ? '503 5.5.1 Error: already authenticated' : state.greeted ? undefined : BAD_ORDER;
  if (healthy) return (await talk.answer(line, { reply: healthy })).over ? 'over' : 'out';
  const result = await authenticate(talk, { text: line, mechanism: mechanism.toUpperCase(), initial }, WORDS);
  if (result === 'in') {
    state.loggedIn = true;
    talk.channel = 'authenticated';
  }
  return result;
}

const greet = (extended: boolean) => {
  return ({ talk, state, rest }: Context): Answer => {
    if (rest === '') return { reply: '501 5.5.4 Syntax: a host name or an address literal is needed' };
    const lines = [talk.host, ...(extended ? capabilitiesOf(talk.faults, talk.channel) : [])];
    const effect = () => {
      state.greeted = true;
      reset(state);
    };
    return { reply: lines.map((l, i) => `250${i < lines.length - 1 ? '-' : ' '}${l}`).join('\n'), effect };
  };
};

function reset(state: State) {
  state.from = undefined;
  state.recipients.length = 0;
}

/** `<path>` and what follows it; the path of `FROM:<…>` may hold a source route, which is ignored (RFC 5321 §4.1.1.3). */
const PATH = /^(?:FROM|TO): ?<(?:@[^:>]*:)?([^>]*)>((?: [^ ]+)*)$/i;

const COMMANDS: Readonly<Record<string, (c: Context) => Answer>> = {
  EHLO: greet(true),
  HELO: greet(false),
  STARTTLS: ({ talk }) => {
    const able = talk.channel === 'plain' && capabilitiesOf(talk.faults, 'plain').some((c) => c.toUpperCase() === 'STARTTLS');
    const ready = '220 2.0.0 Ready to start TLS';
    if (!able) return { reply: '502 5.5.1 Error: STARTTLS is not available' };
    // An answer to a command that was never sent, in the clear behind the one to STARTTLS (CVE-2021-22947).
    return { reply: talk.faults.tls === 'injected' ? `${ready}\n250 2.0.0 injected before TLS` : ready };
  },
  MAIL: ({ talk, state, rest }) => {
    const path = PATH.exec(rest);
    if (!/^FROM:/i.test(rest) || !path) return { reply: '501 5.5.4 Syntax: MAIL FROM:<address>' };
    const [, from = '', parameters = ''] = path;
    const size = Number(/ SIZE=(\d{1,15})/i.exec(parameters)?.[1] ?? 0);
    const effect = () => {
      reset(state);
      state.from = from;
    };
    if (!state.greeted) return { reply: BAD_ORDER, effect };
    if (!state.loggedIn) return { reply: NOT_LOGGED_IN, effect };
    if (state.from !== undefined) return { reply: '503 5.5.1 Error: nested MAIL command', effect };
    if (from !== '' && !owns(talk.account, from)) {
      return { reply: `553 5.7.1 <${from}>: Sender address rejected: not owned by user ${talk.account.user}`, effect };
    }
    return { reply: size > MAX_MESSAGE ? TOO_LARGE : '250 2.1.0 Ok', effect };
  },
  RCPT: ({ talk, state, rest }) => {
    const path = PATH.exec(rest);
    if (!/^TO:/i.test(rest) || !path?.[1]) return { reply: '501 5.5.4 Syntax: RCPT TO:<address>' };
    const to = path[1];
    const effect = () => {
      state.recipients.push(to);
    };
    if (state.from === undefined) return { reply: '503 5.5.1 Error: need MAIL command', effect };
    const local = domain(to) === domain(talk.account.addresses[0] ?? '');
    if (local && !owns(talk.account, to)) {
      return { reply: `550 5.1.1 <${to}>: Recipient address rejected: User unknown`, effect };
    }
    return { reply: '250 2.1.5 Ok', effect };
  },
  DATA: ({ state }) => ({
    reply: state.recipients.length > 0 ? '354 End data with <CR><LF>.<CR><LF>' : '503 5.5.1 Error: need RCPT command',
  }),
  RSET: ({ state }) => ({ reply: '250 2.0.0 Ok', effect: () => reset(state) }),
  NOOP: () => ({ reply: '250 2.0.0 Ok' }),
  VRFY: () => ({ reply: '252 2.0.0 Cannot verify the user' }),
  HELP: () => ({ reply: '214 2.0.0 A lab server: it keeps what it gets' }),
  QUIT: () => ({ reply: '221 2.0.0 Bye' }),
};

const domain = (address: string) => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** Takes the message up to the dot, then the verdict. @returns false where the client has gone. */
async function data(talk: Talk, state: State): Promise<boolean> {
  const lines: string[] = [];
  let size = 0;
  for (;;) {
    const line = await talk.content();
    if (line === undefined) return false;
    if (line === '.') break;
    size += line.length + 2;
    if (size <= MAX_MESSAGE) lines.push(line.startsWith('.') ? line.slice(1) : line);
  }
  talk.record('.');
  const { account } = talk;
  const header = headerFrom(lines.map(readable));
  // The envelope alone proves nothing to the reader, so the header's sender is checked too, as Zoho, Microsoft and Fastmail do.
  const foreign = header !== undefined && !owns(account, header);
  const verdict =
    size > MAX_MESSAGE
      ? TOO_LARGE
      : foreign
        ? `553 5.7.1 Relaying disallowed as ${header}`
        : `250 2.0.0 Ok: queued as ${account.nextUid}`;
  const played = await talk.answer('.', { reply: verdict });
  if (played.status === 'ok' && size <= MAX_MESSAGE) {
    const from = state.from ?? '';
    const raw = [`Return-Path: <${from}>`, ...lines, ''].join('\r\n');
    if (state.recipients.some((to) => owns(account, to))) deliver(account, { raw, from, to: [...state.recipients] });
  }
  reset(state);
  return !played.over;
}

/** The address of the From field, which may be folded (RFC 5322 §2.2.3, §3.6.2). */
function headerFrom(lines: readonly string[]): string | undefined {
  const end = lines.indexOf('');
  const header = lines.slice(0, end < 0 ? lines.length : end);
  const at = header.findIndex((l) => /^from:/i.test(l));
  if (at < 0) return undefined;
  let value = (header[at] ?? '').slice(5);
  for (let i = at + 1; /^[ \t]/.test(header[i] ?? ''); i++) value += header[i];
  const bracket = /<([^<>]*)>[ \t]*$/.exec(value);
  return (bracket?.[1] ?? value).trim();
}

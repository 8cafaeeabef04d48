/** A small, honest IMAP4rev1 server (RFC 3501, 4959, 2971, 2342, 9208) that a scenario's replies can overrule command by command. */
import type { LabMessage } from './account.ts';
import { type AuthWords, authenticate } from './auth.ts';
import { capabilitiesOf } from './capabilities.ts';
import { type Arg, asQuoted, readArgs, readSet } from './imap-args.ts';
import { fetchMessage, type Numbered, searchMessages } from './imap-mailbox.ts';
import type { Answer, Talk } from './talk.ts';

const CREDENTIALS = 'NO [AUTHENTICATIONFAILED] Authentication failed.';
const FIRST_LOG_IN = 'BAD Log in first.';
const FIRST_SELECT = 'BAD Select a mailbox first.';
const ARGUMENTS = 'BAD The arguments are not understood.';
const MAX_LITERAL = 1 << 20;

interface State {
  loggedIn: boolean;
  selected: { readonly writable: boolean; readonly view: LabMessage[] } | undefined;
}

interface Context {
  readonly talk: Talk;
  readonly state: State;
  readonly args: readonly Arg[];
  /** True for `UID FETCH` and `UID SEARCH`. */
  readonly byUid: boolean;
}

/** Untagged lines, then what follows the tag. */
interface Reply {
  readonly untagged?: readonly string[];
  readonly tagged: string;
  readonly effect?: () => void;
}

const words = (talk: Talk): AuthWords => ({
  prefix: '+ ',
  accepted: `{tag} OK [CAPABILITY ${capabilitiesOf(talk.faults, 'authenticated').join(' ')}] Logged in.`,
  credentials: `{tag} ${CREDENTIALS}`,
  syntax: '{tag} BAD The authentication message is malformed.',
  cancelled: '{tag} BAD Authentication cancelled.',
  unknown: '{tag} NO [CANNOT] This mechanism is not supported.',
});

/** Runs one session from the greeting to the end. */
export async function imapSession(talk: Talk): Promise<void> {
  const state: State = { loggedIn: false, selected: undefined };
  const greeting = `* OK [CAPABILITY ${capabilitiesOf(talk.faults, talk.channel).join(' ')}] ${talk.host} IMAP ready`;
  if ((await talk.greet(greeting)) === 'over') return;
  if (/^\* PREAUTH/i.test(talk.faults.greeting ?? '')) logIn(talk, state);
  for (;;) {
    const line = await command(talk);
    if (line === undefined) return;
    const m = /^([^\s(){%*"\\\]+]+) ([A-Za-z-]+)(?: +(.*))?$/s.exec(line);
    if (!m) {
      talk.say('* BAD A command is a tag, a word and its arguments.');
      continue;
    }
    const [, tag = '', word = '', rest = ''] = m;
    if (!(await run(talk, state, tag, word.toUpperCase(), rest))) return;
  }
}

/** One command with its literals put in as quoted strings (RFC 9051 §4.3, RFC 7888). */
async function command(talk: Talk): Promise<string | undefined> {
  let whole = '';
  for (;;) {
    const line = await talk.line();
    if (line === undefined) return undefined;
    const literal = /\{(\d{1,9})(\+?)\}$/.exec(line);
    if (!literal) return whole + line;
    const size = Number(literal[1]);
    if (size > MAX_LITERAL) return undefined;
    if (literal[2] === '') talk.say('+ Ready for literal data');
    const content = await talk.content(size);
    if (content === undefined) return undefined;
    const text = Buffer.from(content, 'latin1').toString('utf8');
    talk.record(text);
    whole += line.slice(0, literal.index) + asQuoted(text);
  }
}

/** @returns false where the conversation is over. */
async function run(talk: Talk, state: State, tag: string, verb: string, rest: string): Promise<boolean> {
  const text = rest === '' ? verb : `${verb} ${rest}`;
  if (verb === 'AUTHENTICATE' && !state.loggedIn) {
    const [mechanism = '', initial] = rest.split(' ');
    const result = await authenticate(talk, { text, mechanism: mechanism.toUpperCase(), initial, tag }, words(talk));
    if (result === 'in') logIn(talk, state);
    return result !== 'over';
  }
  if (verb === 'IDLE' && state.loggedIn && talk.scripted(text) === undefined) return idle(talk, state, tag);
  const byUid = verb === 'UID';
  const args = readArgs(rest);
  const name = byUid && typeof args?.[0] === 'string' ? args[0].toUpperCase() : verb;
  const handler = COMMANDS[name];
  const answer: Reply = !handler
    ? { tagged: 'BAD Unknown command.' }
    : !args
      ? { tagged: ARGUMENTS }
      : handler({ talk, state, args: byUid ? args.slice(1) : args, byUid });
  const said = await talk.answer(text, worded(answer, tag), tag);
  if (said.over) return false;
  if (said.status === 'ok') {
    if (verb === 'STARTTLS' && !(await talk.secure())) return false;
    answer.effect?.();
  }
  if (verb !== 'LOGOUT') return true;
  talk.end();
  return false;
}

const worded = (r: Reply, tag: string): Answer => ({
  reply: [...(r.untagged ?? []), `${tag} ${r.tagged}`].join('\n'),
  bytes: true,
});

function logIn(talk: Talk, state: State) {
  state.loggedIn = true;
  talk.channel = 'authenticated';
}

async function idle(talk: Talk, state: State, tag: string): Promise<boolean> {
  talk.say('+ idling');
  const line = await talk.line();
  if (line === undefined) return false;
  const done = line.toUpperCase() === 'DONE';
  talk.say([...news(state, talk), done ? `${tag} OK Idle completed.` : `${tag} BAD Expected DONE.`].join('\n'));
  return true;
}

/** Messages that came since the mailbox was selected. */
function news({ selected }: State, { account }: Talk): readonly string[] {
  const fresh = selected ? account.messages.filter((m) => !selected.view.includes(m)) : [];
  selected?.view.push(...fresh);
  return fresh.length > 0 ? [`* ${selected?.view.length} EXISTS`] : [];
}

const isInbox = (name: Arg | undefined) => typeof name === 'string' && name.toUpperCase() === 'INBOX';
const NO_MAILBOX = 'NO [NONEXISTENT] There is no such mailbox.';

/** Commands that need a log-in, or a mailbox too. */
const loggedIn = (f: (c: Context) => Reply) => (c: Context) => (c.state.loggedIn ? f(c) : { tagged: FIRST_LOG_IN });
const selected = (f: (c: Context, view: readonly Numbered[], writable: boolean) => Reply) =>
  loggedIn((c) => {
    const s = c.state.selected;
    return s
      ? f(
          c,
          s.view.map((m, i) => [i + 1, m] as const),
          s.writable,
        )
      : { tagged: FIRST_SELECT };
  });

function open(writable: boolean) {
  return loggedIn(({ talk, state, args }) => {
    const close = () => {
      state.selected = undefined;
    };
    if (args.length === 0) return { tagged: ARGUMENTS };
    close();
    if (!isInbox(args[0])) return { tagged: NO_MAILBOX };
    const view = [...talk.account.messages];
    const unseen = view.findIndex((m) => !m.seen);
    return {
      untagged: [
        '* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)',
        `* OK [PERMANENTFLAGS (${writable ? '\\Seen' : ''})] Flags that are kept.`,
        `* ${view.length} EXISTS`,
        '* 0 RECENT',
        ...(unseen < 0 ? [] : [`* OK [UNSEEN ${unseen + 1}] First unseen.`]),
        '* OK [UIDVALIDITY 1] UIDs are valid.',
        `* OK [UIDNEXT ${talk.account.nextUid}] Predicted next UID.`,
      ],
      tagged: writable ? 'OK [READ-WRITE] Select completed.' : 'OK [READ-ONLY] Examine completed.',
      effect: () => {
        state.selected = { writable, view };
      },
    };
  });
}

const listing = (word: 'LIST' | 'LSUB') =>
  loggedIn(({ args }) => {
    const pattern = typeof args[1] === 'string' ? args[1] : undefined;
    if (pattern === undefined) return { tagged: ARGUMENTS };
    if (pattern === '') return { untagged: [`* ${word} (\\Noselect) "/" ""`], tagged: `OK ${word} completed.` };
    const fits = ['*', '%', 'INBOX'].includes(pattern.toUpperCase());
    return { untagged: fits ? [`* ${word} (\\HasNoChildren) "/" INBOX`] : [], tagged: `OK ${word} completed.` };
  });

const quota = (talk: Talk) => `* QUOTA "" (STORAGE ${Math.ceil(used(talk) / 1024)} 1048576)`;
const used = ({ account }: Talk) => account.messages.reduce((n, m) => n + m.raw.length, 0);
const KEPT = 'NO [CANNOT] The lab keeps its mailbox as it is.';
const kept = selected(() => ({ tagged: KEPT }));
const refresh = ({ state, talk }: Context): Reply => ({ untagged: news(state, talk), tagged: 'OK Completed.' });
const leave = selected(({ state }) => ({
  tagged: 'OK Completed.',
  effect: () => {
    state.selected = undefined;
  },
}));

const COMMANDS: Readonly<Record<string, (c: Context) => Reply>> = {
  CAPABILITY: ({ talk }) => ({
    untagged: [`* CAPABILITY ${capabilitiesOf(talk.faults, talk.channel).join(' ')}`],
    tagged: 'OK Capability completed.',
  }),
  NOOP: refresh,
  CHECK: selected(refresh),
  LOGOUT: () => ({ untagged: ['* BYE Logging out.'], tagged: 'OK Logout completed.' }),
  STARTTLS: ({ talk }) => {
    const able = talk.channel === 'plain' && capabilitiesOf(talk.faults, 'plain').includes('STARTTLS');
    return { tagged: able ? `OK Begin TLS negotiation now.${injected(talk)}` : 'BAD STARTTLS is not available.' };
  },
  LOGIN: ({ talk, state, args }) => {
    if (state.loggedIn) return { tagged: 'BAD Already logged in.' };
    if (capabilitiesOf(talk.faults, talk.channel).includes('LOGINDISABLED')) {
      return { tagged: 'NO [PRIVACYREQUIRED] Plaintext authentication is disallowed on an unencrypted connection.' };
    }
    if (args.length !== 2) return { tagged: ARGUMENTS };
    const right = args[0] === talk.account.user && args[1] === talk.account.password;
    const capabilities = capabilitiesOf(talk.faults, 'authenticated').join(' ');
    return { tagged: right ? `OK [CAPABILITY ${capabilities}] Logged in.` : CREDENTIALS, effect: () => logIn(talk, state) };
  },
  AUTHENTICATE: () => ({ tagged: 'BAD Already logged in.' }),
  ID: () => ({ untagged: ['* ID ("name" "mailcheck-lab" "vendor" "mailcheck")'], tagged: 'OK ID completed.' }),
  ENABLE: loggedIn(() => ({ untagged: ['* ENABLED'], tagged: 'OK Enabled.' })),
  NAMESPACE: loggedIn(() => ({ untagged: ['* NAMESPACE (("" "/")) NIL NIL'], tagged: 'OK Namespace completed.' })),
  SELECT: open(true),
  EXAMINE: open(false),
  LIST: listing('LIST'),
  LSUB: listing('LSUB'),
  STATUS: loggedIn(({ talk, args }) => {
    const { messages, nextUid } = talk.account;
    const known: Readonly<Record<string, number>> = {
      MESSAGES: messages.length,
      RECENT: 0,
      UIDNEXT: nextUid,
      UIDVALIDITY: 1,
      UNSEEN: messages.filter((m) => !m.seen).length,
      SIZE: used(talk),
    };
    if (!isInbox(args[0])) return { tagged: NO_MAILBOX };
    const items = Array.isArray(args[1]) ? args[1].map((i) => String(i).toUpperCase()) : [];
    if (items.length === 0 || items.some((i) => known[i] === undefined)) return { tagged: ARGUMENTS };
    return { untagged: [`* STATUS INBOX (${items.map((i) => `${i} ${known[i]}`).join(' ')})`], tagged: 'OK Status completed.' };
  }),
  GETQUOTAROOT: loggedIn(({ talk, args }) =>
    isInbox(args[0])
      ? { untagged: ['* QUOTAROOT INBOX ""', quota(talk)], tagged: 'OK Getquotaroot completed.' }
      : { tagged: NO_MAILBOX },
  ),
  GETQUOTA: loggedIn(({ talk }) => ({ untagged: [quota(talk)], tagged: 'OK Getquota completed.' })),
  FETCH: selected(({ args, byUid }, view, writable) => {
    const set = numbers(args[0], view, byUid);
    if (!set || args[1] === undefined) return { tagged: ARGUMENTS };
    const items = args[1];
    const untagged = set.map((n) => fetchMessage(n, items, byUid, writable));
    if (untagged.some((u) => u === undefined)) return { tagged: 'BAD An item of FETCH is not known here.' };
    return { untagged: untagged.filter((u) => u !== undefined), tagged: 'OK Fetch completed.' };
  }),
  SEARCH: selected(({ args, byUid }, view) => {
    const found = args.length > 0 ? searchMessages(view, args) : undefined;
    if (!found) return { tagged: ARGUMENTS };
    return { untagged: [['* SEARCH', ...found.map(([n, m]) => (byUid ? m.uid : n))].join(' ')], tagged: 'OK Search completed.' };
  }),
  CLOSE: leave,
  UNSELECT: leave,
  APPEND: loggedIn(() => ({ tagged: KEPT })),
  STORE: kept,
  EXPUNGE: kept,
  COPY: kept,
  MOVE: kept,
};

function numbers(set: Arg | undefined, view: readonly Numbered[], byUid: boolean): readonly Numbered[] | undefined {
  const max = byUid ? Math.max(0, ...view.map(([, m]) => m.uid)) : view.length;
  const wanted = typeof set === 'string' ? readSet(set, max) : undefined;
  return wanted && view.filter(([n, m]) => wanted.has(byUid ? m.uid : n));
}

/** `injected`: an untagged answer in the clear behind the one to STARTTLS, which must not count (CVE-2021-22947). */
const injected = (talk: Talk) => (talk.faults.tls === 'injected' ? '\n* CAPABILITY IMAP4rev1 AUTH=PLAIN' : '');

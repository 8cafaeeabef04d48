/** What IMAP's FETCH and SEARCH say of the lab's messages (RFC 9051 §6.4.4, §6.4.5, §7.5.2). */
import type { LabMessage } from './account.ts';
import { type Arg, readSet } from './imap-args.ts';

/** A message with its sequence number. */
export type Numbered = readonly [number: number, message: LabMessage];

const header = (m: LabMessage) => m.raw.slice(0, m.raw.indexOf('\r\n\r\n') + 4);
const body = (m: LabMessage) => m.raw.slice(m.raw.indexOf('\r\n\r\n') + 4);
const literal = (text: string) => `{${text.length}}\r\n${text}`;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MACROS: Readonly<Record<string, readonly string[]>> = { FAST: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE'] };

/** Fields of a header, unfolded, in order. */
function fields(m: LabMessage): readonly { name: string; value: string; raw: string }[] {
  return [...header(m).matchAll(/^([^\s:]+):((?:[^\r\n]|\r\n[ \t])*)\r\n/gm)].map((f) => ({
    name: (f[1] ?? '').toLowerCase(),
    value: (f[2] ?? '').replace(/\r\n/g, '').trim(),
    raw: f[0],
  }));
}

function internalDate(d: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const day = String(d.getUTCDate()).padStart(2, ' ');
  const clock = [d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds()].map(two).join(':');
  return `"${day}-${MONTHS[d.getUTCMonth()]}-${d.getUTCFullYear()} ${clock} +0000"`;
}

/**
 * @param items as the client asked, a list or one; `writable` where reading a body marks it as seen.
 * @returns one FETCH response, bytes as Latin-1; undefined where an item is not known.
 */
export function fetchMessage([number, m]: Numbered, items: Arg, withUid: boolean, writable: boolean): string | undefined {
  const wanted = (Array.isArray(items) ? items : [items]).flatMap((i) =>
    typeof i === 'string' ? (MACROS[i.toUpperCase()] ?? [i]) : [],
  );
  const names = withUid && !wanted.some((w) => w.toUpperCase() === 'UID') ? ['UID', ...wanted] : wanted;
  const parts: string[] = [];
  for (const name of names) {
    const value = fetchItem(m, name, writable);
    if (value === undefined) return undefined;
    parts.push(value);
  }
  return `* ${number} FETCH (${parts.join(' ')})`;
}

function fetchItem(m: LabMessage, item: string, writable: boolean): string | undefined {
  const name = item.toUpperCase();
  switch (name) {
    case 'UID':
      return `UID ${m.uid}`;
    case 'FLAGS':
      return `FLAGS (${m.seen ? '\\Seen' : ''})`;
    case 'INTERNALDATE':
      return `INTERNALDATE ${internalDate(m.receivedAt)}`;
    case 'RFC822.SIZE':
      return `RFC822.SIZE ${m.raw.length}`;
    case 'RFC822':
      return `RFC822 ${literal(m.raw)}`;
    case 'RFC822.HEADER':
      return `RFC822.HEADER ${literal(header(m))}`;
    case 'RFC822.TEXT':
      return `RFC822.TEXT ${literal(body(m))}`;
  }
  const section = /^BODY(\.PEEK)?\[([^\]]*)\](?:<(\d{1,9})\.(\d{1,9})>)?$/.exec(name);
  if (!section) return undefined;
  const [, peek, spec = '', from, count] = section;
  const whole = part(m, spec);
  if (whole === undefined) return undefined;
  if (!peek && writable) m.seen = true;
  const text = from === undefined ? whole : whole.slice(Number(from), Number(from) + Number(count));
  return `BODY[${spec}]${from === undefined ? '' : `<${from}>`} ${literal(text)}`;
}

function part(m: LabMessage, spec: string): string | undefined {
  if (spec === '') return m.raw;
  if (spec === 'HEADER') return header(m);
  if (spec === 'TEXT' || spec === '1') return body(m);
  const named = /^HEADER\.FIELDS(\.NOT)? \(([^)]*)\)$/.exec(spec);
  if (!named) return undefined;
  const names = (named[2] ?? '').toLowerCase().split(/ +/);
  const kept = fields(m).filter((f) => names.includes(f.name) !== (named[1] !== undefined));
  return `${kept.map((f) => f.raw).join('')}\r\n`;
}

type Test = (n: Numbered) => boolean;

/** @returns the messages that all keys fit; undefined where a key is not known. */
export function searchMessages(messages: readonly Numbered[], keys: readonly Arg[]): readonly Numbered[] | undefined {
  const start = typeof keys[0] === 'string' && keys[0].toUpperCase() === 'CHARSET' ? 2 : 0;
  const tests: Test[] = [];
  for (let at = start; at < keys.length; ) {
    const found = readKey(keys, at, messages);
    if (!found) return undefined;
    tests.push(found.test);
    at = found.next;
  }
  return messages.filter((n) => tests.every((t) => t(n)));
}

function readKey(keys: readonly Arg[], at: number, all: readonly Numbered[]): { test: Test; next: number } | undefined {
  const key = keys[at];
  if (key === undefined) return undefined;
  if (typeof key !== 'string') {
    const found = searchMessages(all, key);
    return found && { test: (n) => found.some(([x]) => x === n[0]), next: at + 1 };
  }
  const word = key.toUpperCase();
  const argument = keys[at + 1];
  const text = typeof argument === 'string' ? argument : '';
  const has = (value: string) => value.toLowerCase().includes(text.toLowerCase());
  const inField = (field: string, value: string) => (n: Numbered) =>
    fields(n[1]).some((f) => f.name === field.toLowerCase() && f.value.toLowerCase().includes(value.toLowerCase()));
  const day = (d: Date) => Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate());
  const dated = (test: (received: number, asked: number) => boolean): Test => {
    const m = /^(\d{1,2})-([A-Za-z]{3})-(\d{4})$/.exec(text);
    const asked = Date.UTC(
      Number(m?.[3]),
      MONTHS.findIndex((x) => x.toLowerCase() === m?.[2]?.toLowerCase()),
      Number(m?.[1]),
    );
    return ([, x]) => test(day(x.receivedAt), asked);
  };
  const one = (test: Test) => ({ test, next: at + 1 });
  const two = (test: Test) => (typeof argument === 'string' ? { test, next: at + 2 } : undefined);
  switch (word) {
    case 'ALL':
    case 'UNDELETED':
    case 'UNANSWERED':
    case 'UNFLAGGED':
    case 'UNDRAFT':
    case 'OLD':
      return one(() => true);
    case 'DELETED':
    case 'ANSWERED':
    case 'FLAGGED':
    case 'DRAFT':
    case 'RECENT':
    case 'NEW':
      return one(() => false);
    case 'SEEN':
      return one(([, m]) => m.seen);
    case 'UNSEEN':
      return one(([, m]) => !m.seen);
    case 'FROM':
    case 'TO':
    case 'CC':
    case 'BCC':
    case 'SUBJECT':
      return two(inField(word, text));
    case 'BODY':
      return two(([, m]) => has(body(m)));
    case 'TEXT':
      return two(([, m]) => has(m.raw));
    case 'HEADER': {
      const value = keys[at + 2];
      return typeof argument === 'string' && typeof value === 'string' ? { test: inField(text, value), next: at + 3 } : undefined;
    }
    case 'SINCE':
      return two(dated((received, asked) => received >= asked));
    case 'BEFORE':
      return two(dated((received, asked) => received < asked));
    case 'ON':
      return two(dated((received, asked) => received === asked));
    case 'LARGER':
      return two(([, m]) => m.raw.length > Number(text));
    case 'SMALLER':
      return two(([, m]) => m.raw.length < Number(text));
    case 'UID': {
      const set = readSet(text, Math.max(0, ...all.map(([, m]) => m.uid)));
      return set && two(([, m]) => set.has(m.uid));
    }
    case 'NOT': {
      const inner = readKey(keys, at + 1, all);
      return inner && { test: (n) => !inner.test(n), next: inner.next };
    }
    case 'OR': {
      const left = readKey(keys, at + 1, all);
      const right = left && readKey(keys, left.next, all);
      return right && { test: (n) => left.test(n) || right.test(n), next: right.next };
    }
    default: {
      const set = readSet(word, all.length);
      return set && one(([number]) => set.has(number));
    }
  }
}

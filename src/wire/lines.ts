/**
 * The one reader: bytes in, lines and whole replies out, the same however the bytes were cut (RFC 5321 §4.2.1, RFC 1939 §3,
 * RFC 9051 §2.2 and §4.3). No I/O; linear time and bounded memory whatever the server sends.
 */
import { isUtf8 } from 'node:buffer';
import type { ReplyForm } from '../model/net.ts';

/** What a server may send before we stop listening. Documented, so that a stop can be explained. */
export interface Limits {
  /** Bytes of one line before its LF. */
  readonly line: number;
  /** Bytes of one reply that are kept; more is counted only. */
  readonly kept: number;
  /** Lines of one reply that are kept; more is counted only. */
  readonly keptLines: number;
  /** Lines of one SMTP or IMAP reply. */
  readonly lines: number;
  /** Lines of one POP3 listing: UIDL of a large maildrop is long and honest. */
  readonly listing: number;
  /** Bytes of one connection. */
  readonly session: number;
}

export const LIMITS: Limits = {
  line: 512 * 1024,
  kept: 1024 * 1024,
  keptLines: 20_000,
  lines: 100_000,
  listing: 1_000_000,
  session: 64 * 1024 * 1024,
};

/** One whole reply, or why there will never be one. `count` counts every line of it, the "." that ends a listing left out. */
export type Framed =
  | { readonly ok: true; readonly lines: readonly string[]; readonly count: number; readonly truncated: boolean }
  | {
      readonly ok: false;
      readonly how: 'line-too-long' | 'reply-too-long';
      readonly detail: string;
      readonly lines: readonly string[];
    };

export interface LineReader {
  push(chunk: Uint8Array): void;
  /**
   * Begins a reply of this form. IMAP: `tag` is the command's, `others` those of commands under way beside it, whose replies may
   * come first (RFC 9051 §5.5) and are kept for their own `expect`.
   */
  expect(form: ReplyForm, tag?: string, others?: ReadonlySet<string>): void;
  /** @returns the reply begun, once it is whole; undefined while more bytes are needed. */
  next(): Framed | undefined;
  /** Bytes received and not yet read. */
  readonly size: number;
  /** The same as text, at most `max` bytes of it. */
  pending(max?: number): string;
  /** Whole lines not yet read, at most 50. */
  peek(): readonly string[];
  /** What has come of the reply begun, an unfinished last line included. */
  partial(): readonly string[];
}

const LF = 10;
const CR = 13;
const NONE: ReadonlySet<string> = new Set();

/** Text of a line: UTF-8 where valid, else Latin-1, which keeps every byte (GBK can be decoded from it later). */
export function decodeText(bytes: Uint8Array): string {
  const b = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return isUtf8(b) ? b.toString('utf8') : b.toString('latin1');
}

interface Frame {
  readonly form: ReplyForm;
  readonly tag: string;
  readonly others: ReadonlySet<string>;
  lines: string[];
  keptBytes: number;
  count: number;
  truncated: boolean;
  /** POP3: within the body of a listing. */
  body: boolean;
  /** IMAP: the line so far, whose literal of `literal` bytes comes next. */
  prefix: string | undefined;
  literal: number;
}

/** @returns a reader; `limits` for tests. */
export function createLineReader(limits: Limits = LIMITS): LineReader {
  let buffer: Buffer = Buffer.alloc(0);
  let owned = false;
  let start = 0;
  let end = 0;
  /** No LF lies between `start` and here. */
  let scanned = 0;
  let consumed = 0;
  let frame: Frame | undefined;
  let broken: Framed | undefined;
  const stash = new Map<string, Framed>();

  function push(chunk: Uint8Array): void {
    if (start === end) {
      buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      owned = false;
      start = 0;
      scanned = 0;
      end = chunk.length;
      return;
    }
    const size = end - start;
    if (!owned || end + chunk.length > buffer.length) {
      // Doubling keeps one byte per segment linear.
      const grown = Buffer.allocUnsafe(Math.max(1024, 2 * (size + chunk.length)));
      buffer.copy(grown, 0, start, end);
      buffer = grown;
      owned = true;
      scanned -= start;
      start = 0;
      end = size;
    }
    buffer.set(chunk, end);
    end += chunk.length;
  }

  /** The next line without its end; undefined where none is whole yet. */
  function line(): Buffer | undefined {
    const at = buffer.subarray(scanned, end).indexOf(LF);
    const length = at < 0 ? end - start : scanned + at - start;
    if (length > limits.line) {
      fail('line-too-long', `a line longer than ${limits.line} bytes`);
      return undefined;
    }
    if (at < 0) {
      scanned = end;
      return undefined;
    }
    const stop = scanned + at;
    const from = start;
    start = stop + 1;
    scanned = start;
    consumed += start - from;
    if (consumed > limits.session) {
      fail('reply-too-long', `more than ${limits.session} bytes in one session`);
      return undefined;
    }
    return buffer.subarray(from, stop > from && buffer[stop - 1] === CR ? stop - 1 : stop);
  }

  function fail(how: 'line-too-long' | 'reply-too-long', detail: string): Framed {
    broken = { ok: false, how, detail, lines: frame ? frame.lines.slice(0, 20) : [] };
    return broken;
  }

  function keep(f: Frame, text: string, last: boolean): void {
    f.count += 1;
    if (last || (f.lines.length < limits.keptLines && f.keptBytes + text.length <= limits.kept)) {
      f.lines.push(text);
      f.keptBytes += text.length;
    } else f.truncated = true;
  }

  /** Takes one line into the frame. @returns true where it ended the reply. */
  function take(f: Frame, text: string): boolean {
    switch (f.form) {
      case 'smtp': {
        // Anything but `ddd-` ends the reply; whether it is one is for wire/smtp to say.
        const more = /^\d{3}-/.test(text);
        keep(f, text, !more);
        return !more;
      }
      case 'pop3-multi':
        if (f.body) {
          if (text === '.') return true;
          keep(f, text.startsWith('.') ? text.slice(1) : text, false);
          return false;
        }
        keep(f, text, true);
        f.body = /^\+OK/i.test(text);
        return !f.body;
      case 'imap':
        return takeImap(f, text);
      default:
        keep(f, text, true);
        return true;
    }
  }

  function takeImap(f: Frame, text: string): boolean {
    const tag = text.startsWith('* ') ? '*' : text.slice(0, Math.max(0, text.indexOf(' ')));
    if (tag !== '*' && f.others.has(tag)) {
      keep(f, text, true);
      stash.set(tag, { ok: true, lines: f.lines, count: f.count, truncated: f.truncated });
      f.lines = [];
      f.keptBytes = 0;
      f.count = 0;
      return false;
    }
    // A tagged line ends it, whosever tag it is: a tag that was not sent is a fault to be told at once, not waited for. So does
    // garbage at the start; later it is taken for folded text of the line before it.
    const done =
      tag !== '*' &&
      (tag === f.tag || tag === '+' || text === '+' || f.lines.length === 0 || /^\S{1,64} (OK|NO|BAD)\b/i.test(text));
    keep(f, text, done);
    return done;
  }

  /** One line of an IMAP reply with its literals in it, joined by LF. */
  function imapLine(f: Frame): string | undefined {
    for (;;) {
      if (f.prefix !== undefined && f.literal >= 0) {
        if (end - start < f.literal) return undefined;
        f.prefix += `\n${decodeText(buffer.subarray(start, start + f.literal))}`;
        start += f.literal;
        consumed += f.literal;
        scanned = start;
        f.literal = -1;
      }
      const bytes = line();
      if (!bytes) return undefined;
      const text = (f.prefix ?? '') + decodeText(bytes);
      const literal = literalOf(text, f.prefix !== undefined);
      if (literal === undefined) {
        f.prefix = undefined;
        return text;
      }
      if (text.length + literal > limits.kept) {
        fail('reply-too-long', `a literal of ${literal} bytes`);
        return undefined;
      }
      f.prefix = text;
      f.literal = literal;
    }
  }

  function next(): Framed | undefined {
    if (broken) return broken;
    const f = frame;
    if (!f) return undefined;
    const early = f.form === 'imap' ? stash.get(f.tag) : undefined;
    if (early) {
      stash.delete(f.tag);
      frame = undefined;
      return early;
    }
    const max = f.form === 'pop3-multi' ? limits.listing : limits.lines;
    for (;;) {
      const bytes = f.form === 'imap' ? imapLine(f) : line();
      if (bytes === undefined) return broken;
      if (take(f, typeof bytes === 'string' ? bytes : decodeText(bytes))) {
        frame = undefined;
        return { ok: true, lines: f.lines, count: f.count, truncated: f.truncated };
      }
      if (f.count > max) return fail('reply-too-long', `a reply of more than ${max} lines`);
    }
  }

  return {
    push,
    expect(form, tag = '', others = NONE) {
      frame = {
        form,
        tag,
        others,
        lines: [],
        keptBytes: 0,
        count: 0,
        truncated: false,
        body: false,
        prefix: undefined,
        literal: -1,
      };
    },
    next,
    get size() {
      return end - start;
    },
    pending: (max = 4096) => decodeText(buffer.subarray(start, Math.min(end, start + max))),
    peek() {
      const waiting = buffer.subarray(start, end);
      const out: string[] = [];
      for (let from = 0; out.length < 50; ) {
        const at = waiting.indexOf(LF, from);
        if (at < 0) break;
        out.push(decodeText(waiting.subarray(from, at > from && waiting[at - 1] === CR ? at - 1 : at)));
        from = at + 1;
      }
      return out;
    },
    partial() {
      const rest = `${frame?.prefix ?? ''}${decodeText(buffer.subarray(start, Math.min(end, start + 4096)))}`;
      return [...(frame?.lines ?? []), ...(rest === '' ? [] : [rest])];
    },
  };
}

/** The size of the literal that follows this line (RFC 9051 §4.3); the text of a status response never announces one. */
function literalOf(text: string, within: boolean): number | undefined {
  if (!text.endsWith('}') || (!within && (!text.startsWith('* ') || /^\* (OK|NO|BAD|BYE|PREAUTH)\b/i.test(text))))
    return undefined;
  const m = /\{(\d{1,12})\+?\}$/.exec(text.slice(-16));
  return m ? Number(m[1]) : undefined;
}

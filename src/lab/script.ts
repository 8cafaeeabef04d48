/** Scripted replies: which one answers a command, and what it does: words, waits, and acts in place of words. */
import type { Protocol } from '../model/terms.ts';

export type Step =
  | { readonly say: string }
  /** The client has to say something before the script goes on: a continuation was sent. */
  | { readonly await: true }
  | { readonly act: 'close' | 'reset' | 'silent' }
  | { readonly wait: number };

export interface Script {
  readonly steps: readonly Step[];
  /** What the words mean for the state of the session. */
  readonly status: 'ok' | 'no' | 'continue' | 'none';
}

const ACTS = { '!close': 'close', '!reset': 'reset', '!silent': 'silent' } as const;

/** Upper case, single spaces, no space after the colon: the form in which commands and prefixes meet. */
const normal = (command: string) => command.trim().toUpperCase().replace(/\s+/g, ' ').replace(/: </g, ':<');

/**
 * @param command the command as it came, without an IMAP tag.
 * @returns the reply under the longest prefix that ends at a word boundary; undefined where the healthy answer is due.
 */
export function scripted(
  replies: Readonly<Record<string, string>> | undefined,
  command: string,
  protocol: Protocol,
): string | undefined {
  const said = normal(command);
  let best: { length: number; reply: string } | undefined;
  for (const [key, reply] of Object.entries(replies ?? {})) {
    let prefix = normal(key);
    // One word for all three protocols: IMAP spells it out (RFC 9051 §6.2.2).
    if (protocol === 'imap' && /^AUTH( |$)/.test(prefix)) prefix = `AUTHENTICATE${prefix.slice(4)}`;
    const boundary = prefix === '' || !/[A-Z0-9]$/.test(prefix) || !/^[A-Z0-9]/.test(said.slice(prefix.length));
    if (said.startsWith(prefix) && boundary && prefix.length >= (best?.length ?? 0)) best = { length: prefix.length, reply };
  }
  return best?.reply;
}

/** Reads a reply as data into what the server does. `!wait 500` puts off what follows by so many milliseconds; `tag` stands in for `{tag}`, and before a bare OK, NO or BAD. */
export function readScript(reply: string, protocol: Protocol, tag = '*'): Script {
  const steps: Step[] = [];
  let words: string[] = [];
  let status: Script['status'] = 'none';
  const flush = () => {
    if (words.length > 0) steps.push({ say: words.join('\r\n') });
    words = [];
  };
  const lines = reply.split('\n').map((l) => l.replace(/\r$/, ''));
  for (const [i, line] of lines.entries()) {
    const act = Object.entries(ACTS).find(([word]) => word === line)?.[1];
    if (act !== undefined) {
      flush();
      steps.push({ act });
      break;
    }
    const wait = /^!wait (\d{1,6})$/.exec(line)?.[1];
    if (wait !== undefined) {
      flush();
      steps.push({ wait: Number(wait) });
      continue;
    }
    const text = worded(line, protocol, tag);
    words.push(text);
    const said = statusOf(text, protocol, tag);
    status = joined(status, said);
    if (said === 'continue' && i < lines.length - 1) {
      flush();
      steps.push({ await: true });
    }
  }
  flush();
  return { steps, status };
}

/** What a reply without acts means. */
export function meaning(reply: string, protocol: Protocol, tag = '*'): Script['status'] {
  let status: Script['status'] = 'none';
  for (const line of reply.split('\n')) status = joined(status, statusOf(line, protocol, tag));
  return status;
}

/** The first word that is no mere continuation decides; what follows it is body, or injected. */
const joined = (before: Script['status'], next: Script['status'] | undefined) =>
  next === undefined || before === 'ok' || before === 'no' ? before : next;

function worded(line: string, protocol: Protocol, tag: string): string {
  const text = line.replaceAll('{tag}', tag);
  return protocol === 'imap' && /^(OK|NO|BAD)( |$)/.test(text) ? `${tag} ${text}` : text;
}

function statusOf(text: string, protocol: Protocol, tag: string): Script['status'] | undefined {
  if (protocol === 'smtp') {
    if (!/^\d{3}( |$)/.test(text)) return undefined;
    return text.startsWith('2') ? 'ok' : text.startsWith('3') ? 'continue' : 'no';
  }
  if (/^\+( |$)/.test(text)) return 'continue';
  if (protocol === 'pop3') return text.startsWith('+OK') ? 'ok' : text.startsWith('-ERR') ? 'no' : undefined;
  if (!text.startsWith(`${tag} `)) return undefined;
  return /^OK( |$)/.test(text.slice(tag.length + 1)) ? 'ok' : 'no';
}

/**
 * True where a scripted answer to an authentication command is about the command itself, so that it comes at once; a verdict on
 * the credentials comes where a real server gives it: at the end of the exchange.
 */
export function atOnce(reply: string, protocol: Protocol): boolean {
  const line = reply.replace(/^\{tag\} /, '');
  if (/^(!|\+( |$)|\*)/.test(line)) return true;
  if (protocol === 'smtp') return /^(3\d\d|421|50[0-4]|530|538)/.test(line);
  return protocol === 'imap' && (/^BAD/.test(line) || /\[(PRIVACYREQUIRED|CANNOT)\]/.test(line));
}

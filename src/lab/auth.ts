/** The AUTH command of all three protocols: base64 messages to and fro, then a verdict (RFC 4954, 5034, 9051 §6.2.2). */
import { mechanismsOf } from './capabilities.ts';
import { saslServer } from './sasl.ts';
import { atOnce } from './script.ts';
import type { Talk } from './talk.ts';

export interface AuthWords {
  /** What stands before a challenge: `334 ` or `+ `. */
  readonly prefix: string;
  readonly accepted: string;
  readonly credentials: string;
  readonly syntax: string;
  readonly cancelled: string;
  readonly unknown: string;
}

export interface AuthCommand {
  /** As it came, without a tag. */
  readonly text: string;
  readonly mechanism: string;
  /** Base64, `=` for an empty one; undefined where there was none. */
  readonly initial: string | undefined;
  readonly tag?: string;
}

type Outcome = 'accepted' | 'credentials' | 'syntax' | 'cancelled' | 'gone';

/** Runs one AUTH command to its reply. @returns `in` where the client is logged in now, `over` where it has gone. */
export async function authenticate(talk: Talk, command: AuthCommand, words: AuthWords): Promise<'in' | 'out' | 'over'> {
  const reply = talk.scripted(command.text);
  const finish = async (final: string) => {
    const played = await talk.play(final, command.tag);
    if (played.over) return 'over';
    return played.status === 'ok' ? 'in' : 'out';
  };
  if (reply !== undefined && atOnce(reply, talk.protocol)) return finish(reply);
  if (!offers(talk, command.mechanism)) return finish(reply ?? words.unknown);
  const outcome = await exchange(talk, command, words.prefix);
  if (outcome === 'gone') return 'over';
  if (outcome === 'cancelled') return finish(words.cancelled);
  return finish(reply ?? words[outcome]);
}

/** Honest servers take what they list; where the list itself is scripted, anything that is known. */
function offers(talk: Talk, mechanism: string): boolean {
  const announced = talk.scripted(talk.protocol === 'smtp' ? 'EHLO' : talk.protocol === 'pop3' ? 'CAPA' : 'CAPABILITY');
  return announced !== undefined || mechanismsOf(talk.faults, talk.channel).includes(mechanism);
}

async function exchange(talk: Talk, command: AuthCommand, prefix: string): Promise<Outcome> {
  const { account, host, binding, certified } = talk;
  const server = saslServer(command.mechanism, { account, host, certified, ...(binding ? { binding } : {}) });
  if (!server) return 'syntax';
  let message = command.initial === undefined ? undefined : unwrap(command.initial);
  if (message === 'malformed') return 'syntax';
  // Mechanisms in which the server speaks first take no initial response, LOGIN aside (RFC 4422 §3).
  let turn = server.step(serverFirst(command.mechanism) ? undefined : message);
  if (command.mechanism === 'LOGIN' && message !== undefined) turn = server.step(message);
  while ('challenge' in turn) {
    talk.say(prefix + Buffer.from(turn.challenge).toString('base64'));
    const line = await talk.line();
    if (line === undefined) return 'gone';
    if (line === '*') return 'cancelled';
    message = unwrap(line);
    if (message === 'malformed') return 'syntax';
    turn = server.step(message);
  }
  return 'accepted' in turn ? 'accepted' : turn.refused;
}

const serverFirst = (mechanism: string) => ['LOGIN', 'CRAM-MD5', 'DIGEST-MD5'].includes(mechanism);

function unwrap(base64: string): Buffer | 'malformed' {
  const text = base64.trim();
  if (text === '=' || text === '') return Buffer.alloc(0);
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : 'malformed';
}

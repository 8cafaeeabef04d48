/** SASL mechanisms, client half (RFC 4422): PLAIN, LOGIN, CRAM-MD5, DIGEST-MD5, SCRAM, XOAUTH2, OAUTHBEARER, EXTERNAL, NTLM. */
import { createHash, createHmac } from 'node:crypto';
import { digestMd5 } from './digestmd5.ts';
import { ntlmAuthenticate, ntlmNegotiate } from './ntlm.ts';
import { type ScramBinding, scram } from './scram.ts';

/** What the client knows. The secret is asked for only inside `initial` and `respond`. */
export interface SaslInput {
  readonly user: string;
  readonly secret: () => string;
  readonly protocol: 'imap' | 'pop3' | 'smtp';
  readonly host: string;
  readonly port: number;
  /** Printable random text. */
  readonly nonce: string;
  readonly now: number;
  readonly binding?: ScramBinding;
}

export type SaslStep = { readonly send: string | Uint8Array } | { readonly fault: string };

export interface SaslClient {
  /** True where the client speaks first (RFC 4422 §5). */
  readonly first: boolean;
  /** The initial response; call it only when `first`. */
  initial(): string | Uint8Array;
  /** Answers one decoded challenge. */
  respond(challenge: Uint8Array): SaslStep;
  /** Checks what a mutual mechanism must check before success counts; undefined where all is well. */
  verify(): string | undefined;
}

const text = (b: Uint8Array) => Buffer.from(b).toString('utf8');
const nothing = () => undefined;

/** Mechanisms in order of preference over TLS; those after `LOGIN` only where nothing better is offered. */
export const PREFERENCE = [
  'SCRAM-SHA-256-PLUS',
  'SCRAM-SHA-256',
  'SCRAM-SHA-1-PLUS',
  'SCRAM-SHA-1',
  'PLAIN',
  'LOGIN',
  'CRAM-MD5',
  'DIGEST-MD5',
  'NTLM',
] as const;
export const TOKEN_PREFERENCE = ['OAUTHBEARER', 'XOAUTH2'] as const;
export const KNOWN = [...PREFERENCE, ...TOKEN_PREFERENCE, 'EXTERNAL', 'APOP', 'USER'] as const;

export interface Choice {
  readonly mechanism: string | undefined;
  /** Why this one: a short technical phrase for the report. */
  readonly reason: string;
}

/** @returns the best mechanism that both sides have; `bindable` where channel-binding data can be had. */
export function chooseMechanism(offered: readonly string[], type: 'password' | 'token', bindable: boolean): Choice {
  const list: readonly string[] = type === 'token' ? TOKEN_PREFERENCE : PREFERENCE;
  const found = list.find((m) => offered.includes(m) && (bindable || !m.endsWith('-PLUS')));
  if (!found) return { mechanism: undefined, reason: `none of ${list.join(', ')} is offered` };
  return { mechanism: found, reason: `first of ${list.join(' > ')} that is offered` };
}

/** True where the mechanism shows the password to whoever reads the channel. */
export const isPlaintext = (mechanism: string) => ['PLAIN', 'LOGIN', 'USER', 'XOAUTH2', 'OAUTHBEARER'].includes(mechanism);

/** @returns the client half of a mechanism; undefined for one that is not known. */
export function saslClient(mechanism: string, input: SaslInput): SaslClient | undefined {
  switch (mechanism) {
    case 'PLAIN':
      return once(() => `\0${input.user}\0${input.secret()}`);
    case 'EXTERNAL':
      return once(() => input.user);
    case 'XOAUTH2':
      return bearer(() => `user=${input.user}\x01auth=Bearer ${input.secret()}\x01\x01`, '');
    case 'OAUTHBEARER': {
      const name = input.user.replace(/=/g, '=3D').replace(/,/g, '=2C');
      return bearer(
        () => `n,a=${name},\x01host=${input.host}\x01port=${input.port}\x01auth=Bearer ${input.secret()}\x01\x01`,
        '\x01',
      );
    }
    case 'LOGIN':
      return login(input);
    case 'CRAM-MD5':
      return {
        first: false,
        initial: () => '',
        respond: (challenge) => ({ send: `${input.user} ${createHmac('md5', input.secret()).update(challenge).digest('hex')}` }),
        verify: nothing,
      };
    case 'DIGEST-MD5':
      return digest(input);
    case 'NTLM':
      return {
        first: true,
        initial: () => ntlmNegotiate(),
        respond(challenge) {
          const m = ntlmAuthenticate(
            challenge,
            input.user,
            input.secret(),
            createHash('md5').update(input.nonce).digest().subarray(0, 8),
            input.now,
          );
          return m ? { send: m } : { fault: 'the NTLM challenge is malformed' };
        },
        verify: nothing,
      };
    case 'SCRAM-SHA-1':
    case 'SCRAM-SHA-256':
    case 'SCRAM-SHA-1-PLUS':
    case 'SCRAM-SHA-256-PLUS':
      return scramClient(mechanism, input);
    default:
      return undefined;
  }
}

function once(initial: () => string): SaslClient {
  return { first: true, initial, respond: () => ({ fault: 'a second challenge where none is due' }), verify: nothing };
}

/** The server answers a refused token with a challenge that holds the reason; the client ends it with this (RFC 7628 §3.2.3). */
function bearer(initial: () => string, end: string): SaslClient {
  return { first: true, initial, respond: () => ({ send: end }), verify: nothing };
}

/** LOGIN has no standard: prompts are base64 of "Username:" and "Password:" or words like them; anything else is a fault (S-126). */
function login(input: SaslInput): SaslClient {
  let asked = 0;
  return {
    first: false,
    initial: () => '',
    respond(challenge) {
      const prompt = text(challenge).replace(/\0/g, '').trim().toLowerCase();
      const wantsUser = /user|login|name|account|mail/.test(prompt) && !/pass/.test(prompt);
      const wantsPassword = /pass|pwd|secret/.test(prompt);
      asked++;
      if (asked === 1 && (wantsUser || prompt === '')) return { send: input.user };
      if (asked === 2 && (wantsPassword || prompt === '')) return { send: input.secret() };
      return { fault: 'AUTH LOGIN asks for something that is neither the user name nor the password, in that order' };
    },
    verify: nothing,
  };
}

function digest(input: SaslInput): SaslClient {
  let expected: string | undefined;
  let proved = false;
  const service = input.protocol === 'pop3' ? 'pop' : input.protocol;
  return {
    first: false,
    initial: () => '',
    respond(challenge) {
      const said = text(challenge);
      if (expected !== undefined) {
        proved = said.includes(`rspauth=${expected}`);
        return proved ? { send: '' } : { fault: "the server's DIGEST-MD5 answer is wrong: it does not know the password" };
      }
      const r = digestMd5(said, input.user, input.secret(), service, input.host, input.nonce);
      if ('fault' in r) return r;
      expected = r.rspauth;
      return { send: r.response };
    },
    verify: () =>
      expected !== undefined && !proved ? 'the server did not prove that it knows the password (rspauth)' : undefined,
  };
}

/** @returns true for the message by which the server refuses (RFC 5802 §7, server-error). */
export const isScramError = (message: string): boolean => /^e=[\x21-\x7e]/.test(message);

function scramClient(mechanism: string, input: SaslInput): SaslClient {
  const plus = mechanism.endsWith('-PLUS');
  const s = scram(mechanism.includes('256') ? 'sha256' : 'sha1', input.user, input.nonce, plus ? input.binding : undefined);
  let step = 0;
  let verdict: string | undefined = 'the server never sent its SCRAM signature';
  return {
    first: true,
    initial: () => s.first,
    respond(challenge) {
      step++;
      const said = text(challenge);
      // A refusal: its words come with it, and what follows is the server's final reply.
      if (isScramError(said)) return { send: '' };
      if (step === 1) {
        const r = s.final(said, input.secret());
        return 'fault' in r ? r : { send: r.message };
      }
      if (step > 2) return { fault: 'SCRAM goes on after its end' };
      verdict = s.verify(said);
      return verdict === undefined ? { send: '' } : { fault: verdict };
    },
    verify: () => verdict,
  };
}

/** The APOP digest (RFC 1939 §7), lower-case hex. */
export function apop(timestamp: string, password: string): string {
  return createHash('md5')
    .update(timestamp + password, 'utf8')
    .digest('hex');
}

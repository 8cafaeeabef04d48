/** SASL mechanisms, server half (RFC 4422): the simple ones here, SCRAM, DIGEST-MD5 and NTLM in files of their own. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { LabAccount } from './account.ts';
import { digestMd5Server } from './digest.ts';
import { ntlmServer } from './ntlm.ts';
import { scramServer } from './scram.ts';

/** What a mechanism may know of the server it runs on. */
export interface SaslContext {
  readonly account: Pick<LabAccount, 'user' | 'password' | 'token'>;
  readonly host: string;
  /** Channel-binding data of the connection by type; absent where there is no TLS or no -PLUS mechanism is offered. */
  readonly binding?: (type: string) => Uint8Array | undefined;
  /** Identity proved by the client's certificate, for EXTERNAL. */
  readonly certified?: string | undefined;
  /** Fixed values in place of random ones, so that published vectors can be replayed. */
  readonly fixed?: { readonly nonce?: string; readonly salt?: Uint8Array; readonly iterations?: number };
}

export type SaslTurn =
  | { readonly challenge: string | Uint8Array }
  | { readonly accepted: string }
  | { readonly refused: 'credentials' | 'syntax'; readonly reason: string };

export interface SaslServer {
  /** Takes the client's next message; undefined at the start where no initial response came. */
  step(response: Buffer | undefined): SaslTurn;
}

/** Mechanisms offered by default; those with -PLUS only under TLS. EXTERNAL and NTLM are played where a scenario lists them. */
export const MECHANISMS = [
  'PLAIN',
  'LOGIN',
  'CRAM-MD5',
  'DIGEST-MD5',
  'SCRAM-SHA-1',
  'SCRAM-SHA-1-PLUS',
  'SCRAM-SHA-256',
  'SCRAM-SHA-256-PLUS',
  'XOAUTH2',
  'OAUTHBEARER',
] as const;

/** @returns the server half of a mechanism, upper case; undefined for one that is not known. */
export function saslServer(mechanism: string, context: SaslContext): SaslServer | undefined {
  switch (mechanism) {
    case 'PLAIN':
      return clientFirst((message) => plain(message, context));
    case 'LOGIN':
      return login(context);
    case 'CRAM-MD5':
      return cramMd5(context);
    case 'DIGEST-MD5':
      return digestMd5Server(context);
    case 'SCRAM-SHA-1':
    case 'SCRAM-SHA-1-PLUS':
      return scramServer('sha1', mechanism.endsWith('-PLUS'), context);
    case 'SCRAM-SHA-256':
    case 'SCRAM-SHA-256-PLUS':
      return scramServer('sha256', mechanism.endsWith('-PLUS'), context);
    case 'XOAUTH2':
      return bearer(context, XOAUTH2, { status: '400', schemes: 'Bearer', scope: 'https://mail.google.com/' });
    case 'OAUTHBEARER':
      return bearer(context, OAUTHBEARER, { status: 'invalid_token', schemes: 'bearer', scope: 'mail' });
    case 'EXTERNAL':
      return clientFirst((message) => external(message, context));
    case 'NTLM':
      return ntlmServer(context);
    default:
      return undefined;
  }
}

export const refusedCredentials = (reason = 'the user name or password is wrong'): SaslTurn => ({
  refused: 'credentials',
  reason,
});
export const refusedSyntax = (reason: string): SaslTurn => ({ refused: 'syntax', reason });

/** Constant-time, as a server ought to compare. */
export function same(a: string | Uint8Array, b: string | Uint8Array): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

/** An empty challenge where the client did not speak first, then its one message (RFC 4422 §5). */
function clientFirst(judge: (message: Buffer) => SaslTurn): SaslServer {
  return { step: (response) => (response === undefined ? { challenge: '' } : judge(response)) };
}

/** RFC 4616. */
function plain(message: Buffer, { account }: SaslContext): SaslTurn {
  const parts = message.toString('utf8').split('\0');
  const [authorization = '', user = '', password = ''] = parts;
  if (parts.length !== 3 || user === '') return refusedSyntax('PLAIN wants authorization NUL user NUL password');
  if (authorization !== '' && authorization !== user) return refusedCredentials('nobody may act for another here');
  return user === account.user && same(password, account.password) ? { accepted: user } : refusedCredentials();
}

/** draft-murchison-sasl-login: user name and password in turn, the user name also as initial response. */
function login({ account }: SaslContext): SaslServer {
  let user: string | undefined;
  return {
    step(response) {
      if (response === undefined) return { challenge: 'Username:' };
      if (user === undefined) {
        user = response.toString('utf8');
        return { challenge: 'Password:' };
      }
      return user === account.user && same(response, account.password) ? { accepted: user } : refusedCredentials();
    },
  };
}

/** RFC 2195. */
function cramMd5({ account, host, fixed }: SaslContext): SaslServer {
  const challenge = fixed?.nonce ?? `<${randomBytes(8).toString('hex')}.${Date.now()}@${host}>`;
  return {
    step(response) {
      if (response === undefined) return { challenge };
      const said = response.toString('utf8');
      const space = said.lastIndexOf(' ');
      const expected = createHmac('md5', account.password).update(challenge).digest('hex');
      const right = said.slice(0, Math.max(0, space)) === account.user && same(said.slice(space + 1).toLowerCase(), expected);
      return right ? { accepted: account.user } : refusedCredentials();
    },
  };
}

/** `user=USER^Aauth=Bearer TOKEN^A^A` (Google's and Microsoft's documentation of XOAUTH2). */
const XOAUTH2 = /^user=([^\x01]*)\x01auth=Bearer ([^\x01]*)\x01\x01$/;
/** RFC 7628 §3.1. */
const OAUTHBEARER = /^n,a=([^,]*),\x01(?:(?!auth=)[a-z]+=[^\x01]*\x01)*auth=Bearer ([^\x01]*)\x01(?:[a-z]+=[^\x01]*\x01)*\x01$/;

/** A refused token is answered by a challenge that holds the reason; the client ends it with a message that says nothing. */
function bearer({ account }: SaslContext, form: RegExp, error: Readonly<Record<string, string>>): SaslServer {
  let failed = false;
  return {
    step(response) {
      if (failed) return refusedCredentials('the token is not accepted');
      if (response === undefined) return { challenge: '' };
      const said = form.exec(response.toString('utf8'));
      if (!said) return refusedSyntax('the bearer message is malformed');
      const user = (said[1] ?? '').replaceAll('=2C', ',').replaceAll('=3D', '=');
      if (user === account.user && same(said[2] ?? '', account.token)) return { accepted: user };
      failed = true;
      return { challenge: JSON.stringify(error) };
    },
  };
}

/** RFC 4422 appendix A: the message names whom to act as; empty means whom the certificate names. */
function external(message: Buffer, { account, certified }: SaslContext): SaslTurn {
  const wanted = message.toString('utf8');
  if (certified === undefined) return refusedCredentials('no client certificate was shown');
  return wanted === '' || wanted === account.user ? { accepted: account.user } : refusedCredentials();
}

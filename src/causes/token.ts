/** What an access token's own claims have against it: expiry, audience, scopes, user (RFC 9068 §2.2, RFC 7628 §3.2). */
import type { SecretEvidence } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import type { Protocol } from '../model/terms.ts';

/** Exchange Online's audience under its names and its application id; a token for Microsoft Graph is the usual mistake. */
const EXCHANGE =
  /^(?:https:\/\/(?:outlook\.office(?:365)?\.com|ps\.outlook\.com|outlook\.office365\.us|partner\.outlook\.cn)\/?|00000002-0000-0ff1-ce00-000000000000)$/i;
const MICROSOFT =
  /^(?:https:\/\/[a-z0-9.-]+\.(?:microsoft|office|office365|windows|azure)\.(?:com|net|us)\/?|0000000[0-9]-0000-0[0-9a-f]{3}-[0-9a-f]{4}-0{12})$/i;

/** Scopes of a person and roles of an application that open a protocol in Exchange Online. */
const SCOPES: Readonly<Record<Protocol, RegExp>> = {
  imap: /IMAP\.AccessAs(?:User|App)/i,
  pop3: /POP\.AccessAs(?:User|App)/i,
  smtp: /SMTP\.Send/i,
};

/** @returns what is wrong with the token by its own claims, in short; undefined where they say nothing against it. */
export function tokenFault(facts: Facts, { token }: SecretEvidence): string | undefined {
  if (!token) return undefined;
  const { expired, expires, audience, scopes, user } = token;
  if (expired === true && expires !== undefined) return `exp ${expires}`;
  if (audience !== undefined && MICROSOFT.test(audience) && !EXCHANGE.test(audience)) return `aud ${audience}`;
  const wanted = facts.protocol && SCOPES[facts.protocol];
  if (wanted && audience !== undefined && EXCHANGE.test(audience) && !scopes?.some((s) => wanted.test(s))) {
    return `scp ${scopes?.join(' ') ?? '-'}`;
  }
  // A delegated mailbox has another name than its token; so has an alias: it is told, not proven.
  const name = facts.all('setting').find((s) => s.field === 'user')?.value;
  return user !== undefined && name !== undefined && user.toLowerCase() !== name.toLowerCase() ? `upn ${user}` : undefined;
}

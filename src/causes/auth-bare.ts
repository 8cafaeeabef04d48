/**
 * The bare refusal of a log-in: what it is, and what it leaves open. The same answer stands for a wrong password, a missing app
 * password, an access that is off and more; capability lists, the shape of the secret and the settings prune the list.
 */
import type { Rule } from '../model/cause.ts';
import type { CapabilityEvidence, ReplyEvidence, SecretEvidence } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import { permanent, refusals } from './hear.ts';
import { hearing } from './rules.ts';

/** Response codes that are never about the password (RFC 5530 §3, RFC 3206 §4, RFC 2449 §8). */
const TRANSIENT = ['UNAVAILABLE', 'IN-USE', 'INUSE', 'LIMIT', 'LOGIN-DELAY', 'SYS/TEMP', 'SERVERBUG', 'OVERQUOTA'];

const DIGESTS = /^(CRAM-|DIGEST-|SCRAM-|NTLM|GSS|APOP)/;
const TOKENS = /^(XOAUTH2|OAUTHBEARER)$/;
/** Mechanisms that take the password itself. */
const takesPassword = (m: string) => !TOKENS.test(m) && m !== 'ANONYMOUS' && m !== 'EXTERNAL' && !/^GSS/.test(m);

/** @returns true for a reply to the mechanism alone, before any secret went out (RFC 4954 §4: no initial response on the line). */
export const beforeSecret = (r: ReplyEvidence): boolean =>
  (r.code !== undefined || r.condition !== undefined) && /^AUTH(?:ENTICATE)? [A-Z0-9_-]+$/i.test(r.command);

/** @returns true for the final refusal after a full exchange; transient answers and challenges are none. */
export const finalRefusal = (r: ReplyEvidence): boolean =>
  r.status === 'no' &&
  (r.code !== undefined || r.condition !== undefined) &&
  permanent(r) &&
  // BYE ends the session, whoever asks.
  r.condition !== 'BYE' &&
  !beforeSecret(r) &&
  !(r.responseCode !== undefined && TRANSIENT.includes(r.responseCode.split(' ')[0] ?? ''));

/** @returns the refusal of this check's log-in, live. */
export function bareRefusal(facts: Facts): ReplyEvidence | undefined {
  return facts.pasted ? undefined : refusals(facts, 'auth').findLast(finalRefusal);
}

export const secretOf = (facts: Facts): SecretEvidence | undefined => facts.last('secret', 'auth');

/** The capabilities on the channel of the log-in: the last list before it. */
export const lastCapabilities = (facts: Facts): CapabilityEvidence | undefined =>
  facts.all('capabilities').findLast((c) => c.channel !== 'authenticated');

/** @returns true where the list names token mechanisms and none that takes a password. */
export function tokensOnly(mechanisms: readonly string[]): boolean {
  return mechanisms.some((m) => TOKENS.test(m)) && !mechanisms.some(takesPassword);
}

/** @returns true where the log-in used a mechanism whose proof depends on how the server stores the password. */
export const usedDigest = (secret: SecretEvidence | undefined): boolean => secret !== undefined && DIGESTS.test(secret.mechanism);

/** @returns what a bare refusal leaves open, likeliest first. */
export function leftOpen(facts: Facts): readonly string[] {
  const secret = secretOf(facts);
  const caps = lastCapabilities(facts);
  const remarks = facts.all('setting').map((s) => s.remark);
  const open: string[] = [];
  if (remarks.includes('user-name-form')) open.push('settings.user-name-form');
  if (remarks.includes('other-provider') || remarks.includes('other-plan')) open.push('settings.wrong-server');
  if (secret?.type === 'token') return [...open, 'auth.token-rejected', offName(facts), 'auth.policy-blocked'];
  if (secret?.wanted === 'oauth') open.push('auth.basic-disabled');
  if (secret?.offByDefault) open.push(offName(facts));
  if (secret?.shape.appPassword !== true && secret?.wanted !== 'account') open.push('auth.app-password-required');
  if (!remarks.includes('user-name-form')) open.push('settings.user-name-form');
  if (!secret?.offByDefault) open.push(offName(facts));
  if (usedDigest(secret)) open.push('auth.mechanism-unsupported');
  if (secret?.wanted !== 'oauth' && (!caps || caps.mechanisms.some((m) => TOKENS.test(m)))) open.push('auth.basic-disabled');
  open.push('auth.account-locked');
  return open;
}

const offName = (facts: Facts) => (facts.protocol === 'smtp' ? 'auth.smtp-disabled' : 'auth.protocol-disabled');

/** The same for pasted text, of which the protocol may be known. */
function pastedOpen({ protocol }: Facts): readonly string[] {
  const off =
    protocol === 'smtp'
      ? ['auth.smtp-disabled']
      : protocol
        ? ['auth.protocol-disabled']
        : ['auth.protocol-disabled', 'auth.smtp-disabled'];
  return ['auth.app-password-required', 'settings.user-name-form', ...off, 'auth.basic-disabled', 'auth.account-locked'];
}

/** SCRAM's errors that have nothing to do with user name and password (RFC 5802 §7). */
const OTHER_REASON = /^e=(?:channel|unsupported|server-does|extensions|no-resources)/;

/** Where a token was sent, or the exchange ended for a reason of its own, nobody judged a password, whatever the last words. */
export function ofPasswords(rule: Rule): Rule {
  const made: Rule = (facts) => {
    const unjudged =
      !facts.pasted && (secretOf(facts)?.type === 'token' || refusals(facts, 'auth').some((r) => OTHER_REASON.test(r.text)));
    return unjudged ? undefined : rule(facts);
  };
  return rule.hears ? hearing(made) : made;
}

/** @returns the rule, with what the refusal leaves open added to its sighting. */
export const bare =
  (rule: Rule): Rule =>
  (facts) => {
    const s = rule(facts);
    return s && { ...s, alternatives: facts.pasted ? pastedOpen(facts) : leftOpen(facts) };
  };

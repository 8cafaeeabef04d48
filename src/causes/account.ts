/**
 * Inferences across the services of one account: extra rules by cause id, judged over all services' evidence together. The same
 * secret accepted by one service and refused by another is the strongest sign that the password is right (RFC 4954, 9051, 5034).
 */
import type { Rule } from '../model/cause.ts';
import type { ReplyEvidence, SecretEvidence } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import type { Protocol } from '../model/terms.ts';
import { finalRefusal, usedDigest } from './auth-bare.ts';
import { codeWords, sighting } from './rules.ts';

interface LogIn {
  readonly protocol: Protocol;
  readonly accepted?: ReplyEvidence;
  readonly refused?: ReplyEvidence;
  readonly secret?: SecretEvidence;
  readonly user?: string;
}

const PROTOCOLS: readonly Protocol[] = ['imap', 'pop3', 'smtp'];

/** @returns how the log-in of each service ended, the service's own check and probes of the others alike. */
function logIns(facts: Facts): readonly LogIn[] {
  return PROTOCOLS.flatMap((protocol) => {
    const own = facts.evidence.filter(
      (e) => (e.protocol ?? facts.protocol) === protocol && (e.control === undefined || e.control === 'other-protocol'),
    );
    const replies = own.filter((e): e is ReplyEvidence => e.kind === 'reply' && e.stage === 'auth');
    const refused = replies.findLast(finalRefusal);
    const accepted = replies.findLast((r) => r.status === 'ok' && !/^USER\b/i.test(r.command));
    if (!refused && !accepted) return [];
    const secret = own.findLast((e): e is SecretEvidence => e.kind === 'secret');
    const user = own.findLast((e) => e.kind === 'setting' && e.field === 'user');
    return [
      {
        protocol,
        ...(refused ? { refused } : accepted ? { accepted } : {}),
        ...(secret ? { secret } : {}),
        ...(user?.kind === 'setting' ? { user: user.value } : {}),
      },
    ];
  });
}

/** The log-in that failed: the service under test where the facts name one, else the first of `among`. */
function split(facts: Facts, among: readonly Protocol[]): { failed: LogIn; worked: LogIn } | undefined {
  if (facts.pasted) return undefined;
  const all = logIns(facts);
  const failed = all.find(
    (l) => l.refused && among.includes(l.protocol) && (facts.protocol === undefined || l.protocol === facts.protocol),
  );
  const worked = all.find((l) => l.accepted && l.protocol !== failed?.protocol);
  return failed && worked ? { failed, worked } : undefined;
}

const sameUser = (a: LogIn, b: LogIn) => a.user === undefined || b.user === undefined || a.user === b.user;

/** The password works elsewhere under the same name, and the mechanism does not explain the difference. */
const switchedOff =
  (among: readonly Protocol[]): Rule =>
  (facts) => {
    const s = split(facts, among);
    if (!s || !sameUser(s.failed, s.worked) || digestDiffers(s.failed, s.worked)) return undefined;
    return sighting('likely', 75, [s.failed.refused, s.worked.accepted], {
      stage: 'auth',
      ...(s.failed.refused ? { matched: codeWords(s.failed.refused) } : {}),
      alternatives: ['auth.plan-restriction', 'auth.policy-blocked', 'auth.mechanism-unsupported', 'auth.app-password-required'],
    });
  };

const digestDiffers = (failed: LogIn, worked: LogIn) => usedDigest(failed.secret) && !usedDigest(worked.secret);

/** Refused by a digest and accepted in the clear: the server keeps no secret that fits the digest. */
const digest: Rule = (facts) => {
  const s = split(facts, PROTOCOLS);
  if (!s || !sameUser(s.failed, s.worked) || !digestDiffers(s.failed, s.worked)) return undefined;
  return sighting('likely', 76, [s.failed.refused, s.failed.secret, s.worked.accepted], {
    stage: 'auth',
    matched: s.failed.secret?.mechanism ?? '',
    alternatives: [s.failed.protocol === 'smtp' ? 'auth.smtp-disabled' : 'auth.protocol-disabled'],
  });
};

/** The same password under another name is accepted: the name is what differs. */
const otherName: Rule = (facts) => {
  const s = split(facts, PROTOCOLS);
  if (!s || sameUser(s.failed, s.worked)) return undefined;
  return sighting('likely', 77, [s.failed.refused, s.worked.accepted], {
    stage: 'auth',
    matched: s.failed.user ?? '',
    alternatives: ['auth.credentials-rejected'],
  });
};

/** Refused by every service that was asked: the secret or the name, not one service's switch. */
const everywhere =
  (wants: (secret: SecretEvidence | undefined) => boolean, strength: number, alternatives: readonly string[]): Rule =>
  (facts) => {
    if (facts.pasted) return undefined;
    const all = logIns(facts);
    const refused = all.filter((l) => l.refused);
    if (refused.length < 2 || refused.length < all.length) return undefined;
    const own = refused.find((l) => l.protocol === facts.protocol) ?? refused[0];
    if (!own || !wants(own.secret)) return undefined;
    const rest = refused.filter((l) => l !== own).map((l) => l.refused);
    return sighting('likely', strength, [own.refused, ...rest, own.secret], { stage: 'auth', alternatives });
  };

/** Sending times out at an address that answers the incoming service: the network holds the port back. */
const outgoingBlocked: Rule = (facts) => {
  if (facts.pasted || (facts.protocol !== undefined && facts.protocol !== 'smtp')) return undefined;
  const attempts = facts.all('connect');
  const out = attempts.filter((c) => (c.protocol ?? facts.protocol) === 'smtp');
  if (out.length === 0 || out.some((c) => c.outcome !== 'timeout')) return undefined;
  const open = attempts.find(
    (c) => c.protocol !== undefined && c.protocol !== 'smtp' && c.outcome === 'open' && out.some((o) => o.address === c.address),
  );
  return open ? sighting('likely', 72, [...out, open], { alternatives: ['connect.timeout', 'server.unavailable'] }) : undefined;
};

/** Cause id → extra rules, judged over the evidence of all services of the account. */
export const accountRules: Readonly<Record<string, readonly Rule[]>> = {
  'auth.smtp-disabled': [switchedOff(['smtp'])],
  'auth.protocol-disabled': [switchedOff(['imap', 'pop3'])],
  'auth.mechanism-unsupported': [digest],
  'settings.user-name-form': [otherName],
  'auth.app-password-required': [
    everywhere((s) => s?.type === 'password' && s.shape.appPassword === false, 66, [
      'auth.credentials-rejected',
      'settings.user-name-form',
    ]),
  ],
  'auth.credentials-rejected': [
    everywhere((s) => s?.type !== 'token' && s?.shape.appPassword !== false, 62, [
      'auth.app-password-required',
      'settings.user-name-form',
      'auth.basic-disabled',
      'auth.account-locked',
    ]),
  ],
  'connect.port-blocked': [outgoingBlocked],
};

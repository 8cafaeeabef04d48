/** The lab's certificates are examined as what they are called. */
import { describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/lab/authority.ts';
import type { LabCertificate } from '../../src/model/cause.ts';
import { loadAnchors } from '../../src/net/trust.ts';
import { handshake } from './handshake.ts';

const HOST = 'mail.example.test';
const authority = createAuthority();
const anchors = loadAnchors({ ca: authority.rootPem, env: {} });

/** What fails, and what is only remarkable, in any order. */
const EXPECTED: Readonly<Record<LabCertificate, readonly [mortal: readonly string[], warned?: readonly string[]]>> = {
  valid: [[]],
  'self-signed': [['self-signed']],
  'untrusted-root': [['untrusted-root']],
  'incomplete-chain': [['incomplete-chain']],
  expired: [['expired']],
  'expired-intermediate': [['expired']],
  'not-yet-valid': [['not-yet-valid']],
  'identity-differs': [['identity-differs']],
  'name-only-in-cn': [['name-only-in-cn']],
  'partial-wildcard': [['partial-wildcard']],
  'expires-soon': [[], ['expires-soon']],
  'weak-key': [[], ['weak-key']],
  'weak-signature': [['weak-signature']],
  'wrong-purpose': [['wrong-purpose']],
  'name-constraint': [['constraint']],
  'path-length': [['path']],
  'no-ca-bit': [['path']],
  'critical-extension': [['critical-extension']],
  'bad-signature': [['bad-signature']],
  'wrong-order': [[], ['chain-order']],
  intercepted: [['intercepted', 'untrusted-root']],
  'server-name-missing': [['identity-differs', 'self-signed', 'server-name-missing']],
  revoked: [['revoked']],
  'revocation-unreachable': [[]],
};

describe('the lab', () => {
  it.each(Object.entries(EXPECTED))('%s', async (kind, [mortal, warned = []]) => {
    const made = authority.mint(kind as LabCertificate, { dns: [HOST], ips: ['127.0.0.1'] });
    const { cert: chain, key, staple } = made;
    const outcome = await handshake({ chain, key, host: HOST, anchors, ...(staple ? { staple } : {}) });
    if (!('examined' in outcome)) throw new Error(outcome.failure);
    const { problems } = outcome.examined;
    const of = (tolerated: boolean) =>
      problems.filter((p) => !p.remark && (p.tolerated ?? false) === tolerated).map((p) => p.problem);
    // OpenSSL 3.2 and later, in Node 24, refuse the weak key themselves.
    if (kind === 'weak-key') expect([...of(false), ...of(true)]).toEqual(warned);
    else {
      expect(of(false).sort()).toEqual([...mortal].sort());
      expect(of(true)).toEqual(warned);
    }
    if (kind === 'valid') expect(problems).toEqual([]);
  });
});

/** What a check promises, whatever the server does: one attempt, a polite end, nothing sent unasked, nothing secret in the clear. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import type { Serve } from '../../src/model/cause.ts';
import type { Protocol } from '../../src/model/terms.ts';
import { checkServe } from '../tools/live.ts';

let authority: Authority;
beforeAll(() => {
  authority = createAuthority();
});

const PROTOCOLS = ['pop3', 'imap', 'smtp'] as const;
const LOGIN = /^(?:\S+ )?(?:AUTH|AUTHENTICATE|LOGIN|APOP|PASS)\b/i;
const BYE = /(?:^|\s)(?:QUIT|LOGOUT)$/i;

const refusal: Readonly<Record<Protocol, Serve>> = {
  pop3: { protocol: 'pop3', replies: { 'AUTH PLAIN': '-ERR [AUTH] no', PASS: '-ERR [AUTH] no' } },
  imap: {
    protocol: 'imap',
    replies: { 'AUTH PLAIN': '{tag} NO [AUTHENTICATIONFAILED] no', LOGIN: '{tag} NO [AUTHENTICATIONFAILED] no' },
  },
  smtp: { protocol: 'smtp', replies: { 'AUTH PLAIN': '535 5.7.8 no' } },
};

describe.each(PROTOCOLS)('%s', (protocol) => {
  it('S-122: one log-in attempt after a refusal, then the good-bye', async () => {
    const { check, running } = await checkServe(refusal[protocol], authority);
    expect(check.diagnosis.root?.cause.id).toBe('auth.credentials-rejected');
    expect(running.received.filter((l) => LOGIN.test(l))).toHaveLength(1);
    expect(running.received.some((l) => BYE.test(l))).toBe(true);
  });

  it('ends a healthy session politely', async () => {
    const { check, running } = await checkServe({ protocol }, authority);
    expect(check.diagnosis.verdict).toBe('pass');
    expect(running.received.at(-1)).toMatch(BYE);
  });

  it('S-112: sends nothing secret where the certificate failed, and says so', async () => {
    const { check, running } = await checkServe({ protocol, certificate: 'expired' }, authority);
    expect(check.diagnosis.root?.cause.id).toBe('certificate.expired');
    expect(running.received.filter((l) => LOGIN.test(l))).toEqual([]);
    expect(check.diagnosis.findings.map((f) => f.cause.id)).toContain('auth.withheld');
    expect(check.stages.find((s) => s.stage === 'auth')).toMatchObject({
      status: 'skipped',
      reason: { id: 'certificate-failed' },
    });
  });

  it('S-115: sends nothing secret in the clear without --insecure-auth', async () => {
    const { check, running } = await checkServe({ protocol, security: 'none' }, authority);
    expect(check.diagnosis.root?.cause.id).toBe('auth.withheld');
    expect(running.received.filter((l) => LOGIN.test(l))).toEqual([]);
  });

  it('takes the pipelining that the server offers: fewest writes, replies in order', async () => {
    const { check } = await checkServe({ protocol }, authority);
    expect(check.stages.filter((s) => s.status === 'fail')).toEqual([]);
    const replies = check.evidence.filter((e) => e.kind === 'reply' && e.control === undefined);
    expect(replies.every((r) => r.kind === 'reply' && r.status !== 'no')).toBe(true);
  });
});

describe('submission', () => {
  it('S-130 and the promise of --send: no DATA, no message unasked', async () => {
    const { running } = await checkServe({ protocol: 'smtp' }, authority);
    expect(running.received.some((l) => /^DATA$/i.test(l))).toBe(false);
    expect(running.received.some((l) => /^RSET$/i.test(l))).toBe(true);
    expect(running.messages.some((m) => /mailcheck test message/.test(JSON.stringify(m)))).toBe(false);
  });

  it('with --send exactly one marked message, to the account itself', async () => {
    const { check, running } = await checkServe({ protocol: 'smtp' }, authority, { send: true });
    expect(check.diagnosis.verdict).toBe('pass');
    expect(running.received.filter((l) => /^DATA$/i.test(l))).toHaveLength(1);
    expect(check.evidence.find((e) => e.kind === 'sender' && e.depth === 'data')).toMatchObject({ accepted: true });
  });

  it('says "not tested at this depth" without --send', async () => {
    const { check } = await checkServe({ protocol: 'smtp' }, authority);
    expect(check.evidence.find((e) => e.kind === 'sender' && e.depth === 'not-tested')).toBeDefined();
    expect(check.stages.find((s) => s.stage === 'send')).toMatchObject({ status: 'skipped', reason: { id: 'not-asked' } });
  });
});

describe('the mailbox', () => {
  it.each(['pop3', 'imap'] as const)('S-130: %s is read without a change', async (protocol) => {
    const { running } = await checkServe({ protocol }, authority);
    expect(running.received.join('\n')).not.toMatch(/\b(?:DELE|RETR|STORE|EXPUNGE|SELECT|APPEND|COPY)\b/i);
  });
});

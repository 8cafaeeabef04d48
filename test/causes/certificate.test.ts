import { describe, expect, test } from 'vitest';
import { certificate as list } from '../../src/causes/certificate.ts';
import { tls as tlsCauses } from '../../src/causes/tls.ts';
import type { CertificateProblem, ClockEvidence } from '../../src/model/evidence.ts';
import { certificate, control, leaf, live, pasted, problem, setting, tls } from './evidence.ts';
import { wordsOf } from './words.ts';

const all = [...tlsCauses, ...list];

const IDS: Readonly<Record<CertificateProblem, string>> = {
  'self-signed': 'certificate.self-signed',
  'untrusted-root': 'certificate.untrusted-root',
  untrusted: 'certificate.untrusted-root',
  'incomplete-chain': 'certificate.incomplete-chain',
  expired: 'certificate.expired',
  'not-yet-valid': 'certificate.not-yet-valid',
  'identity-differs': 'certificate.identity-differs',
  'name-only-in-cn': 'certificate.identity-differs',
  'partial-wildcard': 'certificate.identity-differs',
  intercepted: 'certificate.intercepted',
  revoked: 'certificate.revoked',
  'pin-mismatch': 'certificate.pin-mismatch',
  'weak-key': 'certificate.weak',
  'weak-signature': 'certificate.weak',
  'wrong-purpose': 'certificate.wrong-purpose',
  constraint: 'certificate.invalid',
  path: 'certificate.invalid',
  'critical-extension': 'certificate.invalid',
  'bad-signature': 'certificate.invalid',
  malformed: 'certificate.invalid',
  'too-complex': 'certificate.invalid',
  'chain-too-long': 'certificate.invalid',
  'server-name-missing': 'tls.server-name-missing',
  'trust-differs': 'certificate.untrusted-root',
  'revocation-unchecked': 'certificate.revocation-unchecked',
  'staple-invalid': 'certificate.revocation-unchecked',
  'chain-order': 'certificate.chain-order',
  'expires-soon': 'certificate.expires-soon',
};
const MILD = ['revocation-unchecked', 'staple-invalid', 'chain-order', 'expires-soon'];
const PROBLEMS = Object.entries(IDS).filter((e): e is [CertificateProblem, string] => e[0] in IDS);

describe('certificate', () => {
  wordsOf(
    list,
    [
      'self-signed',
      'untrusted-root',
      'incomplete-chain',
      'expired',
      'not-yet-valid',
      'identity-differs',
      'intercepted',
      'revoked',
      'revocation-unchecked',
      'pin-mismatch',
      'weak',
      'wrong-purpose',
      'invalid',
      'expires-soon',
      'local-clock',
    ].map((n) => `certificate.${n}`),
  );

  test.each(PROBLEMS)('%s: %s', (p, id) => {
    const v = live(all, [problem(p)]);
    expect(v.findings).toEqual([`${id} ${MILD.includes(p) ? 'warning' : 'error'}`]);
    expect(v.stage).toBe('certificate');
    if (p !== 'untrusted') expect(v.certainty).toBe('proven');
    expect(pasted(all, [problem(p, { detail: 'x' })]).certainty).toBe('likely');
  });

  test('what the platform lets pass is a warning, what no client minds a remark', () => {
    for (const p of ['name-only-in-cn', 'partial-wildcard', 'weak-key', 'malformed', 'trust-differs'] as const)
      expect(live(all, [problem(p, { tolerated: true })]).findings[0]).toMatch(/ warning$/);
    expect(live(all, [problem('malformed', { tolerated: true, remark: true })]).findings).toEqual(['certificate.invalid notice']);
    expect(live(all, [problem('trust-differs', { tolerated: true })]).findings).toEqual(['certificate.trust-differs warning']);
  });

  test('a hard fault beside a mild one of the same cause is an error', () => {
    const v = live(all, [problem('weak-key', { tolerated: true }), problem('weak-signature')]);
    expect(v.findings).toEqual(['certificate.weak error']);
  });

  test('several faults at once: first what must be mended first, and all are told', () => {
    const order: readonly CertificateProblem[] = [
      'intercepted',
      'server-name-missing',
      'self-signed',
      'pin-mismatch',
      'wrong-purpose',
      'bad-signature',
      'incomplete-chain',
      'untrusted-root',
      'expired',
      'not-yet-valid',
      'revoked',
      'identity-differs',
      'weak-key',
      'expires-soon',
    ];
    const v = live(
      all,
      order.toReversed().map((p) => problem(p)),
    );
    expect(v.findings.map((f) => f.split(' ')[0])).toEqual(order.map((p) => IDS[p]));
  });

  test('a missing intermediate that may be a private authority leaves that open', () => {
    const v = live(all, [problem('incomplete-chain', { alternative: 'untrusted-root' })]);
    expect(v).toMatchObject({
      root: 'certificate.incomplete-chain',
      certainty: 'likely',
      alternatives: ['certificate.untrusted-root'],
    });
  });

  test('identity: the names are there to be used', () => {
    const names = Array.from({ length: 8 }, (_, i) => `DNS:n${i}.example`);
    const v = live(all, [certificate([leaf({ names, namesTotal: 8 })]), problem('identity-differs')]);
    expect(v.params?.names).toBe('n0.example, n1.example, n2.example, n3.example, n4.example, n5.example, …');
    expect(
      live(all, [certificate([leaf({ names: [], commonName: 'old.example' })]), problem('identity-differs')]).params?.names,
    ).toBe('old.example');
    const said = problem('identity-differs', {
      detail: "Host: a.example. is not in the cert's altnames: DNS:b.example, DNS:*.c.example",
    });
    expect(pasted(all, [said]).params?.names).toBe('b.example, *.c.example');
    expect(pasted(all, [problem('identity-differs')]).params?.names).toBe('…');
  });

  describe('the clock', () => {
    const clock = (skewSeconds: number, there = '2024-06-01T00:00:00Z'): ClockEvidence =>
      control('clock', { kind: 'clock', stage: 'certificate', here: '', there, source: 'http://x/', skewSeconds });
    const sent = certificate([leaf()]);
    test('behind, and the certificate is not valid yet', () => {
      expect(live(all, [sent, problem('not-yet-valid'), clock(-86_400 * 400)])).toMatchObject({
        root: 'certificate.local-clock',
        certainty: 'proven',
      });
    });
    test('ahead, and the certificate has expired', () => {
      expect(live(all, [sent, problem('expired'), clock(86_400 * 400)]).root).toBe('certificate.local-clock');
    });
    test('right, or wrong the other way, or too little', () => {
      expect(live(all, [sent, problem('expired'), clock(200)]).root).toBe('certificate.expired');
      expect(live(all, [sent, problem('expired'), clock(-86_400)]).root).toBe('certificate.expired');
      expect(live(all, [sent, problem('not-yet-valid'), clock(86_400)]).root).toBe('certificate.not-yet-valid');
    });
    test('wrong, but the certificate has expired by the right clock too', () => {
      expect(live(all, [sent, problem('expired'), clock(86_400, '2026-01-01T00:00:00Z')]).root).toBe('certificate.expired');
    });
  });

  test('another address of the name serves the bad one: a warning', () => {
    const other = control('other-address', problem('expired', { address: '192.0.2.9:993' }));
    expect(live(all, [other]).findings).toEqual(['certificate.expired warning']);
    expect(live(all, [problem('expired'), other]).findings).toEqual(['certificate.expired error']);
  });

  test.each(['excessive-message', 'bad-certificate'] as const)('%s', (failure) => {
    expect(live(all, [tls(failure)])).toMatchObject({ root: 'certificate.invalid', stage: 'tls' });
  });

  test('the published server of a provider with a foreign name: interception stays open', () => {
    const host = setting('host', 'imap.gmail.com', undefined, { from: 'preset' });
    const v = live(all, [host, problem('identity-differs')]);
    expect(v.root).toBe('certificate.identity-differs');
    expect(live(all, [setting('host', 'x.example'), problem('identity-differs')]).findings).toEqual([
      'certificate.identity-differs error',
    ]);
  });

  test('variables that change trust are told and change nothing', () => {
    const e = { kind: 'environment', stage: 'certificate', name: 'NODE_EXTRA_CA_CERTS', effect: 'trust', detail: 'x' } as const;
    expect(live(all, [e])).toMatchObject({ root: undefined, findings: ['certificate.trust-overridden notice'] });
  });

  describe('pasted', () => {
    test('a big provider never shows a foreign certificate itself', () => {
      const p = problem('untrusted-root', { host: 'smtp.office365.com', detail: 'self signed certificate in certificate chain' });
      expect(pasted(all, [p]).root).toBe('certificate.intercepted');
      const own = problem('untrusted-root', {
        host: 'mail.school.example',
        detail: 'self signed certificate in certificate chain',
      });
      expect(pasted(all, [own]).root).toBe('certificate.untrusted-root');
      const missing = problem('incomplete-chain', { host: 'smtp.gmail.com', detail: 'unable to get local issuer certificate' });
      expect(pasted(all, [missing]).root).toBe('certificate.incomplete-chain');
    });
    test('a server’s log of the client’s alert speaks of the server’s certificate', () => {
      const logged = (alert: number) => tls('handshake-alert', { alert, detail: 'SSL_accept() failed' });
      expect(pasted(list, [logged(48)]).root).toBe('certificate.untrusted-root');
      expect(pasted(list, [logged(45)]).root).toBe('certificate.expired');
    });
    test.each([
      ['The certificate for mail.example.org expired on 1 May 2024.', 'certificate.expired'],
      ['mail.example.cn 的证书已于 2024年 过期。', 'certificate.expired'],
      ['Chứng chỉ cho mail.example.vn đã hết hạn', 'certificate.expired'],
      ['Das Zertifikat für x.example ist abgelaufen.', 'certificate.expired'],
      ['The certificate for x.example will not be valid until 1 May 2030.', 'certificate.local-clock'],
      ['证书将于 2030年 后生效', 'certificate.local-clock'],
      ['The certificate for x.example is not valid for that server.', 'certificate.identity-differs'],
      ['The target principal name is incorrect.', 'certificate.identity-differs'],
      ['证书与域名不匹配', 'certificate.identity-differs'],
      ['Le certificat de x.example n’est pas valide sur ce serveur.', 'certificate.identity-differs'],
      ['El certificado para x.example no proviene de una fuente de confianza.', 'certificate.untrusted-root'],
      ['Chứng chỉ không đáng tin cậy', 'certificate.untrusted-root'],
      ['К источнику, издавшему сертификат для x.example, нет доверия.', 'certificate.untrusted-root'],
      ['服务器使用自签名证书', 'certificate.self-signed'],
      ['Das Zertifikat ist selbstsigniert', 'certificate.self-signed'],
      ['The certificate chain is incomplete', 'certificate.incomplete-chain'],
      ['[Message=UntrustedRoot] 4.4.317 Cannot connect to remote server [Message=UntrustedRoot]', 'certificate.incomplete-chain'],
      ['The certificate has been revoked', 'certificate.revoked'],
      ['证书已被吊销', 'certificate.revoked'],
      ['certificate fingerprint does not match', 'certificate.pin-mismatch'],
      ['unsupported certificate purpose', 'certificate.wrong-purpose'],
      ['The certificate uses a weak key: key too weak, certificate key too weak', 'certificate.weak'],
      ['path length constraint exceeded', 'certificate.invalid'],
      ['Certificate issued by avast! Web/Mail Shield Root', 'certificate.intercepted'],
      ['Check the date and time of your computer', 'certificate.local-clock'],
    ])('%s', (words, id) => {
      expect(pasted(all, words)).toMatchObject({ root: id });
      expect(pasted(all, words).certainty).not.toBe('proven');
    });
    test('a warning stays one', () => {
      expect(pasted(all, 'The certificate expires in 12 days').findings[0]).toBe('certificate.expires-soon warning');
    });
  });
});

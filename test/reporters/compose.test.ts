/** From judged checks to the contract: words, proofs, alternatives, advice, status, message, facts. */
import { describe, expect, test } from 'vitest';
import { en } from '../../src/locales/en.ts';
import { LANGUAGES } from '../../src/locales/index.ts';
import { vi } from '../../src/locales/vi.ts';
import { zhCN } from '../../src/locales/zh-CN.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { trustEnvironment } from '../../src/net/environment.ts';
import { worst } from '../../src/report/compose.ts';
import { composeExplanation } from '../../src/report/explain.ts';
import { proofOf } from '../../src/report/proof.ts';
import { terminal } from '../../src/reporters/terminal.ts';
import * as f from './fixtures.ts';
import { OPTIONS, reportOf, wordsFor } from './make.ts';

const first = (r: ReturnType<typeof reportOf>) => {
  const [check] = r.checks;
  if (!check) throw new Error('no check');
  return check;
};

describe('the report', () => {
  test('has the fields of the contract, the worst verdict, and null where nothing failed', () => {
    const r = reportOf([f.healthy, f.warned, f.selfSignedCheck]);
    expect(Object.keys(r)).toEqual(
      expect.arrayContaining(['schema', 'tool', 'startedAt', 'durationMs', 'verdict', 'account', 'checks']),
    );
    expect(r.verdict).toBe('fail');
    expect(r.checks.map((c) => c.cause)).toEqual([null, null, 'certificate.self-signed']);
    expect(r.startedAt).toBe('2026-11-23T10:00:00.000Z');
    expect(r.checks.map((c) => c.transcript?.length)).toEqual([3, 3, 3]);
    expect(reportOf([f.healthy], en, { options: { transcript: false, redact: false } }).checks[0]).not.toHaveProperty(
      'transcript',
    );
  });
  test('the row of capabilities is what was offered for the log-in, not what is left after it (RFC 9051 §6.1.1)', () => {
    const after = { kind: 'capabilities', stage: 'auth', protocol: 'pop3', channel: 'authenticated' } as const;
    const evidence = [...f.healthy.evidence, { ...after, items: ['NAMESPACE'], mechanisms: [], total: 1 }];
    const late = evidence.map((e) => (e.kind === 'capabilities' ? { ...e, stage: 'capabilities' as const } : e));
    const row = first(reportOf([{ ...f.healthy, evidence: late }])).stages.find((s) => s.stage === 'capabilities');
    expect(row?.summary).toBe('3 capabilities; log-in mechanisms: PLAIN');
  });
  test('orders verdicts: fail, inconclusive, warn, pass; nothing checked is inconclusive', () => {
    expect(worst(['pass', 'warn'])).toBe('warn');
    expect(worst(['warn', 'inconclusive'])).toBe('inconclusive');
    expect(worst(['fail', 'inconclusive', 'pass'])).toBe('fail');
    expect(worst([])).toBe('inconclusive');
  });
  test('a stage that did not run says why, in words and by id', () => {
    const c = first(reportOf([f.wrongPasswordCheck]));
    const byStage = new Map(c.stages.map((s) => [s.stage, s]));
    expect(byStage.get('identity')).toMatchObject({
      status: 'skipped',
      reason: 'An earlier stage failed: log-in.',
      reasonId: 'earlier-stage-failed',
    });
    expect(byStage.get('send')?.reason).toMatch(/^Not tested at this depth/);
    expect(c.notTested).toEqual([
      { stage: 'identity', reason: 'An earlier stage failed: log-in.' },
      { stage: 'send', reason: byStage.get('send')?.reason },
    ]);
    expect(byStage.get('auth')).not.toHaveProperty('reason');
  });
  test('a stage is warned where the judge warned there, and stages keep the order in which they ran', () => {
    const c = first(reportOf([f.senderCheck]));
    expect(c.stages.find((s) => s.stage === 'certificate')?.status).toBe('warn');
    expect(c.stages.map((s) => s.stage)).toEqual([
      'settings',
      'dns',
      'connect',
      'greeting',
      'capabilities',
      'tls',
      'certificate',
      'auth',
      'identity',
      'send',
    ]);
  });
  test('what each stage found', () => {
    const c = first(reportOf([f.healthy]));
    const found = Object.fromEntries(c.stages.map((s) => [s.stage, s.summary]));
    expect(found).toMatchObject({
      dns: '1 address: 192.0.2.1',
      connect: '192.0.2.1:995 answered in 3 ms',
      tls: 'TLSv1.3, TLS_AES_256_GCM_SHA384',
      certificate: 'pop.example.com, issued by Public CA, valid until Jan 23, 2027 12:00:00 UTC (61 days left)',
      greeting: '+OK ready',
      capabilities: '3 capabilities; log-in mechanisms: PLAIN',
      auth: 'PLAIN accepted for you@example.com',
      mailbox: '1,234 messages, 5.6 MB',
    });
    const sender = first(reportOf([f.senderCheck]));
    expect(sender.stages.find((s) => s.stage === 'identity')?.summary).toBe(
      '1 of 2 senders refused: sales@example.net: 553 Relaying disallowed as sales@example.net',
    );
    expect(first(reportOf([f.refusedCheck])).stages.find((s) => s.stage === 'connect')?.summary).toBe(
      '[2001:db8::1]:995: refused',
    );
  });
});

describe('a finding', () => {
  test('has the provider’s own steps and page first, and holes filled', () => {
    const [finding] = first(reportOf([f.wrongPasswordCheck])).findings;
    expect(finding?.fix).toEqual([
      'Open mail.example.com and sign in.',
      'Log in on the web page of Example Mail with the same password.',
      'Type the password in again.',
    ]);
    expect(finding?.links[0]?.url).toBe('https://mail.example.com/help');
    expect(finding?.provider).toBe('example');
    expect(finding?.matched).toBe('535 5.7.8 Error: authentication failed');
  });
  test('names alternatives with the test that would tell, in the language; an unknown one by id', async () => {
    const words = await wordsFor('zh-CN');
    expect(first(reportOf([f.wrongPasswordCheck], words)).findings[0]?.alternatives).toEqual([
      { cause: 'auth.app-password-required', title: '需要应用专用密码', test: '换一种方式再试一次。' },
      { cause: 'auth.smtp-disabled', test: '运行“mailcheck explain auth.smtp-disabled”查看如何区分。' },
    ]);
  });
  test('falls back to English where a language has no words for a cause', () => {
    const { translations: _t, ...bare } = f.selfSigned;
    const check = {
      ...f.selfSignedCheck,
      diagnosis: { ...f.selfSignedCheck.diagnosis, findings: [f.judged(bare, [])], root: f.judged(bare, []) },
    };
    const { causes: _c, ...bareVi } = vi;
    expect(first(reportOf([check], bareVi)).findings[0]?.title).toBe('The certificate of pop.example.com is self-signed');
  });
  test('quotes evidence as it came, each piece once, capped', () => {
    const long = f.reply('auth', 'AUTH', `535 ${'x'.repeat(5000)}`);
    const check = f.check({ verdict: 'fail', stages: [], evidence: [long], findings: [f.judged(f.wrongPassword, [long, long])] });
    const [finding] = first(reportOf([check])).findings;
    expect(finding?.evidence).toHaveLength(1);
    expect(finding?.evidence[0]).toMatch(/^535 x{1996}… \(\+3004\)$/);
  });
  test('words without a service have the language’s neutral words', async () => {
    const { diagnosis } = f.selfSignedCheck;
    const all = await Promise.all(LANGUAGES.map(wordsFor));
    const titles = all.map((words) => composeExplanation({ diagnosis, words }).matches[0]?.title);
    expect(titles).toEqual([
      'The certificate of the server is self-signed',
      '服务器 的证书是自签名的',
      'Chứng chỉ của máy chủ là chứng chỉ tự ký',
    ]);
  });
});

describe('the message to whoever must act', () => {
  test('is there for provider, administrator and network, in English and the report’s language, with time, place, addresses and proof', () => {
    const { message } = first(reportOf([f.selfSignedCheck], vi));
    for (const text of [message?.en, message?.local]) {
      expect(text).toContain('2026-11-23 10:00:00 UTC');
      expect(text).toContain('pop.example.com:995');
      expect(text).toContain('192.0.2.1');
      expect(text).toContain('you@example.com');
      expect(text).toContain('> leaf CN=pop.example.com: DEPTH_ZERO_SELF_SIGNED_CERT');
      expect(text).toContain('certificate.self-signed');
    }
    expect(message?.en).toContain('To the administrator of the mail server:');
    expect(message?.local).toContain('Kính gửi quản trị viên máy chủ thư');
    expect(first(reportOf([f.selfSignedCheck])).message).not.toHaveProperty('local');
  });
  test('is absent where it is the person’s own to mend, or nothing failed', () => {
    expect(first(reportOf([f.wrongPasswordCheck]))).not.toHaveProperty('message');
    expect(first(reportOf([f.warned]))).not.toHaveProperty('message');
  });
  test('holds the route trace where one was made', () => {
    const trace: Evidence = {
      kind: 'route',
      stage: 'connect',
      program: 'traceroute',
      address: '192.0.2.1',
      outcome: 'traced',
      lines: [' 1  192.0.2.254  1 ms', ' 2  *'],
      ms: 2000,
    };
    const { message } = first(reportOf([{ ...f.refusedCheck, evidence: [...f.refusedCheck.evidence, trace] }]));
    expect(message?.en).toContain('Route to the server:\n>  1  192.0.2.254  1 ms\n>  2  *');
  });
  test('says "likely" where it is not proven', () => {
    const likely = f.judged(f.refused, f.refusedCheck.evidence.slice(1), { certainty: 'likely' });
    const check = { ...f.refusedCheck, diagnosis: { ...f.refusedCheck.diagnosis, findings: [likely], root: likely } };
    expect(first(reportOf([check])).message?.en).toContain('Likely cause:');
  });
});

describe('facts', () => {
  test('settings have their source; what settling left out comes from the service', () => {
    const setting: Evidence = {
      kind: 'setting',
      stage: 'settings',
      field: 'host',
      value: 'pop.example.com',
      from: 'srv',
      authenticated: false,
    };
    const { facts } = first(reportOf([{ ...f.healthy, evidence: [setting, ...f.healthy.evidence] }]));
    expect(facts.settings).toEqual([
      { field: 'host', value: 'pop.example.com', from: 'srv', authenticated: false },
      { field: 'port', value: '995', from: 'flag', authenticated: true },
      { field: 'security', value: 'tls', from: 'flag', authenticated: true },
      { field: 'user', value: 'you@example.com', from: 'flag', authenticated: true },
    ]);
  });
  test('keep the chain, capabilities by channel, the sender matrix, mailbox, and comparing connections apart', () => {
    const healthy = first(reportOf([f.healthy])).facts;
    expect(healthy.certificates?.[0]).toMatchObject({
      depth: 0,
      subject: 'CN=pop.example.com, O=Example Org',
      valid: true,
      identity: true,
      trusted: true,
    });
    expect(healthy.capabilities).toEqual([{ channel: 'tls', items: ['SASL PLAIN', 'UIDL', 'TOP'] }]);
    expect(healthy.mailbox).toMatchObject({ messages: 1234, bytes: 5_600_000, uidl: true });
    expect(healthy.auth).toMatchObject({ mechanism: 'PLAIN', accepted: true });
    expect(first(reportOf([f.senderCheck])).facts.senders).toHaveLength(3);
    const failed = first(reportOf([f.selfSignedCheck])).facts;
    expect(failed.controls).toEqual(['connect 192.0.2.1:110 → refused (ECONNREFUSED, 3 ms, other-port)']);
    expect(failed.addresses).toEqual([{ address: '192.0.2.1', outcome: 'open', ms: 3 }]);
  });
});

test('the domain’s records are worded by the locale, the choice of servers says why', async () => {
  const domain: Evidence = {
    kind: 'domain',
    stage: 'identity',
    what: 'spf',
    domain: 'example.com',
    outcome: 'wrong',
    verdict: 'never-heard-of',
    record: 'v=spf1 -all',
  };
  const choice: Evidence = {
    kind: 'choice',
    stage: 'settings',
    protocol: 'imap',
    host: 'imap.example.com',
    port: 993,
    security: 'tls',
    source: 'srv',
    reason: 'strongest',
    others: [{ host: 'mail.example.com', port: 143, security: 'none', source: 'guess', why: 'unencrypted' }],
  };
  const report = reportOf([{ ...f.healthy, evidence: [...f.healthy.evidence, domain, choice] }], zhCN);
  expect(first(report).facts.domain).toEqual([
    {
      what: 'spf',
      domain: 'example.com',
      outcome: 'wrong',
      verdict: 'never-heard-of',
      text: 'never-heard-of',
      record: 'v=spf1 -all',
    },
  ]);
  const text = terminal.render([report], zhCN, { ...OPTIONS, width: 120 });
  expect(text).toContain('IMAP imap.example.com:993（隐式 TLS，DNS SRV 记录）：由最可靠的来源给出');
  expect(text).toContain('mail.example.com:143（不加密，推测）：不加密');
  expect(text).toContain('example.com 的 SPF：never-heard-of（有误）');
});

describe('proofs', () => {
  const at = { host: 'mail.example', address: '192.0.2.1', port: 995 } as const;
  test.each<[Evidence, string]>([
    [
      { kind: 'connect', stage: 'connect', ...at, family: 4, outcome: 'refused', code: 'ECONNREFUSED', ms: 3 },
      'connect 192.0.2.1:995 → refused (ECONNREFUSED, 3 ms)',
    ],
    [
      { kind: 'connect', stage: 'connect', ...at, address: '2001:db8::1', family: 6, outcome: 'timeout', ms: 10_000 },
      'connect [2001:db8::1]:995 → timeout (10000 ms)',
    ],
    [
      {
        kind: 'lookup',
        stage: 'dns',
        host: 'mail.example',
        type: 'A',
        resolver: 'system',
        outcome: 'nxdomain',
        records: [],
        ms: 4,
      },
      'A mail.example → NXDOMAIN (system, 4 ms)',
    ],
    [
      {
        kind: 'lookup',
        stage: 'dns',
        host: 'mail.example',
        type: 'MX',
        resolver: '192.0.2.53:53',
        outcome: 'answer',
        records: ['10 mx1', '20 mx2'],
        ms: 4,
      },
      'MX mail.example → 10 mx1, 20 mx2 (192.0.2.53:53, 4 ms)',
    ],
    [
      {
        kind: 'tls',
        stage: 'tls',
        ...at,
        mode: 'implicit',
        outcome: 'failed',
        failure: 'plain-answer',
        firstBytes: '220 mail.example ESMTP',
        code: 'EPROTO',
        sni: 'mail.example',
        ms: 2,
      },
      'TLS handshake 192.0.2.1:995 → wrong version number ← 220 mail.example ESMTP (EPROTO, 2 ms)',
    ],
    [
      {
        kind: 'tls',
        stage: 'tls',
        ...at,
        mode: 'implicit',
        outcome: 'established',
        version: 'TLSv1.2',
        cipher: 'X',
        sni: null,
        ms: 2,
        control: 'old-tls',
        limits: 'TLSv1',
      },
      'TLS handshake 192.0.2.1:995 → TLSv1.2 X (TLSv1, 2 ms, old-tls)',
    ],
    [
      {
        kind: 'problem',
        stage: 'certificate',
        problem: 'expired',
        depth: 0,
        subject: 'CN=mail.example',
        detail: 'notAfter 2024-01-31T00:00:00Z',
      },
      'leaf CN=mail.example: notAfter 2024-01-31T00:00:00Z',
    ],
    [
      { kind: 'problem', stage: 'certificate', problem: 'expired', depth: 1, detail: 'notAfter 2024' },
      'certificate 1: notAfter 2024',
    ],
    [f.reply('auth', 'AUTH PLAIN ********', '535 5.7.8 no', { code: 535 }), '535 5.7.8 no'],
    [f.reply('capabilities', 'EHLO x', '250-a', { lines: ['250-a', '250 b'] }), '250-a\n250 b'],
    [
      f.reply('auth', 'x', '', { lines: [], condition: 'NO', responseCode: 'AUTHENTICATIONFAILED', text: 'bad' }),
      'NO [AUTHENTICATIONFAILED] bad',
    ],
    [
      { kind: 'break', stage: 'greeting', how: 'timeout', command: '', detail: 'no bytes', ms: 10_000 },
      'greeting → timeout: no bytes (10000 ms)',
    ],
    [{ kind: 'text', stage: 'auth', text: '0x800CCC0E', origin: 'dialog' }, '0x800CCC0E'],
    [
      { kind: 'service', stage: 'greeting', speaks: 'http', expected: 'pop3', firstLine: 'HTTP/1.1 400' },
      'HTTP/1.1 400 (http ≠ pop3)',
    ],
  ])('%#', (evidence, text) => expect(proofOf(evidence)).toBe(text));
});

test('what the environment changes is said in the language, and quoted as it stands where it is evidence', () => {
  for (const [words, sentence] of [
    [en, 'SSLKEYLOGFILE=/tmp/k asks programs to write session keys to a file'],
    [zhCN, 'SSLKEYLOGFILE=/tmp/k：要求程序把会话密钥写入文件'],
    [vi, 'SSLKEYLOGFILE=/tmp/k yêu cầu chương trình ghi khóa phiên ra tệp'],
  ] as const) {
    const evidence = trustEnvironment({ SSLKEYLOGFILE: '/tmp/k' }, []);
    expect(evidence.map(proofOf)).toEqual(['SSLKEYLOGFILE=/tmp/k']);
    expect(first(reportOf([{ ...f.healthy, evidence }], words)).facts.observed).toEqual([sentence]);
  }
  // Every effect has its words, also those of options.
  const all = trustEnvironment(
    {
      ...{ NODE_EXTRA_CA_CERTS: '/x', SSL_CERT_FILE: '/x', SSL_CERT_DIR: '/x', NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      ...{ NODE_USE_SYSTEM_CA: '1', SSLKEYLOGFILE: '/x', NODE_OPTIONS: '--tls-keylog=/x --tls-min-v1.0 --tls-max-v1.2' },
    },
    ['--use-openssl-ca', '--use-bundled-ca', '--use-system-ca', '--openssl-config=/x', '--tls-cipher-list=x'],
  );
  expect(all.filter((e) => !(`environment.${e.what}` in en.say))).toEqual([]);
  expect(all).toHaveLength(14);
});

test.each([
  ['en', 'port: 993 (the usual one)', 'host: imap.example.com (guess)'],
  ['zh-CN', '端口：993（惯用值）', '主机：imap.example.com（推测）'],
  ['vi', 'cổng: 993 (giá trị thông dụng)', 'máy chủ: imap.example.com (phỏng đoán)'],
] as const)('%s: a host may be a guess, a port is the usual one', async (language, port, host) => {
  const setting = (field: 'host' | 'port', value: string): Evidence => ({
    ...{ kind: 'setting', stage: 'settings', protocol: 'imap', from: 'guess', authenticated: true },
    ...{ field, value },
  });
  const evidence = [...f.healthy.evidence, setting('host', 'imap.example.com'), setting('port', '993')];
  const words = await wordsFor(language);
  const text = terminal.render([reportOf([{ ...f.healthy, evidence }], words)], words, { ...OPTIONS, width: 120 });
  expect(text).toContain(port);
  expect(text).toContain(host);
});

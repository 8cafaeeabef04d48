/** Checks built by hand: what the judge gives, without network, clock or catalogue. */
import type { Service } from '../../src/model/account.ts';
import type { Cause, Sighting } from '../../src/model/cause.ts';
import type { Check, Judged } from '../../src/model/diagnosis.ts';
import type { CertificateFacts, Evidence, ReplyEvidence } from '../../src/model/evidence.ts';
import type { TranscriptLine } from '../../src/model/net.ts';
import type { StageRecord } from '../../src/model/stage.ts';
import type { StageName, StageStatus, Verdict } from '../../src/model/terms.ts';

export const STARTED = new Date('2026-11-23T10:00:00.000Z');

const rules: Cause['rules'] = [];
const rfc = (n: number, section: string) => ({
  title: `RFC ${n} §${section}`,
  url: `https://www.rfc-editor.org/rfc/rfc${n}#section-${section}`,
});

export const selfSigned: Cause = {
  id: 'certificate.self-signed',
  category: 'certificate',
  stage: 'certificate',
  owner: 'admin',
  severity: 'error',
  words: {
    title: 'The certificate of {host} is self-signed',
    meaning: 'The server vouches for itself: nobody can tell it from an impostor.',
    fix: ['Have a certificate from a public authority installed on {host}.', 'Send the administrator the message below.'],
  },
  translations: {
    'zh-CN': {
      title: '{host} 的证书是自签名的',
      meaning: '服务器自己为自己作保：无法与冒充者区分。',
      fix: ['请管理员在 {host} 上安装由公认机构签发的证书。', '把下面的说明发给管理员。'],
    },
    vi: {
      title: 'Chứng chỉ của {host} là chứng chỉ tự ký',
      meaning: 'Máy chủ tự bảo đảm cho chính mình nên không thể phân biệt với kẻ mạo danh.',
      fix: ['Cài chứng chỉ do tổ chức công cộng cấp lên {host}.', 'Gửi nội dung bên dưới cho quản trị viên.'],
    },
  },
  links: [rfc(5280, '6')],
  rules,
  test: 'Compare the fingerprint with the one the administrator reads out.',
  example: { paste: 'self-signed certificate', unserved: 'a fixture' },
};

export const wrongPassword: Cause = {
  id: 'auth.credentials-rejected',
  category: 'authentication',
  stage: 'auth',
  owner: 'you',
  severity: 'error',
  words: {
    title: 'User name or password is wrong',
    meaning: 'The server knows no account with this user name and password.',
    fix: ['Log in on the web page of {provider} with the same password.', 'Type the password in again.'],
  },
  translations: {
    'zh-CN': {
      title: '用户名或密码错误',
      meaning: '服务器上没有与此用户名和密码相符的帐户。',
      fix: ['用同一密码登录 {provider} 的网页。', '重新输入密码。'],
    },
    vi: {
      title: 'Tên người dùng hoặc mật khẩu sai',
      meaning: 'Máy chủ không có tài khoản nào khớp với tên người dùng và mật khẩu này.',
      fix: ['Đăng nhập trang web của {provider} bằng chính mật khẩu này.', 'Nhập lại mật khẩu.'],
    },
  },
  links: [rfc(4954, '6')],
  rules,
  test: 'Log in on the web page with the same password.',
  example: { paste: '535 5.7.8 Authentication credentials invalid', unserved: 'a fixture' },
};

export const appPassword: Cause = {
  ...wrongPassword,
  id: 'auth.app-password-required',
  words: {
    title: 'An app password is needed',
    meaning: 'With two-factor sign-in the account’s password is not accepted.',
    fix: ['Make an app password.'],
  },
  translations: {
    'zh-CN': { title: '需要应用专用密码', meaning: '开启双重验证后，不接受帐户密码。', fix: ['生成应用专用密码。'] },
    vi: {
      title: 'Cần mật khẩu ứng dụng',
      meaning: 'Khi bật xác thực hai yếu tố, mật khẩu tài khoản không được chấp nhận.',
      fix: ['Tạo mật khẩu ứng dụng.'],
    },
  },
  test: 'Make an app password and try with that.',
};

export const refused: Cause = {
  ...selfSigned,
  id: 'connect.refused',
  category: 'connection',
  stage: 'connect',
  owner: 'provider',
  words: {
    title: '{host} refuses connections on port {port}',
    meaning: 'Nothing listens there.',
    fix: ['Use port 995.'],
  },
  translations: {
    'zh-CN': { title: '{host} 拒绝端口 {port} 上的连接', meaning: '该端口上没有服务。', fix: ['改用端口 995。'] },
    vi: { title: '{host} từ chối kết nối ở cổng {port}', meaning: 'Không có dịch vụ nào ở đó.', fix: ['Dùng cổng 995.'] },
  },
  links: [],
};

export const expiresSoon: Cause = {
  ...selfSigned,
  id: 'certificate.expires-soon',
  severity: 'warning',
  words: { title: 'The certificate expires in {days} days', meaning: 'It ends on {date}.', fix: ['Renew it before {date}.'] },
  translations: {
    'zh-CN': { title: '证书将在 {days} 天后过期', meaning: '到期时间：{date}。', fix: ['在 {date} 之前续期。'] },
    vi: { title: 'Chứng chỉ hết hạn sau {days} ngày', meaning: 'Hết hạn ngày {date}.', fix: ['Gia hạn trước {date}.'] },
  },
};

export const notOwned: Cause = {
  ...wrongPassword,
  id: 'sender.not-owned',
  category: 'relay',
  stage: 'identity',
  words: {
    title: 'The sender does not belong to this account',
    meaning: '{sender} is neither its address nor an alias.',
    fix: ['Send as {address}.'],
  },
  translations: {
    'zh-CN': { title: '发件人不属于此帐户', meaning: '{sender} 既不是帐户地址，也不是别名。', fix: ['用 {address} 发信。'] },
    vi: {
      title: 'Người gửi không thuộc tài khoản này',
      meaning: '{sender} không phải địa chỉ hay bí danh của tài khoản.',
      fix: ['Gửi bằng {address}.'],
    },
  },
};

export const CATALOGUE: readonly Cause[] = [selfSigned, wrongPassword, appPassword, refused, expiresSoon, notOwned];

export function judged(cause: Cause, evidence: readonly Evidence[], more: Partial<Sighting> = {}): Judged {
  const sighting: Sighting = { certainty: 'proven', strength: 60, evidence, ...more };
  return { cause, sighting, stage: more.stage ?? cause.stage, severity: cause.severity, certainty: sighting.certainty };
}

export const stage = (name: StageName, status: StageStatus, durationMs = 2, reason?: StageRecord['reason']): StageRecord => ({
  stage: name,
  status,
  durationMs,
  ...(reason ? { reason } : {}),
});
export const skipped = (name: StageName, culprit: StageName) =>
  stage(name, 'skipped', 0, { id: 'earlier-stage-failed', params: { stage: culprit } });

export const pop: Service = {
  protocol: 'pop3',
  host: 'pop.example.com',
  port: 995,
  security: 'tls',
  source: 'flag',
  user: 'you@example.com',
  from: ['you@example.com'],
};
export const smtp: Service = {
  ...pop,
  protocol: 'smtp',
  host: 'smtp.example.com',
  port: 587,
  security: 'starttls',
  source: 'preset',
};
export const imap: Service = { ...pop, protocol: 'imap', host: 'imap.example.com', port: 993, source: 'autoconfig' };

export function reply(at: StageName, command: string, line: string, more: Partial<ReplyEvidence> = {}): ReplyEvidence {
  const negative = /^([45]|-ERR|\S+ (NO|BAD))/.test(line);
  return {
    kind: 'reply',
    stage: at,
    channel: 'tls',
    command,
    status: negative ? 'no' : 'ok',
    text: line.replace(/^\d+ (\d\.\d+\.\d+ )?/, ''),
    lines: [line],
    ...more,
  };
}

export const leaf: CertificateFacts = {
  subject: 'CN=pop.example.com, O=Example Org',
  issuer: 'CN=pop.example.com, O=Example Org',
  names: ['DNS:pop.example.com', 'DNS:*.example.com'],
  namesTotal: 2,
  commonName: 'pop.example.com',
  notBefore: '2026-10-01T00:00:00.000Z',
  notAfter: '2027-01-23T12:00:00.000Z',
  daysLeft: 61,
  serial: '0A1B2C',
  keyType: 'RSA',
  keyBits: 2048,
  signatureAlgorithm: 'sha256WithRSAEncryption',
  sha256: 'AB:CD:EF:01:23:45:67:89',
  selfIssued: true,
  selfSigned: true,
  ca: false,
};

const dns: Evidence = {
  kind: 'lookup',
  stage: 'dns',
  host: 'pop.example.com',
  type: 'A',
  resolver: 'system',
  outcome: 'answer',
  records: ['192.0.2.1'],
  ms: 4,
};
const open: Evidence = {
  kind: 'connect',
  stage: 'connect',
  host: 'pop.example.com',
  address: '192.0.2.1',
  family: 4,
  port: 995,
  outcome: 'open',
  ms: 3,
};
const handshake: Evidence = {
  kind: 'tls',
  stage: 'tls',
  host: 'pop.example.com',
  address: '192.0.2.1',
  port: 995,
  mode: 'implicit',
  outcome: 'established',
  version: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  sni: 'pop.example.com',
  ms: 12,
};
const chain = (more: Partial<CertificateFacts>, trusted: boolean): Evidence => ({
  kind: 'certificate',
  stage: 'certificate',
  host: 'pop.example.com',
  address: '192.0.2.1',
  port: 995,
  sent: [{ ...leaf, ...more }],
  built: ['CN=pop.example.com'],
  valid: true,
  identity: true,
  trusted,
  revocation: 'not-asked',
});

const TRANSCRIPT: readonly TranscriptLine[] = [
  { from: 'server', atMs: 20, text: '+OK ready' },
  { from: 'client', atMs: 21, text: 'AUTH PLAIN ********' },
  { from: 'server', atMs: 30, text: '-ERR [AUTH] no' },
];

interface Made {
  readonly service?: Service;
  readonly stages: readonly StageRecord[];
  readonly evidence: readonly Evidence[];
  readonly findings?: readonly Judged[];
  readonly verdict: Verdict;
  readonly transcript?: readonly TranscriptLine[];
}

export function check({ service = pop, stages, evidence, findings = [], verdict, transcript = TRANSCRIPT }: Made): Check {
  const root = findings.find((f) => f.severity === 'error');
  return { service, stages, evidence, diagnosis: { verdict, findings, root }, transcript, durationMs: 41 };
}

const trustedEvidence = [dns, open, handshake, chain({ issuer: 'CN=Public CA, O=Trust Services', selfSigned: false }, true)];
const passed = ['settings', 'dns', 'connect', 'tls', 'certificate', 'greeting', 'capabilities', 'auth', 'mailbox'] as const;

export const healthy = check({
  verdict: 'pass',
  stages: passed.map((s) => stage(s, 'pass')),
  evidence: [
    ...trustedEvidence,
    reply('greeting', '', '+OK ready'),
    {
      kind: 'capabilities',
      stage: 'capabilities',
      channel: 'tls',
      items: ['SASL PLAIN', 'UIDL', 'TOP'],
      mechanisms: ['PLAIN'],
      total: 3,
    },
    {
      kind: 'secret',
      stage: 'auth',
      type: 'password',
      mechanism: 'PLAIN',
      offered: ['PLAIN'],
      reason: 'first',
      shape: { length: 'medium', spaces: false, outerSpaces: false, nonAscii: false, smartQuotes: false },
    },
    reply('auth', 'AUTH PLAIN ********', '+OK logged in'),
    { kind: 'mailbox', stage: 'mailbox', messages: 1234, bytes: 5_600_000, uidl: true, top: true, loginDelay: 60 },
  ],
});

const problem: Evidence = {
  kind: 'problem',
  stage: 'certificate',
  problem: 'self-signed',
  depth: 0,
  subject: 'CN=pop.example.com',
  detail: 'DEPTH_ZERO_SELF_SIGNED_CERT: issuer CN=pop.example.com',
};
export const selfSignedCheck = check({
  verdict: 'fail',
  stages: [
    ...passed.slice(0, 4).map((s) => stage(s, 'pass')),
    stage('certificate', 'fail', 1),
    ...passed.slice(5).map((s) => skipped(s, 'certificate')),
  ],
  evidence: [
    dns,
    open,
    handshake,
    chain({}, false),
    problem,
    { ...open, kind: 'connect', port: 110, control: 'other-port', outcome: 'refused', code: 'ECONNREFUSED' },
  ],
  findings: [judged(selfSigned, [problem])],
});

const badLogin = reply('auth', 'AUTH PLAIN ********', '535 5.7.8 Error: authentication failed', { code: 535, enhanced: '5.7.8' });
export const wrongPasswordCheck = check({
  service: smtp,
  verdict: 'fail',
  stages: [
    ...(['settings', 'dns', 'connect', 'greeting', 'capabilities', 'tls', 'certificate'] as const).map((s) => stage(s, 'pass')),
    stage('auth', 'fail', 210),
    skipped('identity', 'auth'),
    stage('send', 'skipped', 0, { id: 'not-asked' }),
  ],
  evidence: [...trustedEvidence, reply('greeting', '', '220 smtp.example.com ESMTP'), badLogin],
  findings: [
    judged(wrongPassword, [badLogin], {
      certainty: 'likely',
      matched: '535 5.7.8 Error: authentication failed',
      alternatives: ['auth.app-password-required', 'auth.smtp-disabled'],
      provider: {
        preset: 'example',
        name: 'Example Mail',
        fix: {
          en: ['Open mail.example.com and sign in.'],
          'zh-CN': ['打开 mail.example.com 并登录。'],
          vi: ['Mở mail.example.com và đăng nhập.'],
        },
        link: { title: 'Example Mail', url: 'https://mail.example.com/help' },
      },
    }),
  ],
});

const closed: Evidence = {
  ...open,
  kind: 'connect',
  address: '2001:db8::1',
  family: 6,
  outcome: 'refused',
  code: 'ECONNREFUSED',
};
export const refusedCheck = check({
  service: imap,
  verdict: 'fail',
  stages: [
    stage('settings', 'pass', 0),
    stage('dns', 'pass', 4),
    stage('connect', 'fail', 3),
    ...passed.slice(3).map((s) => skipped(s, 'connect')),
  ],
  evidence: [dns, closed],
  findings: [judged(refused, [closed])],
});

const relay = reply('identity', 'MAIL FROM:<sales@example.net>', '553 Relaying disallowed as sales@example.net', { code: 553 });
const soon = chain({ daysLeft: 12, notAfter: '2026-12-05T12:00:00.000Z' }, true);
export const senderCheck = check({
  service: { ...smtp, from: ['you@example.com', 'sales@example.net'] },
  verdict: 'fail',
  stages: [
    ...(['settings', 'dns', 'connect', 'greeting', 'capabilities', 'tls'] as const).map((s) => stage(s, 'pass')),
    stage('certificate', 'pass'),
    stage('auth', 'pass', 90),
    stage('identity', 'fail', 20),
    stage('send', 'skipped', 0, { id: 'not-asked' }),
  ],
  evidence: [
    dns,
    open,
    handshake,
    soon,
    relay,
    { kind: 'sender', stage: 'identity', from: 'you@example.com', depth: 'mail', accepted: true, reply: '250 OK' },
    { kind: 'sender', stage: 'identity', from: 'sales@example.net', depth: 'mail', accepted: false, reply: relay.lines[0] ?? '' },
    { kind: 'sender', stage: 'identity', from: 'sales@example.net', depth: 'not-tested', accepted: false },
  ],
  findings: [
    judged(notOwned, [relay], { params: { sender: 'sales@example.net' } }),
    judged(expiresSoon, [soon], { params: { days: 12, date: '2026-12-05T12:00:00.000Z' }, stage: 'certificate' }),
  ],
});

export const warned = check({
  verdict: 'warn',
  stages: passed.map((s) => stage(s, 'pass')),
  evidence: [dns, open, handshake, soon],
  findings: [judged(expiresSoon, [soon], { params: { days: 12, date: '2026-12-05T12:00:00.000Z' }, stage: 'certificate' })],
});

export const interrupted = check({
  verdict: 'inconclusive',
  stages: [
    stage('settings', 'pass', 0),
    stage('dns', 'pass', 4),
    ...passed.slice(2).map((s) => stage(s, 'skipped', 0, { id: 'interrupted' })),
  ],
  evidence: [dns],
});

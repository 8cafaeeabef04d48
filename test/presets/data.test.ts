/** Every preset file: schema, provenance, sane endpoints, unique names, replies that their phrases find and nobody else's do. */
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import type { Preset, PresetReply, Provenance } from '../../src/model/preset.ts';
import { allPresets } from '../../src/settle/presets.ts';

const folder = new URL('../../presets/', import.meta.url);
const files = readdirSync(folder).filter((f) => f.endsWith('.json') && f !== 'schema.json');
const presets = allPresets();

/** The fixed vocabulary; presets map replies to nothing else. */
const CAUSES = new Set(
  `settings.user-name-form settings.host-misspelled settings.wrong-server settings.address-misspelled settings.client-policy
  dns.no-such-host dns.no-address dns.server-failure dns.timeout dns.answers-differ connect.refused connect.timeout connect.unreachable
  connect.reset connect.port-blocked connect.port-25 connect.one-family connect.local-policy connect.unexplained connect.proxy
  greeting.wrong-service greeting.middlebox greeting.redirected greeting.timeout greeting.rejected protocol.violation
  protocol.client-error protocol.preauth server.unavailable server.misconfigured tls.implicit-on-plain-port
  tls.plain-on-implicit-port tls.starttls-missing tls.starttls-refused tls.starttls-required tls.injected tls.version-too-old
  tls.no-shared-cipher tls.client-certificate-required tls.handshake-failed tls.handshake-timeout tls.server-name-missing
  certificate.self-signed certificate.untrusted-root certificate.incomplete-chain certificate.expired certificate.not-yet-valid
  certificate.identity-differs certificate.intercepted certificate.revoked certificate.revocation-unchecked
  certificate.pin-mismatch certificate.weak certificate.wrong-purpose certificate.invalid certificate.expires-soon
  certificate.local-clock auth.credentials-rejected auth.app-password-required auth.basic-disabled auth.token-rejected
  auth.web-login-required auth.policy-blocked auth.protocol-disabled auth.smtp-disabled auth.plan-restriction auth.account-locked
  auth.account-disabled auth.password-expired auth.too-many-attempts auth.temporary-failure auth.encryption-required
  auth.mechanism-unsupported auth.not-offered auth.required auth.unexplained auth.withheld mailbox.in-use mailbox.over-quota
  mailbox.unusable mailbox.client-id-required mailbox.login-delay sender.not-owned sender.relay-denied sender.blocked
  sender.domain-invalid recipient.unknown recipient.rejected message.too-large message.content-rejected policy.helo-rejected
  policy.reverse-dns policy.blocklisted policy.rate-limited policy.greylisted policy.connection-limit policy.domain-authentication`
    .trim()
    .split(/\s+/),
);

function raw(file: string): Preset {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
}

/** A phrase as the catalogue reads it: white space folded, case ignored, `…` for up to 120 characters. */
function finds(phrase: string, text: string): boolean {
  const source = phrase
    .replace(/\s+/g, ' ')
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/ ?… ?/g, '.{0,120}?');
  return new RegExp(source, 'iu').test(text.replace(/\s+/g, ' '));
}

function fits(reply: PresetReply, example: string): boolean {
  const smtp = /^(\d{3})[ -](?:(\d\.\d{1,3}\.\d{1,3})\b)?/.exec(example);
  const responseCode = /\[([A-Z][A-Z/-]*)[\] ]/.exec(example)?.[1];
  if (reply.code !== undefined && reply.code !== Number(smtp?.[1])) return false;
  if (reply.enhanced !== undefined && reply.enhanced !== smtp?.[2]) return false;
  if (reply.responseCode !== undefined && reply.responseCode !== responseCode) return false;
  return finds(reply.phrase, example);
}

function protocolOf(reply: PresetReply): string | undefined {
  if (reply.protocol) return reply.protocol;
  if (/^\d{3}[ -]/.test(reply.example)) return 'smtp';
  if (/^-ERR/.test(reply.example)) return 'pop3';
  return /^(NO|BAD|\*)/.test(reply.example) ? 'imap' : undefined;
}

const facts = (p: Preset): [string, Provenance][] => [
  ...p.endpoints.map((e): [string, Provenance] => [`endpoint ${e.host}:${e.port}`, e]),
  ...(p.retired ?? []).map((r): [string, Provenance] => [`retired ${r.host}`, r]),
  ['user', p.user],
  ['auth', p.auth],
  ...(p.sender ? [['sender', p.sender] as [string, Provenance]] : []),
  ...(p.fetch ? [['fetch', p.fetch] as [string, Provenance]] : []),
  ...p.prerequisites.map((n): [string, Provenance] => [`prerequisite ${n.text.en.slice(0, 30)}`, n]),
  ...(p.limits ?? []).map((n): [string, Provenance] => [`limit ${n.text.en.slice(0, 30)}`, n]),
  ...p.replies.map((r): [string, Provenance] => [`reply ${r.phrase}`, r]),
];

describe('each file', () => {
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync(new URL('schema.json', folder), 'utf8')));

  test.each(files)('%s follows the schema and is named after its id', (file) => {
    const preset = raw(file);
    validate(preset);
    expect(validate.errors ?? []).toEqual([]);
    expect(`${preset.id}.json`).toBe(file);
  });

  test('the loader finds every file and nothing else', () => {
    expect(presets.map((p) => `${p.id}.json`)).toEqual([...files].sort((a, b) => (a.slice(0, -5) < b.slice(0, -5) ? -1 : 1)));
  });

  test('the schema refuses a fact without a source and a field it does not know', () => {
    const preset = raw('zoho.json');
    const [first, ...rest] = preset.endpoints;
    const { source, ...unsourced } = first ?? { source: '' };
    expect(source).not.toBe('');
    expect(validate({ ...preset, endpoints: [unsourced, ...rest] })).toBe(false);
    expect(validate({ ...preset, colour: 'red' })).toBe(false);
    expect(validate({ ...preset, endpoints: [{ ...first, colour: 'red' }] })).toBe(false);
    expect(validate({ ...preset, checked: '2026' })).toBe(false);
  });
});

describe('settings', () => {
  const PORTS: Readonly<Record<string, readonly number[]>> = {
    'pop3 tls': [995],
    'pop3 starttls': [110],
    'imap tls': [993],
    'imap starttls': [143, 1143],
    'smtp tls': [465, 994],
    'smtp starttls': [587, 2525, 1025],
  };

  test.each(presets)('$id has ports that go with their security, and no plain text', (p) => {
    for (const e of p.endpoints) {
      expect(PORTS[`${e.protocol} ${e.security}`], `${e.host} ${e.protocol} ${e.port} ${e.security}`).toContain(e.port);
      if (e.host === '127.0.0.1') expect(p.id).toBe('proton-bridge');
    }
    const keys = p.endpoints.map((e) => `${e.protocol} ${e.host} ${e.port} ${e.variant ?? ''}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test.each(presets)('$id offers what it does not call missing, and says what is missing', (p) => {
    for (const protocol of p.missing ?? []) {
      expect(p.endpoints.some((e) => e.protocol === protocol)).toBe(false);
      expect(p.prerequisites.some((n) => n.protocols === undefined || n.protocols.includes(protocol))).toBe(true);
    }
    for (const e of p.endpoints) {
      for (const domain of e.domains ?? []) expect(p.domains).toContain(domain);
      for (const mx of e.mx ?? []) expect(p.mx).toContain(mx);
    }
  });

  test('no domain and no MX suffix belongs to two presets', () => {
    for (const list of [presets.flatMap((p) => p.domains), presets.flatMap((p) => p.mx)]) {
      expect(list.filter((d, i) => list.indexOf(d) !== i)).toEqual([]);
    }
  });

  test('a retired host is nobody’s endpoint, and what replaced it is published', () => {
    const hosts = new Set(presets.flatMap((p) => p.endpoints.map((e) => e.host)));
    for (const r of presets.flatMap((p) => p.retired ?? [])) {
      expect(hosts.has(r.host), r.host).toBe(false);
      expect(hosts.has(r.instead), r.instead).toBe(true);
    }
  });

  test('app-password patterns take what the provider hands out and refuse ordinary passwords', () => {
    const samples: Readonly<Record<string, string>> = {
      gmail: 'abcd efgh ijkl mnop',
      yahoo: 'abcdefghijklmnop',
      aol: 'abcdefghijklmnop',
      icloud: 'abcd-efgh-ijkl-mnop',
      fastmail: 'a1b2c3d4e5f6g7h8',
      qq: 'abcdefghijklmnop',
      netease: 'ABcd12EFgh34IJkl',
      att: 'abcdefgh12345678',
    };
    const patterned = presets.filter((p) => p.auth.appPassword !== undefined);
    expect(patterned.map((p) => p.id).sort()).toEqual(Object.keys(samples).sort());
    for (const p of patterned) {
      const pattern = new RegExp(p.auth.appPassword ?? '');
      expect(pattern.test(samples[p.id] ?? ''), p.id).toBe(true);
      for (const plain of ['hunter2', 'correct horse battery staple', 'P@ssw0rd2026', ''])
        expect(pattern.test(plain)).toBe(false);
    }
  });
});

describe('facts', () => {
  const months = (date: string) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));
  const newest = Math.max(...presets.map((p) => months(p.checked)));

  test.each(presets)('$id: each fact has a source and a date that is not in the future of the preset', (p) => {
    for (const [what, fact] of facts(p)) {
      expect(fact.source, what).toMatch(/\S{3}/);
      expect(fact.source, what).not.toMatch(/none found|no source|to verify|unverified|seed document/i);
      expect(fact.evidence, what).toBeDefined();
      expect(months(fact.checked), what).toBeLessThanOrEqual(months(p.checked));
    }
  });

  test('facts older than three years are counted aloud, and no preset as a whole is', () => {
    const old = presets.map((p) => ({ id: p.id, n: facts(p).filter(([, f]) => newest - months(f.checked) > 36).length }));
    const said = old.flatMap(({ id, n }) => (n > 0 ? [`${id} ${n}`] : []));
    if (said.length > 0) process.stderr.write(`preset facts older than three years: ${said.join(', ')}\n`);
    for (const p of presets) expect(newest - months(p.checked), p.id).toBeLessThanOrEqual(36);
  });

  test.each(presets)('$id: texts are short, in three languages, and polite without begging', (p) => {
    const texts: string[] = [];
    const walk = (x: unknown): void => {
      if (Array.isArray(x)) for (const y of x) walk(y);
      else if (typeof x === 'object' && x !== null) {
        for (const [key, value] of Object.entries(x)) {
          if (['en', 'zh-CN', 'vi'].includes(key)) texts.push(...[value].flat().map(String));
          else walk(value);
        }
      }
    };
    walk(p);
    for (const t of texts) {
      expect(t.trim().split(/\s+/).length, t).toBeLessThanOrEqual(60);
      expect(t, t).not.toMatch(/\bplease\b|\bsimply\b|\bvui lòng\b/i);
      expect(t, t).toBe(t.trim());
    }
    for (const r of p.replies) {
      if (!r.fix) continue;
      expect(r.fix['zh-CN']?.length, r.phrase).toBe(r.fix.en?.length);
      expect(r.fix.vi?.length, r.phrase).toBe(r.fix.en?.length);
      for (const t of r.fix['zh-CN'] ?? []) expect(t, t).toMatch(/[\u4e00-\u9fff]/);
    }
    if (p.user.text) expect(p.user.note).toBe(p.user.text.en);
    if (p.fetch?.text) expect(p.fetch.note).toBe(p.fetch.text.en);
  });
});

describe('replies', () => {
  const all = presets.flatMap((p) => p.replies.map((r) => ({ id: p.id, r, name: `${p.id}: ${r.phrase}` })));

  test.each(all)('$name occurs in its example and names a cause of the vocabulary', ({ r }) => {
    expect(CAUSES.has(r.cause), r.cause).toBe(true);
    expect(fits(r, r.example), r.example).toBe(true);
    expect(r.fix, 'the provider’s own steps').toBeDefined();
  });

  test.each(all)('$name: no other phrase reads its example as another cause', ({ id, r }) => {
    for (const other of all) {
      const [mine, theirs] = [protocolOf(r), other.r.protocol];
      if (mine !== undefined && theirs !== undefined && mine !== theirs) continue;
      // The same words at another stage of the same provider may mean something else (NetEase's 550).
      if (other.id === id && other.r.stage !== r.stage) continue;
      if (fits(other.r, r.example)) expect(other.r.cause, `${other.name} on “${r.example}”`).toBe(r.cause);
    }
  });

  test('the nine texts that Microsoft sends under 535 5.7.139 are told apart', () => {
    const texts: Readonly<Record<string, string>> = {
      'SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.':
        'auth.smtp-disabled',
      'SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information.':
        'auth.smtp-disabled',
      'basic authentication is disabled. [server]': 'auth.basic-disabled',
      "user is locked by your organization's security defaults policy. Contact your administrator.": 'auth.policy-blocked',
      'the request did not meet the criteria to be authenticated successfully. Contact your administrator.':
        'auth.policy-blocked',
      'the user credentials were incorrect. [server]': 'auth.credentials-rejected',
      'account locked.': 'auth.account-locked',
      'federated STS service was unreachable.': 'auth.temporary-failure',
      'the federated STS URL does not support HTTPS.': 'server.misconfigured',
    };
    for (const [text, cause] of Object.entries(texts)) {
      const said = `535 5.7.139 Authentication unsuccessful, ${text}`;
      const found = all.filter(({ r }) => fits(r, said)).map(({ r }) => r.cause);
      expect(new Set(found), said).toEqual(new Set([cause]));
    }
  });

  test('plain refusals of other servers are nobody’s phrase', () => {
    const plain = [
      '535 5.7.8 Error: authentication failed: authentication failure',
      '535 5.7.8 Authentication failed',
      '535 Incorrect authentication data',
      '535 Authentication credentials invalid',
      '535 5.7.0 Invalid login or password',
      'NO [AUTHENTICATIONFAILED] Authentication failed.',
      'NO Login failed: authentication failure',
      'NO LOGIN failed.',
      '-ERR [AUTH] Authentication failed.',
      '-ERR Logon failure: unknown user name or bad password.',
      '-ERR Unable to log on',
      '530 5.7.0 Must issue a STARTTLS command first',
      '554 5.7.1 <a@example.org>: Relay access denied',
      '550 5.1.1 <a@example.org>: Recipient address rejected: User unknown',
      '450 4.7.1 Greylisted, try again later',
      '-ERR [IN-USE] Mailbox is locked by another POP3 session.',
      '553 5.7.1 <b@example.org>: Sender address rejected: not owned by user a@example.org',
      '421 4.7.0 mail.example.com Error: too many errors',
    ];
    for (const text of plain)
      expect(
        all.filter(({ r }) => fits(r, text)).map(({ name }) => name),
        text,
      ).toEqual([]);
  });
});

/** `--redact`: who and where are masked everywhere, consistently, and the report still makes sense (S-108, S-177). */
import { describe, expect, test } from 'vitest';
import { en } from '../../src/locales/en.ts';
import { LANGUAGES } from '../../src/locales/index.ts';
import type { Check } from '../../src/model/diagnosis.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Words } from '../../src/model/words.ts';
import { maskOf } from '../../src/report/mask.ts';
import { savedEvidence } from '../../src/report/save.ts';
import { reporters } from '../../src/reporters/index.ts';
import * as f from './fixtures.ts';
import { OPTIONS, reportOf, wordsFor } from './make.ts';

const USER = 'maria.lopez';
const DOMAIN = 'ferreteria-lopez.example';
const ADDRESS = `${USER}@${DOMAIN}`;
const HOST = `correo.${DOMAIN}`;
const IP = '203.0.113.77';
const IP6 = '2001:db8:77::beef';

const b64 = (text: string) => Buffer.from(text, 'latin1').toString('base64');
const blobs = [b64(ADDRESS), b64(USER), b64(`\0${ADDRESS}\0`), b64(`a\0${USER}`), b64(`xy${ADDRESS}`)];

const texts: readonly string[] = [
  `535 5.7.8 <${ADDRESS}>: not accepted on ${HOST}`,
  `250-${HOST} Hello client.lan.${DOMAIN} [${IP}]`,
  `421 4.7.0 [IPv6:${IP6}] too many from ${IP6}, ${USER.toUpperCase()}`,
  `334 ${blobs[0]}`,
  `+ ${blobs[2]}`,
  `* OK [ALERT] user=${USER} blob ${blobs[3]} ${blobs[4]}`,
  `+OK <1896.697170952@${HOST}>`,
  `220 ${HOST} ESMTP 5b1f17b1804b1-43a1c8d9e2fsm1234567 - mx`,
];

const evidence: readonly Evidence[] = [
  { kind: 'setting', stage: 'settings', field: 'host', value: HOST, from: 'srv', authenticated: true },
  {
    kind: 'lookup',
    stage: 'dns',
    host: HOST,
    type: 'A',
    resolver: `${IP}:53`,
    outcome: 'answer',
    records: [IP, IP6],
    cnames: [`lb.${DOMAIN}`],
    ms: 1,
  },
  { kind: 'connect', stage: 'connect', host: HOST, address: IP6, family: 6, port: 993, outcome: 'open', ms: 1 },
  {
    kind: 'certificate',
    stage: 'certificate',
    host: HOST,
    address: IP,
    port: 993,
    sent: [
      {
        ...f.leaf,
        subject: `CN=${HOST}, O=Ferretería López SL`,
        issuer: `CN=${HOST}, O=Ferretería López SL`,
        names: [`DNS:*.${DOMAIN}`, `IP:${IP}`],
        commonName: HOST,
      },
    ],
    built: [],
    valid: true,
    identity: true,
    trusted: false,
  },
  {
    kind: 'capabilities',
    stage: 'capabilities',
    channel: 'tls',
    items: ['AUTH PLAIN', `X-HOST ${HOST}`],
    mechanisms: ['PLAIN'],
    total: 2,
  },
  ...texts.map((t) => f.reply('auth', `AUTH PLAIN ${blobs[1]}`, t, { status: 'no' })),
  { kind: 'sender', stage: 'identity', from: ADDRESS, depth: 'mail', accepted: false, reply: `553 ${ADDRESS}` },
];

const check: Check = f.check({
  service: { ...f.imap, host: HOST, user: ADDRESS, from: [ADDRESS], recipient: `otro@${DOMAIN}` },
  verdict: 'fail',
  stages: [
    f.stage('dns', 'pass'),
    f.stage('connect', 'pass'),
    f.stage('certificate', 'pass'),
    f.stage('auth', 'fail'),
    f.stage('identity', 'fail'),
  ],
  evidence,
  findings: [
    f.judged({ ...f.refused, stage: 'auth' }, evidence.slice(5), { matched: texts[0] ?? '', params: { name: HOST, port: 993 } }),
  ],
  transcript: texts.map((text, i) => ({ from: 'server', atMs: i, text })),
});

const NEEDLES = [
  USER,
  DOMAIN,
  HOST,
  IP,
  IP6,
  'ferreteria',
  'López',
  'otro@',
  f.leaf.sha256,
  f.leaf.serial,
  '5b1f17b1804b1',
  ...blobs.map((b) => b.replace(/=+$/, '').slice(2, -3)),
];
const redacted = (words: Words = en) =>
  reportOf([check], words, {
    account: { address: ADDRESS, preset: null },
    options: { transcript: true, redact: true },
    warnings: [`the certificate of ${HOST} for ${ADDRESS}`],
    working: [{ protocol: 'imap', host: HOST, port: 993, security: 'tls', user: ADDRESS }],
  });

describe.each(LANGUAGES)('%s', (language) => {
  test.each(Object.keys(reporters))('%s holds neither names nor addresses nor hosts', async (format) => {
    const words = await wordsFor(language);
    const out = (await reporters[format]?.())?.render([redacted(words)], words, { ...OPTIONS, width: 200 }) ?? '';
    for (const needle of NEEDLES) expect(out.toLowerCase()).not.toContain(needle.toLowerCase());
    expect(out).toContain('host1');
  });
});

test('the same name has the same mask everywhere, the account’s own first', () => {
  const r = redacted();
  expect(r.account.address).toBe('user1@domain1');
  expect(r.checks[0]?.endpoint.host).toBe('host1');
  expect(r.working?.[0]).toMatchObject({ host: 'host1', user: 'user1@domain1' });
  expect(r.checks[0]?.findings[0]?.title).toBe('host1 refuses connections on port 993');
  expect(r.checks[0]?.findings[0]?.evidence[0]).toBe('535 5.7.8 <user1@domain1>: not accepted on host1');
  expect(r.checks[0]?.transcript?.[3]?.text).toMatch(/^334 base64\(user1@domain1\)/);
  expect(r.warnings).toEqual(['the certificate of host1 for user1@domain1']);
  expect(r.checks[0]?.facts.senders?.[0]?.from).toBe('user1@domain1');
});

test('what names nobody stays: codes, mechanisms, versions, causes, times', () => {
  const r = redacted();
  const text = JSON.stringify(r);
  for (const kept of [
    '535 5.7.8',
    '421 4.7.0',
    'AUTH PLAIN',
    'connect.refused',
    'sha256WithRSAEncryption',
    '2027-01-23T12:00:00.000Z',
    'IPv6:',
  ])
    expect(text).toContain(kept);
  expect(r.checks[0]?.cause).toBe('connect.refused');
  expect(r.checks[0]?.stages.map((s) => s.stage)).toEqual(check.stages.map((s) => s.stage));
});

test('saved evidence is masked as well', () => {
  const saved = JSON.stringify(
    savedEvidence({
      checks: [check],
      account: { address: ADDRESS, preset: null },
      startedAt: f.STARTED,
      version: '1',
      redact: true,
    }),
  );
  for (const needle of NEEDLES) expect(saved.toLowerCase()).not.toContain(needle.toLowerCase());
});

describe('the mask', () => {
  const mask = maskOf({ addresses: ['info@example.org'], users: ['info@example.org'], hosts: ['localhost', 'mail.example.org'] });
  test.each([
    ['no such user: INFO', 'no such user: user1'],
    ['information and misinfo stay', 'information and misinfo stay'],
    ['localhost and mail.example.org.', 'host1 and host2.'],
    ['at 10:00:00 with 5.7.8 and TLSv1.3', 'at 10:00:00 with 5.7.8 and TLSv1.3'],
    ['::1 and fe80::1%eth0', 'ip1 and ip2'],
    ['example.org is a domain', 'domain1 is a domain'],
    ['SCRAM-SHA-256-PLUS ECDHE-RSA-AES128-GCM-SHA256', 'SCRAM-SHA-256-PLUS ECDHE-RSA-AES128-GCM-SHA256'],
    ['täst@bücher.example', 'user2@domain2'],
  ])('%s', (text, masked) => expect(mask(text)).toBe(masked));
  test('is linear on hostile text', () => {
    // A cost that is not linear runs into the time limit of the tests.
    for (const unit of ['a.', 'a@', '1.2.', 'a:', 'x-', 'info ', 'A1b2', 'é']) expect(mask(unit.repeat(100_000))).not.toBe('');
  });
});

test('the code of a reply that goes on stays before the host, which has one name everywhere', () => {
  const mask = maskOf({ addresses: ['info@example.org'], users: [], hosts: ['mail.example.org'] });
  expect(mask('220 mail.example.org ESMTP')).toBe('220 host1 ESMTP');
  expect(mask('250-mail.example.org\n250-other.example.net\n250 OK')).toBe('250-host1\n250-host2\n250 OK');
  expect(mask('see 250-mail.example.org')).toBe('see host3');
});

test('the page that a server names stays legible, an id in it does not', () => {
  const mask = maskOf({ addresses: [ADDRESS], users: [], hosts: [HOST] });
  expect(mask(`see https://${HOST}/accounts/answer/185833 (Failure)`)).toBe('see https://host1/accounts/answer/185833 (Failure)');
  expect(mask(`https://${HOST}/continue/5b1f17b1804b143a1c8d?plt=AKgnsbt/9x+LmZ1`)).toBe('https://host1/continue/token1?token2');
});

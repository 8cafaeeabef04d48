/** Languages: complete, with the same holes, nothing left in English, every format localised (pseudo-language). */
import { describe, expect, test } from 'vitest';
import { en } from '../../src/locales/en.ts';
import { LANGUAGES, languageFrom, languageOf, loadWords } from '../../src/locales/index.ts';
import { vi } from '../../src/locales/vi.ts';
import { zhCN } from '../../src/locales/zh-CN.ts';
import type { Report } from '../../src/model/diagnosis.ts';
import type { Words } from '../../src/model/words.ts';
import { composeEntries, composeExplanation } from '../../src/report/explain.ts';
import { count, fill, formatBytes, formatDate, formatDuration, say } from '../../src/report/say.ts';
import { explainMarkdown, renderCause, renderCauses, renderExplain } from '../../src/reporters/catalogue.ts';
import { reporters } from '../../src/reporters/index.ts';
import { renderDiscovery, renderLab } from '../../src/reporters/lab.ts';
import { renderPreset, renderPresets } from '../../src/reporters/presets.ts';
import { CASES } from './cases.ts';
import * as f from './fixtures.ts';
import { OPTIONS, reportOf } from './make.ts';
import { PRESET, SOURCES } from './more-fixtures.ts';
import { pseudo, unmarked } from './pseudo.ts';

const LISTS = [
  'verdicts',
  'stages',
  'statuses',
  'severities',
  'certainties',
  'owners',
  'categories',
  'securities',
  'sources',
  'reasons',
  'say',
] as const;
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

describe.each([zhCN, vi])('$language', (words) => {
  test('every list has the same keys, and the plurals that the language has', () => {
    for (const list of LISTS) {
      const own = Object.keys(words[list]).sort();
      const plural = new Intl.PluralRules(words.language).resolvedOptions().pluralCategories;
      const wanted = Object.keys(en[list]).filter(
        (k) => !k.endsWith('.one') || plural.includes('one') || !(`${k.slice(0, -4)}.other` in en.say),
      );
      expect(own).toEqual(wanted.sort());
    }
  });
  test('every sentence has the same holes', () => {
    for (const list of LISTS) {
      const theirs: Readonly<Record<string, string>> = en[list];
      for (const [key, text] of Object.entries<string>(words[list]))
        expect(holes(text), `${list}.${key}`).toEqual(holes(theirs[key] ?? ''));
    }
  });
  test('nothing was left in English', () => {
    // Names and abbreviations that are the same everywhere.
    const same = /^(POP3|IMAP|SMTP|STARTTLS|DNS|TLS|autoconfig|Autodiscover|OK|SHA-256|[\W\d]*)$|^[^a-z]*$|^\{\w+\}/;
    for (const list of LISTS) {
      const theirs: Readonly<Record<string, string>> = en[list];
      for (const [key, text] of Object.entries<string>(words[list])) {
        if (text === theirs[key] && !same.test(text)) expect.fail(`${list}.${key} is the same as in English: ${text}`);
      }
    }
  });
  test('no invisible character, no space at either end, no straight ellipsis', () => {
    for (const list of LISTS) {
      for (const [key, text] of Object.entries<string>(words[list])) {
        expect(text, key).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\.\.\./u);
        if (!['list.separator', 'colon', 'clause.separator', 'sentence.separator'].includes(key)) expect(text).toBe(text.trim());
        expect(text).toBe(text.normalize('NFC'));
      }
    }
  });
});

test('Chinese sentences use Chinese punctuation', () => {
  for (const list of LISTS) {
    for (const [key, text] of Object.entries<string>(zhCN[list]))
      expect(text, key).not.toMatch(/[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]/);
  }
});

describe('holes', () => {
  test('are filled once: a value is never expanded again', () => {
    expect(fill('{a} {b}', { a: '{b}', b: 'x' }, en)).toBe('{b} x');
  });
  test('without a value become the language’s neutral word', () => {
    expect(fill('{host} says', {}, en)).toBe('the server says');
    expect(fill('{host}拒绝', {}, zhCN)).toBe('服务器拒绝');
    expect(fill('Do {host}', { host: '…' }, vi)).toBe('Do máy chủ');
    expect(fill('{never-heard-of}', {}, en)).toBe('…');
  });
  test('hold labels, dates and numbers in the language; ports stay as they are', () => {
    expect(fill('{security} {protocol} {stage}', { security: 'tls', protocol: 'imap', stage: 'auth' }, zhCN)).toBe(
      '隐式 TLS IMAP 登录',
    );
    expect(fill('{date}', { date: '2026-11-23T10:00:00.000Z' }, vi)).toBe('23 thg 11, 2026 10:00:00 UTC');
    expect(fill('{port} {count}', { port: 10143, count: 10143 }, en)).toBe('10143 10,143');
  });
});

test('plurals, durations, sizes and dates', () => {
  expect([1, 2].map((n) => count(en, 'messages', n))).toEqual(['1 message', '2 messages']);
  expect(count(vi, 'messages', 1234)).toBe('1.234 thư');
  expect(count(zhCN, 'messages', 1)).toBe('1 封邮件');
  expect([12, 1234].map((ms) => formatDuration(zhCN, ms))).toEqual(['12 毫秒', '1.2 秒']);
  expect(formatDuration(vi, 1234)).toBe('1,2 giây');
  expect([12, 5_600_000].map((b) => formatBytes(en, b))).toEqual(['12 bytes', '5.6 MB']);
  expect(formatDate(en, '2026-11-23T10:00:00Z')).toBe('Nov 23, 2026 10:00:00 UTC');
  expect(formatDate(en, 'never')).toBe('never');
});

describe('which language', () => {
  test.each([
    ['zh_CN.UTF-8', 'zh-CN'],
    ['zh-Hans', 'zh-CN'],
    ['vi_VN', 'vi'],
    ['EN-GB', 'en'],
    ['de_DE', undefined],
    ['C', undefined],
  ])('%s → %s', (tag, language) => expect(languageOf(tag)).toBe(language));
  test('the first variable that is set decides', () => {
    expect(languageFrom({ LC_ALL: 'vi_VN.UTF-8', LANG: 'zh_CN.UTF-8' })).toBe('vi');
    expect(languageFrom({ LC_ALL: '', LC_MESSAGES: 'zh_CN', LANG: 'vi' })).toBe('zh-CN');
    expect(languageFrom({ LC_ALL: 'C', LANG: 'vi' })).toBe('en');
    expect(languageFrom({})).toBe('en');
  });
  test('a plugin adds words and never changes any', async () => {
    const more: Words = {
      ...en,
      language: 'vi',
      say: { 'plugin.x': 'mới', yes: 'YES' },
      causes: { 'plugin.fault': { title: 'lỗi', meaning: '', fix: [], test: '' } },
    };
    const words = await loadWords('vi', [more]);
    expect(words.say['plugin.x']).toBe('mới');
    expect(say(words, 'yes')).toBe('có');
    expect(words.causes?.['plugin.fault']?.title).toBe('lỗi');
  });
  test('each loads', async () => {
    for (const language of LANGUAGES) expect((await loadWords(language)).language).toBe(language);
  });
});

describe('pseudo-language: what is outside of the marks is no sentence of ours', () => {
  const words = pseudo(f.CATALOGUE);
  // Names of things, the same in every language: ids, protocols' own words, addresses, and what the fixtures' servers say in summaries.
  const NAMES =
    /https?:\S+|[\w.-]+@[\w.-]+|(?:[\w-]+\.)+com(?::\d+)?|mailcheck(?:-plugin-x)?|MAILCHECK (?:OK|WARNING|CRITICAL|UNKNOWN)|[a-z]+\.[a-z]+(?:-[a-z]+)*|RFC \d+ §\d+|TLSv[\d.]+|TLS_\w+|\bSTARTTLS\b|\bTLS\b|\bUTC\b|\bthg\b|\bMB\b|SHA-256|Example Mail|\+OK ready|220 \S* ?ESMTP|553 Relaying disallowed as|2001:db8::1|plugin : the cause {2}failed|Mở\s+và đăng nhập|UIDL|TOP|\bexample\b/g;
  const foreign = (text: string) =>
    unmarked(text)
      .replace(NAMES, '')
      .replace(NAMES, '')
      .match(/\p{L}{2,}/gu) ?? [];
  const mark = (t: string) => `⟦${t}⟧`;
  /** The report with everything marked that a server or a resolver said, and the local message in place of the English one. */
  const said = (r: Report): Report => ({
    ...r,
    checks: r.checks.map((c) => ({
      ...c,
      findings: c.findings.map((x) => ({
        ...x,
        evidence: x.evidence.map(mark),
        links: x.links.map((l) => ({ ...l, title: mark(l.title) })),
      })),
      ...(c.message?.local === undefined ? {} : { message: { en: c.message.local.replace(/^> .*$/gm, '> ') } }),
      ...(c.transcript ? { transcript: c.transcript.map((t) => ({ ...t, text: mark(t.text) })) } : {}),
      facts: {
        ...c.facts,
        controls: (c.facts.controls ?? []).map(mark),
        observed: (c.facts.observed ?? []).map(mark),
        senders: (c.facts.senders ?? []).map((x) => (x.reply === undefined ? x : { ...x, reply: mark(x.reply) })),
        capabilities: (c.facts.capabilities ?? []).map((x) => ({ ...x, items: x.items.map(mark) })),
        auth: { ...c.facts.auth, offered: ['⟦PLAIN⟧'], mechanism: '⟦PLAIN⟧' },
        certificates: (c.facts.certificates ?? []).map((x) => ({
          ...x,
          subject: '',
          issuer: '',
          names: [],
          keyType: '',
          keyBits: '',
          signatureAlgorithm: '',
          sha256: '',
        })),
      },
    })),
  });
  const wide = { ...OPTIONS, width: 200 };

  const entities = (t: string) => t.replaceAll('&gt;', '>').replaceAll('&lt;', '<');
  /** What people read of a format, without its own syntax. */
  const READ: Readonly<Record<string, (text: string) => string>> = {
    terminal: (t) => t,
    markdown: (t) => t.replace(/<[^>]*>/g, ' ').replaceAll('`', ''),
    html: (t) => entities(t.replace(/<style>.*?<\/style>/s, '').replace(/<[^>]*>/g, ' ')),
    junit: (t) => entities((t.match(/(?<=(?:testcase name|message)=")[^"]*|(?<=>)[^<]+/g) ?? []).join('\n')),
    github: (t) => t.replace(/::(error|warning|notice) title=/g, '').replace(/%(0A|3A|2C)/g, '\n'),
    nagios: (t) => t.replace(/ \| .*/, ''),
    prometheus: (t) => (t.match(/(?<=^# HELP \S+ ).*/gm) ?? []).join('\n'),
  };

  test.each(CASES.flatMap((c) => Object.keys(READ).map((format) => ({ format, c, name: c.name }))))(
    '$format, $name',
    async ({ format, c }) => {
      const reporter = await reporters[format]?.();
      const text = reporter?.render(c.reports(words).map(said), words, { ...wide, many: c.options.many }) ?? '';
      expect(foreign(READ[format]?.(text) ?? '')).toEqual([]);
    },
  );

  test('explain, causes, presets, lab and discovery', () => {
    const { diagnosis } = f.wrongPasswordCheck;
    const explanation = composeExplanation({ diagnosis, words, causes: f.CATALOGUE, next: 'mailcheck', maskedSecrets: 1 });
    const empty = composeExplanation({ diagnosis: { verdict: 'pass', findings: [], root: undefined }, words });
    const texts = [
      renderExplain(explanation, words, wide),
      explainMarkdown(explanation, words)
        .replaceAll('`', '')
        .replace(/<[^>]*>/g, ''),
      renderExplain(empty, words, wide),
      renderCauses(f.CATALOGUE, words, wide),
      ...f.CATALOGUE.map((c) => renderCause(c, words, wide)),
      renderPresets([PRESET], words, wide),
      renderLab(
        {
          scenarios: [{ name: 'healthy.pop', protocol: 'pop3', title: '⟦x⟧' }],
          servers: [{ name: 'healthy.pop', protocol: 'pop3', title: '⟦x⟧', address: '127.0.0.1', port: 1, command: 'mailcheck' }],
        },
        words,
        wide,
      ),
      renderDiscovery({ sources: SOURCES, offers: [], findings: [] }, words, wide),
    ];
    const verbatim =
      /535 5\.7\.8 (?:Error: authentication failed|Authentication credentials invalid)|smtp|self-signed certificate|refused by the server|paid|the plan’s name|-ERR You are yet to enable POP|Switch POP on|Bật POP/g;
    for (const text of [...texts, renderPreset(PRESET, words, wide)]) expect(foreign(text.replace(verbatim, ''))).toEqual([]);
  });
});

test('a report in Chinese or Vietnamese quotes the server as it came', async () => {
  for (const words of [zhCN, vi]) {
    const terminal = await reporters.terminal?.();
    expect(terminal?.render([reportOf([f.wrongPasswordCheck], words)], words, OPTIONS)).toContain(
      '535 5.7.8 Error: authentication failed',
    );
  }
});

test('every entry of the catalogue is whole in every language: no hole is left open', async () => {
  const { catalogue } = await import('../../src/causes/index.ts');
  for (const language of LANGUAGES) {
    const { matches } = composeEntries(catalogue, await loadWords(language));
    expect(matches).toHaveLength(catalogue.length);
    for (const m of matches)
      for (const text of [m.title, m.meaning, m.test ?? '', ...m.fix]) expect(text, m.cause).not.toMatch(/\{\w*\}|^$/);
  }
});

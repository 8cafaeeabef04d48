/** Foreign text in every format: it is shown, and it can do nothing there (S-096, S-097, S-099, S-101, S-102, S-105). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { en } from '../../src/locales/en.ts';
import { zhCN } from '../../src/locales/zh-CN.ts';
import type { Report } from '../../src/model/diagnosis.ts';
import { composeExplanation } from '../../src/report/explain.ts';
import { explainJson, explainMarkdown, renderExplain } from '../../src/reporters/catalogue.ts';
import { reporters } from '../../src/reporters/index.ts';
import { HOSTILE, hostileCheck } from './hostile.ts';
import { OPTIONS, reportOf } from './make.ts';
import { all, readXml } from './xml.ts';

/** C0 but newline, DEL, C1, bidi and zero width, tags, separators, lone surrogates. */
const RAW =
  /[\0-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff\u{e0000}-\u{e0fff}]|\p{Cs}/u;

const hostile = (text: string): Report =>
  reportOf([hostileCheck(text)], en, {
    account: { address: `a${text}@example.com`, preset: null },
    warnings: [text],
    working: [{ protocol: 'smtp', host: text, port: 587, security: 'starttls', user: text }],
  });
const entries = Object.entries(HOSTILE);

const render = async (format: string, text: string, many = false, color = false) => {
  const reporter = await reporters[format]?.();
  return reporter?.render([hostile(text)], en, { ...OPTIONS, many, color }) ?? '';
};

describe.each(Object.keys(reporters))('%s', (format) => {
  test.each(entries)('%s: no raw control, bidi or invisible character', async (_, text) => {
    for (const many of [false, true]) {
      const out = await render(format, text, many);
      expect(RAW.exec(out)?.[0]).toBeUndefined();
      expect(out.length).toBeGreaterThan(0);
    }
  });

  test.each(entries)('%s: no line that a CI runner would obey', async (_, text) => {
    const own = format === 'github' ? /^\s*::(error|warning|notice) title=/ : undefined;
    for (const line of (await render(format, text)).split('\n')) {
      if (own?.test(line)) continue;
      expect(line.trimStart().startsWith('::')).toBe(false);
      expect(/##[a-z]*\[/i.test(line)).toBe(false);
    }
  });
});

test('colour adds only SGR sequences of our own (S-097)', async () => {
  const out = await render('terminal', HOSTILE.csi ?? '', false, true);
  expect(out).toContain('\u001b[1m');
  expect(RAW.exec(out.replace(/\u001b\[(1|2|22|31|32|33|36|39)m/g, ''))).toBeNull();
  expect(out).toContain('\\x1b[31mred');
});

test('controls are shown as \\xNN, the others as \\u{…} (S-096, S-099)', async () => {
  const controls = await render('terminal', HOSTILE.controls ?? '');
  expect(controls).toContain('a\\x00b\\x08c\\x7fd\\x0de\\x0bf\\x09g');
  expect(await render('markdown', HOSTILE.bidi ?? '')).toContain('abc\\u{202e}dcba');
});

describe('json', () => {
  test.each(entries)('%s: the text survives unchanged but for lone surrogates (S-105)', async (_, text) => {
    const report: Report = JSON.parse(await render('json', text));
    const evidence = report.checks[0]?.findings[0]?.evidence[0];
    expect(evidence).toBe(`535 5.7.8 ${text}`.replace(/\p{Cs}/gu, '\ufffd'));
  });
  test('a 10 MB greeting is capped, and the report stays small (S-105)', async () => {
    const json = await reporters.json?.();
    const out = json?.render([reportOf([hostileCheck('x'.repeat(10_000_000))])], en, OPTIONS) ?? '';
    expect(out.length).toBeLessThan(200_000);
    expect(JSON.parse(out).schema).toBe('mailcheck.report/1');
  });
});

describe('html', () => {
  test.each(entries)('%s: no markup of the server’s, no script, nothing fetched (S-101)', async (_, text) => {
    const out = await render('html', text);
    expect(out).not.toMatch(/<(script|img|iframe|object|embed|link|svg|form|base|h1>x|evil)/i);
    for (const tag of out.matchAll(/<[a-z][^>]*>/g)) {
      expect(tag[0]).not.toMatch(/\son\w+=/i);
      expect(tag[0]).not.toMatch(/\s(src|href|action|style)=(?!"https?:\/\/)/i);
    }
    expect(out).toMatch(/Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+'/);
    // Balanced: what is opened is closed, so nothing broke out of its place.
    const body = out.slice(out.indexOf('<main>'), out.indexOf('</body>')).replaceAll('<br>', '');
    expect(() => readXml(`<body>${body}</body>`)).not.toThrow();
  });
});

describe('junit', () => {
  test.each(entries)('%s: well-formed, and the text is in it (S-105)', async (_, text) => {
    const root = readXml(await render('junit', text));
    expect(root.name).toBe('testsuites');
    const [failure] = all(root, 'failure');
    expect(failure?.attributes.get('type')).toBe('auth.credentials-rejected');
    expect(all(root, 'evil')).toHaveLength(0);
  });
});

describe('markdown', () => {
  /** What is left when code is taken out: prose, where nothing foreign may act. */
  function prose(markdown: string): string {
    const outside: string[] = [];
    let fence = '';
    for (const line of markdown.split('\n')) {
      const mark = /^ {0,3}(`{3,})/.exec(line)?.[1];
      if (fence === '' && mark !== undefined) fence = mark;
      else if (fence !== '' && mark !== undefined && mark.length >= fence.length && line.trim() === mark) fence = '';
      else if (fence === '') outside.push(line.replace(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, 'CODE'));
    }
    expect(fence).toBe('');
    return outside.join('\n');
  }
  test.each(entries)('%s: nothing acts outside of code (S-102)', async (_, text) => {
    for (const many of [false, true]) {
      const out = prose(await render('markdown', text, many));
      const ours = out
        .replace(/<https:\/\/(mail\.example\.com|www\.rfc-editor\.org)\/[^>\s]*>/g, '')
        .replace(/<\/?(details|summary|br)>/g, '');
      expect(ours).not.toMatch(/evil\.example|octocat|@all|onerror|<script|<img|<h1|\]\(|#123|`|\{code/);
      expect(ours).not.toMatch(/^ {0,3}# (heading|out)/m);
    }
  });
  test.each(entries)('%s: each table keeps its columns (S-102)', async (_, text) => {
    const lines = (await render('markdown', text)).split('\n');
    const cells = (line: string) => line.replace(/\\\|/g, '').split('|').length;
    for (const [i, line] of lines.entries()) {
      if (/^\|(---\|)+$/.test(line)) {
        for (let j = i - 1; lines[j]?.startsWith('|'); j += 1) expect(cells(lines[j] ?? '')).toBe(cells(line));
      }
    }
  });
});

describe('github', () => {
  test.each(entries)('%s: one annotation per finding, each on its line', async (_, text) => {
    const lines = (await render('github', text)).split('\n').filter((l) => l.startsWith('::'));
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      // Percent and newline in the message are escaped; the title ends at the first "::".
      expect(line).toMatch(/^::(error|warning) title=[^:,]*::/);
      expect(line.replace(/%(0A|25|3A|2C)/g, '')).not.toContain('%');
    }
  });
});

describe('nagios', () => {
  test.each(entries)('%s: one line, one pipe', async (_, text) => {
    const out = await render('nagios', text);
    expect(out.split('\n')).toHaveLength(2);
    expect(out.split('|')).toHaveLength(2);
  });
});

describe('prometheus', () => {
  test.each(entries)('%s: every line is a comment or a sample', async (_, text) => {
    for (const line of (await render('prometheus', text)).split('\n')) {
      expect(line).toMatch(/^$|^# (HELP|TYPE) [a-z_]+ .+$|^[a-z_]+\{([a-z]+="([^"\\]|\\["\\])*",?)+\} -?[0-9.e+]+$/);
    }
  });
});

describe('explain', () => {
  test.each(entries)('%s: neutral in terminal, Markdown and JSON', (_, text) => {
    const { diagnosis } = hostileCheck(text);
    const explanation = composeExplanation({
      diagnosis,
      words: zhCN,
      known: { host: text, user: text },
      next: `mailcheck imap ${text}`,
    });
    for (const out of [renderExplain(explanation, zhCN, OPTIONS), explainMarkdown(explanation, zhCN), explainJson(explanation)]) {
      expect(RAW.exec(out)?.[0]).toBeUndefined();
      expect(out).not.toMatch(/^\s*::/m);
    }
  });
});

test('any text whatever gives well-formed JSON, XML and HTML, and no raw control anywhere', async () => {
  const loaded = await Promise.all(Object.values(reporters).map((load) => load()));
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      const report = hostile(text);
      for (const r of loaded) {
        const out = r.render([report], en, OPTIONS);
        expect(RAW.test(out)).toBe(false);
        if (r.format === 'json') JSON.parse(out);
        if (r.format === 'junit') readXml(out);
      }
    }),
    { numRuns: 60, seed: 7 },
  );
});

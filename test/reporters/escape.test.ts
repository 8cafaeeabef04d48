/** Each sink by itself: what it must neutralise, and what it must leave alone. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  capped,
  forCsv,
  forGithubCommand,
  forGithubProperty,
  forHtml,
  forJson,
  forMarkdownBlock,
  forMarkdownCell,
  forMarkdownCode,
  forMarkdownText,
  forTerminal,
  forXml,
  oneLine,
  safeLines,
} from '../../src/report/escape.ts';
import { HOSTILE } from './hostile.ts';

describe('terminal', () => {
  test.each([
    ['\u001b[31mx\u0007', '\\x1b[31mx\\x07'],
    ['\u009b1m\u007f', '\\x9b1m\\x7f'],
    ['a\nb\tc', 'a\nb\\x09c'],
    ['\u202ea\u200b\ufeff\u{e0041}', '\\u{202e}a\\u{200b}\\u{feff}\\u{e0041}'],
    ['\ud800', '\\u{d800}'],
    ['##[error]x', '\\x23#[error]x'],
    ['a ::set-output name=x::y', 'a \\x3a:set-output name=x::y'],
    ['fe80::1 ::1 C++::x', 'fe80::1 ::1 C++::x'],
    ['证书 Chứng chỉ é 😀 “x” … →', '证书 Chứng chỉ é 😀 “x” … →'],
  ])('%j', (text, shown) => expect(forTerminal(text)).toBe(shown));
  test('is stable: what is neutral stays', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (t) => {
        expect(forTerminal(forTerminal(t))).toBe(forTerminal(t));
      }),
    );
  });
  test('one line and lines', () => {
    expect(oneLine('a\r\nb\nc\r')).toBe('a ⏎ b ⏎ c\\x0d');
    expect(safeLines('a\r\nb\u0007\n')).toEqual(['a', 'b\\x07', '']);
  });
});

describe('Markdown', () => {
  test('code spans and fences are longer than any run within', () => {
    expect(forMarkdownCode('a`b')).toBe('``a`b``');
    expect(forMarkdownCode('`')).toBe('`` ` ``');
    expect(forMarkdownCode('')).toBe('` `');
    expect(forMarkdownCell('a|b')).toBe('`a\\|b`');
    expect(forMarkdownBlock('```\nx')).toBe('````\n```\nx\n````');
    expect(forMarkdownBlock('x')).toBe('```\nx\n```');
  });
  test.each([
    ['Send as you@example.com.', 'Send as `you@example.com`.'],
    ['see "[click](http://evil)" now', 'see "`[click](http://evil`)" now'],
    ['# heading', '`#` heading'],
    ['- item', '\\- item'],
    ['1. item', '1\\. item'],
    ['192.0.2.1 answered', '192.0.2.1 answered'],
    ['a **b** _c_ | d', 'a `**b**` `_c_` `|` d'],
    ['fixes #123, @all!', 'fixes `#123`, `@all`!'],
    ['JIRA-12 and SHA-256', '`JIRA-12` and SHA-256'],
    ['用 you@example.com 发信', '用 `you@example.com` 发信'],
    ['(IMAP, POP3): 50 % “x” don’t', '(IMAP, POP3): 50 % “x” don’t'],
  ])('%j', (text, shown) => expect(forMarkdownText(text)).toBe(shown));
});

test('HTML and XML', () => {
  expect(forHtml('<a href="x">&\'')).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&#39;');
  expect(forXml(']]>\u0000')).toBe(']]&gt;\\x00');
});

test('GitHub commands', () => {
  expect(forGithubCommand('50%\r\na')).toBe('50%25%0Aa');
  expect(forGithubProperty('a: b, c\nd')).toBe('a%3A b%2C c ⏎ d');
});

describe('CSV', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    [' -1', "' -1"],
    ['\t=1', '\\x09=1'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['+49 30', "'+49 30"],
    ['plain', 'plain'],
  ])('%j', (text, field) => expect(forCsv(text)).toBe(field));
});

describe('JSON', () => {
  test.each(Object.entries(HOSTILE))('%s comes back as it was, and nothing in it is raw', (_, text) => {
    const json = forJson({ text });
    expect(JSON.parse(json).text).toBe(text.replace(/\p{Cs}/gu, '\ufffd'));
    expect(json).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}\x7f-\x9f]/u);
  });
  test('whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(JSON.parse(forJson([text], 0))).toEqual([text.replace(/\p{Cs}/gu, '\ufffd')]);
      }),
    );
  });
});

test('capping says how much is left out and never cuts a character', () => {
  expect(capped('abcdef', 4)).toBe('abcd… (+2)');
  expect(capped('ab😀c', 3)).toBe('ab… (+3)');
  expect(capped('abc', 3)).toBe('abc');
});

test('all sinks are linear on hostile input', () => {
  // A cost that is not linear runs into the time limit of the tests.
  for (const unit of ['`', '::a', '##a', '"(', ').', '#', '_', '\u001b[', '&', '|', '%', '-', ' ::x y', ':a']) {
    const text = unit.repeat(200_000);
    for (const sink of [forTerminal, forMarkdownText, forMarkdownCode, forMarkdownBlock, forHtml, forCsv, forGithubCommand])
      expect(sink(text)).not.toBe('');
  }
});

/** Width, wrapping and colour of the terminal: wide characters, 40 to 200 columns, NO_COLOR. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../src/locales/index.ts';
import { displayWidth, hang, padEnd, wrap } from '../../src/reporters/layout.ts';
import { terminal } from '../../src/reporters/terminal.ts';
import { CASES } from './cases.ts';
import * as f from './fixtures.ts';
import { OPTIONS, reportOf, wordsFor } from './make.ts';

test('wide, narrow and combining characters', () => {
  expect(displayWidth('证书')).toBe(4);
  expect(displayWidth('한글')).toBe(4);
  expect(displayWidth('chứng chỉ')).toBe(9);
  expect(displayWidth('ê\u0301')).toBe(1);
  expect(displayWidth('✓✗├─')).toBe(4);
  expect(displayWidth('😀')).toBe(2);
  expect(displayWidth('（）：')).toBe(6);
  expect(padEnd('证', 4)).toBe('证  ');
});

describe('wrap', () => {
  test('Latin at spaces, Chinese anywhere but before closing and after opening marks', () => {
    expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four']);
    const lines = wrap('服务器的证书是自签名的，因此不受信任（请联系管理员）。', 12);
    for (const line of lines) {
      expect(line).not.toMatch(/^[，。）]/);
      expect(line).not.toMatch(/（$/);
    }
    expect(lines.join('')).toBe('服务器的证书是自签名的，因此不受信任（请联系管理员）。');
    expect(wrap('受信任的证书（mailcheck）。', 16)).toEqual(['受信任的证书', '（mailcheck）。']);
  });
  test('a word wider than the line is cut, never lost', () => {
    expect(wrap('x'.repeat(25), 10).map((l) => l.length)).toEqual([10, 10, 5]);
    expect(hang('  - ', `https://example.com/${'y'.repeat(60)}`, 40).every((l) => displayWidth(l) <= 40)).toBe(true);
  });
  test('no line is too wide and nothing is lost, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '中', '，', '（', ' ', '-', '“', '”', 'ê'), maxLength: 200 }),
        fc.integer({ min: 8, max: 60 }),
        (text, width) => {
          const lines = wrap(text, width);
          const bare = (s: string) => s.replace(/\s/g, '');
          expect(bare(lines.join(''))).toBe(bare(text));
          // Marks that must stay with their character may hang over by what they need.
          for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
      { numRuns: 300, seed: 3 },
    );
  });
  test('a megabyte is wrapped in linear time', () => {
    // A cost that is not linear runs into the time limit of the tests.
    expect(wrap('中文，'.repeat(100_000), 76).length).toBeGreaterThan(1000);
    expect(wrap('a'.repeat(1_000_000), 76).length).toBeGreaterThan(10_000);
  });
});

describe.each(LANGUAGES)('terminal report in %s', (language) => {
  test.each([40, 60, 80, 120])('fits %d columns', async (width) => {
    const words = await wordsFor(language);
    for (const c of CASES) {
      for (const line of terminal.render(c.reports(words), words, { ...c.options, width }).split('\n')) {
        // Addresses of pages stay whole, so that they can be clicked and copied.
        if (!line.includes('https://')) expect(displayWidth(line), line).toBeLessThanOrEqual(width);
      }
    }
  });
  test('without colour there is no escape; with colour the words are the same', async () => {
    const words = await wordsFor(language);
    for (const c of CASES) {
      const reports = c.reports(words);
      const plain = terminal.render(reports, words, c.options);
      expect(plain).not.toContain('\u001b');
      const painted = terminal.render(reports, words, { ...c.options, color: true });
      expect(painted).toContain('\u001b[');
      expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(plain);
    }
  });
  test('frames of tables are straight', async () => {
    const words = await wordsFor(language);
    const lines = terminal.render([reportOf([f.senderCheck], words)], words, OPTIONS).split('\n');
    const frame = lines.filter((l) => /^[┌├└│].*[┐┤┘│]$/.test(l));
    expect(frame.length).toBeGreaterThan(5);
    expect(new Set(frame.map(displayWidth)).size).toBe(1);
  });
});

test('verdict, root cause and what to do come first; each of several checks has its verdict line first', async () => {
  const words = await wordsFor('en');
  const single = terminal.render([reportOf([f.selfSignedCheck])], words, OPTIONS).split('\n');
  expect(single[0]).toBe('✗ FAILED: POP3 pop.example.com:995 (implicit TLS)');
  expect(single[1]).toContain('The certificate of pop.example.com is self-signed');
  expect(single.indexOf('What to do')).toBeLessThan(single.indexOf('Stages'));
  const several = terminal.render([reportOf([f.healthy, f.selfSignedCheck])], words, OPTIONS).split('\n');
  expect(several[0]).toMatch(/^✓ PASSED +POP3 pop\.example\.com:995/);
  expect(several[1]).toMatch(/^✗ FAILED +POP3 pop\.example\.com:995/);
});

test('every stage has a mark and a word, so that colour carries nothing alone', async () => {
  const words = await wordsFor('en');
  const text = terminal.render([reportOf([f.selfSignedCheck])], words, OPTIONS);
  expect(text).toMatch(/├─ ✓ passed +DNS +2 ms/);
  expect(text).toMatch(/├─ ✗ FAILED +certificate/);
  expect(text).toMatch(/└─ - not run +mailbox/);
});

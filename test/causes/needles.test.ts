import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { needlesOf } from '../../src/causes/needles.ts';

describe('needles of a pattern', () => {
  it.each([
    [/relay(?:ing)? (?:access )?denied/i, ['denied']],
    [/quota exceeded|mailbox full/i, ['quota exceeded', 'mailbox full']],
    [/(?:too many|maximum) .{0,40}connections/i, ['connections']],
    [/auth\w+ failed/i, [' failed']],
    [/\b5\d\d\b/, undefined],
    [/(?:foo)?\d+/, undefined],
    [/ab+c+/i, undefined],
    [/(?=password)expired/i, ['expired']],
    [/授权码|客户端密码/i, ['授权码', '客户端密码']],
    [/[a-z]{3}x/i, undefined],
    [/sender\.domain\u0020here/i, ['sender.domain here']],
    [/(?:one|two|three)-way/i, ['-way']],
  ])('%s', (pattern, needles) => {
    expect(needlesOf(pattern)).toEqual(needles);
  });

  it('never hides a match', () => {
    // A pattern and a text that it matches, made together.
    const literal = fc.stringMatching(/^[a-z]{1,6}$/).map((s) => ({ source: s, text: s }));
    const atom = fc.oneof(
      literal,
      fc.constant({ source: '\\d{1,3}', text: '42' }),
      fc.constant({ source: '.{0,5}', text: 'zz' }),
      fc.constant({ source: '[abc]', text: 'b' }),
      literal.map((l) => ({ source: `(?:${l.source})?`, text: '' })),
      literal.map((l) => ({ source: `(?:${l.source}){2}`, text: l.text + l.text })),
      fc
        .tuple(literal, literal, fc.boolean())
        .map(([a, b, first]) => ({ source: `(?:${a.source}|${b.source})`, text: first ? a.text : b.text })),
    );
    const pattern = fc
      .array(atom, { minLength: 1, maxLength: 5 })
      .map((atoms) => ({ source: atoms.map((a) => a.source).join(''), text: atoms.map((a) => a.text).join('') }));
    fc.assert(
      fc.property(pattern, pattern, ({ source, text }, other) => {
        const whole = new RegExp(`${source}|${other.source}`, 'iu');
        fc.pre(whole.test(text));
        const needles = needlesOf(whole);
        if (needles) expect(needles.some((n) => text.toLowerCase().includes(n))).toBe(true);
      }),
      { seed: 7, numRuns: 3000 },
    );
  });
});

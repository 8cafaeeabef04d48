import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { haystackOf, meets, needOf, readNeed } from '../../src/causes/needles.ts';

describe('what a pattern needs', () => {
  it.each([
    [/relay(?:ing)? (?:access )?denied/i, { all: ['denied', 'relay'] }],
    [/quota exceeded|mailbox full/i, ['quota exceeded', 'mailbox full']],
    [/(?:too many|maximum) .{0,40}connections/i, { all: ['connections', ['too many', 'maximum']] }],
    [/auth\w+ failed/i, { all: [' failed', 'auth'] }],
    [/\b5\d\d\b/, undefined],
    [/(?:foo)?\d+/, undefined],
    [/ab+c+/i, undefined],
    [/(?=password)expired/i, 'expired'],
    [/授权码|客户端密码/i, ['授权码', '客户端密码']],
    [/[a-z]{3}x/i, undefined],
    [/sender\.domain\u0020here/i, 'sender.domain here'],
    [/(?:one|two|three)-way/i, { all: ['-way', ['one', 'two', 'three']] }],
    [/one(?:two|(?:three|four)five)/i, { all: ['one', ['two', { all: [['three', 'four'], 'five'] }]] }],
  ])('%s', (pattern, need) => {
    expect(needOf(pattern)).toEqual(need);
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
        const need = readNeed(whole.source);
        if (need !== undefined) expect(meets(haystackOf(text.toLowerCase()), need)).toBe(true);
      }),
      { seed: 7, numRuns: 3000 },
    );
  });
});

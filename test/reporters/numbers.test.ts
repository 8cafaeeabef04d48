import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateTime, decimal, plural, size } from '../../src/report/numbers.ts';

const language = fc.constantFrom('en', 'zh-CN', 'vi');
const unit = (l: string, n: number, name: string, display: 'long' | 'short') =>
  new Intl.NumberFormat(l, { style: 'unit', unit: name, unitDisplay: display, maximumFractionDigits: 1 }).format(n);

describe('numbers, sizes and dates are those of CLDR', () => {
  it('numbers', () => {
    fc.assert(
      fc.property(language, fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 2 }), (l, n, digits) => {
        // Quarters are exact in binary, so nothing is rounded two ways.
        const value = n / (digits === 2 ? 4 : digits === 1 ? 2 : 1);
        expect(decimal(l, value, digits)).toBe(new Intl.NumberFormat(l, { maximumFractionDigits: digits }).format(value));
      }),
    );
  });

  it('plurals', () => {
    fc.assert(
      fc.property(language, fc.nat(), (l, n) => {
        expect(plural(l, n)).toBe(new Intl.PluralRules(l).select(n));
      }),
    );
  });

  it('sizes', () => {
    for (const l of ['en', 'zh-CN', 'vi'] as const) {
      for (const n of [0, 1, 2, 999]) expect(size(l, n)).toBe(unit(l, n, 'byte', 'long'));
      expect(size(l, 1500)).toBe(unit(l, 1.5, 'kilobyte', 'short'));
      expect(size(l, 2_500_000)).toBe(unit(l, 2.5, 'megabyte', 'short'));
      expect(size(l, 7e9)).toBe(unit(l, 7, 'gigabyte', 'short'));
      expect(size(l, 4.5e15)).toBe(unit(l, 4500, 'terabyte', 'short'));
    }
  });

  it('dates', () => {
    const day = (l: string, d: Date) => new Intl.DateTimeFormat(l, { dateStyle: 'medium', timeZone: 'UTC' }).format(d);
    for (const l of ['en', 'zh-CN', 'vi'] as const) {
      for (let month = 0; month < 12; month++) {
        const date = new Date(Date.UTC(2026, month, 4 + month, month, 2, 3));
        expect(dateTime(l, date)).toBe(`${day(l, date)} ${String(month).padStart(2, '0')}:02:03 UTC`);
      }
    }
  });
});

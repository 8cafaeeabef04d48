/** The causes' Chinese words: whole against the catalogue, with the same facts in the same order, and set as Chinese is set. */
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/causes/index.ts';
import { causes } from '../../src/locales/causes.zh-CN.ts';

const HAN = /\p{Script=Han}/u;
/** Wide in a terminal (UAX #11): Han, CJK punctuation and full-width forms. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u;

const width = (text: string): number => [...text].reduce((sum, c) => sum + (WIDE.test(c) ? 2 : 1), 0);
const holes = (text: string): readonly string[] => (text.match(/\{[a-z]+\}/g) ?? []).toSorted();
const entry = (id: string) => {
  const words = causes[id];
  if (!words) throw new Error(`src/locales/causes.zh-CN.ts lacks ${id}`);
  return words;
};

/** What must stand in a translation as it stands in English: numbers, flags, and names with a dot, an underscore or inner capitals. */
const FACTS = /--[a-z][a-z0-9-]*|v=spf1|[A-Za-z][\w-]*(?:[._][\w-]+)+|\b[A-Z]+[a-z]+(?:[A-Z]+[a-z]+)+\b|\b\d+(?:\.\d+)*\b/g;
/** Names that have a Chinese form. */
const TRANSLATED: ReadonlySet<string> = new Set(['NetEase']); // 网易
const facts = (text: string): readonly string[] =>
  (text.match(FACTS) ?? [])
    .map((f) => f.replace(/\.$/, ''))
    .filter((f) => !TRANSLATED.has(f))
    .toSorted();

describe('the causes in Chinese', () => {
  it('are those of the catalogue, neither more nor fewer', () => {
    expect(Object.keys(causes).toSorted()).toEqual(catalogue.map((c) => c.id).toSorted());
  });

  describe.each(catalogue.map((c) => [c.id, c] as const))('%s', (id, cause) => {
    it('has a title that fits one line and is no sentence', () => {
      const { title } = entry(id);
      expect(width(title)).toBeLessThanOrEqual(60);
      expect(title).toMatch(HAN);
      expect(title).not.toMatch(/[。.！!]$/u);
    });

    it('has as many steps as the English, each a sentence of its own', () => {
      const { fix } = entry(id);
      expect(fix).toHaveLength(cause.words.fix.length);
      for (const step of fix) {
        expect(step).toMatch(HAN);
        expect(step).toMatch(/。$/u);
        expect(step).not.toMatch(/^(?:请|\d+[.、])/u);
      }
      expect(new Set(fix).size).toBe(fix.length);
    });

    it('has the holes and the facts of the English in each of its texts', () => {
      const { title, meaning, fix, test } = entry(id);
      const english = [cause.words.title, cause.words.meaning, ...cause.words.fix, cause.test];
      const chinese = [title, meaning, ...fix, test];
      expect(chinese.map(holes)).toEqual(english.map(holes));
      expect(chinese.map(facts)).toEqual(english.map(facts));
    });

    it('is set as Chinese: full-width punctuation, a space between Han and Latin, addressed as 您', () => {
      const { title, meaning, fix, test } = entry(id);
      for (const text of [title, meaning, ...fix, test]) {
        expect(text).not.toMatch(/\p{Script=Han}[A-Za-z0-9{]|[A-Za-z0-9}]\p{Script=Han}/u);
        expect(text).not.toMatch(/\p{Script=Han}[,;:!?()]|[,;!?()] ?\p{Script=Han}/u);
        expect(text).not.toMatch(/ [，。：；（）、]|[，。：；（）、] |\s{2}|^\s|\s$/u);
        expect(text).not.toMatch(/你/u);
      }
      expect(meaning).toMatch(/。$/u);
      expect(meaning.split('。').length - 1).toBeLessThanOrEqual(3);
      expect(test).toMatch(/。$/u);
    });
  });
});

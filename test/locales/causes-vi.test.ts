/** The causes' Vietnamese words: whole against the catalogue, with the same facts in the same order, and set as Vietnamese is set. */
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/causes/index.ts';
import { causes } from '../../src/locales/causes.vi.ts';

/** A letter that English does not have: without one, a sentence has lost its diacritics or was never translated. */
const MARKED = /[ăâđêôơư]|[aeiouy][\u0300\u0301\u0303\u0309\u0323]/i;
const marked = (text: string): boolean => MARKED.test(text) || MARKED.test(text.normalize('NFD'));

const holes = (text: string): readonly string[] => (text.match(/\{[a-z]+\}/g) ?? []).toSorted();
const entry = (id: string) => {
  const words = causes[id];
  if (!words) throw new Error(`src/locales/causes.vi.ts lacks ${id}`);
  return words;
};

/** What must stand in a translation as it stands in English: numbers, flags, and names with a dot, an underscore or inner capitals. */
const FACTS = /--[a-z][a-z0-9-]*|v=spf1|[A-Za-z][\w-]*(?:[._][\w-]+)+|\b[A-Z]+[a-z]+(?:[A-Z]+[a-z]+)+\b|\b\d+(?:\.\d+)*\b/g;
const facts = (text: string): readonly string[] => (text.match(FACTS) ?? []).map((f) => f.replace(/\.$/, '')).toSorted();

/** Spans of time that English spells out and Vietnamese writes in figures. */
const inFigures = (english: string): string =>
  english
    .replace(/\ba quarter of an hour\b/g, '15')
    .replace(/\bfifteen\b/g, '15')
    .replace(/\bten\b/g, '10');

/** Names of protocols, commands and records, which users see in English. */
const TERMS =
  /\b(?:STARTTLS|SSL\/TLS|TLS|AUTH|PLAIN|EHLO|HELO|MX|SRV|AAAA|CNAME|TXT|PTR|SPF|DKIM|DMARC|SNI|OCSP|AIA|MTU|VPN|TLSA|DNSSEC|PREAUTH|PIPELINING|CRAM-MD5|XOAUTH2|OAUTHBEARER|SIZE|SELECT|LOGIN|NXDOMAIN|SERVFAIL|REFUSED)\b/g;
const terms = (text: string): readonly string[] => [...new Set(text.match(TERMS) ?? [])].toSorted();

describe('the causes in Vietnamese', () => {
  it('are those of the catalogue, neither more nor fewer', () => {
    expect(Object.keys(causes).toSorted()).toEqual(catalogue.map((c) => c.id).toSorted());
  });

  it('have titles that differ from each other', () => {
    const titles = Object.values(causes).map((c) => c.title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  describe.each(catalogue.map((c) => [c.id, c] as const))('%s', (id, cause) => {
    it('has a title that fits one line and is no sentence', () => {
      const { title } = entry(id);
      expect([...title].length).toBeLessThanOrEqual(60);
      expect(marked(title)).toBe(true);
      expect(title).not.toMatch(/[.!…]$/u);
    });

    it('has as many steps as the English, each an order of its own', () => {
      const { fix } = entry(id);
      expect(fix).toHaveLength(cause.words.fix.length);
      for (const step of fix) {
        expect(marked(step), step).toBe(true);
        expect(step).toMatch(/^[\p{Lu}].*\.$/u);
        expect(step).not.toMatch(/^(?:Vui lòng|Xin|Hãy|Bạn|\d+[.)])/u);
      }
      expect(new Set(fix).size).toBe(fix.length);
    });

    it('has the holes, the facts and the terms of the English in each of its texts', () => {
      const { title, meaning, fix, test } = entry(id);
      const english = [cause.words.title, cause.words.meaning, ...cause.words.fix, cause.test];
      const vietnamese = [title, meaning, ...fix, test];
      expect(vietnamese.map(holes)).toEqual(english.map(holes));
      expect(vietnamese.map(facts)).toEqual(english.map(inFigures).map(facts));
      expect(vietnamese.map(terms)).toEqual(english.map(terms));
    });

    it('is set as Vietnamese: composed letters, no stray spaces, tone marks where the rest of the product sets them', () => {
      const { title, meaning, fix, test } = entry(id);
      for (const text of [title, meaning, ...fix, test]) {
        expect(text).toBe(text.normalize('NFC'));
        expect(text).not.toMatch(/\s{2}|^\s|\s$|[^\S ]| [,;:!?.)](?!\w)|\( /u);
        expect(text).not.toMatch(/o[àáảãạ](?!\p{L})|u[ýỳỷỹỵ](?!\p{L})(?<!qu.)/iu);
        expect(text).not.toMatch(/vui lòng|xin hãy|thông tin xác thực|tên người dùng|địa chỉ thư\b/iu);
      }
      expect(meaning).toMatch(/\.$/u);
      expect(marked(meaning)).toBe(true);
      expect(marked(test)).toBe(true);
      expect(test).toMatch(/^[^.]*(?:\.\S[^.]*)*\.$/u);
    });
  });
});

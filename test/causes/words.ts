/** What every catalogue entry owes its readers: short titles, steps, honest links, an example that proves itself. */
import { expect, test } from 'vitest';
import { catalogue } from '../../src/causes/index.ts';
import type { Cause } from '../../src/model/cause.ts';
import { read } from '../../src/paste/read.ts';
import { pasted, text } from './evidence.ts';

const RFC = /^https:\/\/www\.rfc-editor\.org\/rfc\/rfc\d{3,5}(#(section|appendix)-[\w.]+)?$/;

/** Registers the tests of form for the entries of one list. */
export function wordsOf(list: readonly Cause[], ids: readonly string[]): void {
  test('holds the fixed causes of its subject', () => {
    expect(list.map((c) => c.id)).toEqual(expect.arrayContaining([...ids]));
  });
  test.each(list.map((c) => [c.id, c] as const))('%s speaks as agreed', (_id, cause) => {
    const { title, meaning, fix } = cause.words;
    expect(title.length).toBeLessThanOrEqual(60);
    expect(title).not.toMatch(/[.!]$|[{}]/);
    expect(meaning).toMatch(/[.…]$/);
    expect(fix.length).toBeGreaterThan(0);
    for (const step of fix) expect(step).toMatch(/[.]$/);
    for (const words of [title, meaning, ...fix, cause.test]) expect(words).not.toMatch(/\bplease\b|\bsimply\b|\bjust\b/i);
    for (const l of cause.links) expect(l.url).toMatch(l.title.startsWith('RFC') ? RFC : /^https:\/\//);
    expect(cause.example.serve !== undefined || (cause.example.unserved ?? '') !== '').toBe(true);
  });
  test.each(list.map((c) => [c.id, c.example.paste] as const))('%s is named by its own example', (id, paste) => {
    expect(pasted(list, [text(paste), ...read(paste).evidence]).findings[0]?.split(' ')[0]).toBe(id);
    expect(pasted(catalogue, read(paste).evidence).findings[0]?.split(' ')[0]).toBe(id);
  });
}

/** What servers and clients say for each cause, a line each: the id, a tab, the words with `\n` for a line break. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogue } from '../../src/causes/index.ts';
import { read } from '../../src/paste/read.ts';
import { pasted } from './evidence.ts';

/** Registers one test for each line of `said/<subject>.txt`: the words, read as a person pastes them, give the cause. */
export function saidOf(subject: string): void {
  const lines = readFileSync(new URL(`./said/${subject}.txt`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  test.each(lines.map((l) => l.split('\t') as [string, string]))('%s: %s', (id, words) => {
    const text = words.replace(/\\(n|\\)/g, (_, c) => (c === 'n' ? '\n' : '\\'));
    const v = pasted(catalogue, read(text).evidence);
    expect(v.findings[0]?.split(' ')[0]).toBe(id);
  });
}

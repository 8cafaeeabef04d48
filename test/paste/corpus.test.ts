/** The corpus is judged whole: how well pasted texts are understood, and never a confident wrong answer. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/causes/index.ts';
import { specialise } from '../../src/causes/provider.ts';
import { judge } from '../../src/judge.ts';
import { factsOf } from '../../src/model/facts.ts';
import { read } from '../../src/paste/read.ts';
import { allPresets } from '../../src/settle/presets.ts';

interface Text {
  readonly id: string;
  readonly text: string;
  readonly cause: string;
  readonly accept?: readonly string[];
}

const folder = new URL('../corpus/', import.meta.url);
const texts: Text[] = readdirSync(folder)
  .filter((f) => f.endsWith('.jsonl'))
  .flatMap((f) => readFileSync(new URL(f, folder), 'utf8').split('\n'))
  .filter((l) => l.trim() !== '')
  .map((l): Text => JSON.parse(l));
const causes = specialise(catalogue, allPresets());

const answers = texts.map((t) => {
  const reading = read(t.text);
  const { protocol } = reading.known;
  const facts = factsOf(reading.evidence, { pasted: true, ...(protocol ? { protocol } : {}) });
  return { t, right: new Set([t.cause, ...(t.accept ?? [])]), findings: judge(facts, causes).findings };
});
const share = (good: (a: (typeof answers)[number]) => boolean) => answers.filter(good).length / answers.length;

describe('corpus', () => {
  it('names causes of the catalogue, each text once', () => {
    const ids = new Set(catalogue.map((c) => c.id));
    expect(texts.filter((t) => !ids.has(t.cause)).map((t) => t.id)).toEqual([]);
    expect(new Set(texts.map((t) => t.id)).size).toBe(texts.length);
    expect(new Set(texts.map((t) => t.text)).size).toBe(texts.length);
    expect(texts.length).toBeGreaterThan(600);
  });
  it('is answered right nine times in ten, and within three nearly always', () => {
    expect(share((a) => a.right.has(a.findings[0]?.cause.id ?? ''))).toBeGreaterThan(0.93);
    expect(share((a) => a.findings.slice(0, 3).some((f) => a.right.has(f.cause.id)))).toBeGreaterThan(0.94);
  });
  it('is never answered wrongly with certainty', () => {
    const wrong = answers.filter((a) => a.findings[0]?.certainty === 'proven' && !a.right.has(a.findings[0].cause.id));
    expect(wrong.map((a) => `${a.t.id}: ${a.findings[0]?.cause.id}`)).toEqual([]);
  });
});

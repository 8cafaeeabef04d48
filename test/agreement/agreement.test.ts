/** Every cause's example, pasted and served live, gives that cause: the catalogue proves itself. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../src/causes/index.ts';
import { judgeReading } from '../../src/explain.ts';
import { kitOf } from '../../src/kit.ts';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import { scenarios } from '../../src/lab/scenarios.ts';
import { read } from '../../src/paste/read.ts';
import { checkScenario } from '../tools/live.ts';

const kit = kitOf([]);
let authority: Authority;
beforeAll(() => {
  authority = createAuthority();
});
afterAll(() => undefined);

describe('each example as pasted text', () => {
  it.each(catalogue.map((c) => [c.id, c.example.paste] as const))('%s', (id, paste) => {
    const { root, findings } = judgeReading(read(paste), kit);
    expect([root?.cause.id ?? findings[0]?.cause.id, paste]).toEqual([id, paste]);
  });
});

describe('each example served live', () => {
  it.concurrent.each(scenarios(catalogue).map((s) => [s.name, s] as const))('%s', async (_name, scenario) => {
    const { check } = await checkScenario(scenario, authority);
    const { root, findings } = check.diagnosis;
    const got = root?.cause.id ?? findings.find((f) => f.cause.id === scenario.expect)?.cause.id ?? null;
    expect({
      cause: got,
      findings: got === scenario.expect ? undefined : findings.map((f) => `${f.stage} ${f.cause.id}`),
    }).toEqual({ cause: scenario.expect, findings: undefined });
  });
});

describe('every cause', () => {
  it('has an example that can be served, or says why not', () => {
    const wrong = catalogue
      .filter((c) => !c.example.serve && !c.example.unserved)
      .map((c) => `${c.id}: give its example a "serve", or say in "unserved" why no server can show it`);
    expect(wrong).toEqual([]);
  });
  it('of the fixed vocabulary is there, once', () => {
    const ids = catalogue.map((c) => c.id);
    expect(ids.length).toBe(new Set(ids).size);
    const fixed = readFileSync(new URL('../data/causes.txt', import.meta.url), 'utf8')
      .trim()
      .split('\n');
    expect(fixed.filter((id) => !ids.includes(id))).toEqual([]);
  });
});

/** Reports from fixtures, in each language. */
import { en } from '../../src/locales/en.ts';
import { loadWords } from '../../src/locales/index.ts';
import type { Check, Report } from '../../src/model/diagnosis.ts';
import type { RenderOptions } from '../../src/model/reporter.ts';
import type { Words } from '../../src/model/words.ts';
import { type ComposeInput, compose } from '../../src/report/compose.ts';
import { CATALOGUE, STARTED } from './fixtures.ts';

export const OPTIONS: RenderOptions = { width: 80, color: false, many: false };

export function reportOf(checks: readonly Check[], words: Words = en, more: Partial<ComposeInput> = {}): Report {
  return compose({
    checks,
    account: { address: 'you@example.com', preset: null },
    startedAt: STARTED,
    durationMs: 412,
    version: '1.0.0',
    words,
    english: en,
    causes: CATALOGUE,
    options: { transcript: true, redact: false },
    ...more,
  });
}

export const wordsFor = loadWords;

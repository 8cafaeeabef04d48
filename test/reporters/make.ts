/** Reports from fixtures, in each language. */
import { en } from '../../src/locales/en.ts';
import { loadWords } from '../../src/locales/index.ts';
import type { Check, Report } from '../../src/model/diagnosis.ts';
import type { RenderOptions } from '../../src/model/reporter.ts';
import type { Language } from '../../src/model/terms.ts';
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

const TESTS: Readonly<Record<string, string>> = { 'zh-CN': '换一种方式再试一次。', vi: 'Thử lại bằng cách khác.' };

/** @returns the words of a language with the fixtures' causes in place of the catalogue's, whose words may change. */
export async function wordsFor(language: Language): Promise<Words> {
  const { causes: _catalogue, ...words } = await loadWords(language);
  const causes = Object.fromEntries(
    CATALOGUE.flatMap((c) => {
      const said = c.translations?.[language];
      return said ? [[c.id, { ...said, test: TESTS[language] ?? c.test }] as const] : [];
    }),
  );
  return language === 'en' ? words : { ...words, causes };
}

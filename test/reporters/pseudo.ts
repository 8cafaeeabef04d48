/** A pseudo-language: every sentence of English between ⟦ and ⟧, so that what is outside of them was not localised. */
import { en } from '../../src/locales/en.ts';
import type { Cause } from '../../src/model/cause.ts';
import type { Words } from '../../src/model/words.ts';

const marked = (text: string) => `⟦${text}⟧`;
const map = <K extends string>(list: Readonly<Record<K, string>>): Record<K, string> => {
  const out = { ...list };
  for (const key in out) Reflect.set(out, key, marked(list[key]));
  return out;
};

/** Signs of punctuation and frames of nothing but holes say nothing in any language. */
const FRAMES: ReadonlySet<string> = new Set(['list.separator', 'colon', 'clause.separator', 'sentence.separator']);

export function pseudo(causes: readonly Cause[]): Words {
  const say: Record<string, string> = {};
  for (const [key, text] of Object.entries<string>(en.say)) say[key] = FRAMES.has(key) ? text : marked(text);
  return {
    // Any language but English, so that the causes' words are taken from here.
    language: 'vi',
    verdicts: map(en.verdicts),
    stages: map(en.stages),
    statuses: map(en.statuses),
    severities: map(en.severities),
    certainties: map(en.certainties),
    owners: map(en.owners),
    categories: map(en.categories),
    protocols: map(en.protocols),
    securities: map(en.securities),
    sources: map(en.sources),
    reasons: map(en.reasons),
    say,
    causes: Object.fromEntries(
      causes.map((c) => [
        c.id,
        { title: marked(c.words.title), meaning: marked(c.words.meaning), fix: c.words.fix.map(marked), test: marked(c.test) },
      ]),
    ),
  };
}

/** What is outside of the marks, however they are nested or broken over lines. */
export function unmarked(text: string): string {
  let depth = 0;
  let out = '';
  for (const char of text) {
    if (char === '⟦') depth += 1;
    else if (char === '⟧') depth -= 1;
    else if (depth === 0) out += char;
  }
  return depth === 0 ? out : `${out} unbalanced`;
}

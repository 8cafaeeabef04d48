/** Languages by name; each is loaded when it is asked for. */
import type { Language } from '../model/terms.ts';
import type { Words } from '../model/words.ts';

export const LANGUAGES: readonly Language[] = ['en', 'zh-CN', 'vi'];

const loaders: Readonly<Record<Language, () => Promise<Words>>> = {
  en: async () => (await import('./en.ts')).en,
  'zh-CN': async () => (await import('./zh-CN.ts')).zhCN,
  vi: async () => (await import('./vi.ts')).vi,
};

/** @returns the words of a language, with what plugins add to it. */
export async function loadWords(language: Language, contributed: readonly Words[] = []): Promise<Words> {
  return contributed.filter((w) => w.language === language).reduce(withMore, await loaders[language]());
}

/** A plugin adds keys and causes; it never changes what is built in. */
function withMore(words: Words, more: Words): Words {
  const causes = { ...more.causes, ...words.causes };
  return { ...words, say: { ...more.say, ...words.say }, ...(Object.keys(causes).length > 0 ? { causes } : {}) };
}

/**
 * @param tag a language as `--lang` or a locale variable names it: `zh-CN`, `zh_CN.UTF-8`, `vi`, `C`.
 * @returns the language that fits, or undefined. Chinese of every region gets the one Chinese there is.
 */
export function languageOf(tag: string): Language | undefined {
  const [main = ''] = tag.toLowerCase().split(/[-_.@]/, 1);
  return LANGUAGES.find((l) => l.toLowerCase().split('-', 1)[0] === main);
}

/** @returns the language of the environment: the first of LC_ALL, LC_MESSAGES, LANG that is set decides (POSIX §8.2); English otherwise. */
export function languageFrom(env: Readonly<Record<string, string | undefined>>): Language {
  const set = [env.LC_ALL, env.LC_MESSAGES, env.LANG].find((v) => v !== undefined && v !== '');
  return (set === undefined ? undefined : languageOf(set)) ?? 'en';
}

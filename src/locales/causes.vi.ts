/** The causes' words in this language, by id; filled by the catalogue's translators. */
import type { CauseWords } from '../model/cause.ts';

export const causes: Readonly<Record<string, CauseWords & { readonly test: string }>> = {};

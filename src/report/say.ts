/** Filling sentences of a language: holes, counts, numbers, durations, sizes and dates. Pure. */
import type { CountKey, SayKey } from '../locales/en.ts';
import { STAGES } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { dateTime, decimal, plural, size } from './numbers.ts';

export type HoleValues = Readonly<Record<string, string | number | undefined>>;

const HOLE = /\{([A-Za-z][\w-]{0,40})\}/g;
/** What a cause's rule gives where it knows no value. */
const UNKNOWN = '…';
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z$/;

/** @returns the text with each `{hole}` filled once; a hole without a value becomes the language's neutral word for it. */
export function fill(text: string, values: HoleValues, words: Words): string {
  return text.replace(HOLE, (_, name: string) => {
    const value = values[name];
    return value === undefined || value === '' || value === UNKNOWN ? neutral(name, words) : worded(name, value, words);
  });
}

/** @returns the sentence under `key`; a language that lacks it (a plugin's) shows the key. */
export function say(words: Words, key: SayKey, values: HoleValues = {}): string {
  return fill(words.say[key] ?? key, values, words);
}

/** @returns the sentence for a number of things: the plural form by the language's own rules (`key.one`, `key.other`), `{count}` filled. */
export function count(words: Words, key: CountKey, n: number, values: HoleValues = {}): string {
  const form = `${key}.${plural(words.language, n)}`;
  return fill(words.say[form] ?? words.say[`${key}.other`] ?? key, { ...values, count: formatNumber(words, n) }, words);
}

/** What stands for a value nobody knows: "the server", "服务器", "máy chủ". */
function neutral(name: string, words: Words): string {
  return words.say[`hole.${name}`] ?? words.say['hole.other'] ?? '…';
}

/** Words of the closed lists in their label, dates and numbers by the language, everything else as it came. */
function worded(name: string, value: string | number, words: Words): string {
  if (typeof value === 'number') return /port|code|year|error/i.test(name) ? String(value) : formatNumber(words, value);
  const label = labelOf(name, value, words);
  if (label !== undefined) return label;
  return ISO.test(value) ? formatDate(words, value) : value;
}

function labelOf(name: string, value: string, words: Words): string | undefined {
  const has = <T extends string>(list: Readonly<Record<T, string>>): string | undefined =>
    Object.entries<string>(list).find(([id]) => id === value)?.[1];
  if (/stage$/i.test(name)) return STAGES.some((s) => s === value) ? has(words.stages) : undefined;
  if (/protocol$/i.test(name)) return has(words.protocols);
  if (/security$/i.test(name)) return has(words.securities);
  if (/source$/i.test(name)) return has(words.sources);
  return undefined;
}

export function formatNumber(words: Words, n: number): string {
  return decimal(words.language, n, 2);
}

/** @param ms milliseconds; shown as such below a second and as seconds from there on. */
export function formatDuration(words: Words, ms: number): string {
  return ms < 1000
    ? say(words, 'unit.milliseconds', { n: decimal(words.language, ms, 0) })
    : say(words, 'unit.seconds', { n: decimal(words.language, ms / 1000, 1) });
}

/** @param bytes shown in the decimal unit that fits (kB is 1000 bytes). */
export function formatBytes(words: Words, bytes: number): string {
  return size(words.language, bytes);
}

/** @returns date and time in UTC, in the language's form; the text itself where it is no date. */
export function formatDate(words: Words, iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : dateTime(words.language, date);
}

/** @returns a list of things as they came, joined as the language joins them. */
export function formatList(words: Words, items: readonly string[]): string {
  return items.join(words.say['list.separator'] ?? ', ');
}

/** @returns parts of one line, joined as the language joins clauses; empty parts are left out. */
export function formatClauses(words: Words, parts: readonly string[]): string {
  return parts.filter((p) => p !== '').join(words.say['clause.separator'] ?? '; ');
}

/** @returns sentences one after the other, as the language sets them. */
export function formatSentences(words: Words, ...sentences: readonly string[]): string {
  return sentences.filter((s) => s !== '').join(words.say['sentence.separator'] ?? ' ');
}

/** @returns "label: value" with the language's colon. */
export function formatPair(words: Words, label: string, value: string): string {
  return `${label}${words.say.colon ?? ': '}${value}`;
}

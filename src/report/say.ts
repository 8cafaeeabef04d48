/** Filling sentences of a language: holes, counts, numbers, durations, sizes and dates (ECMA-402). Pure. */
import type { CountKey, SayKey } from '../locales/en.ts';
import { STAGES } from '../model/terms.ts';
import type { Words } from '../model/words.ts';

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
  const form = `${key}.${kept(plurals, words.language, () => new Intl.PluralRules(words.language)).select(n)}`;
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

/** Making a formatter costs far more than using it: one of each kind is kept. */
function kept<T>(cache: Map<string, T>, key: string, make: () => T): T {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = make();
  cache.set(key, made);
  return made;
}
const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();
const plurals = new Map<string, Intl.PluralRules>();

const numbers = ({ language }: Words, name: string, options: Intl.NumberFormatOptions) =>
  kept(numberFormats, `${language} ${name}`, () => new Intl.NumberFormat(language, options));
const dates = ({ language }: Words, name: string, options: Intl.DateTimeFormatOptions) =>
  kept(dateFormats, `${language} ${name}`, () => new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' }));

export function formatNumber(words: Words, n: number): string {
  return numbers(words, 'plain', { maximumFractionDigits: 2 }).format(n);
}

/** @param ms milliseconds; shown as such below a second and as seconds from there on. */
export function formatDuration(words: Words, ms: number): string {
  return ms < 1000
    ? say(words, 'unit.milliseconds', { n: numbers(words, '0', { maximumFractionDigits: 0 }).format(ms) })
    : say(words, 'unit.seconds', { n: numbers(words, '1', { maximumFractionDigits: 1 }).format(ms / 1000) });
}

/** @param bytes shown in the decimal unit that fits (kB is 1000 bytes). */
export function formatBytes(words: Words, bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  let value = bytes;
  let i = 0;
  while (value >= 1000 && i < units.length - 1) {
    value /= 1000;
    i += 1;
  }
  return numbers(words, `b${i}`, {
    style: 'unit',
    unit: units[i] ?? 'byte',
    unitDisplay: i === 0 ? 'long' : 'short',
    maximumFractionDigits: 1,
  }).format(value);
}

/** @returns date and time in UTC, in the language's form; the text itself where it is no date. */
export function formatDate(words: Words, iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  // Date and time are formatted apart: how a language joins them changed between ICU versions.
  const day = dates(words, 'day', { dateStyle: 'medium' }).format(date);
  const time = dates(words, 'time', { timeStyle: 'medium', hourCycle: 'h23' }).format(date);
  return `${day} ${time} UTC`;
}

/** @returns a list of things as they came, joined as the language joins them. */
export function formatList(words: Words, items: readonly string[]): string {
  return items.join(words.say['list.separator'] ?? ', ');
}

/** @returns parts of one line, joined as the language joins clauses; empty parts are left out. */
export function formatClauses(words: Words, parts: readonly string[]): string {
  return parts.filter((p) => p !== '').join(words.say['clause.separator'] ?? '; ');
}

/** @returns "label: value" with the language's colon. */
export function formatPair(words: Words, label: string, value: string): string {
  return `${label}${words.say.colon ?? ': '}${value}`;
}

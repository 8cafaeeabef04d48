/**
 * Numbers, sizes and dates in the product's own languages, as CLDR has them (UTS #35). Written by hand, because the first use of
 * `Intl` loads ICU's data, which costs more than everything else that a report takes; a test compares them.
 */
import type { Language } from '../model/terms.ts';

/** @returns the number with at most `digits` decimals, in groups of three. */
export function decimal(language: Language, n: number, digits: number): string {
  const scale = 10 ** digits;
  const rounded = Math.round(Math.abs(n) * scale) / scale;
  if (!Number.isFinite(n) || rounded >= 1e21) return String(n);
  const [whole = '', part] = String(rounded).split('.');
  const [group, point] = language === 'vi' ? ['.', ','] : [',', '.'];
  const sign = n < 0 && rounded !== 0 ? '-' : '';
  return `${sign}${whole.replace(/\B(?=(?:\d{3})+$)/g, group)}${part === undefined ? '' : point + part}`;
}

/** @returns the form of the plural. */
export const plural = (language: Language, n: number): 'one' | 'other' => (language === 'en' && n === 1 ? 'one' : 'other');

const BYTE: Readonly<Record<Language, (n: number) => string>> = {
  en: (n) => (n === 1 ? ' byte' : ' bytes'),
  'zh-CN': () => '字节',
  vi: () => ' byte',
};

/** @param bytes shown in the decimal unit that fits (kB is 1000 bytes), with at most one decimal. */
export function size(language: Language, bytes: number): string {
  let value = bytes;
  let unit = 0;
  const units = ['', ' kB', ' MB', ' GB', ' TB'];
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return decimal(language, value, 1) + (unit === 0 ? BYTE[language](value) : units[unit]);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY: Readonly<Record<Language, (y: number, m: number, d: number) => string>> = {
  en: (y, m, d) => `${MONTHS[m]} ${d}, ${y}`,
  'zh-CN': (y, m, d) => `${y}年${m + 1}月${d}日`,
  vi: (y, m, d) => `${d} thg ${m + 1}, ${y}`,
};

/** @returns date and time in UTC. */
export function dateTime(language: Language, date: Date): string {
  const day = DAY[language](date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  return `${day} ${date.toISOString().slice(-13, -5)} UTC`;
}

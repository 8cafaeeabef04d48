/** Internationalised names in both forms: the A-label that goes on the wire, and the U-label that people read (RFC 5890 §2.3). Pure. */
import { domainToUnicode } from 'node:url';
import type { Words } from '../model/words.ts';

/** @returns a host or mail address, with its readable form beside it where that differs. */
export function bothForms(name: string, words: Words): string {
  const at = name.lastIndexOf('@');
  const domain = name.slice(at + 1);
  if (!/(?:^|\.)xn--/i.test(domain)) return name;
  const readable = domainToUnicode(domain);
  if (readable === '' || readable === domain) return name;
  const other = `${name.slice(0, at + 1)}${readable}`;
  return words.language === 'zh-CN' ? `${name}（${other}）` : `${name} (${other})`;
}

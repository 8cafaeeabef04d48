/** What a pasted text means, as Markdown for a ticket. Pure. */

import type { Cause } from '../model/cause.ts';
import type { Words } from '../model/words.ts';
import { forMarkdownBlock, forMarkdownCode, forMarkdownText, oneLine } from '../report/escape.ts';
import { composeEntries, type ExplainMatch, type Explanation, noMatch } from '../report/explain.ts';
import { count, formatPair, say } from '../report/say.ts';
import { alternative, nature } from './view.ts';

const text = forMarkdownText;

/** @returns the explanation as Markdown: the best match in full, the others below. */
export function explainMarkdown(explanation: Explanation, words: Words): string {
  const { matches, next, maskedSecrets } = explanation;
  const [best, ...others] = matches;
  const lines = [
    ...(maskedSecrets === undefined ? [] : [`> ${text(count(words, 'explain.masked', maskedSecrets))}`, '']),
    ...(best ? match(best, words, '#') : [text(noMatch(explanation, words))]),
    ...(others.length > 0 ? ['', `## ${text(say(words, 'explain.others'))}`, ''] : []),
    ...others.flatMap((m) => ['', ...match(m, words, '##')]),
    ...(next === undefined ? [] : ['', `## ${text(say(words, 'explain.next'))}`, '', forMarkdownBlock(oneLine(next))]),
  ];
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

/** @returns catalogue entries in full, one below the other. */
export const causesMarkdown = (causes: readonly Cause[], words: Words): string =>
  causes.map((c) => explainMarkdown(composeEntries([c], words), words)).join('\n');

function match(m: ExplainMatch, words: Words, level: string): string[] {
  const list = (key: Parameters<typeof say>[1], items: readonly string[]) =>
    items.length > 0 ? ['', `${level}# ${text(say(words, key))}`, '', ...items] : [];
  const steps = m.fix.map((s, i) => `${i + 1}. ${text(s)}`);
  const proofs = [...new Set([m.matched, ...m.evidence])].filter((e) => e !== '').flatMap((e) => [forMarkdownBlock(e), '']);
  const others = m.alternatives.map((a) => `- ${alternative(a, words, text, forMarkdownCode)}`);
  const links = m.links.map((l) =>
    /^https?:\/\/[^\s<>\\`]+$/.test(l.url) ? `- ${text(l.title)}: <${l.url}>` : `- ${text(l.title)}: ${forMarkdownCode(l.url)}`,
  );
  return [
    `${level} ${text(m.title)}`,
    '',
    formatPair(words, forMarkdownCode(m.cause), text(nature(m, words))),
    '',
    text(m.meaning),
    ...list('label.steps', steps),
    ...list('explain.matched', proofs),
    ...list('label.alternatives', others),
    ...list('label.links', links),
  ];
}

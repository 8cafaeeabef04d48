/** On a terminal: what a pasted text means, one catalogue entry in full, and the list of all. Pure. */
import type { Cause } from '../model/cause.ts';
import type { RenderOptions } from '../model/reporter.ts';
import type { Category } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { forJson, forTerminal, oneLine } from '../report/escape.ts';
import { composeEntries, type ExplainMatch, type Explanation, noMatch } from '../report/explain.ts';
import { causeWords } from '../report/finding.ts';
import { count, fill, say } from '../report/say.ts';
import { hang, wrap } from './layout.ts';

export { causesMarkdown, explainMarkdown } from './explanation.ts';

import { alternatives, answer, heading, links, type Page, paragraph, quote, steps } from './sections.ts';
import { pageOf } from './terminal.ts';

type Width = Pick<RenderOptions, 'width' | 'color'>;
const text = (lines: readonly string[]) => `${lines.join('\n')}\n`;

/** @returns the explanation of a text: the best match in full, the others after it. */
export function renderExplain(explanation: Explanation, words: Words, options: Width): string {
  const page = pageOf(words, options);
  const { matches, next, maskedSecrets } = explanation;
  const [best, ...rest] = matches;
  const others = rest.filter((m) => !best || !saidAlready(best, m));
  const masked =
    maskedSecrets === undefined ? [] : [...wrap(`! ${count(words, 'explain.masked', maskedSecrets)}`, page.width), ''];
  const command = next === undefined ? [] : [...heading(page, say(words, 'explain.next')), `  ${forTerminal(oneLine(next))}`];
  if (!best) return text([...masked, ...wrap(noMatch(explanation, words), page.width), ...command]);
  return text([
    ...masked,
    ...match(page, best),
    ...(others.length > 0 ? [...heading(page, say(words, 'explain.others')), ...others.flatMap((m) => brief(page, m))] : []),
    ...command,
  ]);
}

/** What the best match leaves open on the same words stands under it already, with the test that would tell. */
const saidAlready = (best: ExplainMatch, m: ExplainMatch): boolean =>
  m.certainty === 'possible' && m.matched === best.matched && best.alternatives.some((a) => a.cause === m.cause);

function match(page: Page, m: ExplainMatch): string[] {
  const { words } = page;
  const proofs = m.evidence.filter((e) => e !== m.matched);
  return [
    ...answer(page, m),
    ...(m.matched === '' ? [] : [...heading(page, say(words, 'explain.matched')), ...quote(page, m.matched)]),
    ...(proofs.length > 0 ? [...heading(page, say(words, 'label.evidence')), ...proofs.flatMap((e) => quote(page, e))] : []),
    ...(m.alternatives.length > 0 ? [...heading(page, say(words, 'label.alternatives')), ...alternatives(page, m)] : []),
    ...(m.links.length > 0 ? [...heading(page, say(words, 'label.links')), ...links(page, m.links)] : []),
  ];
}

function brief(page: Page, m: ExplainMatch): string[] {
  const { words } = page;
  const certainty = words.certainties[m.certainty];
  return [
    ...hang('  - ', oneLine(say(words, 'explain.other', { title: m.title, cause: m.cause, certainty })), page.width),
    ...(m.matched === '' ? [] : quote(page, m.matched, 4)),
    ...paragraph(page, m.meaning, 4),
    ...steps(page, m.fix, 4),
  ];
}

/** @returns one entry in full: what it means, what to do, an example, the test that would prove it, references. */
export function renderCause(cause: Cause, words: Words, options: Width): string {
  const page = pageOf(words, options);
  const [entry] = composeEntries([cause], words).matches;
  if (!entry) return '';
  const nature = say(words, 'cause.nature', {
    category: words.categories[cause.category],
    stage: cause.stage,
    owner: words.owners[cause.owner],
    severity: words.severities[cause.severity],
  });
  return text([
    page.paint(cause.id, 'bold'),
    ...paragraph(page, entry.title),
    ...paragraph(page, nature),
    '',
    ...paragraph(page, entry.meaning),
    ...heading(page, say(words, 'label.steps')),
    ...steps(page, entry.fix),
    ...heading(page, say(words, 'cause.test')),
    ...paragraph(page, entry.test ?? ''),
    ...heading(page, say(words, 'cause.example')),
    ...quote(page, cause.example.paste),
    ...(cause.links.length > 0 ? [...heading(page, say(words, 'label.links')), ...links(page, cause.links)] : []),
  ]);
}

/** Categories in the order of the contract. */
const CATEGORIES: readonly Category[] = ['connection', 'certificate', 'authentication', 'relay', 'mailbox', 'policy', 'settings'];

/** @returns every cause by category: id and title. */
export function renderCauses(causes: readonly Cause[], words: Words, options: Width): string {
  const page = pageOf(words, options);
  const sections = CATEGORIES.flatMap((category) => {
    const here = causes.filter((c) => c.category === category);
    if (here.length === 0) return [];
    const rows = here.map((c) => [c.id, oneLine(fill(causeWords(c, words).title, {}, words))]);
    const head = [say(words, 'label.cause'), say(words, 'label.title')];
    return [page.paint(words.categories[category], 'bold'), ...page.grid([head, ...rows], true), ''];
  });
  return text([...sections, ...wrap(say(words, 'cause.hint'), page.width)]);
}

/** @returns the same as JSON: an explanation, an entry, or all entries. */
export const explainJson = (explanation: Explanation): string => `${forJson(explanation)}\n`;
export const causesJson = (causes: readonly Cause[], words: Words): string => explainJson(composeEntries(causes, words));

/** Discovery as parts of a page: what each source of settings said, and which server is taken and why. Pure. */
import type { Report } from '../model/diagnosis.ts';
import type { ChoiceEvidence, SourceEvidence } from '../model/evidence.ts';
import type { Security, Source } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { oneLine } from '../report/escape.ts';
import { place } from '../report/proof.ts';
import { formatDuration, formatPair, say } from '../report/say.ts';
import { hang } from './layout.ts';
import type { Page } from './sections.ts';
import type { Row } from './view.ts';

/** @returns one row for each source, side by side. */
export function sourcesTable(page: Page, sources: readonly SourceEvidence[]): readonly string[] {
  const { words } = page;
  const keys = ['discover.source', 'discover.where', 'discover.said', 'label.time'] as const;
  const rows = sources.map((s) => [
    words.sources[s.source],
    oneLine(s.where),
    saidBy(s, words).join('\n'),
    formatDuration(words, s.ms),
  ]);
  return page.grid([keys.map((k) => say(words, k)), ...rows], true);
}

/** One line for the outcome, one for each server, each remark and the detail. */
function saidBy(s: SourceEvidence, words: Words): string[] {
  const outcome = words.say[`discover.${s.outcome}`] ?? s.outcome;
  const trust = say(words, s.authenticated ? 'discover.authenticated' : 'discover.unauthenticated');
  const offers = s.offers.map((o) => {
    const answers =
      o.answers === undefined
        ? ''
        : ` ${o.answers ? '✓' : '✗'} ${say(words, o.answers ? 'discover.answers' : 'discover.silent')}`;
    return `${words.protocols[o.protocol]} ${oneLine(place(o.host, o.port))} ${words.securities[o.security]}${answers}`;
  });
  const notes = (s.notes ?? []).map((n) => oneLine(say(words, `note.${n.id}`, n.value === undefined ? {} : { value: n.value })));
  const detail = s.detail === undefined || s.detail === s.outcome ? [] : [oneLine(s.detail)];
  // A plain "not offered" is an answer, not a refusal.
  if (s.notes?.some((n) => n.id === 'not-offered' || n.id === 'null-mx')) return notes;
  return [s.outcome === 'found' ? `${outcome} (${trust})` : outcome, ...offers, ...notes, ...detail];
}

/** @returns the sources of a report as rows, for the formats that have no columns for them. */
export function sourceRows(report: Report, words: Words): readonly Row[] {
  return speaking(report.discovery?.sources ?? []).map((s) => ({
    label: formatPair(words, words.sources[s.source], oneLine(s.where)),
    values: saidBy(s, words),
    verbatim: true,
  }));
}

/** @returns those that said anything: most domains publish in one way or two. */
export const speaking = (sources: readonly SourceEvidence[]): readonly SourceEvidence[] =>
  sources.filter((s) => s.outcome !== 'nothing' || (s.notes ?? []).length > 0);

/** Which server is taken and why, and below it why each other one is not. */
export function choiceLines(page: Page, c: ChoiceEvidence): string[] {
  const { words } = page;
  const holes = (
    o: { readonly host: string; readonly port: number; readonly security: Security; readonly source: Source },
    why: string,
  ) => ({
    place: oneLine(place(o.host, o.port)),
    security: o.security,
    source: o.source,
    why: words.say[`choice.${why}`] ?? why,
  });
  const lead = `  ${words.protocols[c.protocol]}`;
  return [
    `${lead}${say(words, 'colon')}`.trimEnd(),
    ...hang('    ✓ ', say(words, 'choice.chosen', holes(c, c.reason)), page.width),
    ...c.others.flatMap((o) => hang('    - ', say(words, 'choice.passed', holes(o, o.why)), page.width)),
  ];
}

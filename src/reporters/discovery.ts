/** Discovery on a terminal: what each source of settings said, the servers best first, which is taken and why. Pure. */
import type { ChoiceEvidence, SourceEvidence } from '../model/evidence.ts';
import type { RenderOptions } from '../model/reporter.ts';
import type { Protocol, Security, Source } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { oneLine } from '../report/escape.ts';
import type { ExplainMatch } from '../report/explain.ts';
import { bothForms } from '../report/idn.ts';
import { place } from '../report/proof.ts';
import { formatDuration, say } from '../report/say.ts';
import { hang, wrap } from './layout.ts';
import { answer, heading, type Page, quote } from './sections.ts';
import { pageOf } from './terminal.ts';

type Width = Pick<RenderOptions, 'width' | 'color'>;
const text = (lines: readonly string[]) => `${lines.join('\n')}\n`;

/** @returns what every source of settings said, side by side. */
export function renderSources(sources: readonly SourceEvidence[], words: Words, options: Width): string {
  return text(sourcesTable(pageOf(words, options), sources));
}

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
  return [s.outcome === 'found' ? `${outcome} (${trust})` : outcome, ...offers, ...notes, ...detail];
}

/** A server that some source names, and how it came to be chosen. */
export interface DiscoveredOffer {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  readonly security: Security;
  readonly source: Source;
  readonly authenticated: boolean;
  readonly user?: string;
  readonly consent?: true;
}

export interface Audit {
  readonly address?: string;
  readonly sources: readonly SourceEvidence[];
  readonly offers: readonly DiscoveredOffer[];
  readonly choices?: readonly ChoiceEvidence[];
  readonly findings: readonly ExplainMatch[];
}

/** @returns the audit of discovery: every source side by side, the servers best first, the choice, and what is remarkable. */
export function renderDiscovery(found: Audit, words: Words, options: Width): string {
  const page = pageOf(words, options);
  const keys = ['label.protocol', 'label.server', 'label.security', 'discover.source', 'fact.user'] as const;
  const trust = (o: DiscoveredOffer) =>
    [
      ...(o.authenticated ? [] : [say(words, 'discover.unauthenticated')]),
      ...(o.consent ? [say(words, 'discover.consent')] : []),
    ].map((t) => `\n${t}`);
  const rows = found.offers.map((o) => [
    words.protocols[o.protocol],
    oneLine(place(o.host, o.port)),
    words.securities[o.security],
    `${words.sources[o.source]}${trust(o).join('')}`,
    oneLine(o.user ?? ''),
  ]);
  const best =
    rows.length > 0
      ? page.grid([keys.map((k) => say(words, k)), ...rows], true)
      : wrap(say(words, 'discover.no-offer'), page.width);
  const choices = found.choices ?? [];
  return text([
    ...(found.address === undefined
      ? []
      : [...wrap(oneLine(say(words, 'discover.title', { address: bothForms(found.address, words) })), page.width), '']),
    page.paint(say(words, 'discover.asked'), 'bold'),
    ...sourcesTable(page, found.sources),
    ...heading(page, say(words, 'discover.offers')),
    ...best,
    ...(choices.length > 0
      ? [...heading(page, say(words, 'discover.choices')), ...choices.flatMap((c) => choiceLines(page, c))]
      : []),
    ...found.findings.flatMap((f) => ['', ...answer(page, f), ...f.evidence.flatMap((e) => quote(page, e))]),
  ]);
}

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

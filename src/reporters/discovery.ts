/** Discovery on a terminal: what each source of settings said, the servers best first, which is taken and why. Pure. */
import type { ChoiceEvidence, SourceEvidence } from '../model/evidence.ts';
import type { RenderOptions } from '../model/reporter.ts';
import type { Protocol, Security, Source } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { oneLine } from '../report/escape.ts';
import type { ExplainMatch } from '../report/explain.ts';
import { bothForms } from '../report/idn.ts';
import { place } from '../report/proof.ts';
import { say } from '../report/say.ts';
import { wrap } from './layout.ts';
import { answer, heading, quote } from './sections.ts';
import { choiceLines, sourcesTable } from './sources.ts';
import { pageOf } from './terminal.ts';

type Width = Pick<RenderOptions, 'width' | 'color'>;
const text = (lines: readonly string[]) => `${lines.join('\n')}\n`;

/** @returns what every source of settings said, side by side. */
export function renderSources(sources: readonly SourceEvidence[], words: Words, options: Width): string {
  return text(sourcesTable(pageOf(words, options), sources));
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

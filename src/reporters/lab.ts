/** The lab and discovery on a terminal: scenarios to choose from, servers that run, and what each source of settings said. Pure. */
import type { SourceEvidence } from '../model/evidence.ts';
import type { RenderOptions } from '../model/reporter.ts';
import type { Protocol, Security, Source } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { forJson, forTerminal, oneLine } from '../report/escape.ts';
import type { ExplainMatch } from '../report/explain.ts';
import { place } from '../report/proof.ts';
import { count, fill, formatDuration, say } from '../report/say.ts';
import { hang, wrap } from './layout.ts';
import { answer, heading, type Page, quote } from './sections.ts';
import { pageOf } from './terminal.ts';

type Width = Pick<RenderOptions, 'width' | 'color'>;
const text = (lines: readonly string[]) => `${lines.join('\n')}\n`;

export interface LabScenario {
  /** The name to type: a cause's id, or `healthy-pop3` and the like. */
  readonly name: string;
  readonly protocol: Protocol;
  /** What the server shows, in the language of the words. */
  readonly title: string;
}

export interface LabServer extends LabScenario {
  readonly address: string;
  readonly port: number;
  /** The check to run against it, ready to paste. */
  readonly command: string;
}

/** @returns the list of scenarios, or, where servers run, each with the command that checks it. */
export function renderLab(
  lab: { readonly scenarios?: readonly LabScenario[]; readonly servers?: readonly LabServer[] },
  words: Words,
  options: Width,
): string {
  const page = pageOf(words, options);
  const scenarios = lab.scenarios ?? [];
  const servers = lab.servers ?? [];
  const head = (['lab.scenario', 'label.protocol', 'lab.shows'] as const).map((k) => say(words, k));
  const list =
    scenarios.length > 0
      ? [
          ...page.grid(
            [head, ...scenarios.map((s) => [oneLine(s.name), words.protocols[s.protocol], oneLine(fill(s.title, {}, words))])],
            true,
          ),
          ...wrap(count(words, 'lab.count', scenarios.length), page.width),
        ]
      : [];
  const running = servers.flatMap((s) => [
    ...hang(
      '',
      `${page.words.protocols[s.protocol]} ${oneLine(place(s.address, s.port))}: ${oneLine(fill(s.title, {}, words))} (${oneLine(s.name)})`,
      page.width,
    ),
    // One line however long, so that it can be copied.
    `  ${page.paint(forTerminal(oneLine(s.command)), 'cyan')}`,
  ]);
  return text([...list, ...running, ...(servers.length > 0 ? ['', ...wrap(say(words, 'lab.stop'), page.width)] : [])]);
}

export const labJson = (lab: { readonly scenarios?: readonly LabScenario[]; readonly servers?: readonly LabServer[] }): string =>
  `${forJson({ schema: 'mailcheck.lab/1', ...lab })}\n`;

/** @returns what every source of settings said, side by side. */
export function renderSources(sources: readonly SourceEvidence[], words: Words, options: Width): string {
  return text(sourcesTable(pageOf(words, options), sources));
}

function sourcesTable(page: Page, sources: readonly SourceEvidence[]): readonly string[] {
  const { words } = page;
  const keys = ['discover.source', 'discover.where', 'discover.said', 'label.time'] as const;
  const rows = sources.map((s) => {
    const outcome = words.say[`discover.${s.outcome}`] ?? s.outcome;
    const trust = say(words, s.authenticated ? 'discover.authenticated' : 'discover.unauthenticated');
    const offers = s.offers.map((o) => {
      const answers =
        o.answers === undefined
          ? ''
          : ` ${o.answers ? '✓' : '✗'} ${say(words, o.answers ? 'discover.answers' : 'discover.silent')}`;
      return `${words.protocols[o.protocol]} ${oneLine(place(o.host, o.port))} ${words.securities[o.security]}${answers}`;
    });
    const said = [
      s.outcome === 'found' ? `${outcome} (${trust})` : outcome,
      ...offers,
      ...(s.detail === undefined ? [] : [oneLine(s.detail)]),
    ];
    return [words.sources[s.source], oneLine(s.where), said.join('\n'), formatDuration(words, s.ms)];
  });
  return page.grid([keys.map((k) => say(words, k)), ...rows], true);
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
}

/** @returns the audit of discovery: every source side by side, the servers best first, and what is remarkable about them. */
export function renderDiscovery(
  found: {
    readonly sources: readonly SourceEvidence[];
    readonly offers: readonly DiscoveredOffer[];
    readonly findings: readonly ExplainMatch[];
  },
  words: Words,
  options: Width,
): string {
  const page = pageOf(words, options);
  const keys = ['label.protocol', 'label.server', 'label.security', 'discover.source', 'fact.user'] as const;
  const trust = (o: DiscoveredOffer) => (o.authenticated ? '' : `\n${say(words, 'discover.unauthenticated')}`);
  const rows = found.offers.map((o) => [
    words.protocols[o.protocol],
    oneLine(place(o.host, o.port)),
    words.securities[o.security],
    `${words.sources[o.source]}${trust(o)}`,
    oneLine(o.user ?? ''),
  ]);
  const best =
    rows.length > 0
      ? page.grid([keys.map((k) => say(words, k)), ...rows], true)
      : wrap(say(words, 'discover.no-offer'), page.width);
  return text([
    page.paint(say(words, 'discover.asked'), 'bold'),
    ...sourcesTable(page, found.sources),
    ...heading(page, say(words, 'discover.offers')),
    ...best,
    ...found.findings.flatMap((f) => ['', ...answer(page, f), ...f.evidence.flatMap((e) => quote(page, e))]),
  ]);
}

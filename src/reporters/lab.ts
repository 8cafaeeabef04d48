import type { RenderOptions } from '../model/reporter.ts';
import type { Protocol } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { forJson, forTerminal, oneLine } from '../report/escape.ts';
import { place } from '../report/proof.ts';
import { count, fill, say } from '../report/say.ts';
import { hang, wrap } from './layout.ts';
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

export { type DiscoveredOffer, renderDiscovery, renderSources } from './discovery.ts';

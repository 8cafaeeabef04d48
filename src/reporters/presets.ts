/** Provider presets on a terminal: all as a table, or one in full with sources and dates. Pure. */
import type { Preset, PresetNote, Provenance } from '../model/preset.ts';
import type { RenderOptions } from '../model/reporter.ts';
import type { Protocol } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { forJson, forTerminal, oneLine } from '../report/escape.ts';
import { place } from '../report/proof.ts';
import { count, formatList, formatPair, say } from '../report/say.ts';
import { hang, padEnd, wrap } from './layout.ts';
import { heading, links, type Page } from './sections.ts';
import { pageOf } from './terminal.ts';

type Width = Pick<RenderOptions, 'width' | 'color'>;
const text = (lines: readonly string[]) => `${lines.join('\n')}\n`;
const PROTOCOLS: readonly Protocol[] = ['pop3', 'imap', 'smtp'];

/** @returns the presets as a table: id, name, and the default server of each protocol. */
export function renderPresets(presets: readonly Preset[], words: Words, options: Width): string {
  const page = pageOf(words, options);
  const head = (['preset.id', 'preset.name', 'preset.endpoints'] as const).map((k) => say(words, k));
  const rows = presets.map((p) => [
    oneLine(p.id),
    oneLine(p.name),
    PROTOCOLS.flatMap((protocol) => first(p, protocol, words)).join('\n'),
  ]);
  return text([...page.grid([head, ...rows], true), ...wrap(count(words, 'preset.count', presets.length), page.width)]);
}

/** The server that most people use of this protocol. */
function first(preset: Preset, protocol: Protocol, words: Words): string[] {
  const mine = preset.endpoints.filter((e) => e.protocol === protocol);
  const chosen = mine.find((e) => e.variant === undefined) ?? mine[0];
  if (!chosen) return [];
  // The short names of the modes are the same in every language and keep each server on its line.
  const mode = chosen.security === 'none' ? words.securities.none : chosen.security.toUpperCase();
  return [`${padEnd(words.protocols[protocol], 4)} ${oneLine(place(chosen.host, chosen.port))} ${mode}`];
}

/** @returns one preset in full: endpoints, user name, sign-in, prerequisites, replies, limits, each with its source and date. */
export function renderPreset(preset: Preset, words: Words, options: Width): string {
  const page = pageOf(words, options);
  const section = (key: Parameters<typeof say>[1], lines: readonly string[]) =>
    lines.length > 0 ? [...heading(page, say(words, key)), ...lines] : [];
  const item = (t: string) => hang('  - ', oneLine(t), page.width);
  return text([
    page.paint(oneLine(`${preset.name} (${preset.id})`), 'bold'),
    ...wrap(say(words, 'preset.checked', { date: preset.checked }), page.width),
    ...section(
      'preset.domains',
      preset.domains.length > 0 ? hang('  ', oneLine(formatList(words, preset.domains)), page.width) : [],
    ),
    ...section('preset.mx', preset.mx.length > 0 ? hang('  ', oneLine(formatList(words, preset.mx)), page.width) : []),
    ...section('preset.endpoints', endpoints(page, preset)),
    ...section('preset.user', [...item(userForm(preset, words)), ...source(page, preset.user)]),
    ...section('preset.auth', auth(page, preset)),
    ...section(
      'preset.prerequisites',
      preset.prerequisites.flatMap((n) => note(page, n)),
    ),
    ...section('preset.sender', sender(page, preset)),
    ...section('preset.retired', retired(page, preset)),
    ...section('preset.fetch', fetchFacts(page, preset)),
    ...section(
      'preset.limits',
      (preset.limits ?? []).flatMap((n) => note(page, n)),
    ),
    ...section(
      'preset.replies',
      preset.replies.flatMap((r) => [...hang('  - ', `${oneLine(r.example)} → ${r.cause}`, page.width), ...source(page, r)]),
    ),
    ...section('label.links', links(page, preset.links)),
  ]);
}

function endpoints(page: Page, preset: Preset): string[] {
  const { words } = page;
  if (preset.endpoints.length === 0) return [];
  const keys = ['label.protocol', 'label.server', 'label.security', 'preset.variant'] as const;
  const rows = preset.endpoints.map((e) => [
    words.protocols[e.protocol],
    oneLine(place(e.host, e.port)),
    words.securities[e.security],
    oneLine(e.variant ?? ''),
  ]);
  // Most endpoints share a page and a date: each pair once.
  const shared = preset.endpoints.filter(
    (e, i, all) => all.findIndex((o) => o.source === e.source && o.checked === e.checked) === i,
  );
  return [...page.grid([keys.map((k) => say(words, k)), ...rows], true), ...shared.flatMap((e) => source(page, e))];
}

const source = (page: Page, p: Provenance): string[] =>
  hang('    ', oneLine(say(page.words, 'preset.from', { source: p.source, date: p.checked })), page.width).map((l) =>
    page.paint(l, 'dim'),
  );

function userForm(preset: Preset, words: Words): string {
  const form = say(words, `preset.user.${preset.user.form}`);
  return preset.user.note === undefined ? form : formatPair(words, form, preset.user.note);
}

function auth(page: Page, { auth: a, offByDefault }: Preset): string[] {
  const { words } = page;
  const off = offByDefault ?? [];
  return [
    ...hang('  - ', say(words, `preset.secret.${a.secret}`), page.width),
    ...(off.length > 0
      ? hang(
          '  - ',
          say(words, 'preset.off', {
            protocols: formatList(
              words,
              off.map((p) => words.protocols[p]),
            ),
          }),
          page.width,
        )
      : []),
    ...(a.help === undefined ? [] : [`    ${forTerminal(a.help)}`]),
    ...source(page, a),
  ];
}

function note(page: Page, n: PresetNote): string[] {
  const said = n.text[page.words.language] ?? n.text.en;
  const who =
    n.protocols && n.protocols.length > 0
      ? `${formatList(
          page.words,
          n.protocols.map((p) => page.words.protocols[p]),
        )}: `
      : '';
  return [
    ...hang('  - ', oneLine(`${who}${said}`), page.width),
    ...(n.help === undefined ? [] : [`    ${forTerminal(n.help)}`]),
    ...source(page, n),
  ];
}

function sender(page: Page, { sender: s }: Preset): string[] {
  if (!s) return [];
  const { words } = page;
  return [
    ...hang('  - ', say(words, `preset.sender.${s.rule}`), page.width),
    ...hang('  - ', say(words, `preset.refused-at.${s.refusedAt}`), page.width),
    ...source(page, s),
  ];
}

function retired(page: Page, preset: Preset): string[] {
  return (preset.retired ?? []).flatMap((r) => [
    ...hang('  - ', `${page.words.protocols[r.protocol]} ${oneLine(r.host)} → ${oneLine(r.instead)}`, page.width),
    ...source(page, r),
  ]);
}

function fetchFacts(page: Page, { fetch: f }: Preset): string[] {
  if (!f) return [];
  const { words } = page;
  const line = say(words, 'preset.fetch-facts', {
    client: f.client,
    ports: formatList(words, f.ports.map(String)),
    minutes: f.intervalMinutes,
    messages: f.messagesPerCycle,
  });
  return [
    ...hang('  - ', oneLine(line), page.width),
    ...(f.selfSigned ? [] : hang('  - ', say(words, 'preset.fetch-self-signed'), page.width)),
    ...(f.note === undefined ? [] : hang('  - ', oneLine(f.note), page.width)),
    ...source(page, f),
  ];
}

/** @returns the presets as JSON, whole: they are data. */
export const presetsJson = (presets: readonly Preset[]): string => `${forJson({ schema: 'mailcheck.presets/1', presets })}\n`;
export const presetJson = (preset: Preset): string => `${forJson({ schema: 'mailcheck.preset/1', preset })}\n`;

/** The way that pop, imap, smtp and account share: told → checks → report → exit status. */
import type { Checkup } from '../checkup.ts';
import type { Kit } from '../kit.ts';
import type { Report } from '../model/diagnosis.ts';
import type { RenderOptions, Reporter } from '../model/reporter.ts';
import type { Verdict } from '../model/terms.ts';
import { UsageError } from '../model/usage.ts';
import type { Words } from '../model/words.ts';
import type { savedEvidence } from '../report/save.ts';
import { type Output, writeWhole } from './outputs.ts';
import { hearFaults, saidBy } from './plugin-guard.ts';

export interface ReportRequest {
  readonly checkup: Checkup;
  readonly address: string | null;
  readonly kit: Kit;
  readonly words: Words;
  readonly english: Words;
  readonly version: string;
  readonly transcript: boolean;
  readonly redact: boolean;
  readonly working?: Report['working'];
  readonly plugins: NonNullable<Report['tool']['plugins']>;
}

export async function reportOf(request: ReportRequest): Promise<Report> {
  const { compose } = await import('../report/compose.ts');
  const { checkup } = request;
  return compose({
    checks: checkup.checks,
    account: { address: request.address, preset: checkup.preset },
    startedAt: checkup.startedAt,
    durationMs: checkup.durationMs,
    version: request.version,
    words: request.words,
    english: request.english,
    causes: request.kit.causes,
    options: { transcript: request.transcript, redact: request.redact, plugins: request.plugins },
    warnings: request.kit.warnings,
    ...(request.working ? { working: request.working } : {}),
    ...(checkup.discovery ? { discovery: checkup.discovery } : {}),
  });
}

/** @returns the file of `--save`, where it is wanted. */
export async function savedAt(path: string | undefined, given: Parameters<typeof savedEvidence>[0]): Promise<readonly Written[]> {
  if (path === undefined) return [];
  const [save, { forJson }] = await Promise.all([import('../report/save.ts'), import('../report/escape.ts')]);
  return [{ path, text: `${forJson(save.savedEvidence(given))}\n` }];
}

/** A file whose text stands already. */
interface Written {
  readonly path: string;
  readonly text: string;
}

/**
 * Renders each output and puts it in its place; stdout last, so that files stand even where the pipe is closed. What could not be
 * written goes to stdout where nothing else does, so that nothing is lost of what was checked.
 *
 * @throws UsageError with a line for each output that could not be written.
 */
export async function deliver(
  reports: readonly Report[],
  outputs: readonly Output[],
  words: Words,
  kit: Kit,
  many: boolean,
  print: (text: string) => Promise<void>,
  unchanged?: number,
  also: readonly Written[] = [],
): Promise<void> {
  const { reporters } = await import('../reporters/index.ts');
  const rest = unchanged === undefined ? {} : { unchanged };
  // The report is composed: what a plugin does wrong now can be told on standard error only.
  hearFaults(undefined);
  const render = async (format: string, toTerminal: boolean): Promise<string | undefined> => {
    const options = {
      width: toTerminal ? Math.max(40, Math.min(process.stdout.columns ?? 80, 120)) : 80,
      color: toTerminal && colourWanted(),
      many,
      ...rest,
    };
    const made = await reporters[format]?.();
    const guest = kit.reporters.find((r) => r.format === format);
    if (made) return made.render(reports, words, options);
    return guest && (await renderedByGuest(guest, reports, words, options));
  };
  const lost: { readonly text?: string; readonly why: string }[] = [];
  const write = (path: string, text: string, instead?: string) => {
    try {
      writeWhole(path, text);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      lost.push({ why: error.message, ...(instead === undefined ? {} : { text: instead }) });
    }
  };
  for (const { path, text } of also) write(path, text);
  for (const output of [...outputs].sort((a, b) => Number(a.path === undefined) - Number(b.path === undefined))) {
    const text = await render(output.format, output.path === undefined && process.stdout.isTTY === true);
    if (text === undefined) continue;
    if (output.path === undefined) await print(text);
    else write(output.path, text, text);
  }
  await stepSummary(outputs, async () => (await render('github-summary', false)) ?? '');
  if (lost.length === 0) return;
  const first = lost.find((l) => l.text !== undefined)?.text;
  if (first !== undefined && outputs.every((o) => o.path !== undefined)) await print(first);
  throw new UsageError(lost.map((l) => l.why).join('\nmailcheck: '));
}

/** A plugin's format that fails must not stop the report: the terminal's stands in its place. */
async function renderedByGuest(
  reporter: Reporter,
  reports: readonly Report[],
  words: Words,
  options: RenderOptions,
): Promise<string> {
  try {
    return reporter.render(reports, words, options);
  } catch (error) {
    process.stderr.write(
      `mailcheck: the format ${reporter.format} of a plugin failed: ${saidBy(error)}; the terminal's stands in its place\n`,
    );
    const { terminal } = await import('../reporters/terminal.ts');
    return terminal.render(reports, words, options);
  }
}

/** `--format github` in a GitHub job writes the step's summary as well, unless the summary is an output of its own. */
async function stepSummary(outputs: readonly Output[], render: () => Promise<string>): Promise<void> {
  const path = process.env.GITHUB_STEP_SUMMARY;
  if (!path || !outputs.some((o) => o.format === 'github') || outputs.some((o) => o.format === 'github-summary')) return;
  try {
    writeWhole(path, await render());
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`mailcheck: ${error.message}\n`);
  }
}

/** NO_COLOR (no-color.org) wins; FORCE_COLOR only where something is set. */
function colourWanted(): boolean {
  if (process.env.NO_COLOR) return false;
  return process.env.TERM !== 'dumb';
}

/**
 * 0 passed · 1 failed (or warned, with --strict) · 3 inconclusive. Where stdout is for Nagios, its plugin convention holds instead:
 * 0 OK · 1 WARNING · 2 CRITICAL · 3 UNKNOWN.
 */
export function exitOf(verdicts: readonly Verdict[], strict: boolean, outputs: readonly Output[] = []): number {
  const has = (v: Verdict) => verdicts.includes(v);
  if (outputs.some((o) => o.path === undefined && o.format === 'nagios')) {
    if (has('fail')) return 2;
    if (has('inconclusive') || verdicts.length === 0) return 3;
    return has('warn') ? 1 : 0;
  }
  if (has('fail') || (strict && has('warn'))) return 1;
  return has('inconclusive') ? 3 : 0;
}

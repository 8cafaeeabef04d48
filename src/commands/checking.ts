/** The way that pop, imap, smtp and account share: told → checks → report → exit status. */
import type { Checkup } from '../checkup.ts';
import type { Kit } from '../kit.ts';
import type { Report } from '../model/diagnosis.ts';
import type { RenderOptions, Reporter } from '../model/reporter.ts';
import type { Verdict } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
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

/** Renders each output and puts it in its place; stdout last, so that files stand even where the pipe is closed. */
export async function deliver(
  reports: readonly Report[],
  outputs: readonly Output[],
  words: Words,
  kit: Kit,
  many: boolean,
  print: (text: string) => Promise<void>,
): Promise<void> {
  const { reporters } = await import('../reporters/index.ts');
  // The report is composed: what a plugin does wrong now can be told on standard error only.
  hearFaults(undefined);
  for (const output of [...outputs].sort((a, b) => Number(a.path === undefined) - Number(b.path === undefined))) {
    const made = reporters[output.format];
    const reporter = made ? await made() : kit.reporters.find((r) => r.format === output.format);
    if (!reporter) continue;
    const toTerminal = output.path === undefined && process.stdout.isTTY === true;
    const options = {
      width: toTerminal ? Math.max(40, Math.min(process.stdout.columns ?? 80, 120)) : 80,
      color: toTerminal && colourWanted(),
      many,
    };
    const text = made ? reporter.render(reports, words, options) : await renderedByGuest(reporter, reports, words, options);
    if (output.path === undefined) await print(text);
    else writeWhole(output.path, text);
  }
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

/** NO_COLOR (no-color.org) wins; FORCE_COLOR only where something is set. */
function colourWanted(): boolean {
  if (process.env.NO_COLOR) return false;
  return process.env.TERM !== 'dumb';
}

/** 0 passed · 1 failed (or warned, with --strict) · 3 inconclusive. */
export function exitOf(verdicts: readonly Verdict[], strict: boolean): number {
  if (verdicts.includes('fail')) return 1;
  if (strict && verdicts.includes('warn')) return 1;
  return verdicts.includes('inconclusive') ? 3 : 0;
}

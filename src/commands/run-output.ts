/**
 * Where the results of a run go: NDJSON line by line as checks finish, everything else whole when all is done. An output that fails
 * takes nothing from the others.
 */
import type { Kit } from '../kit.ts';
import type { Finding, Report, ReportCheck } from '../model/diagnosis.ts';
import { UsageError } from '../model/usage.ts';
import type { Words } from '../model/words.ts';
import { accountKey, checkKey, createTally, type Tally, teller } from '../report/group.ts';
import { ndjsonLines } from '../reporters/ndjson.ts';
import { type LineFile, openLines } from '../run/lines.ts';
import { deliver } from './checking.ts';
import type { Output } from './outputs.ts';

export interface Sink {
  /** A result of an earlier run, for the report at the end. */
  keep(report: Report): void;
  /** @param place in the input: reports written whole are in its order, whatever finished first. */
  take(report: Report, place: number): Promise<void>;
  /** Where an account of the input stands. */
  met(key: string, place: number): void;
  /** Writes what is written whole. @throws UsageError with a line for each output that failed. */
  end(unchanged: number | undefined): Promise<void>;
  readonly tally: Tally;
}

export interface SinkRequest {
  readonly outputs: readonly Output[];
  readonly kit: Kit;
  readonly words: Words;
  readonly resume: string | undefined;
  readonly print: (text: string) => Promise<void>;
  /** Called when results cannot be stored any more: then no more checks are worth making. */
  readonly failed: () => void;
}

/** Formats for people tell one check of each cause in full; of the others they need no more than the list shows. */
const BRIEF: ReadonlySet<string> = new Set(['terminal', 'markdown', 'html', 'github-summary']);

export function openSink({ outputs, kit, words, resume, print, failed }: SinkRequest): Sink {
  const streams = outputs.filter((o) => o.format === 'ndjson');
  const whole = outputs.filter((o) => o.format !== 'ndjson');
  const files = [
    ...streams.flatMap((o) => (o.path === undefined ? [] : [{ file: openLines(o.path, 'fresh'), resume: false }])),
    ...(resume === undefined ? [] : [{ file: openLines(resume, 'resume'), resume: true }]),
  ];
  const toStdout = streams.some((o) => o.path === undefined);
  const onlyFiles = outputs.every((o) => o.path !== undefined);
  const brief = resume === undefined && whole.every((o) => BRIEF.has(o.format));
  const kept = new Map<string, { readonly report: Report; readonly place: number | undefined }>();
  const places = new Map<string, number>();
  const full = teller();
  const tally = createTally();
  const broken = new Map<LineFile, string>();
  let unnamed = 0;

  function keep(report: Report, place?: number): void {
    tally.add(report);
    if (whole.length === 0) return;
    const [check] = report.checks;
    const key = check ? checkKey(report, check) : `? ${unnamed++}`;
    kept.set(key, { report: brief && check && !full(report, check) ? inBrief(report) : report, place });
  }

  async function line(to: { readonly file: LineFile; readonly resume: boolean }, report: Report, text: string): Promise<void> {
    // What could not be checked is tried again when the run is resumed.
    if (to.resume && report.checks.length === 0) return;
    try {
      if (!broken.has(to.file)) return to.file.append(text);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      broken.set(to.file, error.message);
      failed();
    }
    if (onlyFiles && whole.length === 0) await print(text);
  }

  return {
    tally,
    keep: (report) => keep(report),
    met: (key, place) => void (resume !== undefined && whole.length > 0 && places.set(key, place)),
    async take(report, place) {
      keep(report, place);
      const text = files.length > 0 || toStdout ? ndjsonLines(report) : '';
      for (const f of files) await line(f, report, text);
      if (toStdout) await print(text);
    },
    async end(unchanged) {
      const lost = [...broken.values()];
      for (const { file } of files) {
        try {
          file.close();
        } catch (error) {
          lost.push(`results could not be stored (${error instanceof Error && 'code' in error ? String(error.code) : 'failed'})`);
        }
      }
      try {
        if (whole.length > 0) await deliver(inOrder(kept.values(), places), whole, words, kit, true, print, unchanged);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        lost.push(error.message);
      }
      if (lost.length > 0) throw new UsageError(lost.join('\nmailcheck: '));
    },
  };
}

function inOrder(
  kept: Iterable<{ readonly report: Report; readonly place: number | undefined }>,
  places: ReadonlyMap<string, number>,
): readonly Report[] {
  const placed = [...kept].map(({ report, place }) => ({ report, place: place ?? places.get(accountKey(report)) ?? 0 }));
  return placed.sort((a, b) => a.place - b.place).map((p) => p.report);
}

function inBrief(report: Report): Report {
  return {
    ...report,
    checks: report.checks.map(
      (c): ReportCheck => ({
        protocol: c.protocol,
        endpoint: c.endpoint,
        verdict: c.verdict,
        cause: c.cause,
        stages: [],
        findings: namedOf(c),
        notTested: [],
        facts: { settings: [] },
      }),
    ),
  };
}

/** The finding that a list names. */
function namedOf(check: ReportCheck): readonly Finding[] {
  const main = check.findings.find((f) => f.cause === check.cause) ?? check.findings.find((f) => f.severity === 'warning');
  return main ? [{ ...main, meaning: '', fix: [], evidence: [], alternatives: [], links: [] }] : [];
}

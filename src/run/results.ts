/** Results of earlier runs, NDJSON or JSON, for `merge`, `--baseline` and `--resume`. NDJSON is read line by line. */
import { createReadStream, readFileSync } from 'node:fs';
import type { Report, ReportCheck } from '../model/diagnosis.ts';
import type { Protocol } from '../model/terms.ts';
import { UsageError } from '../model/usage.ts';
import { accountKey, checkKey, verdictOf } from '../report/group.ts';
import { shown } from './shown.ts';
import { fingerprint } from './verdict.ts';

const isReport = (v: unknown): v is Report =>
  typeof v === 'object' &&
  v !== null &&
  'schema' in v &&
  v.schema === 'mailcheck.report/1' &&
  'checks' in v &&
  Array.isArray(v.checks) &&
  'account' in v &&
  typeof v.account === 'object' &&
  v.account !== null;

const isRun = (v: unknown): v is { readonly reports: readonly unknown[] } =>
  typeof v === 'object' && v !== null && 'reports' in v && Array.isArray(v.reports);

/** How each line of ours begins; a run that was killed in its first line leaves a part of it. */
const OPENING = '{"schema":"mailcheck.report/1"';
const begunByUs = (text: string) => text.startsWith(OPENING) || OPENING.startsWith(text);

const none = (path: string) =>
  new UsageError(`${shown(path)}: holds no results of mailcheck run; give a file written with --format ndjson or json`);

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'unreadable');

/**
 * @param broken called with the number of each line that is no result: of a run that was killed, the last one may be cut off.
 * @yields the reports of a file. @throws UsageError where it cannot be read or has none.
 */
export async function* readResults(path: string, broken: (line: number) => void = () => {}): AsyncGenerator<Report> {
  let count = 0;
  let line = 0;
  let ours = true;
  const bad: number[] = [];
  for await (const text of linesOf(path)) {
    line += 1;
    if (text.trim() === '') continue;
    const parsed = parse(text);
    if (isReport(parsed)) {
      count += 1;
      yield parsed;
    } else if (count === 0 && bad.length === 0) {
      // No line by itself: a document over many lines, or a run's document on one.
      const whole = isRun(parsed) ? parsed : parse(read(path));
      if (isReport(whole) || isRun(whole)) {
        yield* isReport(whole) ? [whole] : whole.reports.filter(isReport);
        return;
      }
      bad.push(line);
      ours = begunByUs(text);
    } else bad.push(line);
  }
  if (count === 0 && bad.length > 0 && !(ours && bad.length === 1)) throw none(path);
  for (const n of bad) broken(n);
}

/** Lines of a file of any size; one line is what a report takes. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
      const parts = `${rest}${String(chunk)}`.split('\n');
      rest = parts.pop() ?? '';
      yield* parts;
    }
  } catch (error) {
    if (error instanceof Error && 'syscall' in error)
      throw new UsageError(`${shown(path)}: cannot be read (${codeOf(error)}); check its path`);
    throw error;
  }
  if (rest !== '') yield rest;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${shown(path)}: cannot be read (${codeOf(error)}); check its path`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Parts of a sharded run that are in no file; a file without results may be any one of them, a part without accounts. */
export function missingParts(found: ReadonlyMap<number, ReadonlySet<number>>, empty: number) {
  return [...found].flatMap(([parts, seen]) => {
    const list = Array.from({ length: parts }, (_, i) => i + 1).filter((n) => !seen.has(n));
    return list.length > empty ? [{ parts, list }] : [];
  });
}

/** What a baseline holds of one check. */
export interface Before {
  readonly print: string;
  readonly previous: NonNullable<Report['previous']>;
}

/** @returns the checks of an earlier run by key; of two results for one check the later counts. */
export async function readBaseline(path: string, broken?: (line: number) => void): Promise<ReadonlyMap<string, Before>> {
  const out = new Map<string, Before>();
  for await (const report of readResults(path, broken))
    for (const check of report.checks)
      out.set(checkKey(report, check), {
        print: fingerprint(report, check),
        previous: { verdict: verdictOf(report, check), cause: check.cause },
      });
  return out;
}

/** @returns the report with what the baseline had, or undefined where nothing changed. */
export function against(baseline: ReadonlyMap<string, Before>, report: Report, check: ReportCheck): Report | undefined {
  const before = baseline.get(checkKey(report, check));
  if (!before) return report;
  return before.print === fingerprint(report, check) ? undefined : { ...report, previous: before.previous };
}

/** What a run that is resumed need not do again. */
export interface Done {
  /** Protocols that were checked, by account. */
  readonly checked: ReadonlyMap<string, ReadonlySet<Protocol>>;
  /** Accounts whose log-in was refused, and by which protocol. */
  readonly refused: ReadonlyMap<string, Protocol>;
}

/** @param each gets every result that stands; what was interrupted or could not be checked is done again. */
export async function readDone(path: string, each: (report: Report) => void, broken?: (line: number) => void): Promise<Done> {
  const checked = new Map<string, Set<Protocol>>();
  const refused = new Map<string, Protocol>();
  for await (const report of readResults(path, broken)) {
    const key = accountKey(report);
    for (const check of report.checks) {
      if (check.verdict === 'inconclusive') continue;
      const known = checked.get(key) ?? new Set<Protocol>();
      known.add(check.protocol);
      checked.set(key, known);
      if (
        check.findings.some((f) => f.cause === check.cause && f.stage === 'auth' && f.category === 'authentication') &&
        tried(check)
      )
        refused.set(key, check.protocol);
      each({ ...report, checks: [check] });
    }
  }
  return { checked, refused };
}

const tried = (check: ReportCheck) => check.stages.some((s) => s.stage === 'auth' && s.status === 'fail');

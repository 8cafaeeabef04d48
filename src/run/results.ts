/** Results of earlier runs: NDJSON or JSON, read line by line where they can be, for `merge`, `--baseline` and `--resume`. */
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Report } from '../model/diagnosis.ts';
import { UsageError } from '../model/usage.ts';

const isReport = (v: unknown): v is Report =>
  typeof v === 'object' &&
  v !== null &&
  'schema' in v &&
  v.schema === 'mailcheck.report/1' &&
  'checks' in v &&
  Array.isArray(v.checks) &&
  'account' in v;

/** @yields the reports of a file. A last line that was cut off (a run that was killed) is passed over. @throws UsageError where it is none of ours. */
export async function* readResults(path: string): AsyncGenerator<Report> {
  let stream: ReturnType<typeof createReadStream>;
  try {
    stream = createReadStream(path, 'utf8');
    await new Promise<void>((resolve, reject) => stream.once('open', () => resolve()).once('error', reject));
  } catch (error) {
    throw new UsageError(
      `${path}: cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'})`,
    );
  }
  let count = 0;
  let line = 0;
  for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    if (text.trim() === '') continue;
    const parsed = parse(text);
    if (isReport(parsed)) {
      count += 1;
      yield parsed;
    } else if (line === 1) {
      stream.destroy();
      yield* readDocument(path);
      return;
    }
  }
  if (count === 0)
    throw new UsageError(`${path}: holds no results of mailcheck run; give a file written with --format ndjson or json`);
}

function* readDocument(path: string): Generator<Report> {
  const parsed = parse(readFileSync(path, 'utf8'));
  if (isReport(parsed)) yield parsed;
  else if (typeof parsed === 'object' && parsed !== null && 'reports' in parsed && Array.isArray(parsed.reports))
    yield* parsed.reports.filter(isReport);
  else throw new UsageError(`${path}: holds no results of mailcheck run; give a file written with --format ndjson or json`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What identifies an account and one check of it across runs. */
export const accountKey = (report: Report): string =>
  report.key ?? report.account.address ?? report.checks.map((c) => `${c.endpoint.host}:${c.endpoint.port}`).join(' ');
export const checkKey = (report: Report, check: Report['checks'][number]): string =>
  `${accountKey(report)} ${check.protocol} ${check.endpoint.host}:${check.endpoint.port}`;

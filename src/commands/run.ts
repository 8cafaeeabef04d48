/** `mailcheck run`: many accounts from one file, in CI, in migrations, for monitoring. */
import { appendFileSync, createReadStream, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import type { Kit } from '../kit.ts';
import type { Report } from '../model/diagnosis.ts';
import type { Verdict } from '../model/terms.ts';
import { UsageError } from '../model/usage.ts';
import type { Words } from '../model/words.ts';
import type { Wishes } from '../run/config.ts';
import type { Shard } from '../run/pool.ts';
import type { AccountResult } from '../run/runner.ts';
import { Base, interruptions } from './base.ts';
import { FORMATS, networkFlags, reportFlags } from './flags.ts';
import type { Output } from './outputs.ts';

const { 'connect-to': _c, until: _u, ...network } = networkFlags;
const { save: _s, ...report } = reportFlags;

const whole = (what: string, least: number, most: number) => (typed: string | undefined, otherwise: number) => {
  if (typed === undefined) return otherwise;
  const n = /^\d{1,6}$/.test(typed) ? Number(typed) : Number.NaN;
  if (!(n >= least && n <= most)) throw new UsageError(`${what} takes a whole number from ${least} to ${most}`);
  return n;
};

export class Run extends Base {
  static override readonly summary = 'Check many accounts from one YAML file.';
  static override readonly description =
    'Reads mailcheck.yaml (and CSV files it names), checks the accounts side by side within limits, and reports one result per account and protocol. With --format ndjson results stream out as they finish and memory stays flat.';
  static override readonly args = {
    file: Args.string({ ignoreStdin: true, name: 'FILE', description: 'the configuration', default: 'mailcheck.yaml' }),
  };
  static override readonly flags = {
    ...network,
    ...report,
    concurrency: Flags.string({ description: 'accounts checked at once (default 16)', helpValue: 'N', helpGroup: 'RUN' }),
    'per-host': Flags.string({ description: 'connections to one host at once (default 4)', helpValue: 'N', helpGroup: 'RUN' }),
    retries: Flags.string({
      description: 'tries after a passing failure such as a time-out (default 1); a refused log-in is never repeated',
      helpValue: 'N',
      helpGroup: 'RUN',
    }),
    shard: Flags.string({ description: 'only this part of the accounts, as in 2/5', helpValue: 'I/N', helpGroup: 'RUN' }),
    baseline: Flags.string({
      description: 'results of an earlier run: report only what changed',
      helpValue: 'PATH',
      helpGroup: 'RUN',
    }),
    resume: Flags.string({
      description: 'NDJSON file of this run: what stands in it is not checked again, what is new is appended',
      helpValue: 'PATH',
      helpGroup: 'RUN',
    }),
  };
  static override readonly examples = [
    { description: 'The file mailcheck.yaml here', command: '<%= config.bin %> run' },
    { description: 'In GitLab or Jenkins', command: '<%= config.bin %> run accounts.yaml --output junit:report.xml' },
    {
      description: '100,000 accounts, streamed',
      command: '<%= config.bin %> run big.yaml --format ndjson --concurrency 64 > results.ndjson',
    },
    { description: 'One of five parallel jobs', command: '<%= config.bin %> run --shard 2/5 --output ndjson:part-2.ndjson' },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Run);
    const signal = interruptions();
    const kit = await this.kit(flags.plugins);
    const [{ outputsOf, checkWritable }, { netOptionsOf, optionsOf }, { readConfig }, { runAccounts, keyOf }] = await Promise.all(
      [import('./outputs.ts'), import('./settings.ts'), import('../run/config.ts'), import('../run/runner.ts')],
    );
    const outputs = outputsOf(flags, [...FORMATS, ...kit.reporters.map((r) => r.format)]);
    for (const { path } of outputs) if (path !== undefined) checkWritable(path, flags.overwrite);
    const config = readConfig(
      readText(args.file),
      args.file,
      kit.causes.map((c) => c.id),
    );
    for (const w of config.warnings) {
      process.stderr.write(`mailcheck: ${w}\n`);
      kit.warn(w);
    }
    const language = this.language(flags.lang);
    const [words, english] = await Promise.all([this.words(language, kit), this.words('en', kit)]);
    const base = dirname(resolve(args.file));
    const inFolder = (path: string) => resolve(base, path);
    const { readSecret } = await import('./secrets.ts');
    const sink = await this.sink(outputs, kit, words, flags.resume);
    const previous = flags.baseline === undefined ? undefined : await baselineOf(flags.baseline);
    const done = flags.resume === undefined ? new Set<string>() : await doneIn(flags.resume, sink);
    const shard = shardOf(flags.shard);
    const tally = new Tally(config.accounts.length - done.size, words);
    const verdicts: Verdict[] = [];
    const { compose } = await import('../report/compose.ts');
    const { loadedPlugins } = await import('./shared.ts');
    const { outcomeOf, fingerprint } = await import('../run/verdict.ts');
    const { checkKey } = await import('../run/results.ts');
    const give = async (result: AccountResult) => {
      if (result.problem !== undefined) {
        process.stderr.write(`mailcheck: ${result.problem}\n`);
        verdicts.push('inconclusive');
        tally.count('inconclusive');
        return;
      }
      const { checkup } = result;
      for (const check of checkup?.checks ?? []) {
        const made = compose({
          checks: [check],
          account: { address: result.wishes.address ?? null, preset: checkup?.preset ?? null },
          startedAt: checkup?.startedAt ?? new Date(),
          durationMs: check.durationMs,
          version: this.config.version,
          words,
          english,
          causes: kit.causes,
          options: { transcript: flags.transcript, redact: flags.redact, plugins: loadedPlugins(this.config) },
        });
        const first = made.checks[0];
        if (!first) continue;
        const outcome = outcomeOf(first, result.wishes);
        const report: Report = {
          ...made,
          verdict: outcome.verdict,
          ...(flags.redact ? {} : { key: result.key }),
          ...(outcome.expectation ? { expectation: outcome.expectation } : {}),
        };
        if (!verdicts.includes(outcome.verdict)) verdicts.push(outcome.verdict);
        tally.count(outcome.verdict);
        if (previous && previous.get(checkKey(report, first)) === fingerprint(first)) continue;
        await sink.take(report);
      }
    };
    await runAccounts(
      accountsOf(config.accounts, config.csv, inFolder),
      {
        defaults: config.defaults,
        concurrency: whole('--concurrency', 1, 512)(flags.concurrency, config.concurrency ?? 16),
        perHost: whole('--per-host', 1, 64)(flags['per-host'], config.perHost ?? 4),
        retries: whole('--retries', 0, 10)(flags.retries, config.retries ?? 1),
        jitter: config.jitter ?? 0,
        ...(shard ? { shard } : {}),
        done,
        kit,
        signal,
        options: optionsOf(flags),
        net: { ...netOptionsOf(flags), transcript: flags.transcript },
        secretOf: async (source, s) => {
          const value = source.kind === 'file' ? inFolder(source.value) : source.value;
          if (source.kind === 'inline') return (await import('../model/secret.ts')).sealSecret(value, source.type);
          const secret = await readSecret(
            { [`${source.type}-${source.kind}`]: value },
            { prompt: false, question: '', signal: s },
          );
          if (!secret) throw new UsageError('the secret is missing');
          return secret;
        },
        netFor: (w) =>
          (w.connectTo ?? w.resolver ?? w.caFile)
            ? pick(
                netOptionsOf({
                  ...flags,
                  'connect-to': w.connectTo,
                  resolver: w.resolver ?? flags.resolver,
                  'ca-file': w.caFile ? inFolder(w.caFile) : flags['ca-file'],
                }),
              )
            : {},
        sleep: pause,
        random: Math.random,
      },
      give,
    );
    tally.end();
    void keyOf;
    if (signal.aborted) verdicts.push('inconclusive');
    process.exitCode = await this.exitStatus(verdicts, flags.strict);
    await sink.end();
  }

  private async exitStatus(verdicts: readonly Verdict[], strict: boolean): Promise<number> {
    const { exitOf } = await import('./checking.ts');
    return exitOf(verdicts, strict);
  }

  /** NDJSON goes out line by line; every other format needs the whole run and keeps its reports until the end. */
  private async sink(outputs: readonly Output[], kit: Kit, words: Words, resume: string | undefined) {
    const [{ ndjsonLine }, { deliver }] = await Promise.all([import('../reporters/ndjson.ts'), import('./checking.ts')]);
    const streams = outputs.filter((o) => o.format === 'ndjson');
    const whole = outputs.filter((o) => o.format !== 'ndjson');
    const kept: Report[] = [];
    const line = async (report: Report, path: string | undefined) => {
      const text = report.checks.map((c) => ndjsonLine(report, c)).join('');
      if (path === undefined) await this.print(text);
      else append(path, text);
    };
    return {
      keep: (report: Report) => void (whole.length > 0 && kept.push(report)),
      take: async (report: Report) => {
        for (const s of streams) await line(report, s.path);
        if (resume !== undefined) await line(report, resume);
        if (whole.length > 0) kept.push(report);
      },
      end: async () => {
        if (whole.length > 0) await deliver(kept, whole, words, kit, true, (t) => this.print(t));
      },
    };
  }
}

type Sink = { readonly keep: (report: Report) => void };

const pick = <T extends { readonly resolver?: string; readonly connectTo?: unknown; readonly ca?: string }>(o: T) => ({
  ...(o.resolver ? { resolver: o.resolver } : {}),
  ...(o.connectTo ? { connectTo: o.connectTo as { host: string; port?: number } } : {}),
  ...(o.ca ? { ca: o.ca } : {}),
});

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new UsageError(
      code === 'ENOENT'
        ? `there is no file ${path}; name the configuration: mailcheck run accounts.yaml`
        : `${path} cannot be read (${code})`,
    );
  }
}

async function* accountsOf(
  listed: readonly Wishes[],
  csv: readonly string[],
  inFolder: (path: string) => string,
): AsyncGenerator<Wishes> {
  yield* listed;
  if (csv.length === 0) return;
  const { readAccounts } = await import('../run/csv.ts');
  for (const path of csv) {
    const stream = createReadStream(inFolder(path), { encoding: 'utf8' });
    try {
      yield* readAccounts(stream, path);
    } catch (error) {
      if (error instanceof Error && 'code' in error && 'syscall' in error)
        throw new UsageError(`${path} cannot be read (${String(error.code)})`);
      throw error;
    } finally {
      stream.destroy();
    }
  }
}

/** `--shard 2/5`, or the variables of GitLab's `parallel` and of an indexed Kubernetes Job (with JOB_COMPLETIONS). */
function shardOf(flag: string | undefined): Shard | undefined {
  const { CI_NODE_INDEX, CI_NODE_TOTAL, JOB_COMPLETION_INDEX, JOB_COMPLETIONS } = process.env;
  const typed =
    flag ??
    (CI_NODE_INDEX && CI_NODE_TOTAL
      ? `${CI_NODE_INDEX}/${CI_NODE_TOTAL}`
      : JOB_COMPLETION_INDEX && JOB_COMPLETIONS
        ? `${Number(JOB_COMPLETION_INDEX) + 1}/${JOB_COMPLETIONS}`
        : undefined);
  if (typed === undefined) return undefined;
  const m = /^(\d{1,5})\/(\d{1,5})$/.exec(typed);
  const index = Number(m?.[1]);
  const total = Number(m?.[2]);
  if (!m || index < 1 || index > total) throw new UsageError('--shard takes PART/PARTS, such as 2/5');
  return { index, total };
}

async function baselineOf(path: string): Promise<Map<string, string>> {
  const [{ readResults, checkKey }, { fingerprint }] = await Promise.all([
    import('../run/results.ts'),
    import('../run/verdict.ts'),
  ]);
  const out = new Map<string, string>();
  for await (const r of readResults(path)) for (const c of r.checks) out.set(checkKey(r, c), fingerprint(c));
  return out;
}

async function doneIn(path: string, sink: Sink): Promise<Set<string>> {
  const { readResults, accountKey } = await import('../run/results.ts');
  const out = new Set<string>();
  try {
    readFileSync(path, { flag: 'a+' });
  } catch {
    throw new UsageError('--resume: the file cannot be opened; check its folder');
  }
  if (readFileSync(path).length === 0) return out;
  for await (const r of readResults(path)) {
    out.add(accountKey(r));
    sink.keep(r);
  }
  return out;
}

function append(path: string, text: string): void {
  try {
    appendFileSync(path, text, { mode: 0o600 });
  } catch (error) {
    throw new UsageError(
      `results could not be written to ${path} (${error instanceof Error && 'code' in error ? String(error.code) : 'failed'}); what was finished before stands`,
    );
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
}

/** A bar with rate and time left, on a terminal only. */
class Tally {
  private readonly begun = performance.now();
  private readonly counts: Record<Verdict, number> = { pass: 0, warn: 0, fail: 0, inconclusive: 0 };
  private shown = 0;
  private readonly total: number;
  private readonly words: Words;

  constructor(total: number, words: Words) {
    this.total = total;
    this.words = words;
  }

  count(verdict: Verdict): void {
    this.counts[verdict] += 1;
    const now = performance.now();
    if (process.stderr.isTTY !== true || now - this.shown < 100) return;
    this.shown = now;
    const done = Object.values(this.counts).reduce((a, b) => a + b, 0);
    const rate = done / Math.max(0.001, (now - this.begun) / 1000);
    const left = this.total > 0 && rate > 0 ? Math.max(0, Math.round((this.total - done) / rate)) : undefined;
    const counts = (['pass', 'warn', 'fail'] as const).map((v) => `${this.words.verdicts[v]} ${this.counts[v]}`).join('  ');
    process.stderr.write(
      `\r\u001b[2K${done}${this.total > 0 ? `/${this.total}` : ''}  ${counts}  ${rate.toFixed(1)}/s${left !== undefined ? `  ${left} s` : ''}`,
    );
  }

  end(): void {
    if (process.stderr.isTTY === true) process.stderr.write('\r\u001b[2K');
  }
}

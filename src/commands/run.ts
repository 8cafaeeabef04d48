/** `mailcheck run`: many accounts from one file, in CI, in migrations, for monitoring. */
import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import type { Report } from '../model/diagnosis.ts';
import type { Verdict } from '../model/terms.ts';
import type { Known, RunConfig } from '../run/config.ts';
import type { RunEvent, RunSettings } from '../run/runner.ts';
import { Base, interruptions } from './base.ts';
import { FORMATS, networkFlags, reportFlags } from './flags.ts';
import type { Output } from './outputs.ts';

const { save: _s, ...report } = reportFlags;
const RUN = { helpGroup: 'RUN' };

/** What runs when Ctrl-C is pressed has this long to end by itself: CI systems kill what takes longer than seven seconds. */
const GRACE_MS = 5000;

export class Run extends Base {
  static override readonly summary = 'Check many accounts from one YAML file.';
  static override readonly description =
    'Reads mailcheck.yaml (and CSV files it names), checks the accounts side by side within limits, and reports one result per account and protocol. With --format ndjson results stream out as they finish and memory stays flat. Ctrl-C finishes what runs and writes what is done.';
  static override readonly args = {
    file: Args.string({
      ignoreStdin: true,
      name: 'FILE',
      description: 'the configuration; a file that ends in .csv is a list of accounts by itself; - is standard input',
      default: 'mailcheck.yaml',
    }),
  };
  static override readonly flags = {
    ...networkFlags,
    ...report,
    concurrency: Flags.string({ description: 'checks at once (default 16)', helpValue: 'N', ...RUN }),
    'per-host': Flags.string({ description: 'checks at once with one host (default 4)', helpValue: 'N', ...RUN }),
    retries: Flags.string({
      description: 'tries after a passing failure such as a time-out (default 1); a refused log-in is never repeated',
      helpValue: 'N',
      ...RUN,
    }),
    jitter: Flags.string({
      description: 'each account waits a random part of this many seconds (default 0)',
      helpValue: 'SECONDS',
      ...RUN,
    }),
    shard: Flags.string({ description: 'only this part of the accounts, as in 2/5', helpValue: 'I/N', ...RUN }),
    baseline: Flags.string({ description: 'results of an earlier run: report only what changed', helpValue: 'PATH', ...RUN }),
    resume: Flags.string({
      description: 'NDJSON file of this run: what stands in it is not checked again, what is new is appended',
      helpValue: 'PATH',
      ...RUN,
    }),
    init: Flags.boolean({ description: 'write a configuration to begin with, and end', ...RUN }),
  };
  static override readonly examples = [
    {
      description: 'Write mailcheck.yaml, then check what stands in it',
      command: '<%= config.bin %> run --init && <%= config.bin %> run',
    },
    { description: 'In GitLab or Jenkins', command: '<%= config.bin %> run accounts.yaml --output junit:report.xml' },
    {
      description: '100,000 accounts, streamed',
      command: '<%= config.bin %> run big.csv --format ndjson --concurrency 64 > results.ndjson',
    },
    { description: 'One of five parallel jobs', command: '<%= config.bin %> run --shard 2/5 --output ndjson:part-2.ndjson' },
    { description: 'Go on after an interruption', command: '<%= config.bin %> run --resume results.ndjson' },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Run);
    if (flags.init) return await this.begin(args.file, flags.overwrite);
    const warn = (line: string) => void process.stderr.write(`mailcheck: ${line}\n`);
    const [
      { outputsOf, checkWritable },
      { netOptionsOf, optionsOf },
      input,
      setup,
      { shardOf, inShard },
      { readBaseline, readDone },
    ] = await Promise.all([
      import('./outputs.ts'),
      import('./settings.ts'),
      import('./run-input.ts'),
      import('./run-setup.ts'),
      import('../run/shard.ts'),
      import('../run/results.ts'),
    ]);

    // What is wrong with the command line or the configuration is told before anything is checked.
    const kit = await this.kit(flags.plugins);
    const outputs = outputsOf(flags, [...FORMATS, ...kit.reporters.map((r) => r.format)]);
    setup.refuseTogether(outputs, flags);
    for (const { path } of outputs) if (path !== undefined) checkWritable(path, flags.overwrite);
    setup.limitsOf(flags, {});
    const options = optionsOf(flags);
    const net = netOptionsOf(flags);
    const shard = shardOf(flags.shard, process.env);
    const known = await setup.knownTo(kit);
    const config = await this.configuration(args.file, known);
    setup.collectSoon();
    const folder = args.file === '-' ? process.cwd() : dirname(resolve(args.file));
    const inFolder = (path: string) => resolve(folder, path);
    const wide = (path: string) => {
      const said = input.tooOpen(path);
      if (said !== undefined) warn(said);
    };
    for (const at of config.inline) warn(at);
    if (config.inline.length > 0 && args.file !== '-') wide(args.file);
    const language = this.language(flags.lang);
    const [words, english, { say }] = await Promise.all([
      this.words(language, kit),
      this.words('en', kit),
      import('../report/say.ts'),
    ]);
    if (shard && flags.shard === undefined)
      warn(say(words, 'run.shard', { part: String(shard.index), parts: String(shard.total), origin: shard.origin }));
    const part = (path: string) => (line: number) => warn(`${path}:${line}: no result, or a part of one; passed over`);
    const baseline = flags.baseline === undefined ? undefined : await readBaseline(flags.baseline, part(flags.baseline));
    const before: Report[] = [];
    const done =
      flags.resume === undefined || !existsSync(flags.resume)
        ? { checked: new Map(), refused: new Map() }
        : await readDone(flags.resume, (r) => void before.push(r), part(flags.resume));

    // Ctrl-C: what runs may end within the grace, and again: at once.
    const [stop, hard] = [new AbortController(), new AbortController()];
    const signal = interruptions(() => hard.abort());
    const [
      { openSink },
      { judgeOf },
      { runProgress },
      { runAccounts },
      { keyOf },
      { createNames },
      { createShared },
      { loadedPlugins },
    ] = await Promise.all([
      import('./run-output.ts'),
      import('./run-judge.ts'),
      import('./run-progress.ts'),
      import('../run/runner.ts'),
      import('../run/wishes.ts'),
      import('../report/mask.ts'),
      import('../net/net.ts'),
      import('./shared.ts'),
    ]);
    const entries = (inline: (path: string, at: string) => void) => input.entriesOf({ config, known, inFolder, inline });
    const names = flags.redact
      ? await setup.nameAll(
          entries(() => {}),
          createNames(),
        )
      : undefined;
    const listed = config.accounts.filter((a) => inShard(keyOf(a), shard)).length;
    const rows = process.stderr.isTTY === true ? await input.rowsIn(config.csv.map((c) => inFolder(c.file))) : 0;
    const progress = runProgress(words, listed + Math.round(rows / (shard?.total ?? 1)));
    signal.addEventListener('abort', () => {
      progress.note(say(words, 'run.finishing'));
      stop.abort();
      setTimeout(() => hard.abort(), GRACE_MS).unref();
    });
    const print = (text: string) => this.print(text);
    const sink = openSink({ outputs, kit, words, resume: flags.resume, print, failed: () => stop.abort() });
    const alone = flags.resume === undefined && outputs.every((o) => o.path === undefined);
    const stdoutHolds = setup.guardStdout(alone, () => stop.abort());
    const judge = judgeOf({
      ...{ kit, words, english, names, baseline, shard },
      version: this.config.version,
      transcript: flags.transcript,
      plugins: loadedPlugins(this.config),
    });

    const verdicts = new Set<Verdict>();
    let [unchanged, problems] = [0, 0];
    for (const report of before) {
      verdicts.add(report.verdict);
      const told = judge.again(report);
      if (told) sink.keep(told);
      else unchanged += 1;
    }
    const give = async (event: RunEvent): Promise<void> => {
      if (event.type === 'account') progress.done(sink.tally.counts);
      else if (event.type === 'problem') {
        problems += 1;
        verdicts.add('inconclusive');
        progress.note(`mailcheck: ${event.text}`);
        await sink.take(judge.problem(event.text, event.job), event.place);
      } else {
        const { verdict, report } = judge.check(event);
        verdicts.add(verdict);
        if (report) await sink.take(report, event.job.place);
        else unchanged += 1;
      }
    };
    const settings: RunSettings = {
      ...setup.limitsOf(flags, config),
      ...(shard ? { shard } : {}),
      ...{ done, kit, options, stop: stop.signal, signal: hard.signal },
      net: { ...net, transcript: flags.transcript, shared: createShared() },
      secretOf: input.secretReader(inFolder),
      netFor: setup.netReader((w) =>
        netOptionsOf({
          ...flags,
          'connect-to': w.connectTo ?? flags['connect-to'],
          resolver: w.resolver ?? flags.resolver,
          'ca-file': w.caFile === undefined ? flags['ca-file'] : inFolder(w.caFile),
        }),
      ),
      sleep: setup.pause,
      random: Math.random,
      anonymous: flags.redact,
      met: sink.met,
    };
    let failure: { readonly error: unknown } | undefined;
    try {
      await runAccounts(
        entries((path, at) => {
          warn(at);
          wide(path);
        }),
        settings,
        give,
      );
    } catch (error) {
      // What was checked before is written all the same.
      failure = { error };
    }
    progress.end();
    if (signal.aborted) {
      verdicts.add('inconclusive');
      warn(say(words, 'run.interrupted'));
    }
    process.exitCode = await this.status([...verdicts], outputs, flags.strict, { interrupted: signal.aborted, problems });
    await sink.end(baseline ? unchanged : undefined);
    await setup.sums(sink, outputs, baseline ? unchanged : undefined, words);
    if (failure) throw failure.error;
    stdoutHolds();
  }

  /** An interruption leaves the run open, whatever failed before; an account that could not be checked is the configuration's fault. */
  private async status(
    verdicts: readonly Verdict[],
    outputs: readonly Output[],
    strict: boolean,
    ended: { readonly interrupted: boolean; readonly problems: number },
  ): Promise<number> {
    const { exitOf } = await import('./checking.ts');
    const forNagios = outputs.some((o) => o.path === undefined && o.format === 'nagios');
    if (ended.interrupted && !forNagios) return 3;
    if (ended.problems > 0 && !forNagios) return 2;
    return exitOf(verdicts, strict, outputs);
  }

  private async begin(file: string, overwrite: boolean): Promise<void> {
    const [{ STARTER }, { checkWritable, writeWhole }] = await Promise.all([import('../run/starter.ts'), import('./outputs.ts')]);
    checkWritable(file, overwrite);
    writeWhole(file, STARTER);
    await this.print(`${file}\n`);
  }

  private async configuration(file: string, known: Known): Promise<RunConfig> {
    const { isCsv, readText } = await import('./run-input.ts');
    if (isCsv(file))
      return { defaults: {}, settings: new Map(), accounts: [], csv: [{ file: basename(file), under: {} }], inline: [] };
    const text = await readText(file);
    const { readConfig } = await import('../run/config.ts');
    return readConfig(text, file === '-' ? 'stdin' : file, known);
  }
}

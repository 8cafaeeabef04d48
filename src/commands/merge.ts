/** `mailcheck merge`: the results of several runs joined into one report. */
import { Args, Flags } from '@oclif/core';
import type { Report } from '../model/diagnosis.ts';
import { UsageError } from '../model/usage.ts';
import { Base } from './base.ts';
import { FORMATS, reportFlags } from './flags.ts';

const { format, json, output, overwrite, lang, strict, plugins } = reportFlags;

export class Merge extends Base {
  static override readonly summary = 'Join the results of several runs into one report.';
  static override readonly description =
    'Reads NDJSON or JSON results of mailcheck run, as shards write them, and writes one report in any format. Where two files hold the same check, the later file wins. The sentences of each result are in the language in which it was made.';
  static override readonly strict = false;
  static override readonly args = {
    files: Args.string({
      ignoreStdin: true,
      name: 'FILE…',
      description: 'results written with --format ndjson or json',
    }),
  };
  static override readonly flags = {
    ...{ format, json, output, overwrite, lang, strict, plugins },
    baseline: Flags.string({ description: 'results of an earlier run: report only what changed', helpValue: 'PATH' }),
  };
  static override readonly examples = [
    { description: 'Five shards, one JUnit file', command: '<%= config.bin %> merge part-*.ndjson --output junit:report.xml' },
    {
      description: 'What changed since yesterday, of all shards',
      command: '<%= config.bin %> merge part-*.ndjson --baseline yesterday.ndjson --format markdown',
    },
  ];

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Merge);
    if (argv.length === 0) throw new UsageError('name the files to join: mailcheck merge part-1.ndjson part-2.ndjson');
    const [
      { readResults, readBaseline, against, missingParts },
      { checkKey, verdictOf },
      { outputsOf, checkWritable },
      { deliver, exitOf },
      setup,
      { compose },
      { formatList, say },
    ] = await Promise.all([
      import('../run/results.ts'),
      import('../report/group.ts'),
      import('./outputs.ts'),
      import('./checking.ts'),
      import('./run-setup.ts'),
      import('../report/compose.ts'),
      import('../report/say.ts'),
    ]);
    const kit = await this.kit(flags.plugins);
    const outputs = outputsOf(flags, [...FORMATS, ...kit.reporters.map((r) => r.format)]);
    setup.refuseTogether(outputs, flags);
    for (const { path } of outputs) if (path !== undefined) checkWritable(path, flags.overwrite);
    const part = (file: string) => (line: number) =>
      void process.stderr.write(`mailcheck: ${file}:${line}: no result, or a part of one; passed over\n`);
    const joined = new Map<string, Report>();
    const parts = new Map<number, Set<number>>();
    let empty = 0;
    for (const file of argv.map(String)) {
      let any = false;
      for await (const report of readResults(file, part(file))) {
        any = true;
        if (report.shard) parts.set(report.shard.parts, (parts.get(report.shard.parts) ?? new Set()).add(report.shard.part));
        if (report.checks.length === 0) joined.set(`? ${report.key ?? report.account.address ?? joined.size}`, report);
        for (const check of report.checks)
          joined.set(checkKey(report, check), { ...report, verdict: verdictOf(report, check), checks: [check] });
      }
      if (!any) empty += 1;
    }
    const all = [...joined.values()];
    // An account that one run could not check and another did is checked.
    const checked = new Set(all.flatMap((r) => (r.checks.length > 0 ? [r.key ?? r.account.address ?? ''] : [])));
    const words = await this.words(this.language(flags.lang), kit);
    const lost = missingParts(parts, empty).map((m) =>
      compose({
        ...{ checks: [], account: { address: null, preset: null }, startedAt: new Date(), durationMs: 0 },
        ...{ version: this.config.version, words, english: words, options: { transcript: false, redact: false } },
        warnings: [say(words, 'merge.missing', { list: formatList(words, m.list.map(String)), parts: String(m.parts) })],
      }),
    );
    for (const { warnings = [] } of lost) for (const w of warnings) process.stderr.write(`mailcheck: ${w}\n`);
    const settled = [...all.filter((r) => r.checks.length > 0 || !checked.has(r.key ?? r.account.address ?? '')), ...lost];
    const baseline = flags.baseline === undefined ? undefined : await readBaseline(flags.baseline, part(flags.baseline));
    const told = settled.flatMap((report) => {
      const [check] = report.checks;
      const shown = baseline && check ? against(baseline, report, check) : report;
      return shown ? [shown] : [];
    });
    process.exitCode = exitOf(
      settled.map((r) => r.verdict),
      flags.strict,
      outputs,
    );
    const print = (text: string) => this.print(text);
    await deliver(told, outputs, words, kit, true, print, baseline ? settled.length - told.length : undefined);
  }
}

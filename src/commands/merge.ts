/** `mailcheck merge`: the reports of shards joined into one. */
import { Args } from '@oclif/core';
import type { Report } from '../model/diagnosis.ts';
import { UsageError } from '../model/usage.ts';
import { Base } from './base.ts';
import { FORMATS, reportFlags } from './flags.ts';

const { format, json, output, overwrite, lang, strict, plugins } = reportFlags;

export class Merge extends Base {
  static override readonly summary = 'Join the results of several runs into one report.';
  static override readonly description =
    'Reads NDJSON or JSON results of mailcheck run, as shards write them, and writes one report in any format. Where two files hold the same check, the later file wins.';
  static override readonly strict = false;
  static override readonly args = {
    files: Args.string({
      ignoreStdin: true,
      name: 'FILE…',
      description: 'results written with --format ndjson or json',
      required: true,
    }),
  };
  static override readonly flags = { format, json, output, overwrite, lang, strict, plugins };
  static override readonly examples = [
    { description: 'Five shards, one JUnit file', command: '<%= config.bin %> merge part-*.ndjson --output junit:report.xml' },
  ];

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Merge);
    const [{ readResults, checkKey }, { outputsOf, checkWritable }, { deliver, exitOf }] = await Promise.all([
      import('../run/results.ts'),
      import('./outputs.ts'),
      import('./checking.ts'),
    ]);
    const kit = await this.kit(flags.plugins);
    const outputs = outputsOf(flags, [...FORMATS, ...kit.reporters.map((r) => r.format)]);
    for (const { path } of outputs) if (path !== undefined) checkWritable(path, flags.overwrite);
    const joined = new Map<string, Report>();
    for (const file of argv)
      for await (const report of readResults(String(file)))
        for (const check of report.checks) joined.set(checkKey(report, check), { ...report, checks: [check] });
    if (joined.size === 0) throw new UsageError('the files hold no results');
    const reports = [...joined.values()];
    process.exitCode = exitOf(
      reports.map((r) => r.verdict),
      flags.strict,
    );
    await deliver(reports, outputs, await this.words(this.language(flags.lang), kit), kit, true, (t) => this.print(t));
  }
}

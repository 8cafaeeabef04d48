/** From a finished check of a run to its report: worded, held against what the account expects, and against the baseline. */
import type { Kit } from '../kit.ts';
import type { Report } from '../model/diagnosis.ts';
import type { Verdict } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { compose } from '../report/compose.ts';
import type { Names } from '../report/mask.ts';
import { say } from '../report/say.ts';
import { against, type Before } from '../run/results.ts';
import type { CheckResult, Job } from '../run/runner.ts';
import type { Shard } from '../run/shard.ts';
import { outcomeOf } from '../run/verdict.ts';

export interface JudgeRequest {
  readonly kit: Kit;
  readonly words: Words;
  readonly english: Words;
  readonly version: string;
  readonly transcript: boolean;
  /** Where names are masked. */
  readonly names: Names | undefined;
  readonly plugins: NonNullable<Report['tool']['plugins']>;
  readonly baseline: ReadonlyMap<string, Before> | undefined;
  readonly shard: Shard | undefined;
}

export interface Judge {
  /** @returns the verdict, and the report where there is something to tell. */
  check(result: CheckResult): { readonly verdict: Verdict; readonly report?: Report };
  /** @returns the report of an account that could not be checked, or of a place in the input that names none. */
  problem(text: string, job: Job | undefined): Report;
  /** @returns a report of an earlier run as the baseline has it; undefined where nothing changed. */
  again(report: Report): Report | undefined;
}

export function judgeOf(request: JudgeRequest): Judge {
  const { kit, words, english, version, transcript, names, plugins, baseline, shard } = request;
  const common = { version, words, english, causes: kit.causes };
  const options = { transcript, redact: names !== undefined, plugins, ...(names ? { names } : {}) };
  const compared = (report: Report): Report | undefined => {
    const [check] = report.checks;
    return baseline && check ? against(baseline, report, check) : report;
  };
  const part = shard ? { shard: { part: shard.index, parts: shard.total } } : {};
  /** The key is told where the address alone does not identify the account. */
  const keyed = (report: Report, key: string | undefined): Report => ({
    ...report,
    ...(key === undefined || key === report.account.address ? {} : { key }),
    ...part,
  });
  return {
    check({ job, check, preset, startedAt }) {
      const made = compose({
        ...common,
        checks: [check],
        account: { address: job.wishes.address ?? null, preset },
        startedAt,
        durationMs: check.durationMs,
        options,
        warnings: kit.warnings,
      });
      const [first] = made.checks;
      if (!first) return { verdict: made.verdict, report: made };
      const report = compared(keyed({ ...made, ...outcomeOf(first, job.wishes) }, job.key));
      return { verdict: report?.verdict ?? outcomeOf(first, job.wishes).verdict, ...(report ? { report } : {}) };
    },
    problem(text, job) {
      const made = compose({
        ...common,
        checks: [],
        account: { address: job?.wishes.address ?? null, preset: null },
        startedAt: new Date(),
        durationMs: 0,
        options,
        warnings: [say(words, 'run.not-checked', { detail: text })],
      });
      return keyed(made, job?.key);
    },
    again: compared,
  };
}

/** One line by the Monitoring Plugins guidelines: status, what was found, performance data. */
import type { Report, ReportCheck } from '../model/diagnosis.ts';
import type { Reporter } from '../model/reporter.ts';
import type { Verdict } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { capped, oneLine } from '../report/escape.ts';
import { checksOf, type Placed, uncheckedOf, verdictOf } from '../report/group.ts';
import { formatClauses, say } from '../report/say.ts';
import { accountOf, endpointOf, expected, mainFinding } from './view.ts';

export interface NagiosStatus {
  /** Exit status of the plugin. */
  readonly code: 0 | 1 | 2 | 3;
  readonly word: 'OK' | 'WARNING' | 'CRITICAL' | 'UNKNOWN';
}

const STATUS: Readonly<Record<Verdict, NagiosStatus>> = {
  pass: { code: 0, word: 'OK' },
  warn: { code: 1, word: 'WARNING' },
  fail: { code: 2, word: 'CRITICAL' },
  inconclusive: { code: 3, word: 'UNKNOWN' },
};

/** Worst first, as `check_multi` and the guidelines order them. */
const ORDER: readonly Verdict[] = ['fail', 'inconclusive', 'warn', 'pass'];

/** @returns the plugin's status for these verdicts; none at all is UNKNOWN. */
export const nagiosOf = (verdicts: readonly Verdict[]): NagiosStatus =>
  STATUS[ORDER.find((v) => verdicts.includes(v)) ?? 'inconclusive'];

/** @returns the plugin's exit status for these reports; nothing checked is UNKNOWN. */
export const nagiosStatus = (reports: readonly Report[]): NagiosStatus =>
  nagiosOf([
    ...checksOf(reports).map(({ report, check }) => verdictOf(report, check)),
    ...uncheckedOf(reports).map((r) => r.verdict),
  ]);

/** @returns the line of a plugin that could not do its work, such as with a wrong command line: UNKNOWN. */
export const nagiosUnknown = (said: string): string => `MAILCHECK UNKNOWN - ${capped(plain(said), 3500)}\n`;

/** A pipe would begin the performance data, a newline the long output. */
const plain = (text: string) => oneLine(text).replaceAll('|', '\\x7c');

/** Nagios reads 8 KiB of a plugin: a value cut in two would be read wrong. */
const DATA_BYTES = 4500;

export const nagios: Reporter = {
  format: 'nagios',
  render(reports, words) {
    const placed = checksOf(reports);
    const unchecked = uncheckedOf(reports).map((r) => ({ verdict: r.verdict, said: uncheckedLine(r, words) }));
    const all = [...placed.map((p) => ({ verdict: verdictOf(p.report, p.check), said: told(p, words) })), ...unchecked];
    const said = ORDER.flatMap((v) => all.filter((p) => p.verdict === v)).map((p) => p.said);
    const times = new Map<string, number>();
    for (const { check } of placed) times.set(check.protocol, (times.get(check.protocol) ?? 0) + 1);
    let room = DATA_BYTES;
    const data = placed
      .flatMap(({ check }, i) => {
        const twice = (times.get(check.protocol) ?? 0) > 1;
        return perfdata(check, placed.length === 1 ? '' : `${check.protocol}_${twice ? `${i + 1}_` : ''}`);
      })
      .filter((item) => {
        room -= item.length + 1;
        return room > 0;
      });
    const text = said.length > 0 ? formatClauses(words, said) : plain(words.verdicts.inconclusive);
    return `MAILCHECK ${nagiosStatus(reports).word} - ${capped(text, 3500)}${data.length > 0 ? ` | ${data.join(' ')}` : ''}\n`;
  },
};

function told({ report, check }: Placed, words: Words): string {
  const main = mainFinding(check);
  const expectation = expected(report, words).map((e) => e.replace(/[.。]$/, ''));
  const verdict = verdictOf(report, check);
  const what = formatClauses(words, [
    `${words.protocols[check.protocol]} ${endpointOf(check)} ${words.verdicts[verdict]}`,
    ...expectation,
  ]);
  if (!main) return plain(what);
  const step = verdict === 'pass' ? undefined : main.fix[0]?.replace(/[.。]$/, '');
  const found = say(words, 'overview.found', { title: main.title, cause: main.cause });
  return plain(
    step === undefined ? say(words, 'nagios.found', { what, found }) : say(words, 'nagios.found-step', { what, found, step }),
  );
}

const uncheckedLine = (report: Report, words: Words) =>
  plain(formatClauses(words, [accountOf(report) ?? '', ...(report.warnings ?? [])]));

/** `label=value[unit];warn;crit;min;max`, in seconds and days; expiry within 30 days is the warning, past is critical. */
function perfdata(check: ReportCheck, prefix: string): string[] {
  const total = check.durationMs ?? check.stages.reduce((t, s) => t + s.durationMs, 0);
  const days = check.facts.certificates?.[0]?.daysLeft;
  const ran = check.stages.filter((s) => s.status !== 'skipped');
  return [
    `${prefix}time=${seconds(total)}s;;;0`,
    ...ran.map((s) => `${prefix}${s.stage}=${seconds(s.durationMs)}s;;;0`),
    ...(typeof days === 'number' ? [`${prefix}certificate_days=${days};30:;0:`] : []),
  ];
}

const seconds = (ms: number) => (ms / 1000).toFixed(3);

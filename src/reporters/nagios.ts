/** One line by the Monitoring Plugins guidelines: status, what was found, performance data. */
import type { Report, ReportCheck } from '../model/diagnosis.ts';
import type { Reporter } from '../model/reporter.ts';
import type { Verdict } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { capped, oneLine } from '../report/escape.ts';
import { checksOf } from '../report/group.ts';
import { formatClauses, say } from '../report/say.ts';
import { endpointOf, mainFinding } from './view.ts';

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

/** @returns the plugin's exit status for these reports; nothing checked is UNKNOWN. */
export function nagiosStatus(reports: readonly Report[]): NagiosStatus {
  const verdicts = checksOf(reports).map((p) => p.check.verdict);
  return STATUS[ORDER.find((v) => verdicts.includes(v)) ?? 'inconclusive'];
}

/** A pipe would begin the performance data, a newline the long output. */
const plain = (text: string) => oneLine(text).replaceAll('|', '\\x7c');

export const nagios: Reporter = {
  format: 'nagios',
  render(reports, words) {
    const placed = checksOf(reports);
    const told = ORDER.flatMap((v) => placed.filter((p) => p.check.verdict === v)).map((p) => told1(p.check, words));
    const data = placed.flatMap(({ check }, i) => {
      const twice = placed.filter((p) => p.check.protocol === check.protocol).length > 1;
      return perfdata(check, placed.length === 1 ? '' : `${check.protocol}_${twice ? `${i + 1}_` : ''}`);
    });
    const text = told.length > 0 ? formatClauses(words, told) : plain(words.verdicts.inconclusive);
    return `MAILCHECK ${nagiosStatus(reports).word} - ${capped(text, 3500)}${data.length > 0 ? ` | ${data.join(' ')}` : ''}\n`;
  },
};

function told1(check: ReportCheck, words: Words): string {
  const main = mainFinding(check);
  const what = `${words.protocols[check.protocol]} ${endpointOf(check)} ${words.verdicts[check.verdict]}`;
  if (!main) return plain(what);
  const step = main.fix[0]?.replace(/[.。]$/, '');
  const found = say(words, 'overview.found', { title: main.title, cause: main.cause });
  return plain(
    step === undefined ? say(words, 'nagios.found', { what, found }) : say(words, 'nagios.found-step', { what, found, step }),
  );
}

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

/** The progress of a run on a terminal: a bar, counts by verdict, rate and time left, on one line of stderr that is rewritten. */
import type { Verdict } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { formatDuration, formatNumber, say } from '../report/say.ts';
import { displayWidth } from '../reporters/layout.ts';

export interface RunProgress {
  /** One more account is done. */
  done(counts: Readonly<Record<Verdict, number>>): void;
  /** Writes a line of its own above the bar. */
  note(line: string): void;
  end(): void;
}

const BAR = 20;
/** Milliseconds between two drawings. */
const PACE = 100;
const CLEAR = '\r\u001b[2K';

/** @param total accounts, 0 where nobody knows. @returns a display that is silent where the stream is no terminal. */
export function runProgress(words: Words, total: number, stream: NodeJS.WriteStream = process.stderr): RunProgress {
  const live = stream.isTTY === true && process.env.TERM !== 'dumb';
  const begun = performance.now();
  let finished = 0;
  let drawn = Number.NEGATIVE_INFINITY;
  let line = '';
  return {
    done(counts) {
      finished += 1;
      const now = performance.now();
      if (!live || (now - drawn < PACE && finished < total)) return;
      drawn = now;
      line = barLine(words, { finished, total, counts, ms: now - begun });
      stream.write(`${CLEAR}${cut(line, (stream.columns ?? 80) - 1)}`);
    },
    note(text) {
      stream.write(live ? `${CLEAR}${text}\n${cut(line, (stream.columns ?? 80) - 1)}` : `${text}\n`);
    },
    end() {
      if (live) stream.write(CLEAR);
    },
  };
}

interface Standing {
  readonly finished: number;
  readonly total: number;
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Since the run began. */
  readonly ms: number;
}

/** @returns "█████░░░░░ 412/1,000  FAILED 12  PASSED 400  35 per second, 17 s left". */
export function barLine(words: Words, { finished, total, counts, ms }: Standing): string {
  const known = total > 0;
  const share = known ? Math.min(1, finished / total) : 0;
  const bar = known ? `${'█'.repeat(Math.round(share * BAR))}${'░'.repeat(BAR - Math.round(share * BAR))} ` : '';
  const place = known ? `${formatNumber(words, finished)}/${formatNumber(words, total)}` : formatNumber(words, finished);
  const told = (['fail', 'inconclusive', 'warn', 'pass'] as const)
    .filter((v) => counts[v] > 0)
    .map((v) => `${words.verdicts[v]} ${formatNumber(words, counts[v])}`);
  const rate = finished / Math.max(0.001, ms / 1000);
  const speed = say(words, 'run.rate', { n: formatNumber(words, rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate)) });
  const left = known && finished > 0 && finished < total ? Math.max(0, ((total - finished) / rate) * 1000) : undefined;
  const time = left === undefined ? '' : say(words, 'run.left', { time: clock(words, Math.ceil(left / 1000)) });
  return [`${bar}${place}`, ...told, [speed, time].filter((t) => t !== '').join(words.say['list.separator'] ?? ', ')].join('  ');
}

/** Seconds as such up to two minutes, beyond that as a clock has them. */
function clock(words: Words, seconds: number): string {
  if (seconds < 120) return formatDuration(words, seconds * 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** A line that is longer than the terminal would stay there when it is cleared. */
function cut(text: string, width: number): string {
  let out = '';
  let used = 0;
  for (const char of text) {
    used += displayWidth(char);
    if (used > Math.max(20, width)) break;
    out += char;
  }
  return out;
}

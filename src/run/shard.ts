/** One of several parallel jobs: `--shard 2/5`, or what CI systems tell their jobs. */
import { UsageError } from '../model/usage.ts';

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly total: number;
  /** The flag or the variables that said so. */
  readonly origin: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Pairs of variables, the first that is set counts. GitLab's `parallel` counts from 1. GitHub has no variables for a matrix: a
 * workflow sets ours from `strategy.job-index` and `strategy.job-total`, and those count from 0. An indexed Kubernetes Job sets its
 * index from 0; the manifest adds the number of completions.
 */
const PAIRS = [
  { index: 'MAILCHECK_SHARD_INDEX', total: 'MAILCHECK_SHARD_TOTAL', from: 0 },
  { index: 'CI_NODE_INDEX', total: 'CI_NODE_TOTAL', from: 1 },
  { index: 'JOB_COMPLETION_INDEX', total: 'JOB_COMPLETIONS', from: 0 },
] as const;

/** @returns the part of the accounts to check; undefined where all are. @throws UsageError */
export function shardOf(flag: string | undefined, env: Environment): Shard | undefined {
  if (flag !== undefined) return read(flag, '--shard');
  if (env.MAILCHECK_SHARD) return read(env.MAILCHECK_SHARD, 'MAILCHECK_SHARD');
  for (const { index, total, from } of PAIRS) {
    const [i, n] = [env[index], env[total]];
    if (i === undefined || i === '' || n === undefined || n === '') continue;
    const origin = `${index}, ${total}`;
    if (!/^\d{1,5}$/.test(i) || !/^\d{1,5}$/.test(n)) throw new UsageError(`${origin} are no numbers; write --shard PART/PARTS`);
    return checked(Number(i) + 1 - from, Number(n), origin);
  }
  return undefined;
}

function read(typed: string, origin: string): Shard | undefined {
  const m = /^(\d{1,5})\/(\d{1,5})$/.exec(typed.trim());
  if (!m) throw new UsageError(`${origin} takes PART/PARTS, such as 2/5`);
  return checked(Number(m[1]), Number(m[2]), origin);
}

function checked(index: number, total: number, origin: string): Shard | undefined {
  if (index < 1 || index > total) throw new UsageError(`${origin} takes PART/PARTS with PART from 1 to PARTS, such as 2/5`);
  return total === 1 ? undefined : { index, total, origin };
}

/** True where an account belongs to the part: by a hash of its key (FNV-1a), so that order and additions do not move the others. */
export function inShard(key: string, shard: Shard | undefined): boolean {
  if (!shard) return true;
  let h = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) h = Math.imul(h ^ key.charCodeAt(i), 0x01000193) >>> 0;
  // The last bits of FNV-1a are its weakest: mixed once more (murmur3's finaliser).
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b) >>> 0;
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) >>> 0;
  return ((h ^ (h >>> 16)) >>> 0) % shard.total === shard.index - 1;
}

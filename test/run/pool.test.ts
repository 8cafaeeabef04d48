/** Places: all and per host; who waits for a host that hangs takes nothing from the others (S-188, S-189). */
import { describe, expect, it } from 'vitest';
import { pool, slots } from '../../src/run/pool.ts';
import { inShard, shardOf } from '../../src/run/shard.ts';

const never = new AbortController().signal;
async function* from<T>(items: readonly T[]) {
  yield* items;
}
const tick = () => new Promise((r) => setImmediate(r));

describe('slots', () => {
  it('hold both limits under any load', async () => {
    const s = slots(5, 2);
    const held = new Map<string, number>();
    let [all, most, mostOfOne] = [0, 0, 0];
    await Promise.all(
      Array.from({ length: 300 }, async (_, i) => {
        const host = `h${i % 4}`;
        const leave = await s.enter(host);
        held.set(host, (held.get(host) ?? 0) + 1);
        all += 1;
        most = Math.max(most, all);
        mostOfOne = Math.max(mostOfOne, held.get(host) ?? 0);
        for (let n = 0; n < i % 3; n++) await tick();
        held.set(host, (held.get(host) ?? 0) - 1);
        all -= 1;
        leave?.();
        leave?.();
      }),
    );
    expect([most, mostOfOne, all]).toEqual([5, 2, 0]);
  });
  it('a host that hangs holds its own places only', async () => {
    const s = slots(4, 2);
    const hanging = Array.from({ length: 50 }, () => s.enter('hangs'));
    await Promise.all(hanging.slice(0, 2));
    for (let i = 0; i < 100; i++) (await s.enter(`ok${i % 3}`))?.();
    let third = false;
    void hanging[2]?.then(() => {
      third = true;
    });
    await tick();
    expect(third).toBe(false);
  });
  it('hosts take turns', async () => {
    const s = slots(1, 1);
    const first = await s.enter('a');
    const order: string[] = [];
    const work = ['a', 'a', 'a', 'b', 'c'].map(async (h) => {
      const leave = await s.enter(h);
      order.push(h);
      leave?.();
    });
    first?.();
    await Promise.all(work);
    expect(order.slice(0, 3).sort()).toEqual(['a', 'b', 'c']);
  });
  it('after the stop nobody waits and nobody enters', async () => {
    const s = slots(1, 1);
    await s.enter('a');
    const waiting = s.enter('a');
    s.stop();
    expect([await waiting, await s.enter('b')]).toEqual([undefined, undefined]);
  });
});

describe('pool', () => {
  it('takes from the stream only as places fall free', async () => {
    let [taken, running, most] = [0, 0, 0];
    async function* many() {
      for (let i = 0; i < 100; i++) {
        taken += 1;
        yield i;
      }
    }
    await pool(
      many(),
      7,
      async () => {
        running += 1;
        most = Math.max(most, running);
        expect(taken).toBeLessThanOrEqual(running + 100);
        await tick();
        running -= 1;
      },
      never,
    );
    expect([taken, most, running]).toEqual([100, 7, 0]);
  });
  it('ends what runs before it rejects, with the first failure, whether a job or the stream failed', async () => {
    let ended = 0;
    const work = async (n: number) => {
      await tick();
      ended += 1;
      if (n === 1) throw new Error('one');
    };
    await expect(pool(from([0, 1, 2]), 3, work, never)).rejects.toThrow('one');
    expect(ended).toBe(3);
    async function* broken() {
      yield 5;
      throw new Error('stream');
    }
    await expect(pool(broken(), 3, work, never)).rejects.toThrow('stream');
    expect(ended).toBe(4);
  });
  it('takes nothing new after the stop', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    await pool(
      from([1, 2, 3, 4]),
      1,
      async (n) => {
        seen.push(n);
        if (n === 2) stop.abort();
      },
      stop.signal,
    );
    expect(seen).toEqual([1, 2]);
  });
});

describe('shards', () => {
  it.each([
    ['2/5', {}, { index: 2, total: 5, origin: '--shard' }],
    ['1/1', { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '3' }, undefined],
    [undefined, {}, undefined],
    [undefined, { MAILCHECK_SHARD: '3/4' }, { index: 3, total: 4, origin: 'MAILCHECK_SHARD' }],
    [
      undefined,
      { MAILCHECK_SHARD_INDEX: '0', MAILCHECK_SHARD_TOTAL: '4' },
      { index: 1, total: 4, origin: 'MAILCHECK_SHARD_INDEX, MAILCHECK_SHARD_TOTAL' },
    ],
    [undefined, { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '3' }, { index: 2, total: 3, origin: 'CI_NODE_INDEX, CI_NODE_TOTAL' }],
    [
      undefined,
      { JOB_COMPLETION_INDEX: '4', JOB_COMPLETIONS: '5' },
      { index: 5, total: 5, origin: 'JOB_COMPLETION_INDEX, JOB_COMPLETIONS' },
    ],
    [undefined, { JOB_COMPLETION_INDEX: '4' }, undefined],
  ])('%s %j', (flag, env, wanted) => expect(shardOf(flag, env)).toEqual(wanted));
  it.each([['0/5'], ['6/5'], ['x'], ['2/0'], ['-1/5']])('%s is refused', (flag) =>
    expect(() => shardOf(flag, {})).toThrow('PART/PARTS'),
  );
  it('split the accounts without overlap, evenly, and independent of their order', () => {
    const keys = Array.from({ length: 10_000 }, (_, i) => `user${i}@example.com`);
    const counts = [1, 2, 3, 4, 5].map((index) => keys.filter((k) => inShard(k, { index, total: 5, origin: '' })).length);
    expect(counts.reduce((a, b) => a + b)).toBe(10_000);
    for (const n of counts) expect(Math.abs(n - 2000)).toBeLessThan(200);
    expect(keys.every((k) => inShard(k, undefined))).toBe(true);
  });
});

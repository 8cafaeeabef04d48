/** Many accounts: what one host does touches no other (S-188), limits hold (S-189), nothing leaks and memory stays flat (S-191). */
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { kitOf } from '../../src/kit.ts';
import type { Running } from '../../src/lab/server.ts';
import { sealSecret } from '../../src/model/secret.ts';
import { createShared } from '../../src/net/net.ts';
import { type RunEvent, type RunSettings, runAccounts } from '../../src/run/runner.ts';
import type { Entry } from '../../src/run/wishes.ts';
import { OPTIONS } from '../tools/live.ts';
import { accountOf, type Bench, bench, config, type Json, lines, until } from './cli.ts';

let b: Bench;
beforeAll(() => {
  b = bench();
});
afterAll(() => b.close());
const closers: (() => void)[] = [];
afterEach(() => {
  for (const c of closers.splice(0)) c();
});

/** A bare POP3 server on loopback that counts who is there at once. */
async function counting(greet: (s: Socket) => void): Promise<{ port: number; most: () => number; all: () => number }> {
  let [now, most, all] = [0, 0, 0];
  const sockets = new Set<Socket>();
  const server = createServer((s) => {
    now += 1;
    all += 1;
    most = Math.max(most, now);
    sockets.add(s);
    s.on('error', () => {});
    // A session is over for a server when it has said good-bye, however late the close is seen here.
    let over = false;
    const leave = () => {
      if (!over) now -= 1;
      over = true;
    };
    s.on('close', () => {
      leave();
      sockets.delete(s);
    });
    s.on('data', (d) => {
      const line = d.toString('latin1');
      if (/^CAPA/i.test(line)) s.write('+OK\r\nUSER\r\n.\r\n');
      else if (/^QUIT/i.test(line)) {
        leave();
        s.end('+OK\r\n');
      } else s.write('-ERR\r\n');
    });
    greet(s);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(() => {
    for (const s of sockets) s.destroy();
    server.close();
  });
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : 0, most: () => most, all: () => all };
}
const hello = (s: Socket) => void s.write('+OK ready\r\n');
const popAt = (port: number, i: number) => ({
  address: `u${i}@example.test`,
  pop: { host: '127.0.0.1', port, security: 'none' },
  until: 'capabilities',
});

/** Everything but times. */
const timeless = (report: Json): Json =>
  JSON.parse(
    JSON.stringify(report, (k, v) =>
      /^(startedAt|durationMs|ms|atMs)$/.test(k)
        ? 0
        : typeof v === 'string'
          ? v
              .replace(/\b\d+(\.\d+)? (ms|s)\b/g, 'T')
              .replace(/:\d{5}\b/g, ':P')
              .replace(/on \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, 'on T')
              .replace(/<\d+\.\d+\.\w+@/g, '<APOP@')
          : v,
    ),
  );

describe('S-188: one hostile host in a batch of fifty', () => {
  it('leaves the other 49 as single runs find them, and costs them no time', async () => {
    const kinds = [
      { protocol: 'imap' },
      { protocol: 'imap', certificate: 'expired' },
      { protocol: 'pop3' },
      { protocol: 'pop3', certificate: 'self-signed' },
      { protocol: 'smtp' },
      { protocol: 'smtp', replies: { EHLO: '502 no' } },
      { protocol: 'imap', greeting: '* BYE overloaded' },
    ] as const;
    const servers: Running[] = [];
    for (const kind of kinds) servers.push(await b.serve(kind));
    // The hostile host comes first, and often: everything that waits for it must not wait in the others' way.
    const hostile = await b.serve({ protocol: 'imap', tcp: 'silent' });
    const bad = Array.from({ length: 8 }, (_, i) =>
      accountOf(hostile, { name: `hostile${i}`, imap: { host: 'hostile.example.test' }, timeout: 8 }),
    );
    const others = Array.from({ length: 49 }, (_, i) => {
      const server = servers[i % servers.length];
      return server
        ? {
            ...accountOf(server),
            name: `n${i}`,
            [server.protocol === 'pop3' ? 'pop' : server.protocol]: { host: server.host, security: server.security },
          }
        : {};
    });
    b.file('batch.yaml', config([...bad, ...others], { concurrency: 8, 'per-host': 4, defaults: { timeout: 3 } }));
    const ran = await b.run(['run', 'batch.yaml', '--format', 'ndjson', '--no-control-probes']);
    const results = new Map(lines(ran.stdout).map((r) => [r.key, r]));
    expect(results.size).toBe(57);
    for (const name of bad.map((a) => String(a.name))) expect(results.get(name)?.cause).toBe('tls.handshake-timeout');
    // All 49 were done while the first four of the hostile host still hung, and the whole took no longer than that host has to.
    const order = lines(ran.stdout).map((r) => String(r.key));
    const last = order.findLastIndex((k) => /^n\d/.test(k));
    expect(order.slice(0, last).filter((k) => k.startsWith('hostile')).length).toBeLessThanOrEqual(4);
    expect(ran.ms).toBeLessThan(2 * 8000 + 10_000);
    const single = new Map<string, Json>();
    for (const [i, server] of servers.entries()) {
      b.file('single.yaml', config([{ ...others[i] }], { defaults: { timeout: 3 } }));
      const [line] = lines((await b.run(['run', 'single.yaml', '--format', 'ndjson', '--no-control-probes'])).stdout);
      single.set(server.protocol + server.port, timeless({ ...line, key: '' }));
    }
    for (let i = 0; i < 49; i++) {
      const server = servers[i % servers.length];
      expect(timeless({ ...results.get(`n${i}`), key: '' })).toEqual(single.get(`${server?.protocol}${server?.port}`));
    }
  }, 120_000);
});

describe('limits', () => {
  it('S-189: hold for one host and over all', async () => {
    const one = await counting((s) => void setTimeout(() => hello(s), 15));
    const accounts = Array.from({ length: 40 }, (_, i) => popAt(one.port, i));
    b.file('limits.yaml', config(accounts));
    const ran = await b.run(['run', 'limits.yaml', '--format', 'ndjson']);
    expect(lines(ran.stdout).map((r) => r.verdict)).toEqual(Array.from({ length: 40 }, () => 'warn'));
    expect([one.most(), one.all()]).toEqual([4, 40]);
    const servers = await Promise.all([1, 2, 3].map(() => counting((s) => void setTimeout(() => hello(s), 15))));
    b.file(
      'all.yaml',
      config(
        servers.flatMap((s) => Array.from({ length: 10 }, (_, i) => popAt(s.port, i))),
        { concurrency: 5, 'per-host': 3 },
      ),
    );
    await b.run(['run', 'all.yaml', '--format', 'ndjson']);
    for (const s of servers) expect(s.most()).toBeLessThanOrEqual(3);
    expect(servers.map((s) => s.all())).toEqual([10, 10, 10]);
  });
  it('a passing failure is tried again, another is not', async () => {
    let n = 0;
    const flaky = await counting((s) => {
      n += 1;
      if (n === 1) s.end('-ERR [SYS/TEMP] try again later\r\n');
      else hello(s);
    });
    b.file('flaky.yaml', JSON.stringify({ accounts: [popAt(flaky.port, 1)] }));
    const ran = await b.run(['run', 'flaky.yaml', '--format', 'ndjson', '--no-control-probes']);
    expect(lines(ran.stdout).map((r) => r.cause)).toEqual([null]);
    expect(flaky.all()).toBe(2);
    const closed = await b.serve({ protocol: 'imap', certificate: 'expired' });
    b.file('expired.yaml', JSON.stringify({ accounts: [accountOf(closed)], retries: 5 }));
    await b.run(['run', 'expired.yaml', '--no-control-probes']);
    expect(closed.connections).toBe(1);
  });
});

describe('a thousand accounts', () => {
  it('S-191: leave no socket, no listener and no warning behind', async () => {
    const server = await counting(hello);
    async function* entries(n: number): AsyncGenerator<Entry> {
      for (let i = 0; i < n; i++)
        yield {
          wishes: {
            name: `n${i}`,
            address: 'you@example.test',
            endpoints: { pop3: { host: '127.0.0.1', port: server.port, security: 'none' } },
            until: 'greeting',
            secret: { kind: 'inline', value: 'x', type: 'password' },
          },
        };
    }
    const warnings: string[] = [];
    const hear = (w: Error) => void warnings.push(String(w));
    process.on('warning', hear);
    const fds = () => readdirSync('/proc/self/fd').length;
    const [stop, hard] = [new AbortController(), new AbortController()];
    const settings: RunSettings = {
      concurrency: 32,
      perHost: 16,
      retries: 1,
      jitter: 0.001,
      done: { checked: new Map(), refused: new Map() },
      kit: kitOf([]),
      stop: stop.signal,
      signal: hard.signal,
      options: OPTIONS,
      net: { families: [4], transcript: false, env: {}, shared: createShared() },
      secretOf: async () => sealSecret('x'),
      netFor: () => ({}),
      sleep: (ms) => new Promise((r) => setTimeout(r, ms)),
      random: Math.random,
    };
    const counted: Record<string, number> = {};
    const give = async (e: RunEvent) => {
      counted[e.type] = (counted[e.type] ?? 0) + 1;
    };
    await runAccounts(entries(50), settings, give);
    await until(() => fds() < 100);
    const before = fds();
    await runAccounts(entries(1000), settings, give);
    await until(() => fds() <= before + 2);
    process.off('warning', hear);
    expect(counted).toEqual({ check: 1050, account: 1050 });
    expect(warnings).toEqual([]);
    expect(server.most()).toBeLessThanOrEqual(16);
  }, 120_000);
});

describe('a stream of rows', () => {
  it('S-191: takes flat memory, whatever the number of rows', async () => {
    const server = await counting(hello);
    const path = b.file('rows.csv', 'address,pop-host,pop-port,pop-security,until\n');
    const rows = 3000;
    appendFileSync(
      path,
      Array.from({ length: rows }, (_, i) => `user${i}@example.test,127.0.0.1,${server.port},none,greeting\n`).join(''),
    );
    const going = await b.start(
      ['run', 'rows.csv', '--format', 'ndjson', '--concurrency', '32', '--per-host', '32', '--no-control-probes'],
      { node: ['--max-semi-space-size=2'] },
    );
    let done = 0;
    const rss: number[] = [];
    const keys = new Set<string>();
    let rest = '';
    going.child.stdout?.on('data', (d: string) => {
      const parts = `${rest}${d}`.split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        done += 1;
        keys.add(JSON.parse(line).account.address);
        if (done % 250 === 0)
          rss.push(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${going.child.pid}/status`, 'utf8'))?.[1]) / 1024);
      }
    });
    const ran = await going.done;
    expect({ status: ran.status, stderr: ran.stderr, done, keys: keys.size }).toEqual({
      status: 0,
      stderr: '',
      done: rows,
      keys: rows,
    });
    const settled = rss.slice(3, 6);
    const late = rss.slice(-3);
    const mean = (x: readonly number[]) => x.reduce((p, q) => p + q, 0) / x.length;
    expect(Math.max(...rss)).toBeLessThan(500);
    expect(mean(late) / mean(settled)).toBeLessThan(1.35);
  }, 120_000);
  it('in one process costs no discovery twice: a domain is asked once', async () => {
    const server = await b.serve({ protocol: 'imap' });
    b.file(
      'domain.yaml',
      config(
        Array.from({ length: 6 }, (_, i) => ({
          address: `u${i}@nowhere.example.test`,
          checks: 'imap',
          resolver: server.resolver,
          timeout: 2,
        })),
      ),
    );
    const before = server.asked.length;
    const ran = await b.run(['run', 'domain.yaml', '--format', 'ndjson', '--no-control-probes']);
    expect(lines(ran.stdout)).toHaveLength(6);
    const asked = server.asked.slice(before).filter((q) => /^MX nowhere\.example\.test/.test(q));
    expect(asked.length).toBe(1);
    for (const [i, line] of lines(ran.stdout)
      .sort((x, y) => x.account.address.localeCompare(y.account.address))
      .entries()) {
      const text = JSON.stringify(line);
      for (let k = 0; k < 6; k++) if (k !== i) expect(text).not.toContain(`u${k}@nowhere`);
    }
  });
});

it('the folder is as it was but for what was asked for', () => {
  expect(readdirSync(b.folder).filter((f) => f.startsWith('.'))).toEqual([]);
  expect(join(b.folder, '')).toContain('mailcheck-run-');
});

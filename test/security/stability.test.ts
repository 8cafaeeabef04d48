/** The same script of the server gives the same report, twenty times over; and exit statuses that mean the same each time. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import { serve } from '../../src/lab/server.ts';
import type { Serve } from '../../src/model/cause.ts';
import { checkArgs, cli, newHome } from './cli.ts';
import { look, PROTOCOLS, raw, session } from './raw.ts';

let lab: Authority;
beforeAll(() => {
  lab = createAuthority();
});

/** What may differ from run to run, as documented: when, and how long. */
const TIMES = new Set(['startedAt', 'durationMs', 'ms', 'atMs', 'daysLeft']);
function timeless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(timeless);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .filter(([k]) => !TIMES.has(k))
        .map(([k, v]) => [k, timeless(v)]),
    );
  // Durations and dates inside sentences and proofs.
  return typeof value === 'string'
    ? value
        .replace(/\b\d+(?:[.,]\d+)? ?(?:ms|s|seconds?)\b/g, 'N ms')
        .replace(/\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?UTC|Z)?)?/g, 'DATE')
    : value;
}

const SCRIPTS: readonly (readonly [string, Omit<Serve, 'protocol'>])[] = [
  ['healthy', {}],
  ['healthy, STARTTLS', { security: 'starttls' }],
  ['a self-signed certificate', { certificate: 'self-signed' }],
  ['a missing intermediate', { certificate: 'incomplete-chain' }],
  ['no STARTTLS', { security: 'starttls', capabilities: { plain: [] } }],
  ['an alert', { tls: 'alert' }],
  ['a refused connection', { tcp: 'refuse' }],
  ['a close before the greeting', { tcp: 'close', security: 'starttls' }],
];

describe.each(PROTOCOLS)('%s', (protocol) => {
  it.each(SCRIPTS)(
    'S-193: %s: twenty runs give the same JSON, times aside',
    async (_name, faults) => {
      // Nothing of the server's own is random then: no APOP timestamp, no nonce.
      const greeting = { pop3: '+OK ready', imap: '* OK ready', smtp: '220 mail.example.test ESMTP' }[protocol];
      const tls = { pop3: ['SASL PLAIN', 'UIDL'], imap: ['IMAP4rev1', 'AUTH=PLAIN'], smtp: ['AUTH PLAIN'] }[protocol];
      const running = await serve(
        { protocol, greeting, ...faults, capabilities: { tls, ...faults.capabilities } },
        { authority: lab },
      );
      try {
        const seen = new Set<string>();
        for (let i = 0; i < 20; i++) {
          const { report } = await look(running.port, {
            protocol,
            security: running.security,
            ca: running.ca,
            password: running.password,
            options: { controlProbes: true },
          });
          seen.add(JSON.stringify(timeless(report)));
        }
        expect([...seen]).toHaveLength(1);
      } finally {
        await running.close();
      }
    },
    60_000,
  );
});

describe('the command line', () => {
  it('S-193: five runs of the program, too', async () => {
    const server = await raw(session('imap', { implicit: true }));
    const home = newHome();
    const seen = new Set<string>();
    for (let i = 0; i < 5; i++) {
      const ran = await cli([...checkArgs('imap', server.port, home), '--json', '--transcript', '--password-env', 'PW'], {
        in: home,
        env: { PW: 'x' },
      });
      seen.add(JSON.stringify(timeless(JSON.parse(ran.stdout))));
    }
    expect([...seen]).toHaveLength(1);
  }, 30_000);

  it('S-197: 0 passed, 1 a check failed, 2 wrong usage, 3 could not check, 70 our own error; each differs', async () => {
    const good = await raw(session('imap', { implicit: true }));
    const home = newHome();
    const env = { PW: 'x' };
    const status = async (args: readonly string[], more: Parameters<typeof cli>[1] = {}) =>
      (await cli(args, { in: home, env, ...more })).status;
    const args = [...checkArgs('imap', good.port, home), '--password-env', 'PW'];
    expect(await status(args)).toBe(0);
    expect(await status(checkArgs('imap', 1, home))).toBe(1);
    expect(await status(['imap', '--host', 'a b'])).toBe(2);
    expect(await status(['imap'])).toBe(2);
    const silent = await raw((io) => io.gone());
    const interrupted = await status(
      [...checkArgs('imap', silent.port, home).map((a, i, all) => (all[i - 1] === '--timeout' ? '20' : a))],
      {
        during: (child) => setTimeout(() => child.kill('SIGINT'), 2500),
      },
    );
    expect(interrupted).toBe(3);
    const { writeFileSync } = await import('node:fs');
    const preload = `${home.tmp}/throw.cjs`;
    writeFileSync(preload, `setTimeout(() => { throw new Error('x'); }, 700);\n`);
    expect(await status(checkArgs('imap', silent.port, home), { nodeArgs: ['-r', preload] })).toBe(70);
  }, 40_000);
});

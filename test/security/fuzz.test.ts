/**
 * Ten thousand fuzzed sessions with fixed seeds, and whole sessions that close, stall or are reset after each byte. Always one
 * definite verdict, never a hang, never a stray rejection. `MAILCHECK_FUZZ=100000` runs as many, from `MAILCHECK_FUZZ_SEED` on.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type End, indefinite, lanes, relay, slot } from './fuzz.ts';
import { look, PROTOCOLS, raw, session } from './raw.ts';

const SESSIONS = Number(process.env.MAILCHECK_FUZZ ?? 10_000);
const FIRST = Number(process.env.MAILCHECK_FUZZ_SEED ?? 1);
const LONG = process.env.MAILCHECK_FUZZ !== undefined;
const WIDTH = 24;

const stray: unknown[] = [];
const note = (error: unknown) => void stray.push(error);
beforeAll(() => {
  process.on('unhandledRejection', note).on('uncaughtException', note);
});
afterAll(() => {
  process.off('unhandledRejection', note).off('uncaughtException', note);
});

describe('fuzzed sessions', () => {
  it.each(PROTOCOLS)(
    'S-195: %s: random and bent bytes in place of each line end in one definite verdict',
    async (protocol) => {
      const seeds = Array.from({ length: Math.ceil(SESSIONS / PROTOCOLS.length) }, (_, i) => FIRST + i);
      const bad: string[] = [];
      const causes = new Set<string | null>();
      await lanes(seeds, WIDTH, async () => {
        const at = await slot(protocol);
        return async (seed) => {
          const timeoutMs = 150;
          try {
            const seen = await at(seed, { security: 'none', timeoutMs, options: { insecureAuth: true } });
            causes.add(seen.cause);
            // Stages, one good-bye, and a machine that is busy.
            const why = indefinite(seen, timeoutMs * 8 + 5000);
            if (why !== undefined) bad.push(`seed ${seed}: ${why}`);
          } catch (error) {
            bad.push(`seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`);
          }
        };
      });
      expect(bad.slice(0, 10)).toEqual([]);
      expect(stray).toEqual([]);
      // It was a real walk, not one refusal over and over.
      expect(causes.size).toBeGreaterThan(5);
      expect(causes).toContain(null);
    },
    LONG ? 3_600_000 : 120_000,
  );
});

const ENDS: readonly End[] = ['closes', 'stalls', 'resets'];

describe.each(PROTOCOLS)('%s: a session that is cut', (protocol) => {
  const cuts = async (security: 'none' | 'tls' | 'starttls', step: (bytes: number) => number) => {
    const plain = { pop3: ['SASL PLAIN', 'UIDL', 'USER'], imap: ['IMAP4rev1', 'AUTH=PLAIN', 'SASL-IR'], smtp: ['AUTH PLAIN'] };
    const server = await raw(
      session(protocol, { implicit: security === 'tls', ...(security === 'none' ? { plain: plain[protocol] } : {}) }),
    );
    const asked = { protocol, security, options: { insecureAuth: security === 'none' } } as const;
    const whole = await relay(server.port);
    const first = await look(whole.port, asked);
    expect(['pass', 'warn']).toContain(first.check.diagnosis.verdict);
    const length = whole.passed();
    const jobs = Array.from({ length: Math.floor(length / step(length)) }, (_, i) => i * step(length)).flatMap((bytes) =>
      ENDS.map((end) => ({ bytes, end })),
    );
    const bad: string[] = [];
    await lanes(jobs, WIDTH, async () => {
      const way = await relay(server.port);
      return async ({ bytes, end }) => {
        way.after(bytes, end);
        const seen = await look(way.port, { ...asked, timeoutMs: end === 'stalls' ? 150 : 3000 });
        const why = indefinite(seen, 12_000);
        if (why !== undefined) bad.push(`${end} after ${bytes} of ${length} bytes: ${why}`);
      };
    });
    expect(bad.slice(0, 10)).toEqual([]);
    expect(stray).toEqual([]);
    return jobs.length;
  };

  it('S-087 S-195: in the clear, after each byte: closes, stalls, resets', async () => {
    expect(await cuts('none', () => 1)).toBeGreaterThan(200);
  }, 120_000);

  it(
    'S-087 S-195: over TLS, and where TLS begins, at a hundred places or after each byte in the long run',
    async () => {
      const step = (bytes: number) => (LONG ? 1 : Math.max(1, Math.floor(bytes / 50)));
      expect(await cuts('tls', step)).toBeGreaterThan(100);
      expect(await cuts('starttls', step)).toBeGreaterThan(100);
    },
    LONG ? 3_600_000 : 120_000,
  );
});

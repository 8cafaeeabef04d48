/** Several senders, each to the end: one that is refused on the way does not hide what becomes of the others. */
import { describe, expect, it } from 'vitest';
import { type Io, look, raw, session } from '../security/raw.ts';

const FROM = ['a@example.test', 'b@example.test', 'c@example.test'];

/** Refuses what `refuse` gives a reply for: the sender, the command, and how often this sender has said MAIL. */
async function sent(refuse: (from: string, verb: string, times: number) => string | undefined) {
  const times = new Map<string, number>();
  let from = '';
  let body = false;
  const server = await raw(
    session('smtp', {
      implicit: true,
      on: async (command, io: Io) => {
        if (body) {
          if (command !== '.') return true;
          body = false;
          io.say(`${refuse(from, '.', times.get(from) ?? 0) ?? '250 2.0.0 queued'}\r\n`);
          return true;
        }
        from = /^MAIL FROM:<([^>]*)/.exec(command)?.[1] ?? from;
        const verb = command.split(/[ :]/, 1)[0] ?? '';
        if (verb === 'MAIL') times.set(from, (times.get(from) ?? 0) + 1);
        const no = refuse(from, verb, times.get(from) ?? 0);
        if (no === undefined) {
          body = verb === 'DATA';
          return false;
        }
        io.say(`${no}\r\n`);
        return true;
      },
    }),
  );
  const { check, report, cause } = await look(server.port, {
    protocol: 'smtp',
    security: 'tls',
    from: FROM,
    options: { send: true },
  });
  const cells = report.checks[0]?.facts.senders?.filter((s) => s.depth === 'data') ?? [];
  const status = check.stages.find((s) => s.stage === 'send')?.status;
  return {
    cause,
    status,
    accepted: cells.filter((c) => c.accepted).map((c) => c.from),
    refused: cells.filter((c) => !c.accepted).map((c) => c.from),
  };
}

describe('--send with three senders', () => {
  it('all accepted', async () => {
    expect(await sent(() => undefined)).toEqual({ cause: null, status: 'pass', accepted: FROM, refused: [] });
  });

  it.each([
    ['at MAIL of the message', 'MAIL', '450 4.7.1 Sending rate limit exceeded', 'policy.rate-limited'],
    ['at RCPT of the message', 'RCPT', '452 4.5.3 Too many recipients', 'policy.rate-limited'],
    ['at DATA', 'DATA', '550 5.7.60 Client does not have permissions to send as this sender', 'sender.not-owned'],
    ['at the end of the message', '.', '553 Relaying disallowed as b@example.test', 'sender.not-owned'],
  ])('the second refused %s', async (_where, verb, reply, wanted) => {
    const result = await sent((from, v, times) => (from.startsWith('b') && v === verb && times === 2 ? reply : undefined));
    expect(result).toEqual({
      cause: wanted,
      status: 'fail',
      accepted: ['a@example.test', 'c@example.test'],
      refused: ['b@example.test'],
    });
  });
});

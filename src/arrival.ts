/** `--arrival`: after the test message was taken, the receiving side is asked whether it came, and how long it took. */
import { checkService } from './check.ts';
import type { CheckupRequest } from './checkup.ts';
import type { Check } from './model/diagnosis.ts';
import type { Evidence } from './model/evidence.ts';
import { createNet } from './net/net.ts';
import { arrivalStage } from './probes/arrival.ts';
import { settle, type Told } from './settle/settle.ts';

/** Seconds that a message to oneself may take; providers deliver within a few. */
export const PATIENCE_S = 60;
const POP_PAUSE_MS = 5000;

/**
 * @param check the finished submission check.
 * @param incoming where to look: the account's IMAP or POP3 service with its secret.
 * @returns the check with the time of arrival on each message that was seen. One log-in for IMAP; POP3 needs one for each look.
 */
export async function awaitArrival(check: Check, incoming: Told, request: CheckupRequest): Promise<Check> {
  const sent = check.evidence.filter((e) => e.kind === 'sender' && e.messageId !== undefined);
  if (sent.length === 0) return check;
  const { service, preset } = settle(incoming, request.offers ?? []);
  // --connect-to stands for the submission server alone.
  const { connectTo: _there, ...world } = request.net;
  const net = createNet({
    ...world,
    signal: request.signal,
    secrets: service.secret ? [service.secret] : [],
    users: service.user ? [service.user] : [],
    transcript: false,
  });
  const sentAt = net.now();
  const seen = new Map<string, number>();
  const open = () =>
    sent.flatMap((e) => (e.kind === 'sender' && e.messageId !== undefined && !seen.has(e.messageId) ? [e.messageId] : []));
  const extra = () =>
    open().map((messageId) =>
      arrivalStage({ messageId, sentAt, patienceS: PATIENCE_S, seen: (s) => void seen.set(messageId, s) }),
    );
  const options = { ...request.options, until: 'auth' as const, send: false, controlProbes: false };
  try {
    for (;;) {
      const looked = await checkService({
        service,
        options,
        preset,
        consumer: undefined,
        kit: request.kit,
        net,
        settled: [],
        extra: extra(),
      });
      const over = service.protocol === 'imap' || looked.diagnosis.root !== undefined || request.signal.aborted;
      if (over || open().length === 0 || net.now() - sentAt > PATIENCE_S * 1000) break;
      await net.sleep(POP_PAUSE_MS);
    }
  } finally {
    await net.close();
  }
  const evidence = check.evidence.map((e): Evidence => {
    const after = e.kind === 'sender' && e.messageId !== undefined ? seen.get(e.messageId) : undefined;
    return e.kind === 'sender' && after !== undefined ? { ...e, arrivedAfterS: after } : e;
  });
  return { ...check, evidence };
}

/** How long a consumer's first retrieval takes: cycles of so many messages at its interval (`--client`). */
import type { Session } from '../model/stage.ts';

/** @returns cycles and minutes; undefined where no consumer was named or nothing is to be fetched. */
export function retrievalOf(session: Session, messages: number | undefined): { cycles: number; minutes: number } | undefined {
  const consumer = session.consumer;
  if (!consumer || messages === undefined) return undefined;
  const cycles = Math.ceil(messages / consumer.messagesPerCycle);
  return { cycles, minutes: Math.max(0, cycles - 1) * consumer.intervalMinutes };
}

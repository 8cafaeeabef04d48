/** Looking for the test message at the receiving side: IMAP by SEARCH (RFC 9051 §6.4.4), POP3 by the header of the newest messages. */
import type { Command } from '../model/net.ts';
import type { Session, Stage } from '../model/stage.ts';
import { ask, nextTag } from './talk.ts';

/** Seconds between two looks, and messages that POP3 looks at from the newest down. */
const PAUSE_S = 3;
const NEWEST = 5;

export interface Sought {
  readonly messageId: string;
  /** Called once, with the seconds since `sentAt`. */
  readonly seen: (afterS: number) => void;
  /** Monotonic milliseconds. */
  readonly sentAt: number;
  readonly patienceS: number;
}

/** @returns a stage that looks until the message is there, the patience ends or the run is interrupted. Nothing is marked as read. */
export function arrivalStage(sought: Sought): Stage {
  return {
    name: 'mailbox',
    ready: (_facts, session) => (session.line?.channel === 'authenticated' ? true : { id: 'not-logged-in' }),
    async run(session) {
      const { net } = session;
      const look = session.service.protocol === 'imap' ? searchImap : searchPop3;
      const end = net.now() + sought.patienceS * 1000;
      if (session.service.protocol === 'imap') {
        const box = await ask(session, 'mailbox', { text: `${nextTag(session)} EXAMINE INBOX`, reply: 'imap' }, { quiet: true });
        if (box?.reply.status !== 'ok') return;
      }
      for (;;) {
        net.deadline(session.options.timeoutMs);
        const found = await look(session, sought.messageId);
        if (found) sought.seen(Math.max(0, Math.round((net.now() - sought.sentAt) / 1000)));
        // A POP3 maildrop stands still while it is open (RFC 1939 §3): one look a session.
        if (
          found ||
          found === undefined ||
          session.service.protocol === 'pop3' ||
          net.signal.aborted ||
          net.now() + PAUSE_S * 1000 > end
        )
          return;
        await net.sleep(PAUSE_S * 1000);
      }
    },
  };
}

/** @returns whether it is there; undefined where the conversation broke. */
async function searchImap(session: Session, id: string): Promise<boolean | undefined> {
  const quoted = id.replace(/[\\"]/g, '\\$&');
  const answer = await ask(
    session,
    'mailbox',
    { text: `${nextTag(session)} UID SEARCH HEADER Message-ID "${quoted}"`, reply: 'imap' },
    { quiet: true },
  );
  if (!answer) return undefined;
  if (answer.reply.status !== 'ok') return undefined;
  return answer.reply.body.some((l) => /^SEARCH( \d+)+/i.test(l));
}

async function searchPop3(session: Session, id: string): Promise<boolean | undefined> {
  const stat = await ask(session, 'mailbox', { text: 'STAT', reply: 'pop3' }, { quiet: true });
  const count = Number(/^(\d{1,9})/.exec(stat?.reply.text ?? '')?.[1] ?? Number.NaN);
  if (!Number.isFinite(count)) return undefined;
  for (let n = count; n > Math.max(0, count - NEWEST); n--) {
    const top: Command = { text: `TOP ${n} 0`, reply: 'pop3-multi' };
    const answer = await ask(session, 'mailbox', top, { quiet: true });
    if (!answer) return undefined;
    if (answer.reply.body.some((l) => /^message-id:/i.test(l) && l.includes(id))) return true;
  }
  return false;
}

/** One TCP connection to one address, with its outcome by errno (POSIX connect(2)); through a proxy where one is set. */
import { createConnection, isIP, type Socket } from 'node:net';
import type { ConnectOutcome } from '../model/evidence.ts';
import type { Clock } from './clock.ts';

export interface Opened {
  readonly outcome: ConnectOutcome;
  /** Where it opened; an error listener is on it already, so that a late error never crashes. */
  readonly socket?: Socket;
  readonly code?: string;
  readonly detail?: string;
}

export const OUTCOMES: Readonly<Record<string, ConnectOutcome>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  ENETUNREACH: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENONET: 'unreachable',
  EAFNOSUPPORT: 'unreachable',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  EACCES: 'denied',
  EPERM: 'denied',
  EADDRNOTAVAIL: 'no-source',
};

/** The code of a system error; undefined where it has none. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const ignore = () => {};

/**
 * Opens a connection. @param at absolute deadline, as `clock` counts.
 * @returns never rejects; the socket has noDelay set and is not read from until somebody listens.
 */
export function openTcp(address: string, port: number, clock: Clock, at: number): Promise<Opened> {
  return new Promise((resolve) => {
    let socket: Socket;
    const begun = clock.now();
    try {
      socket = createConnection({ host: address, port, noDelay: true, autoSelectFamily: false });
    } catch (error) {
      // A port or address that Node itself refuses.
      resolve({ outcome: 'failed', ...(codeOf(error) ? { code: codeOf(error) ?? '' } : {}), detail: messageOf(error) });
      return;
    }
    // Nothing is taken from the kernel before a reader or TLS asks: TLS must see every byte.
    socket.pause();
    const off = clock.wait(at, (why) => {
      socket.removeListener('connect', open);
      socket.destroy();
      resolve(
        why === 'timeout'
          ? { outcome: 'timeout', code: 'ETIMEDOUT', detail: `no answer within ${Math.round(clock.now() - begun)} ms` }
          : { outcome: 'failed', code: 'ABORT_ERR', detail: 'interrupted' },
      );
    });
    const open = () => {
      off();
      socket.removeListener('error', fail);
      socket.on('error', ignore);
      resolve({ outcome: 'open', socket });
    };
    const fail = (error: Error) => {
      off();
      const code = codeOf(error);
      resolve({
        outcome: (code && OUTCOMES[code]) || 'failed',
        ...(code ? { code } : {}),
        detail: error.message,
      });
    };
    socket.once('connect', open);
    socket.on('error', fail);
  });
}

/** The family by which an address is shown; names (a proxy resolves them) count as IPv4. */
export const familyOf = (address: string): 4 | 6 => (isIP(address) === 6 ? 6 : 4);

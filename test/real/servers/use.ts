/** One Dovecot at a time for the tests of a file: started by the test that needs it, ended after it. */
import { afterEach, beforeAll } from 'vitest';
import { type Authority, createAuthority } from '../../../src/lab/authority.ts';
import type { Check } from '../../../src/model/diagnosis.ts';
import type { Security } from '../../../src/model/terms.ts';
import { type Asked, check } from '../client.ts';
import { type Dovecot, type DovecotOptions, startDovecot } from './dovecot.ts';

export const BOTH = ['pop3', 'imap'] as const;
export type Incoming = (typeof BOTH)[number];

export const placeOf = (server: Dovecot, protocol: Incoming, security: Security) =>
  security === 'tls' ? server[`${protocol}s`] : server[protocol];

/** @returns the check of one service of that server; over implicit TLS, where nothing else is said. */
export const visit = async (server: Dovecot, protocol: Incoming, more: Partial<Asked> = {}): Promise<Check> =>
  await check({ protocol, security: 'tls', place: placeOf(server, protocol, more.security ?? 'tls'), ca: server.ca, ...more });

/** To be called once in a file, outside of its tests. */
export function useDovecot(): (options?: Partial<DovecotOptions>) => Promise<Dovecot> {
  let authority: Authority;
  let running: Dovecot | undefined;
  beforeAll(() => {
    authority = createAuthority();
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });
  return async (options = {}) => {
    running = await startDovecot({ authority, ...options });
    return running;
  };
}

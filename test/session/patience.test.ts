/** A refusal that is held back, as Dovecot holds it after failures from the same address, is still the refusal and no dead server. */
import { expect, it } from 'vitest';
import { look, PROTOCOLS, raw, session } from '../security/raw.ts';

const NO = {
  pop3: () => '-ERR [AUTH] Authentication failed.\r\n',
  imap: (tag: string) => `${tag} NO [AUTHENTICATIONFAILED] Authentication failed.\r\n`,
  smtp: () => '535 5.7.8 Authentication failed\r\n',
};

it.concurrent.each(PROTOCOLS)('%s: beyond the ten seconds of a stage', async (protocol) => {
  const server = await raw(
    session(protocol, {
      implicit: true,
      on: async (command, io, tag) => {
        if (!/^(?:AUTH|AUTHENTICATE|LOGIN|PASS)\b/.test(command)) return false;
        await io.wait(10_300);
        io.say(NO[protocol](tag));
        return true;
      },
    }),
  );
  const { cause } = await look(server.port, { protocol, security: 'tls', timeoutMs: 10_000 });
  expect(cause).toBe('auth.credentials-rejected');
});

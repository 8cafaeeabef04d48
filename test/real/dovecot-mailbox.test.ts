/** Real Dovecot lets the account in and then refuses the mailbox, or the connection: log-in accepted is not account usable. */
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { expectCause } from './client.ts';
import { HOST, PASSWORD, USER } from './servers/dovecot.ts';
import { missing } from './servers/installed.ts';
import type { Place } from './servers/process.ts';
import { BOTH, useDovecot, visit } from './servers/use.ts';

const start = useDovecot();

/** A session of somebody else's: logs in and stays, until ended. */
async function stay(place: Place, protocol: 'pop3' | 'imap'): Promise<TLSSocket> {
  const socket = connect({ host: place.address, port: place.port, servername: HOST, rejectUnauthorized: false });
  const line = () =>
    new Promise<string>((resolve, reject) => socket.once('data', (d) => resolve(String(d))).once('error', reject));
  await line();
  const say = async (text: string) => {
    const answer = line();
    socket.write(`${text}\r\n`);
    return await answer;
  };
  if (protocol === 'pop3') await say(`USER ${USER}`);
  const last = await say(protocol === 'pop3' ? `PASS ${PASSWORD}` : `s1 LOGIN ${USER} "${PASSWORD}"`);
  if (!/^(\+OK|s1 OK|\* CAPABILITY)/m.test(last)) throw new Error(`the first session was refused: ${last}`);
  return socket;
}

/** A mail folder that is there, but not for the one who reads. */
const closed = (folder: string) => {
  const box = join(folder, 'mail', USER);
  mkdirSync(box);
  chownSync(box, 0, 0);
  chmodSync(box, 0o700);
};

describe.skipIf(missing('dovecot'))('Dovecot, mailbox', () => {
  it('another session holds the maildrop', async () => {
    const server = await start({ more: () => 'protocol pop3 {\n  pop3_lock_session = yes\n}' });
    const other = await stay(server.pop3s, 'pop3');
    try {
      // Dovecot waits ten to thirteen seconds for the lock before it says so; the time that a check has by default must do.
      expectCause(await visit(server, 'pop3', { options: { timeoutMs: 10_000 } }), 'mailbox.in-use');
    } finally {
      other.destroy();
    }
  });

  it.each(BOTH)('%s: too many connections of the account', async (protocol) => {
    const server = await start({ set: { mail_max_userip_connections: '1' } });
    const other = await stay(server[`${protocol}s`], protocol);
    try {
      expectCause(await visit(server, protocol), 'policy.connection-limit');
    } finally {
      other.destroy();
    }
  });

  it.each(BOTH)('%s: the mail folder cannot be read', async (protocol) => {
    expectCause(await visit(await start({ prepare: closed }), protocol), 'mailbox.unusable');
  });

  it.each(BOTH)('%s: the place of the mailboxes makes no sense', async (protocol) => {
    expectCause(await visit(await start({ set: { mail_location: 'no-such-format:/nowhere' } }), protocol), 'mailbox.unusable');
  });

  it.each(BOTH)(
    '%s: the account has a password but no place of its own: the server hangs up without a word',
    async (protocol) => {
      const userdb = (folder: string) => `userdb {\n  driver = passwd-file\n  args = ${folder}/nobody\n}`;
      const prepare = (folder: string) => writeFileSync(join(folder, 'nobody'), '');
      expectCause(await visit(await start({ userdb, prepare }), protocol), 'server.unavailable');
    },
  );

  it('imap: an access list closes INBOX', async () => {
    const server = await start({
      prepare: (folder) => writeFileSync(join(folder, 'acl'), 'INBOX owner\n'),
      more: (folder) =>
        `mail_plugins = acl\nplugin {\n  acl = vfile:${folder}/acl\n}\nprotocol imap {\n  mail_plugins = acl imap_acl\n}`,
    });
    expectCause(await visit(server, 'imap'), 'mailbox.unusable');
  });

  it('imap: the quota is told', async () => {
    const server = await start({
      more: () =>
        'mail_plugins = quota\nplugin {\n  quota = maildir:Mailbox\n  quota_rule = *:storage=10M\n}\nprotocol imap {\n  mail_plugins = quota imap_quota\n}',
    });
    const made = await visit(server, 'imap');
    expectCause(made, null);
    expect(made.evidence.flatMap((e) => (e.kind === 'mailbox' ? [e.quota] : []))[0]).toContain('STORAGE');
  });
});

import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { createAccount } from '../../src/lab/account.ts';
import { type Running, serve } from '../../src/lab/server.ts';
import { plain, secure } from './client.ts';

let running: Running;
afterEach(() => running.close());

const OK = /^\+OK[^\r\n]*\r\n/m;
const LINE = /^(\+OK|-ERR)[^\r\n]*\r\n/m;
const DOT = /\r\n\.\r\n/;

describe('the POP3 server', () => {
  it('goes through a whole session, byte for byte pipelined', async () => {
    running = await serve({ protocol: 'pop3' });
    const c = await secure(running);
    const lines = ['CAPA', 'USER you@example.test', 'PASS correct horse battery', 'STAT', 'LIST', 'UIDL', 'TOP 1 0', 'RETR 3'];
    c.write([...lines, 'NOOP', 'RSET', 'XYZZY', 'QUIT', ''].join('\r\n'));
    const all = await c.until(/Logging out\.\r\n/);
    expect(all).toMatch(/^\+OK mail\.example\.test POP3 ready <[^<>@ ]+@mail\.example\.test>\r\n/);
    for (const capability of ['SASL PLAIN LOGIN', 'UIDL', 'TOP', 'PIPELINING', 'RESP-CODES', 'AUTH-RESP-CODE', 'EXPIRE NEVER']) {
      expect(all).toContain(`\r\n${capability}`);
    }
    expect(all).not.toContain('STLS');
    const sizes = running.messages.map((m) => m.raw.length);
    expect(all).toContain(`+OK 3 ${sizes.reduce((a, b) => a + b)}\r\n`);
    expect(all).toContain(`+OK 3 messages\r\n1 ${sizes[0]}\r\n2 ${sizes[1]}\r\n3 ${sizes[2]}\r\n.\r\n`);
    expect(all).toContain('\r\n1 lab00000001\r\n2 lab00000002\r\n3 lab00000003\r\n.\r\n');
    expect(all).toMatch(/Subject: Welcome to the lab\r\n(?:[^\r\n]+\r\n)+\r\n\.\r\n/);
    expect(all).toContain('Subject: A third message');
    expect(all).toContain('-ERR Unknown command.');
    expect(await c.over).toBe('end');
    expect(running.received).toEqual([...lines, 'NOOP', 'RSET', 'XYZZY', 'QUIT']);
    expect(running.connections).toBe(1);
  });

  it('is the same when every byte comes alone', async () => {
    running = await serve({ protocol: 'pop3', security: 'none' });
    const c = plain(running);
    c.socket.setNoDelay(true);
    await c.until(OK);
    for (const byte of 'USER you@example.test\r\nPASS correct horse battery\r\nQUIT\r\n') {
      await new Promise<void>((resolve) => c.socket.write(byte, () => resolve()));
    }
    expect(await c.until(/Logging out/)).toMatch(/^\+OK\r\n\+OK Logged in\.\r\n/);
  });

  it('logs nobody in with a wrong password, user or APOP digest', async () => {
    running = await serve({ protocol: 'pop3' });
    const c = await secure(running);
    const timestamp = /<[^>]+>/.exec(await c.until(OK))?.[0] ?? '';
    expect(await c.ask('STAT', LINE)).toBe('-ERR Log in first.\r\n');
    await c.ask('USER you@example.test', LINE);
    expect(await c.ask('PASS wrong', LINE)).toBe('-ERR [AUTH] Authentication failed.\r\n');
    expect(await c.ask('PASS correct horse battery', LINE)).toBe('-ERR No user name given.\r\n');
    await c.ask('USER them@example.test', LINE);
    expect(await c.ask('PASS correct horse battery', LINE)).toMatch(/^-ERR/);
    const digest = (password: string) =>
      createHash('md5')
        .update(timestamp + password)
        .digest('hex');
    expect(await c.ask(`APOP you@example.test ${digest('wrong')}`, LINE)).toMatch(/^-ERR \[AUTH\]/);
    expect(await c.ask(`APOP you@example.test ${digest('correct horse battery')}`, LINE)).toMatch(/^\+OK/);
    expect(await c.ask('STAT', LINE)).toMatch(/^\+OK 3 /);
    c.close();
  });

  it('deletes at QUIT and not before, and not after RSET', async () => {
    const account = createAccount();
    running = await serve({ protocol: 'pop3', security: 'none' }, { account });
    const login = 'USER you@example.test\r\nPASS correct horse battery\r\n';
    const first = plain(running);
    first.write(`${login}DELE 2\r\nLIST\r\nRSET\r\nDELE 1\r\nRETR 1\r\nSTAT\r\n`);
    const said = await first.until(/no such message\.\r\n\+OK 2 \d+\r\n/);
    expect(said).toMatch(/\+OK 2 messages\r\n1 \d+\r\n3 \d+\r\n\.\r\n/);
    expect(account.messages).toHaveLength(3);
    await first.ask('QUIT', /Logging out\./);
    await first.over;
    expect(account.messages.map((m) => m.uid)).toEqual([2, 3]);
    const second = plain(running);
    second.write(`${login}UIDL\r\n`);
    expect(await second.until(/3\r\n\.\r\n/)).toContain('\r\n1 lab00000002\r\n');
    second.close();
  });

  it('upgrades by STLS, refuses passwords before it and forgets what was said before it', async () => {
    running = await serve({ protocol: 'pop3', security: 'starttls' });
    const c = plain(running);
    await c.until(OK);
    const before = await c.ask('CAPA', DOT);
    expect(before).toContain('\r\nSTLS\r\n');
    expect(before).not.toContain('SASL');
    expect(await c.ask('USER you@example.test', LINE)).toMatch(/^-ERR \[AUTH\] Plaintext/);
    expect(await c.ask('AUTH PLAIN', LINE)).toMatch(/^-ERR/);
    c.write('STLS\r\nUSER smuggled\r\n');
    await c.until(OK);
    const s = await c.upgrade();
    const after = await s.ask('CAPA', DOT);
    expect(after).toContain('SASL PLAIN');
    expect(after).not.toContain('STLS');
    expect(await s.ask('STLS', LINE)).toMatch(/^-ERR/);
    expect(running.received).not.toContain('USER smuggled');
    s.close();
  });

  it('takes UTF-8 in names and passwords', async () => {
    const account = createAccount({ user: 'jörg@example.test', password: 'pässwörd 密码' });
    running = await serve({ protocol: 'pop3' }, { account });
    const c = await secure(running);
    c.write('USER jörg@example.test\r\nPASS pässwörd 密码\r\n');
    await c.until(/Logged in\./);
    expect(running.received.at(-1)).toBe('PASS pässwörd 密码');
    c.close();
  });
});

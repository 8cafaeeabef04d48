import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/causes/index.ts';
import { createAuthority } from '../../src/lab/authority.ts';
import { checkCommand, checkEnvironment, scenarios } from '../../src/lab/scenarios.ts';
import { atOnce, readScript, scripted } from '../../src/lab/script.ts';
import { serve } from '../../src/lab/server.ts';
import type { Cause, Serve } from '../../src/model/cause.ts';

const cause = (id: string, faults?: Serve): Cause => ({
  ...{ id, category: 'connection', stage: 'connect', owner: 'you', severity: 'error' },
  words: { title: `Title of ${id}`, meaning: '', fix: [] },
  ...{ links: [], rules: [], test: '' },
  example: faults ? { paste: 'x', serve: faults } : { paste: 'x', unserved: 'nobody can' },
});

/** The command for one way to serve, with what changes from run to run put aside. */
async function command(faults: Serve): Promise<string> {
  const [scenario] = scenarios([cause('x.y', faults)]).slice(-1);
  if (!scenario) throw new Error('no scenario');
  const running = await serve(faults);
  try {
    return checkCommand(scenario, running)
      .join(' ')
      .replace(running.caFile, 'CA')
      .replace(running.resolver, 'DNS')
      .replace(`:${running.port}`, ':PORT')
      .replace(`--port ${running.port}`, '--port PORT');
  } finally {
    await running.close();
  }
}

describe('scenarios', () => {
  it('are the healthy servers and every cause that can be served', () => {
    const all = scenarios([cause('a.b', { protocol: 'pop3' }), cause('c.d')]);
    expect(all.map((s) => s.name)).toEqual([
      ...['healthy-pop', 'healthy-imap', 'healthy-smtp', 'healthy-pop-stls', 'healthy-imap-starttls', 'healthy-smtp-starttls'],
      'a.b',
    ]);
    expect(all.at(-1)).toMatchObject({ title: 'Title of a.b', expect: 'a.b' });
    expect(all[0]).toMatchObject({ expect: null, serve: { protocol: 'pop3' } });
  });

  it('come with the command that meets them', async () => {
    expect(await command({ protocol: 'pop3' })).toBe(
      'pop you@example.test --host mail.example.test --port 995 --security tls --connect-to 127.0.0.1:PORT --resolver DNS --ca-file CA --password-env MAILCHECK_LAB_PASSWORD',
    );
    expect(
      await command({ protocol: 'smtp', security: 'starttls', client: { from: 'boss@example.test', args: ['--send'] } }),
    ).toBe(
      'smtp you@example.test --host mail.example.test --port 587 --security starttls --connect-to 127.0.0.1:PORT --resolver DNS --ca-file CA --from boss@example.test --password-env MAILCHECK_LAB_PASSWORD --send',
    );
    expect(await command({ protocol: 'imap', dns: 'nxdomain' })).toBe(
      'imap you@example.test --host mail.example.test --port PORT --security tls --resolver DNS --ca-file CA --password-env MAILCHECK_LAB_PASSWORD',
    );
    expect(await command({ protocol: 'imap', dns: 'near-name', client: { address: 'you@gmial.com' } })).toBe(
      'imap you@gmial.com --resolver DNS --ca-file CA --user you@example.test --password-env MAILCHECK_LAB_PASSWORD',
    );
    expect(
      await command({
        protocol: 'smtp',
        security: 'none',
        client: { user: 'you', args: ['--port', '25', '--mechanism', 'XOAUTH2'] },
      }),
    ).toBe(
      'smtp you@example.test --host mail.example.test --security none --connect-to 127.0.0.1:PORT --resolver DNS --ca-file CA --user you --token-env MAILCHECK_LAB_TOKEN --port 25 --mechanism XOAUTH2',
    );
  });

  it('can all be served', async () => {
    const authority = createAuthority();
    for (const scenario of scenarios(catalogue)) {
      const running = await serve(scenario.serve, { authority });
      const [verb, address] = checkCommand(scenario, running);
      expect({ name: scenario.name, verb, address }).toEqual({
        name: scenario.name,
        verb: { pop3: 'pop', imap: 'imap', smtp: 'smtp' }[scenario.serve.protocol],
        address: running.mail,
      });
      await running.close();
    }
  });

  it('keep their secrets in the environment', async () => {
    const running = await serve({ protocol: 'pop3', client: { password: 'wrong' } });
    expect(checkEnvironment(running)).toEqual({ MAILCHECK_LAB_PASSWORD: 'wrong', MAILCHECK_LAB_TOKEN: 'wrong' });
    await running.close();
  });
});

describe('a script', () => {
  it('is found by the longest prefix that ends with a word', () => {
    const replies = { AUTH: '1', 'auth plain': '2', ID: '3', 'MAIL FROM:<A@B>': '4', '': '0' };
    expect(scripted(replies, 'AUTH  PLAIN xyz', 'smtp')).toBe('2');
    expect(scripted(replies, 'AUTHENTICATE PLAIN xyz', 'imap')).toBe('2');
    expect(scripted(replies, 'AUTHENTICATE LOGIN', 'imap')).toBe('1');
    expect(scripted(replies, 'IDLE', 'imap')).toBe('0');
    expect(scripted(replies, 'ID NIL', 'imap')).toBe('3');
    expect(scripted(replies, 'mail from: <a@b> SIZE=1', 'smtp')).toBe('4');
    expect(scripted({ ID: '3' }, 'IDLE', 'imap')).toBeUndefined();
    expect(scripted(undefined, 'X', 'imap')).toBeUndefined();
  });

  it('is words, waits and acts', () => {
    expect(readScript('+ abc\n{tag} NO x', 'imap', 'a1')).toEqual({
      steps: [{ say: '+ abc' }, { await: true }, { say: 'a1 NO x' }],
      status: 'no',
    });
    expect(readScript('421 bye\n!close\nnever said', 'smtp')).toEqual({
      steps: [{ say: '421 bye' }, { act: 'close' }],
      status: 'no',
    });
    expect(readScript('250-a\n250 b', 'smtp')).toEqual({ steps: [{ say: '250-a\r\n250 b' }], status: 'ok' });
    expect(readScript('!silent', 'pop3').status).toBe('none');
  });

  it('tells a verdict on credentials from one on the command', () => {
    const later = ['535 5.7.8 no', '534-5.7.9 app', '454 4.7.0 later', '525 5.7.13 off', '235 ok'];
    const now = ['504 5.5.4 no', '530 5.7.0 tls', '538 5.7.11 tls', '421 bye', '334 x', '!close'];
    expect(later.filter((r) => atOnce(r, 'smtp'))).toEqual([]);
    expect(now.filter((r) => !atOnce(r, 'smtp'))).toEqual([]);
    expect(atOnce('{tag} NO [AUTHENTICATIONFAILED] x', 'imap')).toBe(false);
    expect(atOnce('{tag} BAD x', 'imap')).toBe(true);
    expect(atOnce('-ERR [AUTH] x', 'pop3')).toBe(false);
  });
});

/** Canaries: passwords and tokens that are easy to find again, through the whole program, and a search of everything that it prints and leaves behind. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FORMATS } from '../../src/commands/flags.ts';
import { createAuthority } from '../../src/lab/authority.ts';
import { bytesOf, CANARY, found, needles, TOKEN } from './canary.ts';
import { checkArgs, cli, type Home, newHome, type Ran, ROOT, type RunOptions, written } from './cli.ts';
import { later, PROTOCOLS, type Raw, raw, session } from './raw.ts';

const NEEDLES = [...needles(CANARY), ...needles(TOKEN)];

/** Where a secret may lie that is not the program's doing. */
function outside(name: string, text: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'mailcheck-secret-'));
  later(() => rmSync(dir, { recursive: true, force: true }));
  const path = join(dir, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

/** Everything that it printed and left behind. */
const traces = (ran: Ran, home: Home) =>
  [ran.stdout, ran.stderr].map(bytesOf).join('\n') +
  written(home)
    .map((f) => `${f.path}\n${f.text}`)
    .join('\n');

async function clean(args: readonly string[], options: RunOptions & { readonly in: Home }): Promise<Ran> {
  const ran = await cli(args, options);
  expect(found(traces(ran, options.in), NEEDLES)).toEqual([]);
  expect(ran.signal).not.toBe('SIGKILL');
  return ran;
}

const DEBUG = {
  DEBUG: '*',
  NODE_DEBUG:
    'net,tls,stream,http,child_process,fs,module,timer,esm,https,http2,cluster,repl,source_map,test_runner,worker,diagnostics_channel',
};
const ENV = { MAIL_PASSWORD: CANARY, MAIL_TOKEN: TOKEN };

let healthy: Readonly<Record<string, Raw>>;
let refusing: Readonly<Record<string, Raw>>;
beforeAll(async () => {
  const servers = async (bent: boolean) =>
    Object.fromEntries(
      await Promise.all(
        PROTOCOLS.map(
          async (protocol) =>
            [
              protocol,
              await raw(
                session(protocol, {
                  implicit: true,
                  on: (command, io, tag) => {
                    if (!bent || !/^(AUTH|AUTHENTICATE|LOGIN|PASS)\b/.test(command)) return false;
                    const said = `${Buffer.from(CANARY).toString('base64')} ${command} ${CANARY} ${JSON.stringify(CANARY)}`;
                    const words = Buffer.from(said).toString('latin1');
                    io.say(
                      protocol === 'imap'
                        ? `${tag} NO ${words}\r\n`
                        : protocol === 'smtp'
                          ? `535 5.7.8 ${words}\r\n`
                          : `-ERR ${words}\r\n`,
                    );
                    return true;
                  },
                }),
              ),
            ] as const,
        ),
      ),
    );
  healthy = await servers(false);
  refusing = await servers(true);
});

describe('a run with everything on', () => {
  it.each(PROTOCOLS)(
    'S-166 S-172: %s: success and refusal leave no trace, in any format, with all debugging on',
    async (protocol) => {
      for (const server of [healthy[protocol], refusing[protocol]]) {
        const home = newHome();
        const files = FORMATS.flatMap((f) => ['--output', `${f}:${join(home.home, `report.${f}`)}`]);
        const args = [...checkArgs(protocol, server?.port ?? 0, home), '--password-env', 'MAIL_PASSWORD', '--transcript'];
        const ran = await clean([...args, ...files, '--save', join(home.home, 'evidence.json')], {
          in: home,
          env: { ...ENV, ...DEBUG, FORCE_COLOR: '1' },
        });
        expect(ran.status).toBe(server === healthy[protocol] ? 0 : 1);
        expect(written(home).filter((f) => f.path.includes('report.'))).toHaveLength(FORMATS.length);
        // What was saved is judged again, and masked on the way out.
        await clean(['explain', '--file', join(home.home, 'evidence.json')], { in: home, env: DEBUG });
      }
    },
    60_000,
  );

  it('S-172: DEBUG=oclif* shows nothing of the command line', async () => {
    const home = newHome();
    const ran = await clean(['pop', '--password', CANARY], { in: home, env: { DEBUG: 'oclif*' } });
    expect([ran.status, ran.stderr]).toEqual([
      2,
      expect.stringMatching(/^mailcheck: there is no flag that takes a secret itself[^\n]*\n$/),
    ]);
  });

  it('S-166: a token that is refused, with the reason in a challenge', async () => {
    const home = newHome();
    const server = await raw(
      session('smtp', {
        implicit: true,
        tls: ['AUTH XOAUTH2'],
        on: async (command, io) => {
          if (!command.startsWith('AUTH')) return false;
          io.say(
            `334 ${Buffer.from(JSON.stringify({ status: '400', schemes: 'bearer', token: TOKEN, scope: `https://mail.google.com/ ${TOKEN}` })).toString('base64')}\r\n`,
          );
          await io.line();
          io.say(`535 5.7.8 no ${TOKEN}\r\n`);
          return true;
        },
      }),
    );
    const ran = await clean([...checkArgs('smtp', server.port, home), '--token-env', 'MAIL_TOKEN', '--transcript', '--json'], {
      in: home,
      env: { ...ENV, ...DEBUG },
    });
    expect(JSON.parse(ran.stdout).checks[0].cause).toBe('auth.token-rejected');
  }, 30_000);

  it('S-166: a failing certificate, a closed port and a silent server', async () => {
    const silent = await raw((io) => io.gone());
    for (const [port, more] of [
      [
        healthy.imap?.port ?? 0,
        ['--ca-file', outside('other.pem', createAuthority().mint('valid', { dns: ['x.test'], ips: [] }).ca)],
      ],
      [1, []],
      [silent.port, ['--timeout', '0.3']],
    ] as const) {
      const home = newHome();
      const own = checkArgs('imap', port, home);
      const args = own.filter((a, i) => !more.some((m) => m === a || m === own[i - 1]));
      const ran = await clean([...args, '--password-env', 'MAIL_PASSWORD', '--transcript', ...more], {
        in: home,
        env: { ...ENV, ...DEBUG },
      });
      expect(ran.status).toBe(1);
    }
  }, 30_000);
});

describe('where the secret comes from', () => {
  const sources: readonly (readonly [string, () => { readonly args: readonly string[]; readonly stdin?: string }])[] = [
    ['standard input', () => ({ args: ['--password-stdin'], stdin: `${CANARY}\n` })],
    ['a file', () => ({ args: ['--password-file', outside('pw', `${CANARY}\n`)] })],
    ['a command', () => ({ args: ['--password-command', `cat ${outside('pw', `${CANARY}\n`)}`] })],
    ['a variable', () => ({ args: ['--password-env', 'MAIL_PASSWORD'] })],
  ];
  it.each(sources)(
    'S-155 S-157: %s: it arrives whole, and leaves no trace',
    async (_name, source) => {
      const home = newHome();
      const server = await raw(session('imap', { implicit: true }));
      const { args, stdin } = source();
      const ran = await clean([...checkArgs('imap', server.port, home), ...args, '--json'], {
        in: home,
        env: { ...ENV, ...DEBUG },
        ...(stdin ? { stdin } : {}),
      });
      expect(ran.status).toBe(0);
      expect(server.encrypted()).toContain(Buffer.from(`\0you@example.test\0${CANARY}`).toString('base64'));
    },
    30_000,
  );

  it('S-157: a command that fails, prints nothing or too much is one line that shows neither output nor command', async () => {
    const file = outside('pw', CANARY);
    for (const command of [
      `cat ${file}; exit 3`,
      `true ${CANARY.slice(0, 11)}`,
      `printf ''`,
      `kill -9 $$ # Zq7-CANARY`,
      '/no/such/program Zq7-CANARY',
    ]) {
      const home = newHome();
      const ran = await clean([...checkArgs('pop3', 1, home), '--password-command', command], { in: home, env: DEBUG });
      expect([command, ran.status, ran.stdout]).toEqual([command, 2, '']);
      expect(ran.stderr.split('\n').filter((l) => l.startsWith('mailcheck: --password-command'))).toHaveLength(1);
    }
  }, 30_000);

  it('S-154: a secret in the wrong place of the command line is never repeated', async () => {
    const wrong: readonly (readonly string[])[] = [
      ['pop', 'you@example.test', '--password', CANARY],
      ['pop', 'you@example.test', `--password=${CANARY}`],
      ['pop', 'you@example.test', '-p', CANARY],
      ['pop', 'you@example.test', '--token', TOKEN],
      ['pop', 'you@example.test', CANARY],
      ['pop', CANARY],
      ['pop', 'you@example.test', '--password-env', CANARY],
      ['pop', 'you@example.test', '--password-env', 'Zq7CANARYpassword'],
      ['pop', 'you@example.test', '--password-file', CANARY],
      ['pop', 'you@example.test', '--password-stdin', CANARY],
      ['pop', 'you@example.test', `--pasword-stdin=${CANARY}`],
      ['pop', 'you@example.test', '--port', CANARY],
      ['pop', 'you@example.test', '--timeout', CANARY],
      ['pop', 'you@example.test', '--format', CANARY],
      ['pop', 'you@example.test', '--lang', CANARY],
      ['pop', 'you@example.test', '--until', CANARY],
      ['pop', 'you@example.test', '--security', CANARY],
      ['pop', 'you@example.test', '--preset', CANARY],
      ['pop', 'you@example.test', '--mechanism', CANARY],
      ['pop', 'you@example.test', '--client', CANARY],
      ['pop', 'you@example.test', '--resolver', CANARY],
      ['pop', 'you@example.test', '--connect-to', CANARY],
      ['pop', 'you@example.test', '--proxy', CANARY],
      ['pop', 'you@example.test', '--ca-file', CANARY],
      ['explain', CANARY],
      ['lab', CANARY],
      ['presets', CANARY],
      ['discover', CANARY],
      ['token', '--provider', CANARY, '--client-id', 'x'],
      ['token', '--provider', 'google', '--client-id', 'x', '--client-secret-env', CANARY],
      [CANARY],
    ];
    const results = await Promise.all(
      wrong.map(async (args) => {
        const home = newHome();
        const ran = await cli([...args, ...(args[0] === 'pop' ? ['--no-input'] : [])], { in: home, env: { DEBUG: '*' } });
        const list = args.some((a) => a.startsWith('Zq7CANARY')) ? ['Zq7CANARY'] : NEEDLES;
        return [args, ran.status, found(traces(ran, home), list), ran.stderr.trim().split('\n').length] as const;
      }),
    );
    expect(results.filter(([, status, leaks, lines]) => status !== 2 || leaks.length > 0 || lines !== 1)).toEqual([]);
  }, 90_000);

  it.each(['pop', 'imap', 'smtp'])(
    'S-159: %s: a URL with user name and password is refused without being shown',
    async (command) => {
      const url = `imaps://you:${encodeURIComponent(CANARY)}@mail.example.test:993/`;
      for (const args of [
        [url],
        ['--host', url],
        ['--host', `you:${CANARY}@mail.example.test`],
        ['--connect-to', `you:${CANARY}@127.0.0.1:1`],
        ['--resolver', `https://you:${CANARY}@dns.example.test/dns-query`],
        ['--proxy', `ftp://you:${CANARY}@127.0.0.1:1`],
      ]) {
        const home = newHome();
        const ran = await clean([command, ...(args[0] === url ? [] : ['you@example.test']), ...args, '--no-input'], {
          in: home,
          env: { DEBUG: '*' },
        });
        expect([args, ran.status]).toEqual([args, 2]);
      }
    },
    60_000,
  );

  it('S-166: the password of a proxy goes to the proxy and nowhere else', async () => {
    const home = newHome();
    const proxy = await raw(async (io) => {
      await io.line();
      io.say(
        `HTTP/1.1 407 no ${Buffer.from(`me:${CANARY}`).toString('base64')} ${Buffer.from(CANARY).toString('latin1')}\r\n\r\n`,
      );
    });
    const args = checkArgs('pop3', 1, home);
    const ran = await clean(
      [...args, '--proxy', `http://me:${encodeURIComponent(CANARY)}@127.0.0.1:${proxy.port}`, '--transcript'],
      { in: home, env: DEBUG },
    );
    expect(proxy.plain()).toMatch(/Proxy-Authorization: Basic/i);
    expect(ran.status).toBe(1);
  }, 30_000);

  it('S-162: a password in the configuration itself is warned about, and shown nowhere', async () => {
    const home = newHome();
    const config = outside(
      'accounts.yaml',
      `accounts:\n  - address: you@example.test\n    password: ${JSON.stringify(CANARY)}\n    pop: { host: mail.example.test, port: 995 }\n    connect-to: 127.0.0.1:${refusing.pop3?.port}\n`,
    );
    const ran = await clean(['run', config, '--format', 'json', '--transcript'], { in: home, env: DEBUG });
    expect(ran.stderr).toMatch(/the password stands in the file itself/);
    for (const broken of [
      `accounts:\n  - address: x@y.test\n    password: { env: ${JSON.stringify(CANARY)} }\n`,
      `accounts:\n  - address: x@y.test\n    pasword: ${JSON.stringify(CANARY)}\n`,
      `accounts:\n  - { password: "${CANARY.slice(0, 20)}\n`,
    ]) {
      const again = await clean(['run', outside('broken.yaml', broken)], { in: newHome(), env: DEBUG });
      expect(again.status).not.toBe(0);
    }
  }, 60_000);

  it('S-162: a file with a password that others may read is warned about', async () => {
    const path = outside('pw', `${CANARY}\n`);
    chmodSync(path, 0o644);
    const home = newHome();
    const ran = await clean([...checkArgs('pop3', healthy.pop3?.port ?? 0, home), '--password-file', path], { in: home });
    expect(ran.stderr).toMatch(/^mailcheck: --password-file: others may read this file; chmod 600 keeps it yours\n/);
    chmodSync(path, 0o600);
    const quiet = await clean([...checkArgs('pop3', healthy.pop3?.port ?? 0, home), '--password-file', path], { in: home });
    expect(quiet.stderr).toBe('');
  }, 30_000);
});

describe('children', () => {
  it('S-166: get no secret, in their arguments or their environment', async () => {
    const home = newHome();
    const bin = join(home.tmp, 'bin');
    mkdirSync(bin);
    for (const tool of ['traceroute', 'tracepath', 'mtr']) {
      writeFileSync(
        join(bin, tool),
        `#!/bin/sh\n{ echo "$0 $@"; env; cat /proc/$PPID/cmdline | tr '\\0' ' '; } >> "${join(home.home, 'child.txt')}"\n`,
      );
      chmodSync(join(bin, tool), 0o755);
    }
    const ran = await clean([...checkArgs('pop3', 1, home), '--password-env', 'MAIL_PASSWORD', '--trace-route'], {
      in: home,
      env: { ...ENV, PATH: `${bin}:${process.env.PATH}` },
    });
    expect(ran.status).toBe(1);
    expect(written(home).find((f) => f.path.endsWith('child.txt'))?.text).toMatch(/traceroute/);
  }, 30_000);
});

describe('errors of our own', () => {
  const THROWS: Readonly<Record<string, string>> = {
    'an uncaught exception': `throw Object.assign(new Error('x ' + s), { secret: s })`,
    'an unhandled rejection': `Promise.reject(new Error(s))`,
    'an error with a cause': `throw new Error('outer', { cause: new Error(s) })`,
    'an assertion': `require('node:assert').deepStrictEqual({ s }, {})`,
    'an invalid URL': `new URL('https://you:' + s + '@[')`,
    'no error at all': `throw s`,
    'an error with a telling stack': `const e = new Error(s); e.stack = 'Error\\n    at ' + s + ' (' + s + ')'; throw e`,
  };
  it.each(Object.entries(THROWS))(
    'S-174: %s is one line with an id, and status 70',
    async (_name, code) => {
      const preload = outside(
        'preload.cjs',
        `const s = ${JSON.stringify(CANARY)};\nif (process.argv[1].endsWith('cli.js')) setTimeout(() => { ${code} }, 600);\n`,
      );
      const silent = await raw((io) => io.gone());
      const home = newHome();
      const ran = await clean([...checkArgs('pop3', silent.port, home)], {
        in: home,
        nodeArgs: ['-r', preload],
        env: { DEBUG: '*' },
      });
      expect(ran.status).toBe(70);
      expect(ran.stderr).toMatch(/^mailcheck: an error of our own \(\w+, id [0-9a-f]{8}[^\n]*\n$/);
    },
    20_000,
  );

  it('S-174: out of memory: Node ends it, with nothing of the secret in what it says', async () => {
    const preload = outside(
      'preload.cjs',
      `const s = ${JSON.stringify(CANARY)};\nif (process.argv[1].endsWith('cli.js')) setTimeout(() => { const held = []; for (;;) held.push({ s: s + held.length }); }, 600);\n`,
    );
    const silent = await raw((io) => io.gone());
    const home = newHome();
    const ran = await cli([...checkArgs('pop3', silent.port, home), '--password-env', 'MAIL_PASSWORD'], {
      in: home,
      nodeArgs: ['--max-old-space-size=60', '-r', preload],
      env: { ...ENV, DEBUG: '*' },
    });
    expect(ran.stderr).toMatch(/out of memory/i);
    expect(found(traces(ran, home), NEEDLES)).toEqual([]);
  }, 30_000);

  it('S-175: a signal that asks for a diagnostic report gets none: nothing is written', async () => {
    const home = newHome();
    const silent = await raw((io) => io.gone());
    const ran = await clean([...checkArgs('pop3', silent.port, home), '--password-env', 'MAIL_PASSWORD'], {
      in: home,
      env: ENV,
      during: (child) => setTimeout(() => child.kill('SIGUSR2'), 800),
    }).catch(() => undefined);
    void ran;
    expect(written(home).filter((f) => /report\.|heap|core/i.test(f.path))).toEqual([]);
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toMatch(/diagnostic reports hold the environment/);
  }, 20_000);
});

describe('a report of an older version', () => {
  it('S-180: is scrubbed again on its way out', async () => {
    const home = newHome();
    const old = join(home.tmp, 'old.txt');
    writeFileSync(
      old,
      `S: 220 mail ESMTP\nC: AUTH PLAIN ${Buffer.from(`\0you@example.test\0${CANARY}`).toString('base64')}\nS: 535 5.7.8 Error: authentication failed\nC: PASS ${CANARY}\n`,
    );
    const ran = await cli(['explain', '--file', old, '--json'], { in: home, env: { DEBUG: '*' } });
    expect(found(bytesOf(ran.stdout + ran.stderr), NEEDLES)).toEqual([]);
    expect(JSON.parse(ran.stdout).matches[0].cause).toBe('auth.credentials-rejected');
  });
});

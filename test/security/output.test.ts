/** What servers say is pasted into terminals, tickets, spreadsheets and CI logs: nothing of it is ever obeyed there. */

import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer as createHttps } from 'node:https';
import { join } from 'node:path';
import { createServer as createTls } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { FORMATS } from '../../src/commands/flags.ts';
import { type DnsRecord, startDns } from '../../src/lab/dns.ts';
import type { Protocol } from '../../src/model/terms.ts';
import * as m from '../certificate/mint.ts';
import { checkArgs, cli, type Home, newHome, type Ran, written } from './cli.ts';
import { hasPty, onTerminal } from './pty.ts';
import { authority, HOST, later, PROTOCOLS, type Raw, raw, session } from './raw.ts';

/** Everything that a terminal obeys: CSI, OSC 0, 8 and 52, DCS, APC, 8-bit controls, BEL, BS, DEL, bidi, zero width, tags. */
const EVIL = [
  '\x1b[2J\x1b[31m',
  '\x1b]0;owned\x07',
  '\x1b]8;;http://evil.example/\x1b\\click\x1b]8;;\x1b\\',
  '\x1b]52;c;ZXZpbA==\x07',
  '\x1bP$q\x1b\\',
  '\x1b_G\x1b\\',
  '\x9b31m',
  '\x9d0;x\x9c',
  '\x07',
  '\b\b\b',
  '\x7f',
  '\x0b\x0c',
  '\x00',
  '\u202e\u2066evil\u2069',
  '\u200b\u200d\ufeff',
  '\u{e0041}\u{e0042}',
].join('');
const MARKUP =
  '</td><script>alert(1)</script><img src=x onerror=alert(1)> [click](http://evil.example) ![x](http://evil.example/p.png) `tick` ```fence | pipe # heading @all #123 ::error::boo ##[error]x =cmd|x! <!-- -->';
/** Latin-1, as the raw server writes it. */
const latin1 = (s: string) => Buffer.from(s, 'utf8').toString('latin1');

const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;
const HIDDEN = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/u;

let servers: Readonly<Record<Protocol, Raw>>;
beforeAll(async () => {
  const evil = latin1(EVIL + MARKUP).replace(/[\r\n]/g, '');
  const one = (protocol: Protocol) =>
    raw(
      session(protocol, {
        implicit: true,
        greeting: { pop3: `+OK ${evil}\r\n`, imap: `* OK [ALERT] ${evil}\r\n`, smtp: `220-${evil}\r\n220 ${evil}\r\n` }[protocol],
        tls: {
          pop3: ['SASL PLAIN', `IMPLEMENTATION ${evil}`],
          imap: ['IMAP4rev1', 'AUTH=PLAIN', 'ID', `X${evil}`],
          smtp: ['AUTH PLAIN', `X ${evil}`],
        }[protocol],
        on: (command, io, tag) => {
          if (!/^(AUTH|LOGIN|PASS)/.test(command)) return false;
          io.say(
            {
              pop3: `-ERR ${evil}\r\n`,
              imap: `* NO [ALERT] ${evil}\r\n${tag} NO ${evil}\r\n`,
              smtp: `535-${evil}\r\n535 5.7.8 ${evil}\r\n`,
            }[protocol],
          );
          return true;
        },
      }),
    );
  const [pop3, imap, smtp] = await Promise.all([one('pop3'), one('imap'), one('smtp')]);
  servers = { pop3, imap, smtp };
});

/** One run that writes every format. */
async function everything(
  protocol: Protocol,
  home: Home,
  more: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
) {
  const files = FORMATS.flatMap((f) => ['--output', `${f}:${join(home.home, `report.${f}`)}`]);
  const args = [
    ...checkArgs(protocol, servers[protocol].port, home),
    '--password-env',
    'PW',
    '--transcript',
    ...files,
    '--save',
    join(home.home, 'report.save'),
    ...more,
  ];
  const ran = await cli(args, { in: home, env: { PW: 'wrong-password', ...env } });
  const of = (format: string) => readFileSync(join(home.home, `report.${format}`), 'utf8');
  return { ran, of };
}

const clean = (name: string, text: string) => {
  expect([name, CONTROL.exec(text)?.[0]]).toEqual([name, undefined]);
  expect([name, HIDDEN.exec(text)?.[0]]).toEqual([name, undefined]);
};

describe.each(PROTOCOLS)('%s: a server that says everything that a terminal obeys', (protocol) => {
  it('S-096 S-097 S-099 S-105: no byte of it reaches standard output, standard error or a file, in any format', async () => {
    const home = newHome();
    const { ran, of } = await everything(protocol, home, [], { FORCE_COLOR: '1' });
    expect(ran.status).toBe(1);
    clean('stdout', ran.stdout);
    clean('stderr', ran.stderr);
    for (const format of [...FORMATS, 'save']) clean(format, of(format));
    expect(of('terminal')).toContain('\\x1b[2J\\x1b[31m');
    expect(of('terminal')).toContain('\\u{202e}');
    const json = JSON.parse(of('json'));
    expect(json.schema).toBe('mailcheck.report/1');
    expect(JSON.stringify(json)).toContain('\\u001b[2J');
  }, 30_000);

  it('S-101: in HTML it is text; no script, no remote resource, and a policy that forbids them', async () => {
    const home = newHome();
    const { of } = await everything(protocol, home);
    const html = of('html');
    const tags = html.match(/<[^>]*>/g) ?? [];
    expect(tags.filter((t) => /^<\/?(script|img|iframe|link|object|embed|form|base|svg)\b|\son\w+=/i.test(t))).toEqual([]);
    expect(html).toContain('&lt;script&gt;');
    expect(html).toMatch(/Content-Security-Policy[^>]*default-src 'none'/i);
    expect(html.replace(/<a href="https?:[^"]*"/g, '')).not.toMatch(/(src|href)\s*=\s*["']?(https?:)?\/\//i);
    expect(html).not.toContain('href="http://evil');
  }, 30_000);

  it('S-102: in Markdown it stands in code: no link, image, mention, issue, heading or table break', async () => {
    const home = newHome();
    const { of } = await everything(protocol, home);
    for (const format of ['markdown', 'github-summary']) {
      // What is left when code spans and fences are taken out is ours.
      const rest = of(format)
        .replace(/^(`{3,})[^\n]*\n[\s\S]*?\n\1[ \t]*$/gm, '')
        .replace(/(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
      expect([format, /evil\.example|onerror|@all|#123|click/.exec(rest)?.[0]]).toEqual([format, undefined]);
    }
    const github = of('github');
    for (const line of github.split('\n'))
      if (line.startsWith('::')) expect(line).toMatch(/^::(error|warning|notice) title=[^:]*::/);
    expect(github).not.toMatch(/^::error::boo/m);
    expect(github).not.toContain('##[error]');
  }, 30_000);
});

describe('other people’s words from elsewhere', () => {
  it('S-096: names of a certificate', async () => {
    const leaf = m.mint({ subject: `O=${EVIL}/CN=${EVIL}`, extensions: [m.names(m.dns(`x${latin1(EVIL)}`), m.dns('y.test'))] });
    const server = createTls({ key: m.keyPem(leaf), cert: m.pem(leaf) }, (s) => void s.on('error', () => {}).end());
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    later(() => server.close());
    const at = server.address();
    const home = newHome();
    const args = checkArgs('imap', typeof at === 'object' && at ? at.port : 0, home);
    for (const format of ['terminal', 'markdown', 'html', 'json', 'junit']) {
      const ran = await cli([...args, '--format', format], { in: home });
      clean(format, ran.stdout + ran.stderr);
      expect(ran.status).toBe(1);
    }
  }, 60_000);

  it('S-096 S-149 S-151: records of the DNS: TXT that is hostile, names that are no host names', async () => {
    const evil = latin1(EVIL);
    const dns = await startDns((_name, type) => {
      const records: DnsRecord[] = [];
      if (type === 'TXT') records.push({ type, text: `v=spf1 include:${evil} ${evil} -all` });
      if (type === 'MX') records.push({ type, preference: 10, host: 'mx\x1b[2J evil.example.test' });
      if (type === 'A') records.push({ type, address: '127.0.0.1' });
      return { code: 'NOERROR', records };
    });
    later(() => dns.close());
    const home = newHome();
    for (const words of [
      ['discover', 'you@example.test'],
      ['smtp', 'you@example.test', '--host', HOST, '--domain', '--no-input', '--connect-to', `127.0.0.1:${servers.smtp.port}`],
    ]) {
      for (const more of [[], ['--json']]) {
        const ran = await cli([...words, '--resolver', dns.resolver, '--timeout', '2', ...more], { in: home });
        clean(words[0] ?? '', ran.stdout + ran.stderr);
        expect(ran.stdout.length).toBeGreaterThan(100);
      }
    }
  }, 60_000);

  it('S-096: file names and words of the command line itself', async () => {
    const home = newHome();
    for (const args of [
      ['run', `${EVIL.replaceAll('\0', '')}.yaml`],
      ['merge', '\x1b[2Jx'],
      ['explain', '--file', '\x1b[2Jx'],
      ['pop', 'you@example.test', '--ca-file', '\x1b[2Jx'],
      ['\x1b[2Jx'],
      ['lab', '\x1b[2Jx'],
    ]) {
      const ran = await cli(args, { in: home });
      clean(args.join(' '), ran.stdout + ran.stderr);
      expect(ran.status).toBe(2);
    }
  }, 30_000);

  it('S-096: an OAuth server’s errors, codes and pages', async () => {
    const minted = authority().mint('valid', { dns: ['localhost'], ips: ['127.0.0.1'] });
    const answers = [
      JSON.stringify({ error: `bad${EVIL}`, error_description: EVIL }),
      `<html>${EVIL}</html>`,
      JSON.stringify({ device_code: 'd', user_code: `AB${EVIL}`, verification_uri: 'https://x.test/' }),
      JSON.stringify({ device_code: 'd', user_code: 'ABCD', verification_uri: `https://x.test/${EVIL}` }),
    ];
    let next = 0;
    const server = createHttps({ key: minted.key, cert: minted.cert }, (_request, response) => {
      response.writeHead(400, { 'content-type': 'application/json', 'x-evil': 'y' });
      response.end(answers[next]);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    later(() => server.close());
    const at = server.address();
    const url = `https://127.0.0.1:${typeof at === 'object' && at ? at.port : 0}/device`;
    const home = newHome();
    writeFileSync(join(home.tmp, 'ca.pem'), minted.ca);
    for (next = 0; next < answers.length; next++) {
      const ran = await cli(
        [
          'token',
          '--provider',
          'google',
          '--client-id',
          'x',
          '--device-url',
          url,
          '--token-url',
          url,
          '--ca-file',
          'ca.pem',
          '--timeout',
          '3',
        ],
        { in: home },
      );
      clean(`answer ${next}`, ran.stdout + ran.stderr);
      expect(ran.status).toBe(1);
    }
  }, 30_000);
});

describe.skipIf(!hasPty)('on a terminal', () => {
  it('S-097: nothing but our own colours and the progress line reaches it', async () => {
    const home = newHome();
    for (const env of [{}, { FORCE_COLOR: '1' }, { NO_COLOR: '1' }] as const) {
      const args = [...checkArgs('imap', servers.imap.port, home), '--password-env', 'PW', '--transcript'];
      const { shown, status } = await onTerminal(args, home, { env: { PW: 'wrong-password', ...env } });
      expect(status).toBe(1);
      // What we say ourselves: SGR, erase line, carriage return.
      const rest = Buffer.from(shown.replace(/\x1b\[[0-9;]*m|\x1b\[2K|\r/g, ''), 'latin1').toString('utf8');
      clean('terminal', rest);
      expect(shown).not.toMatch(/\x1b\[2J|\x1b\]/);
      expect(rest).toContain('\\x1b[2J\\x1b[31m');
      if ('NO_COLOR' in env) expect(shown.replace(/\r\x1b\[2K/g, '')).not.toContain('\x1b[3');
    }
  }, 60_000);

  it('S-161: the prompt echoes nothing, takes backspace and paste, and --no-input never asks', async () => {
    const server = await raw(session('imap', { implicit: true }));
    const home = newHome();
    const args = checkArgs('imap', server.port, home).filter((a) => a !== '--no-input');
    const typed = await onTerminal([...args, '--json'], home, {
      answers: [['Password', ['corr', 'x', '\x7f', 'ect horse battery', '\r']]],
    });
    expect(typed.status).toBe(0);
    expect(typed.shown).not.toContain('horse');
    expect(typed.shown).not.toContain('corr');
    expect(server.encrypted()).toContain(Buffer.from('\0you@example.test\0correct horse battery').toString('base64'));
    const none = await onTerminal([...args, '--no-input', '--json'], home);
    expect(none.shown).not.toContain('Password for');
    const cancelled = await onTerminal([...args, '--json'], home, { answers: [['Password', ['secret', '\x03']]] });
    expect([cancelled.status, cancelled.shown.includes('secret')]).toEqual([3, false]);
    const piped = await onTerminal([...args, '--password-stdin', '--json'], home, {
      answers: [['Password', ['correct horse battery', '\r']]],
    });
    expect([piped.status, piped.shown.includes('horse')]).toEqual([0, false]);
  }, 60_000);

  it('S-155: --password-stdin from a pipe reads one line, without its one line end', async () => {
    for (const [text, sent] of [
      ['secret pass\n', 'secret pass'],
      ['secret pass\r\n', 'secret pass'],
      ['secret pass', 'secret pass'],
      ['secret pass\n\nmore\n', 'secret pass'],
      [' pad \n', ' pad '],
    ] as const) {
      const server = await raw(session('imap', { implicit: true }));
      const home = newHome();
      const ran = await cli([...checkArgs('imap', server.port, home), '--password-stdin'], { in: home, stdin: text });
      expect(ran.status).toBe(0);
      expect(server.encrypted()).toContain(Buffer.from(`\0you@example.test\0${sent}`).toString('base64'));
    }
    const home = newHome();
    const both = await cli([...checkArgs('imap', 1, home), '--password-stdin', '--password-env', 'X'], {
      in: home,
      stdin: 'x\n',
    });
    expect([both.status, both.stderr]).toEqual([2, expect.stringMatching(/two secret sources/)]);
  }, 30_000);
});

describe('JSON', () => {
  it('S-105: ten megabytes of greeting, NUL, lone surrogates and U+2028 give valid JSON of bounded size', async () => {
    const long = await raw(
      session('smtp', {
        implicit: true,
        greeting: `220 ${'x'.repeat(400_000)}\r\n`,
        tls: ['AUTH PLAIN', latin1('X \u2028\u2029\0'), 'Y \xed\xa0\x80'],
      }),
    );
    const home = newHome();
    const ran = await cli([...checkArgs('smtp', long.port, home), '--json', '--transcript'], { in: home });
    const report = JSON.parse(ran.stdout);
    expect(ran.stdout.length).toBeLessThan(200_000);
    expect(ran.stdout).not.toMatch(/[\u2028\u2029]|\ufffd{3}/);
    expect(report.schema).toBe('mailcheck.report/1');
    const flood = await raw(async (io) => {
      if (!(await io.secure())) return;
      io.say('220 ');
      for (let i = 0; i < 160; i++) io.say('y'.repeat(65_536));
      await io.gone();
    });
    const second = await cli([...checkArgs('smtp', flood.port, home), '--json'], { in: home });
    expect(JSON.parse(second.stdout).checks[0].cause).toBe('protocol.violation');
    expect(second.stdout.length).toBeLessThan(200_000);
  }, 30_000);

  it('S-109: the same causes stand in the JSON and in what people read', async () => {
    const home = newHome();
    const { of } = await everything('smtp', home);
    const report = JSON.parse(of('json'));
    const causes: string[] = report.checks[0].findings.map((f: { cause: string }) => f.cause);
    expect(causes.length).toBeGreaterThan(0);
    for (const format of ['terminal', 'markdown', 'html', 'junit', 'sarif', 'github', 'ndjson'])
      for (const cause of causes) expect([format, of(format).includes(cause)]).toEqual([format, true]);
    expect(
      of('terminal')
        .match(/\b(?:auth|certificate|tls|greeting|settings|server|protocol)\.[a-z-]+\b/g)
        ?.filter((c) => !JSON.stringify(report).includes(c)) ?? [],
    ).toEqual([]);
  }, 30_000);
});

describe('files', () => {
  const report = (home: Home, ...more: readonly string[]): Promise<Ran> =>
    cli([...checkArgs('smtp', servers.smtp.port, home), ...more], { in: home });

  it('S-107: never over what stands there, never through a link, never half; 0600', async () => {
    const home = newHome();
    const path = join(home.home, 'report.json');
    const fresh = await report(home, '--output', `json:${path}`);
    expect(fresh.status).not.toBe(2);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const again = await report(home, '--output', `json:${path}`);
    expect([again.status, again.stderr]).toEqual([2, expect.stringMatching(/--overwrite/)]);
    expect((await report(home, '--output', `json:${path}`, '--overwrite')).status).not.toBe(2);
    const target = join(home.home, 'precious');
    writeFileSync(target, 'precious');
    symlinkSync(target, join(home.home, 'link.json'));
    for (const [where, words] of [
      ['link.json', /symbolic link/],
      ['', /folder/],
      ['no/such/folder/x.json', /ENOENT/],
    ] as const) {
      const ran = await report(home, '--output', `json:${join(home.home, where)}`, '--overwrite');
      expect([where, ran.status, ran.stderr]).toEqual([where, 2, expect.stringMatching(words)]);
      expect(ran.stderr.trim().split('\n')).toHaveLength(1);
    }
    expect(readFileSync(target, 'utf8')).toBe('precious');
    const full = await report(home, '--output', 'json:/dev/full');
    expect([full.status, full.stderr]).toEqual([expect.any(Number), expect.stringMatching(/ENOSPC/)]);
    expect(full.status).not.toBe(0);
    expect(written(home).filter((f) => /\.mailcheck-/.test(f.path))).toEqual([]);
    mkdirSync(join(home.home, 'd'));
    // What was checked is told all the same, and the other files are written.
    const kept = await report(home, '--save', '/dev/full', '--output', `json:${join(home.tmp, 'beside.json')}`);
    expect([kept.status, kept.stdout.length > 100, existsSync(join(home.tmp, 'beside.json'))]).toEqual([2, true, true]);
    const twice = await report(home, '--save', path, '--output', `json:${path}`, '--overwrite');
    expect([twice.status, twice.stderr]).toEqual([2, 'mailcheck: --save and --output name the same file; give each its own\n']);
    const save = await report(home, '--save', path);
    expect([save.status, save.stderr]).toEqual([2, expect.stringMatching(/--overwrite/)]);
  }, 60_000);
});

describe('who and where', () => {
  it('S-108 S-177: with --redact neither user, address, host, IP nor their base64 occur, in any format', async () => {
    const home = newHome();
    const { of } = await everything('smtp', home, ['--redact', '--user', 'winifred']);
    const blob = Buffer.from('\0winifred\0wrong-password').toString('base64');
    for (const format of [...FORMATS, 'save']) {
      const text = of(format);
      for (const word of [
        'winifred',
        'you@example.test',
        HOST,
        '127.0.0.1',
        blob,
        Buffer.from('winifred').toString('base64').slice(0, 8),
      ])
        expect([format, word, text.includes(word)]).toEqual([format, word, false]);
    }
    const open = await everything('smtp', newHome(), ['--user', 'winifred']);
    expect(open.of('terminal')).toContain('winifred');
    expect((await cli(['smtp', '--help'])).stdout).toContain('--redact');
    const alias = await cli([...checkArgs('smtp', servers.smtp.port, home), '--anonymise', '--json'], { in: home });
    expect(alias.stdout).not.toContain('example.test');
  }, 40_000);
});

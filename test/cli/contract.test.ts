/** The public face: commands, flags and help are a contract; a change shows up here and in review. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const CLI = resolve(root, 'dist/cli.js');
const COMMANDS = ['pop', 'imap', 'smtp', 'account', 'discover', 'presets', 'explain', 'run', 'merge', 'lab', 'token'];

/** Has the program say when it begins to read standard input, so that nothing has to be waited for. */
const HEARD = `--import=data:text/javascript,${encodeURIComponent(
  "const s=process.stdin,set=s.setEncoding;s.setEncoding=(e)=>{process.stderr.write('ready\\n');return set.call(s,e)}",
)}`;

const mailcheck = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    encoding: 'utf8',
    input: '',
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '80', LANG: 'C.UTF-8' },
  });
  return { status, stdout, stderr };
};

/** Flags as help names them. */
const flagsOf = (help: string) =>
  [...new Set([...help.matchAll(/--(?:\[no-\])?([a-z][a-z0-9-]*)/g)].map((m) => m[1] ?? ''))].toSorted();

describe('commands and flags', () => {
  const path = resolve(import.meta.dirname, 'flags.json');
  let now: Record<string, string[]>;
  beforeAll(() => {
    now = Object.fromEntries(COMMANDS.map((c) => [c, flagsOf(mailcheck(c, '--help').stdout)]));
    if (process.env.UPDATE_GOLDENS) writeFileSync(path, `${JSON.stringify(now, null, 2)}\n`);
  });

  it('are those of the snapshot; run with UPDATE_GOLDENS=1 and review where one is added', () => {
    expect(now).toEqual(JSON.parse(readFileSync(path, 'utf8')));
  });

  it('hold every flag of the contract', () => {
    const shared =
      'preset user password-stdin password-file password-command password-env token-stdin token-file token-command token-env mechanism until connect-to resolver ca-file ipv4 ipv6 insecure-auth control-probes client timeout format json output lang transcript save strict'.split(
        ' ',
      );
    for (const c of ['pop', 'imap', 'smtp', 'account']) expect(now[c], c).toEqual(expect.arrayContaining(shared));
    for (const c of ['pop', 'imap', 'smtp']) expect(now[c], c).toEqual(expect.arrayContaining(['host', 'port', 'security']));
    expect(now.smtp).toEqual(expect.arrayContaining(['from', 'rcpt', 'send']));
    expect(now.account).toEqual(expect.arrayContaining(['pop-host', 'imap-host', 'smtp-host']));
    expect(now.explain).toEqual(expect.arrayContaining(['text', 'file', 'list', 'json']));
  });

  it('are written out in full, as people search for them', () => {
    expect(mailcheck('pop', '--help').stdout).toContain('--no-control-probes');
  });

  it('teach by example', () => {
    for (const c of COMMANDS) expect(mailcheck(c, '--help').stdout, c).toContain('EXAMPLES');
  });
});

describe('bad input is one line on stderr, exit 2, nothing sent', () => {
  it.each([
    [['pop', 'you@example.com', '--port', '0', '--host', 'x.example'], /--port takes a number from 1 to 65535/],
    [['pop', '--port', '99999', '--host', 'x.example'], /--port takes/],
    [['imap', 'youexample.com'], /needs an "@"/],
    [['imap', 'a@b@example.com'], /two "@"/],
    [['smtp', 'you@example.com', '--password-file', '/nonexistent/secret', '--host', 'x.example'], /--password-file/],
    [['smtp', 'you@example.com', '--password-file', 'a', '--password-env', 'B', '--host', 'x.example'], /two secret sources/],
    [['pop', 'you@example.com', '--preset', 'zohoo'], /did you mean zoho/],
    [['explain', 'certificate.expird'], /did you mean certificate.expired/],
    [['pop', '--host', 'x.example', '--ca-file', resolve(root, 'LICENSE')], /no PEM certificate/],
    [['pop', '--host', 'x.example', '--timeout', '0'], /--timeout takes seconds/],
    [['pop', '--host', 'x.example', '--security', 'ssl'], /tls, starttls, none/],
    [['pop', '--host', 'imaps://you:hunter2@x.example'], /--host takes a host name/],
    [['pop', '--host', 'x.example', '--password', 'hunter2'], /no flag that takes a secret/],
    [['pop'], /name the account or the server/],
    [['run', 'no-such-file.yaml'], /there is no file/],
    [['merge'], /name the files to join/],
    [['pop', '--hots', 'x.example'], /did you mean --host\?/],
    [['pop', '--host', 'x.example', '--from', 'you@example.com'], /--from here; it belongs to: account, smtp/],
    [['account', 'you@example.com', '--host', 'x.example'], /--imap-host, --smtp-host/],
    [['account', 'you@example.com', '--pop-host', 'a b'], /--pop-host is not a host name/],
    [['account', 'you@example.com', '--mechanism', 'PLANE'], /--mechanism takes one of/],
    [['pop', '--host', 'x.example', '--ipv4', '--ipv6'], /--ipv4 and --ipv6 exclude/],
    [['pop', '--host', 'x.example', '--json', '--format', 'markdown'], /--json and --format markdown exclude/],
    [['pop', '--host', 'x.example', '--output', ''], /--output is empty/],
    [['pop', '--host', 'x.example', '--save', ''], /--save is empty/],
    [['pop', '--host', 'x.example', '--json', '--output', 'markdown:-'], /two reports for standard output/],
    [['smtp', 'you@example.com', '--host', 'x.example', '--rcpt', 'a@b.example\nx'], /--rcpt/],
    [['imap', 'you@exam\tple.com'], /not a host name/],
    [['pop', '--host', 'x.example', '--proxy', 'http://127.0.0.1:99999'], /--proxy takes a URL/],
    [['pop', '--host', 'x.example', '--resolver', '127.0.0.1:abc'], /--resolver takes the IP address/],
    [['discover'], /ADDRESS is missing/],
    [['smpt'], /did you mean smtp\?/],
    [['help', 'smpt'], /did you mean smtp\?/],
    [['explain', '--text', ''], /empty/],
    [['explain', '--file', root], /folder/],
    [['lab', 'no.such'], /no scenario/],
  ])('%j', (args, words) => {
    const { status, stdout, stderr } = mailcheck(...args);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(words);
    expect(stderr).not.toContain('hunter2');
    expect([status, stdout]).toEqual([2, '']);
  });
});

describe('flags that may be given several times', () => {
  const report = (...args: string[]) => {
    const { stdout } = mailcheck(...args, '--host', 'x.example', '--until', 'settings', '--json');
    return JSON.parse(stdout).account.address;
  };

  it('take one word each: the address behind them is the address', () => {
    expect(report('smtp', '--from', 'sales@example.com', 'you@example.com')).toBe('you@example.com');
  });

  it('a hyphen as --output is standard output', () => {
    expect(report('pop', 'you@example.com', '--output', '-')).toBe('you@example.com');
    const { stdout } = mailcheck('pop', '--host', 'x.example', '--until', 'settings', '--output', 'json:-');
    expect(JSON.parse(stdout).schema).toBe('mailcheck.report/1');
  });

  it('an entry of the catalogue is written as Markdown too', () => {
    expect(mailcheck('explain', 'certificate.expired', '--format', 'markdown').stdout).toMatch(/^# The certificate has expired/);
  });
});

describe('the process', () => {
  it('S-094: a reader that goes away ends it quietly', async () => {
    const child = spawn(process.execPath, [CLI, 'presets', '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.on('data', (d) => {
      said += d;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const status = await new Promise((done) => child.on('close', done));
    expect([status, said]).toEqual([0, '']);
  });

  it.each([
    ['standard input', ['--password-stdin']],
    ['a command', ['--password-command', 'echo ready >&2; exec sleep 60']],
  ])('Ctrl-C while the password is waited for from %s is status 3, one line, no check', async (_, flags) => {
    const args = [CLI, 'pop', 'you@example.com', '--host', 'x.example', ...flags];
    const child = spawn(process.execPath, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: HEARD },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (d) => {
      out += d;
    });
    child.stderr.on('data', (d) => {
      err += d;
      if (String(d).includes('ready')) child.kill('SIGINT');
    });
    const status = await new Promise((done) => child.on('close', done));
    expect([status, out, err.replace(/^ready\n/gm, '')]).toEqual([
      3,
      '',
      expect.stringMatching(/^mailcheck: interrupted [^\n]*\n$/),
    ]);
  });

  it('--version answers with the version of the package', () => {
    const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));
    expect(mailcheck('--version').stdout).toMatch(new RegExp(`^mailcheck-cli/${version} `));
  });
});

/** What comes with the package, and where it connects: to what it checks, and nowhere else. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { serve } from '../../src/lab/server.ts';
import { checkArgs, cli, executable, newHome, ROOT } from './cli.ts';
import { authority, later, raw, session } from './raw.ts';

const pkg = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((f) => f.endsWith('.ts'))
  .map((f) => [f, readFileSync(join(ROOT, 'src', f), 'utf8')] as const);

describe('the package', () => {
  let files: readonly string[];
  beforeAll(() => {
    // Packed from a built copy, without running anything.
    const dir = mkdtempSync(join(tmpdir(), 'mailcheck-pack-'));
    later(() => rmSync(dir, { recursive: true, force: true }));
    for (const f of ['package.json', 'README.md', 'LICENSE', 'presets', 'test', 'src', '.npmrc', 'action.yml'])
      if (existsSync(join(ROOT, f))) cpSync(join(ROOT, f), join(dir, f), { recursive: true });
    cpSync(dirname(executable()), join(dir, 'dist'), { recursive: true });
    mkdirSync(join(dir, 'node_modules'));
    writeFileSync(join(dir, 'test/secret.pem'), '-----BEGIN PRIVATE KEY-----\n');
    const out = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: dir,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    files = JSON.parse(out)[0].files.map((f: { path: string }) => f.path);
  }, 60_000);

  it('S-208: has no lifecycle scripts that run at a consumer’s', () => {
    const lifecycle = [
      'preinstall',
      'install',
      'postinstall',
      'prepublish',
      'preprepare',
      'prepare',
      'postprepare',
      'dependencies',
    ];
    expect(Object.keys(pkg.scripts).filter((s) => lifecycle.includes(s))).toEqual([]);
    expect(lock.packages[''].hasInstallScript).toBeUndefined();
  });

  it('S-208: has what its list of files allows: no test, no key, no source', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((f) => !/^(dist|presets|schema)\/|^(package\.json|README\.md|LICENSE|action\.yml)$/.test(f))).toEqual([]);
    expect(files.filter((f) => /\.(pem|key|p12|pfx|crt)$|(^|\/)test\//.test(f))).toEqual([]);
    for (const f of readdirSync(dirname(executable()), { recursive: true, encoding: 'utf8' }).filter((x) =>
      /\.(js|mjs|json)$/.test(x),
    ))
      expect([
        f,
        /-----BEGIN (RSA |EC )?PRIVATE KEY-----[\r\n\\n]+[A-Za-z0-9+/]{40}/.test(
          readFileSync(join(dirname(executable()), f), 'utf8'),
        ),
      ]).toEqual([f, false]);
  });

  it('S-208: is published with provenance', () => {
    expect(pkg.publishConfig).toMatchObject({ provenance: true });
  });

  it('S-209: the lock file fits, and every production dependency has its reason in the README', () => {
    expect(lock.packages[''].dependencies).toEqual(pkg.dependencies);
    expect(lock.packages[''].devDependencies).toEqual(pkg.devDependencies);
    for (const [path, p] of Object.entries<{ resolved?: string; integrity?: string; inBundle?: boolean; link?: boolean }>(
      lock.packages,
    ))
      if (path !== '' && !p.inBundle) expect([path, typeof p.integrity, p.link]).toEqual([path, 'string', undefined]);
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const table = readme.split('\n').filter((l) => l.startsWith('| `'));
    for (const name of Object.keys(pkg.dependencies)) {
      const short = name.replace(/^@oclif\/(?=plugin-)/, '');
      const row = table.find((l) => l.includes(`\`${name}\``) || l.includes(`\`${short}\``));
      expect([name, row !== undefined && row.split('|').length > 3]).toEqual([name, true]);
    }
  });

  it('S-209: the production tree stays within its budget', () => {
    const packages = Object.entries<{ dev?: boolean; devOptional?: boolean; inBundle?: boolean; hasInstallScript?: boolean }>(
      lock.packages,
    ).filter(([path, p]) => path !== '' && !p.dev && !p.devOptional);
    expect(Object.keys(pkg.dependencies).length).toBeLessThanOrEqual(10);
    // npm comes in one piece, for plugin management.
    expect(packages.filter(([, p]) => !p.inBundle).length).toBeLessThanOrEqual(80);
    expect(
      Math.max(...packages.filter(([, p]) => !p.inBundle).map(([path]) => path.split('node_modules/').length - 1)),
    ).toBeLessThanOrEqual(3);
    // yarn's only says that it is yarn; it comes with plugin management, which never calls it here.
    expect(packages.filter(([, p]) => p.hasInstallScript).map(([path]) => path)).toEqual(['node_modules/yarn']);
  });

  it('S-210: a bill of materials lists them all; the audit of a release is of production dependencies', () => {
    expect(pkg.scripts.sbom).toBe('node test/tools/sbom.mjs');
    const made = spawnSync(process.execPath, ['test/tools/sbom.mjs'], {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: 64e6,
    });
    const bom = JSON.parse(made.stdout);
    expect(bom.bomFormat).toBe('CycloneDX');
    const named: string[] = bom.components.map((c: { group?: string; name: string }) =>
      c.group ? `${c.group}/${c.name}` : c.name,
    );
    for (const name of Object.keys(pkg.dependencies)) expect(named).toContain(name);
    expect(named).not.toContain('vitest');
    expect(pkg.scripts.audit).toBe('npm audit --omit=dev --audit-level=high');
  }, 60_000);
});

describe('libraries', () => {
  it('S-214: node-forge reads raw ASN.1 of servers’ certificates and never decides about them; its PKI is the lab’s alone', () => {
    const uses = sources.filter(([, t]) => /node-forge/.test(t.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')));
    expect(uses.length).toBeGreaterThan(0);
    for (const [file, text] of uses) {
      if (file.startsWith('lab/')) continue;
      expect([file, text.match(/\bpki\b|verifyCertificateChain|createCaStore|certificateFrom/g)]).toEqual([file, null]);
      expect(text).toMatch(/asn1/);
    }
    expect(lock.packages['node_modules/node-forge'].version.split('.').map(Number)[1]).toBeGreaterThanOrEqual(4);
  });

  it.each(['S-216 nodemailer', 'S-217 imapflow'])('%s is not used: no mail library decides anything here', (row) => {
    const name = row.split(' ')[1] ?? '';
    expect(Object.keys({ ...pkg.dependencies, ...pkg.devDependencies })).not.toContain(name);
    expect(sources.filter(([, t]) => new RegExp(`from '${name}'|import\\('${name}'\\)|require\\('${name}'\\)`).test(t))).toEqual(
      [],
    );
  });

  it('S-218: a DOCTYPE is refused before anything is parsed, whatever stands around it', async () => {
    const { readXml } = await import('../../src/wire/xml.ts');
    for (const text of [
      '<!DOCTYPE a><a/>',
      '<?xml version="1.0"?><!doctype a []><a/>',
      `<a>${' '.repeat(1000)}<!ENTITY x "y"></a>`,
      '\ufeff<!DoCtYpE a SYSTEM "file:///etc/passwd"><a/>',
      '<a/><!DOCTYPE a>',
    ]) {
      expect(readXml(text)).toMatchObject({ fault: expect.stringContaining('xml-doctype') });
    }
    expect(Object.keys(pkg.dependencies).filter((d) => /xml|sax/i.test(d))).toEqual([]);
  });

  it('S-220: a Node that is too old is refused in one line; the floor is documented', async () => {
    expect(pkg.engines.node).toBe('>=20.18.0');
    const preload = join(newHome().tmp, 'old.cjs');
    for (const version of ['18.20.4', '20.17.0', '16.0.0']) {
      writeFileSync(
        preload,
        `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });\n`,
      );
      const ran = await cli(['presets'], { nodeArgs: ['-r', preload] });
      expect([ran.status, ran.stdout, ran.stderr]).toEqual([
        2,
        '',
        expect.stringMatching(new RegExp(`^mailcheck: Node ${version} is too old; [^\\n]*20\\.18[^\\n]*\\n$`)),
      ]);
    }
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toMatch(/Node(\.js)? 20\.18/);
  }, 20_000);
});

/** Notes every connection and datagram that the program makes, and every look-up by the system. */
const RECORDER = `const fs = require('node:fs'), net = require('node:net'), dgram = require('node:dgram'), dns = require('node:dns');
const note = (x) => fs.appendFileSync(process.env.RECORD, x + '\\n');
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...a) { const o = Array.isArray(a[0]) ? a[0][0] : a[0]; note('tcp ' + (typeof o === 'object' ? (o.path ?? (o.host + ' ' + o.port)) : (a[1] ?? '') + ' ' + o)); return connect.apply(this, a); };
const send = dgram.Socket.prototype.send;
dgram.Socket.prototype.send = function (...a) { const s = a.filter((x) => typeof x === 'string').pop(), n = a.filter((x) => typeof x === 'number'); note('udp ' + s + ' ' + n[n.length - 1]); return send.apply(this, a); };
for (const k of ['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveMx', 'resolveTxt', 'resolveSrv']) { const f = dns[k]; dns[k] = (...a) => { note('dns ' + a[0]); return f(...a); }; }
`;

describe('connections', () => {
  it('S-212: go to what is checked and to the resolver that was named, and nowhere else, by any command', async () => {
    const running = await serve({ protocol: 'imap' }, { authority: authority() });
    later(() => running.close());
    const home = newHome();
    const preload = join(home.tmp, 'record.cjs');
    writeFileSync(preload, RECORDER);
    const [dnsHost = '', dnsPort = ''] = running.resolver.split(':');
    const imap = [
      'imap',
      running.mail,
      '--host',
      running.host,
      '--port',
      '993',
      '--connect-to',
      `127.0.0.1:${running.port}`,
      '--resolver',
      running.resolver,
      '--ca-file',
      running.caFile,
      '--password-env',
      'PW',
      '--timeout',
      '2',
    ];
    writeFileSync(
      join(home.tmp, 'run.yaml'),
      `accounts:\n  - address: ${running.mail}\n    password: { env: PW }\n    connect-to: 127.0.0.1:${running.port}\n    resolver: ${running.resolver}\n    ca-file: ${running.caFile}\n    imap: { host: ${running.host}, port: 993 }\n`,
    );
    const allowed = [`tcp 127.0.0.1 ${running.port}`, `udp ${dnsHost} ${dnsPort}`, `tcp ${dnsHost} ${dnsPort}`];
    const commands: readonly (readonly [readonly string[], readonly string[]])[] = [
      [imap, allowed],
      [['run', 'run.yaml', '--format', 'json'], allowed],
      [['explain', '--text', '535 5.7.8 Error: authentication failed'], []],
      [['explain', '--list'], []],
      [['presets', 'zoho'], []],
      [['lab'], []],
      [['plugins'], []],
      [['help'], []],
      [['pop', '--help'], []],
      [['--version'], []],
      [['merge', '/nowhere'], []],
      [['pop', 'you@example.test', '--port', 'x'], []],
    ];
    for (const [args, may] of commands) {
      const record = join(home.tmp, 'record.txt');
      writeFileSync(record, '');
      const ran = await cli(args, { in: home, nodeArgs: ['-r', preload], env: { RECORD: record, PW: running.password } });
      expect(ran.signal).toBe(null);
      const made = [
        ...new Set(
          readFileSync(record, 'utf8')
            .split('\n')
            .filter((l) => l !== ''),
        ),
      ];
      expect([args[0], made.filter((l) => !may.includes(l))]).toEqual([args[0], []]);
      if (args === imap) expect(made).toContain(`tcp 127.0.0.1 ${running.port}`);
    }
  }, 60_000);

  const strace = spawnSync('strace', ['-V']).status === 0;
  it.skipIf(!strace)(
    'S-212: the same by what the kernel saw',
    async () => {
      const server = await raw(session('imap', { implicit: true }));
      const home = newHome();
      const log = join(home.tmp, 'strace.txt');
      const ran = await cli([...checkArgs('imap', server.port, home), '--password-env', 'PW'], {
        in: home,
        env: { PW: 'x' },
        under: ['strace', '-f', '-e', 'trace=connect,sendto', '-o', log],
      });
      expect(ran.status).toBe(0);
      const places = [...readFileSync(log, 'utf8').matchAll(/sin6?_port=htons\((\d+)\)[^)]*?"([^"]+)"/g)].map(
        (m) => `${m[2]} ${m[1]}`,
      );
      expect([...new Set(places)]).toEqual([`127.0.0.1 ${server.port}`]);
    },
    30_000,
  );

  it('S-212: without any network nothing hangs and nothing is missed: the offline commands work as ever', async () => {
    const unshare = spawnSync('unshare', ['-n', 'true']).status === 0;
    if (!unshare) return;
    for (const args of [
      ['explain', '--text', '535 5.7.8 Error: authentication failed'],
      ['presets'],
      ['lab'],
      ['help'],
      ['plugins'],
    ]) {
      const ran = await cli(args, { under: ['unshare', '-n'] });
      expect([args[0], ran.status, ran.stderr]).toEqual([args[0], 0, '']);
    }
  }, 30_000);
});

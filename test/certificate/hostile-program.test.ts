/** S-038, S-052, S-053, S-054, S-067 through the command line: hostile chains end within the deadline, in bounded memory, and nothing raw is printed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Report } from '../../src/model/diagnosis.ts';
import { cli, newHome } from '../security/cli.ts';
import { listenRaw, listenTls } from '../tls/world.ts';
import * as m from './mint.ts';

const HOST = 'mail.example.test';
const keys = m.ec();

/** Terminal and JSON of one check; both bounded in time and memory, and free of control bytes. */
async function look(port: number, ca?: string) {
  const home = newHome();
  const file = join(home.tmp, 'ca.pem');
  if (ca !== undefined) writeFileSync(file, ca);
  const place = ['--host', HOST, '--connect-to', `127.0.0.1:${port}`, '--security', 'tls', '--no-control-probes'];
  const args = ['imap', ...place, '--timeout', '3', '--until', 'certificate', ...(ca === undefined ? [] : ['--ca-file', file])];
  const peak = (format: string) => join(home.tmp, `peak-${format}`);
  const told = join(home.tmp, 'told.cjs');
  writeFileSync(
    told,
    "process.on('exit', () => require('fs').writeFileSync(process.env.PEAK, String(process.resourceUsage().maxRSS)));\n",
  );
  const [human, json] = await Promise.all(
    ['terminal', 'json'].map((format) =>
      cli([...args, '--format', format], {
        in: home,
        env: { PEAK: peak(format) },
        nodeArgs: ['--max-old-space-size=200', '-r', told],
      }),
    ),
  );
  for (const format of ['terminal', 'json']) expect(Number(readFileSync(peak(format), 'utf8')) / 1024).toBeLessThan(300);
  if (!human || !json) throw new Error('it did not run');
  for (const r of [human, json]) {
    expect(r.ms).toBeLessThan(10_000);
    expect(r.stderr).toBe('');
    expect(r.stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    expect(r.stdout.length).toBeLessThan(2_000_000);
  }
  expect(human.stdout).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  const report: Report = JSON.parse(json.stdout);
  return { report, cause: report.checks[0]?.cause, human: human.stdout, status: json.status };
}

it('S-053 a chain of two hundred certificates', async () => {
  const root = m.ca('CN=Tower', { keys });
  let issuer = root;
  const chain: m.Authority[] = [];
  for (let i = 1; i < 200; i++) {
    issuer = m.ca(`CN=${i}`, { issuer, keys, extensions: [m.basic(true)] });
    chain.unshift(issuer);
  }
  const leaf = m.mint({ issuer, keys });
  const port = await listenTls({ key: m.keyPem(leaf), cert: m.pem(leaf, ...chain) }, {}, '* OK\r\n');
  const r = await look(port, m.pem(root));
  expect(r.cause).toBe('certificate.invalid');
  expect(r.human).toMatch(/200|100/);
});

it('S-052 names against name constraints, fifteen hundred of each', async () => {
  const root = m.ca('CN=Root', { keys });
  const rules = m.permitted(...Array.from({ length: 1500 }, (_, i) => m.dns(`c${i}.test`)));
  const bomb = m.ca('CN=Bomb', { issuer: root, keys, extensions: [m.basic(true), rules] });
  const leaf = m.mint({
    issuer: bomb,
    keys,
    extensions: [m.names(...Array.from({ length: 1500 }, (_, i) => m.dns(`h${i}.test`)))],
  });
  const port = await listenTls({ key: m.keyPem(leaf), cert: m.pem(leaf, bomb) }, {}, '* OK\r\n');
  expect((await look(port, m.pem(root))).status).toBe(1);
});

it('S-054 ten thousand names: the message is over 100 KB', async () => {
  const leaf = m.mint({ keys, extensions: [m.names(...Array.from({ length: 10_000 }, (_, i) => m.dns(`h${i}.example.test`)))] });
  const port = await listenTls({ key: m.keyPem(leaf), cert: m.pem(leaf) }, {}, '* OK\r\n');
  const r = await look(port);
  expect(r.cause).toMatch(/^(certificate\.invalid|tls\.handshake-failed)$/);
  expect(r.status).toBe(1);
});

it('three thousand names, none of which fits', async () => {
  const leaf = m.mint({ keys, extensions: [m.names(...Array.from({ length: 3000 }, (_, i) => m.dns(`h${i}.example.net`)))] });
  const port = await listenTls({ key: m.keyPem(leaf), cert: m.pem(leaf) }, {}, '* OK\r\n');
  const r = await look(port, m.pem(leaf));
  expect(r.cause).toBe('certificate.identity-differs');
  expect(r.human).toContain('3000');
});

it('S-038 NUL, ESC and bidi controls in names', async () => {
  const leaf = m.mint({
    keys,
    subject: `O=\u001b]0;owned\u0007/CN=${HOST}\u0000.evil.test`,
    extensions: [m.names(m.dns(`${HOST}\u0000.evil.test`), m.tlv(0x82, `${HOST}\u202e\u2066`), m.dns('\u001b[2Jx'))],
  });
  const port = await listenTls({ key: m.keyPem(leaf), cert: m.pem(leaf) }, {}, '* OK\r\n');
  const r = await look(port, m.pem(leaf));
  expect(r.cause).toBe('certificate.identity-differs');
  expect(r.human).toMatch(/\\x1b/i);
});

it('S-067 sixty-four bytes of noise after the ClientHello', async () => {
  const noise = Buffer.from(Array.from({ length: 64 }, (_, i) => (0x8f + i * 37) & 0xff));
  const port = await listenRaw((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(noise));
  });
  const r = await look(port);
  expect(r.cause).toMatch(/^tls\./);
});

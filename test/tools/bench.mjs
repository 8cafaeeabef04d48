/**
 * npm run bench: start-up, round trips, processor time, batches and peers, as ratios made in one run; prints a Markdown table.
 *
 * Quote the ratios, never the times: they depend on the machine. Everything runs on loopback, interleaved, so that a busy moment
 * hits all alike, and the quietest runs count. `--quick` for a look, `--full` for a batch of 100,000, `--only=WORD` for some rows.
 */
import { execFileSync, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { minimal } from './bench/script.mjs';

const option = (name) => process.argv.includes(`--${name}`);
const only = process.argv.find((a) => a.startsWith('--only='))?.slice(7);
const quick = option('quick');
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLI = join(ROOT, 'dist', 'cli.js');
const here = (name) => fileURLToPath(new URL(`bench/${name}`, import.meta.url));
// Below the project, so that packages and presets are found.
mkdirSync(join(ROOT, 'node_modules/.cache'), { recursive: true });
const folder = mkdtempSync(join(ROOT, 'node_modules/.cache/bench-'));

const rows = [];
function row(what, measured, target = '') {
  rows.push([what, measured, target]);
  process.stderr.write(`${what}: ${measured}\n`);
}
const wanted = (part) => only === undefined || part.includes(only);
const least = (list) => Math.min(...list);
const middle = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
/** Of many short measurements the tenth part from below: what a quiet machine would give. */
const low = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 10)];
const x = (n) => `${n.toFixed(2)} ×`;
/** By the clock, and by the processor, which other work on the machine changes least. */
const both = (mine, theirs) =>
  `${x(mine.ms / theirs.ms)}${mine.cpu && theirs.cpu ? ` (processor time ${x(mine.cpu / theirs.cpu)})` : ''}`;

/** Interleaved whole processes. @returns of each the least time by the clock and the median of processor time, in ms. */
async function processes(commands, rounds) {
  const taken = commands.map(() => ({ ms: [], cpu: [] }));
  for (let i = 0; i < rounds; i++) {
    for (const [j, [program, args, env]] of commands.entries()) {
      const { ms, cpu } = await timed(program, args, { ...process.env, ...env });
      taken[j].ms.push(ms);
      taken[j].cpu.push(cpu);
    }
  }
  return taken.map(({ ms, cpu }) => ({ ms: least(ms), cpu: middle(cpu) }));
}

/** The shell knows what a process of its own took, in ms. Elsewhere than on Unix only the clock is read. */
async function timed(program, args, env) {
  const clocked = process.platform !== 'win32';
  const script = 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null 2>&1';
  const [file, words] = clocked ? ['bash', ['-c', script, 'bench', program, ...args]] : [program, args];
  const begun = performance.now();
  const child = spawn(file, words, { env: { ...env, LC_ALL: 'C' }, stdio: ['ignore', 'ignore', 'pipe'], timeout: 120_000 });
  let said = '';
  child.stderr.on('data', (d) => {
    said += d;
  });
  await once(child, 'close');
  if (!clocked) return { ms: performance.now() - begun, cpu: 0 };
  const [real, user, system] = said.trim().split(' ').map(Number);
  return { ms: real * 1000, cpu: (user + system) * 1000 };
}
const BARE = [process.execPath, ['-e', '0']];
const mailcheck = (args, env) => [process.execPath, [CLI, ...args], env];

async function startUp() {
  const commands = [
    BARE,
    mailcheck(['--version']),
    mailcheck(['--help']),
    mailcheck(['pop', '--help']),
    mailcheck(['explain', '--text', '535 5.7.8 Error: authentication failed: authentication failure']),
    mailcheck(['explain', 'certificate.expired']),
  ];
  await processes(commands, 4);
  const [bare, version, help, popHelp, explain, entry] = await processes(commands, quick ? 7 : 31);
  const ratio = (what, t, target) => row(`start-up: ${what}`, both(t, bare), target);
  ratio('`--version`', version, '≤ 1.2 × `node -e 0`');
  ratio('`--help`', help, '≤ 2.3');
  ratio('`pop --help`', popHelp, '≤ 2.3');
  ratio('`explain` of one line', explain, `≤ 2.3 and 10 ms (${x(2.3 + 10 / bare.ms)})`);
  ratio('`explain CAUSE`', entry);
}

/** Ten megabytes of a mail log in which no two lines are alike, every third a failure. */
function mailLog(megabytes) {
  const said = readFileSync(join(ROOT, 'test/corpus/servers.jsonl'), 'utf8')
    .split('\n')
    .flatMap((line) => (line === '' ? [] : String(JSON.parse(line).text).split('\n')));
  const lines = [];
  for (let size = 0, i = 0; size < megabytes * 1e6; i++) {
    const id = ((i * 2654435761) % 2 ** 32).toString(16).toUpperCase();
    const head = `Jan  9 08:${10 + (i % 50)}:${10 + (i % 47)} mail${i % 9}`;
    const line = [
      `${head} postfix/smtp[${i}]: ${id}: ${said[i % said.length]} user${i}`,
      `${head} postfix/smtp[${i}]: ${id}: to=<user${i}@example.org>, relay=mx.example.org[198.51.100.7]:25, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as ${id})`,
      `${head} dovecot: imap-login: Login: user=<user${i}@example.org>, method=PLAIN, rip=198.51.100.${i % 250}, session=<${id}>`,
    ][i % 3];
    lines.push(line);
    size += line.length + 1;
  }
  return lines.join('\n');
}

async function longLog() {
  const file = join(folder, 'mail.log');
  writeFileSync(file, mailLog(10));
  const commands = [
    mailcheck(['explain', '--text', '535 5.7.8 Error: authentication failed']),
    mailcheck(['explain', '--file', file]),
  ];
  await processes(commands, 2);
  const [one, whole] = await processes(commands, quick ? 2 : 7);
  const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
  const cpu = whole.cpu ? ` (processor time ${seconds(whole.cpu - one.cpu)})` : '';
  row('`explain` of a log of 10 MB, beyond start-up', `${seconds(whole.ms - one.ms)}${cpu}`, '≤ 2 s');
}

/** From the start of the process to the first packet, and to the end of a check that fails. */
async function firstPacket() {
  let accepted;
  const server = createServer((socket) => {
    accepted ??= performance.now();
    socket.on('error', () => {}).end('-ERR [SYS/TEMP] out of service\r\n');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const to = ['--host', 'mail.example.test', '--connect-to', `127.0.0.1:${server.address().port}`, '--security', 'none'];
  const first = async ([program, args]) => {
    accepted = undefined;
    const begun = performance.now();
    await once(spawn(program, args, { stdio: 'ignore' }), 'exit');
    return { whole: performance.now() - begun, first: (accepted ?? Number.NaN) - begun };
  };
  const check = mailcheck(['pop', 'you@example.test', ...to, '--no-control-probes']);
  for (let i = 0; i < 4; i++) await first(check);
  const [bare, checked] = [[], []];
  for (let i = 0; i < (quick ? 7 : 31); i++) {
    bare.push((await first(BARE)).whole);
    checked.push((await first(check)).first);
  }
  row('start-up: a check up to its first packet', x(least(checked) / least(bare)), '≤ 2.5');
  const [node, failing] = await processes([BARE, check], quick ? 7 : 31);
  row('start-up: a check that fails, to its end', both(failing, node));
  server.close();
}

/** The library and the lab, bundled as the tests would run them. */
async function library() {
  const outfile = join(folder, 'library.mjs');
  await build({
    stdin: {
      contents: `export { serve } from './src/lab/server.ts';
        export { createAuthority } from './src/lab/authority.ts';
        export { checkup } from './src/checkup.ts';
        export { createShared } from './src/net/net.ts';
        export { kitOf } from './src/kit.ts';
        export { readTold } from './src/settle/settle.ts';
        export { sealSecret } from './src/model/secret.ts';`,
      resolveDir: ROOT,
    },
    ...{ bundle: true, platform: 'node', format: 'esm', outfile, logLevel: 'error' },
    external: ['undici', 'yaml', 'tldts', 'table', 'node-forge', '@oclif/core'],
    banner: { js: "import{createRequire as __c}from'node:module';const require=__c(import.meta.url);" },
  });
  return outfile;
}

/** @returns a function that makes one whole check of a server, over `port` where that is another one. */
function checker({ checkup, createShared, kitOf, readTold, sealSecret }, server) {
  const kit = kitOf([]);
  const shared = createShared();
  const { signal } = new AbortController();
  const secret = sealSecret(server.password);
  const { protocol, security, host, port: own, ca } = server;
  const options = {
    ...{ send: false, arrival: false, insecureAuth: false, controlProbes: true, checkRevocation: false, traceRoute: false },
    timeoutMs: 10_000,
  };
  return async (port = own) => {
    const told = readTold({ protocol, address: 'you@example.test', host, port: own, security, insecureAuth: false, secret });
    const connectTo = { host: '127.0.0.1', port };
    const net = { families: [4], connectTo, ca, transcript: false, env: process.env, allowPrivate: true, shared };
    const done = await checkup({ told: [told], options, net, signal, kit });
    const { verdict, root } = done.checks[0].diagnosis;
    if (verdict !== 'pass') throw new Error(`the healthy server was not passed: ${verdict} ${root?.cause.id}`);
  };
}

/** A proxy that holds every byte back for half a round trip each way. */
function delaying(target, ms) {
  const proxy = createServer({ noDelay: true }, (client) => {
    const up = connect({ port: target, host: '127.0.0.1', noDelay: true });
    const pipe = (from, to) => {
      from.on('data', (d) => setTimeout(() => to.destroyed || to.write(d), ms));
      from.on('end', () => setTimeout(() => to.end(), ms));
      from.on('error', () => to.destroy());
    };
    pipe(client, up);
    pipe(up, client);
  });
  return new Promise((resolve) => proxy.listen(0, '127.0.0.1', () => resolve(proxy)));
}

/** The proxy cannot hold back the handshake of TCP: its round trip is added. */
async function roundTrips(lib, server) {
  const check = checker(lib, server);
  const oneWay = 50;
  const proxy = await delaying(server.port, oneWay);
  for (let i = 0; i < 5; i++) await check();
  const [direct, delayed] = [[], []];
  for (let i = 0; i < (quick ? 2 : 6); i++) {
    let begun = performance.now();
    await check();
    direct.push(performance.now() - begun);
    begun = performance.now();
    await check(proxy.address().port);
    delayed.push(performance.now() - begun);
  }
  proxy.close();
  return ((least(delayed) - least(direct)) / (2 * oneWay) + 1).toFixed(1);
}

/** Processor time of the client, in short turns that take place one after the other. */
async function processorTime(lib, server) {
  const check = checker(lib, server);
  const script = minimal(server);
  const turn = async (work) => {
    const before = process.cpuUsage();
    for (let i = 0; i < 20; i++) await work();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  for (let i = 0; i < 15; i++) for (const work of [() => check(), script]) await turn(work);
  const [mine, floor] = [[], []];
  for (let i = 0; i < (quick ? 15 : 100); i++) {
    mine.push(await turn(() => check()));
    floor.push(await turn(script));
  }
  return x(low(mine) / low(floor));
}

/** One batch in a process of its own. @returns its processor time in µs and the most memory that it held, in bytes. */
function batchOf(kind, count, server) {
  if (kind !== 'run') {
    const args = [kind === 'nodemailer' ? join(folder, 'script.mjs') : here('script.mjs'), kind, String(count), '64'];
    const env = { ...process.env, BENCH_SERVER: JSON.stringify(server) };
    return JSON.parse(execFileSync(process.execPath, args, { env, timeout: 3_600_000 }).toString());
  }
  const file = join(folder, 'accounts.csv');
  const word = server.protocol === 'pop3' ? 'pop' : 'smtp';
  const head = `name,address,user,checks,${word}-host,${word}-port,${word}-security,connect-to,ca-file,password-env`;
  const line = (i) =>
    `${i},you@example.test,${server.user},${word},${server.host},${server.port},${server.security},127.0.0.1:${server.port},${server.caFile},BENCH_PASSWORD`;
  writeFileSync(file, `${[head, ...Array.from({ length: count }, (_, i) => line(i))].join('\n')}\n`, { mode: 0o600 });
  const usage = join(folder, 'usage.json');
  const out = spawnSync(
    process.execPath,
    ['--require', here('usage.cjs'), CLI, 'run', file, '--format', 'ndjson', '--concurrency', '64', '--per-host', '64'],
    {
      env: { ...process.env, BENCH_USAGE: usage, BENCH_PASSWORD: server.password },
      maxBuffer: 2 ** 31 - 1,
      timeout: 3_600_000,
    },
  );
  const lines = out.stdout.toString('latin1').split('\n').length - 1;
  if (lines !== count || out.status !== 0)
    throw new Error(`the batch gave ${lines} results for ${count}, status ${out.status}: ${out.stderr.toString().slice(0, 500)}`);
  return JSON.parse(readFileSync(usage, 'utf8'));
}

/** @returns processor time for one more check, start-up aside, in µs, and the memory of the small and the large batch. */
function each(kind, server, sizes) {
  const [small, large] = sizes;
  const least = (count) => {
    const tries = Array.from({ length: count > 2000 ? 1 : 3 }, () => batchOf(kind, count, server));
    return tries.reduce((a, b) => (b.cpu < a.cpu ? b : a));
  };
  const [few, many] = [least(small), least(large)];
  return { cpu: (many.cpu - few.cpu) / (large - small), few: few.rss, many: many.rss };
}

const MB = (bytes) => `${Math.round(bytes / 1e6)} MB`;

function batches({ pop, smtp }) {
  const sizes = quick ? [100, 600] : [1000, 5000];
  const run = each('run', pop, sizes);
  const floor = each('pop', pop, sizes);
  row('batch at 64 at once: processor time for a POP3S account', x(run.cpu / floor.cpu), '≤ 1.3 × the minimal script');
  row(`batch: memory with ${sizes[0]} and with ${sizes[1]} accounts`, `${MB(run.few)}, ${MB(run.many)}`, '≤ 150 MB, flat');
  if (option('full')) row('batch: memory with 100,000 accounts', MB(batchOf('run', 100_000, pop).rss), '≤ 150 MB, flat');
  const against = 'batch: SMTP STARTTLS account against nodemailer `verify()`';
  if (!installed('nodemailer')) return row(against, 'not measured: nodemailer could not be installed', '< 1 ×');
  // The script finds packages from its own folder upwards.
  copyFileSync(here('script.mjs'), join(folder, 'script.mjs'));
  const few = quick ? [100, 300] : [500, 3000];
  row(against, x(each('run', smtp, few).cpu / each('nodemailer', smtp, few).cpu), '< 1 ×');
}

function installed(name) {
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', name];
  return spawnSync('npm', args, { stdio: 'ignore', timeout: 60_000, shell: process.platform === 'win32' }).status === 0;
}

/** Whole processes against the tools that people have, each up to the log-in. */
async function peers({ pop, smtp }) {
  const ours = (word, s) => {
    const to = ['--host', s.host, '--connect-to', `127.0.0.1:${s.port}`, '--security', s.security, '--ca-file', s.caFile];
    const account = ['you@example.test', '--user', s.user, '--password-env', 'BENCH_PASSWORD'];
    return mailcheck([word, ...account, ...to], { BENCH_PASSWORD: s.password });
  };
  const script = (kind, s) => [process.execPath, [here('script.mjs'), kind, '1', '1'], { BENCH_SERVER: JSON.stringify(s) }];
  const has = (program, ask = '--version') => spawnSync(program, [ask], { stdio: 'ignore' }).error === undefined;
  const log = [`${pop.user}:${pop.password}`, '--connect-to', `${pop.host}:995:127.0.0.1:${pop.port}`];
  const curl = ['curl', ['-s', '--cacert', pop.caFile, '-u', ...log, `pop3s://${pop.host}:995/`]];
  const plain = Buffer.from(`\0${pop.user}\0${pop.password}`).toString('base64');
  const words = `printf 'CAPA\\r\\nAUTH PLAIN ${plain}\\r\\nSTAT\\r\\nUIDL\\r\\nQUIT\\r\\n'`;
  const client = `openssl s_client -quiet -verify_return_error -CAfile "$1" -servername "$2" -connect "127.0.0.1:$3"`;
  const openssl = ['sh', ['-c', `${words} | ${client}`, 'bench', pop.caFile, pop.host, String(pop.port)]];
  const account = ['--auth', 'PLAIN', '--auth-user', smtp.user, '--auth-password', smtp.password, '--from', 'you@example.test'];
  const swaks = ['swaks', ['--server', `127.0.0.1:${smtp.port}`, '-tls', ...account, '--to', 'you@example.test', '-q', 'RCPT']];
  const pairs = [
    ['POP3S check against the minimal Node script', ours('pop', pop), script('pop', pop)],
    ['SMTP STARTTLS check against the minimal Node script', ours('smtp', smtp), script('smtp', smtp)],
    ...(has('curl') ? [['POP3S check against `curl` (log-in and LIST)', ours('pop', pop), curl]] : []),
    ...(has('openssl', 'version') ? [['POP3S check against `openssl s_client`', ours('pop', pop), openssl]] : []),
    ...(has('swaks') ? [['SMTP STARTTLS check against `swaks`', ours('smtp', smtp), swaks]] : []),
  ];
  for (const [what, mine, theirs] of pairs) {
    const failed = [mine, theirs].find(
      ([program, args, env]) => spawnSync(program, args, { env: { ...process.env, ...env }, stdio: 'ignore' }).status !== 0,
    );
    if (failed) throw new Error(`${what}: ${failed[0]} did not get through`);
    await processes([mine], 4);
    const [a, b] = await processes([mine, theirs], quick ? 5 : 21);
    row(`peers, whole process: ${what}`, both(a, b));
  }
}

function printed() {
  const head = ['what', 'measured', 'target'];
  const widths = head.map((h, i) => Math.max(h.length, ...rows.map((r) => r[i].length)));
  const line = (r) => `| ${r.map((c, i) => c.padEnd(widths[i])).join(' | ')} |`;
  return [line(head), `|${widths.map((w) => '-'.repeat(w + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}

/** One part that cannot be measured leaves the others. */
async function part(name, measure) {
  if (!wanted(name)) return;
  try {
    await measure();
  } catch (error) {
    process.exitCode = 1;
    row(name, `not measured: ${error.message.split('\n')[0].slice(0, 200)}`);
  }
}

let lab;
try {
  await part('start-up', startUp);
  await part('start-up', firstPacket);
  await part('log', longLog);
  const file = await library();
  const lib = await import(file);
  lab = fork(here('lab.mjs'), [file], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const servers = await new Promise((resolve) => lab.once('message', resolve));
  await part('round trips', async () => {
    row('round trips: POP3S', await roundTrips(lib, servers.pop), '5');
    row('round trips: IMAPS', await roundTrips(lib, servers.imap), '5');
    row('round trips: SMTP, implicit TLS', await roundTrips(lib, servers.smtps), '6');
    row('round trips: SMTP, STARTTLS', await roundTrips(lib, servers.smtp), '8');
  });
  await part('processor time', async () => {
    row('processor time: POP3S check', await processorTime(lib, servers.pop), '≤ 1.15 × the minimal script');
    row('processor time: SMTP STARTTLS check', await processorTime(lib, servers.smtp), '≤ 1.15 × the minimal script');
  });
  await part('peers', () => peers(servers));
  await part('batch', () => batches(servers));
} finally {
  lab?.disconnect();
  rmSync(folder, { recursive: true, force: true });
  process.stdout.write(`${printed()}\n`);
}

/** npm run demo: healthy and broken mail servers on loopback, met by the real commands. Ends with 0 where each gave what it should. */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const SCENARIOS = [
  'healthy-pop',
  'healthy-smtp-starttls',
  'connect.refused',
  'certificate.self-signed',
  'auth.credentials-rejected',
  'sender.not-owned',
];

/** The words of a command line that `lab` printed: quoted ones are taken whole. */
function split(command) {
  const words = [...command.matchAll(/(?:[^\s']|'[^']*')+/g)].map((m) => m[0].replace(/'([^']*)'/g, '$1'));
  const env = {};
  while (/^[A-Z_]+=/.test(words[0] ?? '')) {
    const [name, ...value] = words.shift().split('=');
    env[name] = value.join('=');
  }
  return { env, args: words.slice(1) };
}

const lab = spawn(process.execPath, [CLI, 'lab', ...SCENARIOS, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
const servers = await new Promise((resolve, reject) => {
  let text = '';
  lab.stdout.on('data', (d) => {
    text += d;
    try {
      resolve(JSON.parse(text).servers);
    } catch {
      // Not whole yet.
    }
  });
  lab.on('exit', () => reject(new Error('the lab ended before it began')));
});

const results = [];
for (const { name, command } of servers) {
  const { env, args } = split(command);
  process.stdout.write(`\n\n$ mailcheck ${args.map((a) => (/\s/.test(a) ? `'${a}'` : a)).join(' ')}\n\n`);
  const options = { env: { ...process.env, ...env }, encoding: 'utf8' };
  spawnSync(process.execPath, [CLI, ...args], { ...options, stdio: ['ignore', 'inherit', 'inherit'] });
  const json = spawnSync(process.execPath, [CLI, ...args, '--json'], options);
  const got = JSON.parse(json.stdout).checks[0].cause;
  const wanted = name.startsWith('healthy') ? null : name;
  results.push({ name, got, ok: got === wanted && json.status === (wanted === null ? 0 : 1) });
}
lab.kill('SIGINT');
process.stdout.write('\n\n');
for (const { name, got, ok } of results) process.stdout.write(`${ok ? '✓' : '✗'} ${name}: ${got ?? 'passed'}\n`);
process.exitCode = results.every((r) => r.ok) ? 0 : 1;

/**
 * The floor: the shortest node:tls scripts that hold the conversations of a check. Run by itself it holds many of them:
 * `node script.mjs pop|smtp|nodemailer COUNT CONCURRENCY`, the server as JSON in BENCH_SERVER; it prints what that took as JSON.
 */
import { realpathSync } from 'node:fs';
import { connect } from 'node:net';
import { createSecureContext, connect as secure } from 'node:tls';
import { fileURLToPath } from 'node:url';

const UPGRADE = Symbol('upgrade');

/** What to wait for, and what to say then. */
function talkOf({ protocol, user, password }) {
  const plain = Buffer.from(`\0${user}\0${password}`).toString('base64');
  if (protocol === 'pop3') {
    return [
      [/^\+OK.*\r\n$/, 'CAPA\r\n'],
      [/\r\n\.\r\n$/, `AUTH PLAIN ${plain}\r\nSTAT\r\nUIDL\r\nQUIT\r\n`],
    ];
  }
  return [
    [/^220.*\r\n$/, 'EHLO [127.0.0.1]\r\n'],
    [/^250 .*\r\n$/m, 'STARTTLS\r\n'],
    [/^220.*\r\n$/, UPGRADE],
    [/^250 .*\r\n$/m, `AUTH PLAIN ${plain}\r\n`],
    [/^235.*\r\n$/, 'MAIL FROM:<you@example.test>\r\nRCPT TO:<you@example.test>\r\nRSET\r\nQUIT\r\n'],
  ];
}

/** @returns a function that holds one conversation; one secure context serves them all. */
export function minimal(server) {
  const talk = talkOf(server);
  const secureContext = createSecureContext({ ca: server.ca });
  const { host: servername, port, protocol } = server;
  return () =>
    new Promise((resolve, reject) => {
      let socket = connect({ host: '127.0.0.1', port, noDelay: true }).on('error', reject);
      let step = 0;
      let said = '';
      const hear = (chunk) => {
        said += chunk.toString('latin1');
        const [due, next] = talk[step] ?? [];
        if (!due?.test(said)) return;
        said = '';
        step += 1;
        if (next === UPGRADE) {
          socket.removeAllListeners('data');
          upgrade(() => socket.write('EHLO [127.0.0.1]\r\n'));
        } else socket.write(next);
      };
      const upgrade = (then) => {
        socket = secure({ socket, servername, secureContext }, then).on('data', hear).on('error', reject).on('close', resolve);
      };
      if (protocol === 'pop3') upgrade();
      else socket.on('data', hear);
    });
}

/** nodemailer's own check of an account: its sessions go up to the log-in, ours to the sender. */
async function nodemailer(server) {
  const { createTransport } = (await import('nodemailer')).default;
  const { host, port, ca, user, password: pass } = server;
  return async () => {
    const transport = createTransport({ host: '127.0.0.1', port, auth: { user, pass }, tls: { ca, servername: host } });
    await transport.verify();
    transport.close();
  };
}

async function many(work, count, concurrency) {
  let left = count;
  const one = async () => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: concurrency }, one));
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [kind, count, concurrency] = process.argv.slice(2);
  const server = JSON.parse(process.env.BENCH_SERVER);
  const work = kind === 'nodemailer' ? await nodemailer(server) : minimal(server);
  await many(work, Number(count), Number(concurrency));
  const { user, system } = process.cpuUsage();
  process.stdout.write(JSON.stringify({ cpu: user + system, rss: process.resourceUsage().maxRSS * 1024 }));
  process.exit(0);
}

/** Fuzzed sessions: servers that answer with noise and with bent answers, each the same for the same seed, met by the real pipeline over real sockets. */
import { connect, createServer, type Socket } from 'node:net';
import type { Protocol } from '../../src/model/terms.ts';
import { type Asked, GREETING, later, look, pki, type Seen } from './raw.ts';

/** mulberry32: small, and the same everywhere. */
export function random(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const pick = <T>(r: () => number, list: readonly T[]): T | undefined => list[Math.floor(r() * list.length)];

const CRUMBS = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '-',
  '+',
  '* ',
  '.',
  '\r\n.\r\n',
  '{3}',
  '{99999999999}',
  '{0}\r\n',
  '{5+}\r\n',
  '"',
  '\\',
  '[',
  ']',
  '(',
  ')',
  '=',
  '334 ',
  '+ ',
  '+OK',
  '-ERR',
  'm1 ',
  'm2 OK',
  'm3 BAD',
  '* BYE',
  '* PREAUTH',
  '* CAPABILITY ',
  '[CAPABILITY ',
  '[ALERT] ',
  '250-',
  '250 ',
  '999 ',
  '220 ',
  '421 ',
  '535 5.7.8 ',
  '\xff\xfe',
  '\x1b[31m',
  '\x1b]8;;http://evil\x07',
  '\u202e',
  'A'.repeat(600),
  '5.7.139',
  '\x16\x03\x01',
  'SSH-2.0-x\r\n',
  'HTTP/1.1 400 \r\n',
  'STARTTLS',
  'STLS',
  'SASL PLAIN',
  'AUTH PLAIN',
  'AUTH=PLAIN',
  'LOGINDISABLED',
  'eyJzdGF0dXMiOiI0MDAifQ==',
  '====',
  '%s%n',
  '\ud83d',
  '   ',
];

/** Bends a valid answer: bytes flipped, left out, doubled, put in, moved; whole lines as well. */
export function bend(r: () => number, answer: string): string {
  let s = answer;
  for (let n = 1 + Math.floor(r() * 4); n > 0; n--) {
    const at = Math.floor(r() * (s.length + 1));
    const to = Math.min(s.length, at + Math.floor(r() * 8));
    switch (Math.floor(r() * 8)) {
      case 0:
        s = s.slice(0, at) + String.fromCharCode(Math.floor(r() * 256)) + s.slice(at + 1);
        break;
      case 1:
        s = s.slice(0, at) + s.slice(to);
        break;
      case 2:
        s = s.slice(0, to) + s.slice(at);
        break;
      case 3:
        s = s.slice(0, at) + (pick(r, CRUMBS) ?? '') + s.slice(at);
        break;
      case 4:
        s = s.slice(at) + s.slice(0, at);
        break;
      case 5: {
        const lines = s.split('\r\n');
        const i = Math.floor(r() * lines.length);
        lines.splice(i, 1, lines[Math.floor(r() * lines.length)] ?? '');
        s = lines.join('\r\n');
        break;
      }
      case 6:
        s = s.toLowerCase();
        break;
      default:
        s = s.repeat(1 + Math.floor(r() * 3));
    }
  }
  return s;
}

const noise = (r: () => number) =>
  Array.from({ length: Math.floor(r() * 200) }, () => String.fromCharCode(Math.floor(r() * 256))).join('');

const VALID: Readonly<Record<Protocol, (line: string) => string>> = {
  pop3: (line) => {
    const verb = line.split(' ', 1)[0] ?? '';
    if (verb === 'CAPA') return '+OK\r\nUSER\r\nSASL PLAIN SCRAM-SHA-256\r\nUIDL\r\nPIPELINING\r\nRESP-CODES\r\n.\r\n';
    if (verb === 'STAT') return '+OK 2 300\r\n';
    if (verb === 'UIDL') return '+OK\r\n1 a\r\n2 b\r\n.\r\n';
    return '+OK fine\r\n';
  },
  imap: (line) => {
    const [tag = '', verb = ''] = line.split(' ');
    if (verb === 'CAPABILITY')
      return `* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=SCRAM-SHA-256 SASL-IR ID NAMESPACE QUOTA\r\n${tag} OK done\r\n`;
    if (verb === 'EXAMINE') return `* 3 EXISTS\r\n* FLAGS (\\Seen)\r\n${tag} OK [READ-ONLY] done\r\n`;
    if (verb === 'ID') return `* ID ("name" "x")\r\n${tag} OK done\r\n`;
    if (verb === 'LOGOUT') return `* BYE\r\n${tag} OK done\r\n`;
    return `${tag} OK done\r\n`;
  },
  smtp: (line) => {
    const verb = line.split(' ', 1)[0] ?? '';
    if (verb === 'EHLO') return '250-mail\r\n250-PIPELINING\r\n250-SIZE 1000\r\n250 AUTH PLAIN LOGIN\r\n';
    if (verb === 'AUTH') return '235 2.7.0 ok\r\n';
    if (verb === 'QUIT') return '221 bye\r\n';
    if (verb === 'DATA') return '354 go\r\n';
    return '250 2.0.0 ok\r\n';
  },
};

/** One fuzzed answer: mostly bent, sometimes whole, sometimes noise or another protocol's. */
function answer(r: () => number, protocol: Protocol, line: string | undefined): string {
  const valid = line === undefined ? GREETING[protocol] : VALID[protocol](line);
  const dice = r();
  if (dice < 0.45) return valid;
  if (dice < 0.85) return bend(r, valid);
  if (dice < 0.93) return noise(r);
  return VALID[pick(r, ['pop3', 'imap', 'smtp'] as const) ?? 'smtp'](line ?? 'x');
}

/** A place where one session after the other is met: the seed is set before each. */
export async function slot(protocol: Protocol) {
  let seed = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    const r = random(seed);
    let lines = '';
    let said = 0;
    socket.on('error', () => {});
    const say = (line?: string) => {
      if (!socket.writable) return;
      const text = answer(r, protocol, line);
      said += 1;
      socket.write(Buffer.from(text, 'latin1'));
      // A line without its end, or nothing at all, would only be waited for: that is tried too, but seldom.
      if (!text.endsWith('\n') || r() < 0.06 || said > 14) {
        if (r() < 0.9) r() < 0.5 ? socket.end() : socket.resetAndDestroy();
      }
    };
    say();
    socket.on('data', (chunk) => {
      lines += chunk.toString('latin1');
      for (let at = lines.indexOf('\n'); at >= 0; at = lines.indexOf('\n')) {
        const line = lines.slice(0, at).replace(/\r$/, '');
        lines = lines.slice(at + 1);
        say(line);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  later(() => server.close());
  const at = server.address();
  const port = typeof at === 'object' && at ? at.port : 0;
  return (s: number, asked: Omit<Asked, 'protocol'>) => {
    seed = s;
    return look(port, { protocol, ...asked });
  };
}

const VERDICTS = ['pass', 'warn', 'fail', 'inconclusive'];

/** @returns why a session's result is not one definite verdict; undefined where it is. */
export function indefinite(seen: Seen, limitMs: number): string | undefined {
  const { check, report } = seen;
  const { verdict, root } = check.diagnosis;
  if (!VERDICTS.includes(verdict)) return `verdict ${verdict}`;
  if ((verdict === 'fail') !== (root !== undefined)) return `verdict ${verdict} with the root ${root?.cause.id}`;
  const failed = check.stages.filter((s) => s.status === 'fail');
  if (failed.length > 0 && verdict !== 'fail') return `${failed[0]?.stage} failed, but the verdict is ${verdict}`;
  if (verdict === 'fail' && failed.length === 0) return `failed with ${root?.cause.id}, but no stage did`;
  if (JSON.parse(JSON.stringify(report)).verdict !== verdict) return 'the report has another verdict';
  if (seen.ms > limitMs) return `took ${Math.round(seen.ms)} ms`;
  return undefined;
}

/** Runs jobs side by side, each in one of `width` lanes. */
export async function lanes<T>(jobs: readonly T[], width: number, lane: () => Promise<(job: T) => Promise<void>>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(width, jobs.length) }, async () => {
      const work = await lane();
      for (;;) {
        const job = jobs[next++];
        if (job === undefined) return;
        await work(job);
      }
    }),
  );
}

export type End = 'closes' | 'stalls' | 'resets';

/** A relay before a server: it lets so many bytes of the server through, then closes, stalls or resets. */
export async function relay(port: number) {
  let left = Number.POSITIVE_INFINITY;
  let end: End = 'closes';
  let passed = 0;
  const open = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port, host: '127.0.0.1', noDelay: true });
    let rest = left;
    const how = end;
    passed = 0;
    open.add(client).add(upstream);
    for (const s of [client, upstream])
      s.on('error', () => {}).on('close', () => {
        open.delete(s);
      });
    client.on('data', (d) => upstream.write(d)).on('close', () => upstream.destroy());
    const cut = () => {
      upstream.removeAllListeners('data');
      if (how === 'stalls') return;
      if (how === 'closes') client.end();
      else client.resetAndDestroy();
      upstream.destroy();
    };
    upstream.on('close', () => client.end());
    if (rest === 0) cut();
    else
      upstream.on('data', (d: Buffer) => {
        const part = d.subarray(0, Math.min(d.length, rest));
        rest -= part.length;
        passed += part.length;
        if (rest > 0) client.write(part);
        else client.write(part, cut);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  later(() => {
    for (const s of open) s.destroy();
    server.close();
  });
  const at = server.address();
  return {
    port: typeof at === 'object' && at ? at.port : 0,
    after(bytes: number, how: End) {
      left = bytes;
      end = how;
    },
    passed: () => passed,
  };
}

export { pki };

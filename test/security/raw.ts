/** Small servers for the tests of hostile behaviour: every byte is the test's own, with TLS where it wants it, and what the client sent is kept apart by channel. */
import { createServer, type Socket } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { afterAll } from 'vitest';
import { type Checkup, checkup } from '../../src/checkup.ts';
import { kitOf } from '../../src/kit.ts';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import { en } from '../../src/locales/en.ts';
import type { CheckOptions } from '../../src/model/account.ts';
import type { Check, Report } from '../../src/model/diagnosis.ts';
import { sealSecret } from '../../src/model/secret.ts';
import type { Protocol, Security } from '../../src/model/terms.ts';
import { compose } from '../../src/report/compose.ts';
import { readTold } from '../../src/settle/settle.ts';

export const HOST = 'mail.example.test';
export const USER = 'you@example.test';
export const PASSWORD = 'correct horse battery';
export const PROTOCOLS = ['pop3', 'imap', 'smtp'] as const;

const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const c of cleanups.splice(0).reverse()) await c();
});
export const later = (cleanup: () => unknown) => void cleanups.push(cleanup);

let made: Authority | undefined;
/** One authority for the file: minting a root takes time. */
export function authority(): Authority {
  made ??= createAuthority();
  return made;
}

let context: { readonly server: SecureContext; readonly ca: string } | undefined;
export function pki() {
  if (!context) {
    const minted = authority().mint('valid', { dns: [HOST], ips: ['127.0.0.1'] });
    context = { server: createSecureContext({ key: minted.key, cert: minted.cert }), ca: minted.ca };
  }
  return context;
}

export interface Io {
  /** Writes bytes as they are; text as Latin-1, so that `\xff` is one byte. */
  say(text: string | Uint8Array): void;
  /** The next line without its CRLF; undefined where the client has gone. */
  line(): Promise<string | undefined>;
  /** The TLS handshake; false where it did not come about. */
  secure(): Promise<boolean>;
  end(): void;
  reset(): void;
  /** Waits, as long as the connection lasts. */
  wait(ms: number): Promise<void>;
  /** Waits until the client goes. */
  gone(): Promise<void>;
  /** The client's port: which connection this is. */
  readonly nth: number;
}

export interface Raw {
  readonly port: number;
  /** What clients sent in the clear, over all connections. */
  plain(): string;
  /** What they sent over TLS. */
  encrypted(): string;
  connections(): number;
  /** Sockets that are still open. */
  open(): number;
}

/** Listens on loopback. What `talk` throws ends that connection only. */
export async function raw(talk: (io: Io) => Promise<void>, host = '127.0.0.1'): Promise<Raw> {
  const heard = { plain: '', tls: '' };
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    const io = ioOf(socket, connections, (channel, text) => {
      if (heard[channel].length < 1e6) heard[channel] += text;
    });
    talk(io).then(
      () => io.end(),
      () => socket.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  later(
    () =>
      new Promise<void>((resolve) => {
        for (const s of sockets) s.destroy();
        server.close(() => resolve());
      }),
  );
  const at = server.address();
  return {
    port: typeof at === 'object' && at ? at.port : 0,
    plain: () => heard.plain,
    encrypted: () => heard.tls,
    connections: () => connections,
    open: () => sockets.size,
  };
}

function ioOf(socket: Socket, nth: number, heard: (channel: 'plain' | 'tls', text: string) => void): Io {
  let stream: Socket = socket;
  let buffer = '';
  let over = false;
  let wake = () => {};
  const onData = (channel: 'plain' | 'tls') => (chunk: Buffer) => {
    const text = chunk.toString('latin1');
    heard(channel, text);
    buffer += text;
    wake();
  };
  const onEnd = () => {
    over = true;
    wake();
  };
  const plain = onData('plain');
  socket.on('data', plain).on('end', onEnd).on('close', onEnd).on('error', onEnd);
  return {
    nth,
    say(text) {
      if (stream.writable) stream.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
    },
    async line() {
      for (;;) {
        const at = buffer.indexOf('\n');
        if (at >= 0) {
          const line = buffer.slice(0, at).replace(/\r$/, '');
          buffer = buffer.slice(at + 1);
          return line;
        }
        if (over) return undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async secure() {
      socket.removeListener('data', plain).removeListener('end', onEnd);
      buffer = '';
      const secured = new TLSSocket(socket, { isServer: true, secureContext: pki().server });
      secured.on('error', onEnd);
      const ok = await new Promise<boolean>((resolve) => {
        secured.once('secure', () => resolve(true));
        secured.once('error', () => resolve(false));
        socket.once('close', () => resolve(false));
      });
      stream = secured;
      secured.on('data', onData('tls')).on('end', onEnd).on('close', onEnd);
      return ok;
    },
    end: () => stream.end(),
    reset: () => socket.resetAndDestroy(),
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        socket.once('close', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
    gone: () => (socket.destroyed ? Promise.resolve() : new Promise((resolve) => void socket.once('close', () => resolve()))),
  };
}

const STANDARD: Readonly<Record<Protocol, Readonly<Record<Security, number>>>> = {
  pop3: { tls: 995, starttls: 110, none: 110 },
  imap: { tls: 993, starttls: 143, none: 143 },
  smtp: { tls: 465, starttls: 587, none: 587 },
};

export interface Asked {
  readonly protocol: Protocol;
  readonly security?: Security;
  readonly host?: string;
  /** No credentials where null. */
  readonly password?: string | null;
  readonly token?: string;
  readonly user?: string;
  readonly mechanism?: string;
  readonly ca?: string;
  readonly timeoutMs?: number;
  readonly options?: Partial<CheckOptions>;
  readonly resolver?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly redact?: boolean;
  readonly families?: readonly (4 | 6)[];
  readonly from?: readonly string[];
}

export interface Seen {
  readonly check: Check;
  readonly report: Report;
  readonly checkup: Checkup;
  /** Root cause, null where nothing failed. */
  readonly cause: string | null;
  /** Every finding's cause. */
  readonly causes: readonly string[];
  /** Status by stage. */
  readonly stages: Readonly<Record<string, string>>;
  readonly ms: number;
}

const OPTIONS: CheckOptions = {
  send: false,
  arrival: false,
  insecureAuth: false,
  controlProbes: false,
  checkRevocation: false,
  traceRoute: false,
  timeoutMs: 2000,
};

/** Checks the server at a loopback port as if it were `host`, through the real pipeline. */
export async function look(port: number, asked: Asked): Promise<Seen> {
  const { protocol, security = 'starttls', host = HOST } = asked;
  const secret =
    asked.token !== undefined
      ? sealSecret(asked.token, 'token')
      : asked.password === null
        ? undefined
        : sealSecret(asked.password ?? PASSWORD);
  const told = readTold({
    protocol,
    host,
    port: STANDARD[protocol][security],
    security,
    address: asked.user?.includes('@') === true ? asked.user : USER,
    insecureAuth: asked.options?.insecureAuth ?? false,
    from: asked.from ?? [],
    ...(asked.user === undefined ? {} : { user: asked.user }),
    ...(asked.mechanism === undefined ? {} : { mechanism: asked.mechanism }),
    ...(secret ? { secret } : {}),
  });
  const options = { ...OPTIONS, ...(asked.timeoutMs === undefined ? {} : { timeoutMs: asked.timeoutMs }), ...asked.options };
  const begun = performance.now();
  const done = await checkup({
    told: [told],
    options,
    net: {
      families: asked.families ?? [4],
      ...(asked.resolver ? { resolver: asked.resolver } : { connectTo: { host: '127.0.0.1', port } }),
      ca: asked.ca ?? pki().ca,
      transcript: true,
      env: asked.env ?? {},
      allowPrivate: true,
    },
    signal: new AbortController().signal,
    kit: kitOf([]),
  });
  const ms = performance.now() - begun;
  const check = done.checks[0];
  if (!check) throw new Error('no check was made');
  const report = compose({
    checks: done.checks,
    account: { address: USER, preset: null },
    startedAt: done.startedAt,
    durationMs: done.durationMs,
    version: '0.0.0',
    words: en,
    english: en,
    options: { transcript: true, redact: asked.redact ?? false },
  });
  return {
    check,
    report,
    checkup: done,
    cause: check.diagnosis.root?.cause.id ?? null,
    causes: check.diagnosis.findings.map((f) => f.cause.id),
    stages: Object.fromEntries(check.stages.map((s) => [s.stage, s.status])),
    ms,
  };
}

/** Every form in which the credentials of these tests could have gone out. */
export const CREDENTIALS = [
  PASSWORD,
  Buffer.from(PASSWORD).toString('base64'),
  Buffer.from(`\0${USER}\0${PASSWORD}`).toString('base64'),
  'PASS ',
  'LOGIN ',
  'AUTH ',
  'AUTHENTICATE',
  'USER ',
  'APOP',
];

/** @returns what of the credentials, or of a log-in at all, stands in these bytes. */
export const credentialsIn = (bytes: string) => CREDENTIALS.filter((c) => bytes.toUpperCase().includes(c.toUpperCase()));

/** What a healthy server of a protocol says, to be bent by the tests. */
export const GREETING: Readonly<Record<Protocol, string>> = {
  pop3: '+OK ready\r\n',
  imap: '* OK ready\r\n',
  smtp: `220 ${HOST} ESMTP\r\n`,
};

export interface Healthy {
  /** Capabilities in the clear and over TLS, one a line; for IMAP one list. */
  readonly plain?: readonly string[];
  readonly tls?: readonly string[];
  readonly greeting?: string;
  /** Before the healthy answer: true where the test has answered itself. `over` ends the conversation. */
  readonly on?: (command: string, io: Io, tag: string, channel: 'plain' | 'tls') => Promise<boolean | 'over'> | boolean | 'over';
  /** Implicit TLS. */
  readonly implicit?: boolean;
}

const DEFAULTS = {
  pop3: { plain: ['STLS', 'UIDL'], tls: ['SASL PLAIN', 'UIDL', 'USER'] },
  imap: { plain: ['IMAP4rev1', 'STARTTLS', 'LOGINDISABLED'], tls: ['IMAP4rev1', 'AUTH=PLAIN', 'SASL-IR'] },
  smtp: { plain: ['STARTTLS'], tls: ['AUTH PLAIN'] },
} as const;

/** A whole healthy session, line by line, with one place to bend it. */
export function session(protocol: Protocol, h: Healthy = {}): (io: Io) => Promise<void> {
  return async (io) => {
    let channel: 'plain' | 'tls' = 'plain';
    if (h.implicit) {
      if (!(await io.secure())) return;
      channel = 'tls';
    }
    io.say(h.greeting ?? GREETING[protocol]);
    for (;;) {
      const line = await io.line();
      if (line === undefined) return;
      const [tag, command] = protocol === 'imap' ? [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1)] : ['', line];
      const verb = command.split(' ', 1)[0]?.toUpperCase() ?? '';
      const done = (await h.on?.(command, io, tag, channel)) ?? false;
      if (done === 'over') return;
      if (done) continue;
      const caps = h[channel] ?? DEFAULTS[protocol][channel];
      const answer = healthyAnswer(protocol, verb, tag, caps);
      io.say(answer);
      if (verb === 'STLS' || verb === 'STARTTLS') {
        if (!(await io.secure())) return;
        channel = 'tls';
      }
      if (verb === 'QUIT' || verb === 'LOGOUT') return;
    }
  };
}

function healthyAnswer(protocol: Protocol, verb: string, tag: string, caps: readonly string[]): string {
  if (protocol === 'pop3') {
    if (verb === 'CAPA') return `+OK\r\n${caps.map((c) => `${c}\r\n`).join('')}.\r\n`;
    if (verb === 'STAT') return '+OK 2 300\r\n';
    if (verb === 'UIDL') return '+OK\r\n1 a\r\n2 b\r\n.\r\n';
    return '+OK\r\n';
  }
  if (protocol === 'imap') {
    if (verb === 'CAPABILITY') return `* CAPABILITY ${caps.join(' ')}\r\n${tag} OK done\r\n`;
    if (verb === 'EXAMINE') return `* 3 EXISTS\r\n* FLAGS ()\r\n${tag} OK [READ-ONLY] done\r\n`;
    if (verb === 'LOGOUT') return `* BYE\r\n${tag} OK done\r\n`;
    return `${tag} OK done\r\n`;
  }
  if (verb === 'EHLO') return [HOST, ...caps].map((c, i, all) => `250${i === all.length - 1 ? ' ' : '-'}${c}\r\n`).join('');
  if (verb === 'STARTTLS') return '220 go ahead\r\n';
  if (verb === 'AUTH') return '235 2.7.0 ok\r\n';
  if (verb === 'QUIT') return '221 bye\r\n';
  if (verb === 'DATA') return '354 go on\r\n';
  return '250 ok\r\n';
}

/** Connections through a proxy: SOCKS5 (RFC 1928, RFC 1929) and HTTP CONNECT (RFC 9110 §9.3.6). */
import { isIP, type Socket } from 'node:net';
import { addressBytes } from '../wire/address.ts';
import { decodeText } from '../wire/lines.ts';
import type { Clock } from './clock.ts';
import { type Opened, openTcp } from './tcp.ts';

export interface Proxy {
  readonly type: 'socks5' | 'http';
  /** True where the proxy is told names and resolves them itself. */
  readonly remote: boolean;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** @returns the proxy of `socks5://`, `socks5h://` or `http://`, with or without `user:password@`; undefined where it is none. */
export function readProxy(url: string): Proxy | undefined {
  const m = /^(socks5|socks5h|http):\/\/(?:([^\s/@]*)@)?(\[[0-9a-fA-F:.]+\]|[^\s/:@]+)(?::(\d{1,5}))?\/?$/.exec(url);
  if (!m) return undefined;
  const [user = '', ...password] = (m[2] ?? '').split(':');
  const port = m[4] === undefined ? (m[1] === 'http' ? 3128 : 1080) : Number(m[4]);
  if (port < 1 || port > 65_535) return undefined;
  return {
    type: m[1] === 'http' ? 'http' : 'socks5',
    remote: m[1] !== 'socks5',
    host: (m[3] ?? '').replace(/^\[|\]$/g, ''),
    port,
    user: decoded(user),
    password: decoded(password.join(':')),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const REPLIES = [
  '',
  'general failure',
  'connection not allowed by its rules',
  'network unreachable',
  'host unreachable',
  'connection refused',
  'time to live expired',
  'command not supported',
  'address type not supported',
];
/** The longest answer that a proxy may give before the tunnel. */
const MAX_ANSWER = 16_384;

const failed = (detail: string, code = 'EPROXY'): Opened => ({ outcome: 'proxy', code, detail });

/**
 * Opens a tunnel to `host` and `port`. @param address where the proxy stands, resolved. @param at absolute deadline.
 * @returns never rejects; whatever goes wrong at or behind the proxy is the outcome `proxy`.
 */
export async function openThrough(
  proxy: Proxy,
  address: string,
  host: string,
  port: number,
  clock: Clock,
  at: number,
): Promise<Opened> {
  const opened = await openTcp(address, proxy.port, clock, at);
  if (!opened.socket) {
    if (opened.code === 'ABORT_ERR') return opened;
    return failed(`the proxy ${proxy.host}:${proxy.port} cannot be reached: ${opened.detail ?? opened.outcome}`, opened.code);
  }
  const talk = conversation(opened.socket, clock, at);
  try {
    const fault =
      proxy.type === 'http' ? await connectHttp(proxy, talk, host, port) : await connectSocks(proxy, talk, host, port);
    talk.end();
    if (fault === undefined) return opened;
    opened.socket.destroy();
    return failed(`the proxy ${proxy.host}:${proxy.port} ${fault}`);
  } catch (error) {
    talk.end();
    opened.socket.destroy();
    const why = error instanceof Error ? error.message : String(error);
    return why === 'interrupted'
      ? { outcome: 'failed', code: 'ABORT_ERR', detail: why }
      : failed(`the proxy ${proxy.host}:${proxy.port} ${why}`);
  }
}

interface Talk {
  send(bytes: Uint8Array): void;
  /** As many bytes. */
  take(n: number): Promise<Buffer>;
  /** Bytes up to and with `mark`. */
  until(mark: string): Promise<Buffer>;
  /** Gives the socket back; bytes that came already stay in it. */
  end(): void;
}

function conversation(socket: Socket, clock: Clock, at: number): Talk {
  let got = Buffer.alloc(0);
  let wake: (() => void) | undefined;
  let fault: string | undefined;
  const stop = (why: string) => {
    fault ??= why;
    wake?.();
  };
  const data = (chunk: Buffer) => {
    got = Buffer.concat([got, chunk]);
    if (got.length > MAX_ANSWER) stop('sent an answer without end');
    wake?.();
  };
  const closed = () => stop('closed the connection');
  socket.on('data', data).on('close', closed).on('end', closed);
  const off = clock.wait(at, (why) => stop(why === 'timeout' ? 'did not answer in time' : why));
  socket.resume();
  const need = async (enough: () => number): Promise<Buffer> => {
    for (;;) {
      const n = enough();
      if (n > 0) {
        const head = got.subarray(0, n);
        got = got.subarray(n);
        return head;
      }
      if (fault !== undefined) throw new Error(fault);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return {
    send: (bytes) => socket.write(bytes),
    take: (n) => need(() => (got.length >= n ? n : 0)),
    until: (mark) =>
      need(() => {
        const i = got.indexOf(mark, 0, 'latin1');
        return i < 0 ? 0 : i + mark.length;
      }),
    end() {
      off();
      socket.pause();
      socket.removeListener('data', data).removeListener('close', closed).removeListener('end', closed);
      if (got.length > 0) socket.unshift(got);
    },
  };
}

/** @returns what went wrong, or undefined. */
async function connectSocks(proxy: Proxy, talk: Talk, host: string, port: number): Promise<string | undefined> {
  const named = proxy.user !== '';
  talk.send(Uint8Array.from(named ? [5, 2, 0, 2] : [5, 1, 0]));
  const hello = await talk.take(2);
  if (hello[0] !== 5) return 'does not speak SOCKS5';
  if (hello[1] === 2 && named) {
    const user = Buffer.from(proxy.user, 'utf8').subarray(0, 255);
    const password = Buffer.from(proxy.password, 'utf8').subarray(0, 255);
    talk.send(Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]));
    const verdict = await talk.take(2);
    if (verdict[1] !== 0) return 'refuses the user name or password given for it';
  } else if (hello[1] !== 0) return named ? 'accepts none of our ways to log in' : 'wants a user name and password';
  const kind = isIP(host);
  const name = Buffer.from(host, 'utf8');
  if (kind === 0 && name.length > 255) return 'cannot be given a name longer than 255 bytes';
  const target = kind === 0 ? [3, name.length, ...name] : [kind === 4 ? 1 : 4, ...addressBytes(host)];
  talk.send(Uint8Array.from([5, 1, 0, ...target, port >> 8, port & 255]));
  const reply = await talk.take(4);
  if (reply[1] !== 0) {
    const code = reply[1] ?? 0;
    return `could not connect: ${REPLIES[code] ?? `reply ${code}`}`;
  }
  const rest = reply[3] === 1 ? 4 : reply[3] === 4 ? 16 : ((await talk.take(1))[0] ?? 0);
  await talk.take(rest + 2);
  return undefined;
}

/** @returns what went wrong, or undefined. */
async function connectHttp(proxy: Proxy, talk: Talk, host: string, port: number): Promise<string | undefined> {
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const login =
    proxy.user === ''
      ? ''
      : `Proxy-Authorization: Basic ${Buffer.from(`${proxy.user}:${proxy.password}`, 'utf8').toString('base64')}\r\n`;
  talk.send(Buffer.from(`CONNECT ${place} HTTP/1.1\r\nHost: ${place}\r\n${login}\r\n`, 'latin1'));
  const head = decodeText(await talk.until('\r\n\r\n'));
  const status = /^HTTP\/1\.[01] (\d{3})([^\r\n]{0,200})/.exec(head);
  if (!status) return 'does not speak HTTP';
  return status[1]?.startsWith('2') ? undefined : `answers ${status[1]}${status[2]}`;
}

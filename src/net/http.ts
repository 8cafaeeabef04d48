/**
 * HTTP(S) by undici, the only place that knows it (RFC 9110): names by our resolver, certificates always verified, redirects followed
 * by our own rules, every size and time bounded, and no address that is not on the public Internet (SSRF) unless allowed.
 */
import { isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import type { HttpAnswer, Net } from '../model/net.ts';
import { areNeighbours, isLoopback, isSpecialAddress } from '../wire/address.ts';
import { cleanTlsMessage } from '../wire/tlserror.ts';
import type { Clock } from './clock.ts';
import { codeOf, messageOf, type Opened } from './tcp.ts';
import { unwarned } from './tls.ts';

export type HttpRequest = Parameters<Net['http']>[0] & {
  /** The address was given by the person: it may be anywhere. */
  readonly given?: boolean;
};

export interface HttpWorld {
  readonly clock: Clock;
  /** Addresses of a name by the run's resolver. */
  readonly addresses: (host: string) => Promise<readonly string[]>;
  readonly dial: (host: string, address: string, port: number, at: number) => Promise<Opened>;
  readonly context: () => Promise<SecureContext>;
  readonly mask: (text: string) => string;
  readonly allowPrivate: boolean;
  /** The resolver is on this machine and may name loopback addresses. */
  readonly localResolver: boolean;
  /** The mail server whose certificate names the place: that may lie beside it. */
  readonly near?: string;
}

/** Bytes of a body where the caller names no limit, and of a header. */
const MAX_BODY = 1024 * 1024;
const MAX_HEADER = 32 * 1024;
const REDIRECTS = 5;
const MAX_ADDRESSES = 4;

/** A refusal of our own: an address, scheme, port or host that is not asked. */
class Blocked extends Error {}
/** The deadline, or the person, ended it; the message says which. */
class Stopped extends Error {}

interface Hop {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly tooLarge: boolean;
}

interface State {
  url: URL;
  method: 'GET' | 'POST';
  body: string | Uint8Array | undefined;
  headers: Readonly<Record<string, string>>;
}

/** @returns one request with its redirects; it never rejects. */
export async function request(world: HttpWorld, asked: HttpRequest): Promise<HttpAnswer> {
  const { clock } = world;
  const begun = clock.now();
  const at = Math.min(clock.until(), begun + (asked.timeoutMs ?? Number.POSITIVE_INFINITY));
  const hops: string[] = [];
  let authenticated = true;
  const answer = (outcome: HttpAnswer['outcome'], more: { hop?: Hop; detail?: string } = {}): HttpAnswer => ({
    outcome,
    ...(more.hop ? { status: more.hop.status } : {}),
    url: hops.at(-1) ?? world.mask(asked.url),
    hops,
    authenticated: authenticated && outcome === 'ok',
    headers: more.hop?.headers ?? {},
    body: more.hop?.body ?? new Uint8Array(),
    ...(more.detail === undefined ? {} : { detail: world.mask(more.detail) }),
    ms: Math.round(clock.now() - begun),
  });
  try {
    const state: State = {
      url: readUrl(asked.url),
      method: asked.method ?? 'GET',
      body: asked.body,
      headers: asked.headers ?? {},
    };
    const first = state.url;
    checkPort(world, asked, state.url, undefined);
    for (let followed = 0; ; followed++) {
      hops.push(world.mask(state.url.href));
      if (state.url.protocol !== 'https:') authenticated = false;
      const hop = await visit(world, asked, state, at);
      if (hop.tooLarge) return answer('too-large', { hop, detail: `more than ${asked.maxBytes ?? MAX_BODY} bytes` });
      const coding = hop.headers['content-encoding'];
      if (coding !== undefined && coding.toLowerCase() !== 'identity')
        return answer('failed', { hop, detail: `Content-Encoding ${coding}, which was not asked for` });
      const location = hop.headers.location;
      const limit = asked.redirects ?? REDIRECTS;
      if (![301, 302, 303, 307, 308].includes(hop.status) || location === undefined || limit === 0) return answer('ok', { hop });
      if (followed >= limit) return answer('redirect-loop', { hop, detail: `more than ${limit} redirects` });
      redirect(world, asked, state, hop.status, location, first);
      if (hops.includes(world.mask(state.url.href)) && state.method === 'GET')
        return answer('redirect-loop', { hop, detail: `redirected again to ${state.url.href}` });
    }
  } catch (error) {
    if (error instanceof Blocked) return answer('blocked', { detail: error.message });
    if (error instanceof Stopped && error.message === 'timeout')
      return answer('timeout', { detail: `no answer within ${Math.round(clock.now() - begun)} ms` });
    const code = codeOf(error);
    if (code === 'UND_ERR_HEADERS_OVERFLOW') return answer('too-large', { detail: `a header of more than ${MAX_HEADER} bytes` });
    const words = cleanTlsMessage(messageOf(error)).slice(0, 300);
    return answer('failed', { detail: code === undefined || words.includes(code) ? words : `${code}: ${words}` });
  }
}

function readUrl(text: string, base?: URL): URL {
  let url: URL;
  try {
    url = new URL(text, base);
  } catch {
    // The parser's own error quotes its input.
    throw new Blocked('not a URL');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new Blocked(`a URL of the scheme ${url.protocol.slice(0, 20)} is not fetched`);
  if (url.username !== '' || url.password !== '') throw new Blocked('a URL with a user name in it is not fetched');
  url.hash = '';
  return url;
}

const portOf = (url: URL) => (url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port));

/** Ports of other services are no web servers; a redirect stays on the usual ports or on the one asked first. */
function checkPort(world: HttpWorld, asked: HttpRequest, url: URL, first: URL | undefined): void {
  const port = portOf(url);
  if (port === 80 || port === 443 || asked.given || world.allowPrivate) return;
  const local = world.localResolver && port >= 1024;
  if (first === undefined ? port >= 1024 : local || port === portOf(first)) return;
  throw new Blocked(`port ${port} is not asked`);
}

const isWithin = (host: string, places: readonly string[]) =>
  places.some((p) => host === p.toLowerCase() || host.endsWith(`.${p.toLowerCase()}`));

/** Changes `state` to the next place. @throws Blocked where it may not be followed. */
function redirect(world: HttpWorld, asked: HttpRequest, state: State, status: number, location: string, first: URL): void {
  const next = readUrl(location, state.url);
  if (asked.within && !isWithin(next.hostname, asked.within))
    throw new Blocked(`redirected to ${next.hostname}, which is another domain`);
  const credentials = Object.keys(state.headers).some((h) => /^(authorization|cookie|proxy-authorization)$/i.test(h));
  if (credentials && state.url.protocol === 'https:' && next.protocol === 'http:')
    throw new Blocked('redirected from https to http while carrying credentials');
  checkPort(world, asked, next, first);
  if (next.origin !== state.url.origin)
    state.headers = Object.fromEntries(Object.entries(state.headers).filter(([h]) => !/^(authorization|cookie)$/i.test(h)));
  if (status === 303 || (state.method === 'POST' && (status === 301 || status === 302))) {
    state.method = 'GET';
    state.body = undefined;
    state.headers = Object.fromEntries(Object.entries(state.headers).filter(([h]) => !/^content-/i.test(h)));
  }
  state.url = next;
}

/** One request and its answer. */
async function visit(world: HttpWorld, asked: HttpRequest, { url, method, body, headers }: State, at: number): Promise<Hop> {
  const { Client } = await import('undici');
  const stop = new AbortController();
  let why: string | undefined;
  const off = world.clock.wait(at, (w) => {
    why = w;
    stop.abort();
  });
  const client = new Client(url.origin, {
    pipelining: 1,
    maxHeaderSize: MAX_HEADER,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (options, done) => {
      const { hostname, port, protocol } = options;
      void open(world, asked, hostname, Number(port) || (protocol === 'https:' ? 443 : 80), protocol === 'https:', at).then(
        (socket) => done(null, socket),
        (error: unknown) => done(error instanceof Error ? error : new Error(messageOf(error)), null),
      );
    },
  });
  try {
    const response = await client.request({
      path: `${url.pathname}${url.search}`,
      method,
      headers: { 'user-agent': 'mailcheck', accept: '*/*', 'accept-encoding': 'identity', ...headers },
      ...(body === undefined ? {} : { body }),
      signal: stop.signal,
      blocking: false,
    });
    const max = asked.maxBytes ?? MAX_BODY;
    const chunks: Uint8Array[] = [];
    let size = 0;
    let tooLarge = false;
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      tooLarge = size > max;
      if (tooLarge) break;
      chunks.push(chunk);
    }
    return {
      status: response.statusCode,
      headers: flat(response.headers),
      body: tooLarge ? new Uint8Array() : Buffer.concat(chunks),
      tooLarge,
    };
  } catch (error) {
    if (why !== undefined) throw new Stopped(why, { cause: error });
    throw error;
  } finally {
    off();
    void client.destroy().catch(() => {});
  }
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) out[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  return out;
}

/** A connection to the first address that opens; with TLS where the URL says so. */
async function open(
  world: HttpWorld,
  asked: HttpRequest,
  host: string,
  port: number,
  secure: boolean,
  at: number,
): Promise<Socket> {
  const literal = isIP(host) !== 0;
  const anywhere = asked.given === true || world.allowPrivate;
  const beside = (address: string) => world.near !== undefined && areNeighbours(world.near, address);
  if (!anywhere && !beside('127.0.0.1') && /^(.+\.)?localhost$/i.test(host)) throw new Blocked(`${host} is this machine`);
  const found = literal ? [host] : await world.addresses(host);
  const allowed = found.filter(
    (a) => isIP(a) === 0 || anywhere || !isSpecialAddress(a) || beside(a) || (!literal && world.localResolver && isLoopback(a)),
  );
  if (allowed.length === 0 && found.length > 0)
    throw new Blocked(`${host} is at ${found[0]}, which is not on the public Internet`);
  if (allowed.length === 0) throw new Error(`${host} has no address`);
  const socket = await firstOf(allowed.slice(0, MAX_ADDRESSES).map((address) => world.dial(host, address, port, at)));
  return secure ? await upgrade(world, socket, host, at) : socket;
}

function firstOf(attempts: readonly Promise<Opened>[]): Promise<Socket> {
  return new Promise((resolve, reject) => {
    let left = attempts.length;
    let taken = false;
    for (const attempt of attempts) {
      void attempt.then(({ socket, detail, outcome }) => {
        left -= 1;
        if (socket && taken) socket.destroy();
        else if (socket) {
          taken = true;
          resolve(socket);
        } else if (left === 0 && !taken) reject(outcome === 'timeout' ? new Stopped('timeout') : new Error(detail ?? outcome));
      });
    }
  });
}

async function upgrade(world: HttpWorld, socket: Socket, host: string, at: number): Promise<Socket> {
  const secureContext = await world.context();
  return await new Promise((resolve, reject) => {
    const asked = {
      socket,
      secureContext,
      host,
      // Stated, so that no variable of the environment lowers it.
      rejectUnauthorized: true,
      ALPNProtocols: ['http/1.1'],
      ...(isIP(host) === 0 ? { servername: host } : {}),
    };
    const secure = unwarned(() => connectTls(asked));
    const off = world.clock.wait(at, (why) => {
      secure.destroy();
      reject(new Stopped(why));
    });
    secure.once('secureConnect', () => {
      off();
      secure.removeListener('error', fail);
      resolve(secure);
    });
    const fail = (error: Error) => {
      off();
      secure.destroy();
      socket.destroy();
      reject(error);
    };
    secure.on('error', fail);
  });
}

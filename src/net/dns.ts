/**
 * Names to addresses and records: the system's resolver (getaddrinfo, so that the hosts file counts), or a DNS server of our choice
 * over UDP with TCP behind it (RFC 1035, RFC 7766), or DNS over HTTPS (RFC 8484). Every question is asked once a run.
 */
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { lookup as getaddrinfo, getServers } from 'node:dns';
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { LookupEvidence, LookupOutcome } from '../model/evidence.ts';
import type { HttpAnswer } from '../model/net.ts';
import { isHostName, isLoopback, reverseName } from '../wire/address.ts';
import type * as Dns from '../wire/dns.ts';
import type { Clock } from './clock.ts';
import { codeOf, openTcp } from './tcp.ts';

type QuestionType = LookupEvidence['type'];

export interface Server {
  readonly address: string;
  readonly port: number;
}

/** What look-ups of one run share: answers by question, forgotten when they are stale. */
export interface DnsCache {
  get(key: string, now: number): Promise<LookupEvidence> | undefined;
  set(key: string, answer: Promise<LookupEvidence>, now: number): void;
}

const MAX_CACHED = 10_000;
/** Milliseconds that an answer is used again: never longer than this, never longer than its TTL. */
const MAX_AGE_MS = 300_000;
/** How long the second family is waited for, when the first one has addresses: time to ask again once. */
const PATIENCE_MS = 1500;
const DEFINITE: ReadonlySet<LookupOutcome> = new Set(['answer', 'nxdomain', 'no-data', 'sinkhole', 'servfail', 'refused']);

export function createDnsCache(): DnsCache {
  const entries = new Map<string, { readonly answer: Promise<LookupEvidence>; until: number }>();
  return {
    get(key, now) {
      const e = entries.get(key);
      if (!e) return undefined;
      if (e.until >= now) return e.answer;
      entries.delete(key);
      return undefined;
    },
    set(key, answer, now) {
      if (entries.size >= MAX_CACHED) for (const old of [...entries.keys()].slice(0, MAX_CACHED / 10)) entries.delete(old);
      const entry = { answer, until: now + MAX_AGE_MS };
      entries.set(key, entry);
      void answer.then((a) => {
        const ttl = a.ttl === undefined ? MAX_AGE_MS : Math.max(1000, a.ttl * 1000);
        entry.until = now + Math.min(MAX_AGE_MS, ttl);
        // Silence is no answer: whoever asks next may have more patience.
        if (!DEFINITE.has(a.outcome)) entries.delete(key);
      });
    },
  };
}

export interface ResolverOptions {
  readonly families: readonly (4 | 6)[];
  /** `ip[:port]`, `[v6]:port` or an https URL; the system's where absent. */
  readonly resolver?: string;
  readonly clock: Clock;
  readonly cache: DnsCache;
  /** For DNS over HTTPS: a POST, its host resolved by the system. */
  readonly post: (url: string, body: Uint8Array, type: string) => Promise<HttpAnswer>;
}

export interface Resolver {
  lookup(host: string, type: QuestionType, resolver?: string): Promise<LookupEvidence>;
  addresses(host: string): Promise<{ readonly lookups: readonly LookupEvidence[]; readonly addresses: readonly string[] }>;
}

const WIRE: () => Promise<typeof Dns> = () => import('../wire/dns.ts');

/** `ip[:port]` and `[v6]:port` as a server; undefined where it is neither. */
export function readServer(text: string): Server | undefined {
  if (isIP(text) !== 0) return { address: text, port: 53 };
  const m = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text);
  const address = m?.[1] ?? m?.[2] ?? '';
  return isIP(address) === 0 ? undefined : { address, port: Number(m?.[3] ?? 53) };
}

const shown = (s: Server) => (s.address.includes(':') ? `[${s.address}]:${s.port}` : `${s.address}:${s.port}`);

/** Addresses that filters answer in place of the truth: unspecified ones, and block pages of filtering resolvers. */
const isSinkhole = (record: string) =>
  record === '0.0.0.0' || record === '::' || /^(?:::ffff:)?146\.112\.61\.1(?:0[4-9]|10)$/.test(record);

interface Found {
  readonly outcome: LookupOutcome;
  readonly records?: readonly string[];
  readonly cnames?: readonly string[];
  readonly ttl?: number;
  readonly dnssec?: boolean;
  readonly code?: string;
}

export function createResolver(options: ResolverOptions): Resolver {
  const { clock, cache } = options;

  async function lookup(given: string, type: QuestionType, resolver = options.resolver): Promise<LookupEvidence> {
    const begun = clock.now();
    const at = clock.until();
    const where = resolver ?? 'system';
    const server = resolver === undefined || resolver.startsWith('https:') ? undefined : readServer(resolver);
    const label = server ? shown(server) : where;
    const name = type === 'PTR' && isIP(given) !== 0 ? reverseName(given.split('%', 1)[0] ?? '') : toAscii(given);
    const evidence = (f: Found): LookupEvidence => {
      const sunk = f.outcome === 'answer' && (type === 'A' || type === 'AAAA') && f.records?.every(isSinkhole);
      return {
        kind: 'lookup',
        stage: 'dns',
        host: given,
        type,
        resolver: label,
        outcome: sunk ? 'sinkhole' : f.outcome,
        records: f.records ?? [],
        ...(f.cnames && f.cnames.length > 0 ? { cnames: f.cnames } : {}),
        ...(f.ttl === undefined ? {} : { ttl: f.ttl }),
        ...(f.dnssec ? { dnssec: true } : {}),
        ...(f.code ? { code: f.code } : {}),
        ms: Math.round(clock.now() - begun),
      };
    };
    if (!isHostName(name)) return evidence({ outcome: 'malformed', code: 'not a host name' });
    const key = `${label} ${type} ${name.toLowerCase()}`;
    const known = cache.get(key, begun);
    if (known) return { ...(await inTime(known, at, evidence)), host: given };
    const asked = ask(name, type, resolver, server, at).then(evidence);
    cache.set(key, asked, begun);
    return asked;
  }

  /** An answer that another look-up waits for, at most until our own deadline. */
  function inTime(answer: Promise<LookupEvidence>, at: number, evidence: (f: Found) => LookupEvidence): Promise<LookupEvidence> {
    return new Promise((resolve) => {
      const off = clock.wait(at, (why) => resolve(evidence(why === 'timeout' ? { outcome: 'timeout' } : INTERRUPTED)));
      void answer.then((a) => {
        off();
        resolve(a);
      });
    });
  }

  async function ask(
    name: string,
    type: QuestionType,
    resolver: string | undefined,
    server: Server | undefined,
    at: number,
  ): Promise<Found> {
    const local = type === 'A' || type === 'AAAA' ? localhost(name, type) : undefined;
    if (resolver === undefined) {
      // No server need be asked (RFC 6761 §6.4), and without a network none could.
      if (/(^|\.)invalid$/i.test(name)) return { outcome: 'nxdomain', code: 'NXDOMAIN' };
      if (type === 'A' || type === 'AAAA') return await system(name, type, at);
      return await throughServers(name, type, at);
    }
    // Names under localhost never leave the machine (RFC 6761 §6.3).
    if (local) return local;
    if (server) return await chase(name, type, (n) => exchange(server, n, type, at));
    if (resolver.startsWith('https:')) return await chase(name, type, (n) => overHttps(resolver, n, type));
    return { outcome: 'failed', code: 'not a resolver' };
  }

  /** getaddrinfo under way, by family and name. */
  const raw = new Map<string, Promise<Found>>();

  function fromSystem(name: string, family: 4 | 6, at: number): Promise<Found> {
    const key = `${family} ${name}`;
    const asked = systemLookup(name, family, clock, at);
    raw.set(key, asked);
    void asked.then(() => setImmediate(() => raw.delete(key)));
    return asked;
  }

  /** getaddrinfo; where it says no, the DNS servers of the system are asked why, since it does not tell. */
  async function system(name: string, type: 'A' | 'AAAA', at: number): Promise<Found> {
    const beside = raw.get(`${type === 'A' ? 6 : 4} ${name}`);
    const got = await fromSystem(name, type === 'A' ? 4 : 6, at);
    if (got.outcome === 'answer' || got.code === 'ABORT_ERR' || got.code === undefined) return got;
    // The other family has addresses: the name exists, and nobody need be asked.
    const other = await (beside ?? raw.get(`${type === 'A' ? 6 : 4} ${name}`));
    if (other?.outcome === 'answer') return { outcome: 'no-data', code: got.code };
    const why = await throughServers(name, type, Math.min(at, clock.now() + 2000));
    const told = ['nxdomain', 'no-data', 'servfail', 'refused', 'malformed', 'sinkhole'].includes(why.outcome);
    if (told) return { ...why, records: [], ...(got.code ? { code: got.code } : {}) };
    if (got.outcome === 'nxdomain') return got;
    return { outcome: why.outcome === 'answer' ? got.outcome : why.outcome, ...(got.code ? { code: got.code } : {}) };
  }

  async function throughServers(name: string, type: QuestionType, at: number): Promise<Found> {
    const servers = getServers()
      .map((s) => readServer(s))
      .filter((s) => s !== undefined)
      .slice(0, 3);
    let got: Found = { outcome: 'unreachable', code: 'no DNS server is configured' };
    for (const [i, server] of servers.entries()) {
      const share = clock.now() + (at - clock.now()) / (servers.length - i);
      got = await chase(name, type, (n) => exchange(server, n, type, share));
      if (!['timeout', 'unreachable', 'failed', 'malformed', 'refused', 'servfail'].includes(got.outcome)) break;
    }
    return got;
  }

  /** Follows aliases that the server left to us, bounded. */
  async function chase(
    name: string,
    _type: QuestionType,
    once: (name: string) => Promise<Found & { next?: string }>,
  ): Promise<Found> {
    const { MAX_CNAMES } = await WIRE();
    const cnames: string[] = [];
    const seen = new Set([name.toLowerCase()]);
    let least: number | undefined;
    for (let current = name; ; ) {
      const got = await once(current);
      cnames.push(...(got.cnames ?? []));
      if (got.ttl !== undefined) least = least === undefined ? got.ttl : Math.min(least, got.ttl);
      const { next, ...rest } = got;
      const all: Found = { ...rest, cnames, ...(least === undefined ? {} : { ttl: least }) };
      if (next === undefined || got.outcome !== 'no-data') return all;
      if (seen.has(next.toLowerCase()) || cnames.length > MAX_CNAMES) return { ...all, outcome: 'malformed', code: 'CNAME loop' };
      if (!isHostName(next)) return { ...all, outcome: 'malformed', code: 'a CNAME that is not a host name' };
      seen.add(next.toLowerCase());
      current = next;
    }
  }

  async function exchange(server: Server, name: string, type: QuestionType, at: number): Promise<Found & { next?: string }> {
    const wire = await WIRE();
    const question = { name, type };
    let raw = await overUdp(server, question, clock, at, wire);
    if (raw.kind === 'answer' && raw.answer.truncated) raw = await overTcp(server, question, clock, at, wire);
    return verdictOf(raw);
  }

  async function overHttps(url: string, name: string, type: QuestionType): Promise<Found & { next?: string }> {
    const wire = await WIRE();
    const question = { name, type };
    const answer = await options.post(url, wire.writeQuery(0, question), 'application/dns-message');
    if (answer.outcome === 'timeout') return { outcome: 'timeout' };
    if (answer.outcome !== 'ok') return { outcome: 'unreachable', code: answer.detail ?? answer.outcome };
    if (answer.status !== 200) return { outcome: 'failed', code: `HTTP ${answer.status}` };
    return verdictOf(wire.readAnswer(answer.body, 0, question));
  }

  async function addresses(given: string) {
    const host = given.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0) return { lookups: [], addresses: [host] };
    const types = options.families.map((f) => (f === 6 ? ('AAAA' as const) : ('A' as const)));
    const lookups = await bothFamilies(
      types.map((type) => lookup(host, type)),
      ({ kind, stage, resolver, ms }, i) => ({
        kind,
        stage,
        host,
        resolver,
        type: types[i] ?? 'A',
        outcome: 'timeout',
        records: [],
        ms,
      }),
    );
    const of = (type: QuestionType) => lookups.find((l) => l.type === type && l.outcome === 'answer')?.records ?? [];
    return { lookups, addresses: interleave(of('AAAA'), of('A')) };
  }

  /** One that is never answered costs no more than a moment, once the other has addresses (RFC 8305 §3). */
  function bothFamilies(
    asked: readonly Promise<LookupEvidence>[],
    unanswered: (other: LookupEvidence, place: number) => LookupEvidence,
  ): Promise<LookupEvidence[]> {
    return new Promise((resolve) => {
      const got = new Map<number, LookupEvidence>();
      let off = () => {};
      const end = (other: LookupEvidence) => {
        off();
        const late = { ...other, ms: Math.round(other.ms + PATIENCE_MS) };
        resolve(asked.map((_, i) => got.get(i) ?? unanswered(late, i)));
      };
      for (const [i, answer] of asked.entries())
        void answer.then((l) => {
          got.set(i, l);
          if (got.size === asked.length) end(l);
          else if (l.outcome === 'answer') off = clock.wait(clock.now() + PATIENCE_MS, () => end(l));
        });
    });
  }

  return { lookup, addresses };
}

/** IPv6 first, then in turn (RFC 8305 §4). */
function interleave(six: readonly string[], four: readonly string[]): readonly string[] {
  const out: string[] = [];
  for (let i = 0; i < Math.max(six.length, four.length); i++) out.push(...six.slice(i, i + 1), ...four.slice(i, i + 1));
  return [...new Set(out)];
}

const INTERRUPTED: Found = { outcome: 'failed', code: 'ABORT_ERR' };

function toAscii(host: string): string {
  const bare = host.endsWith('.') && host.length > 1 ? host.slice(0, -1) : host;
  return /[^\x00-\x7f]/.test(bare) ? domainToASCII(bare) : bare;
}

function localhost(name: string, type: 'A' | 'AAAA'): Found | undefined {
  return /^(?:.+\.)?localhost$/i.test(name) ? { outcome: 'answer', records: [type === 'A' ? '127.0.0.1' : '::1'] } : undefined;
}

const SYSTEM: Readonly<Record<string, LookupOutcome>> = {
  ENOTFOUND: 'nxdomain',
  EAI_NONAME: 'nxdomain',
  ENODATA: 'no-data',
  EAI_NODATA: 'no-data',
  EAI_ADDRFAMILY: 'no-data',
  EAI_AGAIN: 'timeout',
  EAI_FAIL: 'servfail',
  ESERVFAIL: 'servfail',
  EREFUSED: 'refused',
  ETIMEOUT: 'timeout',
  ECONNREFUSED: 'unreachable',
};

function systemLookup(name: string, family: 4 | 6, clock: Clock, at: number): Promise<Found> {
  return new Promise((resolve) => {
    const off = clock.wait(at, (why) => resolve(why === 'timeout' ? { outcome: 'timeout' } : INTERRUPTED));
    getaddrinfo(name, { family, all: true, verbatim: true }, (error, found) => {
      off();
      if (!error) {
        resolve(
          found.length === 0 ? { outcome: 'no-data' } : { outcome: 'answer', records: [...new Set(found.map((f) => f.address))] },
        );
        return;
      }
      const code = codeOf(error);
      // EAI_AGAIN comes at once where no server can be reached: why, is asked for afterwards.
      resolve({ outcome: (code && SYSTEM[code]) || 'failed', ...(code ? { code } : {}) });
    });
  });
}

type Raw = Dns.Read | { readonly kind: 'lost'; readonly outcome: LookupOutcome; readonly code?: string };

function verdictOf(raw: Raw): Found & { next?: string } {
  if (raw.kind === 'lost') return { outcome: raw.outcome, ...(raw.code ? { code: raw.code } : {}) };
  if (raw.kind === 'foreign') return { outcome: 'malformed', code: 'an answer to another question' };
  if (raw.kind === 'malformed') return { outcome: 'malformed', code: raw.detail };
  const a = raw.answer;
  const about = {
    cnames: a.cnames,
    ...(a.ttl === undefined ? {} : { ttl: a.ttl }),
    ...(a.authentic ? { dnssec: true } : {}),
  };
  switch (a.rcode) {
    case 0:
      if (a.truncated) return { ...about, outcome: 'failed', code: 'truncated' };
      if (a.loop) return { ...about, outcome: 'malformed', code: 'CNAME loop' };
      if (a.records.length > 0) return { ...about, outcome: 'answer', records: a.records };
      // A server that only refers to others does not resolve for us.
      if (a.referral) return { ...about, outcome: 'refused', code: 'referral' };
      return { ...about, outcome: 'no-data', ...(a.next === undefined ? {} : { next: a.next }) };
    case 3:
      return { ...about, outcome: 'nxdomain', code: 'NXDOMAIN' };
    case 5:
      return { ...about, outcome: 'refused', code: 'REFUSED' };
    case 2:
      return { ...about, outcome: 'servfail', code: 'SERVFAIL' };
    default:
      return { ...about, outcome: a.rcode === 1 ? 'malformed' : 'servfail', code: RCODES[a.rcode] ?? `RCODE ${a.rcode}` };
  }
}

const RCODES: Readonly<Record<number, string>> = { 1: 'FORMERR', 4: 'NOTIMP', 9: 'NOTAUTH', 16: 'BADVERS', 23: 'BADCOOKIE' };

/** When a query is sent again, as parts of the time there is, and at most so many milliseconds in. */
const RETRIES: readonly (readonly [number, number])[] = [
  [0.2, 1000],
  [0.5, 3000],
];

/**
 * One question over UDP, sent up to three times from one socket, so that a late answer to an earlier sending still counts. Answers
 * to anything else are passed over: only the deadline ends the wait for the right one.
 */
function overUdp(server: Server, question: Dns.Question, clock: Clock, at: number, wire: typeof Dns): Promise<Raw> {
  return new Promise((resolve) => {
    const begun = clock.now();
    const socket = createSocket(isIP(server.address) === 6 ? 'udp6' : 'udp4');
    let id = randomInt(65_536);
    let query = wire.writeQuery(id, question);
    let plain = false;
    let foreign = 0;
    let attempts = 0;
    let off = () => {};
    let ended = false;
    const end = (raw: Raw) => {
      if (ended) return;
      ended = true;
      off();
      socket.close();
      resolve(raw);
    };
    const lost = (error: Error) => end({ kind: 'lost', outcome: 'unreachable', code: codeOf(error) ?? error.message });
    const send = (attempt: number) => {
      attempts = attempt + 1;
      socket.send(query, (error) => {
        if (error) lost(error);
      });
      const retry = RETRIES[attempt];
      const next = retry ? Math.min(at, begun + Math.min((at - begun) * retry[0], retry[1])) : at;
      off();
      off = clock.wait(next, (why) => {
        if (why === 'interrupted') end({ kind: 'lost', outcome: 'failed', code: 'ABORT_ERR' });
        else if (next < at) send(attempt + 1);
        else
          end({
            kind: 'lost',
            outcome: 'timeout',
            ...(foreign > 0 ? { code: 'only answers with a wrong id or question came' } : {}),
          });
      });
    };
    socket.on('error', lost);
    socket.on('message', (message) => {
      const raw = wire.readAnswer(message, id, question);
      if (raw.kind === 'foreign') foreign += 1;
      else if (raw.kind === 'malformed') {
        if (attempts > RETRIES.length) end(raw);
        else send(attempts);
      } else if (!plain && (raw.answer.rcode === 1 || raw.answer.rcode === 4 || raw.answer.rcode === 16)) {
        // A server that knows no EDNS is asked without (RFC 6891 §6.2.2).
        plain = true;
        id = randomInt(65_536);
        query = wire.writeQuery(id, question, true);
        send(RETRIES.length);
      } else end(raw);
    });
    // A connected socket hears only this server, and its ICMP errors.
    socket.connect(server.port, server.address, () => {
      if (!ended) send(0);
    });
  });
}

async function overTcp(server: Server, question: Dns.Question, clock: Clock, at: number, wire: typeof Dns): Promise<Raw> {
  const opened = await openTcp(server.address, server.port, clock, at);
  const { socket } = opened;
  if (!socket)
    return {
      kind: 'lost',
      outcome: opened.outcome === 'timeout' ? 'timeout' : 'unreachable',
      code: opened.code ?? opened.outcome,
    };
  return await new Promise((resolve) => {
    const id = randomInt(65_536);
    const query = wire.writeQuery(id, question);
    let got = Buffer.alloc(0);
    const end = (raw: Raw) => {
      off();
      socket.destroy();
      resolve(raw);
    };
    const off = clock.wait(at, (why) =>
      end({
        kind: 'lost',
        outcome: why === 'timeout' ? 'timeout' : 'failed',
        ...(why === 'timeout' ? {} : { code: 'ABORT_ERR' }),
      }),
    );
    socket.on('data', (chunk: Buffer) => {
      got = Buffer.concat([got, chunk]);
      while (got.length >= 2 && got.length >= 2 + got.readUInt16BE(0)) {
        const length = got.readUInt16BE(0);
        const raw = wire.readAnswer(got.subarray(2, 2 + length), id, question);
        got = got.subarray(2 + length);
        if (raw.kind !== 'foreign') end(raw);
      }
    });
    socket.on('close', () =>
      end({ kind: 'lost', outcome: 'failed', code: 'the server closed the connection before its answer' }),
    );
    const head = Buffer.alloc(2);
    head.writeUInt16BE(query.length);
    socket.resume();
    socket.write(Buffer.concat([head, query]));
  });
}

/** True where every answer of this resolver comes from this very machine: then it may name loopback addresses. */
export const isLocalResolver = (resolver: string | undefined) => {
  const server = resolver === undefined ? undefined : readServer(resolver);
  return server !== undefined && isLoopback(server.address);
};

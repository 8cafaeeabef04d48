/** The world as one object: what probes and settle may ask of it, with one deadline, one resolver, one set of trust anchors. */
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { ConnectEvidence } from '../model/evidence.ts';
import type { HttpAnswer, Line, Net, TranscriptLine } from '../model/net.ts';
import { openSecret, type Secret, sealSecret } from '../model/secret.ts';
import { isHostName } from '../wire/address.ts';
import { createClock } from './clock.ts';
import { createDnsCache, createResolver, type DnsCache, isLocalResolver } from './dns.ts';
import { trustEnvironment } from './environment.ts';
import type { HttpRequest, HttpWorld } from './http.ts';
import { type Environment, loadTls } from './kit.ts';
import { createLine } from './line.ts';
import { createMasker } from './mask.ts';
import { openThrough, readProxy } from './proxy.ts';
import { familyOf, type Opened, openTcp } from './tcp.ts';

/** What the nets of one run share: answers of the resolver. Trust anchors are shared by the whole process. */
export interface NetShared {
  readonly dns: DnsCache;
}

export const createShared = (): NetShared => ({ dns: createDnsCache() });

export interface NetOptions {
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly families: readonly (4 | 6)[];
  /** `ip[:port]`, `[v6]:port` or an https URL; the system's resolver where absent. */
  readonly resolver?: string;
  /** Connections to mail servers go to this place; names are still checked against the host. */
  readonly connectTo?: { readonly host: string; readonly port?: number };
  /** PEM text of --ca-file. */
  readonly ca?: string;
  /** `socks5://`, `socks5h://` or `http://`. */
  readonly proxy?: string;
  /** Masked by value in everything that comes in. */
  readonly secrets: readonly Secret[];
  readonly users?: readonly string[];
  readonly transcript: boolean;
  /** Monotonic milliseconds that transcript times count from; now, where absent. */
  readonly startedAt?: number;
  readonly env?: Environment;
  /** HTTP may go to addresses that are not on the public Internet. */
  readonly allowPrivate?: boolean;
  /** For the many nets of one run. */
  readonly shared?: NetShared;
}

export interface RunNet extends Net {
  /** Masks the run's secrets in a text, in every encoding. */
  mask(text: string): string;
}

/** Milliseconds that a certificate authority has for one answer. */
const AUTHORITY_MS = 4000;

/** Lines of a transcript, and characters of one. */
const MAX_TRANSCRIPT = 2000;
const MAX_TRANSCRIPT_LINE = 2048;

/** @returns the net of one run or one check. `close` it when done. */
export function createNet(options: NetOptions): RunNet {
  const env = options.env ?? process.env;
  const clock = createClock(options.signal);
  const proxy = options.proxy === undefined ? undefined : readProxy(options.proxy);
  const proxySecrets = proxy && proxy.password !== '' ? [sealSecret(proxy.password)] : [];
  const masker = createMasker([...options.secrets, ...proxySecrets], options.users);
  const startedAt = options.startedAt ?? clock.now();
  const transcript: TranscriptLine[] = [];
  const lines = new Set<Line>();
  const tls = () => loadTls(options.ca, env);
  const cache = options.shared?.dns ?? createDnsCache();

  function record(from: TranscriptLine['from'], text: string): void {
    if (transcript.length < MAX_TRANSCRIPT)
      transcript.push({ from, atMs: Math.max(0, Math.round(clock.now() - startedAt)), text: text.slice(0, MAX_TRANSCRIPT_LINE) });
  }

  const resolver = createResolver({
    families: options.families,
    ...(options.resolver === undefined ? {} : { resolver: options.resolver }),
    clock,
    cache,
    post: (url, body, type) => doh(url, body, type),
  });

  async function dial(host: string, address: string, port: number, at: number): Promise<Opened> {
    if (options.proxy === undefined) return await openTcp(address, port, clock, at);
    if (!proxy) return { outcome: 'proxy', code: 'EPROXY', detail: 'not a proxy URL of socks5, socks5h or http' };
    const [place] = (await resolver.addresses(proxy.host)).addresses;
    if (place === undefined) return { outcome: 'proxy', code: 'EPROXY', detail: `the proxy ${proxy.host} has no address` };
    return await openThrough(proxy, place, proxy.remote && isIP(address) === 0 ? host : address, port, clock, at);
  }

  const web: HttpWorld = {
    clock,
    addresses: async (host) => (await addresses(host, false)).addresses,
    dial,
    context: async () => (await tls()).context({ host: '', mode: 'implicit' }),
    mask: masker.mask,
    allowPrivate: options.allowPrivate ?? false,
    localResolver: isLocalResolver(options.resolver),
  };

  /** The resolver's own name cannot be asked of itself: the system resolves it. */
  async function doh(url: string, body: Uint8Array, type: string) {
    const system = createResolver({ families: options.families, clock, cache, post: doh });
    const { request } = await import('./http.ts');
    const world: HttpWorld = { ...web, addresses: async (host) => (await system.addresses(host)).addresses };
    const headers = { 'content-type': type, accept: type };
    return await request(world, { url, method: 'POST', body, headers, maxBytes: 65_535, redirects: 0, given: true });
  }

  async function addresses(host: string, mail: boolean) {
    const wanted = (mail ? options.connectTo?.host : undefined) ?? host;
    const bare = wanted.replace(/^\[|\]$/g, '');
    // A proxy that resolves names is given the name.
    if (proxy?.remote && isIP(bare) === 0 && isHostName(bare)) return { lookups: [], addresses: [bare] };
    return await resolver.addresses(wanted);
  }

  async function connect(target: Parameters<Net['connect']>[0]): Promise<{ connect: ConnectEvidence; line?: Line }> {
    const { host, address, control } = target;
    const at = clock.until();
    const begun = clock.now();
    // Another host or port than the one asked for is not what --connect-to stands for.
    const moved = control === 'other-host' || control === 'other-port' ? undefined : options.connectTo?.port;
    const port = moved ?? target.port;
    // Anchors are read while the connection opens.
    void tls().catch(() => {});
    const opened = await dial(address, address, port, at);
    const moveable = control !== 'other-host' && control !== 'other-port';
    const via = options.connectTo && moveable ? `${address.includes(':') ? `[${address}]` : address}:${port}` : undefined;
    const evidence: ConnectEvidence = {
      kind: 'connect',
      stage: 'connect',
      protocol: target.protocol,
      host,
      address,
      family: familyOf(address),
      port: target.port,
      outcome: opened.outcome,
      ...(opened.code === undefined ? {} : { code: opened.code }),
      ...(opened.detail === undefined ? {} : { detail: masker.mask(opened.detail) }),
      ...(via === undefined ? {} : { via }),
      ms: Math.round(clock.now() - begun),
      ...(control ? { control } : {}),
    };
    if (!opened.socket) return { connect: evidence };
    const line = createLine(
      opened.socket,
      { host, address, port: target.port },
      {
        clock,
        masker,
        open: openSecret,
        tls,
        // The transcript is the check's own conversation; control probes are no part of it.
        ...(options.transcript && control === undefined ? { record } : {}),
        closed: (l) => lines.delete(l),
      },
    );
    lines.add(line);
    return { connect: evidence, line };
  }

  async function http(asked: Parameters<Net['http']>[0], near?: string): Promise<HttpAnswer> {
    const { request } = await import('./http.ts');
    const plain: HttpRequest = asked;
    return await request(near === undefined ? web : { ...web, near }, plain);
  }
  /** For the URLs in the certificate of the mail server at this address. */
  const beside = (address: string): Pick<Net, 'http'> => ({ http: (asked) => http(asked, address) });

  return {
    now: clock.now,
    date: () => new Date(),
    random: (bytes) => randomBytes(bytes),
    signal: options.signal,
    environment: () => trustEnvironment(env),
    lookup: (host, type, more) => resolver.lookup(host, type, more?.resolver),
    addresses: (host) => addresses(host, true),
    connect,
    http: (asked) => http(asked),
    async revocation(path, about) {
      const { checkRevocation } = await import('./revocation.ts');
      return await checkRevocation(beside(about.address), path, { now: new Date(), ...about, timeoutMs: AUTHORITY_MS });
    },
    async missingIssuers(sent, problems, about) {
      const [{ proveIncomplete, withProof }, { loadAnchors }] = await Promise.all([
        import('./revocation.ts'),
        import('./trust.ts'),
      ]);
      const anchors = loadAnchors({ ...(options.ca === undefined ? {} : { ca: options.ca }), env });
      return withProof(
        problems,
        await proveIncomplete(beside(about.address), sent, anchors, { now: new Date(), ...about, timeoutMs: AUTHORITY_MS }),
      );
    },
    async route(address, ms) {
      const { traceRoute } = await import('./route.ts');
      return await traceRoute(address, ms, clock, env.PATH);
    },
    ...(options.connectTo ? { connectTo: options.connectTo } : {}),
    deadline: clock.set,
    within: (work, ms) =>
      new Promise((resolve) => {
        const off = clock.wait(clock.now() + ms, () => resolve());
        const done = () => {
          off();
          resolve();
        };
        work.then(done, done);
      }),
    sleep: (ms) =>
      new Promise((resolve) => {
        clock.wait(clock.now() + ms, () => resolve());
      }),
    open: openSecret,
    transcript,
    mask: masker.mask,
    async close() {
      await Promise.all([...lines].map((l) => l.close()));
      clock.stop();
    },
  };
}

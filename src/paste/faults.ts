/** Socket, resolver, TLS and certificate errors in the words of a client, as the evidence that a live check would give. */
import type { CertificateProblem, Evidence, ServiceEvidence } from '../model/evidence.ts';
import { readSocketError, type SocketError } from '../wire/socketerror.ts';
import { cleanTlsMessage, readTlsErrors } from '../wire/tlserror.ts';
import { isInterceptor } from './chain.ts';
import { type Endpoint, endpointOf } from './places.ts';
import { protocolOfPort, protocolOfWords } from './stages.ts';

/** A connection that was open already when it timed out: the silence is the server's, not the network's. */
const AFTER_CONNECT =
  /greeting|banner|(?:trying|waiting|attempting) to (?:read|receive)|welcome message|handshake|hello\b|ehlo|waiting for|while (?:reading|receiving|performing|sending)|read timed? ?out|reading (?:response|from)|response timed|after (?:AUTH|DATA|MAIL|RCPT|STARTTLS|EHLO|end of)|no data (?:was )?received|idle|inactiv|chào/i;
const PROXY =
  /\b(?:socks ?[45]?a?|https?|web) ?proxy|proxy (?:server|connection|connect|error|auth)|(?:via|through|to|by|from) (?:the |a )?proxy|\bsocks ?[45]|tunnel(?:ing|l)|代理服务器|proxyserver|serveur proxy/i;
const PROXY_FAILS =
  /refus|denied|forbidden|\b40[37]\b|\b50[234]\b|fail|unreach|timed? ?out|ruleset|authentication required|拒绝|verweigert|refusé/i;
/** Google shows a self-signed certificate on its mail ports to clients that send no server name. */
const NEEDS_NAME = /(?:^|\.)(?:gmail|googlemail|google)\.com$/i;

const ALTERNATIVE: Partial<Record<CertificateProblem, CertificateProblem>> = {
  'untrusted-root': 'incomplete-chain',
  'incomplete-chain': 'untrusted-root',
};

function fromSocket(e: SocketError, text: string, place: Endpoint): Evidence | undefined {
  const protocol = protocolOfPort(place.port) ?? protocolOfWords(text);
  if (e.kind === 'lookup') {
    return {
      kind: 'lookup',
      stage: 'dns',
      ...(protocol ? { protocol } : {}),
      host: place.host ?? '',
      type: /type=MX|\bMX\b|'mx'|queryMx/.test(text) ? 'MX' : /type=AAAA|queryAaaa/i.test(text) ? 'AAAA' : 'A',
      resolver: 'system',
      outcome: e.outcome,
      records: [],
      code: e.code,
      ms: 0,
    };
  }
  if (e.outcome === 'timeout' && AFTER_CONNECT.test(text)) return undefined;
  if (e.outcome === 'denied' && !/connect|socket|dial|套接字|ソケット|сокет|소켓/i.test(text)) return undefined;
  return {
    kind: 'connect',
    stage: 'connect',
    ...(protocol ? { protocol } : {}),
    host: place.host ?? '',
    address: place.address ?? '',
    family: place.address?.includes(':') ? 6 : 4,
    port: place.port ?? 0,
    outcome: PROXY.test(text) ? 'proxy' : e.outcome,
    code: e.code,
    detail: text.slice(0, 400),
    ms: 0,
  };
}

/** A proxy that says no without an error of the system's. */
function proxyFault(text: string): SocketError | undefined {
  return PROXY.test(text) && PROXY_FAILS.test(text)
    ? { kind: 'connect', outcome: 'proxy', code: 'EPROXY', matched: text.slice(0, 80) }
    : undefined;
}

/** Attempts at several addresses told line by line, failures and successes: which family works. */
function pathsOf(text: string): readonly Evidence[] {
  const out: Evidence[] = [];
  const seen = new Set<string>();
  for (const part of text.split(/\n|; /).slice(0, 12)) {
    const place = endpointOf(part);
    if (place.address === undefined || seen.has(place.address)) continue;
    const error = readSocketError(part);
    const failed = error && error.kind === 'connect' ? fromSocket(error, part, place) : undefined;
    const opened = !failed && /\bconnected to\b|\bsucceeded\b|\bconnection (?:established|successful)/i.test(part);
    if (!failed && !opened) continue;
    seen.add(place.address);
    out.push(
      failed ?? {
        kind: 'connect',
        stage: 'connect',
        host: place.host ?? '',
        address: place.address,
        family: place.address.includes(':') ? 6 : 4,
        port: place.port ?? 0,
        outcome: 'open',
        ms: 0,
      },
    );
  }
  return out.some((e) => e.kind === 'connect' && e.outcome !== 'open') ? out : [];
}

const FIRST_WORDS: readonly (readonly [ServiceEvidence['speaks'], RegExp])[] = [
  ['http', /\bHTTP\/\d(?:\.\d)? \d{3}.{0,60}|<!DOCTYPE html|<html/i],
  ['ssh', /\bSSH-\d\.\d.{0,60}/],
  ['pop3', /\+OK\b.{0,80}/],
  ['imap', /\* OK\b.{0,80}/],
  ['ftp', /\b220[ -].{0,60}\bFTP\b.{0,40}/i],
  ['smtp', /\b220[ -].{0,80}\bE?SMTP\b.{0,40}/],
];

/** "Unexpected greeting: …": another protocol answered than the one that the client speaks. `server`: the words are the server's own. */
export function serviceOf(text: string, server = false): Evidence | undefined {
  if (
    !server &&
    !/unexpect|invalid|connecterror|expected|short response|wrong|malformed|unknown (?:greeting|response)|bad greeting|error_proto|IMAP4\.error|protocolexception|not (?:a|an) (?:smtp|imap|pop)|exception: (?:\+OK|\* OK|220)/i.test(
      text,
    )
  )
    return undefined;
  for (const [speaks, words] of FIRST_WORDS) {
    const m = words.exec(text);
    if (!m) continue;
    const around = text.slice(0, m.index);
    const expected = protocolOfWords(around) ?? 'smtp';
    if (speaks === expected) return undefined;
    return { kind: 'service', stage: 'greeting', protocol: expected, speaks, expected, firstLine: m[0].slice(0, 120) };
  }
  return undefined;
}

/**
 * @param text one message of a client; no words of a server in it.
 * @returns the evidence that it amounts to; empty where it speaks of no network or TLS fault.
 */
export function faultsOf(text: string): readonly Evidence[] {
  const out: Evidence[] = [];
  const place = endpointOf(text);
  const detail = cleanTlsMessage(text).slice(0, 600);
  let named = false;
  for (const e of readTlsErrors(text)) {
    named = true;
    const protocol = protocolOfPort(place.port) ?? protocolOfWords(text);
    if (e.kind === 'tls') {
      out.push({
        kind: 'tls',
        stage: 'tls',
        ...(protocol ? { protocol } : {}),
        host: place.host ?? '',
        address: place.address ?? '',
        port: place.port ?? 0,
        mode: /starttls|stls/i.test(text) ? 'upgrade' : 'implicit',
        outcome: 'failed',
        failure: e.failure,
        code: e.matched,
        detail,
        ...(e.alert !== undefined ? { alert: e.alert } : {}),
        sni: null,
        ms: 0,
      });
      continue;
    }
    const stranger = isInterceptor(text) && /issue|certificat|root|ca\b/i.test(text);
    const nameless = e.problem === 'self-signed' && place.host !== undefined && NEEDS_NAME.test(place.host);
    const problem = stranger ? 'intercepted' : nameless ? 'server-name-missing' : e.problem;
    if (out.some((o) => o.kind === 'problem' && o.problem === problem)) continue;
    // A root that came with the chain is nobody's missing intermediate: it is a private one, or an interceptor's.
    const sent = problem === 'untrusted-root' && /\bin (?:certificate )?chain|num=19|code: 19/.test(e.matched);
    const alternative = sent ? 'intercepted' : e.ambiguous ? ALTERNATIVE[problem] : undefined;
    out.push({
      kind: 'problem',
      stage: 'certificate',
      ...(protocol ? { protocol } : {}),
      problem,
      detail,
      ...(place.host ? { host: place.host } : {}),
      ...(place.address ? { address: place.address } : {}),
      ...(alternative ? { alternative } : {}),
    });
  }
  const paths = pathsOf(text);
  if (paths.length > 1) {
    out.unshift(...paths);
    return out;
  }
  const socket = readSocketError(text) ?? proxyFault(text);
  // A reset in the middle of a named TLS fault is its consequence.
  if (socket && !(named && socket.kind === 'connect')) {
    const evidence = fromSocket(socket, text, place);
    if (evidence) out.unshift(evidence);
  }
  return out;
}

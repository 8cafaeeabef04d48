/**
 * The sending side of a domain (--domain): SPF (RFC 7208), a named DKIM key (RFC 6376), DMARC (RFC 7489), MTA-STS (RFC 8461), TLS-RPT
 * (RFC 8460), DANE (RFC 7672), and what the submission server says of itself. It only observes; the report says what each means.
 */
import type { DomainEvidence, LookupEvidence } from '../model/evidence.ts';
import type { Session } from '../model/stage.ts';
import { matchTlsa } from '../wire/dane.ts';
import { readMx } from '../wire/records.ts';
import { type DmarcPolicy, fitsStsMx, readDmarc, readKey, readStsPolicy, readTags } from '../wire/tags.ts';
import { askSpf } from './spf.ts';

/** Sender domains that are looked at. */
const MAX_DOMAINS = 5;
/** The MTA-STS policy (RFC 8461 §3.3). */
const MAX_POLICY = 65_536;
/** Keys below this are ignored by receivers (RFC 8301 §3.2). */
const MIN_RSA = 1024;

/** Takes what was found; deaf where nobody waits any more. */
export type Tell = (...evidence: readonly DomainEvidence[]) => void;

type Finding = Omit<DomainEvidence, 'kind' | 'stage' | 'protocol'>;

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** What may be asked before the server is known: it runs beside the session. */
export async function domainSide(session: Session, tell: Tell): Promise<void> {
  const { service } = session;
  const own = service.self === undefined ? undefined : domainOf(service.self);
  const domains = [...new Set([...(own === undefined ? [] : [own]), ...service.from.map(domainOf)])].slice(0, MAX_DOMAINS);
  await Promise.all([
    ...domains.map((d) => note(session, tell, spf(session, d))),
    ...domains.map((d) => note(session, tell, dmarc(session, d, own))),
    ...(own === undefined
      ? []
      : [
          note(session, tell, dkim(session, own)),
          note(session, tell, mtaSts(session, own)),
          note(session, tell, tlsReports(session, own)),
          note(session, tell, daneOfMx(session, own)),
        ]),
  ]);
}

/** What needs the connection: the address, the greeting, the certificate. */
export async function serverSide(session: Session, tell: Tell): Promise<void> {
  await Promise.all([
    note(session, tell, daneOfServer(session)),
    note(session, tell, reverse(session)),
    note(session, tell, helo(session)),
  ]);
}

async function note(session: Session, tell: Tell, found: Promise<readonly Finding[]>): Promise<void> {
  tell(
    ...(await found).map(
      (f): DomainEvidence => ({ kind: 'domain', stage: 'identity', protocol: session.service.protocol, ...f }),
    ),
  );
}

const signed = (l: LookupEvidence) => (l.dnssec ? { dnssec: true } : {});
const isDefinite = (l: LookupEvidence) => ['answer', 'no-data', 'nxdomain'].includes(l.outcome);
const unknown = (what: Finding['what'], domain: string, l: LookupEvidence): readonly Finding[] => [
  { what, domain, outcome: 'unknown', verdict: `${what}-unknown`, params: { why: l.code ?? l.outcome } },
];

async function spf(session: Session, domain: string): Promise<readonly Finding[]> {
  const { service, net, preset } = session;
  const { host } = service;
  const found = await Promise.all((['A', 'AAAA'] as const).map((type) => net.lookup(host, type)));
  const addresses = /^[\d.]+$|:/.test(host) ? [host] : found.flatMap((l) => (l.outcome === 'answer' ? l.records : []));
  const answer = await askSpf(domain, net, { host, addresses, includes: preset?.spf ?? [] });
  const about = {
    what: 'spf' as const,
    domain,
    ...(answer.record === undefined ? {} : { record: answer.record }),
    ...(answer.dnssec ? { dnssec: true } : {}),
  };
  switch (answer.kind) {
    case 'none':
      return [{ ...about, outcome: 'none', verdict: 'spf-none' }];
    case 'several':
      return [{ ...about, outcome: 'wrong', verdict: 'spf-several', params: { n: answer.n } }];
    case 'unknown':
      return [{ ...about, outcome: 'unknown', verdict: 'spf-unknown', params: { why: answer.why } }];
    case 'malformed':
      return [{ ...about, outcome: 'wrong', verdict: 'spf-malformed', params: { term: answer.term } }];
    case 'too-many':
      return [{ ...about, outcome: 'wrong', verdict: 'spf-too-many', params: { n: answer.n } }];
    case 'includes':
      return [
        {
          ...about,
          outcome: 'good',
          verdict: 'spf-includes',
          params: { include: answer.include, provider: preset?.name ?? host },
        },
      ];
    case 'allows':
      return [{ ...about, outcome: 'good', verdict: 'spf-allows', params: { address: answer.address, host } }];
    case 'ends':
      if (answer.all === '+') return [{ ...about, outcome: 'wrong', verdict: 'spf-open' }];
      if (answer.all === '?') return [{ ...about, outcome: 'warning', verdict: 'spf-neutral', params: { host } }];
      return [
        {
          ...about,
          outcome: 'warning',
          verdict: answer.all === '-' ? 'spf-fail' : 'spf-softfail',
          params: { host, all: `${answer.all}all` },
        },
      ];
  }
}

async function dkim(session: Session, domain: string): Promise<readonly Finding[]> {
  const selector = session.options.dkimSelector;
  if (selector === undefined) return [];
  const name = `${selector}._domainkey.${domain}`;
  const txt = await session.net.lookup(name, 'TXT');
  if (!isDefinite(txt)) return unknown('dkim', domain, txt);
  const record = txt.records.find((r) => /(?:^|;)\s*p\s*=/i.test(r)) ?? txt.records[0];
  if (record === undefined) return [{ what: 'dkim', domain, outcome: 'wrong', verdict: 'dkim-none', params: { selector } }];
  const about = { what: 'dkim' as const, domain, record, ...signed(txt) };
  const key = readKey(record);
  if (key.kind === 'revoked') return [{ ...about, outcome: 'wrong', verdict: 'dkim-revoked', params: { selector } }];
  if (key.kind === 'malformed') return [{ ...about, outcome: 'wrong', verdict: 'dkim-malformed', params: { selector } }];
  const weak = key.type === 'rsa' && key.bits < MIN_RSA;
  const params = { selector, type: key.type, bits: key.bits };
  return [{ ...about, outcome: weak ? 'wrong' : 'good', verdict: weak ? 'dkim-weak' : 'dkim-key', params }];
}

/** The record of the domain, else of the one that its owner registered (RFC 7489 §6.6.3). */
async function dmarc(session: Session, domain: string, own: string | undefined): Promise<readonly Finding[]> {
  const { placeOf, sameOwner } = await import('../wire/suffix.ts');
  const organisation = placeOf(domain).registrable;
  const foreign = own !== undefined && domain !== own && !sameOwner(domain, own);
  let found: readonly string[] = [];
  let last: LookupEvidence | undefined;
  let below = false;
  for (const name of [...new Set([domain, organisation ?? domain])]) {
    last = await session.net.lookup(`_dmarc.${name}`, 'TXT');
    if (!isDefinite(last)) return unknown('dmarc', domain, last);
    found = last.records.filter((r) => /^v\s*=\s*DMARC1\s*(?:;|$)/.test(r));
    below = name !== domain;
    if (found.length > 0) break;
  }
  const record = found[0];
  if (!last || record === undefined) return [{ what: 'dmarc', domain, outcome: 'none', verdict: 'dmarc-none' }];
  const about = { what: 'dmarc' as const, domain, record, ...signed(last) };
  if (found.length > 1) return [{ ...about, outcome: 'wrong', verdict: 'dmarc-several', params: { n: found.length } }];
  const read = readDmarc(record);
  if (!read) return [{ ...about, outcome: 'wrong', verdict: 'dmarc-malformed' }];
  const policy = below ? read.below : read.policy;
  return [{ ...about, ...meaningOf(policy, foreign) }];
}

function meaningOf(policy: DmarcPolicy, foreign: boolean): Pick<Finding, 'outcome' | 'verdict' | 'params'> {
  if (foreign && policy === 'none') return { outcome: 'warning', verdict: 'dmarc-foreign-watch' };
  if (foreign) return { outcome: 'wrong', verdict: 'dmarc-foreign-strict', params: { policy } };
  return { outcome: 'good', verdict: policy === 'none' ? 'dmarc-watch' : `dmarc-${policy}` };
}

async function mtaSts(session: Session, domain: string): Promise<readonly Finding[]> {
  const { net } = session;
  const [txt, mx] = await Promise.all([net.lookup(`_mta-sts.${domain}`, 'TXT'), net.lookup(domain, 'MX')]);
  if (!isDefinite(txt)) return unknown('mta-sts', domain, txt);
  const records = txt.records.filter((r) => /^v=STSv1\s*(?:;|$)/.test(r));
  const record = records[0];
  if (record === undefined) return [{ what: 'mta-sts', domain, outcome: 'none', verdict: 'mta-sts-none' }];
  const about = { what: 'mta-sts' as const, domain, record, ...signed(txt) };
  const wrong = (verdict: string, params: Finding['params'] = {}): readonly Finding[] => [
    { ...about, outcome: 'wrong', verdict: `mta-sts-${verdict}`, params },
  ];
  if (records.length > 1) return wrong('several', { n: records.length });
  if (!/^[A-Za-z0-9]{1,32}$/.test(readTags(record)?.get('id') ?? '')) return wrong('record');
  const url = `https://mta-sts.${domain}/.well-known/mta-sts.txt`;
  const answer = await net.http({ url, maxBytes: MAX_POLICY, redirects: 0, timeoutMs: session.options.timeoutMs });
  if (answer.outcome === 'too-large') return wrong('large');
  if (answer.outcome !== 'ok') return wrong('certificate', { why: answer.detail ?? answer.outcome });
  const status = answer.status ?? 0;
  if (status >= 300 && status < 400) return wrong('redirect');
  if (status !== 200) return wrong('status', { status: String(status) });
  const policy = readStsPolicy(new TextDecoder('utf-8').decode(answer.body));
  if ('fault' in policy) return wrong('malformed', { why: policy.fault });
  const type = (answer.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const out: Finding[] = type === 'text/plain' ? [] : [...wrong('type', { type: type === '' ? '-' : type })];
  const stray = policy.mode === 'none' ? undefined : readMx(mx.records).find((h) => h !== '.' && !fitsStsMx(h, policy.mx));
  if (stray !== undefined) out.push(...wrong('mx', { mx: stray }));
  const verdict = policy.mode === 'none' ? 'mta-sts-off' : `mta-sts-${policy.mode}`;
  out.push({ ...about, outcome: policy.mode === 'none' ? 'none' : 'good', verdict });
  return out;
}

async function tlsReports(session: Session, domain: string): Promise<readonly Finding[]> {
  const txt = await session.net.lookup(`_smtp._tls.${domain}`, 'TXT');
  if (!isDefinite(txt)) return unknown('tls-rpt', domain, txt);
  const records = txt.records.filter((r) => /^v=TLSRPTv1\s*(?:;|$)/.test(r));
  const record = records[0];
  if (record === undefined) return [{ what: 'tls-rpt', domain, outcome: 'none', verdict: 'tls-rpt-none' }];
  const rua = readTags(record)?.get('rua');
  const about = { what: 'tls-rpt' as const, domain, record, ...signed(txt) };
  if (records.length > 1 || rua === undefined || !/^(?:mailto|https):/i.test(rua))
    return [{ ...about, outcome: 'wrong', verdict: 'tls-rpt-malformed' }];
  return [{ ...about, outcome: 'good', verdict: 'tls-rpt-on', params: { rua } }];
}

/** The certificate of an MX is not looked at: its port 25 is closed to most networks. */
async function daneOfMx(session: Session, domain: string): Promise<readonly Finding[]> {
  const mx = await session.net.lookup(domain, 'MX');
  const hosts = readMx(mx.records)
    .filter((h) => h !== '.')
    .slice(0, 3);
  return (
    await Promise.all(
      hosts.map(async (host): Promise<readonly Finding[]> => {
        const tlsa = await session.net.lookup(`_25._tcp.${host}`, 'TLSA');
        if (!isDefinite(tlsa)) return unknown('dane', host, tlsa);
        const record = tlsa.records[0];
        if (record === undefined) return [{ what: 'dane', domain: host, outcome: 'none', verdict: 'dane-none' }];
        // Both the MX and the TLSA records must be signed (RFC 7672 §2.2).
        const vouched = tlsa.dnssec === true && mx.dnssec === true;
        const about = { what: 'dane' as const, domain: host, record, ...(vouched ? { dnssec: true } : {}) };
        return [{ ...about, outcome: vouched ? 'good' : 'warning', verdict: vouched ? 'dane-published' : 'dane-unsigned' }];
      }),
    )
  ).flat();
}

async function daneOfServer(session: Session): Promise<readonly Finding[]> {
  const { host, port, security } = session.service;
  const chain = session.reached.secured?.chain?.sent;
  if (security === 'none' || !chain || /^[\d.]+$|:/.test(host)) return [];
  const name = `_${port}._tcp.${host}`;
  const tlsa = await session.net.lookup(name, 'TLSA');
  if (!isDefinite(tlsa)) return unknown('dane', name, tlsa);
  const record = tlsa.records[0];
  if (record === undefined) return [{ what: 'dane', domain: name, outcome: 'none', verdict: 'dane-none' }];
  const about = { what: 'dane' as const, domain: name, record, ...signed(tlsa) };
  if (!tlsa.dnssec) return [{ ...about, outcome: 'warning', verdict: 'dane-unsigned' }];
  const fits = tlsa.records.find((r) => matchTlsa(r, chain));
  return fits === undefined
    ? [{ ...about, outcome: 'wrong', verdict: 'dane-mismatch' }]
    : [{ ...about, record: fits, outcome: 'good', verdict: 'dane-match' }];
}

const connected = (session: Session) => session.facts.all('connect').find((c) => c.outcome === 'open')?.address;

/** Whether a name leads to an address. */
async function leadsTo(session: Session, name: string, address: string): Promise<boolean> {
  const answer = await session.net.lookup(name, address.includes(':') ? 'AAAA' : 'A');
  return answer.records.includes(address);
}

async function reverse(session: Session): Promise<readonly Finding[]> {
  const address = connected(session);
  if (address === undefined) return [];
  const ptr = await session.net.lookup(address, 'PTR');
  const about = { what: 'reverse' as const, domain: session.service.host };
  if (!isDefinite(ptr))
    return [{ ...about, outcome: 'unknown', verdict: 'reverse-unknown', params: { address, why: ptr.code ?? ptr.outcome } }];
  const name = ptr.records[0];
  if (name === undefined) return [{ ...about, outcome: 'warning', verdict: 'reverse-none', params: { address } }];
  const back = await Promise.all(ptr.records.slice(0, 4).map((n) => leadsTo(session, n, address)));
  const right = ptr.records[back.indexOf(true)];
  return right === undefined
    ? [{ ...about, outcome: 'warning', verdict: 'reverse-differs', params: { address, name } }]
    : [{ ...about, outcome: 'good', verdict: 'reverse-confirmed', params: { address, name: right } }];
}

/** The name in the greeting (RFC 5321 §4.2). */
async function helo(session: Session): Promise<readonly Finding[]> {
  const address = connected(session);
  const said = session.facts.last('reply', 'greeting');
  if (address === undefined || said?.status !== 'ok') return [];
  const name = said.text.trim().split(/\s+/, 1)[0] ?? '';
  const about = { what: 'helo' as const, domain: session.service.host };
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.)+[A-Za-z0-9-]{1,63}$/.test(name))
    return [{ ...about, outcome: 'warning', verdict: 'helo-none' }];
  const fits = await leadsTo(session, name, address);
  return [{ ...about, outcome: fits ? 'good' : 'warning', verdict: fits ? 'helo-fits' : 'helo-differs', params: { name } }];
}

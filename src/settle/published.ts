/** Other publications of a domain's mail services: JMAP (RFC 8620 §2.2), told for the record, and PACC (draft-ietf-mailmaint-pacc). */
import type { SourceEvidence } from '../model/evidence.ts';
import type { Net } from '../model/net.ts';
import type { Protocol, Security } from '../model/terms.ts';
import { type Asked, asSetting, found, httpNothing, isServerName, lookupOutcome, note, saidNothing, textOf } from './sources.ts';
import { readSrv } from './srv.ts';

export async function askPublished(domain: string, net: Net): Promise<Asked> {
  const [jmap, pacc] = await Promise.all([net.lookup(`_jmap._tcp.${domain}`, 'SRV'), askPacc(domain, net)]);
  const where = `_jmap._tcp.${domain}`;
  const target = jmap.outcome === 'answer' ? readSrv(jmap.records).find((t) => isServerName(t.target)) : undefined;
  const said = saidNothing('srv', where, jmap.outcome === 'answer' ? 'nothing' : lookupOutcome(jmap), jmap.ms, {
    notes: target ? [note('jmap', `${target.target}:${target.port}`)] : [],
    authenticated: jmap.dnssec === true,
    ...(target || jmap.outcome === 'answer' ? {} : { detail: jmap.code ?? jmap.outcome }),
  });
  return { sources: [said, pacc], lookups: [asSetting(jmap)] };
}

async function askPacc(domain: string, net: Net): Promise<SourceEvidence> {
  const url = `https://ua-auto-config.${domain}/.well-known/user-agent-configuration.json`;
  const answer = await net.http({ url, maxBytes: 65_536, redirects: 0, within: [domain] });
  if (answer.outcome !== 'ok' || answer.status !== 200) return httpNothing('autoconfig', url, answer);
  try {
    const parsed: unknown = JSON.parse(textOf(answer));
    return found('autoconfig', url, paccOffers(parsed), answer.authenticated, answer.ms, { notes: [note('pacc')] });
  } catch {
    return saidNothing('autoconfig', url, 'malformed', answer.ms, { detail: 'not JSON' });
  }
}

/** Implicit TLS on the standard port is all that it publishes. */
const PORTS: Readonly<Record<string, readonly [Protocol, number, Security]>> = {
  imap: ['imap', 993, 'tls'],
  pop3: ['pop3', 995, 'tls'],
  submit: ['smtp', 465, 'tls'],
  submission: ['smtp', 465, 'tls'],
  smtp: ['smtp', 465, 'tls'],
};

function paccOffers(parsed: unknown): SourceEvidence['offers'] {
  if (typeof parsed !== 'object' || parsed === null || !('protocols' in parsed)) return [];
  const { protocols } = parsed;
  if (typeof protocols !== 'object' || protocols === null) return [];
  return Object.entries(protocols).flatMap(([name, value]: [string, unknown]) => {
    const known = Object.hasOwn(PORTS, name.toLowerCase()) ? PORTS[name.toLowerCase()] : undefined;
    const host = typeof value === 'object' && value !== null && 'host' in value ? String(value.host).toLowerCase() : '';
    return known && isServerName(host) ? [{ protocol: known[0], host, port: known[1], security: known[2] }] : [];
  });
}

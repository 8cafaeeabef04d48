/** Other publications of a domain's mail services, told for the record: JMAP (RFC 8620 §2.2) and PACC (draft-ietf-mailmaint-pacc). */
import type { SourceEvidence } from '../model/evidence.ts';
import type { Net } from '../model/net.ts';
import type { Protocol, Security } from '../model/terms.ts';
import { type Asked, found, httpOutcome, saidNothing, textOf } from './sources.ts';

export async function askPublished(domain: string, net: Net): Promise<Asked> {
  const [jmap, pacc] = await Promise.all([net.lookup(`_jmap._tcp.${domain}`, 'SRV'), askPacc(domain, net)]);
  const where = `_jmap._tcp.${domain}`;
  const said =
    jmap.outcome === 'answer'
      ? found('srv', where, [], jmap.dnssec === true, jmap.ms, `JMAP ${jmap.records[0] ?? ''}`)
      : saidNothing('srv', where, 'nothing', jmap.ms);
  return { sources: [said, pacc], lookups: [{ ...jmap, stage: 'settings' }] };
}

async function askPacc(domain: string, net: Net): Promise<SourceEvidence> {
  const url = `https://ua-auto-config.${domain}/.well-known/user-agent-configuration.json`;
  const answer = await net.http({ url, maxBytes: 65_536, redirects: 0, within: [domain] });
  if (answer.outcome !== 'ok' || answer.status !== 200)
    return saidNothing('autoconfig', url, httpOutcome(answer), answer.ms, answer.detail);
  try {
    const parsed: unknown = JSON.parse(textOf(answer));
    return found('autoconfig', url, paccOffers(parsed), answer.authenticated, answer.ms, 'PACC');
  } catch {
    return saidNothing('autoconfig', url, 'malformed', answer.ms, 'not JSON');
  }
}

function paccOffers(parsed: unknown): SourceEvidence['offers'] {
  if (typeof parsed !== 'object' || parsed === null || !('protocols' in parsed)) return [];
  const protocols = parsed.protocols;
  if (typeof protocols !== 'object' || protocols === null) return [];
  const ports: Readonly<Record<string, readonly [Protocol, number, Security]>> = {
    imap: ['imap', 993, 'tls'],
    pop3: ['pop3', 995, 'tls'],
    submit: ['smtp', 465, 'tls'],
    smtp: ['smtp', 465, 'tls'],
  };
  return Object.entries(protocols).flatMap(([name, value]) => {
    const known = ports[name.toLowerCase()];
    const host = typeof value === 'object' && value !== null && 'host' in value ? String(value.host).toLowerCase() : '';
    return known && /^[a-z0-9.-]{1,253}$/.test(host) ? [{ protocol: known[0], host, port: known[1], security: known[2] }] : [];
  });
}

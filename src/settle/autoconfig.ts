/** Mozilla autoconfig: the domain's own files, HTTPS first, then plain HTTP (told as unauthenticated), then the central database. */
import type { SourceEvidence } from '../model/evidence.ts';
import type { Net } from '../model/net.ts';
import { readAutoconfig } from '../wire/autoconfig.ts';
import { type Asked, found, httpOutcome, saidNothing, textOf } from './sources.ts';

export const CENTRAL_DATABASE = 'https://autoconfig.thunderbird.net/v1.1/';

/** @param central whether to ask the central database too (only the domain is sent). */
export async function askAutoconfig(address: string, net: Net, central: boolean): Promise<Asked> {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const query = `?emailaddress=${encodeURIComponent(address)}`;
  const urls = [
    `https://autoconfig.${domain}/mail/config-v1.1.xml${query}`,
    `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
    `http://autoconfig.${domain}/mail/config-v1.1.xml`,
    ...(central ? [`${CENTRAL_DATABASE}${domain}`] : []),
  ];
  const sources = await Promise.all(urls.map((url) => askOne(url, address, domain, net)));
  return { sources, lookups: [] };
}

async function askOne(url: string, address: string, domain: string, net: Net): Promise<SourceEvidence> {
  const answer = await net.http({ url, maxBytes: 1_048_576, redirects: 5, within: [domain, new URL(url).hostname] });
  const where = shown(url);
  if (answer.outcome !== 'ok' || answer.status !== 200)
    return saidNothing(
      'autoconfig',
      where,
      httpOutcome(answer),
      answer.ms,
      answer.detail ?? (answer.status ? `HTTP ${answer.status}` : undefined),
    );
  const read = readAutoconfig(textOf(answer), address);
  if ('fault' in read) return saidNothing('autoconfig', where, 'malformed', answer.ms, read.fault);
  const hops = answer.hops.length > 1 ? `→ ${answer.hops.slice(1).map(shown).join(' → ')}` : undefined;
  return found('autoconfig', where, read.offers, answer.authenticated, answer.ms, hops);
}

/** Without the query: the address says nothing to the reader of the report. */
const shown = (url: string) => url.replace(/\?.*$/s, '');

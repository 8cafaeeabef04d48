/** Microsoft Autodiscover, v2 JSON and v1 POX, on the domain's own hosts only and never with credentials (Guardicore 2021; S-136). */
import type { SourceEvidence } from '../model/evidence.ts';
import type { Net } from '../model/net.ts';
import { readPox } from '../wire/autoconfig.ts';
import { type Asked, found, httpOutcome, saidNothing, textOf } from './sources.ts';

const POX = (address: string) =>
  `<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><EMailAddress>${address
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(
      />/g,
      '&gt;',
    )}</EMailAddress><AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>`;

export async function askAutodiscover(address: string, net: Net): Promise<Asked> {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const sources = await Promise.all([
    json(
      `https://autodiscover.${domain}/autodiscover/autodiscover.json?Email=${encodeURIComponent(address)}&Protocol=AutodiscoverV1`,
      domain,
      net,
    ),
    pox(`https://autodiscover.${domain}/autodiscover/autodiscover.xml`, address, domain, net),
    pox(`https://${domain}/autodiscover/autodiscover.xml`, address, domain, net),
  ]);
  return { sources, lookups: [] };
}

async function pox(url: string, address: string, domain: string, net: Net): Promise<SourceEvidence> {
  const answer = await net.http({
    url,
    method: 'POST',
    body: POX(address),
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    maxBytes: 1_048_576,
    redirects: 3,
    within: [domain],
  });
  if (answer.outcome !== 'ok' || answer.status !== 200)
    return saidNothing(
      'autodiscover',
      url,
      httpOutcome(answer),
      answer.ms,
      answer.detail ?? (answer.status ? `HTTP ${answer.status}` : undefined),
    );
  const read = readPox(textOf(answer));
  if ('fault' in read) return saidNothing('autodiscover', url, 'malformed', answer.ms, read.fault);
  return found(
    'autodiscover',
    url,
    read.offers,
    answer.authenticated,
    answer.ms,
    read.redirect ? `redirect ${read.redirect}` : undefined,
  );
}

/** v2 only names the URL of another service: it is told, not followed out of the domain. */
async function json(url: string, domain: string, net: Net): Promise<SourceEvidence> {
  const where = url.replace(/\?.*$/s, '');
  const answer = await net.http({ url, maxBytes: 65_536, redirects: 3, within: [domain] });
  if (answer.outcome !== 'ok' || answer.status !== 200)
    return saidNothing(
      'autodiscover',
      where,
      httpOutcome(answer),
      answer.ms,
      answer.detail ?? (answer.status ? `HTTP ${answer.status}` : undefined),
    );
  try {
    const parsed: unknown = JSON.parse(textOf(answer));
    const target = typeof parsed === 'object' && parsed !== null && 'Url' in parsed ? String(parsed.Url).slice(0, 300) : '';
    return saidNothing('autodiscover', where, 'nothing', answer.ms, target === '' ? undefined : `names ${target}`);
  } catch {
    return saidNothing('autodiscover', where, 'malformed', answer.ms, 'not JSON');
  }
}

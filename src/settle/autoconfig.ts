/**
 * Mozilla autoconfig: the domain's own files, HTTPS first, then plain HTTP (told as unauthenticated), then the central database.
 * Redirects may lead to another domain, as web hosts do it, over HTTPS with a certificate that fits; every hop is shown (S-132).
 */
import type { SourceEvidence } from '../model/evidence.ts';
import type { Net } from '../model/net.ts';
import { readAutoconfig } from '../wire/autoconfig.ts';
import { type Asked, found, httpNothing, note, redirects, saidNothing, textOf, withoutQuery } from './sources.ts';

export const CENTRAL_DATABASE = 'https://autoconfig.thunderbird.net/v1.1/';
/** An autoconfig file, and redirects on the way to it. */
const MAX_BYTES = 1_048_576;
const MAX_REDIRECTS = 5;

/** @param central whether to ask the central database too (only the domain is sent). */
export async function askAutoconfig(address: string, net: Net, central: boolean): Promise<Asked> {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const query = `?emailaddress=${encodeURIComponent(address)}`;
  const urls = [
    `https://autoconfig.${domain}/mail/config-v1.1.xml${query}`,
    `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
    // Nobody but the domain's own server is to learn the address: over plain HTTP it is left out.
    `http://autoconfig.${domain}/mail/config-v1.1.xml`,
    `http://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
    ...(central ? [`${CENTRAL_DATABASE}${domain}`] : []),
  ];
  return { sources: await Promise.all(urls.map((url) => askOne(url, address, net))), lookups: [] };
}

/** The central database under the name of the company that the MX belongs to, as Thunderbird does where a domain has no entry. */
export async function askCentral(mxDomain: string, address: string, net: Net): Promise<Asked> {
  return { sources: [await askOne(`${CENTRAL_DATABASE}${mxDomain}`, address, net)], lookups: [] };
}

async function askOne(url: string, address: string, net: Net): Promise<SourceEvidence> {
  const answer = await net.http({ url, maxBytes: MAX_BYTES, redirects: MAX_REDIRECTS });
  const where = withoutQuery(url);
  if (answer.outcome !== 'ok' || answer.status !== 200) return httpNothing('autoconfig', where, answer);
  const read = readAutoconfig(textOf(answer), address);
  const notes = [...redirects(answer), ...(answer.authenticated ? [] : [note('plain-http')])];
  if ('fault' in read)
    return saidNothing('autoconfig', where, 'malformed', answer.ms, { detail: read.fault, notes: redirects(answer) });
  return found('autoconfig', where, read.offers, answer.authenticated, answer.ms, { notes });
}

/**
 * Microsoft Autodiscover, v2 JSON and v1 POX, on the domain's own hosts only and never with credentials. It never backs off to the
 * domain above: what answers at `autodiscover.TLD` collected other people's passwords (Guardicore 2021; S-136).
 */
import type { SourceEvidence } from '../model/evidence.ts';
import type { Net } from '../model/net.ts';
import { readPox } from '../wire/autoconfig.ts';
import { type Asked, asSetting, found, httpNothing, note, saidNothing, textOf, withoutQuery } from './sources.ts';
import { readSrv } from './srv.ts';

const MAX_BYTES = 1_048_576;
const MAX_REDIRECTS = 3;

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

const POX = (address: string) =>
  '<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">' +
  `<Request><EMailAddress>${escaped(address)}</EMailAddress><AcceptableResponseSchema>` +
  'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>';

/** @param isSuffix true where the domain is a public suffix: its hosts belong to somebody else, so none is asked. */
export async function askAutodiscover(address: string, net: Net, isSuffix: boolean): Promise<Asked> {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const own = `autodiscover.${domain}`;
  if (isSuffix)
    return { sources: [saidNothing('autodiscover', own, 'blocked', 0, { notes: [note('public-suffix')] })], lookups: [] };
  const [v2, v1, bare, srv] = await Promise.all([
    json(
      `https://${own}/autodiscover/autodiscover.json?Email=${encodeURIComponent(address)}&Protocol=AutodiscoverV1&RedirectCount=1`,
      address,
      domain,
      net,
    ),
    pox(`https://${own}/autodiscover/autodiscover.xml`, address, domain, net),
    pox(`https://${domain}/autodiscover/autodiscover.xml`, address, domain, net),
    net.lookup(`_autodiscover._tcp.${domain}`, 'SRV'),
  ]);
  const target = srv.outcome === 'answer' ? readSrv(srv.records)[0]?.target : undefined;
  // The record is unsigned and may name anybody: it is told, never followed.
  const said =
    target === undefined
      ? []
      : [
          saidNothing('autodiscover', srv.host, 'nothing', srv.ms, {
            notes: [note('redirect-told', target)],
            authenticated: srv.dnssec === true,
          }),
        ];
  return { sources: [v2, v1, bare, ...said], lookups: [asSetting(srv)] };
}

async function pox(url: string, address: string, domain: string, net: Net, followed = 0): Promise<SourceEvidence> {
  const answer = await net.http({
    url,
    method: 'POST',
    body: POX(address),
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    maxBytes: MAX_BYTES,
    redirects: MAX_REDIRECTS,
    within: [domain],
  });
  if (answer.outcome !== 'ok' || answer.status !== 200) return httpNothing('autodiscover', url, answer);
  const read = readPox(textOf(answer));
  if ('fault' in read) return saidNothing('autodiscover', url, 'malformed', answer.ms, { detail: read.fault });
  const next = read.redirect;
  if (read.offers.length === 0 && next !== undefined && followed === 0 && isOwnUrl(next, domain) && next !== url) {
    const there = await pox(next, address, domain, net, 1);
    return {
      ...there,
      where: url,
      notes: [note('redirected', withoutQuery(next)), ...(there.notes ?? [])],
      ms: there.ms + answer.ms,
    };
  }
  return found('autodiscover', url, read.offers, answer.authenticated, answer.ms, {
    notes: next === undefined ? [] : [note('redirect-told', next)],
  });
}

/** v2 only names the URL of the next service: it is asked where it is the domain's own, else told. */
async function json(url: string, address: string, domain: string, net: Net): Promise<SourceEvidence> {
  const where = withoutQuery(url);
  const answer = await net.http({ url, maxBytes: 65_536, redirects: MAX_REDIRECTS, within: [domain] });
  if (answer.outcome !== 'ok' || answer.status !== 200) return httpNothing('autodiscover', where, answer);
  const next = urlIn(textOf(answer));
  if (next === undefined) return saidNothing('autodiscover', where, 'malformed', answer.ms, { detail: 'no JSON with a Url' });
  if (!isOwnUrl(next, domain))
    return saidNothing('autodiscover', where, 'nothing', answer.ms, {
      notes: [note('redirect-told', next)],
      authenticated: answer.authenticated,
    });
  const there = await pox(next, address, domain, net, 1);
  return { ...there, where, notes: [note('redirected', withoutQuery(next)), ...(there.notes ?? [])], ms: there.ms + answer.ms };
}

function urlIn(text: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && 'Url' in parsed && typeof parsed.Url === 'string'
      ? parsed.Url.slice(0, 300)
      : undefined;
  } catch {
    return undefined;
  }
}

function isOwnUrl(text: string, domain: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (
    url.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    url.port === '' &&
    (url.hostname === domain || url.hostname.endsWith(`.${domain}`))
  );
}

/** Mozilla autoconfig files (config-v1.1.xml) and Microsoft Autodiscover answers (POX, JSON) → what they offer. Pure. */
import type { Protocol, Security } from '../model/terms.ts';
import { child, findAll, readXml } from './xml.ts';

export interface Offered {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  readonly security: Security;
  readonly user?: string;
}

const PROTOCOLS: Readonly<Record<string, Protocol>> = { pop3: 'pop3', imap: 'imap', smtp: 'smtp' };
const SOCKETS: Readonly<Record<string, Security>> = { ssl: 'tls', tls: 'tls', starttls: 'starttls', plain: 'none' };

const hostLike = (host: string) => /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i.test(host);

/** Fills %EMAILADDRESS% and its kin once; what stands in the address is data and never expanded again (S-141). */
function fill(template: string, address: string): string {
  const at = address.lastIndexOf('@');
  const values: Readonly<Record<string, string>> = {
    EMAILADDRESS: address,
    EMAILLOCALPART: address.slice(0, at),
    EMAILDOMAIN: address.slice(at + 1),
  };
  return template.replace(/%(EMAILADDRESS|EMAILLOCALPART|EMAILDOMAIN)%/g, (_all, name: string) => values[name] ?? '');
}

/** @returns the servers, encrypted ones first (S-143), or why the file is refused. */
export function readAutoconfig(
  source: string,
  address: string,
): { readonly offers: readonly Offered[] } | { readonly fault: string } {
  const read = readXml(source);
  if ('fault' in read) return read;
  if (read.root.name !== 'clientconfig') return { fault: 'not an autoconfig file' };
  const offers: Offered[] = [];
  for (const name of ['incomingserver', 'outgoingserver']) {
    for (const s of findAll(read.root, name).slice(0, 20)) {
      const protocol = PROTOCOLS[s.attributes.type?.toLowerCase() ?? ''];
      const security = SOCKETS[child(s, 'sockettype')?.toLowerCase() ?? ''];
      const host = fill(child(s, 'hostname') ?? '', address).toLowerCase();
      const port = Number(child(s, 'port'));
      if (!protocol || !security || !hostLike(host) || !Number.isInteger(port) || port < 1 || port > 65_535) continue;
      const user = fill(child(s, 'username') ?? '', address);
      offers.push({
        protocol,
        host,
        port,
        security,
        ...(user !== '' && user.length <= 320 && !/[\r\n\0]/.test(user) ? { user } : {}),
      });
    }
  }
  const order: readonly Security[] = ['tls', 'starttls', 'none'];
  return { offers: offers.toSorted((a, b) => order.indexOf(a.security) - order.indexOf(b.security)) };
}

/** @returns the servers of an Autodiscover POX answer; redirections (RedirectAddr, RedirectUrl) are never followed, only told. */
export function readPox(
  source: string,
): { readonly offers: readonly Offered[]; readonly redirect?: string } | { readonly fault: string } {
  const read = readXml(source);
  if ('fault' in read) return read;
  const offers: Offered[] = [];
  for (const p of findAll(read.root, 'protocol').slice(0, 20)) {
    const protocol = PROTOCOLS[child(p, 'type')?.toLowerCase() ?? ''];
    const host = child(p, 'server')?.toLowerCase() ?? '';
    const port = Number(child(p, 'port'));
    if (!protocol || !hostLike(host) || !Number.isInteger(port) || port < 1 || port > 65_535) continue;
    const encryption = child(p, 'encryption')?.toLowerCase();
    const ssl = child(p, 'ssl')?.toLowerCase();
    // SSL is on where nothing is said ([MS-OXDSCLI] 2.2.4.1.1.2.6); on these ports it begins with STARTTLS.
    const upgraded = encryption === 'tls' || (encryption !== 'ssl' && [25, 110, 143, 587, 2525].includes(port));
    const off = encryption === 'none' || (encryption === undefined && ssl === 'off');
    const security: Security = off ? 'none' : upgraded ? 'starttls' : 'tls';
    const user = child(p, 'loginname');
    offers.push({ protocol, host, port, security, ...(user && user.length <= 320 && !/[\r\n\0]/.test(user) ? { user } : {}) });
  }
  const redirect = findAll(read.root, 'redirectaddr')[0]?.text ?? findAll(read.root, 'redirecturl')[0]?.text;
  return { offers, ...(redirect ? { redirect: redirect.slice(0, 300) } : {}) };
}

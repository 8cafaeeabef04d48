/** What the lab's DNS server says: every name lives on loopback and gets its mail there, but for the fault of the scenario. */
import { isIP } from 'node:net';
import type { Serve } from '../model/cause.ts';
import type { DnsAnswer, DnsType, Zone } from './dns.ts';

const found = (...records: Exclude<DnsAnswer, 'silence'>['records']): DnsAnswer => ({ code: 'NOERROR', records });
const NOTHING = found();
const NXDOMAIN: DnsAnswer = { code: 'NXDOMAIN', records: [] };

/** Names under which services are published: nobody publishes any here, so that nothing but the account's own server is asked. */
const PUBLISHED = /^(_|autoconfig\.|autodiscover\.|mta-sts\.|pop\.|imap\.|smtp\.)/;

/**
 * @param told the host that the client is told to use, lower case.
 * @param address the mail address that it is told.
 * @param listen where the server listens.
 */
export function zoneOf(faults: Serve, told: string, address: string, listen: '127.0.0.1' | '::1'): Zone {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  const family = listen === '::1' ? 'AAAA' : 'A';
  const under = (name: string, parent: string) => name === parent || name.endsWith(`.${parent}`);
  /** The name that does not exist: the host, or the domain of the address where no host was given. */
  const misspelled = faults.client?.host === undefined && faults.client?.address !== undefined ? domain : told;

  function healthy(name: string, type: DnsType): DnsAnswer {
    if (name !== told && PUBLISHED.test(name) && faults.dns !== 'near-name') return NXDOMAIN;
    if (type === family) return found({ type: family, address: listen });
    if (name === told && faults.tcp === 'first-address-dead' && (type === 'A' || type === 'AAAA')) {
      return found({ type, address: listen === '::1' ? '127.0.0.1' : '::1' });
    }
    return type === 'MX' ? found({ type, preference: 10, host: `mx.${name}` }) : NOTHING;
  }

  return (name, type) => {
    switch (faults.dns) {
      case 'timeout':
        return 'silence';
      case 'servfail':
        return { code: 'SERVFAIL', records: [] };
      case 'refused':
        return { code: 'REFUSED', records: [] };
      case 'nxdomain':
        return under(name, told) ? NXDOMAIN : healthy(name, type);
      case 'near-name':
        return under(name, misspelled) ? NXDOMAIN : healthy(name, type);
      case 'no-data':
        return name === told ? NOTHING : healthy(name, type);
      case 'sinkhole':
        if (name !== told || isIP(told) !== 0) return healthy(name, type);
        return type === 'A' ? found({ type, address: '0.0.0.0' }) : NOTHING;
      default:
        return healthy(name, type);
    }
  };
}

/** The host that a misspelled one most likely meant, by the domain of the account. */
import { distance } from './near.ts';

/** @returns `host` with its domain put right, where that is `domain` but for one or two letters: `imap.exmaple.com` for example.com. */
export function meantHost(host: string, domain: string): string | undefined {
  const labels = host.split('.');
  const size = domain.split('.').length;
  if (labels.length < size) return undefined;
  const own = labels.slice(-size).join('.');
  if (own === domain) return undefined;
  const far = distance(own, domain, 2);
  if (far > 2 || far > Math.floor(domain.length / 4)) return undefined;
  return [...labels.slice(0, -size), domain].join('.');
}

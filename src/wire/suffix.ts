/** Where one owner's part of the name space ends: the public suffix list (RFC 8499 §2, publicsuffix.org), private suffixes counted. */
import { parse } from 'tldts';

export interface Place {
  /** `co.uk` of `mail.example.co.uk`. */
  readonly suffix: string;
  /** False where the list does not know the suffix: `con`, `test`. */
  readonly listed: boolean;
  /** `example` of `mail.example.co.uk`; empty for a suffix itself. */
  readonly label: string;
  /** `example.co.uk`: what one owner has; undefined for a suffix itself and for an IP address. */
  readonly registrable: string | undefined;
}

/** @param host in ASCII form. */
export function placeOf(host: string): Place {
  const p = parse(host, { allowPrivateDomains: true, validateHostname: false });
  return {
    suffix: p.publicSuffix ?? '',
    listed: p.isIcann === true || p.isPrivate === true,
    label: p.domainWithoutSuffix ?? '',
    registrable: p.domain ?? undefined,
  };
}

/** @returns true where both names belong to one owner. */
export function sameOwner(a: string, b: string): boolean {
  const [x, y] = [placeOf(a).registrable, placeOf(b).registrable];
  return x !== undefined && x === y;
}

/** The domain that a misspelled one most likely meant, label by label, so that `abc.com` is never taken for `aol.com` (public suffix list). */
import { placeOf } from '../wire/suffix.ts';
import { distance } from './near.ts';

/** Slips that a name of this length may have: none in a short one, where every neighbour is somebody else. */
const slips = (label: string) => (label.length < 4 ? 0 : label.length < 7 ? 1 : 2);

/**
 * @param known domains that are known to have mail.
 * @returns the nearest; undefined where none is near or two are equally near.
 */
export function meantDomain(domain: string, known: Iterable<string>): string | undefined {
  const typed = placeOf(domain);
  if (typed.registrable === undefined) return undefined;
  let least = Number.POSITIVE_INFINITY;
  let found: string[] = [];
  for (const candidate of known) {
    if (Math.abs(candidate.length - typed.registrable.length) > 3 || candidate === typed.registrable) continue;
    const far = farness(typed, placeOf(candidate), candidate);
    if (far === undefined || far > least) continue;
    if (far < least) found = [];
    least = far;
    found.push(candidate);
  }
  if (found.length <= 1) return found[0];
  const alike = found.filter((f) => f.length === typed.registrable?.length && f[0] === typed.registrable[0]);
  return alike.length === 1 ? alike[0] : undefined;
}

function farness(typed: ReturnType<typeof placeOf>, to: ReturnType<typeof placeOf>, candidate: string): number | undefined {
  if (to.registrable !== candidate) return undefined;
  // A dot too few or too many: `gmailcom`, `yahoo.co.uk` without its dot.
  const label = distance(typed.label, to.label, 2);
  const suffix = distance(typed.suffix, to.suffix, 2);
  const labelFits = label <= slips(typed.label) && label <= slips(to.label);
  if (suffix === 0) return labelFits ? label : undefined;
  // A suffix that exists is rarely a slip, unless but one letter is missing (`co` for `com`).
  const suffixFits = typed.listed ? suffix === 1 && typed.suffix.length < to.suffix.length : suffix <= 2;
  if (!suffixFits) return undefined;
  if (label === 0) return suffix;
  return labelFits && label === 1 && suffix === 1 ? 2 : undefined;
}

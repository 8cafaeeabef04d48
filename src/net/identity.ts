/** The names of the leaf against the host (RFC 9525), and the certificate that is served where no server name was sent. */
import { type Certificate, titleOf } from '../wire/certificate.ts';
import { identify } from '../wire/identity.ts';
import { COMMON_NAME, showName, valuesOf } from '../wire/names.ts';
import type { Fault } from './faults.ts';

const SHOWN = 10;

/** @returns at most one fault of identity, and that of a missing server name (Google's servers name it in the subject). */
export function identityFaults(leaf: Certificate, host: string): readonly Fault[] {
  const step = { certificate: leaf, depth: 0 };
  const identity = identify(leaf, host);
  if (identity.matches) return [];
  const names = leaf.extensions.names ?? [];
  const shown = names.slice(0, SHOWN).map(showName).join(', ');
  const list = names.length === 0 ? 'no alternative names' : names.length > SHOWN ? `${shown} … (${names.length} names)` : shown;
  const cn = valuesOf(leaf.subject, COMMON_NAME).at(-1);
  const near = identity.presented === undefined ? '' : ` ${identity.presented}: ${identity.reason};`;
  const common =
    identity.problem === 'identity-differs' && names.length === 0 && cn !== undefined ? `, CN=${cn.slice(0, 200)}` : '';
  const faults: Fault[] = [
    {
      problem: identity.problem ?? 'identity-differs',
      step,
      detail: `${host} is not among the names;${near} the certificate has ${list}${common}`,
      fatal: true,
    },
  ];
  if (/no sni provided|\binvalid2\.invalid\b/i.test(leaf.subject.text)) {
    faults.push({ problem: 'server-name-missing', step, detail: titleOf(leaf), fatal: true });
  }
  return faults;
}

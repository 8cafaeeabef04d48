/**
 * What is wrong with a certification path, rule by rule (RFC 5280 §6.1): OpenSSL names one fault at most and hides some behind
 * `UNSPECIFIED`. `fatal` are the rules that OpenSSL enforces; the others it lets pass.
 */
import type { CertificateProblem } from '../model/evidence.ts';
import { type Certificate, isoSeconds, unknownCritical } from '../wire/certificate.ts';
import { breachOf, comparisons, wildcardBreach } from '../wire/constraints.ts';
import { EXTENSION, extensionName } from '../wire/extensions.ts';
import { COMMON_NAME, type GeneralName, showName, valuesOf } from '../wire/names.ts';
import { isRoot, keyIdFits, type Path, type Step, signs } from './path.ts';

export interface Fault {
  readonly problem: CertificateProblem;
  readonly step?: Step;
  readonly detail: string;
  readonly fatal: boolean;
  readonly remark?: true;
}

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
/** Server Gated Cryptography of Microsoft and Netscape, which OpenSSL still takes for serverAuth. */
const GATED = ['1.3.6.1.4.1.311.10.3.3', '2.16.840.1.113730.4.1'];
const ANY_PURPOSE = '2.5.29.37.0';
const PURPOSES: Readonly<Record<string, string>> = {
  [SERVER_AUTH]: 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
  [ANY_PURPOSE]: 'anyExtendedKeyUsage',
};
/** Preferred name syntax (RFC 1034 §3.5, RFC 1123 §2.1), a wildcard in front. */
const HOST_NAME = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
/** A common name that is meant as a host or an address. */
const PLACE = /^[^\s@]+\.[^\s@.]+$|^[\da-f:]*:[\da-f:.]*$/i;
const isNamed = (names: readonly GeneralName[] = [], text: string) =>
  names.some((n) => n.value.toLowerCase() === text.toLowerCase());
const USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];
const CERT_SIGN = 5;
export const EMPTY_ISSUER = 'the issuer name is empty';
const WEAK_DIGESTS: ReadonlySet<string> = new Set(['md2', 'md4', 'md5', 'sha1']);
const DAY = 86_400_000;
/** A certificate that expires within this is announced; the moment of exactly thirty days is in. */
export const SOON_DAYS = 30;

/** leaf, intermediate or root: people mend each in another place. */
export const roleOf = (path: Path, index: number): string =>
  index === 0
    ? 'leaf'
    : index === path.steps.length - 1 && path.end !== 'missing' && path.end !== 'loop'
      ? 'root'
      : 'intermediate';

/** Comparisons of names with name constraints over a whole path: a second's work at most. */
const MAX_COMPARISONS = 2 ** 21;

/**
 * @param accepted OpenSSL took the chain, so that its name constraints hold and only its oversights are of interest.
 * @returns every fault along the path but its end, leaf first.
 */
export function faultsOf(path: Path, now: Date, accepted = false): readonly Fault[] {
  const faults: Fault[] = [];
  let complex = false;
  let compared = 0;
  path.steps.forEach((step, i) => {
    const add = (problem: CertificateProblem, detail: string, fatal = true) => faults.push({ problem, step, detail, fatal });
    const remark = (detail: string) => faults.push({ problem: 'malformed', step, detail, fatal: false, remark: true });
    const c = step.certificate;
    const above = path.steps[i + 1];
    const top = above === undefined && path.end === 'anchor';
    for (const fault of new Set(c.faults)) add('malformed', fault);
    if (c.issuer.canonical.length === 0) add('malformed', EMPTY_ISSUER);
    if (i > 0 && c.subject.canonical.length === 0) add('malformed', 'the subject name of this authority is empty');
    for (const oid of unknownCritical(c.extensions)) {
      add('critical-extension', `unhandled critical extension: ${extensionName(oid)}`);
    }
    if (c.version < 3 && !(top && i > 0))
      add('malformed', `certificate of version ${c.version}, which knows no extensions`, false);
    for (const fault of validity(c, now, roleOf(path, i), i)) faults.push({ ...fault, step });
    for (const [problem, detail, fatal, minor] of strength(c, top || isRoot(c))) {
      faults.push({ problem, step, detail, fatal, ...(minor ? { remark: true } : {}) });
    }
    if (above && !signs(above.certificate, c))
      add('bad-signature', `the key of ${above.certificate.subject.text} did not make its signature`);
    for (const detail of purpose(c, i === 0)) add('wrong-purpose', detail);
    if (c.extensions.ids.includes(EXTENSION.proxy)) add('path', 'a proxy certificate (RFC 3820), which no mail program accepts');
    if (i > 0) for (const detail of authority(path.steps, i, top)) add('path', detail);
    else if (c.extensions.basic?.ca && !c.selfSigned) {
      add('wrong-purpose', 'the certificate of the server is that of an authority (basicConstraints CA:TRUE)', false);
    }
    if (!complex && !(i > 0 && c.selfIssued)) {
      for (const upper of path.steps.slice(i + 1)) {
        compared += comparisons(c, upper.certificate);
        if (compared > MAX_COMPARISONS && i > 0) break;
        const breach = accepted ? wildcardBreach(c, upper.certificate) : breachOf(c, upper.certificate, i === 0);
        if (!breach) continue;
        complex = breach.kind === 'too-complex';
        add(breach.kind, `${breach.detail}, constrained by ${upper.certificate.subject.text}`, !breach.tolerated);
        break;
      }
    }
    // Public roots are their keepers' business; one that was handed over can be made anew.
    const own = step.anchor === undefined ? !c.selfSigned : i > 0 && step.anchor.sources.has('ca-file');
    if (own) for (const detail of profile(c, i === 0)) remark(detail);
  });
  return faults;
}

/** Dates as OpenSSL reads them, to the second: valid from `notBefore` on, and expired at `notAfter` itself. */
export function validity(c: Certificate, now: Date, role: string, index: number): readonly Fault[] {
  const time = Math.floor(now.getTime() / 1000) * 1000;
  const missed: Fault[] = [];
  if (c.notBefore > time) {
    const detail = `${role} valid from ${isoSeconds(c.notBefore)}, now ${isoSeconds(time)}`;
    missed.push({ problem: 'not-yet-valid', detail, fatal: true });
  }
  if (c.notAfter <= time) {
    const days = Math.floor((time - c.notAfter) / DAY);
    missed.push({
      problem: 'expired',
      detail: `${role} expired ${isoSeconds(c.notAfter)}, ${count(days, 'day')} ago`,
      fatal: true,
    });
  }
  const soon = c.notAfter - now.getTime() <= SOON_DAYS * DAY && !(role === 'root' && index > 0);
  if (missed.length > 0 || !soon) return missed;
  const left = Math.floor((c.notAfter - now.getTime()) / DAY);
  return [
    { problem: 'expires-soon', detail: `${role} expires ${isoSeconds(c.notAfter)}, in ${count(left, 'day')}`, fatal: false },
  ];
}

export const count = (n: number, unit: string): string => `${n} ${unit}${n === 1 ? '' : 's'}`;

/** Keys under 112 bits and digests that can be forged (RFC 9325 §4.1); OpenSSL refuses only the weakest at its default level. */
function strength(
  c: Certificate,
  root: boolean,
): readonly (readonly [CertificateProblem, string, fatal: boolean, minor?: boolean])[] {
  const out: (readonly [CertificateProblem, string, boolean, boolean?])[] = [];
  const { type, bits = 0, curve, exponent, object } = c.key;
  if (!object && c.x509) out.push(['malformed', `the public key cannot be used (${type})`, true]);
  if (type.startsWith('RSA') && object) {
    if (bits < 2048) out.push(['weak-key', `${type} key of ${bits} bits`, bits < 1024]);
    else if (bits % 8 !== 0) out.push(['weak-key', `${type} key of ${bits} bits, not a multiple of 8`, false, true]);
    if (exponent !== undefined && (exponent < 3n || exponent % 2n === 0n)) {
      out.push(['weak-key', `RSA public exponent ${exponent}`, false]);
    }
  }
  if (type === 'DSA') out.push(['weak-key', `DSA key${bits ? ` of ${bits} bits` : ''}`, bits > 0 && bits < 1024]);
  if (type === 'EC' && bits > 0 && bits < 224)
    out.push(['weak-key', `EC key on ${curve ?? 'a curve'} of ${bits} bits`, bits < 160]);
  if (!root && c.digest && WEAK_DIGESTS.has(c.digest)) out.push(['weak-signature', `signed with ${c.signature}`, true]);
  return out;
}

function purpose(c: Certificate, leaf: boolean): readonly string[] {
  const out: string[] = [];
  const { purposes, usage, netscapeType } = c.extensions;
  if (purposes && !purposes.some((p) => p === SERVER_AUTH || GATED.includes(p))) {
    const list = purposes.map((p) => PURPOSES[p] ?? p).join(', ');
    out.push(`extended key usage is ${list || 'empty'}, serverAuth is not in it`);
  }
  if (leaf && usage && usage.length > 0 && ![0, 2, 4].some((bit) => usage.includes(bit))) {
    out.push(`key usage is ${usage.map((bit) => USAGES[bit] ?? bit).join(', ')}, which cannot secure a TLS server`);
  }
  if (leaf && netscapeType && !netscapeType.includes(1)) out.push('the Netscape certificate type is not that of an SSL server');
  return out;
}

/** May this certificate issue the ones below it (RFC 5280 §4.2.1.3, §4.2.1.9)? */
function authority(steps: readonly Step[], i: number, top: boolean): readonly string[] {
  const out: string[] = [];
  const c = steps[i]?.certificate;
  if (!c) return out;
  const { basic, usage } = c.extensions;
  const oldRoot = top && c.selfIssued && (c.version === 1 || (usage?.includes(CERT_SIGN) ?? false));
  if (basic?.ca === false) out.push('the CA bit is not set (basicConstraints CA:FALSE)');
  else if (!basic && !oldRoot) out.push('no basic constraints, so it may not issue certificates');
  if (usage && usage.length > 0 && !usage.includes(CERT_SIGN)) out.push('key usage does not include certificate signing');
  const below = steps.slice(1, i).filter((s) => !s.certificate.selfIssued).length;
  if (basic?.pathLength !== undefined && below > basic.pathLength) {
    out.push(`path length constraint exceeded: ${basic.pathLength} allowed, ${below} intermediate certificates below`);
  }
  return out;
}

/** Breaks with the profile of RFC 5280 that most clients overlook, and what some ask beyond it; worth a remark to whoever runs the authority. */
function profile(c: Certificate, leaf: boolean): readonly string[] {
  const out: string[] = [];
  const e = c.extensions;
  const serial = Buffer.from(c.serial, 'hex');
  const critical = (oid: string) => e.critical.includes(oid);
  if (serial.every((b) => b === 0)) out.push('the serial number is zero');
  else if (((serial[0] ?? 0) & 0x80) !== 0) out.push('the serial number is negative');
  if (serial.length > 20) out.push('the serial number is longer than 20 octets');
  if (c.version >= 3 && !e.authority?.key && (!c.selfIssued || e.authority)) out.push('no authority key identifier');
  if (!leaf && c.version >= 3 && e.subjectKey === undefined) out.push('no subject key identifier');
  if (critical(EXTENSION.subjectKey)) out.push('the subject key identifier is marked critical');
  if (e.constraints && !critical(EXTENSION.constraints)) out.push('the name constraints are not marked critical');
  if (e.constraints && e.constraints.permitted.length + e.constraints.excluded.length === 0) {
    out.push('the name constraints are empty');
  }
  if (
    e.constraints?.permitted.concat(e.constraints.excluded).some(({ base }) => base.type === 'dns' && base.value.startsWith('.'))
  ) {
    out.push('a name constraint begins with a dot, which DNS names must not');
  }
  if (e.constraints && leaf) out.push('name constraints stand in a certificate that is no authority');
  if (!leaf && c.version >= 3 && !e.basic) out.push('no basic constraints');
  if (e.basic?.ca && !critical(EXTENSION.basic)) out.push('the basic constraints are not marked critical');
  if (leaf && !e.basic?.ca && e.usage?.includes(CERT_SIGN))
    out.push('key usage allows certificate signing, but it is no authority');
  if (leaf && c.version >= 3 && !e.purposes) out.push("no extended key usage: Apple's programs demand serverAuth");
  if (leaf && e.purposes?.includes(ANY_PURPOSE)) out.push('anyExtendedKeyUsage stands beside serverAuth');
  if (e.ids.includes(EXTENSION.policyConstraints) && !critical(EXTENSION.policyConstraints)) {
    out.push('the policy constraints are not marked critical');
  }
  if (leaf && e.names && critical(EXTENSION.names) !== (c.subject.canonical.length === 0)) {
    out.push('the alternative names must be critical where the subject is empty, and only there');
  }
  const odd = e.names?.find((n) => n.type === 'dns' && !HOST_NAME.test(n.value));
  if (odd) out.push(`${showName(odd)} is no host name`);
  const spare =
    leaf && e.names ? valuesOf(c.subject, COMMON_NAME).find((cn) => PLACE.test(cn) && !isNamed(e.names, cn)) : undefined;
  if (spare !== undefined)
    out.push(`the common name ${spare.slice(0, 200)} is not among the alternative names, and counts nowhere`);
  return out;
}

/** @returns why a self-issued certificate is not taken for self-signed. */
export function rootFault(c: Certificate): string | undefined {
  if (!c.selfIssued || isRoot(c)) return undefined;
  return keyIdFits(c, c)
    ? 'issuer and subject are the same, but the key cannot have made the signature'
    : 'issuer and subject are the same, but the authority key identifier names another certificate';
}

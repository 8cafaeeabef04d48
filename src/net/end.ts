/** Where a certification path ends without an anchor, and what is likeliest behind it (RFC 5280 §6.1, RFC 4158 §2). */
import type { CertificateProblem } from '../model/evidence.ts';
import { type Certificate, titleOf } from '../wire/certificate.ts';
import { COMMON_NAME, ORGANIZATION, sameName, valuesOf } from '../wire/names.ts';
import { EMPTY_ISSUER, type Fault, rootFault } from './faults.ts';
import { isRoot, mayIssue, type Path, type Step, signs } from './path.ts';
import type { Anchors } from './trust.ts';

export interface EndFault extends Fault {
  readonly alternative?: CertificateProblem;
}

/** Public authorities by the organisation in their intermediates; the names of Node's own roots are added to these. */
const PUBLIC =
  /let's encrypt|internet security research group|digicert|sectigo|comodo ca|usertrust|globalsign|godaddy|go daddy|starfield|google trust services|amazon|entrust|identrust|actalis|buypass|certum|asseco|ssl\.com|ssl corp|zerossl|gandi|trustasia|wotrus|geotrust|thawte|rapidssl|verisign|symantec|quovadis|swisssign|harica|certigna|dhimyotis|telia|t-systems|d-trust|microsoft|apple|cloudflare|trustwave|network solutions|emudhra|e-tugra|firmaprofesional|camerfirma|nazwa|home\.pl|cybertrust|baltimore|hongkong post|chunghwa|taiwan-ca|twca|naver|secom|certsign|izenpe|gts |vnpt|viettel|bkav|\bg[et]ant\b|terena/i;

/** @returns the fault at the end of the path; undefined where it ends at an anchor. */
export function endFault(path: Path, sent: readonly Certificate[], anchors: Anchors): EndFault | undefined {
  const step = path.steps.at(-1);
  if (!step) return undefined;
  const c = step.certificate;
  if (path.end === 'anchor') {
    return path.steps.length === 1
      ? { problem: 'self-signed', step, detail: 'signs itself, and is among the trust anchors', fatal: false }
      : undefined;
  }
  if (path.end === 'self-signed') {
    const signed = c.selfSigned ? 'signed with its own key' : 'though its own key did not make the signature';
    return path.steps.length === 1
      ? { problem: 'self-signed', step, detail: `issuer and subject are the same, ${signed}`, fatal: true }
      : {
          problem: 'untrusted-root',
          step,
          detail: `the chain ends at ${titleOf(c)}, which is no trust anchor here`,
          fatal: true,
        };
  }
  if (path.end === 'loop') {
    const names = path.steps.slice(-4).map((s) => titleOf(s.certificate));
    return {
      problem: 'path',
      step,
      detail: `the certificates issue each other in a circle: ${names.join(' ← ')} ← …`,
      fatal: true,
    };
  }
  return missingFault(path, step, sent, anchors);
}

function missingFault(path: Path, step: Step, sent: readonly Certificate[], anchors: Anchors): EndFault {
  const c = step.certificate;
  const issuer = c.issuer.text || '(empty name)';
  const nameless = [...path.steps].reverse().find((s) => s.certificate.issuer.canonical.length === 0);
  if (nameless) return { problem: 'malformed', step: nameless, detail: EMPTY_ISSUER, fatal: true };
  const own = rootFault(c);
  if (own) return { problem: 'malformed', step, detail: own, fatal: true };
  if (step.anchor) {
    const detail = `the trust anchor is no root, and its issuer ${issuer} is not among the anchors`;
    return { problem: 'incomplete-chain', step, detail, fatal: true };
  }
  const namesake = anchors.issuersOf(c, true)[0];
  const known = namesake ? [namesake.certificate, ...sent] : sent;
  const disowned = known.find((s) => s !== c && sameName(s.subject, c.issuer) && signs(s, c));
  if (disowned && !mayIssue(disowned, c)) {
    const detail = `its authority key identifier names another certificate than ${titleOf(disowned)}, whose key signed it`;
    return { problem: 'malformed', step, detail, fatal: true };
  }
  if (namesake && !mayIssue(namesake.certificate, c)) {
    const detail = `the trust anchor named ${issuer} has another key than the one that signed it`;
    return { problem: 'untrusted-root', step, detail, fatal: true, alternative: 'bad-signature' };
  }
  const impostor = sent.find((s) => s !== c && sameName(s.subject, c.issuer) && !signs(s, c));
  if (impostor) {
    return {
      problem: 'bad-signature',
      step,
      detail: `the certificate sent as its issuer ${issuer} has another key`,
      fatal: true,
    };
  }
  return { step, fatal: true, ...likeliest(path, c, issuer, anchors) };
}

/**
 * The issuer is neither sent nor known: an intermediate that the server forgot, or a private authority. Who issues through an
 * intermediate says so with an issuer URL, a public name, or the name of an anchor; whoever signs with a private root does not.
 */
function likeliest(
  path: Path,
  c: Certificate,
  issuer: string,
  anchors: Anchors,
): { readonly problem: CertificateProblem; readonly detail: string; readonly alternative?: CertificateProblem } {
  const missing = `its issuer ${issuer} was not sent`;
  const [url] = c.extensions.issuerUrls;
  if (url !== undefined) {
    return { problem: 'incomplete-chain', detail: `${missing}; it is to be had at ${url}` };
  }
  if (isPublic(c, anchors)) return { problem: 'incomplete-chain', detail: `${missing}, and belongs to a public authority` };
  const given = anchors.of('ca-file');
  if (given.some((a) => sharesOrganization(a.certificate, c))) {
    return { problem: 'incomplete-chain', detail: `${missing}; a trust anchor of the same organisation is known` };
  }
  const cn = valuesOf(c.issuer, COMMON_NAME).join(' ').toLowerCase();
  const rootLike = /\broot\b|根/.test(cn);
  const middle = /intermediate|issuing|\bsub\b|subordinate|\bica\b|中间/.test(cn);
  const long = path.steps.length > 1 && given.length === 0;
  return !middle && (rootLike || long)
    ? { problem: 'untrusted-root', detail: `${missing}, and is no trust anchor here`, alternative: 'incomplete-chain' }
    : { problem: 'incomplete-chain', detail: `${missing}, and is not known here`, alternative: 'untrusted-root' };
}

function isPublic(c: Certificate, anchors: Anchors): boolean {
  const organizations = valuesOf(c.issuer, ORGANIZATION);
  if (organizations.some((o) => PUBLIC.test(o)) || PUBLIC.test(valuesOf(c.issuer, COMMON_NAME).join(' '))) return true;
  return organizations.length > 0 && anchors.of('node').some((a) => sharesOrganization(a.certificate, c));
}

const sharesOrganization = (anchor: Certificate, c: Certificate): boolean => {
  const own = valuesOf(c.issuer, ORGANIZATION).map((o) => o.toLowerCase());
  return isRoot(anchor) && valuesOf(anchor.subject, ORGANIZATION).some((o) => own.includes(o.toLowerCase()));
};

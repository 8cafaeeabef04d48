/**
 * The certificate examined (RFC 5280, 9525): validity, identity and trust as three facts, and every problem with its place in the
 * chain. OpenSSL decides acceptance during the handshake (`rejectUnauthorized: false`, so that it goes on); here its verdict is
 * explained, since it tells one fault and hides the others.
 */
import type { TLSSocket } from 'node:tls';
import type { CertificateEvidence, CertificateProblem, Control, ProblemEvidence } from '../model/evidence.ts';
import { type Certificate, certificateFacts, titleOf } from '../wire/certificate.ts';
import { MAX_CHAIN, MAX_PATH, orderFaults, peerChain, readOnce } from './chain.ts';
import { type EndFault, endFault } from './end.ts';
import { faultsOf } from './faults.ts';
import { identityFaults } from './identity.ts';
import { anchoredPath, type Path, platformPath, signs } from './path.ts';
import { differenceOf, foreignFault, labelOf } from './source.ts';
import { readStaple } from './staple.ts';
import type { Anchors } from './trust.ts';
import { problemOf, type Verdict, verdictOf } from './verdict.ts';

export interface ExamineInput {
  /** Reference identity, as the person gave it. */
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly socket: TLSSocket;
  readonly now: Date;
  readonly anchors: Anchors;
  /** What came by the `OCSPResponse` event. */
  readonly stapled?: Buffer | undefined;
  readonly control?: Control | undefined;
}

export interface Examination {
  readonly certificate: CertificateEvidence;
  /** What makes it fail first, then what is only remarkable. */
  readonly problems: readonly ProblemEvidence[];
  /** DER of the chain as sent, leaf first. */
  readonly sent: readonly Buffer[];
  /** DER of the path built, leaf first, the anchor included where one was reached. */
  readonly built: readonly Buffer[];
}

/** Problems of the certificates themselves, and of their names; every other mortal problem is one of trust. */
const VALIDITY: ReadonlySet<CertificateProblem> = new Set([
  'expired',
  'not-yet-valid',
  'malformed',
  'weak-key',
  'weak-signature',
  'wrong-purpose',
  'critical-extension',
  'revoked',
]);
const IDENTITY: ReadonlySet<CertificateProblem> = new Set([
  'identity-differs',
  'name-only-in-cn',
  'partial-wildcard',
  'server-name-missing',
]);

/** @returns the certificate's evidence and problems. Reads the chain off the socket once; never throws for its content. */
export function examine(input: ExamineInput): Examination {
  return judgeChain(input, peerChain(input.socket).map(readOnce), verdictOf(input.socket));
}

/** The examination without a socket: `all` is the chain as sent, leaf first, `verdict` OpenSSL's. */
export function judgeChain(input: Omit<ExamineInput, 'socket'>, all: readonly Certificate[], verdict: Verdict): Examination {
  const { now, anchors, host } = input;
  const sent = all.slice(0, MAX_CHAIN);
  const [leaf] = sent;
  const path = choosePath(sent, anchors, now, verdict);
  const faults: EndFault[] = [...pathFaults(path, sent, anchors, now, verdict)];
  if (leaf) {
    const inPath = new Set(path.steps.map((s) => s.certificate.sha256));
    faults.push(...identityFaults(leaf, host), ...orderFaults(sent, inPath, now));
    const foreign = foreignFault(path);
    if (foreign) faults.push(foreign);
  } else faults.push({ problem: 'malformed', detail: 'the server sent no certificate', fatal: true });
  const staple = leaf && readStaple(leaf, path.steps[1]?.certificate, input.stapled, now);
  faults.push(...(staple?.faults ?? []));
  const mortal = faults.filter((f) => f.fatal).map((f) => f.problem);
  const identity = leaf !== undefined && !mortal.some((p) => IDENTITY.has(p));
  const trusted = leaf !== undefined && !mortal.some((p) => !VALIDITY.has(p) && !IDENTITY.has(p));
  const difference = trusted ? differenceOf(path, sent, anchors) : undefined;
  if (difference) faults.push(difference);
  const anchor = trusted ? labelOf(path) : undefined;
  return {
    certificate: {
      kind: 'certificate',
      stage: 'certificate',
      ...(input.control ? { control: input.control } : {}),
      host,
      address: input.address,
      port: input.port,
      sent: sent.map((c) => certificateFacts(c, now)),
      built: path.steps.map((s) => titleOf(s.certificate)),
      valid: leaf !== undefined && !mortal.some((p) => VALIDITY.has(p)),
      identity,
      trusted,
      ...platformWords(verdict, identity),
      ...(anchor ? { anchor } : {}),
      ...(staple?.text === undefined ? {} : { staple: staple.text }),
      revocation: staple?.revocation ?? 'not-asked',
    },
    problems: evidenceOf(faults, input),
    sent: sent.map((c) => c.der),
    built: path.steps.map((s) => s.certificate.der),
  };
}

/** What Node itself would say, so that people find the words their program showed them. */
function platformWords({ code, message }: Verdict, identity: boolean): { readonly code?: string; readonly detail?: string } {
  if (code !== undefined) return { code, detail: message ?? code };
  if (identity) return {};
  return { code: 'ERR_TLS_CERT_ALTNAME_INVALID', detail: "Hostname/IP does not match certificate's altnames" };
}

/** OpenSSL's own path where it refused; where it accepted, one that it can have taken: anchored, signed and in date. */
function choosePath(sent: readonly Certificate[], anchors: Anchors, now: Date, { code }: Verdict): Path {
  const path = platformPath(sent, anchors, now);
  if (code !== undefined) return path;
  const current = (c: Certificate) => c.notBefore <= now.getTime() && now.getTime() < c.notAfter;
  const signed = path.steps.every((s, i) => {
    const above = path.steps[i + 1];
    return !above || signs(above.certificate, s.certificate);
  });
  const sound = path.end === 'anchor' && signed;
  if (sound && path.steps.every((s) => current(s.certificate))) return path;
  return anchoredPath(sent, anchors, () => true, current) ?? (sound ? path : (anchoredPath(sent, anchors) ?? path));
}

const DATES: ReadonlySet<CertificateProblem> = new Set(['expired', 'not-yet-valid']);
/** Faults of a path that cannot be the one OpenSSL took, where it accepted the chain. */
const DISPROVED: ReadonlySet<CertificateProblem> = new Set([
  'bad-signature',
  'incomplete-chain',
  'untrusted-root',
  'path',
  'constraint',
]);

/** OpenSSL's verdict decides which faults are mortal; where it refused, at least one is, and it says what OpenSSL meant. */
function pathFaults(
  path: Path,
  sent: readonly Certificate[],
  anchors: Anchors,
  now: Date,
  verdict: Verdict,
): readonly EndFault[] {
  const end = endFault(path, sent, anchors);
  const found: EndFault[] = [...(end ? [end] : []), ...faultsOf(path, now, verdict.code === undefined)];
  if (verdict.code === undefined) {
    return found
      .filter((f) => !(f.fatal && DISPROVED.has(f.problem)))
      .map((f) => ({ ...f, fatal: f.fatal && DATES.has(f.problem) }));
  }
  const meant = problemOf(verdict);
  const missing = /^UNABLE_TO_|TOO_LONG/.test(verdict.code);
  if (missing && path.steps.length > MAX_PATH) {
    const detail = `${path.steps.length} certificates from the leaf up, OpenSSL follows ${MAX_PATH}`;
    return [{ problem: 'chain-too-long', detail, fatal: true }, ...found.filter((f) => f !== end)];
  }
  const mortal = found.filter((f) => f.fatal);
  if (missing && mortal.some((f) => !DATES.has(f.problem))) return found;
  if (mortal.some((f) => f.problem === meant || (meant === 'wrong-purpose' && f.problem === 'path'))) return found;
  if (found.some((f) => f.problem === meant)) return found.map((f) => (f.problem === meant ? { ...f, fatal: true } : f));
  const step = path.steps[0];
  // The path is whole and every rule known here is kept: OpenSSL cannot use one of its certificates.
  const unusable = missing && path.end === 'anchor';
  return [
    {
      problem: unusable ? 'malformed' : (meant ?? 'untrusted'),
      ...(step ? { step } : {}),
      detail: verdict.message ?? verdict.code,
      fatal: true,
    },
    ...found,
  ];
}

/** Of one kind at most this many are told; a chain of a hundred odd certificates would fill the report with the same remark. */
const MAX_OF_A_KIND = 5;

function evidenceOf(faults: readonly EndFault[], input: Omit<ExamineInput, 'socket'>): readonly ProblemEvidence[] {
  const ordered = [...faults.filter((f) => f.fatal), ...faults.filter((f) => !f.fatal)];
  const seen = new Map<string, number>();
  const out: ProblemEvidence[] = [];
  for (const { problem, step, detail, fatal, remark, alternative } of ordered) {
    const known = `${problem} ${step?.depth} ${step?.certificate.sha256} ${detail}`;
    const group = `${problem} ${fatal} ${remark}`;
    if (seen.has(known)) continue;
    seen.set(known, 1);
    const count = (seen.get(group) ?? 0) + 1;
    seen.set(group, count);
    if (count > MAX_OF_A_KIND) continue;
    const { text = '' } = step?.certificate.issuer ?? {};
    out.push({
      kind: 'problem',
      stage: 'certificate',
      ...(input.control ? { control: input.control } : {}),
      problem,
      ...(step?.depth === undefined ? {} : { depth: step.depth }),
      ...(step ? { subject: titleOf(step.certificate), issuer: text } : {}),
      detail,
      host: input.host,
      address: input.address,
      ...(fatal ? {} : { tolerated: true }),
      ...(remark ? { remark } : {}),
      ...(alternative ? { alternative } : {}),
    });
  }
  return out;
}

/**
 * What needs more connections, made only when asked for: revocation by OCSP and CRL (RFC 6960, RFC 5280 §5) and the missing issuer
 * fetched through its URL (RFC 5280 §4.2.2.1). Plain http only, since a https URL would want a certificate to check a certificate;
 * what comes is signed. Sizes and times are bounded.
 */
import type { CertificateEvidence, ProblemEvidence } from '../model/evidence.ts';
import type { Net } from '../model/net.ts';
import { certificatesIn } from '../wire/bundle.ts';
import { type Certificate, isoSeconds, readCertificate, titleOf } from '../wire/certificate.ts';
import { readCrl } from '../wire/crl.ts';
import { ocspRequest, readOcsp } from '../wire/ocsp.ts';
import { mayIssue, platformPath, signs } from './path.ts';
import { showAnswer } from './staple.ts';
import type { Anchors } from './trust.ts';

type Http = Pick<Net, 'http'>;

export interface Revocation {
  readonly revocation: NonNullable<CertificateEvidence['revocation']>;
  readonly problems: readonly ProblemEvidence[];
  /** What each source said, for the report. */
  readonly said: readonly string[];
}

export interface RevocationOptions {
  readonly now: Date;
  readonly host?: string;
  readonly address?: string;
  /** Milliseconds for one request; default 5000. */
  readonly timeoutMs?: number;
}

const MAX_OCSP = 65_536;
const MAX_CRL = 20 * 1024 * 1024;
const MAX_ISSUER = 262_144;
const MAX_URLS = 2;
const MAX_FETCHES = 4;
const MAX_DEPTH = 5;

/**
 * @param chain DER of the path as built, leaf first, each followed by its issuer.
 * @returns `good` only where a signed answer says so of the leaf; a source out of reach is a warning, never "not revoked".
 */
export async function checkRevocation(net: Http, chain: readonly Uint8Array[], options: RevocationOptions): Promise<Revocation> {
  const path = chain.slice(0, MAX_DEPTH + 1).map(readCertificate);
  const pairs = path.flatMap((certificate, depth) => {
    const issuer = path[depth + 1];
    return issuer && !certificate.selfSigned ? [{ certificate, issuer, depth }] : [];
  });
  const results = await Promise.all(pairs.map((pair) => checkOne(net, pair, options)));
  const [leaf] = path;
  if (results.length === 0) {
    const detail = leaf?.selfSigned ? 'a self-signed certificate cannot be revoked' : 'the issuer is not known';
    const problems = leaf && !leaf.selfSigned ? [problem('revocation-unchecked', leaf, 0, detail, options)] : [];
    return { revocation: 'unknown', problems, said: [detail] };
  }
  const revoked = results.some((r) => r.status === 'revoked');
  return {
    revocation: revoked ? 'revoked' : (results[0]?.status ?? 'unknown'),
    problems: results.flatMap((r) => r.problems),
    said: results.flatMap((r) => r.said),
  };
}

interface Pair {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly depth: number;
}

interface One {
  readonly status: 'good' | 'revoked' | 'unknown' | 'unreachable';
  readonly problems: readonly ProblemEvidence[];
  readonly said: readonly string[];
}

/** The responder first, which is small and fresh; then the list. The first signed answer counts. */
async function checkOne(net: Http, pair: Pair, options: RevocationOptions): Promise<One> {
  const { certificate, depth } = pair;
  const { ocspUrls, crlUrls } = certificate.extensions;
  const said: string[] = [];
  const sources = [
    ...ocspUrls
      .filter(isHttp)
      .slice(0, MAX_URLS)
      .map((url) => () => askResponder(net, url, pair, options)),
    ...crlUrls
      .filter(isHttp)
      .slice(0, MAX_URLS)
      .map((url) => () => readList(net, url, pair, options)),
  ];
  if (sources.length === 0) {
    const detail = 'it names neither an OCSP responder nor a revocation list that can be asked';
    // Root and many private authorities name none for their intermediates; only the leaf's silence is worth a word.
    const problems = depth === 0 ? [problem('revocation-unchecked', certificate, depth, detail, options)] : [];
    return { status: 'unknown', problems, said: [detail] };
  }
  let reached = false;
  for (const ask of sources) {
    const answer = await ask();
    said.push(answer.text);
    reached ||= answer.status !== 'unreachable';
    if (answer.status === 'good') return { status: 'good', problems: [], said };
    if (answer.status === 'revoked') {
      return { status: 'revoked', problems: [problem('revoked', certificate, depth, answer.text, options)], said };
    }
  }
  const problems = [problem('revocation-unchecked', certificate, depth, said.join('; '), options)];
  return { status: reached ? 'unknown' : 'unreachable', problems, said };
}

const isHttp = (url: string) => /^http:\/\//i.test(url);

interface Said {
  readonly status: One['status'];
  readonly text: string;
}

/** Asked by GET, which caches serve (RFC 5019 §5), then by POST, which every responder must take (RFC 6960 appendix A.1). */
async function askResponder(net: Http, url: string, { certificate, issuer }: Pair, options: RevocationOptions): Promise<Said> {
  const body = ocspRequest(certificate, issuer);
  const target = `${url.replace(/\/$/, '')}/${encodeURIComponent(body.toString('base64'))}`;
  let got = await fetchBytes(net, target, MAX_OCSP, options);
  if (typeof got === 'string' && got.startsWith(REFUSED)) {
    got = await fetchBytes(net, url, MAX_OCSP, options, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/ocsp-request' },
    });
  }
  if (typeof got === 'string') return { status: 'unreachable', text: `OCSP ${url}: ${got}` };
  const reading = readOcsp(got, certificate, issuer, options.now);
  if (!reading.ok) return { status: 'unknown', text: `OCSP ${url}: ${reading.detail}` };
  return { status: reading.answer.status, text: `OCSP ${url}: ${showAnswer(reading.answer)}` };
}

async function readList(net: Http, url: string, { certificate, issuer }: Pair, options: RevocationOptions): Promise<Said> {
  const got = await fetchBytes(net, url, MAX_CRL, options);
  if (typeof got === 'string') return { status: 'unreachable', text: `CRL ${url}: ${got}` };
  const reading = readCrl(got, certificate, issuer, options.now);
  if (!reading.ok) return { status: 'unknown', text: `CRL ${url}: ${reading.detail}` };
  const { answer } = reading;
  const dates = `this update ${isoSeconds(answer.thisUpdate)}${answer.nextUpdate ? `, next update ${isoSeconds(answer.nextUpdate)}` : ''}`;
  if (!answer.revoked) return { status: 'good', text: `CRL ${url}: not among ${answer.entries} entries, ${dates}` };
  const when = answer.revokedAt === undefined ? '' : ` ${isoSeconds(answer.revokedAt)}`;
  return { status: 'revoked', text: `CRL ${url}: revoked${when}${answer.reason ? ` (${answer.reason})` : ''}, ${dates}` };
}

const REFUSED = 'HTTP status';

/** @returns the body, or why there is none. */
async function fetchBytes(
  net: Http,
  url: string,
  maxBytes: number,
  options: RevocationOptions,
  more: Partial<Parameters<Net['http']>[0]> = {},
): Promise<Uint8Array | string> {
  const answer = await net.http({ url, maxBytes, redirects: 2, timeoutMs: options.timeoutMs ?? 5000, ...more });
  if (answer.outcome !== 'ok') return `${answer.outcome}${answer.detail ? `, ${answer.detail}` : ''}`;
  return answer.status === 200 ? answer.body : `${REFUSED} ${answer.status ?? 0}`;
}

function problem(
  kind: 'revoked' | 'revocation-unchecked' | 'incomplete-chain' | 'untrusted-root',
  certificate: Certificate,
  depth: number | undefined,
  detail: string,
  options: RevocationOptions,
): ProblemEvidence {
  return {
    kind: 'problem',
    stage: 'certificate',
    problem: kind,
    ...(depth === undefined ? {} : { depth }),
    subject: titleOf(certificate),
    issuer: certificate.issuer.text,
    detail,
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(options.address === undefined ? {} : { address: options.address }),
    ...(kind === 'revocation-unchecked' ? { tolerated: true } : {}),
  };
}

export interface Proof {
  /** `incomplete-chain`: with what was fetched the chain is whole. `untrusted-root`: it leads to a root nobody here trusts. */
  readonly problem: ProblemEvidence;
  /** DER of the certificates fetched, in the order of the chain. */
  readonly fetched: readonly Buffer[];
}

/**
 * Fetches the issuers that the server did not send, through the URL that each certificate names.
 * @param sent DER of the chain as sent, leaf first. @returns what that proves, or undefined where it proves nothing.
 */
export async function proveIncomplete(
  net: Http,
  sent: readonly Uint8Array[],
  anchors: Anchors,
  options: RevocationOptions,
): Promise<Proof | undefined> {
  const given = sent.map(readCertificate);
  const fetched: Certificate[] = [];
  let first: { readonly certificate: Certificate; readonly depth?: number; readonly url: string } | undefined;
  for (let i = 0; i <= MAX_FETCHES; i++) {
    const path = platformPath([...given, ...fetched], anchors, options.now);
    const top = path.steps.at(-1);
    if (!top) return undefined;
    if (path.end === 'anchor' || path.end === 'self-signed') {
      if (!first) return undefined;
      const names = fetched.map(titleOf).join(', ');
      const whole = path.end === 'anchor';
      const detail = `its issuer ${titleOf(fetched[0] ?? first.certificate)} was not sent; fetched from ${first.url} (${names}), the chain leads to ${titleOf(top.certificate)}, ${whole ? 'a trust anchor' : 'which is no trust anchor here'}`;
      return {
        problem: problem(whole ? 'incomplete-chain' : 'untrusted-root', first.certificate, first.depth, detail, options),
        fetched: fetched.map((c) => c.der),
      };
    }
    const url = top.certificate.extensions.issuerUrls.find(isHttp);
    if (path.end !== 'missing' || url === undefined || i === MAX_FETCHES) return undefined;
    const got = await fetchBytes(net, url, MAX_ISSUER, options);
    if (typeof got === 'string') return undefined;
    const issuer = certificatesIn(got)
      .map(readCertificate)
      .find((c) => mayIssue(c, top.certificate) && signs(c, top.certificate));
    if (!issuer) return undefined;
    first ??= { certificate: top.certificate, ...(top.depth === undefined ? {} : { depth: top.depth }), url };
    fetched.push(issuer);
  }
  return undefined;
}

/** @returns the problems with the proof in place of what was only supposed. */
export function withProof(problems: readonly ProblemEvidence[], proof: Proof | undefined): readonly ProblemEvidence[] {
  if (!proof) return problems;
  const rest = problems.filter((p) => p.tolerated || (p.problem !== 'incomplete-chain' && p.problem !== 'untrusted-root'));
  return [proof.problem, ...rest];
}

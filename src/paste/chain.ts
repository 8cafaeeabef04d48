/**
 * Certificate chains that tools print (`openssl s_client`, `gnutls-cli`, curl): the verify errors with the certificates they speak
 * of, so that a missing intermediate, an unknown root and an intercepted connection are told apart by what was sent.
 */
import type { CertificateProblem, ProblemEvidence } from '../model/evidence.ts';
import { readTlsErrors } from '../wire/tlserror.ts';
import type { PastedLine } from './select.ts';

/** Issuers of programs and boxes that put themselves in between. */
const INTERCEPTORS =
  /avast|\bavg\b|kaspersky|\beset\b|bitdefender|norton|mcafee|symantec web|sophos|fortinet|fortigate|zscaler|blue ?coat|bluecoat|netskope|forcepoint|websense|watchguard|sonicwall|palo ?alto|check ?point|barracuda|cisco umbrella|untangle|mitmproxy|fiddler|charles proxy|burp|portswigger|dr\.? ?web|g ?data|trend ?micro|web\/mail shield|personal firewall|antivirus|anti-virus|ssl inspection|ssl proxy|360 (?:total|safe|internet|安全)|qihoo|huorong|superfish|net ?nanny|lightspeed|iboss|mail shield/i;
/** Authorities whose roots every store holds: with one of them as issuer and no intermediate sent, the chain is short. */
const PUBLIC =
  /let'?s encrypt|\bISRG\b|digicert|sectigo|comodo|usertrust|globalsign|godaddy|go daddy|geotrust|thawte|rapidssl|entrust|amazon|google trust|GTS |zerossl|buypass|certum|actalis|ssl\.com|trustwave|identrust|starfield|quovadis|swisssign|telesec|d-trust|wotrus|trustasia|gandi|alphassl|ssl corporation|harica|cpanel|encryption everywhere|\bR1[0-4]\b|\bE[5-9]\b|\bR3\b/i;

interface Entry {
  subject: string;
  issuer: string;
}

/** @returns true where the issuer's name is that of an antivirus, a proxy or a firewall. */
export function isInterceptor(issuer: string): boolean {
  return INTERCEPTORS.test(issuer);
}

/**
 * @param lines the lines of the whole text.
 * @returns one fault per kind, each with the words that show it, and the numbers of the lines that it explains.
 */
export function readChain(lines: readonly PastedLine[]): {
  readonly problems: readonly ProblemEvidence[];
  readonly explained: ReadonlySet<number>;
} {
  const explained = new Set<number>();
  const chain: Entry[] = [];
  const errors: { num: number; words: string; depth: number; subject: string; line: number }[] = [];
  let depth = 0;
  let subject = '';
  let date = '';
  let named = '';
  for (const { text, number } of lines) {
    const at = /^\s*depth=(\d{1,3}) (.{0,500})/.exec(text);
    if (at) {
      depth = Number(at[1]);
      subject = at[2] ?? '';
    }
    const error =
      /verify error:num=(\d{1,3}):\s*(.{0,200})/.exec(text) ??
      /(?:Verify return code|Verification error):? ?(\d{0,3}) ?\(?([^)\n]{0,200})/i.exec(text);
    if (error && !/^(?:0|)$/.test(error[1] || (error[2] ? 'x' : '')) && !/^ok\b/i.test(error[2] ?? '')) {
      errors.push({ num: Number(error[1] || 0), words: error[0], depth, subject, line: number });
      explained.add(number);
    }
    const when = /^\s*not(?:After|Before)\s?=.{0,60}/.exec(text);
    if (when) date = when[0].trim();
    const s = /^\s*(\d{1,2})?\s*s(?:ubject)?[:=] ?(.{1,500})/.exec(text);
    if (s && (s[1] !== undefined || /^subject[=:]/.test(text.trim()))) chain.push({ subject: (s[2] ?? '').trim(), issuer: '' });
    const i = /^\s*i(?:ssuer)?[:=] ?(.{1,500})/.exec(text);
    const last = chain.at(-1);
    if (i?.[1] && isInterceptor(i[1])) named = i[1].trim();
    if (i && last && last.issuer === '') last.issuer = (i[1] ?? '').trim();
  }
  if (errors.length === 0) return { problems: [], explained };
  const problems: ProblemEvidence[] = [];
  const note = (
    problem: CertificateProblem,
    e: { words: string; depth: number; subject: string },
    more: Partial<ProblemEvidence> = {},
  ) => {
    if (problems.some((p) => p.problem === problem)) return;
    problems.push({
      kind: 'problem',
      stage: 'certificate',
      problem,
      depth: e.depth,
      ...(e.subject ? { subject: e.subject } : {}),
      detail: date !== '' && /expired|not-yet/.test(problem) ? `${e.words}; ${date}` : e.words,
      ...more,
    });
  };
  const first = errors[0];
  const stranger =
    chain.find((c) => isInterceptor(c.issuer)) ??
    (named !== '' ? { subject: '', issuer: named } : undefined) ??
    (first && isInterceptor(first.subject) ? { subject: first.subject, issuer: first.subject } : undefined);
  if (first && stranger) note('intercepted', first, { issuer: stranger.issuer, detail: `issuer ${stranger.issuer}` });
  const unnamed =
    chain.some((c) => /invalid2\.invalid/i.test(c.subject)) || errors.some((e) => /invalid2\.invalid/i.test(e.subject));
  if (first && unnamed && !stranger) note('server-name-missing', first);
  if (!stranger && !unnamed) {
    for (const e of errors) {
      const trust = trustProblem(errors, chain, e.num);
      if (trust !== undefined) note(trust, e, { ...(chain[0]?.issuer ? { issuer: chain[0].issuer } : {}) });
      else if (![20, 21, 27].includes(e.num)) {
        for (const found of readTlsErrors(e.num > 0 ? `num=${e.num}: ${e.words}` : e.words))
          if (found.kind === 'problem') note(found.problem, e);
      }
    }
  }
  return { problems, explained };
}

/** Which of the trust faults 18 to 21 (X509_V_ERR) it is, from the chain that was sent. */
function trustProblem(
  errors: readonly { num: number; words: string; depth: number }[],
  chain: readonly Entry[],
  num: number,
): CertificateProblem | undefined {
  if (![18, 19, 20, 21].includes(num)) return undefined;
  const has = (n: number) => errors.some((e) => e.num === n);
  if (has(18)) return 'self-signed';
  if (has(19)) return 'untrusted-root';
  const root = chain.at(-1);
  const leaf = chain[0];
  if (root && chain.length > 1 && root.subject === root.issuer) return 'untrusted-root';
  if (chain.length === 1 && leaf && PUBLIC.test(leaf.issuer)) return 'incomplete-chain';
  if (chain.length > 1) return 'untrusted-root';
  if (has(21)) return 'incomplete-chain';
  return 'untrusted-root';
}

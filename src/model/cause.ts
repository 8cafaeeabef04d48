/**
 * Cause: one catalogue entry. How it is recognised, what it means, what to do, and an example that proves it.
 *
 * Recognition is a list of rules over Facts. A rule is pure and synchronous; it reads no clock, no socket, no language.
 */
import type { Evidence } from './evidence.ts';
import type { Facts } from './facts.ts';
import type { Category, Certainty, Language, Owner, Protocol, Security, Severity, StageName } from './terms.ts';

/** The words of one cause in one language. `{host}`, `{port}`, `{user}` … are filled from the sighting and the service. */
export interface CauseWords {
  /** What is wrong, at most 60 characters, no full stop. */
  readonly title: string;
  /** What it means, one or two sentences. */
  readonly meaning: string;
  /** Steps, most likely first, one action each. */
  readonly fix: readonly string[];
}

export interface Link {
  readonly title: string;
  readonly url: string;
  /** The provider whose page it is: of no use to another's customer. */
  readonly provider?: string;
}

/** One recognition of a cause in the evidence. */
export interface Sighting {
  readonly certainty: Certainty;
  /** How much the recognition rests on: documented code with its text 90, provider phrase 80, plain phrase 60, structure 50, code alone 30, catch-all 1. */
  readonly strength: number;
  /** What decided; the first is the proof that is shown first. */
  readonly evidence: readonly Evidence[];
  /** The words that decided, verbatim. */
  readonly matched?: string;
  /** The stage where it showed; default: the stage of the first evidence. */
  readonly stage?: StageName;
  /** Values for the holes in the words. */
  readonly params?: Readonly<Record<string, string | number>>;
  /** What was not excluded, likeliest first. */
  readonly alternatives?: readonly string[];
  /** The provider's own steps and page, put before the general ones. */
  readonly provider?: ProviderAdvice;
  readonly severity?: Severity;
}

export interface ProviderAdvice {
  readonly preset: string;
  readonly name: string;
  readonly fix?: Readonly<Partial<Record<Language, readonly string[]>>>;
  readonly link?: Link;
}

export interface Rule {
  (facts: Facts): Sighting | undefined;
  /** True where it looks at nothing but words that somebody said: texts and negative replies. */
  readonly hears?: true;
}

/** Certificates that the lab's authority mints; `valid` chains to the lab's root over an intermediate that is sent. */
export type LabCertificate =
  | 'valid'
  | 'self-signed'
  | 'untrusted-root'
  | 'incomplete-chain'
  | 'expired'
  | 'expired-intermediate'
  | 'not-yet-valid'
  | 'identity-differs'
  | 'name-only-in-cn'
  | 'partial-wildcard'
  | 'expires-soon'
  | 'weak-key'
  | 'weak-signature'
  | 'wrong-purpose'
  | 'name-constraint'
  | 'path-length'
  | 'no-ca-bit'
  | 'critical-extension'
  | 'bad-signature'
  | 'wrong-order'
  | 'intercepted'
  | 'server-name-missing'
  | 'revoked'
  | 'revocation-unreachable'; // names a CRL that nobody serves

/**
 * What a scripted server does, as data: a healthy server of the protocol with the faults named here. Commands without an entry
 * get the healthy answer. In replies `{tag}` stands for the IMAP tag; `!close`, `!reset`, `!silent` and `!wait 500` (milliseconds)
 * are acts in place of words.
 */
export interface Serve {
  readonly protocol: Protocol;
  /** What the server really does; default `tls`. */
  readonly security?: Security;
  /** What the client is told, where it differs from the server. */
  readonly client?: {
    readonly security?: Security;
    readonly host?: string;
    readonly user?: string;
    readonly password?: string;
    readonly address?: string;
    readonly from?: string;
    /** More command-line words. */
    readonly args?: readonly string[];
  };
  readonly greeting?: string;
  readonly capabilities?: {
    readonly plain?: readonly string[];
    readonly tls?: readonly string[];
    readonly authenticated?: readonly string[];
  };
  /** By command prefix, upper case: `USER`, `PASS`, `AUTH PLAIN`, `LOGIN`, `EHLO`, `STARTTLS`, `MAIL FROM`, `RCPT TO`, `EXAMINE`, `.` (end of data). */
  readonly replies?: Readonly<Record<string, string>>;
  readonly certificate?: LabCertificate;
  readonly tls?:
    | 'old-version' // TLS 1.0 and 1.1 only
    | 'no-shared-cipher'
    | 'client-certificate'
    | 'client-certificate-tls12' // the same where 1.3 is not spoken
    | 'garbage'
    | 'silent'
    | 'reset'
    | 'alert'
    | 'plain' // plain text where TLS is due
    | 'injected'; // bytes after the STARTTLS reply
  readonly tcp?:
    | 'refuse'
    | 'silent' // accepts, then never speaks: greeting or handshake times out
    | 'no-answer' // SYN never answered: the connect times out
    | 'reset'
    | 'close'
    | 'first-address-dead'; // AAAA refuses, A is healthy
  /** The lab's DNS server answers these; the check is made with `--resolver`. */
  readonly dns?: 'nxdomain' | 'no-data' | 'servfail' | 'refused' | 'timeout' | 'sinkhole' | 'near-name';
}

/**
 * An example that anybody may run: the pasted text is judged by `explain`, and what `serve` describes is probed live; both must
 * give this cause. Where no server can show the fault (a local firewall), `unserved` says why.
 */
export interface Example {
  readonly paste: string;
  readonly serve?: Serve;
  readonly unserved?: string;
}

export interface Cause {
  /** `<subject>.<what-is-wrong>`, kebab-case, never reused. */
  readonly id: string;
  readonly category: Category;
  readonly stage: StageName;
  readonly owner: Owner;
  readonly severity: Severity;
  readonly protocols?: readonly Protocol[];
  /** English; the other languages stand in `locales/`, a plugin's may stand here. */
  readonly words: CauseWords;
  readonly translations?: Readonly<Partial<Record<Language, CauseWords>>>;
  readonly links: readonly Link[];
  readonly rules: readonly Rule[];
  /** The test that would prove or exclude this cause when it is an alternative (English; `locales/` has the others). */
  readonly test: string;
  readonly example: Example;
}

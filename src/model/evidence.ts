/**
 * Evidence: one observed fact, immutable, JSON-safe and free of secrets.
 *
 * Live probes and pasted text produce the same kinds, so one judge serves both. Every sentence that a server said is kept
 * verbatim here (secrets masked where it came in); escaping is the reporters' work.
 */
import type { Channel, Protocol, Security, Source, StageName } from './terms.ts';

interface Base {
  readonly stage: StageName;
  readonly protocol?: Protocol;
  /** Milliseconds since the check began. */
  readonly atMs?: number;
  /** Set when the fact comes from an extra connection made only to tell causes apart, never from the check itself. */
  readonly control?: Control;
}

/** The separating tests (harmless, no secrets on them). */
export type Control =
  | 'other-port' // the other standard ports of the same host
  | 'other-host' // a second host on the same port
  | 'other-mode' // the same port, plain in place of TLS or the reverse
  | 'other-family' // the other address family
  | 'other-address' // the other addresses of the same name
  | 'other-protocol' // the account's other services with the same credentials
  | 'other-resolver' // a second resolver (--compare-resolver)
  | 'old-tls' // a handshake with lowered limits
  | 'no-helo-name' // another EHLO argument
  | 'wait' // listening without talking
  | 'clock'; // a date from elsewhere

/** One setting and where it came from; settings are judged like replies. */
export interface SettingEvidence extends Base {
  readonly kind: 'setting';
  readonly field: 'host' | 'port' | 'security' | 'user' | 'address' | 'mechanism' | 'client' | 'preset' | 'from';
  readonly value: string;
  readonly from: Source;
  /** True where every hop that delivered it was authenticated (HTTPS, DNSSEC, the person, a bundled file). */
  readonly authenticated: boolean;
  /** What ought to stand there, where we know better (a host that replaced an old one). */
  readonly instead?: string;
  /** Why it is remarkable. */
  readonly remark?:
    | 'replaced-host'
    | 'near-published-host'
    | 'near-known-domain'
    | 'no-mail-service'
    | 'sources-disagree'
    | 'client-demands'
    | 'port-25'
    | 'unlike-preset'
    | 'other-provider'
    | 'other-plan'
    | 'user-name-form'
    | 'insecure-auth'
    | 'plaintext'
    | 'needs-consent'; // found by a source that nothing vouches for, at a place that is not the domain's own
  readonly detail?: string;
}

export type LookupOutcome =
  | 'answer'
  | 'nxdomain'
  | 'no-data'
  | 'servfail'
  | 'refused'
  | 'timeout'
  | 'malformed'
  | 'unreachable'
  | 'sinkhole'
  | 'failed';

/** One DNS question and what came back (RFC 1035, 2308). */
export interface LookupEvidence extends Base {
  readonly kind: 'lookup';
  readonly host: string;
  readonly type: 'A' | 'AAAA' | 'MX' | 'SRV' | 'TXT' | 'CNAME' | 'PTR' | 'TLSA' | 'ANY';
  /** `system`, or `ip:port`, or the https URL of the resolver. */
  readonly resolver: string;
  readonly outcome: LookupOutcome;
  /** Presentation form of the records, in the order sent. */
  readonly records: readonly string[];
  readonly cnames?: readonly string[];
  readonly ttl?: number;
  /** The AD bit of a validating resolver. */
  readonly dnssec?: boolean;
  readonly code?: string;
  readonly ms: number;
}

export type ConnectOutcome =
  | 'open'
  | 'refused'
  | 'timeout'
  | 'unreachable'
  | 'reset'
  | 'denied' // EACCES, EPERM: this machine's own policy
  | 'proxy' // a proxy refused or broke it
  | 'no-source' // EADDRNOTAVAIL
  | 'failed';

/** One TCP connection attempt to one address. */
export interface ConnectEvidence extends Base {
  readonly kind: 'connect';
  readonly host: string;
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
  readonly outcome: ConnectOutcome;
  readonly code?: string;
  readonly detail?: string;
  /** Where the connection really went, `address:port`, where --connect-to moved it. */
  readonly via?: string;
  readonly ms: number;
}

/** The route to an address, as the system's tool traced it (--trace-route). */
export interface RouteEvidence extends Base {
  readonly kind: 'route';
  /** The tool: traceroute, tracepath, mtr, tracert; empty where the system has none. */
  readonly program: string;
  readonly address: string;
  /** Its output, cut at a documented length. */
  readonly lines: readonly string[];
  readonly outcome: 'traced' | 'timeout' | 'no-tool' | 'failed';
  readonly ms: number;
}

export type TlsFailure =
  | 'plain-answer' // text where a TLS record was due ("wrong version number")
  | 'not-tls' // bytes that are neither TLS nor text
  | 'protocol-version' // no shared TLS version
  | 'no-shared-cipher' // cipher, curve, key size, signature algorithm
  | 'handshake-alert' // any other fatal alert from the server
  | 'certificate-required' // client certificate demanded or refused
  | 'unrecognized-name'
  | 'excessive-message' // certificate message over the limit
  | 'bad-certificate' // the server's certificate message cannot be read
  | 'timeout'
  | 'closed'
  | 'reset'
  | 'bad-record'
  | 'failed';

/** One TLS handshake (RFC 8446, 5246), without any judgement on the certificate. */
export interface TlsEvidence extends Base {
  readonly kind: 'tls';
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly mode: 'implicit' | 'upgrade';
  readonly outcome: 'established' | 'failed';
  readonly failure?: TlsFailure;
  /** The library's code, cleaned of build paths and thread ids. */
  readonly code?: string;
  readonly detail?: string;
  readonly alert?: number;
  /** What the server said in place of TLS, escaped text. */
  readonly firstBytes?: string;
  /** Of a failed handshake: something came from the server. */
  readonly answered?: boolean;
  readonly version?: string;
  readonly cipher?: string;
  readonly alpn?: string;
  /** Name sent as SNI; null for IP hosts (RFC 6066 §3). */
  readonly sni: string | null;
  readonly ephemeral?: string;
  /** Version limits of a lowered control handshake. */
  readonly limits?: string;
  readonly ms: number;
}

/** One certificate of a chain, as read from its DER (RFC 5280). Names are raw; reporters escape them. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** `DNS:name`, `IP:addr`, … as found, at most the documented number; `namesTotal` counts all. */
  readonly names: readonly string[];
  readonly namesTotal: number;
  readonly commonName?: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly daysLeft: number;
  readonly serial: string;
  readonly keyType: string;
  readonly keyBits?: number;
  readonly curve?: string;
  readonly signatureAlgorithm?: string;
  readonly sha256: string;
  readonly sha1?: string;
  readonly selfIssued: boolean;
  readonly selfSigned: boolean;
  readonly ca: boolean;
  readonly version?: number;
  readonly issuerUrls?: readonly string[];
  readonly ocspUrls?: readonly string[];
  readonly crlUrls?: readonly string[];
}

export type CertificateProblem =
  | 'self-signed'
  | 'untrusted-root'
  | 'incomplete-chain'
  | 'expired'
  | 'not-yet-valid'
  | 'identity-differs'
  | 'name-only-in-cn'
  | 'partial-wildcard'
  | 'intercepted'
  | 'revoked'
  | 'revocation-unchecked'
  | 'pin-mismatch'
  | 'weak-key'
  | 'weak-signature'
  | 'wrong-purpose'
  | 'constraint' // name constraints
  | 'path' // CA bit, path length, key usage
  | 'critical-extension'
  | 'bad-signature'
  | 'malformed'
  | 'too-complex'
  | 'chain-too-long'
  | 'chain-order'
  | 'expires-soon'
  | 'server-name-missing'
  | 'trust-differs' // the system's store and Node's disagree
  | 'staple-invalid'
  | 'untrusted'; // refused, no reason known (paste only)

/** The certificate as a whole: validity, identity and trust are three separate facts. */
export interface CertificateEvidence extends Base {
  readonly kind: 'certificate';
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly sent: readonly CertificateFacts[];
  /** Subjects of the path that was built, leaf first, up to the anchor. */
  readonly built: readonly string[];
  readonly valid: boolean;
  readonly identity: boolean;
  readonly trusted: boolean;
  /** `authorizationError` of the platform and its message, cleaned. */
  readonly code?: string;
  readonly detail?: string;
  /** Where the anchor came from. */
  readonly anchor?: 'node' | 'system' | 'ca-file' | 'environment';
  readonly staple?: string;
  readonly revocation?: 'not-asked' | 'good' | 'revoked' | 'unknown' | 'unreachable';
}

/** One fault of one certificate, live or read from pasted text. */
export interface ProblemEvidence extends Base {
  readonly kind: 'problem';
  readonly problem: CertificateProblem;
  /** Position in the chain as sent: 0 is the leaf; undefined for the chain as a whole. */
  readonly depth?: number;
  readonly subject?: string;
  readonly issuer?: string;
  /** Verbatim proof: a date, a list of names, the platform's message. */
  readonly detail: string;
  readonly host?: string;
  readonly address?: string;
  /** A warning where the platform accepts it. */
  readonly tolerated?: boolean;
  /** With `tolerated`: only worth a remark, since no client minds (a certificate authority's break with the profile of RFC 5280). */
  readonly remark?: true;
  /** What it may be just as well, where the chain alone cannot tell. */
  readonly alternative?: CertificateProblem;
}

/** One reply of the server, whole (all lines of it), with the command it answers. */
export interface ReplyEvidence extends Base {
  readonly kind: 'reply';
  readonly channel: Channel;
  /** The command as shown in the transcript, masked; empty for a greeting or an unasked line. */
  readonly command: string;
  /** `continue` is 334, `+ `; `bye` is 221/421/BYE in place of an answer. */
  readonly status: 'ok' | 'no' | 'continue' | 'preauth';
  /** SMTP reply code (RFC 5321 §4.2). */
  readonly code?: number;
  /** Enhanced status code (RFC 3463). */
  readonly enhanced?: string;
  /** Response code without brackets: AUTHENTICATIONFAILED, SYS/TEMP (RFC 5530, 2449, 3206). */
  readonly responseCode?: string;
  /** POP3 and IMAP condition as sent: OK NO BAD BYE PREAUTH +OK -ERR. */
  readonly condition?: string;
  /** The human text of all lines, joined by newlines, without codes. */
  readonly text: string;
  /** The lines as they came. */
  readonly lines: readonly string[];
  /** The sender identity or recipient that the command named. */
  readonly about?: string;
  readonly ms?: number;
}

export interface CapabilityEvidence extends Base {
  readonly kind: 'capabilities';
  readonly channel: Channel;
  /** Upper-cased keywords with their arguments, as a list: `AUTH PLAIN LOGIN`, `SIZE 1000`, `SASL PLAIN`. */
  readonly items: readonly string[];
  /** SASL mechanisms offered on this channel. */
  readonly mechanisms: readonly string[];
  readonly total: number;
}

/** The conversation ended or broke where an answer was due. */
export interface BreakEvidence extends Base {
  readonly kind: 'break';
  readonly how:
    | 'closed'
    | 'reset'
    | 'timeout'
    | 'unfinished' // begun, and not ended in time
    | 'line-too-long'
    | 'reply-too-long'
    | 'malformed'
    | 'injected'
    | 'unasked'
    | 'interrupted';
  /** The command whose answer was due; empty at the greeting. */
  readonly command: string;
  readonly detail: string;
  readonly ms?: number;
}

/** Which protocol the first bytes belong to, where it is not the one asked for. */
export interface ServiceEvidence extends Base {
  readonly kind: 'service';
  readonly speaks: 'smtp' | 'pop3' | 'imap' | 'http' | 'ssh' | 'ftp' | 'tls' | 'nntp' | 'mysql' | 'sieve' | 'unknown';
  readonly expected: Protocol | 'tls';
  readonly firstLine: string;
}

/** Credentials were not sent. */
export interface WithheldEvidence extends Base {
  readonly kind: 'withheld';
  readonly why: 'plain-channel' | 'certificate-failed' | 'wrong-server' | 'weak-mechanism' | 'not-offered' | 'needs-consent';
  readonly detail: string;
}

/** Which secret was used and what can be said of it without showing it. */
export interface SecretEvidence extends Base {
  readonly kind: 'secret';
  readonly type: 'password' | 'token' | 'certificate';
  readonly mechanism: string;
  readonly offered: readonly string[];
  readonly reason: string;
  readonly shape: SecretShape;
  /** What the provider takes for this protocol, by its preset. */
  readonly wanted?: 'account' | 'app-password' | 'app-password-with-2fa' | 'oauth' | 'bridge' | 'authorization-code';
  /** The provider leaves this protocol off until the person switches it on. */
  readonly offByDefault?: boolean;
  /** Claims of a JWT access token that are not secret: audience, expiry, scopes, user, tenant. */
  readonly token?: {
    readonly expires?: string;
    readonly expired?: boolean;
    readonly audience?: string;
    readonly scopes?: readonly string[];
    readonly user?: string;
    readonly tenant?: string;
  };
}

/** What is said of a secret's form; lengths only as classes. */
export interface SecretShape {
  readonly length: 'empty' | 'short' | 'medium' | 'long';
  readonly spaces: boolean;
  readonly outerSpaces: boolean;
  readonly nonAscii: boolean;
  readonly smartQuotes: boolean;
  /** Matches the app-password pattern of the preset: undefined where the preset has none. */
  readonly appPassword?: boolean;
}

/** Facts after log-in. */
export interface MailboxEvidence extends Base {
  readonly kind: 'mailbox';
  readonly messages?: number;
  readonly bytes?: number;
  readonly uidl?: boolean;
  readonly top?: boolean;
  readonly expire?: string;
  readonly loginDelay?: number;
  readonly quota?: string;
  readonly namespace?: string;
  readonly id?: string;
  /** First retrieval by the consumer of `--client`: cycles and minutes. */
  readonly firstRetrieval?: { readonly cycles: number; readonly minutes: number };
}

/** One cell of the sender matrix: address × depth. */
export interface SenderEvidence extends Base {
  readonly kind: 'sender';
  readonly from: string;
  readonly depth: 'mail' | 'rcpt' | 'data' | 'not-tested';
  readonly accepted: boolean;
  readonly reply?: string;
  /** Of the test message, where it was accepted. */
  readonly messageId?: string;
  /** Seconds until the message was seen by POP or IMAP (`--arrival`). */
  readonly arrivedAfterS?: number;
}

/** Environment that changes what we see: trust variables, key logging. */
export interface EnvironmentEvidence extends Base {
  readonly kind: 'environment';
  readonly name: string;
  readonly effect: 'trust' | 'key-log' | 'proxy' | 'clock';
  /** The setting as it stands there. */
  readonly detail: string;
  /** What it does: an id that the locales word. */
  readonly what?: string;
  /** It is there and changes nothing: it names the store that is asked anyway. */
  readonly harmless?: true;
}

/** The clock here against one elsewhere. */
export interface ClockEvidence extends Base {
  readonly kind: 'clock';
  readonly here: string;
  readonly there: string;
  readonly source: string;
  readonly skewSeconds: number;
}

/** A piece of pasted text that is not a reply: a dialog, an exception, a log line, a bounce's diagnosis. */
export interface TextEvidence extends Base {
  readonly kind: 'text';
  readonly text: string;
  readonly origin: 'dialog' | 'exception' | 'log' | 'transcript' | 'bounce' | 'tool' | 'unknown';
  /** The program that said it, where it can be told: outlook, thunderbird, nodemailer, openssl, postfix… */
  readonly program?: string;
  /** Client error number: 0x800CCC0E, -1200, 421… */
  readonly number?: string;
  readonly command?: string;
  readonly line?: number;
}

/** One source of discovery and what it said. */
export interface SourceEvidence extends Base {
  readonly kind: 'source';
  readonly source: Source;
  readonly where: string;
  readonly outcome: 'found' | 'nothing' | 'refused' | 'failed' | 'timeout' | 'blocked' | 'malformed';
  readonly authenticated: boolean;
  readonly offers: readonly {
    readonly protocol: Protocol;
    readonly host: string;
    readonly port: number;
    readonly security: Security;
    readonly user?: string;
    readonly answers?: boolean;
  }[];
  /** Protocols that it says are not offered (an SRV target of "."). */
  readonly notOffered?: readonly Protocol[];
  /** What is remarkable about it: an id with words in every locale (`note.ID`), and the value for its hole. */
  readonly notes?: readonly { readonly id: SourceNote; readonly value?: string }[];
  readonly detail?: string;
  readonly ms: number;
}

export type SourceNote =
  | 'not-offered'
  | 'null-mx'
  | 'implicit-mx'
  | 'other-domain'
  | 'alias-target'
  | 'filter'
  | 'forwarder'
  | 'by-spf'
  | 'several-spf'
  | 'provider'
  | 'redirected'
  | 'redirect-told'
  | 'plain-http'
  | 'odd-name'
  | 'no-port'
  | 'public-suffix'
  | 'jmap'
  | 'pacc'
  | 'not-waited';

/** Which of the servers that the sources named is taken for a protocol, and why. */
export interface ChoiceEvidence extends Base {
  readonly kind: 'choice';
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  readonly security: Security;
  readonly source: Source;
  readonly reason:
    | 'only' // nobody names another
    | 'strongest' // the strongest source that names one
    | 'answers' // stronger ones name servers that do not answer
    | 'encrypted' // stronger ones name servers without encryption
    | 'none-answers'; // nobody's answers: the strongest source has its way
  /** The others, best first, and why each stands behind. */
  readonly others: readonly {
    readonly host: string;
    readonly port: number;
    readonly security: Security;
    readonly source: Source;
    readonly why: 'weaker' | 'silent' | 'unencrypted' | 'second';
  }[];
}

/** One record of the account's domain that decides what becomes of its mail, or what the server says of itself (--domain). */
export interface DomainEvidence extends Base {
  readonly kind: 'domain';
  readonly what: 'spf' | 'dkim' | 'dmarc' | 'mta-sts' | 'tls-rpt' | 'dane' | 'reverse' | 'helo';
  /** The name that was asked about. */
  readonly domain: string;
  readonly outcome: 'good' | 'none' | 'warning' | 'wrong' | 'unknown';
  /** What was found: an id with words in every locale (`domain.VERDICT`), and the values for its holes. */
  readonly verdict: string;
  readonly params?: Readonly<Record<string, string | number>>;
  /** The record as it stands. */
  readonly record?: string;
  readonly dnssec?: boolean;
}

export type Evidence =
  | SettingEvidence
  | LookupEvidence
  | ConnectEvidence
  | TlsEvidence
  | CertificateEvidence
  | ProblemEvidence
  | ReplyEvidence
  | CapabilityEvidence
  | BreakEvidence
  | ServiceEvidence
  | WithheldEvidence
  | SecretEvidence
  | MailboxEvidence
  | SenderEvidence
  | EnvironmentEvidence
  | ClockEvidence
  | TextEvidence
  | SourceEvidence
  | RouteEvidence
  | ChoiceEvidence
  | DomainEvidence;

export type EvidenceKind = Evidence['kind'];
export type EvidenceOf<K extends EvidenceKind> = Extract<Evidence, { kind: K }>;

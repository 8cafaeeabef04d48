/**
 * Net: what probes and settle may ask of the world. Implemented in `net/`, passed in; nothing else touches network, clock or
 * randomness. Every method settles within its deadline and never throws for what the world does: failures are values.
 */
import type {
  CertificateEvidence,
  ConnectEvidence,
  EnvironmentEvidence,
  LookupEvidence,
  ProblemEvidence,
  RouteEvidence,
  TlsEvidence,
} from './evidence.ts';
import type { Secret } from './secret.ts';
import type { Channel, Protocol } from './terms.ts';

/** Gives the value of the service's secret; handed only to the functions of a Command while it is written. */
export type Open = (secret: Secret) => string;

/** One command to write. `text` is written and shown; with `secret`, `wire` is written and `text` is shown in its place. */
export interface Command {
  /** As shown in the transcript and in evidence, secrets masked, without CRLF. */
  readonly text: string;
  /**
   * Makes the real line, without CRLF. `said` is the server's last line as it came, with nothing masked: a challenge is answered
   * as it was put, whatever of it looks like the secret.
   */
  readonly wire?: (open: Open, said: string) => string;
  /** What the reply looks like, for the reader. */
  readonly reply: ReplyForm;
  /** IMAP: the tag whose reply is waited for, where the line itself does not begin with it. */
  readonly tag?: string;
  /** The sender or recipient that it names. */
  readonly about?: string;
  /** The server may ask for more: a challenge, a literal, a message. Elsewhere that breaks the protocol. */
  readonly continues?: true;
  /** Why a positive reply is none: what the protocol prescribes for this command beyond the status. */
  readonly breach?: (said: Said) => string | undefined;
}

/** What of a reply a command may look at. */
export interface Said {
  readonly code?: number;
  readonly text: string;
  /** Lines of a multi-line answer: POP3 body, IMAP untagged responses. */
  readonly body: readonly string[];
}

export type ReplyForm =
  | 'smtp' // one reply, multi-line by RFC 5321 §4.2.1
  | 'pop3' // status line only
  | 'pop3-multi' // status line, and on +OK the lines up to "." (RFC 1939 §3)
  | 'pop3-sasl' // status line or "+ " challenge
  | 'imap'; // untagged lines up to the tagged reply, or a "+ " continuation

export type LineFailure = {
  readonly how: 'closed' | 'reset' | 'timeout' | 'line-too-long' | 'reply-too-long' | 'interrupted' | 'unasked';
  readonly detail: string;
  /** The platform's code: ECONNRESET, ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED. */
  readonly code?: string;
};

/** One complete reply as lines without CRLF (Latin-1 kept; UTF-8 decoded where valid), secrets masked. */
export type RawReply =
  | {
      readonly ok: true;
      readonly lines: readonly string[];
      readonly truncated: boolean;
      readonly count: number;
      readonly ms: number;
      /** What the base64 of a challenge says, as text and masked as such; a server's proof is left in it, and only here. */
      readonly challenge?: string;
    }
  | ({ readonly ok: false; readonly lines: readonly string[]; readonly ms: number } & LineFailure);

/** The one open connection. */
export interface Line {
  readonly address: string;
  readonly port: number;
  readonly channel: Channel;
  /** Reads one reply of this form. Call it once for each command sent, in order; `tag` for IMAP. */
  read(form: ReplyForm, tag?: string): Promise<RawReply>;
  /** Writes commands in one segment (pipelining when more than one). */
  write(commands: readonly Command[]): void;
  /** Raw bytes received and not yet read: must be empty before the upgrade (S-006). */
  pending(): string;
  /** Upgrades this connection to TLS. */
  secure(options: SecureOptions): Promise<SecureResult>;
  /** TLS channel-binding data, where TLS is on: tls-exporter (RFC 9266) under 1.3, tls-server-end-point (RFC 5929) below. */
  binding(type: 'tls-exporter' | 'tls-server-end-point' | 'tls-unique'): Uint8Array | undefined;
  /** Marks the channel as authenticated. */
  authenticated(): void;
  /** Ends the connection; idempotent, never waits longer than a second. */
  close(): Promise<void>;
}

export interface SecureOptions {
  readonly host: string;
  readonly mode: 'implicit' | 'upgrade';
  readonly minVersion?: 'TLSv1' | 'TLSv1.2';
  readonly maxVersion?: 'TLSv1.2';
  readonly legacy?: boolean;
  /** Remember what the server says in place of TLS (`firstBytes`); dear, so for control handshakes. */
  readonly tap?: boolean;
  readonly control?: TlsEvidence['control'];
}

export interface SecureResult {
  readonly tls: TlsEvidence;
  /** Absent where the handshake failed. */
  readonly certificate?: CertificateEvidence;
  readonly problems: readonly ProblemEvidence[];
  /** DER of the chain as sent and as built, leaf first: for revocation and TLSA. */
  readonly chain?: { readonly sent: readonly Uint8Array[]; readonly built: readonly Uint8Array[] };
}

export interface TranscriptLine {
  readonly from: 'client' | 'server';
  readonly atMs: number;
  readonly text: string;
}

export interface HttpAnswer {
  readonly outcome: 'ok' | 'failed' | 'timeout' | 'blocked' | 'too-large' | 'redirect-loop';
  readonly status?: number;
  readonly url: string;
  /** Every URL visited. */
  readonly hops: readonly string[];
  readonly authenticated: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly detail?: string;
  readonly ms: number;
}

export interface Net {
  /** Monotonic milliseconds. */
  now(): number;
  /** Wall clock. */
  date(): Date;
  random(bytes: number): Uint8Array;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Environment that changes verdicts, found at start. */
  environment(): readonly EnvironmentEvidence[];
  /** One question to the run's resolver (`--resolver` or the system's), or to `resolver`. */
  lookup(host: string, type: LookupEvidence['type'], options?: { resolver?: string }): Promise<LookupEvidence>;
  /** A and AAAA of a name at once, as the run's families allow; IP literals answer themselves. */
  addresses(host: string): Promise<{ readonly lookups: readonly LookupEvidence[]; readonly addresses: readonly string[] }>;
  /** One TCP connection; `line` where it opened. */
  connect(target: {
    host: string;
    address: string;
    port: number;
    protocol: Protocol;
    control?: ConnectEvidence['control'];
  }): Promise<{ connect: ConnectEvidence; line?: Line }>;
  http(request: {
    url: string;
    method?: 'GET' | 'POST';
    body?: string | Uint8Array;
    headers?: Readonly<Record<string, string>>;
    maxBytes?: number;
    redirects?: number;
    /** Only these hosts or their subdomains may be redirected to. */
    within?: readonly string[];
    timeoutMs?: number;
  }): Promise<HttpAnswer>;
  /** The route to an address, by the system's own tool, at most `ms` milliseconds. Absent where no process may be started. */
  route?(address: string, ms: number): Promise<Pick<RouteEvidence, 'program' | 'lines' | 'outcome' | 'ms'>>;
  /** The place that --connect-to names, for every connection to a mail server. */
  readonly connectTo?: { readonly host: string; readonly port?: number };
  /**
   * Asks the certificate authorities about a path by OCSP and CRL, over plain http only, bounded in size and time.
   * @param path DER, leaf first.
   */
  revocation(
    path: readonly Uint8Array[],
    about: { host: string; address: string },
  ): Promise<{
    readonly revocation: NonNullable<CertificateEvidence['revocation']>;
    readonly problems: readonly ProblemEvidence[];
  }>;
  /** Fetches the issuers that a server did not send, by the URLs in its certificates. @returns the problems with what that proved. */
  missingIssuers(
    sent: readonly Uint8Array[],
    problems: readonly ProblemEvidence[],
    about: { host: string; address: string },
  ): Promise<readonly ProblemEvidence[]>;
  /** The deadline of the current stage, in milliseconds from now; every read, connect and handshake obeys it. */
  deadline(ms: number): void;
  /** Waits for `work`, at most `ms` milliseconds. */
  within(work: Promise<void>, ms: number): Promise<void>;
  /** Resolves after `ms` milliseconds, or at once when the run is interrupted. */
  sleep(ms: number): Promise<void>;
  open: Open;
  readonly transcript: readonly TranscriptLine[];
  /** Closes whatever is still open. */
  close(): Promise<void>;
}

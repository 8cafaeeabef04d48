/**
 * What TLS libraries say, as one vocabulary: OpenSSL and Node, BoringSSL, JSSE, Go, .NET, schannel, NSS, GnuTLS, rustls,
 * SecureTransport (alerts: RFC 8446 §6.2; certificate errors: X509_verify_cert_error_string).
 *
 * A pure map from words to TlsFailure or CertificateProblem. Used live on the platform's error and on pasted text.
 */
import type { CertificateProblem, TlsFailure } from '../model/evidence.ts';

export type TlsError =
  | { readonly kind: 'tls'; readonly failure: TlsFailure; readonly matched: string; readonly alert?: number }
  | {
      readonly kind: 'problem';
      readonly problem: CertificateProblem;
      readonly matched: string;
      /** True where the same words stand for more than one fault (a missing intermediate or an unknown root). */
      readonly ambiguous?: boolean;
    };

interface Entry {
  readonly words: readonly string[];
  readonly failure?: TlsFailure;
  readonly problem?: CertificateProblem;
  readonly alert?: number;
  readonly ambiguous?: boolean;
  /** Words so plain that they count only beside TLS words. */
  readonly shy?: boolean;
}

const problem = (p: CertificateProblem, words: readonly string[], more: Partial<Entry> = {}): Entry => ({
  problem: p,
  words,
  ...more,
});
const failure = (f: TlsFailure, words: readonly string[], more: Partial<Entry> = {}): Entry => ({ failure: f, words, ...more });

/** Words are lower case, `_` and `-` as spaces. The order decides between entries that share words: the specific first. */
const SPECIFIC: readonly Entry[] = [
  problem('server-name-missing', ['invalid2.invalid', 'no sni provided']),
  problem('revoked', [
    'certificate revoked',
    'cert revoked',
    'certificate has been revoked',
    'revoked certificate',
    'certificate is revoked',
    'certificate chain is revoked',
    'invalid peer certificate: revoked',
    'crypt e revoked',
    '0x80092010',
    'cert e revoked',
    '0x800b010c',
    'certificate was revoked',
    'trust is revoked',
    'alert number 44',
  ]),
  problem('revocation-unchecked', [
    'unable to get certificate crl',
    'unable to get crl',
    'crl has expired',
    'crl is not yet valid',
    'revocationstatusunknown',
    'revocation status unknown',
    'offlinerevocation',
    'revocation server was offline',
    'unable to check revocation',
    'crypt e no revocation check',
    'crypt e revocation offline',
    '0x80092012',
    '0x80092013',
    'sec error ocsp',
    'could not determine revocation status',
    'unable to determine revocation status',
  ]),
  problem('pin-mismatch', [
    'fingerprint does not match',
    'fingerprints do not match',
    'fingerprint mismatch',
    'pinning failure',
    'pinned public key',
    'pinned certificate',
    'key pinning',
  ]),
  problem('intercepted', ['mitm detected', 'mozilla pkix error mitm']),
  problem('self-signed', [
    'depth zero self signed cert',
    'pkix error self signed cert',
    'certificate is self signed',
    'num=18:',
    'error 18 at 0 depth',
    'verify return code: 18',
  ]),
  problem(
    'untrusted-root',
    [
      'self signed cert in chain',
      'self signed certificate in certificate chain',
      'self signed certificate in chain',
      'num=19:',
      'verify return code: 19',
      'errsslunknownrootcert',
      'errsslnorootcert',
      '9812',
      '9813',
    ],
    { ambiguous: true },
  ),
  problem('self-signed', ['self signed certificate', 'self signed cert', 'selfsigned']),
  problem(
    'incomplete-chain',
    [
      'unable to verify leaf signature',
      'unable to verify the first certificate',
      'num=21:',
      'verify return code: 21',
      'chain incomplete',
      'incomplete chain',
      'partialchain',
      'partial chain',
      'cert e chaining',
      '0x800b010a',
      'missing intermediate',
    ],
    { ambiguous: true },
  ),
  problem(
    'untrusted-root',
    [
      'no roots provided',
      'failed to load system roots',
      'no ca certificates',
      'unable to get local issuer certificate',
      'unable to get issuer cert',
      'num=20:',
      'verify return code: 20',
      'sec e untrusted root',
      '0x80090325',
      'cert e untrustedroot',
      '0x800b0109',
      'untrustedroot',
      'untrusted root',
      'unknownissuer',
      'err cert authority invalid',
      'sec error unknown issuer',
      'sec error untrusted issuer',
      'sec error untrusted cert',
      'certificate signed by unknown authority',
      'trust anchor for certification path not found',
      'unable to find valid certification path',
      'pkix path building failed',
      'path does not chain with any of the trust anchors',
      'issuer is unknown',
      "hasn't got a known issuer",
      'unknown ca',
      'alert number 48',
      'authority that is not trusted',
      'not issued by a trusted',
      'root certificate which is not trusted',
      'certificate not trusted',
      'server is not trusted',
      'certificate is not trusted',
      'certificate is not trusted by the operating system',
      'signed by an unknown authority',
      'signed by an unknown certificate authority',
      'issuer is not recognized',
      'issuer of this certificate chain was not found',
      'issuer certificate was not found',
      'issuer certificate not found',
    ],
    { ambiguous: true },
  ),
  problem('not-yet-valid', [
    'certificate is not yet valid',
    'cert not yet valid',
    'certificate not yet valid',
    'not yet valid certificate',
    'certificatenotyetvalidexception',
    'errsslcertnotyetvalid',
    '9815',
    'notvalidyet',
    'not yet activated',
    'num=9:',
    'verify return code: 9 ',
  ]),
  problem('expired', [
    'certificate has expired',
    'certificate has  expired',
    'cert has expired',
    'certificate expired',
    'expired certificate',
    'certificate is expired',
    'err cert date invalid',
    'sec error expired',
    'sec e cert expired',
    'cert e expired',
    '0x80090328',
    '0x800b0101',
    'errsslcertexpired',
    '9814',
    'certificateexpiredexception',
    'invalid peer certificate: expired',
    'certexpired',
    'alert number 45',
    'nottimevalid',
    'num=10:',
    'verify return code: 10 ',
  ]),
  problem('name-only-in-cn', [
    'relies on legacy common name field',
    'no subject alternative names present',
    'no subject alternative names',
  ]),
  problem('identity-differs', [
    'err tls cert altname invalid',
    "does not match certificate's altnames",
    'hostname mismatch',
    "hostname doesn't match",
    'hostname does not match',
    'host name mismatch',
    'host name does not match',
    'ip address mismatch',
    'name mismatch',
    'commonname mismatch',
    'common name mismatch',
    'err cert common name invalid',
    'num=62:',
    'num=64:',
    'no alternative certificate subject name matches',
    'ssl error bad cert domain',
    'certificate subject name',
    'not issued for this host',
    'not in certificate:',
    'remotecertificatenamemismatch',
    'cert e cn no match',
    '0x800b010f',
    'sec e wrong principal',
    '0x80090322',
    'errsslhostnamemismatch',
    '9843',
    'notvalidforname',
    'certificate not valid for name',
    'certificate is only valid for',
    'no subject alternative dns name matching',
    'no name matching',
    'server identity check failed',
    'certificate owner does not match',
    'name in the certificate does not match',
    'name of the certificate does not match',
    "doesn't contain any ip sans",
    'certificate is not valid for any names',
    'certificate is valid for',
    'certificate verify failed: ip address',
    'was not verified: certificate',
    'certificate name mismatch',
    'sslpeerunverifiedexception',
    'does not match target host name',
    'does not match the name',
  ]),
  problem('weak-key', [
    'ee key too small',
    'ca key too small',
    'ee certificate key too weak',
    'ca certificate key too weak',
    'inadequate key size',
    'err cert weak key',
    'num=66:',
    'num=67:',
    'keysize limits',
    'key size limits',
    'certificate key too weak',
  ]),
  problem('weak-signature', [
    'ca md too weak',
    'ca signature digest algorithm too weak',
    'num=68:',
    'cert signature algorithm disabled',
    'err cert weak signature algorithm',
    'certificates do not conform to algorithm constraints',
    'certificates does not conform to algorithm constraints',
    'algorithm constraints check failed on signature algorithm',
    'insecure algorithm',
    'insecure signature',
    'hasweaksignature',
    'md too weak',
  ]),
  problem('wrong-purpose', [
    'unsupported certificate purpose',
    'alert number 43',
    'unsuitable certificate purpose',
    'invalid purpose',
    'num=26:',
    'inadequate cert type',
    'inadequate key usage',
    'incompatible key usage',
    'extended key usage does not permit',
    'cert e wrong usage',
    '0x800b0110',
    'notvalidforusage',
    'casusedasendentity',
    'causedasendentity',
    'ca cert used as end entity',
  ]),
  problem('critical-extension', [
    'unhandled critical extension',
    'unknown critical extension',
    'unrecognized critical extension',
    'num=34:',
  ]),
  problem('constraint', [
    'permitted subtree violation',
    'excluded subtree violation',
    'cert not in name space',
    'name constraint',
  ]),
  problem('path', [
    'path length constraint exceeded',
    'path length exceeded',
    'path len constraint',
    'num=25:',
    'num=24:',
    'num=32:',
    'invalid ca certificate',
    'ca cert invalid',
    'basic constraints check failed',
    'not authorized to sign other certificates',
    'too many intermediates',
    'key usage does not include certificate signing',
    'key usage violation',
  ]),
  problem('chain-too-long', ['certificate chain too long', 'cert chain too long', 'num=22:']),
  problem('bad-signature', [
    'certificate signature failure',
    'cert signature failure',
    'num=7:',
    'sec error bad signature',
    'notsignaturevalid',
    'trust e cert signature',
    '0x80096004',
    'invalid peer certificate: badsignature',
    'certificate is not correctly signed',
  ]),
  problem('malformed', [
    'sec error bad der',
    'sec error reused issuer and serial',
    'invalid peer certificate: badencoding',
    'x509: malformed',
    'unsupportedcertversion',
    'unsupported certificate version',
    'not standards compliant',
    'malformed certificate',
  ]),
  failure('certificate-required', [
    'alert certificate required',
    'certificate required',
    'alert number 116',
    'alert number 41',
    'peer did not return a certificate',
    'client certificate required',
    'requires a client certificate',
    'certificaterequired',
    "client didn't provide a certificate",
  ]),
  failure('unrecognized-name', ['unrecognized name', 'unrecognised name', 'unrecognizedname', 'alert number 112'], {
    alert: 112,
  }),
  failure('excessive-message', ['excessive message size', 'certificate message too long']),
  failure('plain-answer', [
    'wrong version number',
    'ssl23 get server hello:unknown protocol',
    'ssl routines:unknown protocol',
    'ssl routines::unknown protocol',
    ':unknown protocol',
    'packet length too long',
    'http request',
    'unrecognized ssl message',
    'unsupported or unrecognized ssl message',
    'plaintext connection?',
    'first record does not look like a tls handshake',
    'oversized record received',
    'rx record too long',
    'record too long',
    'unexpected packet format',
    'cannot determine the frame size',
    'unexpected tls packet was received',
    'invalidcontenttype',
    'sec e invalid token',
    '0x80090308',
    'token supplied to the function is invalid',
    'unable to parse tls packet header',
    'not an ssl/tls record',
  ]),
  failure('protocol-version', [
    'alert protocol version',
    'alert number 70',
    'protocolversion',
    'fatal alert: protocol version',
    'unsupported protocol',
    'no protocols available',
    'no appropriate protocol',
    'version too low',
    'protocol version not supported',
    'unsupported protocol version',
    'is not accepted by client preferences',
    'protocol version is not enabled',
    'ssl error unsupported version',
    'protocol version alert',
    'illegal or unsupported version',
    'peerincompatible',
    'errsslpeerprotocolversion',
    '9836',
    'incompatible tls version',
    'tls version mismatch',
    'inappropriate fallback',
    'alert number 86',
  ]),
  failure('no-shared-cipher', [
    'no shared cipher',
    'no ciphers available',
    'no cipher match',
    'no cipher suites in common',
    'no cypher overlap',
    'no cipher overlap',
    'dh key too small',
    'dh prime too small',
    'weak server ephemeral dh key',
    'could not generate dh keypair',
    'diffie hellman prime sent by the server is not acceptable',
    'dh serverkeyexchange does not comply',
    'no supported cipher suites',
    'no common cipher',
    'common algorithm',
    'sec e algorithm mismatch',
    '0x80090331',
    'legacy sigalg',
    'no shared signature algorithm',
    'no suitable signature algorithm',
    'wrong signature type',
    'insufficient security',
    'alert number 71',
    'no suitable key share',
    'no shared group',
    'errsslnegotiation',
    '9801',
  ]),
  failure('handshake-alert', [
    'alert handshake failure',
    'alert number 40',
    'fatal alert: handshake failure',
    'fatal alert: handshakefailure',
    'received fatal alert: handshakefailure',
    'ssl handshake failure alert',
    'errsslpeerhandshakefail',
    '9824',
    'alert internal error',
    'alert number 80',
    'fatal alert: internal error',
    'fatal alert: internalerror',
    'alert decode error',
    'alert number 50',
    'alert access denied',
    'alert number 49',
    'alert illegal parameter',
    'alert number 47',
    'sec e illegal message',
    '0x80090326',
    'fatal alert has been received',
    'tls fatal alert',
  ]),
];

/** Words that say only that it went wrong; they count where nothing specific stands. */
const GENERAL: readonly Entry[] = [
  problem('untrusted', [
    'certificate verify failed',
    'certificate verification failed',
    'certificate verification error',
    'certificate validation failed',
    'certificate is invalid according to the validation procedure',
    'remotecertificatechainerrors',
    'error in the certificate verification',
    'ssl certificate problem',
    'bad certificate',
    'alert number 42',
    'certificate unknown',
    'alert number 46',
    'invalid peer certificate',
    'certpathvalidatorexception',
    'chain validation failed',
    'pkix path validation failed',
    'errsslxcertchaininvalid',
    '9807',
    '9808',
    'not overridable',
  ]),
  failure('bad-record', ['bad record mac', 'decryption failed or bad record mac', 'bad record type', 'alert number 20'], {
    shy: true,
  }),
  failure('timeout', [
    'handshake timed out',
    'handshake timeout',
    'tls handshake timeout',
    'ssl handshake has timed out',
    'ssl handshake timed out',
  ]),
  failure('closed', [
    'remote host terminated the handshake',
    'remote host closed connection during handshake',
    'unexpected eof while reading',
    'eof occurred in violation of protocol',
    'client network socket disconnected before secure tls connection was established',
    'socket disconnected before secure',
    'tls connection was non properly terminated',
    'tls packet with unexpected length was received',
    'authentication failed because the remote party has closed the transport stream',
    'remote party sent a tls alert',
    'tls handshake: eof',
    'tls handshake eof',
    'pr end of file error',
    'errsslclosedabort',
    'errsslclosednonotify',
    '9806',
    '9816',
    'connection closed during tls',
  ]),
  failure('failed', [
    'ssl handshake failed',
    'tls handshake failed',
    'tls handshake failure',
    'ssl handshake failure',
    'handshake failed',
    'handshake error',
    'tls initialization failed',
    'unsafe legacy renegotiation disabled',
    'sslhandshakeexception',
    'ssl handshake aborted',
    'ssl connect error',
    'ssl connect failed',
    'ssl protocol error',
    'failed to negotiate tls',
    'tls negotiation failed',
    'ssl negotiation failed',
  ]),
];

const CONTEXT =
  /ssl|tls|x509|pkix|cert|handshake|secur|trust|cipher|cypher|verify|num=|0x80|peer|frame|packet|revo|fingerprint|pinn|dh key|invalid2|alert|corrupt|plaintext|common ?name|common algorithm|ocsp|subtree|contenttype|untrusted|md too weak|remote party|transport stream|end.of.file.error|chain validation|-98\d\d|error:(?:0a|14)[0-9a-f]{6}|sec_error|issuer/i;

/** Reasons of OpenSSL's by their number, for where its strings were not loaded: `error:1408F10B:lib(20):func(143):reason(267)`. */
const REASONS: Readonly<Record<number, string>> = {
  134: 'certificate verify failed',
  191: 'no protocols available',
  193: 'no shared cipher',
  252: ':unknown protocol',
  258: 'unsupported protocol',
  267: 'wrong version number',
  294: 'unexpected eof while reading',
  338: 'unsafe legacy renegotiation disabled',
  394: 'dh key too small',
  398: 'ca md too weak',
  399: 'ee key too small',
};
/** From 1000 on, a reason is the alert that the other side sent (ssl_err.c). */
const ALERTS = 1000;

function reasonOf(all: string, library: string, code: string): string {
  const reason = Number.parseInt(library === '0a' ? code : code.slice(-3), 16);
  const words = reason > ALERTS ? `alert number ${reason - ALERTS}` : REASONS[reason];
  return words === undefined ? all : `${all} ${words} `;
}

/** GnuTLS gives alerts names of its own (lib/alert.c). */
const GNUTLS: Readonly<Record<string, number>> = {
  'handshake failed': 40,
  'certificate is bad': 42,
  'certificate is not supported': 43,
  'certificate was revoked': 44,
  'certificate is expired': 45,
  'unknown certificate': 46,
  'ca is unknown': 48,
  'error in protocol version': 70,
  'insufficient security': 71,
  'inappropriate fallback': 86,
  'the server name sent was not recognized': 112,
  'certificate is required': 116,
};

/** Windows writes "fatal alert code is 40", OpenSSL "alert number 40" or a code with that number in it. */
const fold = (text: string) =>
  text
    .toLowerCase()
    .replace(/\berror:(0a|14)([0-9a-f]{6})(?=:lib\(|(?::ssl routines::?)? ?(?:$|["',)\]]))/g, reasonOf)
    .replace(/[_-]/g, ' ')
    .replace(/’/g, "'")
    .replace(/\s+/g, ' ')
    .replace(/\bfatal (?:alert|error) code is (?=\d{1,3}\b)/g, 'alert number ')
    .replace(/\bfatal alert has been received: ([a-z ]{8,40})/g, (all, name: string) => {
      const number = GNUTLS[name.trim()];
      return number === undefined ? all : `alert number ${number}`;
    });

/** SecureTransport numbers count only as a number of their own (`-9807`), never as part of a longer one. */
function stands(text: string, word: string): boolean {
  if (!/^\d{4}$/.test(word)) return text.includes(word);
  const at = text.indexOf(word);
  return (
    at > 0 &&
    text.charAt(at - 1) === ' ' &&
    !/^[.:]?\d/.test(text.slice(at + 4, at + 6)) &&
    /error|osstatus|domain|ssl|status/.test(text)
  );
}

function scan(text: string, entries: readonly Entry[]): TlsError[] {
  const found: TlsError[] = [];
  const taken: string[] = [];
  for (const entry of entries) {
    const words = entry.words.find((w) => stands(text, w) && !taken.some((t) => t.includes(w)));
    if (words === undefined) continue;
    if (entry.shy && !/ssl|tls/.test(text)) continue;
    taken.push(words);
    if (entry.failure) {
      if (!found.some((f) => f.kind === 'tls')) {
        const number = Number(/alert number (\d{1,3})/.exec(text)?.[1] ?? entry.alert ?? Number.NaN);
        found.push({ kind: 'tls', failure: entry.failure, matched: words, ...(Number.isNaN(number) ? {} : { alert: number }) });
      }
    } else if (entry.problem && !found.some((f) => f.kind === 'problem' && f.problem === entry.problem)) {
      found.push({ kind: 'problem', problem: entry.problem, matched: words, ...(entry.ambiguous ? { ambiguous: true } : {}) });
    }
  }
  return found;
}

/**
 * Go says both in one sentence and adds the two times; Java gives `NotAfter:` or `NotBefore:`; the words beside decide.
 */
function dated(text: string): TlsError | undefined {
  if (text.includes('has expired or is not yet valid')) {
    const early = text.includes(' is before ');
    return { kind: 'problem', problem: early ? 'not-yet-valid' : 'expired', matched: 'has expired or is not yet valid' };
  }
  if (text.includes('timestamp check failed') || text.includes('validity check failed')) {
    const early = text.includes('notbefore') || text.includes('notyetvalid');
    return { kind: 'problem', problem: early ? 'not-yet-valid' : 'expired', matched: 'check failed' };
  }
  return undefined;
}

const problemOf = (e: TlsError) => (e.kind === 'problem' ? e.problem : undefined);

/**
 * @param text one message, or a code as the platform spells it; a few lines at most.
 * @returns every TLS failure and certificate problem that it names, the most specific first; general words ("certificate verify
 *   failed") only where no specific ones stand; empty where the text speaks of neither.
 */
export function readTlsErrors(text: string): readonly TlsError[] {
  if (!CONTEXT.test(text)) return [];
  const words = fold(text);
  const when = dated(words);
  const specific = scan(when ? words.replaceAll('has expired or is not yet valid', '') : words, SPECIFIC);
  const all = when ? [when, ...specific.filter((f) => f.kind === 'tls' || f.problem !== problemOf(when))] : specific;
  // GnuTLS and others say "not trusted" of every fault and name it after that.
  const named = all.filter((f) => !(f.kind === 'problem' && /not trusted/.test(f.matched)));
  if (named.some((f) => f.kind === 'problem')) return named;
  // Only the chain of "self-signed in chain" also says "self-signed certificate": the leaf is not the one meant.
  return all.length > 0 ? all : scan(words, GENERAL).slice(0, 1);
}

/** @returns the TLS failure of a handshake error, by code and message; `failed` where neither is known. Certificate errors give undefined. */
export function tlsFailureOf(code: string | undefined, message: string): TlsFailure | undefined {
  const found = readTlsErrors(`${code ?? ''} ${message}`);
  const own = found.find((f) => f.kind === 'tls');
  if (own?.kind === 'tls') return own.failure;
  if (found.length > 0) return undefined;
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'reset';
  if (code === 'ETIMEDOUT') return 'timeout';
  return 'failed';
}

/** @returns the certificate problem of a verification error, by code and message; undefined where it names none. */
export function certificateProblemOf(code: string | undefined, message: string): CertificateProblem | undefined {
  const own = readTlsErrors(`${code ?? ''} ${message}`).find((f) => f.kind === 'problem');
  return own?.kind === 'problem' ? own.problem : undefined;
}

/** Build paths, line numbers and thread ids out of an OpenSSL error string: `40B7F3:error:0A00010B:SSL routines::wrong version number:../ssl/record.c:354:`. */
export function cleanTlsMessage(message: string): string {
  return message
    .replace(/\b[0-9A-F]{8,16}:error:/g, 'error:')
    .replace(/:(?:\.\.\/|\/)?[\w./-]{1,200}\.c:\d{1,6}:?(?=(.?))/g, (_all, next: string) => (/\w/.test(next) ? ': ' : ''))
    .trim();
}

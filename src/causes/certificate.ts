/** The certificate of the server: trust, validity and identity apart (RFC 5280, 9525, 6960), and what stands in the way of judging it. */
import type { Cause, Rule } from '../model/cause.ts';
import type { CertificateEvidence, CertificateProblem, ClockEvidence, ProblemEvidence, TlsEvidence } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import type { Severity } from '../model/terms.ts';
import { likely, pasted, possible } from './hear.ts';
import { BIG_PROVIDER, mention, mentions, numbers, sureness, UNKNOWN, wordsIn } from './look.ts';
import { seen, sighting } from './rules.ts';
import { told } from './tongues.ts';

/** The cause that each fault of a certificate stands for. */
const CAUSES: Readonly<Record<CertificateProblem, string>> = {
  'self-signed': 'certificate.self-signed',
  'untrusted-root': 'certificate.untrusted-root',
  untrusted: 'certificate.untrusted-root',
  'incomplete-chain': 'certificate.incomplete-chain',
  expired: 'certificate.expired',
  'not-yet-valid': 'certificate.not-yet-valid',
  'identity-differs': 'certificate.identity-differs',
  'name-only-in-cn': 'certificate.identity-differs',
  'partial-wildcard': 'certificate.identity-differs',
  intercepted: 'certificate.intercepted',
  revoked: 'certificate.revoked',
  'revocation-unchecked': 'certificate.revocation-unchecked',
  'staple-invalid': 'certificate.revocation-unchecked',
  'pin-mismatch': 'certificate.pin-mismatch',
  'weak-key': 'certificate.weak',
  'weak-signature': 'certificate.weak',
  'wrong-purpose': 'certificate.wrong-purpose',
  constraint: 'certificate.invalid',
  path: 'certificate.invalid',
  'critical-extension': 'certificate.invalid',
  'bad-signature': 'certificate.invalid',
  malformed: 'certificate.invalid',
  'too-complex': 'certificate.invalid',
  'chain-too-long': 'certificate.invalid',
  'chain-order': 'certificate.chain-order',
  'expires-soon': 'certificate.expires-soon',
  'server-name-missing': 'tls.server-name-missing',
  'trust-differs': 'certificate.trust-differs',
};

/** A fault that the platform lets pass is a warning; one that no client minds, a remark. */
const severityOf = (p: ProblemEvidence): Severity => (p.tolerated !== true ? 'error' : p.remark ? 'notice' : 'warning');

interface Look {
  /** Not the fault itself but its mild form is looked for. */
  readonly tolerated?: boolean;
  readonly severity?: Severity;
  readonly params?: (facts: Facts, p: ProblemEvidence) => Readonly<Record<string, string>>;
  readonly alternatives?: readonly string[];
}

/**
 * One or more faults of the certificate. The strength is the order of mending: what makes the others pointless comes first (a
 * stranger's certificate before its date, trust before validity, validity before names).
 */
const fault = (strength: number, problems: readonly CertificateProblem[], look: Look = {}): Rule =>
  seen((facts) => {
    if (facts.all('problem').length === 0 && facts.controls('problem').length === 0) return undefined;
    const fits = (p: ProblemEvidence) =>
      problems.includes(p.problem) && (look.tolerated === undefined || (p.tolerated === true) === look.tolerated);
    const all = facts.all('problem').filter(fits);
    const hard = all.filter((p) => p.tolerated !== true);
    const mine = hard.length > 0 ? hard : all;
    const [p] = mine;
    if (!p) return elsewhere(facts, strength, fits);
    const severity =
      look.severity ?? (mine.some((x) => severityOf(x) === 'warning') && hard.length === 0 ? 'warning' : severityOf(p));
    const others = [...(p.alternative ? [CAUSES[p.alternative]] : []), ...(look.alternatives ?? [])];
    const telling = facts.pasted
      ? []
      : facts.controls('problem').filter((c) => problems.includes(c.problem) && c.tolerated !== true);
    return sighting(
      sureness(facts, p.alternative || p.problem === 'untrusted' ? 'likely' : 'proven'),
      strength,
      [...mine, ...telling],
      {
        severity,
        ...(others.length > 0 ? { alternatives: others } : {}),
        ...(look.params ? { params: look.params(facts, p) } : {}),
      },
    );
  });

/** The address in use is fine, another address of the same name is not: some connections will fail. */
function elsewhere(facts: Facts, strength: number, fits: (p: ProblemEvidence) => boolean) {
  const others = facts.controls('problem', 'other-address').filter((p) => p.tolerated !== true && fits(p));
  return others.length > 0 ? sighting('proven', strength, others, { severity: 'warning' as const }) : undefined;
}

/** The names of the certificate, for the words: from the chain that was seen, else from the quoted sentence. */
function namesOf(facts: Facts, p?: ProblemEvidence): string {
  const leaf = facts.last('certificate')?.sent[0];
  if (leaf && leaf.names.length > 0) {
    const shown = leaf.names.slice(0, 6).map((n) => n.replace(/^DNS:/, ''));
    return leaf.namesTotal > shown.length ? `${shown.join(', ')}, ${UNKNOWN}` : shown.join(', ');
  }
  if (leaf?.commonName) return leaf.commonName;
  const said =
    /(?:altnames|alternative names?|cert's list|valid for(?: names)?|names?):? ?((?:DNS:|IP Address:)?[\w*][\w.*:-]{2,100}(?:, ?(?:DNS:|IP Address:)?[\w*][\w.*:-]{2,100}){0,5})/i.exec(
      p?.detail ?? '',
    )?.[1];
  return said?.replaceAll('DNS:', '') ?? UNKNOWN;
}

/** Seconds beyond which a clock is called wrong; certificates are issued with some minutes of grace. */
const SKEW = 300;

/** A validity period is missed here and would be met by the clock elsewhere. */
const wrongClock: Rule = seen((facts) => {
  const clock: ClockEvidence | undefined = facts.controls('clock').at(-1) ?? facts.last('clock');
  if (!clock || Math.abs(clock.skewSeconds) <= SKEW) return undefined;
  const early = clock.skewSeconds < 0;
  const missed = facts.all('problem').filter((p) => p.tolerated !== true && p.problem === (early ? 'not-yet-valid' : 'expired'));
  if (missed.length === 0) return undefined;
  const there = Date.parse(clock.there);
  const sent = facts.last('certificate')?.sent[missed[0]?.depth ?? 0];
  const from = Date.parse(sent?.notBefore ?? '');
  const until = Date.parse(sent?.notAfter ?? '');
  if (there < from || there > until) return undefined;
  return sighting('proven', 79, [clock, ...missed]);
});

/** A big provider never shows a certificate that is not its own: whoever does sits in between. */
const notTheProviders: Rule = seen((facts) => {
  if (!facts.pasted) return undefined;
  const p = facts.all('problem').find((x) => ['untrusted-root', 'self-signed', 'identity-differs'].includes(x.problem));
  const host = p && mention(facts, BIG_PROVIDER);
  if (!p || !host) return undefined;
  // Libraries without root certificates say the same of everybody.
  if (
    /unable to get local issuer|local issuer certificate|PKIX path building|unknown authority|UntrustedRoot|PartialChain/i.test(
      wordsIn(p),
    )
  )
    return undefined;
  return sighting('likely', 91, [p, host.evidence], {
    matched: host.matched,
    alternatives: [CAUSES[p.problem], 'tls.server-name-missing'],
  });
});

/** The published server of a provider shows a name that is not its own. */
const presetDiffers: Rule = seen((facts) => {
  const published = facts.all('setting').some((s) => s.field === 'host' && s.from === 'preset');
  const p = facts.all('problem').find((x) => x.problem === 'identity-differs' && x.tolerated !== true);
  return published && p ? sighting('possible', 60, [p]) : undefined;
});

const SERVER_LOG =
  /SSL_accept|accept(?:ing)?\b|imap-login|pop3-login|smtpd\b|\bfrom client\b|handshake\s+failed: remote error|remote error: tls|peer (?:rejected|sent)|read from client|server side/i;
/** A client hung up over our certificate: all that a server's log sees of it is the alert (RFC 8446 §6.2). */
const refusedByClient = (strength: number, alerts: readonly number[], words: RegExp): Rule =>
  seen((facts) => {
    if (!facts.pasted) return undefined;
    const of = (t: TlsEvidence) =>
      (t.alert !== undefined && alerts.includes(t.alert)) || words.test(`${t.code ?? ''} ${t.detail ?? ''}`);
    const t = facts.all('tls').find((x) => x.outcome === 'failed' && of(x));
    if (t) return sighting('likely', strength, [t], { alternatives: ['tls.client-certificate-required'] });
    const m = mention(facts, words);
    return m && SERVER_LOG.test(wordsIn(m.evidence))
      ? sighting('likely', strength, [m.evidence], { matched: m.matched })
      : undefined;
  });

/** The certificate message is over the library's limit, or not to be decoded. */
const unreadable: Rule = seen((facts) => {
  const t = facts.all('tls').find((x) => x.failure === 'excessive-message' || x.failure === 'bad-certificate');
  return t && sighting(sureness(facts), 60, [t]);
});

const tail = (host: string) => host.toLowerCase().split('.').slice(-2).join('.');

/** The same issuer that nobody trusts vouches for a host of somebody else: it makes certificates as connections pass. */
const sameIssuer: Rule = seen((facts) => {
  const own = facts.last('certificate');
  const issuer = own?.sent[0]?.issuer;
  if (facts.pasted || !own || own.trusted || !issuer) return undefined;
  const there = facts
    .controls('certificate', 'other-host')
    .find((c) => !c.trusted && c.sent[0]?.issuer === issuer && tail(c.host) !== tail(own.host));
  const p = facts.all('problem').find((x) => x.tolerated !== true);
  return there && p && sighting('likely', 94, [p, own, there], { alternatives: [CAUSES[p.problem]] });
});

const place = (c: CertificateEvidence) => (c.address.includes(':') ? `[${c.address}]:${c.port}` : `${c.address}:${c.port}`);
const isGood = (c: CertificateEvidence) => c.valid && c.identity && c.trusted;

/** Services or addresses of one host differ: the new certificate is there, and somebody was not told of it. */
const notReloaded: Rule = seen((facts) => {
  const own = facts.last('certificate');
  if (facts.pasted || !own) return undefined;
  const others = [...facts.controls('certificate', 'other-port'), ...facts.controls('certificate', 'other-address')];
  const all = [own, ...others.filter((c) => c.host === own.host)];
  const [good, bad] = [all.filter(isGood), all.filter((c) => !isGood(c))];
  if (good.length === 0 || bad.length === 0) return undefined;
  const told = (list: readonly CertificateEvidence[]) => [...new Set(list.map(place))].join(', ');
  return sighting('proven', 22, [...bad, ...good], {
    stage: 'certificate',
    params: { good: told(good), bad: `${told(bad)} (${bad.length}/${all.length})` },
  });
});

const trustOverridden: Rule = seen((facts) => {
  const e = facts.all('environment').find((x) => x.effect === 'trust' && x.harmless !== true);
  return e && sighting('proven', 15, [e]);
});

const named = { params: { names: UNKNOWN } };
const withNames =
  (rule: Rule): Rule =>
  (facts) => {
    const s = rule(facts);
    return s && { ...named, ...s };
  };

const filledPlaces =
  (rule: Rule): Rule =>
  (facts) => {
    const s = rule(facts);
    return s && { params: { good: UNKNOWN, bad: UNKNOWN }, ...s };
  };

export const certificate: readonly Cause[] = [
  {
    id: 'certificate.intercepted',
    category: 'certificate',
    stage: 'certificate',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'Something in between answers with its own certificate',
      meaning:
        'The certificate was not issued for the mail server: an antivirus program, company proxy, filter or web host sits in the connection and reads along.',
      fix: [
        'Switch off the mail or SSL scan of the antivirus program (Avast and AVG: Mail Shield, Kaspersky, ESET, Bitdefender: encrypted connections scan).',
        'In a company network, ask for an exception for the mail server, or for the root certificate of the proxy to be installed.',
        'Try from another network, for example over a mobile phone.',
        'Where it happens on a web host, ask it to stop redirecting mail connections.',
        'Do not send the password until the right certificate comes.',
      ],
    },
    links: [
      { title: 'RFC 9525 section 6, verifying service identity', url: 'https://www.rfc-editor.org/rfc/rfc9525#section-6' },
      {
        title: 'RFC 8446 appendix E.1.2, client authentication of the server',
        url: 'https://www.rfc-editor.org/rfc/rfc8446#appendix-E.1.2',
      },
    ],
    test: 'Look at the issuer of the certificate of an unrelated host from here: the same issuer there proves the interception.',
    example: {
      paste:
        'issuer=CN = avast! Web/Mail Shield Root, O = avast! Web/Mail Shield\nverify error:num=19:self signed certificate in certificate chain',
      serve: { protocol: 'imap', certificate: 'intercepted' },
    },
    rules: [
      fault(95, ['intercepted']),
      sameIssuer,
      notTheProviders,
      presetDiffers,
      mentions(
        /(?:issuer|issued by|\bi:|\bCA\b|root|certificat\w*|verify error).{0,80}\b(?:avast|\bavg\b|kaspersky|\beset\b|bitdefender|norton|mcafee|sophos|fortinet|fortigate|zscaler|netskope|blue ?coat|forcepoint|websense|watchguard|sonicwall|palo ?alto|check ?point|barracuda|cisco umbrella|untangle|mitmproxy|fiddler|charles proxy|portswigger|dr\.? ?web|g ?data|trend ?micro|adguard|superfish|squid|lightspeed|iboss|securly|goguardian|360 ?(?:安全|total)|火绒|深信服|sangfor)|(?:avast|\bavg\b|kaspersky|\beset\b|bitdefender|norton|mcafee|sophos|fortinet|fortigate|zscaler|netskope|blue ?coat|forcepoint|websense|watchguard|sonicwall|palo ?alto|check ?point|barracuda|cisco umbrella|untangle|mitmproxy|fiddler|charles proxy|portswigger|dr\.? ?web|g ?data|trend ?micro|adguard|superfish|squid|lightspeed|iboss|securly|goguardian|360 ?(?:安全|total)|火绒|深信服|sangfor).{0,60}(?:\broot\b|\bCA\b|issuer|certificat\w*|web\/mail shield)/i,
        'likely',
        95,
      ),
      likely(
        78,
        [
          /(?:anti-?virus|proxy|firewall|security (?:software|program|gateway)).{0,60}(?:intercept|inspect|scan|replac|man.in.the.middle)\w*.{0,60}(?:certificat|ssl|tls|connection)|\bMITM\b|man-in-the-middle|(?:ssl|tls|https) (?:inspection|interception|scanning|bump)/i,
          /(?:杀毒软件|防火墙|代理).{0,30}(?:证书|拦截)|phần mềm (?:diệt|chống) virus.{0,40}chứng chỉ|pare-feu.{0,40}certificat|virenscanner.{0,40}zertifikat/i,
        ],
        { unless: [/someone could be trying|could be an? (?:attack|attempt)|may be an? attack/i] },
      ),
    ],
  },
  {
    id: 'certificate.self-signed',
    category: 'certificate',
    stage: 'certificate',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The certificate is self-signed',
      meaning:
        'The server signed its certificate itself, so nobody else vouches for it and no program can tell the server from an impostor.',
      fix: [
        'Ask the administrator to install a certificate from a public authority (Let’s Encrypt issues them free of charge).',
        'Use the server name on the help page of your provider: the one in use may not be meant for mail programs.',
        'Where the server is your own or a local bridge, export its certificate and add it to the trusted ones of the program (mailcheck: --ca-file).',
        'Do not switch certificate checks off: then anybody on the way can read the password.',
      ],
    },
    links: [
      { title: 'RFC 5280 section 6, certification path validation', url: 'https://www.rfc-editor.org/rfc/rfc5280#section-6' },
      { title: 'Zoho Mail: external POP accounts', url: 'https://www.zoho.com/mail/help/external-pop-accounts-setup.html' },
    ],
    test: 'Compare subject and issuer of the certificate: if they are the same and the key signs itself, it is self-signed.',
    example: {
      paste: 'DEPTH_ZERO_SELF_SIGNED_CERT: self-signed certificate',
      serve: { protocol: 'pop3', certificate: 'self-signed' },
    },
    rules: [
      fault(90, ['self-signed']),
      likely(
        72,
        [
          /\bself[- ]?signed\b(?!.{0,30}\bin (?:the )?(?:certificate )?chain)/i,
          /自签名|自簽|tự ký|selbst ?signiert|selbstsigniert|auto-?signé|autofirmado|autoassinado|auto-?firmato|самоподписан|самозаверенн|自己署名|자체 서명|samopodpisan|zelfondertekend|självsignerat/i,
        ],
        { unless: [/invalid2\.invalid|ports? (?:110|995)/i] },
      ),
      told(71, ['certificate', 'selfsigned']),
    ],
  },
  {
    id: 'certificate.wrong-purpose',
    category: 'certificate',
    stage: 'certificate',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The certificate is not meant for servers',
      meaning:
        'The certificate was issued for another use, such as signing mail or client log-in, and may not identify a server.',
      fix: [
        'Ask the administrator to install a certificate with the purpose "TLS server authentication" (extended key usage serverAuth).',
        'Where the certificate comes from an authority of your own, issue it again with the profile for servers.',
      ],
    },
    links: [
      { title: 'RFC 5280 section 4.2.1.12, extended key usage', url: 'https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12' },
    ],
    test: 'Read the extended key usage of the certificate: serverAuth is not in it.',
    example: {
      paste: 'verify error:num=26:unsupported certificate purpose',
      serve: { protocol: 'imap', certificate: 'wrong-purpose' },
    },
    rules: [
      fault(87, ['wrong-purpose']),
      likely(70, [
        /certificat\w*.{0,60}\b(?:wrong|unsupported|unsuitable|invalid|improper|incompatible|not (?:valid|suitable|allowed|intended|meant)) (?:for )?(?:the |this |its )?(?:certificate )?(?:purpose|usage|use|server auth\w*)|(?:wrong|unsupported|unsuitable|invalid|inadequate|incompatible) (?:certificate |cert |extended )?(?:purpose|key usage|cert type)|SEC_ERROR_INADEQUATE/i,
      ]),
      numbers(['0x80090349', '0x800b0110'], 'likely', 72),
    ],
  },
  {
    id: 'certificate.invalid',
    category: 'certificate',
    stage: 'certificate',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The certificate or its chain breaks the rules',
      meaning:
        'A certificate in the chain is malformed, wrongly signed, or forbidden by the rules for certificates: an issuer that may not issue, a name outside its limits, an unknown critical part, or a chain that is too long.',
      fix: [
        'Ask the administrator to install the certificate and its chain afresh, as the authority delivered them.',
        'Have the certificate issued again where its content is at fault: the evidence names the rule.',
        'Where the authority is your own, check its CA flag, path length, key usage and name constraints.',
      ],
    },
    links: [
      { title: 'RFC 5280 section 6.1, basic path validation', url: 'https://www.rfc-editor.org/rfc/rfc5280#section-6.1' },
      { title: 'RFC 5280 section 4.2, certificate extensions', url: 'https://www.rfc-editor.org/rfc/rfc5280#section-4.2' },
    ],
    test: 'Run openssl verify -x509_strict over the chain as sent: it names the broken rule.',
    example: {
      paste: 'verify error:num=25:path length constraint exceeded',
      serve: { protocol: 'imap', certificate: 'path-length' },
    },
    rules: [
      fault(86, ['constraint', 'path', 'critical-extension', 'bad-signature', 'malformed', 'too-complex', 'chain-too-long']),
      unreadable,
      told(66, ['certificate', 'signature', 'fails'], { without: ['selfsigned'] }),
      likely(66, [
        /path ?len(?:gth)? (?:constraint )?exceeded|(?:name|basic) constraint|subtree violation|critical extension|invalid CA cert|certificate (?:signature failure|chain (?:is )?too long|is (?:malformed|corrupt))|malformed (?:x\.?509 )?certificate|bad certificate (?:encoding|signature)|not authorized to sign|SEC_ERROR_(?:CA_CERT_INVALID|BAD_DER|BAD_SIGNATURE|PATH_LEN\w*|CERT_NOT_IN_NAME_SPACE|UNKNOWN_CRITICAL\w*|EXTENSION\w*)/i,
      ]),
    ],
  },
  {
    id: 'certificate.pin-mismatch',
    category: 'certificate',
    stage: 'certificate',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The certificate is not the one that was pinned',
      meaning:
        'A fingerprint, saved exception or TLSA record names another certificate than the one the server shows. Either it was renewed, or another server answers.',
      fix: [
        'Ask the administrator for the fingerprint of the present certificate and compare it.',
        'Replace the stored fingerprint (fetchmail: sslfingerprint, msmtp: tls_fingerprint) or remove the saved exception where the certificate was renewed.',
        'Where the domain publishes TLSA records, have them brought in line with the certificate.',
        'Do not accept the new certificate where nobody knows of a renewal.',
      ],
    },
    links: [
      { title: 'RFC 6698 section 2.1, TLSA records', url: 'https://www.rfc-editor.org/rfc/rfc6698#section-2.1' },
      { title: 'RFC 7672 section 3, DANE for SMTP', url: 'https://www.rfc-editor.org/rfc/rfc7672#section-3' },
    ],
    test: 'Compare the fingerprint that the server shows with the one its administrator names.',
    example: {
      paste: 'fetchmail: mail.example.com fingerprints do not match!',
      unserved: 'A fingerprint or TLSA record has to be known beforehand; the lab mints its certificates afresh.',
    },
    rules: [
      likely(86, [/tlsa-invalid|curl: \(90\)/i]),
      fault(88, ['pin-mismatch']),
      likely(74, [
        /(?:fingerprint|pin(?:ned)?|thumbprint|public key|TLSA|DANE)\b.{0,60}\b(?:does not|doesn.t|do not|don.t|not|no longer|mis-?)\s?(?:match\w*|valid|fit|verified|correspond)|(?:fingerprint|pin|key|thumbprint)s?[ -]?mismatch|certificate (?:of \S{3,80} |for \S{3,80} )?(?:has |was )?(?:been )?changed|pinned|(?:TLSA|DANE).{0,40}(?:fail|mismatch|invalid|not (?:match|verif))|no matching (?:TLSA|DANE)/i,
        /指纹.{0,12}(?:不匹配|不一致|不符)|证书已(?:更改|变更)|dấu vân tay.{0,30}không khớp|fingerabdruck.{0,40}stimmt nicht|empreinte.{0,40}ne correspond pas/i,
      ]),
    ],
  },
  {
    id: 'certificate.untrusted-root',
    category: 'certificate',
    stage: 'certificate',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The certificate comes from an authority nobody trusts',
      meaning:
        'The chain ends at a root that is not among the trusted ones: a private authority of a company or school, or a public one that this machine does not know.',
      fix: [
        'Ask the administrator to install a certificate from a public authority.',
        'Where the authority belongs to your organisation, install its root certificate on this machine (mailcheck: --ca-file).',
        'Update the root certificates of this machine (ca-certificates, Windows Update, the Java cacerts file).',
        'Look at the issuer: where it names an antivirus program or proxy, switch its mail scan off.',
      ],
    },
    links: [
      { title: 'RFC 5280 section 6.1.1, trust anchor', url: 'https://www.rfc-editor.org/rfc/rfc5280#section-6.1.1' },
      { title: 'Zoho Mail: external POP accounts', url: 'https://www.zoho.com/mail/help/external-pop-accounts-setup.html' },
    ],
    test: 'Read the issuer of the last certificate sent: if it is a private authority, adding its root (--ca-file) makes the check pass.',
    example: {
      paste:
        'verify error:num=19:self-signed certificate in certificate chain\nissuer=O = Example School, CN = Example School Root CA',
      serve: { protocol: 'imap', certificate: 'untrusted-root' },
    },
    rules: [
      likely(70, [/certificate-not-trusted|sts-webpki-invalid/i]),
      // What Postfix and Sendmail note of a connection that they make all the same.
      likely(60, [/\bUntrusted TLS connection established to\b|\bSTARTTLS=client,.{0,200}\bverify=FAIL\b/], {
        alternatives: ['certificate.self-signed', 'certificate.identity-differs'],
      }),
      pasted(possible(50, [/certificate validation failed|curl: \(60\)/i])),
      likely(67, [/SEC_ERROR_(?:UNKNOWN|UNTRUSTED)_(?:ISSUER|CERT)|CERT_E_UNTRUSTEDROOT|SEC_E_UNTRUSTED_ROOT/]),
      fault(80, ['untrusted-root']),
      fault(79, ['trust-differs'], { tolerated: false }),
      fault(55, ['untrusted'], {
        alternatives: ['certificate.incomplete-chain', 'certificate.self-signed', 'certificate.intercepted'],
      }),
      refusedByClient(
        68,
        [42, 46, 48],
        /(?:bad[ _]certificate|certificate[ _]unknown|unknown[ _]ca)(?!.{0,20}required)|alert number (?:42|46|48)\b/i,
      ),
      likely(
        66,
        [
          /(?:certificat\w*|issuer|authority|signer|root|chain)\b.{0,80}\b(?:not|n.t|un|never) ?(?:be )?(?:trusted|known|recogni[sz]ed|come from a trusted|verified|verifiable)\b|\b(?:untrusted|unknown|unrecogni[sz]ed) (?:root|issuer|authority|certificate|certifying|CA\b|signer)/i,
          /certificat\w*.{0,90}\b(?:does not|doesn.t|didn.t) come from a trusted|(?:company|authority|organi[sz]ation) (?:that )?you have not chosen to trust|signed by an? (?:unknown|untrusted)|PKIX (?:error|path)|trust anchor|trust (?:store|provider)/i,
          /(?:cannot|can.t|could not|unable to|couldn.t|not) (?:be )?verif(?:y|ied) .{0,40}(?:certificat|identity|server)|certificat\w*.{0,60}(?:cannot|can.t|could not|couldn.t) be (?:verified|trusted|validated)|(?:not|in)(?: a)? ?valid(?:ated)? certificate|certificat\w*.{0,30}(?:is |are )?(?:not valid|invalid)\b(?!.{0,20}(?:for (?:that|this|the)|until))|invalid certificate|certificate (?:error|problem|warning)/i,
          /(?:证书|憑證|憑証).{0,40}(?:不(?:受|被|是)?(?:来自|來自)?(?:受)?信任|不可信|不受信|未知|颁发机构|无法验证|并非来自|不是來自|无效(?!。?可能)|错误|问题)|(?:不受信任|不可信|无法验证).{0,12}(?:证书|憑證)/,
          /chứng chỉ.{0,70}(?:không (?:đáng |được )?tin(?: cậy)?|không đến từ|đáng tin cậy|không thể xác minh|không hợp lệ(?! cho máy chủ))|lỗi chứng chỉ/i,
          /zertifikat.{0,90}(?:nicht (?:von einer )?vertrauenswürdig|unbekannt|nicht vertraut|nicht überprüft|ungültig(?!.{0,20}für))|certificat.{0,90}(?:source sûre|non (?:approuvé|fiable|reconnu)|pas (?:de confiance|fiable|approuvé)|autorité.{0,20}inconnue)/i,
          /certificado.{0,90}(?:fuente (?:de confianza|confiable)|no (?:es )?(?:de )?confia|não (?:é )?(?:confiável|de (?:um )?(?:emissor|origem))|confiável|desconocid|desconhecid)|certificato.{0,90}(?:fonte attendibile|non (?:è )?attendibile|sconosciut)/i,
          /сертификат.{0,90}(?:нет доверия|не (?:доверен|является доверенн)|недоверенн|неизвестн)|нет доверия.{0,40}сертификат|証明書.{0,60}(?:信頼(?:でき|され)|検証でき)|인증서.{0,60}(?:신뢰할 수 없|확인할 수 없)|certyfikat.{0,90}(?:zaufan|niezaufan)|certificaat.{0,90}(?:vertrouwde|niet vertrouwd)/i,
        ],
        {
          unless: [
            /self[- ]?signed(?!.{0,30}chain)|expired|not yet|validity|altname|host ?name|does not match|mismatch|revo[ck]|server name|not valid for (?:that|this) server|client certificate|(?:wrong|unsuitable|unsupported).{0,20}purpose|someone could be trying/i,
          ],
        },
      ),
      numbers(
        ['0x800b0109', '0x80090325', '0x80072f0d', '0x80090327', '-1202', '-1203', '-9807', '-9812', '-9813', '-9808'],
        'likely',
        66,
      ),
      pasted(
        possible(42, [
          /\b\w{0,20}(?:CertificateError|CertVerificationError|CertificateException|CertificateVerif\w{2,8}|InvalidCertificate|CertPathBuilder|CertPathValidator|CertificateValidation)\w{0,12}\b/,
        ]),
      ),
      told(26, ['certificate', 'fails'], {
        certainty: 'possible',
        english: true,
        alternatives: ['certificate.self-signed', 'certificate.identity-differs'],
      }),
      told(59, ['certificate', 'distrust'], {
        without: ['expired', 'early', 'name', 'selfsigned'],
        alternatives: ['certificate.self-signed', 'certificate.identity-differs'],
      }),
      told(60, ['certificate', 'trust', 'fails'], {
        without: ['expired', 'early', 'name', 'selfsigned'],
        alternatives: ['certificate.self-signed', 'certificate.identity-differs'],
      }),
      pasted(possible(44, [/identity of .{1,120}cannot be verified|cannot verify server identity|can.t verify the identity/i])),
    ],
  },
  {
    id: 'certificate.incomplete-chain',
    category: 'certificate',
    stage: 'certificate',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The server does not send the intermediate certificate',
      meaning:
        'The certificate was issued by an intermediate authority whose certificate the server leaves out. Browsers and some mail programs find it elsewhere, others cannot build the chain and refuse.',
      fix: [
        'Ask the administrator to install the full chain (fullchain.pem in place of cert.pem) in the mail server and reload it.',
        'Check all services: web server, POP3, IMAP and SMTP each have a setting of their own.',
        'Until then, give the program the missing certificate (mailcheck: --ca-file).',
      ],
    },
    links: [
      { title: 'RFC 8446 section 4.4.2, certificate message', url: 'https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2' },
      {
        title: 'RFC 5280 section 4.2.2.1, authority information access',
        url: 'https://www.rfc-editor.org/rfc/rfc5280#section-4.2.2.1',
      },
    ],
    test: 'Fetch the issuer from the address in the certificate (AIA): if the chain is complete with it, only the server leaves it out.',
    example: {
      paste: 'Error: unable to verify the first certificate, code: UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      serve: { protocol: 'imap', certificate: 'incomplete-chain' },
    },
    rules: [
      fault(82, ['incomplete-chain']),
      likely(81, [/\binstall (?:an? |the )?(?:intermediate|chain)\b/i]),
      likely(84, [/\b4\.4\.317\b.{0,120}UntrustedRoot|Cannot connect to remote server \[Message=UntrustedRoot/i]),
      likely(74, [
        /(?:chain|certificate chain|chain of trust)\b.{0,40}\b(?:incomplete|not complete|broken|missing)|(?:incomplete|broken|partial) (?:certificate )?chain|(?:missing|without|no|lacks?|not send\w*|omits?) (?:the |an? |its )?(?:intermediate|issuer certificate|chain cert)|intermediate (?:ca |certificate )?.{0,30}(?:missing|not (?:sent|installed|included))|extra download/i,
        /证书链不完整|缺少中间证书|中间证书.{0,10}(?:缺失|未)|chuỗi chứng chỉ.{0,30}(?:không đầy đủ|thiếu)|zwischenzertifikat.{0,20}fehlt|chaîne de certificats incomplète/i,
      ]),
      pasted(
        mentions(
          /unable to (?:verify the first certificate|get local issuer certificate)|UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT)/i,
          'likely',
          64,
        ),
      ),
    ],
  },
  {
    id: 'certificate.local-clock',
    category: 'certificate',
    stage: 'certificate',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The clock of this machine is wrong',
      meaning: 'The certificate is in order, but the date on this machine lies outside the time for which it is valid.',
      fix: [
        'Set date, time, year and time zone of this machine, or switch on setting them automatically.',
        'Replace the battery of the mainboard where the date is lost at each start.',
        'On a virtual machine or container, correct the clock of the host and start time synchronisation.',
      ],
    },
    links: [{ title: 'RFC 5280 section 4.1.2.5, validity', url: 'https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5' }],
    test: 'Compare the date here with that of any web server (the Date line of its answer).',
    example: {
      paste: 'The certificate of the server is not yet valid. Check the date and time of your computer.',
      unserved: 'It depends on the clock of the machine that checks and not on a server.',
    },
    rules: [
      wrongClock,
      likely(
        76,
        [
          /(?:check|set|correct|adjust|verify|wrong|incorrect|change)\b.{0,40}\b(?:date (?:and|or|\/|&) time|clock|(?:system|computer|device|phone).{0,12}(?:date|time|clock))|(?:clock|(?:system|computer|device) (?:date|time)).{0,40}\b(?:wrong|incorrect|off|not (?:set|correct)|behind|ahead|skew|out of sync)|clock skew/i,
          /issued at time.{0,60}(?:before or after|current time)|(?:iat|nbf|token).{0,40}(?:in the future|not yet valid|used too early)|too (?:early|far in the future).{0,30}(?:token|clock|time)/i,
          /(?:检查|设置|校正|调整).{0,16}(?:日期|时间|时钟)|(?:系统|设备|电脑|手机).{0,6}(?:时间|日期|时钟).{0,10}(?:错误|不正确|不准)|(?:kiểm tra|đặt lại|chỉnh).{0,20}(?:ngày giờ|thời gian|đồng hồ)|(?:systemzeit|uhrzeit|datum und uhrzeit).{0,40}(?:falsch|prüfen|überprüfen)/i,
        ],
        { unless: [/current system clock/i] },
      ),
      told(72, ['clock', 'wrong']),
      told(72, ['clock', 'check']),
      // A public certificate is hardly ever issued for later: a dialog that says so speaks of the clock it is shown by.
      pasted(
        likely(71, [
          /certificat\w*.{0,120}\bwill not be valid until/i,
          /(?:证书|憑證).{0,60}(?:后生效|後才?生效|尚未生效)|chứng chỉ.{0,120}không có hiệu lực cho đến|zertifikat.{0,120}ist erst.{0,40}gültig|certificat.{0,120}ne sera (?:pas )?valide/i,
          /certificado.{0,120}(?:no será válido hasta|só será válido a partir)|certificato.{0,120}non sarà valido fino|сертификат.{0,120}не будет действителен до|certyfikat.{0,120}nie będzie ważny do|certificaat.{0,120}pas geldig vanaf|인증서.{0,80}까지 유효하지/i,
        ]),
      ),
      numbers(['-1204', '-9815'], 'possible', 50),
    ],
  },
  {
    id: 'certificate.expired',
    category: 'certificate',
    stage: 'certificate',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The certificate has expired',
      meaning:
        'The certificate of the server, or one in its chain, is past its date. It was not renewed, or the mail server still uses the old file.',
      fix: [
        'Ask the administrator to renew the certificate and to reload the mail server: a renewed file takes effect only then.',
        'Check all services: POP3, IMAP and SMTP each have a setting of their own, and one may still hold the old certificate.',
        'Where an intermediate or root is the expired one, install the present chain of the authority.',
        'Check date and time of this machine.',
      ],
    },
    links: [{ title: 'RFC 5280 section 4.1.2.5, validity', url: 'https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5' }],
    test: 'Read the end date of each certificate in the chain and compare it with today.',
    example: {
      paste: 'x509: certificate has expired or is not yet valid: current time 2024-05-02T08:00:00Z is after 2024-04-30T23:59:59Z',
      serve: { protocol: 'imap', certificate: 'expired' },
    },
    rules: [
      likely(86, [/Message=CertificateExpired|certificate-expired/i]),
      likely(70, [/SEC_ERROR_EXPIRED\w*|CERT_E_EXPIRED|SEC_E_CERT_EXPIRED/]),
      fault(76, ['expired']),
      refusedByClient(74, [45], /certificate[ _]expired|alert number 45\b/i),
      likely(
        72,
        [
          /certificat\w*.{0,120}\b(?:has |is |was |have )?(?:expired|out of date|no longer valid|past its (?:expir|valid))|\bexpired\b.{0,30}\bcertificat|certificate is not currently valid|certificat\w*.{0,60}not within its validity period|invalid certificate date/i,
          /(?:证书|憑證).{0,60}(?:过期|過期|已到期|失效)|证书不在有效期|憑證不在有效期|chứng chỉ.{0,80}(?:hết hạn|quá hạn)|zertifikat.{0,90}(?:abgelaufen|nicht mehr gültig)|certificat.{0,90}(?:a expiré|expiré|périmé)/i,
          /certificado.{0,90}(?:caducó|caducado|expirado|expirou|vencido|vencid)|certificato.{0,90}scadut|сертификат.{0,90}(?:истек|истёк|просрочен)|срок действия сертификата|証明書.{0,60}(?:期限切れ|有効期限)|인증서.{0,60}만료|certyfikat.{0,90}wygasł|certificaat.{0,90}verlopen|сертифікат.{0,60}закінч/i,
        ],
        { unless: [/expires? (?:in|on|soon)|client certificate|will expire|客户端证书/i] },
      ),
      told(69, ['certificate', 'expired'], { without: ['early'] }),
      numbers(['0x800ccc02', '0x80072f05', '0x80090328', '0x800b0101', '-1201', '-9814'], 'likely', 70),
    ],
  },
  {
    id: 'certificate.not-yet-valid',
    category: 'certificate',
    stage: 'certificate',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The certificate is not valid yet',
      meaning: 'The certificate begins at a later date than today. More often than not the clock of this machine is behind.',
      fix: [
        'Check date, time and year of this machine.',
        'Ask the administrator whether the certificate was issued for a later start or by a machine whose clock is ahead.',
        'Wait until the start date where both are right.',
      ],
    },
    links: [{ title: 'RFC 5280 section 4.1.2.5, validity', url: 'https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5' }],
    test: 'Compare the start date of the certificate with a clock that is known to be right.',
    example: {
      paste: 'SSL certificate problem: certificate is not yet valid',
      serve: { protocol: 'imap', certificate: 'not-yet-valid' },
    },
    rules: [
      fault(75, ['not-yet-valid'], { alternatives: ['certificate.local-clock'] }),
      likely(70, [
        /certificat\w*.{0,120}\b(?:not yet valid|not valid (?:before|until|yet)|will not be valid until|not valid at this time|is in the future)|not (?:yet|valid) .{0,12}certificat.{0,20}(?:future|yet)/i,
        /(?:证书|憑證).{0,60}(?:生效|尚未)|chứng chỉ.{0,90}(?:chưa (?:có )?(?:hiệu lực|hợp lệ)|hiệu lực cho đến)|zertifikat.{0,90}(?:noch nicht gültig|erst.{0,40}gültig)|certificat.{0,90}(?:pas encore valide|sera (?:pas )?valide)/i,
        /certificado.{0,90}(?:aún no es válido|no será válido|ainda não (?:é )?válido|só será válido)|certificato.{0,90}(?:non (?:è )?ancora valido|non sarà valido)|сертификат.{0,90}(?:ещё не|еще не|не будет действителен)|証明書.{0,60}まだ有効|인증서.{0,60}아직 유효/i,
      ]),
      told(68, ['certificate', 'early'], { alternatives: ['certificate.local-clock'] }),
    ],
  },
  {
    id: 'certificate.revoked',
    category: 'certificate',
    stage: 'certificate',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The certificate has been revoked',
      meaning:
        'The authority has withdrawn the certificate before its end, for example since its key was stolen. It must not be trusted any more.',
      fix: [
        'Ask the administrator to have a new certificate issued with a new key, and to install it.',
        'Do not send the password until then.',
      ],
    },
    links: [
      { title: 'RFC 5280 section 3.3, revocation', url: 'https://www.rfc-editor.org/rfc/rfc5280#section-3.3' },
      { title: 'RFC 6960, OCSP', url: 'https://www.rfc-editor.org/rfc/rfc6960#section-2.2' },
    ],
    test: 'Ask the OCSP responder or revocation list named in the certificate (--check-revocation).',
    example: {
      paste:
        'javax.net.ssl.SSLHandshakeException: java.security.cert.CertPathValidatorException: Certificate has been revoked, reason: KEY_COMPROMISE',
      serve: { protocol: 'imap', certificate: 'revoked', client: { args: ['--check-revocation'] } },
    },
    rules: [
      fault(73, ['revoked']),
      likely(
        72,
        [
          /certificat\w*.{0,60}\b(?:has been |was |is )?revoked|\brevoked\b.{0,30}certificat|(?:证书|憑證).{0,30}(?:吊销|吊銷|撤销|撤銷)|chứng chỉ.{0,40}thu hồi|zertifikat.{0,60}(?:widerrufen|gesperrt)|certificat.{0,60}révoqué|certificado.{0,60}revocado|certificado.{0,60}revogado|certificato.{0,60}revocato|сертификат.{0,60}отозван|証明書.{0,40}失効|인증서.{0,40}해지/i,
        ],
        { unless: [/unable to check|could not be checked|unknown|offline|status/i] },
      ),
      told(71, ['certificate', 'revoked']),
      numbers(['0x80092010', '0x800b010c'], 'likely', 72),
    ],
  },
  {
    id: 'certificate.identity-differs',
    category: 'certificate',
    stage: 'certificate',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The certificate is for another server name',
      meaning: 'The certificate does not name {host}. It names: {names}.',
      fix: [
        'Enter one of the names in the certificate as the server name, where it belongs to your provider.',
        'Enter a host name in place of an IP address.',
        'Use the server name on the help page of your provider: on shared hosting that is often the name of the host and not your own domain.',
        'Where the server is your own, have a certificate issued that holds the name as a subject alternative name.',
        'Where the names belong to a stranger, do not send the password: another server answers.',
      ],
    },
    links: [
      { title: 'RFC 9525 section 6.3, matching the DNS domain name', url: 'https://www.rfc-editor.org/rfc/rfc9525#section-6.3' },
      { title: 'RFC 8314 section 5, use of the service name', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-5' },
    ],
    test: 'Read the subject alternative names of the certificate: the server name is not among them.',
    example: {
      paste:
        "Hostname/IP does not match certificate's altnames: Host: mail.mydomain.example. is not in the cert's altnames: DNS:*.hoster.example",
      serve: { protocol: 'imap', certificate: 'identity-differs' },
    },
    rules: [
      withNames(likely(86, [/Message=(?:Subject|Certificate(?:Name)?|Name)Mismatch|certificate-host-mismatch/i])),
      // Postfix: trusted, but for another name.
      withNames(likely(72, [/server certificate not verified\b/i])),
      withNames(likely(70, [/SSL_ERROR_BAD_CERT_DOMAIN|CERT_E_CN_NO_MATCH|SEC_E_WRONG_PRINCIPAL/])),
      fault(70, ['identity-differs', 'name-only-in-cn', 'partial-wildcard'], {
        params: (facts, p) => ({ names: namesOf(facts, p), ...(p.host ? { host: p.host } : {}) }),
      }),
      withNames(
        likely(
          71,
          [
            /certificat\w*.{0,160}\b(?:is |are )?not valid for (?:that|this|the) server|certificat\w*.{0,120}\b(?:does not|doesn.t|didn.t|not) (?:match|correspond|cover|contain|include|list)\b|(?:name|host|domain|hostname|principal|CN|identity)\b.{0,60}\b(?:on|in|of) .{0,24}certificat\w*.{0,40}(?:does not|doesn.t|not|invalid|mismatch|incorrect)|certificate.{0,30}name.{0,20}(?:invalid|mismatch|does not)|host ?name.{0,40}(?:mismatch|not match|does not match|verif\w+ failed)/i,
            /target principal name is (?:in)?correct|did not match expected CN|altnames?|is not in the cert|certificate (?:is )?for another (?:server|host|name)|certificate belongs to|CN name does not match/i,
            /(?:证书|憑證).{0,40}(?:对(?:此|该)服务器无效|對該伺服器無效|(?:域名|主机名?|名称|名字).{0,10}(?:不匹配|不符|不一致)|不匹配|不符)|(?:域名|主机名?).{0,16}(?:与|和|跟)?证书.{0,10}(?:不匹配|不符|不一致)/,
            /chứng chỉ.{0,90}(?:không hợp lệ cho máy chủ|không khớp|không phù hợp)|(?:tên miền|tên máy chủ).{0,30}không khớp.{0,20}chứng chỉ/i,
            /zertifikat.{0,120}(?:für diesen server nicht gültig|nicht für diesen server|stimmt nicht|passt nicht)|certificat.{0,120}(?:pas valide (?:sur|pour) ce serveur|ne correspond pas|usurper)|certificado.{0,120}(?:no es válido para (?:ese|este)|não é válido para este|no coincide|não corresponde|não coincide)|certificato.{0,120}(?:non è valido per quel|non corrisponde)/i,
            /сертификат.{0,120}(?:недействителен для этого|не соответствует|не совпадает)|証明書.{0,80}(?:このサーバー|一致しません|一致しない)|인증서.{0,80}(?:해당 서버에서 유효하지|일치하지)|certyfikat.{0,120}(?:nie jest ważny dla tego|nie pasuje|niezgodn)|certificaat.{0,120}(?:niet geldig voor die|komt niet overeen)/i,
          ],
          { unless: [/fingerprint|pinned|TLSA|DANE|signature|issuer.{0,30}does not match|purpose/i] },
        ),
      ),
      // Windows' word for it, in its languages.
      withNames(
        likely(71, [
          /target principal name|目标主要?名称|目標主體名稱|zielprinzipalname|nom (?:de )?principal (?:de la |du )?cible|nombre (?:de )?principal de destino|nome (?:da entidade|principal) de destino|nome (?:dell.entità|principale) di destinazione|главное конечное имя|対象のプリンシパル名|tên chính (?:của )?mục tiêu/i,
        ]),
      ),
      withNames(
        told(46, ['server', 'identity', 'fails'], {
          without: ['login'],
          certainty: 'possible',
          alternatives: ['certificate.untrusted-root', 'certificate.self-signed'],
        }),
      ),
      withNames(
        told(45, ['identity', 'trust', 'fails'], {
          without: ['login'],
          certainty: 'possible',
          alternatives: ['certificate.untrusted-root', 'certificate.self-signed'],
        }),
      ),
      withNames(told(68, ['certificate', 'name'], { without: ['selfsigned'] })),
      withNames(numbers(['0x800ccc01', '0x80072f06', '0x80090322', '0x800b010f', '-9843'], 'likely', 69)),
      withNames(
        pasted(
          possible(
            48,
            [
              /identity of .{1,120}cannot be verified|cannot verify server identity|can.t verify the identity|不能验证服务器身份|无法验证服务器(?:的)?身份|không thể xác minh (?:danh tính|nhận dạng) máy chủ|serveridentität kann nicht|impossible de vérifier l.identité|サーバの識別情報を検証できません/i,
            ],
            { alternatives: ['certificate.untrusted-root', 'certificate.self-signed'] },
          ),
        ),
      ),
    ],
  },
  {
    id: 'certificate.weak',
    category: 'certificate',
    stage: 'certificate',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The certificate is too weak',
      meaning: 'The key of a certificate is too short, or its signature uses an algorithm that can be forged (MD5, SHA-1).',
      fix: [
        'Ask the administrator for a new certificate with a 2048-bit RSA or P-256 key and a SHA-256 signature.',
        'Where an authority of your own issued it, renew its root and intermediate as well.',
      ],
    },
    links: [
      { title: 'RFC 9325 section 4.5, certificate key lengths', url: 'https://www.rfc-editor.org/rfc/rfc9325#section-4.5' },
      { title: 'RFC 6194, security of SHA-1', url: 'https://www.rfc-editor.org/rfc/rfc6194#section-3' },
    ],
    test: 'Read key size and signature algorithm of each certificate in the chain.',
    example: {
      paste: 'error:0A00018F:SSL routines::ee key too small',
      serve: { protocol: 'imap', certificate: 'weak-key' },
    },
    rules: [
      fault(60, ['weak-key', 'weak-signature']),
      mentions(
        /ee[ _]key[ _]too[ _]small|ca[ _](?:key[ _]too[ _]small|md[ _]too[ _]weak)|(?:certificate )?key too weak|digest algorithm too weak/i,
        'likely',
        62,
      ),
      likely(
        64,
        [
          /certificat\w*.{0,60}\b(?:too (?:weak|small|short)|weak (?:key|signature|hash)|insecure (?:algorithm|signature)|(?:uses? |signed with )?(?:md5|sha-?1)\b)|(?:weak|insecure|short|1024[- ]bit) (?:certificate|(?:server )?key\b|signature algorithm)|algorithm constraints|SEC_ERROR_CERT_SIGNATURE_ALGORITHM_DISABLED/i,
        ],
        { unless: [/ephemeral|diffie|\bdh\b/i] },
      ),
    ],
  },
  {
    id: 'certificate.revocation-unchecked',
    category: 'certificate',
    stage: 'certificate',
    owner: 'admin',
    severity: 'warning',
    words: {
      title: 'Whether the certificate is revoked could not be checked',
      meaning:
        'The authority’s revocation list or OCSP responder could not be reached or gave no usable answer. The certificate is not known to be revoked.',
      fix: [
        'Allow connections to the address of the authority named in the certificate (port 80) on this network.',
        'Try again later: the service of the authority may be down.',
        'Ask the administrator to let the server staple a fresh OCSP answer where the authority runs OCSP.',
      ],
    },
    links: [
      { title: 'RFC 6960 section 2.3, exception cases', url: 'https://www.rfc-editor.org/rfc/rfc6960#section-2.3' },
      { title: 'RFC 5280 section 6.3, CRL validation', url: 'https://www.rfc-editor.org/rfc/rfc5280#section-6.3' },
    ],
    test: 'Fetch the revocation list or OCSP answer by hand from another network.',
    example: {
      paste:
        'schannel: next InitializeSecurityContext failed: CRYPT_E_REVOCATION_OFFLINE (0x80092013) - The revocation function was unable to check revocation because the revocation server was offline.',
      serve: { protocol: 'imap', certificate: 'revocation-unreachable', client: { args: ['--check-revocation'] } },
    },
    rules: [
      fault(40, ['revocation-unchecked', 'staple-invalid'], { severity: 'warning' }),
      likely(73, [
        /(?:revocation|\bCRL\b|\bOCSP\b).{0,80}\b(?:offline|unable|could not|couldn.t|cannot|not (?:be )?(?:check|reach|verif|available)\w*|unknown|unavailable|fail\w*|error|timed? ?out|expired)|(?:unable|could not|cannot|failed) (?:to )?(?:check|verify|get|retrieve|determine|contact|fetch).{0,40}(?:revocation|\bCRL\b|\bOCSP\b)/i,
        /吊销(?:信息|状态|列表)?.{0,12}(?:无法|不可用|脱机|失败)|(?:无法|未能)检查.{0,10}吊销|không thể kiểm tra.{0,30}thu hồi|sperr(?:status|liste).{0,40}(?:nicht|offline)|révocation.{0,40}(?:impossible|hors connexion)/i,
      ]),
      numbers(['0x80092013', '0x80092012'], 'likely', 73),
    ],
  },
  {
    id: 'certificate.expires-soon',
    category: 'certificate',
    stage: 'certificate',
    owner: 'admin',
    severity: 'warning',
    words: {
      title: 'The certificate expires soon',
      meaning:
        'The certificate is valid today and ends within 30 days. If it is not renewed by then, every program will refuse the server.',
      fix: [
        'Ask the administrator to renew the certificate and to reload the mail server.',
        'Check that automatic renewal works (certbot renew --dry-run).',
      ],
    },
    links: [{ title: 'RFC 5280 section 4.1.2.5, validity', url: 'https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5' }],
    test: 'Read the end date of the certificate and compare it with today.',
    example: {
      paste: 'WARNING: certificate of imap.example.com expires in 9 days',
      serve: { protocol: 'imap', certificate: 'expires-soon' },
    },
    rules: [
      fault(20, ['expires-soon'], { severity: 'warning' }),
      likely(
        60,
        [
          /certificat\w*.{0,120}\b(?:expires|will expire|is about to expire|expiring|valid for (?:only )?\d{1,2} (?:more )?days?)\b.{0,60}(?:in|on|soon|within|days?|hours?)?|certificat\w*.{0,60}\b\d{1,2} days? (?:left|remaining|until expir)/i,
          /(?:证书|憑證).{0,40}(?:即将|将于|還有|还有).{0,20}(?:过期|到期|過期)|chứng chỉ.{0,60}(?:sắp hết hạn|sẽ hết hạn)|zertifikat.{0,60}läuft.{0,30}ab\b|certificat.{0,60}expire (?:dans|bientôt)/i,
        ],
        { unless: [/has expired|expired on|cannot|failed/i] },
      ),
    ],
  },
  {
    id: 'certificate.chain-order',
    category: 'certificate',
    stage: 'certificate',
    owner: 'admin',
    severity: 'warning',
    words: {
      title: 'The certificates are sent in a wrong order',
      meaning:
        'The server sends its chain out of order, twice, or with certificates that do not belong to it. This works here; older programs may refuse it.',
      fix: [
        'Ask the administrator to put the certificates in order: first that of the server, then each issuer after the one it issued.',
        'Leave out the root certificate and those that do not belong to the chain.',
      ],
    },
    links: [
      {
        title: 'RFC 5246 section 7.4.2, order of the certificate list',
        url: 'https://www.rfc-editor.org/rfc/rfc5246#section-7.4.2',
      },
    ],
    test: 'List subject and issuer of the certificates in the order sent (openssl s_client -showcerts).',
    example: {
      paste: 'Chain issues: Incorrect order, Extra certs',
      serve: { protocol: 'imap', certificate: 'wrong-order' },
    },
    rules: [
      fault(25, ['chain-order'], { severity: 'warning' }),
      likely(52, [
        /(?:incorrect|wrong|bad|reversed?|invalid) (?:certificate |chain )?order|(?:extra|duplicate|unrelated|superfluous) cert(?:ificate)?s?\b|chain.{0,40}(?:out of|wrong|incorrect|reverse) ?order|contains anchor/i,
      ]),
    ],
  },
  {
    id: 'certificate.not-reloaded',
    category: 'certificate',
    stage: 'certificate',
    owner: 'admin',
    severity: 'notice',
    words: {
      title: 'Not every service here has the new certificate',
      meaning:
        'The host shows different certificates. A good one at {good}; one that fails at {bad}. The good one is installed, but this service or address was not given it, or was not reloaded since.',
      fix: [
        'Reload the service at {bad}, so that it reads the certificate anew (systemctl reload dovecot, postfix reload).',
        'Check that its configuration names the same certificate file as the service at {good}.',
        'Let the automatic renewal reload every mail service (certbot: --deploy-hook).',
      ],
    },
    links: [
      {
        title: 'Certbot: renewing certificates',
        url: 'https://eff-certbot.readthedocs.io/en/stable/using.html#renewing-certificates',
      },
    ],
    test: 'Compare the fingerprints of the certificates on the ports and addresses of the host.',
    example: {
      paste: 'The certificate was renewed, but dovecot is still serving the old certificate on port 995',
      unserved: 'It takes two services of one host that show different certificates.',
    },
    rules: [
      notReloaded,
      filledPlaces(
        likely(79, [
          /\b(?:still|keeps?)\b.{0,20}\b(?:serv|show|send|present|us|return)\w*.{0,40}\b(?:old|previous|expired)\b.{0,20}\bcertificat|certificat\w*.{0,60}\b(?:renewed|replaced|updated)\b.{0,120}\b(?:still|not (?:been )?(?:reloaded|restarted)|never (?:reloaded|restarted))\b/i,
        ]),
      ),
    ],
  },
  {
    id: 'certificate.trust-differs',
    category: 'certificate',
    stage: 'certificate',
    owner: 'admin',
    severity: 'warning',
    words: {
      title: 'Not every trust store accepts this certificate',
      meaning:
        'The store of this operating system and that of the program do not agree about the authority. Some programs will connect and others will refuse.',
      fix: [
        'Update the root certificates of this machine (ca-certificates, Windows Update).',
        'Update Node.js, Java or the program that brings its own list of authorities.',
        'Ask the administrator for a certificate from an authority that all of them know.',
      ],
    },
    links: [{ title: 'RFC 5280 section 6.1.1, trust anchor', url: 'https://www.rfc-editor.org/rfc/rfc5280#section-6.1.1' }],
    test: 'Check once with the root of the authority in --ca-file.',
    example: {
      paste: 'The certificate is trusted by the system store but not by the Mozilla store',
      unserved: 'It depends on the trust stores of the machine that checks.',
    },
    rules: [
      fault(30, ['trust-differs'], { tolerated: true }),
      likely(68, [
        /trusted by .{0,40}(?:but )?not (?:trusted )?(?:by|in) .{0,30}|(?:mozilla|system|windows|apple|java|android|node).{0,30}(?:trust )?stores?.{0,60}(?:disagree|differ|does not trust|not trusted)|not trusted (?:by|in) (?:the )?(?:mozilla|windows|apple|java|android|node|system)/i,
      ]),
    ],
  },
  {
    id: 'certificate.trust-overridden',
    category: 'certificate',
    stage: 'certificate',
    owner: 'you',
    severity: 'notice',
    words: {
      title: 'A variable of the environment changes what is trusted',
      meaning:
        'A setting outside the check adds trusted authorities or switches verification off for other programs. The verdict here names it rather than following it silently.',
      fix: [
        'Unset NODE_TLS_REJECT_UNAUTHORIZED: it switches certificate checks off for Node.js programs.',
        'Give the root certificate by --ca-file in place of NODE_EXTRA_CA_CERTS or SSL_CERT_FILE, so that the report shows it.',
      ],
    },
    links: [{ title: 'Node.js: NODE_EXTRA_CA_CERTS', url: 'https://nodejs.org/api/cli.html#node_extra_ca_certsfile' }],
    test: 'Check again with the variable unset.',
    example: {
      paste:
        "Warning: Setting the NODE_TLS_REJECT_UNAUTHORIZED environment variable to '0' makes TLS connections and HTTPS requests insecure by disabling certificate verification.",
      unserved: 'It depends on the environment of the check and not on a server.',
    },
    rules: [
      trustOverridden,
      possible(32, [
        /NODE_TLS_REJECT_UNAUTHORIZED|NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR)\b|certificate verification (?:is |has been )?(?:disabled|turned off)|verify (?:is )?(?:disabled|off)\b/i,
      ]),
    ],
  },
];

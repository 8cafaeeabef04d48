/** The certificate of the server: trust, validity and identity apart (RFC 5280, 9525, 6960), and what stands in the way of judging it. */
import type { Cause } from '../model/cause.ts';

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
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
  },
];

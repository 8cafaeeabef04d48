/** Getting to an encrypted channel: TLS modes, the upgrade, the handshake (RFC 8314, 3207, 2595, 8446, 6066). */
import type { Cause } from '../model/cause.ts';

export const tls: readonly Cause[] = [
  {
    id: 'tls.implicit-on-plain-port',
    category: 'connection',
    stage: 'tls',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'SSL/TLS is set, but the port starts unencrypted',
      meaning:
        'The program begins with TLS, and the server answers in plain text: on this port encryption starts later, by STARTTLS, or not at all. Port and encryption do not belong together.',
      fix: [
        'Set port and encryption to {instead}.',
        'Keep the port and set the encryption to STARTTLS (nodemailer: secure: false; PHPMailer: SMTPSecure = "tls"; Java: mail.smtp.starttls.enable).',
        'Or keep SSL/TLS and change the port: 995 for POP3, 993 for IMAP, 465 for sending.',
      ],
    },
    links: [
      { title: 'RFC 8314 section 3, implicit TLS', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-3' },
      { title: 'RFC 3207, STARTTLS for SMTP', url: 'https://www.rfc-editor.org/rfc/rfc3207#section-4' },
    ],
    test: 'Connect without TLS and read the first bytes: a greeting in plain text proves it.',
    example: {
      paste: 'Error: write EPROTO 140735:error:1408F10B:SSL routines:ssl3_get_record:wrong version number',
      serve: { protocol: 'smtp', security: 'starttls', client: { security: 'tls' } },
    },
    rules: [],
  },
  {
    id: 'tls.plain-on-implicit-port',
    category: 'connection',
    stage: 'greeting',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The port wants SSL/TLS from the start',
      meaning:
        'The program waits for a greeting, and the server waits for TLS, so both stay silent or the server hangs up. On this port encryption begins with the first byte.',
      fix: [
        'Set port and encryption to {instead}.',
        'Set the encryption to SSL/TLS in place of STARTTLS or none (nodemailer: secure: true; PHPMailer: SMTPSecure = "ssl").',
        'Or keep STARTTLS and change the port: 587 for sending, 143 for IMAP, 110 for POP3.',
      ],
    },
    links: [{ title: 'RFC 8314 section 3, implicit TLS', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-3' }],
    test: 'Start TLS with the first byte on the same port: if the handshake succeeds, the encryption setting is wrong.',
    example: {
      paste: 'Error: Greeting never received at SMTPConnection (port 465, secure: false) code: ETIMEDOUT, command: CONN',
      serve: { protocol: 'imap', security: 'tls', client: { security: 'starttls' } },
    },
    rules: [],
  },
  {
    id: 'tls.injected',
    category: 'connection',
    stage: 'tls',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'Data was slipped in before encryption began',
      meaning:
        'After its yes to STARTTLS the server, or somebody on the way, sent more bytes in plain text. A program that takes them for encrypted words can be deceived, so the check stops here.',
      fix: [
        'Use SSL/TLS from the start: port 995 for POP3, 993 for IMAP, 465 for sending.',
        'Ask the administrator to update the mail server or mail proxy.',
        'Try from another network where you suspect that somebody tampers with this one.',
      ],
    },
    links: [
      {
        title: 'RFC 3207 section 4.2, result of the STARTTLS command',
        url: 'https://www.rfc-editor.org/rfc/rfc3207#section-4.2',
      },
      { title: 'NO STARTTLS: why TLS is better without STARTTLS', url: 'https://nostarttls.secvuln.info/' },
    ],
    test: 'Send STARTTLS once more and listen without starting the handshake: any further byte proves it.',
    example: {
      paste:
        'STARTTLS response injection: the server sent unexpected data after the reply to STARTTLS and before the TLS handshake',
      serve: { protocol: 'smtp', security: 'starttls', tls: 'injected' },
    },
    rules: [],
  },
  {
    id: 'tls.starttls-refused',
    category: 'certificate',
    stage: 'tls',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The server offers STARTTLS and then refuses it',
      meaning:
        'The server lists STARTTLS, but answers the command with an error. Its TLS is not working at the moment, often since the certificate or key cannot be read.',
      fix: [
        'Use SSL/TLS from the start: port 995 for POP3, 993 for IMAP, 465 for sending.',
        'Ask the administrator to check certificate, key and TLS settings in the log of the mail server.',
        'Try again later where the answer is a temporary one (454).',
      ],
    },
    links: [
      { title: 'RFC 3207 section 4, reply 454', url: 'https://www.rfc-editor.org/rfc/rfc3207#section-4' },
      { title: 'RFC 9051 section 6.2.1, STARTTLS command', url: 'https://www.rfc-editor.org/rfc/rfc9051#section-6.2.1' },
    ],
    test: 'Send STARTTLS once more later and read the log of the server at that time.',
    example: {
      paste: '454 4.7.0 TLS not available due to local problem',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: { STARTTLS: '454 4.7.0 TLS not available due to local problem' },
      },
    },
    rules: [],
  },
  {
    id: 'tls.starttls-required',
    category: 'connection',
    stage: 'tls',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The server demands encryption first',
      meaning:
        'The server takes no log-in and no mail on an unencrypted connection. The program did not begin with STARTTLS or SSL/TLS.',
      fix: [
        'Set the encryption to STARTTLS with port 587 (IMAP 143, POP3 110).',
        'Or set it to SSL/TLS with port 465 (IMAP 993, POP3 995).',
        'In scripts switch TLS on: starttls() in Python, mail.smtp.starttls.enable in Java, EnableSsl in .NET, SMTPSecure in PHPMailer.',
      ],
    },
    links: [
      { title: 'RFC 3207 section 4, reply 530', url: 'https://www.rfc-editor.org/rfc/rfc3207#section-4' },
      { title: 'RFC 5530 section 3, PRIVACYREQUIRED', url: 'https://www.rfc-editor.org/rfc/rfc5530#section-3' },
    ],
    test: 'Check with --security starttls: if that goes on, only encryption was missing.',
    example: {
      paste: '530 5.7.0 Must issue a STARTTLS command first',
      serve: {
        protocol: 'smtp',
        security: 'none',
        client: { args: ['--insecure-auth'] },
        replies: {
          AUTH: '530 5.7.0 Must issue a STARTTLS command first',
          'MAIL FROM': '530 5.7.0 Must issue a STARTTLS command first',
        },
      },
    },
    rules: [],
  },
  {
    id: 'tls.starttls-missing',
    category: 'certificate',
    stage: 'tls',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The server does not offer STARTTLS',
      meaning:
        'STARTTLS is set, but the server does not list it here. The port is the wrong one, TLS is not set up on the server, or something on the way hides it.',
      fix: [
        'Use SSL/TLS from the start: port 995 for POP3, 993 for IMAP, 465 for sending.',
        'Use port 587 in place of 25 for sending.',
        'Switch off the mail scan of an antivirus program and SMTP inspection on the firewall, which hide STARTTLS.',
        'Ask the administrator to install a certificate and switch STARTTLS on.',
        'Do not go on without encryption: the password would be readable on the way.',
      ],
    },
    links: [
      { title: 'RFC 3207 section 4.1, after the STARTTLS command', url: 'https://www.rfc-editor.org/rfc/rfc3207#section-4.1' },
      { title: 'RFC 2595 section 4, POP3 STLS', url: 'https://www.rfc-editor.org/rfc/rfc2595#section-4' },
    ],
    test: 'Ask for the capabilities from another network: if STARTTLS is listed there, something here hides it.',
    example: {
      paste: 'Error: STARTTLS not supported by the server, cannot establish a secure connection',
      serve: { protocol: 'imap', security: 'none', client: { security: 'starttls' } },
    },
    rules: [],
  },
  {
    id: 'tls.client-certificate-required',
    category: 'connection',
    stage: 'tls',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The server demands a client certificate',
      meaning:
        'The server wants this side to prove itself with a certificate, and none was sent, or the one that was sent is refused.',
      fix: [
        'Ask the administrator for a client certificate and install it in the mail program.',
        'Renew the client certificate where it has expired.',
        'Ask the administrator for a port that takes a password in place of a certificate.',
      ],
    },
    links: [
      { title: 'RFC 8446 section 6.2, certificate_required', url: 'https://www.rfc-editor.org/rfc/rfc8446#section-6.2' },
      { title: 'RFC 8446 section 4.3.2, certificate request', url: 'https://www.rfc-editor.org/rfc/rfc8446#section-4.3.2' },
    ],
    test: 'Look in the settings of the server for a demanded client certificate (Dovecot: ssl_verify_client_cert, Postfix: smtpd_tls_req_ccert).',
    example: {
      paste: 'error:1409445C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:SSL alert number 116',
      serve: { protocol: 'imap', tls: 'client-certificate' },
    },
    rules: [],
  },
  {
    id: 'tls.version-too-old',
    category: 'certificate',
    stage: 'tls',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'One side speaks only an outdated TLS version',
      meaning:
        'Client and server have no TLS version in common. One of them knows only SSL 3, TLS 1.0 or TLS 1.1, which are no longer considered safe.',
      fix: [
        'Update the mail program or operating system: it must speak TLS 1.2 or newer.',
        'On Windows 7 or 8 install the update for TLS 1.2 in WinHTTP and Schannel.',
        'Remove settings that fix an old version (ssl_protocol, mail.smtp.ssl.protocols, SecurityProtocolType).',
        'Ask the administrator to enable TLS 1.2 and 1.3 on the mail server.',
      ],
    },
    links: [
      { title: 'RFC 8996, deprecating TLS 1.0 and TLS 1.1', url: 'https://www.rfc-editor.org/rfc/rfc8996#section-2' },
      { title: 'RFC 8446 section 6.2, protocol_version', url: 'https://www.rfc-editor.org/rfc/rfc8446#section-6.2' },
    ],
    test: 'Make a second handshake with lowered limits: the version that it reaches is all the server has.',
    example: {
      paste: 'javax.net.ssl.SSLHandshakeException: Received fatal alert: protocol_version',
      serve: { protocol: 'imap', tls: 'old-version' },
    },
    rules: [],
  },
  {
    id: 'tls.no-shared-cipher',
    category: 'certificate',
    stage: 'tls',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'Client and server share no encryption method',
      meaning:
        'Both speak TLS, but have no cipher, curve, key size or signature algorithm in common. One side is outdated, or its list is too narrow.',
      fix: [
        'Update the mail program or operating system.',
        'Ask the administrator to allow current ciphers (ECDHE with AES-GCM or ChaCha20) and to use a 2048-bit RSA or P-256 key.',
        'Ask the administrator for Diffie-Hellman parameters of at least 2048 bits where the key is called too small.',
        'Remove a narrow cipher list from the settings of the program.',
      ],
    },
    links: [
      { title: 'RFC 8446 section 4.1.1, cryptographic negotiation', url: 'https://www.rfc-editor.org/rfc/rfc8446#section-4.1.1' },
      { title: 'RFC 9325 section 4, cipher suites', url: 'https://www.rfc-editor.org/rfc/rfc9325#section-4' },
    ],
    test: 'Make a second handshake with lowered limits: if it succeeds, its cipher shows what the server insists on.',
    example: {
      paste:
        'dovecot: imap-login: Disconnected: TLS handshaking: SSL_accept() failed: error:0A0000C1:SSL routines::no shared cipher',
      serve: { protocol: 'imap', tls: 'no-shared-cipher' },
    },
    rules: [],
  },
  {
    id: 'tls.server-name-missing',
    category: 'connection',
    stage: 'certificate',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'No server name was sent, so the wrong certificate came',
      meaning:
        'The program does not say in the handshake which host it wants (SNI). The provider answers with a placeholder certificate that no program can accept.',
      fix: [
        'Update the mail program or library to one that sends the server name (SNI).',
        'Set the name in the program where it connects by IP address (nodemailer: tls.servername; Python: server_hostname; Go: ServerName).',
        'Enter the host name in place of an IP address.',
        'Update OpenSSL where it is older than 1.1.1.',
      ],
    },
    links: [{ title: 'RFC 6066 section 3, server name indication', url: 'https://www.rfc-editor.org/rfc/rfc6066#section-3' }],
    test: 'Run openssl s_client with -servername and the host name: a proper certificate then proves that the name was missing.',
    example: {
      paste: 'subject=OU = "No SNI provided; please fix your client.", CN = invalid2.invalid',
      serve: { protocol: 'imap', certificate: 'server-name-missing' },
    },
    rules: [],
  },
  {
    id: 'tls.handshake-timeout',
    category: 'connection',
    stage: 'tls',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The server does not finish the TLS handshake',
      meaning:
        'The connection is open and the handshake began, but the server stopped answering before the channel was encrypted.',
      fix: [
        'Check port and encryption: 995, 993 and 465 go with SSL/TLS, 587, 143 and 110 with STARTTLS.',
        'Try again in some minutes, and from another network.',
        'Switch off the TLS scan of an antivirus program or firewall for a test.',
        'Lower the MTU of the VPN where large packets get lost.',
        'Ask the administrator whether the mail service hangs.',
      ],
    },
    links: [{ title: 'RFC 8446 section 2, protocol overview', url: 'https://www.rfc-editor.org/rfc/rfc8446#section-2' }],
    test: 'Connect without TLS on the same port: a greeting means that the port is not for SSL/TLS, silence that the service hangs.',
    example: {
      paste: 'net/http: TLS handshake timeout while connecting to imap.example.com:993',
      serve: { protocol: 'imap', tls: 'silent' },
    },
    rules: [],
  },
  {
    id: 'tls.handshake-failed',
    category: 'connection',
    stage: 'tls',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The TLS handshake fails',
      meaning:
        'The two sides could not agree on an encrypted channel, and what was exchanged does not say why. Outdated software, a wrong port or a device in between are the usual reasons.',
      fix: [
        'Check port and encryption: 995, 993 and 465 go with SSL/TLS, 587, 143 and 110 with STARTTLS.',
        'Update the mail program and operating system.',
        'Switch off the TLS scan of an antivirus program or firewall for a test.',
        'Check that the server name is the one the server knows: some servers hang up on a name that is not theirs.',
        'Ask the administrator what the log of the server says about the handshake.',
      ],
    },
    links: [{ title: 'RFC 8446 section 6.2, error alerts', url: 'https://www.rfc-editor.org/rfc/rfc8446#section-6.2' }],
    test: 'Run openssl s_client against the port and read the alert, and the log of the server at that time.',
    example: {
      paste: 'ssl.SSLError: [SSL: TLSV1_ALERT_INTERNAL_ERROR] tlsv1 alert internal error (_ssl.c:1007)',
      serve: { protocol: 'imap', tls: 'garbage' },
    },
    rules: [],
  },
  {
    id: 'tls.keys-logged',
    category: 'connection',
    stage: 'tls',
    owner: 'you',
    severity: 'warning',
    words: {
      title: 'The session keys of TLS are being written to a file',
      meaning:
        'A setting of this environment makes the platform log the secrets of every connection. Whoever has the file can read the password from a recording.',
      fix: [
        'Unset SSLKEYLOGFILE and remove --tls-keylog from NODE_OPTIONS.',
        'Delete the file that was written.',
        'Change the password where others may have read the file.',
      ],
    },
    links: [{ title: 'Node.js: --tls-keylog', url: 'https://nodejs.org/api/cli.html#--tls-keylogfile' }],
    test: 'Print the environment: SSLKEYLOGFILE or --tls-keylog stands in it.',
    example: {
      paste: 'Warning: Using --tls-keylog makes TLS connections insecure by writing secret key material to file',
      unserved: 'It depends on the environment of the check and not on a server.',
    },
    rules: [],
  },
];

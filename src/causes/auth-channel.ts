/** Causes that lie around the log-in: channel, mechanisms, limits, backends, and log-ins that never took place (RFC 4954, RFC 9051 §6.2). */
import type { Cause } from '../model/cause.ts';

export const authChannel: readonly Cause[] = [
  {
    id: 'auth.too-many-attempts',
    category: 'authentication',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'Too many log-in attempts, more are blocked for now',
      meaning:
        'The server counts log-ins or failures and refuses more of them for a time, from this address or for this account. It says nothing about the present password.',
      fix: [
        'Stop all programs and devices that use this account, and wait an hour before the next attempt.',
        'Look for a device or script that still tries an old password, and correct it.',
        'Poll less often and with fewer connections.',
        'Log in once by hand, with the right password, before you start the programs again.',
        'Where this computer’s address stays banned, ask the server’s administrator to lift the ban (fail2ban, cPHulk, CSF).',
      ],
    },
    links: [
      { title: 'RFC 4954 §4: failures and delays', url: 'https://www.rfc-editor.org/rfc/rfc4954#section-4' },
      { title: 'RFC 5530 §3: response code LIMIT', url: 'https://www.rfc-editor.org/rfc/rfc5530#section-3' },
    ],
    test: 'Wait an hour without any attempt, then log in once: if it works, the limit was the cause.',
    example: {
      paste:
        '454-4.7.0 Too many login attempts, please try again later. For more information, go to\n454 4.7.0  https://support.google.com/mail/answer/7126229 ffacd0b85a97d-39f1 - gsmtp',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: {
          AUTH: '454-4.7.0 Too many login attempts, please try again later. For more information, go to\r\n454 4.7.0  https://support.google.com/mail/answer/7126229 ffacd0b85a97d-39f1 - gsmtp',
        },
      },
    },
    rules: [],
  },
  {
    id: 'auth.temporary-failure',
    category: 'authentication',
    stage: 'auth',
    owner: 'provider',
    severity: 'error',
    words: {
      title: 'The server cannot check log-ins at the moment',
      meaning:
        'The part of the server that checks user names and passwords is down or busy. It says nothing about the password, right or wrong.',
      fix: [
        'Wait a quarter of an hour and check again.',
        'Leave the password as it is.',
        'Look at the provider’s status page.',
        'Where it lasts, send the reply with its time to the provider or the administrator.',
        'On a server of your own, look at the log of the authentication backend (Dovecot auth socket, saslauthd, LDAP or database).',
      ],
    },
    links: [
      { title: 'RFC 4954 §6: SMTP 454 4.7.0', url: 'https://www.rfc-editor.org/rfc/rfc4954#section-6' },
      { title: 'RFC 5530 §3: IMAP UNAVAILABLE', url: 'https://www.rfc-editor.org/rfc/rfc5530#section-3' },
      { title: 'RFC 3206 §4: POP3 SYS/TEMP', url: 'https://www.rfc-editor.org/rfc/rfc3206#section-4' },
    ],
    test: 'Check again later with the same password: a temporary failure goes away by itself.',
    example: {
      paste: '-ERR [SYS/TEMP] Temporary authentication failure, try again in a moment.',
      serve: {
        protocol: 'pop3',
        replies: {
          PASS: '-ERR [SYS/TEMP] Temporary authentication failure, try again in a moment.',
          AUTH: '-ERR [SYS/TEMP] Temporary authentication failure, try again in a moment.',
        },
      },
    },
    rules: [],
  },
  {
    id: 'auth.encryption-required',
    category: 'authentication',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'Log-in is refused on an unencrypted connection',
      meaning: 'The server takes no password on a connection without TLS. User name and password are not judged at all.',
      fix: [
        'Set the connection security to SSL/TLS in the mail program: port 995 for POP, 993 for IMAP, 465 for SMTP.',
        'Or set it to STARTTLS: port 110 for POP, 143 for IMAP, 587 for SMTP.',
        'Remove a setting such as “use TLS only if available” or “no encryption”.',
        'Set a program that knows no TLS to a newer version, or put a TLS proxy before it.',
      ],
    },
    links: [
      { title: 'RFC 8314 §3: implicit TLS for mail', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-3' },
      { title: 'RFC 4954 §6: SMTP 538 5.7.11', url: 'https://www.rfc-editor.org/rfc/rfc4954#section-6' },
      { title: 'RFC 9051 §6.2.3: LOGIN and LOGINDISABLED', url: 'https://www.rfc-editor.org/rfc/rfc9051#section-6.2.3' },
    ],
    test: 'Connect with TLS and look at the capabilities: the log-in methods appear there.',
    example: {
      paste: '538 5.7.11 Encryption required for requested authentication mechanism',
      serve: {
        protocol: 'smtp',
        security: 'none',
        client: { security: 'none', args: ['--insecure-auth'] },
        replies: { AUTH: '538 5.7.11 Encryption required for requested authentication mechanism' },
      },
    },
    rules: [],
  },
  {
    id: 'auth.mechanism-unsupported',
    category: 'authentication',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'No authentication method that both sides accept',
      meaning:
        'The method chosen for the log-in (such as “encrypted password” or CRAM-MD5) is not one that {host} accepts, or both sides have none in common. The password itself is not judged.',
      fix: [
        'Set the authentication method of the mail program to “normal password” together with SSL/TLS or STARTTLS.',
        'Turn off “secure password authentication” (SPA) or “encrypted password”.',
        'Where the server lists only XOAUTH2 or OAUTHBEARER, choose OAuth2.',
        'Where you forced a method with `--mechanism`, leave it out.',
        'On a Postfix server that sends through another, install the SASL plug-ins (Debian: libsasl2-modules).',
      ],
    },
    links: [
      { title: 'RFC 4954 §4: AUTH and 504', url: 'https://www.rfc-editor.org/rfc/rfc4954#section-4' },
      { title: 'RFC 4422: SASL', url: 'https://www.rfc-editor.org/rfc/rfc4422#section-3' },
    ],
    test: 'Compare the method used with the list that the server offers after TLS, then log in once with PLAIN.',
    example: {
      paste: '504 5.5.4 Unrecognized authentication mechanism CRAM-MD5',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: { AUTH: '504 5.5.4 Unrecognized authentication mechanism' },
      },
    },
    rules: [],
  },
  {
    id: 'auth.not-offered',
    category: 'authentication',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The server offers no log-in on this port',
      meaning:
        'The list of capabilities of {host} names no way to log in here. Often the port is meant for mail between servers (25), or the service is set up without authentication.',
      fix: [
        'Set the port for sending to 465 with SSL/TLS or to 587 with STARTTLS.',
        'Compare server name and port with the provider’s page; some providers use ports of their own.',
        'Where the server lets your network send without log-in, choose “no authentication” in the mail program.',
        'Ask the server’s administrator to turn on authentication for this port (Postfix: smtpd_sasl_auth_enable).',
      ],
    },
    links: [
      { title: 'RFC 4954 §3: the AUTH keyword', url: 'https://www.rfc-editor.org/rfc/rfc4954#section-3' },
      { title: 'RFC 6409 §3.1: submission port', url: 'https://www.rfc-editor.org/rfc/rfc6409#section-3.1' },
    ],
    test: 'Look at the capabilities after TLS on ports 465 and 587: where AUTH is listed, log in there.',
    example: {
      paste: '503 5.5.1 AUTH is not available on this server',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        capabilities: { plain: ['PIPELINING', 'STARTTLS', '8BITMIME'], tls: ['PIPELINING', 'SIZE 10240000', '8BITMIME'] },
      },
    },
    rules: [],
  },
  {
    id: 'auth.required',
    category: 'authentication',
    stage: 'identity',
    owner: 'you',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'The server wants a log-in before it takes a message',
      meaning:
        'A command was refused because nobody has logged in on this connection. The mail program sends without authentication, or its log-in did not take place.',
      fix: [
        'Turn on “my outgoing server requires authentication” in the mail program.',
        'Enter the whole e-mail address as user name and the password (or app password) for the outgoing server too.',
        'Set the port to 587 with STARTTLS or 465 with SSL/TLS: log-in is often offered only there.',
        'In a script, set user name and password of the SMTP library, and let it use TLS.',
        'For a device that cannot log in, ask the administrator for a relay that admits its address.',
      ],
    },
    links: [
      { title: 'RFC 4954 §6: SMTP 530 5.7.0', url: 'https://www.rfc-editor.org/rfc/rfc4954#section-6' },
      { title: 'RFC 6409 §4.3: authentication before submission', url: 'https://www.rfc-editor.org/rfc/rfc6409#section-4.3' },
    ],
    test: 'Look in the transcript for an accepted AUTH (235) before the refused command: it is missing.',
    example: {
      paste:
        '530 5.7.0 Authentication Required. For more information, go to https://support.google.com/mail/?p=WantAuthError 6a1803df08f44 - gsmtp',
      serve: { protocol: 'smtp', security: 'starttls', replies: { 'MAIL FROM': '530 5.7.0 Authentication required' } },
    },
    rules: [],
  },
  {
    id: 'auth.withheld',
    category: 'authentication',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'No credentials were sent: the channel is not safe',
      meaning:
        'User name and password stay here, since the connection to {host} is not encrypted or the server’s identity is not proven. Whether they are right is not tested.',
      fix: [
        'Mend the certificate or the server’s identity first, where the report names a problem with them.',
        'Use a port with TLS: 995 for POP, 993 for IMAP, 465 or 587 for SMTP.',
        'Only on a server and network that you trust, repeat the check with `--insecure-auth`.',
      ],
    },
    links: [
      { title: 'RFC 8314 §5: TLS in mail user agents', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-5' },
      { title: 'RFC 4616 §4: PLAIN needs a protected channel', url: 'https://www.rfc-editor.org/rfc/rfc4616#section-4' },
    ],
    test: 'Check again over TLS with a valid certificate: the log-in is tested then.',
    example: {
      paste: 'No credentials were sent, because the connection to mail.example.net is not encrypted.',
      serve: { protocol: 'pop3', security: 'none', client: { security: 'none' } },
    },
    rules: [],
  },
];

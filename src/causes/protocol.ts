/** Breaches of the protocol by the server or by the client (RFC 5321 §4, RFC 9051 §7, RFC 1939 §3). */
import type { Cause } from '../model/cause.ts';

export const protocol: readonly Cause[] = [
  {
    id: 'protocol.preauth',
    category: 'connection',
    stage: 'greeting',
    owner: 'admin',
    severity: 'error',
    protocols: ['imap'],
    words: {
      title: 'The server says "logged in" before encryption',
      meaning:
        'The IMAP server greets with PREAUTH on an unencrypted connection. STARTTLS is not allowed after that, so the connection can never become safe; somebody on the way may have forged it.',
      fix: [
        'Use port 993 with SSL/TLS in place of 143 with STARTTLS.',
        'Ask the administrator to greet with OK in place of PREAUTH on network connections.',
        'Try from another network where you suspect that somebody tampers with this one.',
      ],
    },
    links: [{ title: 'RFC 9051 section 7.1.4, PREAUTH response', url: 'https://www.rfc-editor.org/rfc/rfc9051#section-7.1.4' }],
    test: 'Connect to port 993 with TLS: a normal greeting there means that the plain connection is misconfigured or forged.',
    example: {
      paste: '* PREAUTH [CAPABILITY IMAP4rev1] Logged in as user@example.com',
      serve: { protocol: 'imap', security: 'starttls', greeting: '* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] logged in as user' },
    },
    rules: [],
  },
  {
    id: 'protocol.client-error',
    category: 'connection',
    stage: 'capabilities',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The program breaks the rules of the protocol',
      meaning:
        'The server understands the connection but not what it is told: commands in the wrong order, bad line ends, malformed addresses or lines that are too long. The fault is in the program that talks to it.',
      fix: [
        'Update the program or library that connects.',
        'Send every line with CR LF at its end, also inside the message.',
        'Put addresses between angle brackets, without a display name: MAIL FROM:<name@example.com>.',
        'Send EHLO first, and wait for each reply before the next command unless the server offers PIPELINING.',
        'Check that nothing else writes to the same connection (echo, debug output, a second thread).',
      ],
    },
    links: [
      { title: 'RFC 5321 section 4.1.4, order of commands', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.1.4' },
      { title: 'RFC 5321 section 2.3.8, lines', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-2.3.8' },
    ],
    test: 'Run mailcheck against the same server: if it passes, the program is at fault and not the server.',
    example: {
      paste: '503 5.5.1 Bad sequence of commands: send EHLO before MAIL',
      unserved: 'mailcheck keeps to the protocol, so no server has reason to complain of it.',
    },
    rules: [],
  },
  {
    id: 'protocol.violation',
    category: 'connection',
    stage: 'capabilities',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The server does not keep to the protocol',
      meaning:
        'Its answer cannot be read as what the standard prescribes: wrong form, wrong code, too long, or not asked for. The server, or something between, is broken.',
      fix: [
        'Check that port and protocol belong together: POP3 995, IMAP 993, sending 465 or 587.',
        'Switch off the mail scan of an antivirus program and any mail proxy for a test.',
        'Ask the administrator to update or restart the mail server, and send the answer shown as evidence.',
      ],
    },
    links: [
      { title: 'RFC 5321 section 4.2, SMTP replies', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.2' },
      { title: 'RFC 9051 section 7, server responses', url: 'https://www.rfc-editor.org/rfc/rfc9051#section-7' },
      { title: 'RFC 1939 section 3, basic operation', url: 'https://www.rfc-editor.org/rfc/rfc1939#section-3' },
    ],
    test: 'Ask the same from another network: the same answer there proves that the server sends it.',
    example: {
      paste: 'poplib.error_proto: b"server replied: ?? internal state 17"',
      serve: { protocol: 'smtp', replies: { EHLO: '250-mail.example.test\r\n550 SIZE 1000' } },
    },
    rules: [],
  },
];

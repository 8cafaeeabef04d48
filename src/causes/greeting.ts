/** The first words of the server (RFC 5321 §3.1, RFC 9051 §7.1, RFC 1939 §4): who speaks, and whether it lets us in. */
import type { Cause } from '../model/cause.ts';

export const greeting: readonly Cause[] = [
  {
    id: 'greeting.wrong-service',
    category: 'connection',
    stage: 'greeting',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'Another kind of service answers on this port',
      meaning:
        'The connection works, but what answers is not the mail service that was expected: a web server, another mail protocol, or something else. Port and protocol do not belong together.',
      fix: [
        'Use the port of the protocol: POP3 995 (110), IMAP 993 (143), sending 465 or 587.',
        'Check that incoming and outgoing server are not exchanged.',
        'Check that the account type (POP or IMAP) fits the server name.',
        'Where the server is your own, look at which program listens on the port.',
      ],
    },
    links: [
      { title: 'RFC 5321 section 3.1, session initiation', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-3.1' },
      { title: 'RFC 8314 section 7.3, registered ports', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-7.3' },
    ],
    test: 'Read the first line that the server sends: it names its protocol.',
    example: {
      paste: "imaplib.IMAP4.error: got b'HTTP/1.1 400 Bad Request' in place of an IMAP greeting",
      serve: { protocol: 'imap', greeting: 'HTTP/1.1 400 Bad Request' },
    },
    rules: [],
  },
  {
    id: 'greeting.middlebox',
    category: 'connection',
    stage: 'greeting',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'A firewall or antivirus rewrites the conversation',
      meaning:
        'Words of the server are blanked out or replaced on the way (220 ****, XXXXXXXA). Encryption and log-in are hidden from the program by a device or security program in between.',
      fix: [
        'Use SSL/TLS from the start, port 465, 993 or 995: what is encrypted cannot be rewritten.',
        'Switch off "SMTP inspection" (Cisco: inspect esmtp, fixup protocol smtp) on the firewall.',
        'Switch off the mail scan of the antivirus program on this machine.',
        'Try from another network to see which device does it.',
      ],
    },
    links: [
      { title: 'RFC 3207 section 6, security considerations', url: 'https://www.rfc-editor.org/rfc/rfc3207#section-6' },
      { title: 'RFC 2979 section 3, behaviour of firewalls', url: 'https://www.rfc-editor.org/rfc/rfc2979#section-3' },
    ],
    test: 'Read the greeting from another network: words in place of asterisks there prove the rewriting here.',
    example: {
      paste: '220 ********************2****200**0*00\n250-mail.example.com\n250-XXXXXXXA\n250 SIZE 31457280',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        greeting: '220 *************************2******200**********0*00',
        capabilities: { plain: ['SIZE 31457280', 'XXXXXXXA'] },
      },
    },
    rules: [],
  },
  {
    id: 'greeting.redirected',
    category: 'connection',
    stage: 'greeting',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'Another server answers in place of the one you named',
      meaning:
        'The greeting or certificate is not that of the provider. Web hosts and some networks redirect outgoing mail connections to a server of their own, which knows nothing of the account.',
      fix: [
        'Do not send the password: it would go to a stranger.',
        'Ask the web host to allow outgoing SMTP to other servers (cPanel: SMTP Restrictions, CSF: SMTP_BLOCK), or use the mail relay it offers.',
        'Use port 465 with SSL/TLS, or an HTTP interface of the mail provider, where 25 and 587 are redirected.',
        'Sign in to the network (hotel, airport) in a browser first.',
      ],
    },
    links: [
      { title: 'RFC 9525 section 6, verifying service identity', url: 'https://www.rfc-editor.org/rfc/rfc9525#section-6' },
      {
        title: 'PHPMailer troubleshooting: redirected connections',
        url: 'https://github.com/PHPMailer/PHPMailer/wiki/Troubleshooting',
      },
    ],
    test: 'Compare the greeting and certificate seen from another network: if they differ, the connection is redirected here.',
    example: {
      paste:
        '220-web12.hoster.example ESMTP Exim 4.96\n220-We do not authorize the use of this system to transport unsolicited, and/or bulk e-mail.\nEHLO app\nConnected to smtp.gmail.com, but the answer comes from web12.hoster.example',
      unserved: 'It needs the published name of a provider and a network that redirects it.',
    },
    rules: [],
  },
  {
    id: 'greeting.timeout',
    category: 'connection',
    stage: 'greeting',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The server accepts the connection and stays silent',
      meaning:
        'The connection is open, but the greeting never comes. The server is overloaded, delays greetings on purpose, or waits for something on its own side.',
      fix: [
        'Check the encryption: on ports 465, 993 and 995 it must be SSL/TLS from the start.',
        'Wait some minutes and try again, with a longer time limit (--timeout 60).',
        'Switch off the mail scan of an antivirus program for a test.',
        'Ask the administrator whether the service hangs, is overloaded, or waits for DNS or blocklist look-ups before it greets.',
      ],
    },
    links: [
      {
        title: 'RFC 5321 section 4.5.3.2.1, initial 220 message',
        url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.2.1',
      },
    ],
    test: 'Listen for a minute without sending anything, then try TLS from the first byte: an answer to TLS means that the encryption setting is wrong.',
    example: {
      paste: 'conversation with mx1.example.net[192.0.2.31] timed out while receiving the initial server greeting',
      serve: { protocol: 'smtp', security: 'starttls', tcp: 'silent' },
    },
    rules: [],
  },
  {
    id: 'greeting.rejected',
    category: 'connection',
    stage: 'greeting',
    owner: 'provider',
    severity: 'error',
    words: {
      title: 'The server turns the connection away at the greeting',
      meaning:
        'In place of a greeting the server sends a refusal. Its words, shown as evidence, are all it says about the reason.',
      fix: [
        'Read the words of the server: where they name a page, open it.',
        'Wait some minutes and try again.',
        'Try from another network, in case this address is not welcome.',
        'Check that the host is meant for mail clients: use the name on the help page of the provider rather than the MX of the domain.',
        'Send the words of the server to its administrator.',
      ],
    },
    links: [
      { title: 'RFC 5321 section 3.1, session initiation', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-3.1' },
      { title: 'RFC 9051 section 7.1.5, BYE response', url: 'https://www.rfc-editor.org/rfc/rfc9051#section-7.1.5' },
    ],
    test: 'Connect from another network: if the greeting is normal there, this address is turned away.',
    example: {
      paste: '554 mx.example.com ESMTP no service for you here',
      serve: { protocol: 'smtp', security: 'starttls', greeting: '554 mx.example.com ESMTP no service for you here' },
    },
    rules: [],
  },
];

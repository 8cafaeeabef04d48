/** What the server says about itself: down for now, or set up wrongly (RFC 5321 §4.2.3, RFC 5530, RFC 3206). */
import type { Cause } from '../model/cause.ts';

export const server: readonly Cause[] = [
  {
    id: 'server.misconfigured',
    category: 'connection',
    stage: 'greeting',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The server is set up wrongly',
      meaning:
        'By its own words or behaviour the server cannot do its work: a part is missing or badly configured on its side. Nothing in your settings mends that.',
      fix: [
        'Send the words of the server, with the time, to its administrator or provider.',
        'Where the server is your own, read its log at that time: it names the part that is missing (authentication service, certificate file, mailbox, loop).',
        'Use another server of the provider, where it has one, until then.',
      ],
    },
    links: [
      { title: 'RFC 3463 section 3.4, mail system status', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.4' },
      { title: 'RFC 5530 section 3, SERVERBUG', url: 'https://www.rfc-editor.org/rfc/rfc5530#section-3' },
    ],
    test: 'Read the log of the server at the time of the attempt: it names the part that fails.',
    example: {
      paste: '451 4.3.5 Requested action aborted: the mail system is incorrectly configured',
      serve: { protocol: 'smtp', security: 'starttls', greeting: '421 4.3.5 mail system incorrectly configured' },
    },
    rules: [],
  },
  {
    id: 'server.unavailable',
    category: 'connection',
    stage: 'greeting',
    owner: 'provider',
    severity: 'error',
    words: {
      title: 'The server is not available for now',
      meaning:
        'The server is down for maintenance, too busy, or fails inside. Settings and password are not the reason, and trying again later may be enough.',
      fix: [
        'Wait a quarter of an hour and try again.',
        'Look at the status page of the provider.',
        'Leave settings and password as they are until the server works again.',
        'Tell the administrator or provider where it lasts longer than an hour, with the words of the server.',
      ],
    },
    links: [
      { title: 'RFC 5321 section 4.2.3, reply 421', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.2.3' },
      { title: 'RFC 5530 section 3, UNAVAILABLE', url: 'https://www.rfc-editor.org/rfc/rfc5530#section-3' },
      { title: 'RFC 3206 section 3, SYS/TEMP', url: 'https://www.rfc-editor.org/rfc/rfc3206#section-3' },
    ],
    test: 'Try again in a quarter of an hour, and look at the status page of the provider.',
    example: {
      paste: '* BYE Server is down for maintenance, try again later',
      serve: { protocol: 'imap', greeting: '* BYE Server is down for maintenance, try again later' },
    },
    rules: [],
  },
];

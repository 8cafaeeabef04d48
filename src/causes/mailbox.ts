/** Causes between an accepted log-in and a usable mailbox (RFC 1939 §4, RFC 2449 §8, RFC 9051 §6.3, RFC 2971). */
import type { Cause } from '../model/cause.ts';

export const mailbox: readonly Cause[] = [
  {
    id: 'mailbox.in-use',
    category: 'mailbox',
    stage: 'mailbox',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'Another session is using the mailbox',
      meaning: 'A POP mailbox admits one session at a time, and another one holds the lock. User name and password are accepted.',
      fix: [
        'Close the mail program on your other devices, and wait ten minutes for the lock to expire.',
        'Set every program to poll less often, at most every ten minutes.',
        'Use IMAP in place of POP, where several devices read the same mailbox.',
        'Where the lock stays, ask the provider to remove it.',
      ],
    },
    links: [
      { title: 'RFC 2449 §8.1.2: response code IN-USE', url: 'https://www.rfc-editor.org/rfc/rfc2449#section-8.1.2' },
      { title: 'RFC 1939 §4: the exclusive-access lock', url: 'https://www.rfc-editor.org/rfc/rfc1939#section-4' },
    ],
    test: 'Close all other programs, wait ten minutes and log in again: the lock is gone then.',
    example: {
      paste: '-ERR [IN-USE] The maildrop is already locked by another session',
      serve: {
        protocol: 'pop3',
        replies: {
          PASS: '-ERR [IN-USE] The maildrop is already locked by another session',
          AUTH: '-ERR [IN-USE] The maildrop is already locked by another session',
        },
      },
    },
    rules: [],
  },
  {
    id: 'mailbox.login-delay',
    category: 'mailbox',
    stage: 'mailbox',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The mailbox is polled too often',
      meaning:
        'The server asks for a minimum time between two log-ins, and this one came too soon. User name and password are not at fault.',
      fix: [
        'Set the polling interval of every mail program to fifteen minutes or more.',
        'Wait that long before the next log-in.',
        'Let only one program or device poll the mailbox.',
      ],
    },
    links: [
      { title: 'RFC 2449 §8.1.1: response code LOGIN-DELAY', url: 'https://www.rfc-editor.org/rfc/rfc2449#section-8.1.1' },
      { title: 'RFC 2449 §6.5: the LOGIN-DELAY capability', url: 'https://www.rfc-editor.org/rfc/rfc2449#section-6.5' },
    ],
    test: 'Wait for the delay that the server names in its capabilities, then log in once.',
    example: {
      paste: '-ERR [LOGIN-DELAY] Minimum time between mail checks violation',
      serve: {
        protocol: 'pop3',
        replies: {
          PASS: '-ERR [LOGIN-DELAY] Minimum time between mail checks violation',
          AUTH: '-ERR [LOGIN-DELAY] Minimum time between mail checks violation',
        },
      },
    },
    rules: [],
  },
  {
    id: 'mailbox.over-quota',
    category: 'mailbox',
    stage: 'mailbox',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The mailbox is full',
      meaning:
        'The storage of the mailbox is used up: new messages are refused, and some servers refuse the log-in or the sending too. In a bounce it is the recipient’s mailbox that is full.',
      fix: [
        'Delete large and old messages in the webmail, and empty the trash and the spam folder.',
        'Where a mail program leaves copies on the server, let it remove them after some days.',
        'Buy more storage or ask the administrator for a larger quota.',
        'Where the recipient’s mailbox is full, reach them another way and send again later.',
      ],
    },
    links: [
      { title: 'RFC 3463 §3.3: status code 5.2.2, mailbox full', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.3' },
      { title: 'RFC 9208 §4.3: IMAP OVERQUOTA', url: 'https://www.rfc-editor.org/rfc/rfc9208#section-4.3.1' },
    ],
    test: 'Look at the used storage in the webmail, or ask the recipient to look at theirs.',
    example: {
      paste: '552 5.2.2 <ann@example.org>: Recipient address rejected: mailbox storage quota exceeded',
      serve: {
        protocol: 'imap',
        replies: { EXAMINE: '{tag} NO [OVERQUOTA] Storage quota of this mailbox is exceeded' },
      },
    },
    rules: [],
  },
  {
    id: 'mailbox.client-id-required',
    category: 'mailbox',
    stage: 'mailbox',
    owner: 'you',
    severity: 'error',
    protocols: ['imap'],
    words: {
      title: 'The server wants the mail program to identify itself',
      meaning:
        'The log-in is accepted, but folders stay closed (“Unsafe Login”) until the program sends the IMAP command ID. NetEase (163, 126, yeah.net, 188) demands this.',
      fix: [
        'Update the mail program to a version that sends the IMAP command ID after the log-in.',
        'In a script, send ID with a name and version right after LOGIN, before SELECT.',
        'Use POP in place of IMAP, where the program cannot send ID.',
        'Where ID is sent and the refusal stays, sign in to the webmail and confirm the new device, or write to the address that the reply names.',
      ],
    },
    links: [{ title: 'RFC 2971 §3.1: the ID command', url: 'https://www.rfc-editor.org/rfc/rfc2971#section-3.1' }],
    test: 'Send ID after the log-in and open the folder again: it opens then.',
    example: {
      paste: 'C3 NO SELECT Unsafe Login. Please contact kefu@188.com for help',
      serve: {
        protocol: 'imap',
        replies: {
          EXAMINE: '{tag} NO EXAMINE Unsafe Login. Please contact kefu@188.com for help',
          SELECT: '{tag} NO SELECT Unsafe Login. Please contact kefu@188.com for help',
        },
      },
    },
    rules: [],
  },
  {
    id: 'mailbox.unusable',
    category: 'mailbox',
    stage: 'mailbox',
    owner: 'provider',
    severity: 'error',
    words: {
      title: 'Log-in works, but the mailbox cannot be opened',
      meaning:
        'User name and password are accepted, and then the server refuses the mailbox. Access by this protocol may be off, the licence missing, the mailbox being moved, or its storage broken.',
      fix: [
        'Sign in to the webmail and look whether the mailbox opens there.',
        'Check in the settings of the account that POP or IMAP is switched on.',
        'Use the primary address as user name, not an alias or a shared mailbox.',
        'Wait a quarter of an hour and check again.',
        'Send the server’s reply to the provider or administrator and ask them to look at the mailbox.',
      ],
    },
    links: [
      { title: 'RFC 9051 §6.3.2: SELECT and EXAMINE', url: 'https://www.rfc-editor.org/rfc/rfc9051#section-6.3.2' },
      { title: 'RFC 1939 §5: STAT', url: 'https://www.rfc-editor.org/rfc/rfc1939#section-5' },
    ],
    test: 'Open the mailbox in the webmail: if it fails there too, the mailbox is broken; else the access by this protocol is.',
    example: {
      paste: 'A4 NO [SERVERBUG] EXAMINE failed: the mailbox could not be opened',
      serve: { protocol: 'imap', replies: { EXAMINE: '{tag} NO The mailbox could not be opened' } },
    },
    rules: [],
  },
];

/** Causes of a refused recipient (RFC 5321 §3.3, RFC 3463 §3.2). */
import type { Cause } from '../model/cause.ts';

export const recipient: readonly Cause[] = [
  {
    id: 'recipient.unknown',
    category: 'policy',
    stage: 'identity',
    owner: 'you',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'The recipient’s address does not exist',
      meaning: 'The receiving server knows no mailbox of this name. Your own account and log-in are fine.',
      fix: [
        'Check the spelling of the recipient’s address, before and after the @.',
        'Delete the address from the program’s suggestions and type it anew.',
        'Ask the recipient for the present address another way.',
        'Where the mailbox exists at a new provider, update the MX records of the domain, and switch off local delivery at the web host (“remote mail server”).',
        'Where the mailbox is new, wait some minutes or ask the recipient’s administrator whether it is created.',
      ],
    },
    links: [
      { title: 'RFC 3463 §3.2: status code 5.1.1', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.2' },
      { title: 'RFC 5321 §4.2.3: reply 550', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.2.3' },
    ],
    test: 'Send a message to another address of the same domain, or ask the recipient to confirm the address.',
    example: {
      paste: '550 5.1.1 <bobb@example.org>: Recipient address rejected: no such user here',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: { 'RCPT TO': '550 5.1.1 <you@example.com>: Recipient address rejected: User unknown in virtual mailbox table' },
      },
    },
    rules: [],
  },
  {
    id: 'recipient.rejected',
    category: 'policy',
    stage: 'identity',
    owner: 'you',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'The recipient’s side does not take mail from this sender',
      meaning:
        'The recipient’s mailbox is disabled, or its rules admit only certain senders. Your own account and log-in are fine.',
      fix: [
        'Ask the recipient another way whether the mailbox is still in use.',
        'Ask them, or the owner of the group, to allow your address.',
        'Send from an address of their organisation, where only members may write.',
        'Send the whole reply to the recipient’s administrator.',
      ],
    },
    links: [
      { title: 'RFC 3463 §3.3: status code 5.2.1, mailbox disabled', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.3' },
      { title: 'RFC 3463 §3.8: status code 5.7.1, not authorized', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.8' },
    ],
    test: 'Send to another recipient with the same account: if that is accepted, the rule lies with the first recipient.',
    example: {
      paste: '550 5.2.1 This mailbox is inactive and does not receive messages',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: { 'RCPT TO': '550 5.2.1 This mailbox is inactive and does not receive messages' },
      },
    },
    rules: [],
  },
];

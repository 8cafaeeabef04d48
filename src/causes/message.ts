/** Causes of a refused message (RFC 1870, RFC 3463 §3.4, §3.7, §3.8). */
import type { Cause } from '../model/cause.ts';

export const message: readonly Cause[] = [
  {
    id: 'message.too-large',
    category: 'policy',
    stage: 'send',
    owner: 'you',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'The message is larger than the server allows',
      meaning: 'Your server or the recipient’s refuses the message for its size. Attachments grow by about a third on the way.',
      fix: [
        'Share large files by a link in place of an attachment.',
        'Send the attachments in several smaller messages, or compress them.',
        'Compare the size with the limit that the server names (SIZE in its capabilities).',
        'On a server of your own, raise the limit (Postfix: message_size_limit; Exchange: Set-Mailbox -MaxSendSize).',
      ],
    },
    links: [
      { title: 'RFC 1870 §6: the SIZE extension', url: 'https://www.rfc-editor.org/rfc/rfc1870#section-6' },
      { title: 'RFC 3463 §3.4: status code 5.3.4', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.4' },
    ],
    test: 'Send the same message without its attachment: if that is accepted, the size was the cause.',
    example: {
      paste: '552 5.3.4 Message size exceeds the limit of 25 MB for this server',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        client: { args: ['--send'] },
        replies: { '.': '552 5.3.4 Message size exceeds the limit of this server' },
      },
    },
    rules: [],
  },
  {
    id: 'message.content-rejected',
    category: 'policy',
    stage: 'send',
    owner: 'you',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'The content of the message is refused',
      meaning:
        'A filter takes the message for spam or malware, forbids one of its attachments, or finds it malformed. The account and its log-in are fine.',
      fix: [
        'Send a short plain message without links and attachments, to see whether it passes.',
        'Remove attachments of forbidden types, such as programs and archives with a password.',
        'Remove shortened links and links to unknown pages.',
        'Check the computer for malware, where the filter names a virus.',
        'In a script, send a well-formed message with From, Date, Message-ID and one Subject.',
        'Send the reply to the provider, or to the recipient’s administrator, and ask why the filter refuses it.',
      ],
    },
    links: [
      { title: 'RFC 3463 §3.7: content status', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.7' },
      { title: 'RFC 5322 §3.6: field definitions', url: 'https://www.rfc-editor.org/rfc/rfc5322#section-3.6' },
    ],
    test: 'Send a plain message of one line to the same recipient: if that is accepted, the content was the cause.',
    example: {
      paste: '554 5.7.1 Message rejected: content filter classified it as spam',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        client: { args: ['--send'] },
        replies: { '.': '554 5.6.0 Message rejected: content filter classified it as spam' },
      },
    },
    rules: [],
  },
];

/** Causes of a refused sender: not the account's own, not permitted, blocked, or from nowhere (RFC 6409 §6, RFC 5321 §3.3). */
import type { Cause } from '../model/cause.ts';

export const sender: readonly Cause[] = [
  {
    id: 'sender.not-owned',
    category: 'relay',
    stage: 'identity',
    owner: 'you',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'The sender address does not belong to this account',
      meaning:
        'The account that logged in may not send with this sender address: it is neither the account’s own nor one of its aliases. Providers name this “relaying disallowed” or “not owned by user” as well.',
      fix: [
        'Set the sender (From) address in the mail program or script to the address of the account that logs in.',
        'Check its spelling, and that it is not empty.',
        'Add the other address as an alias or confirmed sender in the provider’s settings, where you want to send with it.',
        'Log in with the account that owns the sender address.',
        'To pass on a calendar invitation from Outlook, forward it as an attachment: Outlook otherwise sends it with the organiser as sender.',
        'In a web form, put the visitor’s address into Reply-To and your own into From.',
        'In Microsoft 365, ask the administrator for the permission “send as” for the other mailbox.',
      ],
    },
    links: [
      { title: 'RFC 6409 §6.1: enforce submission rights', url: 'https://www.rfc-editor.org/rfc/rfc6409#section-6.1' },
      { title: 'Zoho: SMTP and “relaying disallowed”', url: 'https://www.zoho.com/mail/help/zoho-smtp.html' },
    ],
    test: 'Send with the address of the account itself as sender: if that is accepted, the other address was the cause.',
    example: {
      paste: '553 Relaying disallowed as sales@example.net',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        client: { from: 'sales@example.net' },
        replies: { 'MAIL FROM': '553 5.7.1 <sales@example.net>: Sender address rejected: not owned by user you@example.com' },
      },
    },
    rules: [],
  },
  {
    id: 'sender.relay-denied',
    category: 'relay',
    stage: 'identity',
    owner: 'you',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'The server refuses to pass mail on to this recipient',
      meaning:
        'The server delivers to its own mailboxes, but does not relay to other domains for this connection: nobody has logged in, or the log-in gives no such right.',
      fix: [
        'Turn on “my outgoing server requires authentication” in the mail program.',
        'Enter user name and password for the outgoing server, with the whole e-mail address as user name.',
        'Set the port to 587 with STARTTLS or 465 with SSL/TLS in place of 25.',
        'Use the outgoing server of the account’s own provider, not that of the internet connection.',
        'In a web form or script, set the user name and password of the SMTP server.',
        'Where the domain’s mail has moved to another provider, switch off local delivery for it at the web host (“remote mail server”).',
        'On a server of your own, let the device’s address or the logged-in user relay (Postfix: permit_sasl_authenticated).',
      ],
    },
    links: [
      {
        title: 'RFC 5321 §3.6.2: mail eXchange records and relaying',
        url: 'https://www.rfc-editor.org/rfc/rfc5321#section-3.6.2',
      },
      { title: 'RFC 6409 §4.3: authentication before submission', url: 'https://www.rfc-editor.org/rfc/rfc6409#section-4.3' },
    ],
    test: 'Send to an address of the server’s own domain, then to another: only the second is refused, and a log-in lifts that.',
    example: {
      paste: '554 5.7.1 <bob@example.org>: Recipient address rejected: relay access is denied',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: { 'RCPT TO': '554 5.7.1 <bob@example.org>: Relay access denied' },
      },
    },
    rules: [],
  },
  {
    id: 'sender.blocked',
    category: 'relay',
    stage: 'identity',
    owner: 'you',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'This sender is blocked from sending',
      meaning:
        'The server accepts the log-in or the connection, but lets this account or sender address send nothing for now. Most often unusual or unwanted mail went out before.',
      fix: [
        'Change the account’s password, and revoke app passwords that you do not know.',
        'Sign in to the webmail and follow the steps that unblock sending (Zoho: mail.zoho.com/UnblockMe).',
        'Look in the sent folder and the forwarding rules for mail that is not yours, and remove them.',
        'Stop automatic sending, and wait a day before the next attempt.',
        'Ask the provider or administrator to lift the block (Microsoft 365: Defender > restricted entities).',
      ],
    },
    links: [
      { title: 'RFC 3463 §3.2: status code 5.1.8, bad sender', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.2' },
      { title: 'Zoho: usage policy', url: 'https://www.zoho.com/mail/help/usage-policy.html' },
    ],
    test: 'Send a message in the webmail: a blocked account is refused there too and the reason is named.',
    example: {
      paste: '550 5.4.6 Unusual sending activity detected. To unblock: https://mail.zoho.com/UnblockMe',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: { 'MAIL FROM': '554 5.1.8 Sender address blocked after unusual sending activity' },
      },
    },
    rules: [],
  },
  {
    id: 'sender.domain-invalid',
    category: 'relay',
    stage: 'identity',
    owner: 'you',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'The sender’s domain does not exist or takes no mail',
      meaning:
        'The server looks up the domain of the sender address and finds none that could receive an answer. A misspelled address, a computer name as domain, or an expired domain looks like this.',
      fix: [
        'Correct the spelling of the sender address.',
        'In a script or device, replace a sender such as root@localhost or www-data@server by a real address.',
        'Check that the domain is registered, paid for and has an MX record.',
        'Where the domain was set up just now, wait some hours until DNS shows it everywhere.',
      ],
    },
    links: [
      {
        title: 'RFC 7505 §4.2: mail from domains that take none',
        url: 'https://www.rfc-editor.org/rfc/rfc7505#section-4.2',
      },
      { title: 'RFC 3463 §3.2: address status', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.2' },
    ],
    test: 'Look up the MX and address records of the sender’s domain: there is none.',
    example: {
      paste: '553 5.1.8 <ann@exmaple-shop.test>... Domain of sender address ann@exmaple-shop.test does not exist',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: { 'MAIL FROM': '550 5.1.8 <you@example.com>: Sender address rejected: Domain not found' },
      },
    },
    rules: [],
  },
];

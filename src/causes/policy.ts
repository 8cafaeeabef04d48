/** Causes in the rules of servers against unwanted mail: names, addresses, rates, domain authentication (RFC 5321 §4.1.4, §7.9, RFC 7372). */
import type { Cause } from '../model/cause.ts';

export const policy: readonly Cause[] = [
  {
    id: 'policy.helo-rejected',
    category: 'policy',
    stage: 'capabilities',
    owner: 'you',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'The server refuses the name this computer gives (EHLO)',
      meaning:
        'With the first command the mail program names its computer, and {host} does not accept that name: it is not a full domain name, contains forbidden characters, or does not exist in DNS.',
      fix: [
        'Set the EHLO or HELO name of the mail program to a full domain name, or to an address in brackets such as [192.0.2.1].',
        'Remove underscores, spaces and letters beyond a to z from the computer’s name.',
        'On a mail server, set its own name to one that DNS knows (Postfix: myhostname).',
        'Log in on port 587 or 465: servers check the name less strictly there.',
      ],
    },
    links: [
      { title: 'RFC 5321 §4.1.1.1: EHLO', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1.1' },
      {
        title: 'RFC 5321 §4.1.4: order of commands and the EHLO name',
        url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.1.4',
      },
    ],
    test: 'Connect again with another EHLO name (an address in brackets, or a full domain name): if it passes, the name was the cause.',
    example: {
      paste: '504 5.5.2 <laptop>: Helo command rejected: need a fully-qualified hostname',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: {
          EHLO: '550 5.7.1 Helo command rejected: invalid HELO name',
          HELO: '550 5.7.1 Helo command rejected: invalid HELO name',
        },
      },
    },
    rules: [],
  },
  {
    id: 'policy.reverse-dns',
    category: 'policy',
    stage: 'greeting',
    owner: 'network',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'The sending address has no valid reverse DNS name',
      meaning:
        'The server looks up the name that belongs to the IP address of the connection (PTR record), and finds none or one that does not lead back. Servers demand this of other mail servers.',
      fix: [
        'From a home or office connection, send through your provider’s server with log-in, on port 587 or 465.',
        'For a mail server of your own, ask the network or hosting provider to set the PTR record of its address.',
        'Let the name of the PTR record have an A or AAAA record with the same address.',
        'Where only IPv6 lacks the record, set it there too or send by IPv4.',
        'Where the record was set just now, wait some hours until DNS shows it.',
      ],
    },
    links: [
      { title: 'RFC 7372 §3.3: status code 5.7.25', url: 'https://www.rfc-editor.org/rfc/rfc7372#section-3.3' },
      { title: 'RFC 1912 §2.1: PTR records', url: 'https://www.rfc-editor.org/rfc/rfc1912#section-2.1' },
    ],
    test: 'Look up the PTR record of the sending address and the address of that name: they must lead to each other.',
    example: {
      paste: '550 5.7.25 Client host rejected: cannot find your reverse hostname, [203.0.113.77]',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        greeting: '554 5.7.25 mx.example.net cannot find your reverse hostname, no PTR record',
      },
    },
    rules: [],
  },
  {
    id: 'policy.blocklisted',
    category: 'policy',
    stage: 'greeting',
    owner: 'network',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'The sending IP address is on a block list',
      meaning:
        'The server refuses the address from which the connection comes, because a block list or its own records name it as a source of unwanted mail or as a home connection.',
      fix: [
        'From a home or office connection, send through your provider’s server with log-in, on port 587 or 465 in place of 25.',
        'Turn off a VPN or proxy and try again.',
        'Look up the address on the page that the reply names, and follow its steps for removal.',
        'Find what sends the unwanted mail on a server or network of your own, and stop it first.',
        'Where your provider’s server is listed, send the reply to the provider.',
      ],
    },
    links: [
      { title: 'RFC 5782 §2: DNS block lists', url: 'https://www.rfc-editor.org/rfc/rfc5782#section-2' },
      { title: 'RFC 3463 §3.8: security or policy status', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.8' },
    ],
    test: 'Look up the address at the list that the reply names, or send from another network.',
    example: {
      paste: '554 5.7.1 Service unavailable; client [203.0.113.80] blocked using dnsbl.example.org',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        greeting: '554 5.7.1 Your IP address is listed in our block list',
      },
    },
    rules: [],
  },
  {
    id: 'policy.greylisted',
    category: 'policy',
    stage: 'identity',
    owner: 'provider',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'Greylisting: the server wants a second attempt later',
      meaning:
        'The server defers the first message of a sender that it does not know, and takes it when it comes again after some minutes. Mail servers do that by themselves.',
      fix: [
        'Wait: a mail server repeats the attempt and delivers within the hour.',
        'In a script that sends directly to recipients, repeat after fifteen minutes, or send through your provider’s server with log-in.',
        'Where it lasts for hours, ask the recipient’s administrator to except your server.',
      ],
    },
    links: [
      { title: 'RFC 6647 §2: types of greylisting', url: 'https://www.rfc-editor.org/rfc/rfc6647#section-2' },
      { title: 'RFC 5321 §4.5.4.1: sending strategy', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.5.4.1' },
    ],
    test: 'Send the same message again after fifteen minutes: it is accepted then.',
    example: {
      paste: '451 4.7.1 Greylisted, try again in 300 seconds',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: { 'RCPT TO': '451 4.7.1 Greylisted, try again in 300 seconds' },
      },
    },
    rules: [],
  },
  {
    id: 'policy.connection-limit',
    category: 'policy',
    stage: 'greeting',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'Too many connections at the same time',
      meaning:
        'The server admits only a certain number of connections from one address or account, and it is reached. User name and password are not at fault.',
      fix: [
        'Close the mail program on devices that you do not need, and wait ten minutes.',
        'Lower the number of connections in the mail program (Thunderbird: server settings > advanced > maximum number of server connections).',
        'In a script, close each session, and open only a few at a time.',
        'On a server of your own, raise the limit (Dovecot: mail_max_userip_connections; Postfix: smtpd_client_connection_count_limit).',
      ],
    },
    links: [
      { title: 'RFC 5530 §3: response code LIMIT', url: 'https://www.rfc-editor.org/rfc/rfc5530#section-3' },
      { title: 'RFC 5321 §3.8: reply 421', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-3.8' },
    ],
    test: 'Close all other programs, wait ten minutes and connect once: it works then.',
    example: {
      paste: '421 4.7.0 mx.example.net Error: too many connections from 203.0.113.9',
      serve: {
        protocol: 'imap',
        replies: {
          LOGIN: '{tag} NO [LIMIT] Too many simultaneous connections for this user',
          AUTHENTICATE: '{tag} NO [LIMIT] Too many simultaneous connections for this user',
        },
      },
    },
    rules: [],
  },
  {
    id: 'policy.rate-limited',
    category: 'policy',
    stage: 'send',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'A limit on messages or requests is reached',
      meaning:
        'The server counts messages, recipients or requests in a time, and the account or address has used up its share. The limit goes away by itself.',
      fix: [
        'Wait for the time that the reply names, else an hour, or a day for a daily limit.',
        'Send fewer messages in an hour, and to fewer recipients at once.',
        'Look for a program or web form that sends on its own, and stop it.',
        'For newsletters and notifications, use a sending service or a larger plan.',
        'Ask the provider to raise the limit.',
      ],
    },
    links: [
      { title: 'RFC 5321 §4.5.3.1.10: too many recipients', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.10' },
      { title: 'RFC 3463 §3.5: status code 4.4.5, congestion', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.5' },
    ],
    test: 'Send one message after the waiting time: it is accepted then.',
    example: {
      paste: '550 5.4.5 Daily sending limit exceeded for this user, try again tomorrow',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: { 'MAIL FROM': '450 4.7.1 Sending rate limit exceeded, try again in an hour' },
      },
    },
    rules: [],
  },
  {
    id: 'policy.domain-authentication',
    category: 'policy',
    stage: 'send',
    owner: 'admin',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'SPF, DKIM or DMARC failed for the sender’s domain',
      meaning:
        'The recipient’s server cannot verify that the message comes from the sender’s domain: the sending server is not in the SPF record, the DKIM signature is missing or broken, or DMARC asks to refuse it.',
      fix: [
        'Send through the outgoing server of the sender address’s own provider.',
        'Add the sending service to the SPF record of the domain (one TXT record that begins with v=spf1).',
        'Turn on DKIM at the sending service, and publish the key that it shows in DNS.',
        'Let the domain of From agree with that of SPF or DKIM, as DMARC wants.',
        'In a web form, put your own domain into From and the visitor’s address into Reply-To.',
        'Where a forwarder or mailing list breaks the signature, ask its operator to rewrite the sender.',
      ],
    },
    links: [
      { title: 'RFC 7372 §3: status codes of e-mail authentication', url: 'https://www.rfc-editor.org/rfc/rfc7372#section-3' },
      { title: 'RFC 7208 §8: results of SPF', url: 'https://www.rfc-editor.org/rfc/rfc7208#section-8' },
      { title: 'RFC 7489 §6.6: DMARC handling by receivers', url: 'https://www.rfc-editor.org/rfc/rfc7489#section-6.6' },
    ],
    test: 'Look at the header Authentication-Results of a message that arrives elsewhere: it names which of the three fails.',
    example: {
      paste:
        '550 5.7.26 This mail has been blocked because the sender is unauthenticated. SPF [example.com] did not pass, DKIM did not pass',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        client: { args: ['--send'] },
        replies: { '.': '550 5.7.26 Message rejected: DMARC policy of the sender domain is not satisfied' },
      },
    },
    rules: [],
  },
];

/** Settings that do not fit the account, the server or the consumer (RFC 8314 §5, RFC 6186). */
import type { Cause } from '../model/cause.ts';

export const settings: readonly Cause[] = [
  {
    id: 'settings.user-name-form',
    category: 'settings',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The user name has the wrong form',
      meaning:
        'The server knows accounts under another form of name than the one it was given: the whole address in place of the part before the @, or the reverse. The password may well be right.',
      fix: [
        'Enter the whole mail address, for example name@example.com, as the user name.',
        'Remove blanks before and after the user name.',
        'Use the main address of the account rather than an alias.',
        'Where the server is your own and knows no domains, enter only the part before the @.',
        'Ask the administrator or provider which user name the account has.',
      ],
    },
    links: [
      {
        title: 'RFC 8314 section 5.1, on the configuration of mail clients',
        url: 'https://www.rfc-editor.org/rfc/rfc8314#section-5.1',
      },
      { title: 'RFC 4616 section 2, authentication identity', url: 'https://www.rfc-editor.org/rfc/rfc4616#section-2' },
    ],
    test: 'Log in once with the whole address as user name: if that is accepted, the form was wrong and not the password.',
    example: {
      paste: '-ERR Please use your full email address as the username, not only the part before the @ sign.',
      serve: {
        protocol: 'pop3',
        client: { user: 'someone', address: 'someone@example.test' },
        replies: {
          USER: '-ERR please use your full e-mail address as user name',
          PASS: '-ERR please use your full e-mail address as user name',
        },
      },
    },
    rules: [],
  },
  {
    id: 'settings.host-misspelled',
    category: 'settings',
    stage: 'dns',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The server name is misspelled',
      meaning: 'No server of this name exists, and a known mail server differs from it by one or two letters: {instead}.',
      fix: [
        'Correct the server name to {instead}.',
        'Compare the name letter by letter with the one on the help page of your provider.',
        'Remove anything before or after the name, such as https://, a blank or a slash.',
      ],
    },
    links: [{ title: 'RFC 2308 section 2.1, name error', url: 'https://www.rfc-editor.org/rfc/rfc2308#section-2.1' }],
    test: 'Look up the published server name that is nearest: if it exists and this one does not, the name is misspelled.',
    example: {
      paste: 'Server imap.gmial.com could not be found. Did you mean imap.gmail.com? Check the spelling of the server name.',
      serve: { protocol: 'imap', dns: 'near-name' },
    },
    rules: [],
  },
  {
    id: 'settings.wrong-server',
    category: 'settings',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The account lives on another server',
      meaning:
        'The server answers, but this account belongs to another provider, data centre or plan, so no password can be right here.',
      fix: [
        'Use the server that belongs to the account: {instead}.',
        'Look up the server names in the settings page of the account itself, while signed in on the web; data centre and plan decide them.',
        'Where the domain has moved to another provider, replace the old server names in every device.',
        'Ask the administrator of the domain where its mailboxes are.',
      ],
    },
    links: [
      { title: 'Zoho Mail: POP configuration details', url: 'https://www.zoho.com/mail/help/pop-access.html' },
      { title: 'RFC 6186, locating mail services', url: 'https://www.rfc-editor.org/rfc/rfc6186#section-3' },
    ],
    test: 'Sign in on the web page of the provider to which the MX of the domain points: if the password works there, the server here is the wrong one.',
    example: {
      paste:
        '535 5.7.1 Authentication refused: this mailbox is hosted in another data center, connect to the server of your region',
      serve: {
        protocol: 'smtp',
        replies: { AUTH: '535 5.7.1 This account is hosted in another data center, connect to the server of your region' },
      },
    },
    rules: [],
  },
  {
    id: 'settings.address-misspelled',
    category: 'settings',
    stage: 'settings',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The mail address is misspelled',
      meaning:
        'The domain of the address takes no mail, and a known mail domain differs from it by one or two letters: {instead}.',
      fix: [
        'Correct the part after the @ to {instead}.',
        'Read the address aloud letter by letter and compare it with the one on an old message.',
      ],
    },
    links: [
      { title: 'RFC 5321 section 5.1, locating the target host', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-5.1' },
    ],
    test: 'Look up the MX of the domain and of the known domain it resembles: if only the other one has one, the address is misspelled.',
    example: {
      paste: '<joe@gmial.com>: Domain gmial.com does not accept mail. Did you mean joe@gmail.com?',
      unserved: 'The address is judged before any server is asked; the lab serves servers.',
    },
    rules: [],
  },
  {
    id: 'settings.client-policy',
    category: 'settings',
    stage: 'settings',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The service that fetches the mail demands other settings',
      meaning:
        'The server may work for mail clients, but the service that is to use it accepts only certain settings, and these are not among them: {instead}.',
      fix: [
        'Change the port and the encryption to what that service accepts: {instead}.',
        'Ask the administrator of the mail server to offer it on the standard ports, 995 with TLS or 110.',
        'Where the server has a self-signed certificate, ask its administrator for one from a public authority.',
        'Forward the mail to the new account where the server cannot be changed.',
      ],
    },
    links: [
      { title: 'Zoho Mail: external POP accounts', url: 'https://www.zoho.com/mail/help/external-pop-accounts-setup.html' },
    ],
    test: 'Check the same server without --client: if that passes, only the demand of the consumer fails.',
    example: {
      paste: 'Custom ports are not supported. Only port 110 and 995 are allowed for POP accounts.',
      serve: { protocol: 'pop3', client: { args: ['--client', 'zoho-fetch'] } },
    },
    rules: [],
  },
  {
    id: 'settings.sources-disagree',
    category: 'settings',
    stage: 'settings',
    owner: 'admin',
    severity: 'notice',
    words: {
      title: 'The published settings do not agree with each other',
      meaning:
        'Two sources name different servers, ports or encryption for this account. The report lists each source and what it says.',
      fix: [
        'Prefer the settings on the help page of your provider.',
        'Ask the administrator of the domain to make autoconfig, Autodiscover and SRV records say the same.',
      ],
    },
    links: [{ title: 'RFC 6186 section 4, guidance for clients', url: 'https://www.rfc-editor.org/rfc/rfc6186#section-4' }],
    test: 'Run mailcheck discover with the address and compare what each source says.',
    example: {
      paste: 'The settings found by autoconfig and by the SRV records differ from each other.',
      unserved: 'Sources are asked while settling, before any server of the lab is reached.',
    },
    rules: [],
  },
  {
    id: 'settings.plaintext',
    category: 'settings',
    stage: 'settings',
    owner: 'you',
    severity: 'warning',
    words: {
      title: 'No encryption is set for this connection',
      meaning: 'Everything, the password included, would travel readable for every network on the way.',
      fix: [
        'Choose SSL/TLS with port 995 for POP3, 993 for IMAP or 465 for sending.',
        'Choose STARTTLS with port 587 where 465 is not offered.',
        'Ask the administrator of the server to switch TLS on where it offers none.',
      ],
    },
    links: [{ title: 'RFC 8314 section 3, use of TLS', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-3' }],
    test: 'Check the same host with --security tls and with --security starttls.',
    example: {
      paste: 'Warning! Incoming settings: mail.example.com does not use encryption.',
      serve: { protocol: 'imap', security: 'none' },
    },
    rules: [],
  },
  {
    id: 'settings.insecure-auth',
    category: 'settings',
    stage: 'settings',
    owner: 'you',
    severity: 'warning',
    words: {
      title: 'Credentials may travel unprotected, as you allowed',
      meaning:
        'With --insecure-auth the password or token is sent even where the channel is not encrypted or the certificate has failed.',
      fix: [
        'Leave out --insecure-auth once the test is done.',
        'Change the password where it went over a network that you do not trust.',
      ],
    },
    links: [
      { title: 'RFC 8314 section 4.1, deprecation of cleartext', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-4.1' },
    ],
    test: 'Check again without --insecure-auth.',
    example: {
      paste: 'Warning: the password will be transmitted insecurely, in clear text.',
      serve: { protocol: 'imap', security: 'none', client: { args: ['--insecure-auth'] } },
    },
    rules: [],
  },
];

/** Causes of a refused log-in that lie in the account, its plan or its administrator's rules (RFC 5530 §3, RFC 3206 §4). */
import type { Cause } from '../model/cause.ts';

export const authAccess: readonly Cause[] = [
  {
    id: 'auth.basic-disabled',
    category: 'authentication',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'Passwords are no longer taken, OAuth 2.0 is required',
      meaning:
        'The provider has switched off log-in by password (“basic authentication”) for this service. No password is right here, neither an old nor a new one: the program must sign in with OAuth 2.0.',
      fix: [
        'Choose “OAuth2” as the authentication method of the mail program, for the incoming and for the outgoing server.',
        'Where the program offers no OAuth 2.0, update it or use one that does.',
        'Remove the account from the mail program and add it again with “sign in with Microsoft” or “sign in with Google”.',
        'For a script, register an application at the provider and hand its access token to the check with `--token-command`.',
        'For a printer or scanner that knows only passwords, ask the administrator for a relay or another sending service.',
        'Where the account belongs to an organisation, ask the administrator which authentication policy applies to it.',
      ],
    },
    links: [
      { title: 'RFC 7628: SASL mechanisms for OAuth', url: 'https://www.rfc-editor.org/rfc/rfc7628#section-3' },
      {
        title: 'Microsoft: modern authentication for POP, IMAP and SMTP',
        url: 'https://support.microsoft.com/office/d088b986-291d-42b8-9564-9c414e2aa040',
      },
    ],
    test: 'Look at the mechanisms that the server offers after TLS: with only XOAUTH2 or OAUTHBEARER in the list, no password can work.',
    example: {
      paste:
        '535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [ZR0P278CA0101.CHEP278.PROD.OUTLOOK.COM 2026-03-02T09:14:55.120Z 08DE6E2F]',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: {
          AUTH: '535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [ZR0P278CA0101.CHEP278.PROD.OUTLOOK.COM 2026-03-02T09:14:55.120Z 08DE6E2F]',
        },
      },
    },
    rules: [],
  },
  {
    id: 'auth.smtp-disabled',
    category: 'authentication',
    stage: 'auth',
    owner: 'admin',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'Sending by SMTP is switched off for this account',
      meaning:
        'Authenticated SMTP is off for this mailbox or for the whole organisation. Reading mail can work all the same, and another password changes nothing.',
      fix: [
        'Switch on SMTP access in the mailbox settings of the provider (QQ and NetEase: settings > POP3/SMTP/IMAP; OVH: manage the address > authenticated SMTP).',
        'In Microsoft 365, ask the administrator to allow “Authenticated SMTP” for the mailbox (admin center > active users > mail > manage email apps, or Set-CASMailbox -SmtpClientAuthenticationDisabled $false).',
        'Where the whole organisation is switched off, ask the administrator to allow it (Set-TransportConfig -SmtpClientAuthenticationDisabled $false) or to except this mailbox.',
        'Wait an hour after the change and check again.',
        'Where it cannot be allowed, send through a relay of your organisation or a sending service.',
      ],
    },
    links: [
      { title: 'RFC 6409 §4.3: submission requires authentication', url: 'https://www.rfc-editor.org/rfc/rfc6409#section-4.3' },
      { title: 'Microsoft: enable or disable authenticated SMTP', url: 'https://aka.ms/smtp_auth_disabled' },
    ],
    test: 'Log in by IMAP or POP with the same user name and password: if that works, SMTP alone is switched off.',
    example: {
      paste:
        '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information. [FR4P281CA0044.DEUP281.PROD.OUTLOOK.COM]',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: {
          AUTH: '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information. [FR4P281CA0044.DEUP281.PROD.OUTLOOK.COM]',
        },
      },
    },
    rules: [],
  },
  {
    id: 'auth.protocol-disabled',
    category: 'authentication',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'POP or IMAP access is switched off for this account',
      meaning:
        'The account exists and the password may well be right, but access by this protocol is off. Several providers leave it off until you switch it on.',
      fix: [
        'Switch on POP or IMAP in the webmail’s settings (Gmail: settings > forwarding and POP/IMAP; Zoho: settings > mail accounts; Yandex: all settings > email clients; GMX and WEB.DE: e-mail > POP3/IMAP).',
        'In Outlook.com, turn on “let devices and apps use POP/IMAP” under settings > mail > forwarding and IMAP.',
        'Where an administrator manages the account, ask them to allow the protocol for this mailbox (Microsoft 365: Set-CASMailbox -ImapEnabled $true or -PopEnabled $true).',
        'Sign in to the webmail once, where the mailbox is new.',
        'Check that your plan includes the protocol: some free plans do not.',
        'Wait some minutes and check again.',
      ],
    },
    links: [
      { title: 'RFC 3206 §4: POP3 SYS/PERM', url: 'https://www.rfc-editor.org/rfc/rfc3206#section-4' },
      { title: 'Google: read Gmail with POP', url: 'https://support.google.com/mail/answer/7104828' },
      { title: 'Zoho: IMAP access', url: 'https://www.zoho.com/mail/help/imap-access.html' },
    ],
    test: 'Log in by another protocol with the same user name and password, or look at the switch in the webmail’s settings.',
    example: {
      paste: '-ERR [SYS/PERM] Your account is not enabled for POP access. Visit your Gmail settings page and enable it.',
      serve: {
        protocol: 'imap',
        replies: {
          LOGIN: '{tag} NO [ALERT] IMAP access is not enabled for this account. Enable it in your mail settings.',
          AUTHENTICATE: '{tag} NO [ALERT] IMAP access is not enabled for this account. Enable it in your mail settings.',
        },
      },
    },
    rules: [],
  },
  {
    id: 'auth.web-login-required',
    category: 'authentication',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The provider wants you to sign in by browser first',
      meaning:
        'The provider holds the log-in back until you confirm it in a browser: it looks unusual, or new terms, a captcha or a consent are due. The password itself may be right.',
      fix: [
        'Open the page that the server’s reply names, or the provider’s webmail, and sign in there with this account.',
        'Confirm the message about an unusual sign-in, the new terms or the consent.',
        'Check again within some minutes, from the same network.',
        'For a server that runs elsewhere, sign in once through its network, or use an app password or OAuth 2.0.',
      ],
    },
    links: [
      { title: 'RFC 5530 §3: IMAP response codes', url: 'https://www.rfc-editor.org/rfc/rfc5530#section-3' },
      { title: 'Google: check Gmail through other platforms', url: 'https://support.google.com/mail/answer/78754' },
    ],
    test: 'Sign in to the webmail: the provider shows the warning, the terms or the captcha there, and the log-in works afterwards.',
    example: {
      paste: '* NO [WEBALERT https://accounts.google.com/signin/continue?plt=AKgnsb] Web login required.',
      serve: {
        protocol: 'imap',
        replies: {
          LOGIN:
            '{tag} NO [ALERT] Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)',
          AUTHENTICATE:
            '{tag} NO [ALERT] Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)',
        },
      },
    },
    rules: [],
  },
  {
    id: 'auth.policy-blocked',
    category: 'authentication',
    stage: 'auth',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'A security rule blocks this log-in',
      meaning:
        'The server refuses the log-in because of a rule (Conditional Access, security defaults, a list of allowed addresses or countries), not because of the password. Only those who made the rule can change it.',
      fix: [
        'Send the server’s reply to the administrator and ask which rule blocks the log-in (Microsoft Entra: sign-in logs of the user).',
        'Ask them to except this account, or the address of this computer, from the rule.',
        'Check from the organisation’s own network, without a VPN.',
        'Where the rule is your own (allowed addresses or countries in the account’s security settings), add this computer’s address there.',
        'Use a mail program with OAuth 2.0, which most such rules let pass.',
      ],
    },
    links: [
      { title: 'RFC 3463 §3.8: security or policy status', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.8' },
      { title: 'RFC 5530 §3: CONTACTADMIN, AUTHORIZATIONFAILED', url: 'https://www.rfc-editor.org/rfc/rfc5530#section-3' },
    ],
    test: 'Look at the sign-in log of the account, or log in from another network: a rule names itself there or does not apply.',
    example: {
      paste:
        '535 5.7.139 Authentication unsuccessful, user is locked by your organization’s security defaults policy. Contact your administrator.',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: {
          AUTH: "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator.",
        },
      },
    },
    rules: [],
  },
  {
    id: 'auth.plan-restriction',
    category: 'authentication',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The plan or licence does not include this access',
      meaning:
        'The account exists, but its plan does not entitle it to this access: some free or trial plans have no POP, IMAP or SMTP, send only to confirmed addresses, or are used up.',
      fix: [
        'Look at the provider’s plan page whether your plan includes POP, IMAP or SMTP.',
        'Upgrade the plan, or move the account to one that includes the access.',
        'Use the server name that belongs to your plan (Zoho: pop, imap and smtp for personal, poppro, imappro and smtppro for organisation accounts).',
        'On a test or sandbox plan, add your own domain or confirm the recipient’s address.',
        'In an organisation, ask the administrator to assign a licence with a mailbox.',
      ],
    },
    links: [
      { title: 'RFC 3463 §3.8: security or policy status', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.8' },
      { title: 'Zoho: POP access', url: 'https://www.zoho.com/mail/help/pop-access.html' },
    ],
    test: 'Look at the plan in the provider’s account page: it says whether access by mail programs is part of it.',
    example: {
      paste: '-ERR POP access is not available for free users. Upgrade to a paid plan to use this feature.',
      serve: {
        protocol: 'pop3',
        replies: {
          PASS: '-ERR POP access is not available for free users. Upgrade to a paid plan to use this feature.',
          AUTH: '-ERR POP access is not available for free users. Upgrade to a paid plan to use this feature.',
        },
      },
    },
    rules: [],
  },
  {
    id: 'auth.account-locked',
    category: 'authentication',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The account is locked for now',
      meaning:
        'The account is blocked for a time, after wrong passwords or because the provider suspects abuse. Even the right password is refused until the lock is lifted.',
      fix: [
        'Stop every program and device that still uses an old password.',
        'Sign in at the provider’s web page and follow the steps that unlock the account.',
        'Change the password, where somebody else may know it.',
        'Wait for the time that the provider names, an hour at least, before the next attempt.',
        'In an organisation, ask the administrator to unlock the account (Microsoft 365: Defender > restricted entities).',
      ],
    },
    links: [{ title: 'RFC 3463 §3.8: security or policy status', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.8' }],
    test: 'Sign in at the web page: a lock is named there, and a log-in after it is lifted succeeds with the same password.',
    example: {
      paste: '535 5.7.8 Account temporarily locked after several failed sign-ins. Try again in 30 minutes.',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: { AUTH: '535 5.7.8 Account temporarily locked after several failed sign-ins. Try again in 30 minutes.' },
      },
    },
    rules: [],
  },
  {
    id: 'auth.account-disabled',
    category: 'authentication',
    stage: 'auth',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The account is disabled, closed or does not exist',
      meaning:
        'The server knows that nobody may log in with this account: it is suspended, closed, unpaid or deleted. No password opens it.',
      fix: [
        'Check the spelling of the address.',
        'Sign in at the provider’s web page and read what it says about the account.',
        'Where a bill is open, pay it; where the account was closed for inactivity, reactivate it.',
        'Ask the provider or the administrator why the account is disabled and to enable it.',
      ],
    },
    links: [
      {
        title: 'RFC 5248 §3: status code 5.7.13, user account disabled',
        url: 'https://www.rfc-editor.org/rfc/rfc5248#section-3',
      },
      { title: 'RFC 5530 §3: response code CONTACTADMIN', url: 'https://www.rfc-editor.org/rfc/rfc5530#section-3' },
    ],
    test: 'Sign in at the web page: a suspended or closed account is named as such there.',
    example: {
      paste: '525 5.7.13 User account disabled',
      serve: { protocol: 'smtp', security: 'starttls', replies: { AUTH: '525 5.7.13 User account disabled' } },
    },
    rules: [],
  },
];

/** Causes of a refused log-in that lie in the secret itself: password, app password, token (RFC 4954 §6, RFC 5530 §3, RFC 3206 §4). */
import type { Cause } from '../model/cause.ts';

export const authSecret: readonly Cause[] = [
  {
    id: 'auth.app-password-required',
    category: 'authentication',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'An app password is needed in place of the password',
      meaning:
        'The provider does not take the account’s own password from mail programs. It wants an app password (some call it an authorization code), which you create for this program alone.',
      fix: [
        'Turn on two-step verification in the provider’s security settings, where app passwords depend on it.',
        'Create an app password there (Gmail, Yahoo, iCloud and Zoho: account > security > app passwords; QQ and NetEase: settings > POP3/IMAP/SMTP > authorization code).',
        'Enter it in place of the account’s password, without spaces and with the whole e-mail address as user name.',
        'Enter it for the incoming and for the outgoing server.',
        'Where the provider offers no app passwords, choose OAuth 2.0 as the authentication method of the mail program.',
        'Where an administrator manages the account, ask them to allow app passwords.',
      ],
    },
    links: [
      { title: 'RFC 4954 §6: SMTP authentication status codes', url: 'https://www.rfc-editor.org/rfc/rfc4954#section-6' },
      { title: 'Google: sign in with app passwords', url: 'https://support.google.com/accounts/answer/185833' },
      { title: 'Apple: app-specific passwords', url: 'https://support.apple.com/HT204397' },
      { title: 'Yahoo: app passwords', url: 'https://help.yahoo.com/kb/SLN4075.html' },
    ],
    test: 'Log in once with a newly created app password: if it is accepted, this was the cause.',
    example: {
      paste:
        '534-5.7.9 Application-specific password required. For more information, go to\n534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor 5b1f17b1804b1-4343sm5.12 - gsmtp',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: {
          AUTH: '534-5.7.9 Application-specific password required. For more information, go to\r\n534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor 5b1f17b1804b1-4343sm5.12 - gsmtp',
        },
      },
    },
    rules: [],
  },
  {
    id: 'auth.token-rejected',
    category: 'authentication',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The OAuth 2.0 token is not accepted',
      meaning:
        'The access token is expired or revoked, or it is made for another user, audience or scope than {host} asks for. The account’s password plays no part in this.',
      fix: [
        'Sign in again so that the mail program gets a new access token.',
        'Check that the token belongs to the same mailbox as the user name.',
        'Check the scope of the token: https://mail.google.com/ for Gmail; IMAP.AccessAsUser.All, POP.AccessAsUser.All or SMTP.Send of https://outlook.office.com for Microsoft.',
        'Remove the account from the mail program and add it again, where the consent was withdrawn or the password has changed since.',
        'For an application without a user in Microsoft 365, ask the administrator to register it in Exchange (New-ServicePrincipal) and to give it the mailbox (Add-MailboxPermission).',
        'Compare the clock of this computer with the real time: a token from a wrong clock counts as expired.',
      ],
    },
    links: [
      {
        title: 'RFC 7628 §3.2.2: server response to failed authentication',
        url: 'https://www.rfc-editor.org/rfc/rfc7628#section-3.2.2',
      },
      { title: 'RFC 6750 §3.1: error codes of bearer tokens', url: 'https://www.rfc-editor.org/rfc/rfc6750#section-3.1' },
    ],
    test: 'Get a new access token for exactly this mailbox and scope and log in once with it: if it is accepted, the old token was the cause.',
    example: {
      paste: 'A1 NO [AUTHENTICATIONFAILED] XOAUTH2 refused: the access token has expired',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: { AUTH: '535 5.7.8 Authentication failed: the access token has expired' },
      },
    },
    rules: [],
  },
  {
    id: 'auth.password-expired',
    category: 'authentication',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The password has expired and must be changed',
      meaning: 'The password was right once, but {host} takes it no longer until you choose a new one.',
      fix: [
        'Sign in at the provider’s or your organisation’s web page and choose a new password.',
        'Enter the new password for the incoming server of the mail program.',
        'Enter the new password for the outgoing server as well.',
        'Change it in every other device and program that reads this mailbox, so that old attempts do not lock the account.',
        'Where you cannot change it yourself, ask the administrator to reset it.',
      ],
    },
    links: [{ title: 'RFC 5530 §3: response code EXPIRED', url: 'https://www.rfc-editor.org/rfc/rfc5530#section-3' }],
    test: 'Sign in at the web page: an expired password is asked to be changed there.',
    example: {
      paste: 'a1 NO [EXPIRED] Your password has expired, change it in the webmail.',
      serve: {
        protocol: 'imap',
        replies: {
          LOGIN: '{tag} NO [EXPIRED] Your password has expired, change it in the webmail.',
          AUTHENTICATE: '{tag} NO [EXPIRED] Your password has expired, change it in the webmail.',
        },
      },
    },
    rules: [],
  },
  {
    id: 'auth.credentials-rejected',
    category: 'authentication',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'User name or password is not accepted',
      meaning:
        'The log-in reaches {host} and is refused there: as far as the server says, this user name and this password do not belong together. Many servers give the same answer to a wrong password, an unknown user and an access that is switched off.',
      fix: [
        'Sign in at the provider’s web page with the same user name and password, and reset the password there if that fails too.',
        'Use the whole e-mail address as the user name, unless the provider asks for another form.',
        'Where two-factor sign-in is on, create an app password and use it in place of the account’s password.',
        'Where the password has changed, enter the new one for the incoming and for the outgoing server.',
        'Where you sign in with Google, Facebook or the like, create a password of the account’s own with “forgot password” on the provider’s sign-in page.',
        'Check in the provider’s settings that you are entitled to POP, IMAP or SMTP and that it is switched on.',
        'Compare server name and port with the provider’s page: a server of another plan or data centre does not know the account.',
      ],
    },
    links: [
      { title: 'RFC 4954 §6: SMTP 535 5.7.8', url: 'https://www.rfc-editor.org/rfc/rfc4954#section-6' },
      { title: 'RFC 5530 §3: IMAP AUTHENTICATIONFAILED', url: 'https://www.rfc-editor.org/rfc/rfc5530#section-3' },
      { title: 'RFC 3206 §4: POP3 AUTH response code', url: 'https://www.rfc-editor.org/rfc/rfc3206#section-5' },
    ],
    test: 'Sign in at the provider’s web page with the same user name and password: if that works, something other than the password is at fault.',
    example: {
      paste: 'c7 NO [AUTHENTICATIONFAILED] Wrong user name or password.',
      serve: {
        protocol: 'pop3',
        replies: { PASS: '-ERR [AUTH] Wrong user name or password', AUTH: '-ERR [AUTH] Wrong user name or password' },
      },
    },
    rules: [],
  },
  {
    id: 'auth.unexplained',
    category: 'authentication',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The log-in failed, and the text does not say why',
      meaning:
        'The mail program reports that the log-in failed and hides what the server answered. Wrong password, missing app password, switched-off access and a locked account all look like this.',
      fix: [
        'Run a check against the server with `mailcheck`, which shows the server’s own words.',
        'Or turn on the debug log of the program (PHPMailer: SMTPDebug = 2; nodemailer: debug and logger) and paste the server’s reply.',
        'Sign in at the provider’s web page with the same user name and password.',
        'Use the whole e-mail address as the user name.',
        'Where two-factor sign-in is on, use an app password.',
        'Enter a changed password for the incoming and for the outgoing server.',
        'Check at the provider that POP, IMAP or SMTP access is switched on.',
      ],
    },
    links: [{ title: 'RFC 4954 §6: what servers answer', url: 'https://www.rfc-editor.org/rfc/rfc4954#section-6' }],
    test: 'Look at the server’s own reply, in a debug log or with a live check: it names the reason that the program hides.',
    example: {
      paste: 'Cannot get mail. The user name or password could not be verified.',
      unserved: 'A live check always sees the server’s own words; only a program in between can hide them.',
    },
    rules: [],
  },
];

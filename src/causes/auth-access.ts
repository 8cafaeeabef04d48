/** Causes of a refused log-in that lie in the account, its plan or its administrator's rules (RFC 5530 §3, RFC 3206 §4). */
import type { Cause } from '../model/cause.ts';
import { bareRefusal, lastCapabilities, leftOpen, ofPasswords, secretOf, tokensOnly } from './auth-bare.ts';
import { likely, live, pasted, possible, proven, refusals } from './hear.ts';
import { says, seen, sighting } from './rules.ts';

/** SMTP codes that answer a log-in; with 550 to 554 the same words speak of the recipient. */
const AUTH_CODES = [421, 432, 450, 451, 454, 500, 501, 502, 503, 504, 521, 525, 526, 530, 534, 535, 538] as const;

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
        provider: 'outlook',
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
    rules: [
      proven(90, [/basic auth\w*(?: is| has been)? (?:disabled|not supported)/i], {
        enhanced: ['5.7.139', '5.7.30', '5.7.3'],
        codeOptional: true,
      }),
      likely(
        82,
        [
          /(?:basic|legacy) auth\w*[^.]{0,20} (?:disabled|not supported|no longer|blocked|deprecated|retired|turned off|not allowed|not available|unavailable)/i,
          /(?:password|plain)(?:-based)? (?:log-?ins?|auth\w*|sign-?ins?)(?: method)?(?: is| has been| have been| are)? (?:disabled|no longer|retired|not supported|not available|turned off)/i,
          /\bpasswords? (?:is |are )?(?:no longer|not any ?more) (?:accepted|taken|supported|allowed)\b/i,
          /(?:no longer|stopped|stops?|ceased to) (?:support|accept|allow|tak)\w*[^.]{0,30}(?:basic|password|username|less secure|plain)/i,
          /(?:oauth ?(?:2(?:\.0)?)?|modern auth\w*|xoauth2|oauthbearer)(?: auth\w*| log-?in| sign-?in)? (?:is |are )?(?:required|must be|mandatory|needed)/i,
          /(?:requires?|must (?:use|authenticate (?:with|using|via))|only (?:supports?|accepts?|allows?)|please use|use|switch to|migrate to) (?:an? |the )?(?:oauth|modern auth|xoauth2)/i,
          /(?:turned|switched|shut) off (?:the )?(?:basic|legacy) auth/i,
          /(?:disabled|blocked|retired|deprecated|removed) (?:the )?(?:basic|legacy) auth/i,
          /less[- ]secure app/i,
          /username and password sign-?in[^.]{0,20}(?:not|no longer|disabled)/i,
          /password authentication is not (?:allowed|permitted|enabled|possible)/i,
        ],
        { unless: [/clear ?text|plain ?text|non-secure|without tls|unencrypted/i] },
      ),
      likely(78, [
        /(?:basis|standard)-?authentifizierung[^.]{0,20}(?:deaktiviert|nicht (?:mehr )?unterstützt)/i,
        /authentification de base[^.]{0,20}(?:désactivée|plus)/i,
        /autenticación básica[^.]{0,40}(?:deshabilitada|desactivada|no)/i,
        /autenticação básica[^.]{0,20}(?:desabilitada|desativada|não)/i,
        /autenticazione di base[^.]{0,20}(?:disabilitata|disattivata|non)/i,
        /(?:基本|基础|密码|旧式)(?:身份)?(?:验证|认证|驗證)[^。]{0,8}(?:已?禁用|停用|停用|不再|关闭)/,
        /(?:禁用|停用|关闭)(?:了)?(?:基本|基础|密码|旧式)(?:身份)?(?:验证|认证)|使用现代(?:身份)?(?:验证|认证)/,
        /基本認証[^。]{0,12}(?:無効|廃止|サポート)/,
        /xác thực cơ bản[^.]{0,20}(?:vô hiệu|tắt|không)/i,
        /базовая (?:аутентификация|проверка)[^.]{0,20}(?:отключена|не поддерж)/i,
      ]),
      // Exchange's IMAP says no more than this; its online service has taken no passwords since 2023. The case of the words is its own.
      // Live, others say it too: there the provider of the account counts.
      pasted(
        likely(63, [/\bLOGIN failed\.(?!\w|\s+[A-Z][a-z])/], {
          unless: [/Lo?gin failed|\[AUTH|\[UNAV/],
          alternatives: ['auth.credentials-rejected', 'auth.protocol-disabled', 'auth.policy-blocked'],
        }),
      ),
      // The c-client library quotes Exchange's words for the token that it tried; a password is what it has.
      likely(63, [/retrying (?:PLAIN|LOGIN) authentication after AUTHENTICATE failed\./i], {
        alternatives: ['auth.credentials-rejected', 'auth.protocol-disabled'],
      }),
      // Google's IMAP to a plain password; the space before the bracket is Google's (Zoho writes none).
      pasted(
        likely(63, [/invalid credentials \(failure\)/i], {
          of: 'text',
          unless: [/AUTHENTICATIONFAILED/],
          alternatives: ['auth.app-password-required', 'auth.credentials-rejected'],
        }),
      ),
      possible(52, [/invalid credentials \(failure\)/i], {
        alternatives: ['auth.app-password-required', 'auth.credentials-rejected'],
      }),
      possible(44, [/logon failure: unknown user name or bad password/i]),
      // The provider takes tokens alone by its own word, and what was sent is a password.
      seen((facts) => {
        const refused = bareRefusal(facts);
        const secret = secretOf(facts);
        return refused && secret?.type === 'password' && secret.wanted === 'oauth'
          ? sighting('likely', 60, [refused, secret], {
              alternatives: ['auth.credentials-rejected', ...leftOpen(facts).filter((x) => x !== 'auth.basic-disabled')],
            })
          : undefined;
      }),
      // The list after TLS names only token mechanisms: no password can work.
      seen((facts) => {
        const caps = lastCapabilities(facts);
        const secret = secretOf(facts);
        if (caps?.channel !== 'tls' || !tokensOnly(caps.mechanisms) || secret?.type === 'token') return undefined;
        const withheld = facts.all('withheld', 'auth').find((w) => w.why === 'not-offered');
        const refused = bareRefusal(facts);
        if (withheld) return sighting('proven', 76, [withheld, caps, secret], { matched: caps.mechanisms.join(' ') });
        // Dovecot lists USER all the same, and refuses PASS for want of a mechanism behind it.
        const behind = refusals(facts, 'auth').find((r) => /unsupported auth\w* mechanism/i.test(r.text));
        if (behind) return sighting('proven', 88, [behind, caps, secret], { matched: caps.mechanisms.join(' ') });
        return refused
          ? sighting('likely', 66, [refused, caps, secret], {
              alternatives: leftOpen(facts).filter((x) => x !== 'auth.basic-disabled'),
            })
          : undefined;
      }),
    ].map(ofPasswords),
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
      { title: 'Microsoft: enable or disable authenticated SMTP', url: 'https://aka.ms/smtp_auth_disabled', provider: 'outlook' },
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
    rules: [
      proven(92, [/SmtpClientAuthentication is disabled/i, /aka\.ms\/smtp_auth_disabled/i]),
      likely(84, [
        /(?:authenticated smtp|smtp[- ]?(?:client )?auth\w*|smtp (?:access|service|protocol|sending|log-?in|submission))(?: \w+)?(?: is| has been| are)? (?:currently )?(?:disabled|not (?:enabled|active|activated|allowed|permitted|open)|turned off|switched off|blocked|off\b)/i,
        /(?:disabled|not (?:enabled|allowed|activated)|turned off)(?: \w+){0,3} (?:for|from using|to use) smtp\b/i,
        /smtp[^.]{0,45}disabled for (?:the|this|your) (?:tenant|mailbox|account|user|domain|organi[sz]ation)/i,
        /sending is not enabled/i,
        /client submission (?:is|has been|was)[^.]{0,20}(?:disabled|not enabled|not allowed|blocked|turned off|switched off)/i,
        /(?:not (?:allowed|authori[sz]ed|permitted|enabled)|no permission) to (?:use|send(?: mail| e-?mail| messages)? (?:via|through|using|with))(?: the| this)? (?:smtp|outgoing)/i,
        /user is not (?:enabled|allowed) for smtp/i,
      ]),
      // NetEase answers AUTH so while the service is off.
      likely(74, [/user has no permission/i], {
        stage: ['auth'],
        alternatives: ['auth.app-password-required', 'sender.blocked'],
      }),
      likely(72, [/does not have access rights to this service/i], {
        protocol: ['smtp'],
        alternatives: ['auth.app-password-required', 'auth.protocol-disabled'],
      }),
      likely(
        80,
        [
          /smtp[^。]{0,8}(?:未(?:开启|启用|开通|打开|開啟|啟用)|没有?(?:开启|开通|启用)|已?(?:关闭|禁用|停用)|服务关闭)/i,
          /未(?:开启|启用|开通|打开|開啟)[^。]{0,6}smtp/i,
          /(?:没有|沒有|无|無)(?:使用)?(?:权限|權限)[^。]{0,6}smtp|smtp[^。]{0,6}(?:没有|沒有|无|無)(?:使用)?(?:权限|權限)/i,
          /chưa (?:được )?bật smtp/i,
          /smtp[^.]{0,45}(?:chưa (?:được )?bật|không được (?:bật|kích hoạt)|bị (?:tắt|vô hiệu))/i,
          /smtp[^.]{0,45}(?:deaktiviert|nicht (?:aktiviert|freigeschaltet))/i,
          /smtp[^.]{0,40}(?:désactivé|n.est pas activé)/i,
          /smtp[^.]{0,40}(?:deshabilitad|desactivad|no está (?:habilitad|activad))/i,
          /smtp[^.]{0,40}(?:desabilitad|desativad|não está (?:habilitad|ativad))/i,
          /smtp[^.]{0,40}(?:disabilitat|disattivat|non è (?:abilitat|attiv))/i,
          /smtp[^.]{0,40}(?:отключ|выключ|не включ)/i,
          /smtp[^。]{0,12}(?:無効|有効になっていません|オフ)/i,
          // Sending as such is off for the account.
          /(?:gửi|gửi thư)[^.]{0,8} (?:không|chưa) được (?:bật|kích hoạt)/i,
          /未(?:启用|开启|开通|啟用|開啟)(?:邮件)?(?:发送|发信|發送|寄信)|(?:发送|发信|發送)(?:功能|服务)?未(?:启用|开启|开通|啟用)/,
          /(?:senden|versand) ist für (?:dieses|das|ihr) konto nicht|l.envoi n.est pas activé|el envío no está (?:habilitad|activad)|o envio não está (?:habilitad|ativad)|l.invio non è (?:abilitat|attiv)/i,
          /отправка (?:почты )?(?:не включена|отключена)[^.]{0,30}(?:уч[её]тн|аккаунт)|送信が有効になっていません/i,
        ],
        { unless: [/starttls|tls|(?:pop3?|imap)\/smtp/i] },
      ),
    ],
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
      { title: 'Google: read Gmail with POP', url: 'https://support.google.com/mail/answer/7104828', provider: 'gmail' },
      { title: 'Zoho: IMAP access', url: 'https://www.zoho.com/mail/help/imap-access.html', provider: 'zoho' },
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
    rules: [
      proven(90, [
        /not enabled for (?:imap|pop3?)\b/i,
        /(?:imap|pop) access is disabled for your domain/i,
        /yet to enable (?:imap|pop)/i,
      ]),
      likely(
        82,
        [
          /\b(?:imap|pop3?)(?:4?(?:rev1)?|[/ ](?:imap|pop3?))?(?: access| service| protocol| log-?in| use| feature| option| client| support)*(?: (?:is|are|has been|was|not being))? ?(?:currently |temporarily )?(?:disabled|not (?:enabled|active|activated|allowed|permitted|turned on|switched on|open|available for this account)|turned off|switched off|deactivated|blocked)/i,
          /(?:enable|activate|turn on|switch on) (?:the )?(?:imap|pop3?)\b/i,
          /(?:disabled|not (?:enabled|allowed|permitted|activated))(?: \w+){0,3} (?:imap|pop3?)\b(?:4)?(?: access| service| log-?in)?/i,
          /disabled for (?:imap|pop)/i,
          /(?:not|n.t) have (?:imap|pop3?)/i,
          /not (?:currently |yet )?(?:configured|set up|provisioned|authori[sz]ed) for (?:imap|pop3?)\b/i,
          /protocol (?:is )?(?:disabled|not enabled)(?: for)?/i,
          /access to (?:imap|pop3?)[^.]{0,30}(?:disabled|denied|not)/i,
          /(?:imap|pop3?) access (?:denied|not)/i,
        ],
        { unless: [/smtp auth|free|plan\b|upgrade|starttls|tls\b|timed out/i] },
      ),
      likely(
        80,
        [
          /(?:imap|pop3?)[^。]{0,12}(?:未(?:被)?(?:启用|開啟|开启|开通|打开|啟用)|已?(?:关闭|禁用|停用|關閉)|没有?(?:开启|开通|启用|打开)|不可用)/i,
          /(?:未|没有?|尚未)(?:启用|開啟|开启|开通|打开|啟用)[^。]{0,10}(?:imap|pop)/i,
          /(?:没有|沒有|无|無)(?:使用)?(?:权限|權限)[^。]{0,6}(?:imap|pop)|(?:imap|pop3?)[^。]{0,6}(?:没有|沒有|无|無)(?:使用)?(?:权限|權限)/i,
          /(?:chưa|không) (?:được )?(?:bật|kích hoạt)[^.]{0,12}(?:imap|pop)/i,
          /(?:imap|pop3?)[^.]{0,45}(?:không được (?:bật|kích hoạt|cho phép)|chưa (?:được )?(?:bật|kích hoạt)|bị (?:tắt|vô hiệu))/i,
          /(?:imap|pop3?)[^.]{0,45}(?:nicht (?:aktiviert|freigeschaltet|erlaubt|eingeschaltet)|deaktiviert|ausgeschaltet|gesperrt)/i,
          /(?:imap|pop3?)[^.]{0,40}(?:n.est pas activé|désactivé|pas autorisé)/i,
          /(?:imap|pop3?)[^.]{0,40}(?:no está (?:habilitad|activad|permitid)|deshabilitad|desactivad)/i,
          /(?:imap|pop3?)[^.]{0,40}(?:não está (?:habilitad|ativad|ativo)|desativad|desabilitad)/i,
          /(?:imap|pop3?)[^.]{0,40}(?:non è (?:abilitat|attiv|consentit)|disabilitat|disattivat)/i,
          /(?:imap|pop3?)[^。]{0,14}(?:無効|有効(?:に|では)|オフ|許可されて)/i,
          /(?:imap|pop3?)[^.]{0,40}(?:отключ|выключ|не (?:включ|активир|разреш))/i,
          /(?:отключ[её]н|выключ[её]н|не включ[её]н)[^.]{0,15}(?:imap|pop)/i,
          /(?:imap|pop3?)[^.]{0,45}(?:사용 ?안|비활성|활성화되지|사용하지|꺼져)/i,
          /(?:imap|pop3?)[^.]{0,45}(?:wyłączon|nie jest włączon|uitgeschakeld|niet ingeschakeld|devre dışı|etkin değil|inaktivera)/i,
        ],
        {
          unless: [
            /smtp auth|tls\b|парол|senha|mật khẩu|密码|密碼|パスワード|passw|kennwort|mots? de passe|contraseñ|비밀번호|hasł/i,
          ],
        },
      ),
      // One reply for a wrong password and for an access that is off (Yandex).
      likely(76, [/credentials or (?:imap|pop3?) is disabled/i, /log-?in failure or (?:imap|pop3?) disabled/i], {
        alternatives: ['auth.app-password-required', 'auth.credentials-rejected'],
      }),
      likely(70, [/does not have access rights to this service/i], {
        protocol: ['imap', 'pop3'],
        alternatives: ['auth.app-password-required'],
      }),
      likely(66, [/service is not open/i], { protocol: ['imap', 'pop3'], alternatives: ['auth.app-password-required'] }),
      // Exchange after a good log-in: access off, no licence, or a shared mailbox. Live the mailbox stage says so.
      pasted(
        likely(72, [/authenticated but not connected/i], {
          alternatives: ['mailbox.unusable', 'auth.plan-restriction', 'auth.token-rejected'],
        }),
      ),
      live(
        says({
          certainty: 'possible',
          strength: 36,
          responseCode: ['SYS/PERM'],
          stage: ['auth'],
          alternatives: ['auth.account-disabled', 'server.misconfigured'],
        }),
      ),
    ],
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
      {
        title: 'Google: check Gmail through other platforms',
        url: 'https://support.google.com/mail/answer/78754',
        provider: 'gmail',
      },
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
    rules: [
      proven(90, [/please log in via your web browser/i, /web ?login required/i, /WEBALERT/], {
        unless: [/application-specific/i],
      }),
      likely(
        86,
        [
          /(?:log|sign)[- ]?(?:ged |ing )?in (?:via|through|using|with|on|at|from|to|in)(?: (?:your|a|the|our|their))? (?:web ?browser|browser|web ?mail|website|web ?site|web (?:interface|page|client|portal))/i,
          /accounts\.google\.com\/(?:signin\/continue|displayunlockcaptcha|b\/)/i,
          /support\.google\.com\/(?:mail\/)?(?:accounts\/)?(?:answer|bin\/answer\.py\?answer=?)\/?78754/i,
          /captcha/i,
          /(?:accept|agree to|review)[^.]{0,25}(?:terms|conditions|privacy|user agreement|eula|policies)/i,
          /verify (?:your )?(?:account|identity|e-?mail address) (?:by|at|on|via|through|here)/i,
          /(?:suspicious|unusual|unrecogni[sz]ed|new) (?:sign-?in|log-?in|logon|device)/i,
          /sign-?in (?:attempt )?(?:was )?(?:blocked|prevented)/i,
          /interaction_required|consent_required/i,
          /(?:log|sign) in (?:to|via) (?:https?:\/\/|webmail|\S+\.(?:com|net|org)\b)/i,
          /(?:visit|go to) https?:\/\/\S+ (?:to|and) (?:unlock|sign|log|verify|confirm)/i,
          /AADSTS(?:65001|65004|50076|50079|50072|50074|50058|90094|16000)/,
        ],
        { unless: [/application-specific/i] },
      ),
      likely(82, [
        /(?:浏览器|瀏覽器|网页版?|網頁|网络邮箱|网页邮箱|webmail)[^。]{0,12}(?:登[录陆錄入])/i,
        /(?<!(?:imap|pop3?|smtp)[^。]{0,20})登[录陆錄入][^。]{0,10}(?:浏览器|网页|網頁|webmail)/i,
        /(?:异常|可疑|异地)登[录陆]/,
        /(?:melden|loggen) sie sich[^.]{0,40}(?:web ?mail|browser|web)/i,
        /(?:agb|nutzungsbedingungen)[^.]{0,40}(?:akzeptieren|zustimmen)|akzeptieren[^.]{0,40}(?:agb|nutzungsbedingungen)/i,
        /(?:über|mit|in|per)(?: (?:einen?m?|den|dem|ihre[nm]?))? ?(?:web-?)?(?:browser|mail)[^.]{0,40}(?:anmelden|einloggen)/i,
        /(?:connecter|identifier)[^.]{0,15}(?:via|depuis|par|avec|sur|à partir d)[^.]{0,12}(?:navigateur|web ?mail|site)/i,
        /(?:iniciar sesión|acceder|conectarse|entrar)[^.]{0,20}(?:navegador|web ?mail|sitio web|página web)/i,
        /(?:login|entrar|iniciar sessão|acessar|conectar)[^.]{0,20}(?:navegador|browser|web ?mail)/i,
        /acceder[^.]{0,20}(?:browser|web ?mail)|(?:accesso|login)[^.]{0,15}(?:tramite|attraverso|dal|via)[^.]{0,12}(?:browser|web)/i,
        /(?:ブラウザー?|ウェブメール|web ?メール|ウェブサイト)[^。]{0,15}(?:ログイン|サインイン)/i,
        /через (?:веб-?)?(?:браузер|почту|интерфейс)|(?:войдите|зайдите|авторизуйтесь|(?:нужно|необходимо|требуется) войти) в (?:веб-?)?(?:браузер|почту|интерфейс)/i,
        /đăng nhập[^.]{0,15}(?:trình duyệt|web ?mail|trang web)/i,
        /(?:trình duyệt|web ?mail)[^.]{0,20}đăng nhập/i,
        /(?:브라우저|웹 ?메일)[^.]{0,12}로그인/,
        /zalogować się[^.]{0,20}(?:przeglądark|web)/i,
        /(?:inloggen|aanmelden)[^.]{0,12}(?:web ?browser|web ?mail)/i,
      ]),
    ],
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
    rules: [
      // RFC 5530 §3: known, and not allowed.
      live(
        says({
          certainty: 'likely',
          strength: 50,
          responseCode: ['NOPERM'],
          stage: ['auth'],
          alternatives: ['auth.protocol-disabled', 'auth.account-disabled'],
        }),
      ),
      proven(88, [
        /locked by your organi[sz]ation.?s security defaults/i,
        /blocked by conditional access|BlockedByConditionalAccess/i,
        /admin_policy_enforced/i,
        /AADSTS(?:5300\d|53011|530003|530032|530034)/,
      ]),
      likely(
        84,
        [
          /security defaults/i,
          /conditional access/i,
          /did(?: not|n.t) meet the criteria/i,
          /AADSTS(?:50105|50097|50005|50131|50158|500083|7000112|50020)/,
          /blocked by (?:an? |your |the )?(?:administrator|admin|organi[sz]ation|security|company|policy|system administrator)/i,
          /unauthori[sz]ed ip|\bip(?: address)?(?:es)? (?:is |are )?restrict/i,
          /(?:your |this |client |source |from )?ip(?: address)?(?: \S{3,45})?(?: is)? not (?:allowed|authori[sz]ed|permitted|whitelisted|white-listed|allow-?listed|in the (?:allow|white|list))(?! to (?:send|relay))/i,
          /allow_nets/i,
          /not in (?:the )?allowed networks?/i,
          /(?<!\bno )(?:log-?ins?|access|auth\w*|sign-?ins?) (?:from|for|to) (?:this|your|that|outside|foreign|external|the)[^.]{0,25}(?:ip|country|region|location|network|address|countries)[^.]{0,25}(?:not|denied|blocked|restricted|disabled|forbidden)?/i,
          /not allowed to (?:log ?-?in|authenticate|connect|sign in) from/i,
          /(?:country|region|geo(?:-?ip)?|location)[^.]{0,15}(?:restrict|block|not allowed|denied)/i,
          /(?:log-?in|auth\w*|access) (?:is )?(?:denied|refused|rejected|restricted|blocked|prohibited) (?:by|due to|because of) (?:\w+ )?(?:policy|polic|admin|rule|access|security)/i,
          /auth\w* failure due to policy/i,
          /(?:managed|compliant|registered|enrolled|approved|trusted) devices?\b/i,
          /policy server/i,
          /security policy (?:does not|prevent|block|restrict)/i,
          /not authorized to perform/i,
          /account is not (?:authori[sz]ed|permitted|allowed|entitled) to (?:use|access)/i,
          /data 53[01]\b/,
        ],
        { unless: [/message|mail from|recipient|spam|content|relay/i] },
      ),
      likely(80, [
        /IP-?Adresse[^.]{0,25}nicht (?:zugelassen|erlaubt|berechtigt|freigegeben|autorisiert)/i,
        /(?:bedingter|durch) (?:zugriff|richtlinie|administrator)[^.]{0,25}(?:blockiert|gesperrt|verweigert)/i,
        /IP[^。]{0,8}(?:不允许|禁止|限制|拒绝)[^。]{0,4}(?:登[录陆入]|访问)/i,
        /(?:海外|国外|境外|异地|IP)[^。]{0,10}(?:登[录陆]|访问|登入)[^。]{0,8}(?:限制|禁止|不允许|受限|拒绝|阻止)/i,
        /(?:安全|访问|条件)(?:策略|访问)[^。]{0,12}(?:阻止|拒绝|禁止|限制)/,
        /(?:海外|国外)からのアクセス/,
        /(?:chính sách|quản trị viên)[^.]{0,40}(?:chặn|từ chối|không cho phép)/i,
        /(?:bloquead|denegad)\w+ por (?:el administrador|una? (?:política|directiva))/i,
        /bloqu\w+ par (?:l.administrateur|une (?:stratégie|politique))/i,
      ]),
    ],
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
      { title: 'Zoho: POP access', url: 'https://www.zoho.com/mail/help/pop-access.html', provider: 'zoho' },
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
    rules: [
      likely(
        84,
        [
          /upgrade (?:to|your|the)[^.]{0,20}(?:plan|account|subscription|package|paid|premium|pro\b|version)/i,
          /(?:free|trial|basic|starter|demo|lite)(?:[- ]tier)? (?:plans?|accounts?|users?|tier|edition|subscription|version)[^.]{0,60}(?:not|only|cannot|can.t|limited|test purposes|restricted|unavailable)/i,
          /not (?:available|included|supported|allowed|enabled|possible|part)(?: \w+)? (?:in|for|on|with|under|of) (?:your|the|this|a|free|trial|current)[^.]{0,18}(?:plan|edition|subscription|package|tier|free|trial|account type|licen[cs]e|version)/i,
          /(?:requires?|need|only (?:available )?(?:for|to|on|in)|available (?:for|to|on|in)) (?:an? )?(?:active )?(?:paid|premium|business|pro|professional|enterprise)(?: \w+)? ?(?:plan|account|subscription|users?|members?|customers?|licen[cs]e)?/i,
          /sandbox (?:sub)?domains?/i,
          /test purposes only/i,
          /(?:no|missing|without|invalid|expired)(?: a)?(?: valid| active)? licen[cs]e|licen[cs]e[^.]{0,20}(?:expired|missing|required|limit|exceeded|not assigned)|not licen[cs]ed/i,
          /(?:subscription|trial)(?: period)?(?: has| is)? (?:expired|ended|inactive|over|not active)/i,
          /(?:maximum|insufficient|not enough|no(?: more)?|out of|low) credits?\b|credits? (?:exceeded|exhausted|used up|limit)/i,
          /not (?:permitted|allowed|entitled)[^.]{0,25}(?:by|under|on) (?:your|the|this) plan/i,
          /(?:plan|licen[cs]e|subscription|package|edition)[^.]{0,15}(?:does not|doesn.t|do not) (?:include|allow|cover|permit|support|contain)/i,
          /activate your \S{2,20} account|(?<!@\S{1,80} user )account (?:is )?not (?:yet )?activated/i,
        ],
        { unless: [/trial tenant|SSL|certificate|private key/i] },
      ),
      likely(80, [
        /(?:套餐|付费|升级|升級)[^。]{0,12}(?:版本|套餐|会员|使用|支持|开通)/,
        /免费(?:版|用户|帐户|账户|邮箱)[^。]{0,15}(?:不支持|无法|不能|暂不|不可)/,
        /không có trong gói/i,
        /gói (?:miễn phí|cước|dịch vụ|hiện tại)[^.]{0,45}(?:không|nâng cấp)|nâng cấp (?:gói|tài khoản)/i,
        /(?:tarif|vertrag|paket)[^.]{0,45}(?:nicht (?:enthalten|verfügbar|inklusive)|beinhaltet kein)/i,
        /(?:offre|forfait|abonnement)[^.]{0,30}(?:ne (?:permet|comprend|inclut)|pas inclus)/i,
        /(?:plan|suscripción|cuenta gratuita)[^.]{0,40}no (?:incluye|permite|está disponible)/i,
        /(?:plano|assinatura|conta gratuita)[^.]{0,40}não (?:inclui|permite|está disponível)/i,
        /(?:тариф|подписк)[^.]{0,40}(?:не (?:включ|предусм|позвол)|истек)/i,
        /(?:プラン|有料)[^。]{0,15}(?:利用できません|含まれ|必要|アップグレード)/,
      ]),
      // Zoho's SMTP to an account whose plan or host does not admit it.
      likely(72, [/\baccess restricted\b/i], {
        code: [554, 535, 550],
        codeOptional: true,
        alternatives: ['settings.wrong-server', 'auth.smtp-disabled', 'auth.policy-blocked'],
      }),
      possible(54, [/identities failed the check|email address is not verified/i]),
    ],
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
    rules: [
      proven(88, [/account(?: is| was)?(?: temporarily)? locked/i], { enhanced: ['5.7.139'] }),
      likely(
        83,
        [
          /(?:account|user|mailbox|log-?in)(?: \S{1,60})?(?: is| has been| was)?(?: temporarily| currently| now| automatically)* (?:locked|lock(?:ed)?[- ]?out|frozen|restricted|on hold|blocked)\b(?! (?:by another|from sending|for sending|for spam|due to spam))/i,
          /(?:user|account|you)(?: is| are)? (?:temporarily )?locked(?: out)?/i,
          /password locked/i,
          /account lock(?:out|ed)?\b/i,
          /suspects it may have been hacked/i,
          /account[^.]{0,40}(?:compromised|hacked)/i,
          /temporarily (?:restricted|locked|suspended|blocked)[^.]{0,30}(?:account|mailbox|log-?in)/i,
          /AADSTS50053/,
          /data 775\b/,
          /lock(?:ed)?[^.]{0,20}(?:too many|failed|wrong|incorrect|repeated|multiple|several) /i,
        ],
        {
          unless: [/session|maildrop|another|tried to reach|recipient|destinataire|RCPT|security defaults|\bip\b|5\.2\.1/i],
          code: [...AUTH_CODES],
          codeOptional: true,
        },
      ),
      likely(
        81,
        [
          /(?:账[号户]|帐[号户]|帳[號戶]|用户|邮箱|郵箱)[^。]{0,10}(?:被)?(?:锁定|锁住|冻结|鎖定|凍結|暂时(?:封|停|禁|锁)|临时(?:封|停|禁|锁))/,
          /tài khoản[^.]{0,40}bị (?:tạm )?(?:khóa|khoá|hạn chế|chặn)/i,
          /(?:konto|account|benutzer|postfach|zugang)[^.]{0,80}(?:vorübergehend |temporär )?(?:gesperrt|blockiert)/i,
          /compte[^.]{0,70}(?:verrouillé|bloqué)/i,
          /cuenta[^.]{0,60}(?:bloquead|restringid)/i,
          /conta[^.]{0,60}(?:bloquead|restrit|restringid)/i,
          /account[^.]{0,60}(?:bloccat|limitat)/i,
          /アカウント[^。]{0,24}(?:ロック|凍結|制限)/,
          /(?:аккаунт|уч[её]тная запись|ящик|пользовател[а-яё]+|доступ)[^.]{0,45}(?:заблокирован|ограничен)/i,
          /계정[^.]{0,24}(?:잠|차단|정지)/,
          /konto[^.]{0,60}zablokowan/i,
          /account[^.]{0,60}(?:geblokkeerd|vergrendeld)/i,
          /hesab\w*[^.]{0,15}(?:kilit|askıya)/i,
        ],
        {
          code: [...AUTH_CODES, 421, 553],
          codeOptional: true,
          unless: [
            /(?:pour|por|per|wegen) (?:envoi|envío|envio|invio|spam)|destinataire|recipient|Empfänger|destinatario|destinatário|получател|người nhận|收件人|宛先|受信者/i,
          ],
        },
      ),
      // Microsoft restricts the sending account so; live, at MAIL or the end of DATA, the sender's own entry says it.
      pasted(likely(82, [/bad outbound sender/i], { alternatives: ['sender.blocked'] })),
    ],
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
    rules: [
      says({ certainty: 'proven', strength: 88, code: [525], enhanced: ['5.7.13'] }),
      likely(
        82,
        [
          /^(?:this |your |the )?(?:mail ?box|mail ?drop)(?: is| has been| was)? (?:closed|disabled|suspended|terminated|deactivated)\b/i,
        ],
        {
          protocol: ['imap', 'pop3'],
          of: 'reply',
        },
      ),
      likely(
        82,
        [
          /(?:account|user|log-?in|username)(?: \S{1,60})?(?: is| has been| was)?(?: currently| permanently| temporarily)? (?:disabled|deactivated|suspended|closed|terminated|inactive|expired|not active|deleted|cancell?ed|removed|deprovisioned)/i,
          /log-?in (?:is )?(?:disabled|denied|not allowed|prohibited) (?:for|by) (?:this )?(?:user|account)/i,
          /(?:disabled|suspended|deactivated|closed|inactive) (?:user |e-?mail )?(?:account|user|mailbox)/i,
          /\b5\.7\.13\b/,
          /AADSTS(?:50057|500571|50034|51004)/,
          /data (?:533|701)\b/,
          /user account disabled/i,
          /^(?:this |your |the )?mail ?box(?: \S{1,60})? (?:is|has been|was) (?:closed|disabled|suspended|terminated)/i,
          /^(?:-ERR|NO) (?:\[[A-Z/-]{1,20}\] )?mail ?box (?:closed|disabled|suspended|terminated)\b/i,
          /account\.(?:MAINTENANCE_MODE|ACCOUNT_INACTIVE)/,
          /account(?:\(or domain\))? status is (?:maintenance|closed|pending|inactive)/i,
          // The whole reason that an administrator gave (Dovecot: nologin reason=…).
          /^\W*(?:suspended|deactivated|disabled|terminated)\W*$/i,
          /account (?:no longer exists|does not exist any ?more|has expired)/i,
          /(?:non-?payment|unpaid|overdue)/i,
          /user disabled/i,
        ],
        {
          unless: [
            /tried to reach|message was not accepted|recipient|destinataire|RCPT|\b5\.[12]\.\d|sending|outgoing|(?:in|out)bound|authentication is|\bimap(?!-login)|pop3?\b(?!-login)|smtpclient|smtp auth|password (?:has )?expired|session|certificate/i,
          ],
          code: [...AUTH_CODES],
          enhanced: ['5.7.*', '5.0.0', '4.7.*'],
          codeOptional: true,
        },
      ),
      says({
        certainty: 'likely',
        strength: 60,
        responseCode: ['CONTACTADMIN'],
        alternatives: ['auth.policy-blocked', 'auth.account-locked'],
      }),
      likely(
        80,
        [
          /(?:账[号户]|帐[号户]|帳[號戶]|邮箱|郵箱|用户)[^。]{0,8}(?:已?被?(?:停用|禁用|注销|关闭|封禁|停止|删除|停權)|已过期|已过期|不可用)/,
          /tài khoản[^.]{0,40}(?:bị vô hiệu|đã bị (?:xóa|đình chỉ|ngưng|vô hiệu|đóng)|không (?:còn )?hoạt động|đã (?:đóng|ngừng))/i,
          /(?:konto|account|benutzer)[^.]{0,80}(?:deaktiviert|gelöscht|stillgelegt|nicht aktiv|inaktiv|abgelaufen)/i,
          /compte[^.]{0,70}(?:désactivé|suspendu|fermé|supprimé|inactif|expiré)/i,
          /cuenta[^.]{0,60}(?:deshabilitad|desactivad|suspendid|cancelad|eliminad|inactiv|cerrad)/i,
          /conta[^.]{0,60}(?:desativad|suspens|desabilitad|cancelad|encerrad|inativ)/i,
          /account[^.]{0,60}(?:disabilitat|disattivat|sospes|chius|scadut)/i,
          /アカウント[^。]{0,24}(?:無効|停止|削除|閉鎖|解約)/,
          /(?:аккаунт|уч[её]тная запись|пользовател[а-яё]+|ящик)[^.]{0,45}(?:отключ|удал|деактивир|закрыт)/i,
          /계정[^.]{0,24}(?:비활성|삭제|해지|중지)/,
        ],
        {
          unless: [
            /destinataire|recipient|Empfänger|destinatario|destinatário|получател|người nhận|收件人|宛先|受信者|imap|pop3|smtp/i,
          ],
        },
      ),
    ],
  },
];

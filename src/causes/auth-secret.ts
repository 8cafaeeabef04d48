/** Causes of a refused log-in that lie in the secret itself: password, app password, token (RFC 4954 §6, RFC 5530 §3, RFC 3206 §4). */
import type { Cause } from '../model/cause.ts';
import { bare, bareRefusal, leftOpen, ofPasswords, secretOf } from './auth-bare.ts';
import { likely, pasted, possible, proven } from './hear.ts';
import { mention } from './look.ts';
import { codeWords, says, seen, sighting } from './rules.ts';
import { tokenFault } from './token.ts';

/** The JSON of RFC 7628 §3.2.2 and of XOAUTH2. */
const CHALLENGE = /"?status"?: ?"?(?:40[01]|invalid_token|insufficient_scope)\b/i;

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
      {
        title: 'Google: sign in with app passwords',
        url: 'https://support.google.com/accounts/answer/185833',
        provider: 'gmail',
      },
      { title: 'Apple: app-specific passwords', url: 'https://support.apple.com/HT204397', provider: 'icloud' },
      { title: 'Yahoo: app passwords', url: 'https://help.yahoo.com/kb/SLN4075.html', provider: 'yahoo' },
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
    rules: [
      proven(92, [/application-specific password required/i, /InvalidSecondFactor/], { code: [534, 535], codeOptional: true }),
      likely(
        88,
        [
          /app(?:lication)?(?:lication)?[- ]?(?:specific )?[- ]?passwords? (?:is |are )?(?:required|needed|necessary|must|missing)/i,
          /(?:use|create|generate|enter|need|needs|requires?|set up|provide)(?: an?| the| your| this)?(?: new)? (?:gmail |google |yahoo |zoho )?(?:app|application)(?:[- ]specific)?[- ]passwords?/i,
          /application[- ]specific[- ]password/i,
          /(?:generate|create)[^.]{0,20} (?:for this|for each|per) (?:app|device|program|client)/i,
          // The page of QQ about the authorization code, where the words before it are mangled.
          /\bno=1001256\b/,
          /(?:enter|use|input|provide) (?:your|the|an?)? ?authori[sz]ation code/i,
          /authori[sz]ation code to log/i,
          /authori[sz]ation code (?:is |has |was )?(?:expired|invalid|wrong|incorrect|error|missing|needed|required)/i,
          /(?:授权码|授權碼)/,
          /(?:应用|應用)(?:程序|程式)?(?:专用|专属|特定|專用|的)?(?:密码|密碼)/,
          /(?:客户端|第三方|独立|獨立|专用|專用|客戶端)(?:客户端)?(?:专用|安全|登录|專用|授权)?(?:密码|密碼)/,
          /parol prilozheniya/i,
          /парол[а-яё]+ (?:для )?(?:внешн[а-яё]+ )?приложени/i,
          /mật khẩu (?:dành riêng cho |của |cho )?ứng dụng/i,
          /app-?passwor[td]/i,
          /(?:anwendungs|app)\S{0,12} ?(?:passwor[td]|kennwor[td])/i,
          /anwendungs(?:spezifisch|bezogen)\S{0,3} \S{0,15}(?:passwor[td]|kennwor[td])/i,
          /mots? de passe (?:d.application|pour (?:une |l.)?application|spécifique|propre)/i,
          /contraseñas? (?:de|para) (?:la )?(?:aplicación|aplicaciones|app)|contraseña específica/i,
          /senhas? (?:de|do|para|específica (?:de|do|para)) (?:o )?(?:app|aplicativo|aplicação)/i,
          /password (?:per (?:le |l.)?app|specifica per|dell.applicazione|applicazione)/i,
          /アプリ(?:ケーション)? ?(?:固有|専用|用)?(?:の)? ?パスワード/,
          /(?:앱|애플리케이션) ?(?:전용 |특정 )?(?:비밀번호|암호)/,
          /hasł\w+ (?:do )?aplikacji/i,
          /(?:app|toepassings)-?wachtwoord/i,
          /uygulama(?:ya özel)? (?:şifre|parola)/i,
          /heslo (?:pro )?aplikac/i,
        ],
        { unless: [/web ?browser/i] },
      ),
      // The same two words in GBK, as Python and Latin-1 readers print them.
      likely(84, [/\\xca\\xda\\xc8\\xa8\\xc2\\xeb/i, /ÊÚÈ¨Âë/]),
      likely(
        78,
        [
          /(?:two|2)[- ](?:factor|step)[^.]{0,40}(?:enabled|required|active|on\b)/i,
          /\b2fa\b/i,
          /secure mail key/i,
          /bridge password/i,
        ],
        { unless: [/AADSTS/] },
      ),
      // Google's SMTP has taken no account passwords since 2025: what it refuses so is most often one of them.
      likely(67, [/username and password not accepted/i, /answer[/=]14257/], {
        unless: [/^(?!.*(?:google|gsmtp|gmail|BadCredentials))/i],
        alternatives: ['auth.credentials-rejected', 'auth.basic-disabled'],
      }),
      // QQ gives one reply for five reasons; the missing code is the commonest.
      possible(70, [/account is abnormal, service is not open/i], {
        alternatives: ['auth.protocol-disabled', 'auth.credentials-rejected', 'auth.too-many-attempts'],
      }),
      possible(50, [/invalid credentials \(failure\)/i], { alternatives: ['auth.credentials-rejected', 'auth.basic-disabled'] }),
      // The provider wants one, and what was sent does not look like it.
      seen((facts) => {
        const refused = bareRefusal(facts);
        const secret = secretOf(facts);
        if (!refused || secret?.type !== 'password' || secret.shape.appPassword !== false) return undefined;
        return sighting('likely', 64, [refused, secret], {
          alternatives: ['auth.credentials-rejected', ...leftOpen(facts).filter((x) => x !== 'auth.app-password-required')],
        });
      }),
    ].map(ofPasswords),
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
    rules: [
      likely(
        84,
        [
          /(?:(?:access|oauth ?2?|bearer|refresh|auth|security|id)[ _-]?token|\bbearer)\b[^.]{0,40}(?:expired|lapsed|invalid|revoked|rejected|not valid|malformed|not accepted|refused|failed|has no|wrong)/i,
          /token (?:has |is |was )?(?:been )?(?:expired|revoked|invalid|rejected)/i,
          /(?:expired|invalid|revoked|bad|malformed) (?:access |oauth ?2? |bearer |refresh |jwt )?token/i,
          /invalid_token|insufficient_scope|invalid_client|unauthorized_client/i,
          /invalid_grant/i,
          /(?:xoauth2?|oauthbearer|oauth ?2(?:\.0)?)(?: auth\w*| log-?in| sign-?in| mechanism)?[^.]{0,20}(?:failed|failure|refused|rejected|denied|error)/i,
          /sasl-xoauth2/i,
          /(?:failed|unable|could not|couldn.t) to (?:refresh|obtain|get|acquire|renew)[^.]{0,20}token|\bno (?:access |refresh |valid )?tokens? (?:on|for|available|found|returned|received)\b/i,
          /audience[^.]{0,20}(?:invalid|wrong|mismatch|not match|differ|not for)|(?:invalid|wrong|another|different|other) audience/i,
          /AADSTS(?:70000|70008|700082|700084|700016|7000215|7000222|700027|500011|50020|50132|50133|50173|54005|70043|50089|9002313|50013|90009|70002(?!1))/,
        ],
        { unless: [/AADSTS(?:50126|50053|50055|50057|50034|50144|5300\d|50076|50079|65001)/, /ID token issued at/i] },
      ),
      // The challenge of a refused token; where words after it name another reason, they decide.
      likely(83, [CHALLENGE, /eyJzdGF0dXMiOi/]),
      likely(80, [
        /(?:令牌|訪問權杖|token)[^。]{0,8}(?:过期|過期|失效|无效|無效|被拒)/i,
        /(?:zugriffs)?token[^.]{0,20}(?:abgelaufen|ungültig|widerrufen)/i,
        /jeton[^.]{0,20}(?:expiré|invalide|révoqué)/i,
        /token[^.]{0,20}(?:caducado|expirado|vencido|inválido|revogado|scaduto|non valido|hết hạn|không hợp lệ)/i,
        /mã (?:truy cập|thông báo)[^.]{0,15}(?:hết hạn|không hợp lệ)/i,
        /토큰[^.]{0,12}(?:만료|유효하지)|токен[а-я]* ист|token[^.]{0,12}(?:wygas|verlopen)/i,
        /トークン[^。]{0,10}(?:期限|無効|失効)/,
        /токен[^.]{0,20}(?:ист[её]к|недейств|просроч)/i,
        /oauth(?: ?2(?:\.0)?)?\b[^.。]{0,25}(?:fehlgeschlagen|fehler|échou|échec|fall[óo]|falhou|fallit|ошибк|не удал|失败|失敗|thất bại|실패|nie powiod|mislukt)/i,
        /(?:fehler|échec|erreur|falha|fallo|errore?|ошибка|lỗi)[^.]{0,25}oauth/i,
      ]),
      // Exchange's IMAP to a token that it does not take; the case of the words is its own.
      likely(62, [/\bAUTHENTICATE failed\./], {
        command: ['AUTHENTICATE XOAUTH2', 'AUTHENTICATE OAUTHBEARER'],
        codeOptional: true,
        unless: [/retrying (?:PLAIN|LOGIN|CRAM|NTLM)/i],
        alternatives: ['auth.protocol-disabled', 'auth.basic-disabled'],
      }),
      likely(60, [/command error\. 1\d\b/i]),
      // The transcript shows what was answered.
      pasted(
        says({
          certainty: 'likely',
          strength: 85,
          responseCode: ['AUTHENTICATIONFAILED', 'AUTH'],
          command: ['AUTHENTICATE XOAUTH2', 'AUTHENTICATE OAUTHBEARER', 'AUTH XOAUTH2', 'AUTH OAUTHBEARER'],
        }),
      ),
      pasted(says({ certainty: 'likely', strength: 85, code: [535], command: ['AUTH XOAUTH2', 'AUTH OAUTHBEARER'] })),
      // The words say which mechanism was used: the refusal is then about the token.
      pasted(
        seen((facts) => {
          const used = mention(
            facts,
            /(?:(?:authenticator|mechanism|method|using|via|authenticate)[ :'"`]{1,3}|command: ?['"]AUTH )(?:XOAUTH2|OAUTHBEARER)\b(?!,|[ /]*(?:PLAIN|LOGIN))/i,
          );
          const refused = facts
            .all('reply')
            .find((r) => r.code === 535 || r.code === 534 || (r.condition === 'NO' && r.stage === 'auth'));
          return used && refused
            ? sighting('likely', 85, [refused], {
                matched: used.matched,
                alternatives: ['auth.smtp-disabled', 'auth.policy-blocked'],
              })
            : undefined;
        }),
      ),
      possible(40, [/invalid credentials/i], {
        command: ['AUTH XOAUTH2', 'AUTHENTICATE XOAUTH2', 'AUTH OAUTHBEARER', 'AUTHENTICATE OAUTHBEARER'],
      }),
      seen((facts) => {
        const refused = bareRefusal(facts);
        const secret = secretOf(facts);
        if (!refused || secret?.type !== 'token') return undefined;
        const fault = tokenFault(facts, secret);
        // Where the server's challenge speaks of the token as well, what is wrong with it says more than the challenge does.
        const strength = fault === undefined ? 66 : mention(facts, CHALLENGE) ? 85 : 76;
        return sighting('likely', strength, [refused, secret], {
          ...(fault === undefined ? {} : { matched: fault }),
          alternatives: leftOpen(facts).filter((x) => x !== 'auth.token-rejected'),
        });
      }),
    ],
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
    rules: [
      says({ certainty: 'proven', strength: 90, responseCode: ['EXPIRED'], unless: [/account|certificate|token/i] }),
      likely(
        85,
        [
          /(?:password|passphrase|passwd)(?: \S{1,60})?(?: has| is| was)? (?:been )?(?:expired|out of date)/i,
          /expired (?:password|passphrase)/i,
          /passwords? (?:must|needs? to|has to|have to|should) be (?:changed|reset|updated|renewed)/i,
          /(?:must|need to|have to|required to) (?:change|reset|update|renew) (?:your|the|their|this)? ?(?:\w+ )?passw/i,
          /passw\w+ (?:change|reset) (?:is )?required/i,
          /PASSWORD_(?:MUST_CHANGE|EXPIRED)/,
          /password (?:is |was )?too (?:simple|weak|short|old)/i,
          /user must change password/i,
          /AADSTS(?:50055|50144|50142)/,
          /data (?:532|773)\b/,
          /grace log-?ins?/i,
        ],
        { unless: [/app(?:lication)?-specific/i] },
      ),
      likely(83, [
        /(?:passwort|kennwort)[^.]{0,20}abgelaufen/i,
        /mot de passe[^.]{0,15}expiré/i,
        /contraseña[^.]{0,15}(?:caducad|expirad|vencid)/i,
        /senha[^.]{0,12}(?:expir|venc)/i,
        /password (?:è )?scaduta/i,
        /(?:срок действия пароля|пароль)[^.]{0,15}(?:ист[её]к|устарел|просрочен)/i,
        /(?:密码|密碼)(?:已|已经)?(?:过期|過期|失效|到期)/,
        /(?:密码|密碼)[^。]{0,4}(?:需要?|必须)(?:更改|修改|重置)/,
        /パスワード[^。]{0,10}(?:期限|失効)/,
        /mật khẩu[^.]{0,10}hết hạn/i,
        /hasło[^.]{0,10}wygas/i,
        /wachtwoord[^.]{0,10}verlopen/i,
        /비밀번호[^.]{0,10}만료/,
      ]),
    ],
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
      { title: 'RFC 3206 §5: POP3 AUTH response code', url: 'https://www.rfc-editor.org/rfc/rfc3206#section-5' },
    ],
    test: 'Sign in at the provider’s web page with the same user name and password: if that works, something other than the password is at fault.',
    example: {
      paste: 'c7 NO [AUTHENTICATIONFAILED] Wrong user name or password.',
      serve: {
        protocol: 'pop3',
        replies: { PASS: '-ERR [AUTH] Wrong user name or password', AUTH: '-ERR [AUTH] Wrong user name or password' },
      },
    },
    rules: [
      // Documented texts that speak of the credentials and of nothing else.
      proven(86, [/user credentials were incorrect/i, /AADSTS50126/, /^e=(?:invalid-proof|unknown-user)\b/]),
      likely(
        72,
        [
          /AADSTS(?:50034|50056|50064)/,
          /data (?:52e|525)\b/,
          /incorrect authentication data/i,
          /(?:user name|username|login|account)?[^.]{0,8}(?:\bor|and|\/)? ?(?:wrong|bad|incorrect|invalid) (?:password|passphrase)/i,
          /password mismatch/i,
          /password verification failed/i,
          /re-?authentication failure/i,
          /UGFzc3dvcmQ6|VXNlcm5hbWU6/,
          /unknown user \(/i,
          /(?:auth|passdb|sasl|pam|ldap|sql|imap|pop3)\S*:?[^.]{0,60}unknown user/i,
          /login error (?:or )?password error/i,
          /failed (?:imap|smtp|pop3?|web ?mail|login|sasl) (?:log-?in|auth\w*)/i,
          /failed log-?in (?:for|from|attempt)/i,
          /log ?-?in failed,? (?:user|method|ip|auth)=/i,
          /badlogin|SASL\(-(?:13|20)\)/,
          /user not found \(-20\)/,
          /AUTH failure|\bauth\w*\b.{0,80}\bresult=permfail/,
          /(?:sending of (?:the )?password|sending of username)[^.]{0,60}did not succeed/i,
        ],
        { unless: [/too many|locked|expired|browser|token/i] },
      ),
      bare(
        likely(
          60,
          [
            /(?:invalid|incorrect|wrong|bad|unknown|mismatched)(?: \w+)? (?:user ?name|user ?id|user|log-?in(?:(?= or| and|\/|,)| name| id| credentials?)|logon|account name|e-?mail(?: address)?|credentials?|passw(?:or)?d|passphrase|pass)\b(?!:)/i,
            /(?:user ?name|user|log-?in|e-?mail(?: address)?|account)(?: name| id)? ?(?:and|or|\/|&|,) ?(?:the |your )?passw\w+[^.]{0,35}(?:incorrect|invalid|wrong|not (?:accepted|valid|correct|right|recogni|match)|rejected|bad|mismatch|denied|refused|fail|error)/i,
            /(?:password|credentials?|username|user name|log-?in)(?: \S{1,60})?(?: is| are| was| were)? (?:not (?:accepted|valid|correct|recogni[sz]ed|right)|incorrect|invalid|wrong|rejected|mismatch|did not match|do(?:es)? not match|denied|refused|bad)/i,
            /credentials (?:invalid|rejected|error)/i,
            /logon failure/i,
            /unable to log on(?! to server)/i,
            /log-?in incorrect/i,
            /bad (?:log-?in|auth\w*|credentials|password)/i,
            /(?:rejected|refused|denied) your (?:log-?in|password|user ?name|credentials)/i,
            /(?:user|account) (?:not found|does not exist|doesn.t exist|unknown)[^.]{0,20}(?:auth|log-?in|password)/i,
            /(?:auth\w*|log-?in) failed: (?:auth\w* failure|user not found|invalid|incorrect|wrong|bad|UGF|VXN|\(reason unavailable\))/i,
            /\bauth failed, \d+ attempts/i,
            /InvalidCredentials/,
            /no such user/i,
          ],
          {
            unless: [
              /recipient|relay|RCPT|\b5\.1\.1\b|mailbox unavailable|here by that name|invalid log-?in:|certificate|token|sender|from address|encrypted passwords|authentication mechanism/i,
            ],
            stage: ['auth'],
            alternatives: ['auth.app-password-required', 'settings.user-name-form', 'auth.protocol-disabled'],
          },
        ),
      ),
      bare(
        likely(
          58,
          [
            /(?:用户名?|账[号户]|帐[号户]|帳[號戶]|邮箱|邮件地址|登录名|使用者名稱)[^。]{0,6}(?:密码|密碼)[^。]{0,8}(?:错误|不正确|有误|不匹配|錯誤|不對|无效|不对)/,
            /(?:密码|密碼)(?:错误|不正确|有误|不匹配|錯誤|不對|无效|不对)/,
            /(?:用户名?|账[号户]|帐[号户])(?:错误|不正确|有误|无效)/,
            /sai (?:tên đăng nhập|tên người dùng|mật khẩu|tài khoản|thông tin)/i,
            /mật khẩu[^.]{0,60}(?:không (?:đúng|chính xác|hợp lệ)|sai\b)/i,
            /(?:falsche[srn]?|ungültige[srn]?|fehlerhafte[srn]?|inkorrekte[srn]?) (?:passwort|kennwort|benutzername|zugangsdaten|anmeldedaten|anmeldeinformationen)/i,
            /(?:passwort|kennwort|benutzername|zugangsdaten|anmeldedaten|anmeldeinformationen)[^.]{0,45}(?:falsch|ungültig|nicht korrekt|nicht richtig|inkorrekt|nicht akzeptiert|abgelehnt|stimm\w+ nicht)/i,
            /(?:code d.)?authentification (?:invalide|incorrecte|erronée)/i,
            /(?:mot de passe|identifiants?|nom d.utilisateur)[^.]{0,45}(?:incorrect|invalide|erroné|refusé|rejeté|n.est pas (?:correct|valide))/i,
            /(?:contraseña|usuario|credenciales)[^.]{0,45}(?:incorrect|inválid|no (?:es |son )?válid|errón|rechazad|no (?:es |son )?correct)/i,
            /(?:senha|palavra-passe|usuário|utilizador|credenciais)[^.]{0,45}(?:incorret|inválid|errad|rejeitad|não (?:é|são) válid)/i,
            /(?:password|nome utente|credenziali)[^.]{0,45}(?:errat|non (?:è |sono )?(?:valid|corrett)|sbagliat|rifiutat)/i,
            /(?:パスワード|ユーザー?名|ユーザー? ?ID|認証情報|アカウント名)[^。]{0,15}(?:間違|正しく(?:ありません|ない)|誤|不正|違い|一致しません)/,
            /(?:неверн|неправильн|ошибочн|некорректн)[а-яё]* (?:логин|пароль|имя|данные|уч[её]тн)/i,
            /(?:логин|пароль|имя пользователя)[^.]{0,45}(?:неверн|неправильн|некорректн|не подходит)/i,
            /(?:비밀번호|아이디|사용자 이름|암호)[^.]{0,15}(?:틀|일치하지|잘못|올바르지)/,
            /(?:nieprawidłow|błędn|niepoprawn)\w* (?:login|hasło|nazw)/i,
            /(?:gebruikersnaam|wachtwoord)[^.]{0,30}(?:onjuist|verkeerd|ongeldig|klopt niet)/i,
            /(?:hasł|login|nazw)\S*[^.]{0,30}(?:nieprawidłow|błędn|niepoprawn)/i,
            /(?:lösenord|användarnamn)\S*[^.]{0,25}(?:fel\b|felaktig|ogiltig)|(?:heslo|jméno)[^.]{0,25}(?:chybn|nesprávn|neplatn)/i,
            /(?:onjuiste?|ongeldige?|verkeerde?) (?:wachtwoord|gebruikersnaam|inloggegevens)/i,
            /(?:şifre|parola|kullanıcı adı)[^.]{0,20}(?:hatalı|yanlış|geçersiz)/i,
            /(?:felaktigt|fel) (?:lösenord|användarnamn)/i,
            /(?:chybné|nesprávné|neplatné) (?:heslo|jméno|přihlaš)/i,
          ],
          {
            unless: [/vollständig|full e-?mail|certificate|证书/i],
            alternatives: ['auth.app-password-required', 'settings.user-name-form', 'auth.unexplained'],
          },
        ),
      ),
      bare(likely(52, [/^user not found\b/i], { of: 'reply', protocol: ['imap', 'pop3'] })),
      // The refusal that says no more than that.
      bare(
        says({
          certainty: 'likely',
          strength: 46,
          code: [535],
          enhanced: ['5.7.8', '5.7.0', '5.7.1', '5.7.3', '5.7.139'],
          stage: ['auth'],
        }),
      ),
      bare(says({ certainty: 'likely', strength: 46, responseCode: ['AUTHENTICATIONFAILED', 'AUTH'] })),
      bare(says({ certainty: 'likely', strength: 44, responseCode: ['AUTHORIZATIONFAILED'] })),
      bare(
        likely(
          42,
          [
            /auth\w*(?: has| was)? (?:failure|failed|unsuccessful|rejected|denied|error)/i,
            /log-?in (?:failed|failure|fail\b|denied|error)/i,
            /authorization (?:failed|failure)/i,
            /logon failed/i,
          ],
          { of: 'reply', stage: ['auth'], unless: [/too many|locked|disabled|expired|SPF|DKIM|DMARC/i] },
        ),
      ),
      likely(
        38,
        [
          /(?:login|plain|cram-md5|digest-md5|sasl|password) (?:login )?auth\w* failed/i,
          /auth\w* (?:failure|failed)[;:,] /i,
          /authenticator failed for/i,
          /\[AUTH(?:ENTICATIONFAILED|ORIZATIONFAILED)?\]/,
          /permission denied[^.]{0,20}(?:login|auth)/i,
        ],
        {
          of: 'text',
          unless: [/too many|locked|disabled|expired|unable|could not|SPF|DKIM|DMARC|problem|exception\b/i],
          alternatives: ['auth.unexplained', 'auth.app-password-required'],
        },
      ),
      possible(33, [/\bauth(?:entication)? fail/i], {
        of: 'text',
        unless: [/too many|locked|disabled|expired|unable|could not|SPF|DKIM|DMARC|problem|exception\b/i],
        alternatives: ['auth.unexplained', 'auth.app-password-required'],
      }),
      bare(says({ certainty: 'likely', strength: 32, code: [535, 526], unless: [/\bdns\b/i] })),
      says({
        certainty: 'possible',
        strength: 34,
        number: ['0x800ccc91', '0x800ccc92', '0x800cccd1', '0x80040217'],
        alternatives: ['auth.unexplained', 'mailbox.in-use'],
      }),
      seen((facts) => {
        const refused = bareRefusal(facts);
        return refused
          ? sighting('likely', 20, [refused, secretOf(facts)], { alternatives: leftOpen(facts), matched: codeWords(refused) })
          : undefined;
      }),
    ].map(ofPasswords),
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
    // Live, the server's own words are there to be read.
    rules: [
      possible(
        28,
        [
          /(?:could not|couldn.t|cannot|can.t|unable to|failed to|not able to)(?: \w+)? (?:authenticate|log ?-?(?:in|on)|login|logon|sign[- ]?in|verify (?:your |the )?(?:account|user|identity|password|login))/i,
          /(?:log-?in|logon|sign-?in|auth\w*) (?:to (?:the )?server )?(?:has |was |is |with username \S+ |\S+ )?(?:failed|failure|fail\b|error|unsuccessful|problem|rejected|denied|not successful|did not succeed)/i,
          /(?:error|failure|problem)[^.]{0,12} (?:authenticating|logging in|during (?:auth|log))/i,
          /(?:could not|couldn.t) be (?:verified|authenticated)/i,
          /login to (?:server|account)[^.]{0,80}failed/i,
          /invalid login|an authentication function returned an error/i,
          /AuthenticationFailed|AuthenticationException|AuthenticationError|\bEAUTH\b/,
          /login denied|\b(?:denied|refused|rejected) (?:the |your |our )?(?:auth\w*|log-?in|logon)\b/i,
          /(?:check|verify|enter|re-?type|re-?enter)(?: that)? your (?:user ?name|password|credentials|log-?in|e-?mail address (?:and|or) password)/i,
        ],
        {
          unless: [/SPF|DKIM|DMARC|relay|recipient|sender|required|header|two-factor|results/i],
          stage: ['capabilities', 'auth', 'mailbox', 'identity', 'send'],
          alternatives: ['auth.credentials-rejected', 'auth.app-password-required', 'auth.protocol-disabled'],
        },
      ),
      // In a reply of SMTP the words belong to a log-in only where its code says so.
      possible(28, [/access denied(?!,| (?:for|from) \[?\d)/i], {
        unless: [/SPF|DKIM|DMARC|relay|recipient|sender|required|header|two-factor|results/i],
        code: [454, 530, 534, 535],
        codeOptional: true,
        stage: ['capabilities', 'auth', 'mailbox', 'identity', 'send'],
        alternatives: ['auth.credentials-rejected', 'auth.app-password-required', 'auth.protocol-disabled'],
      }),
      possible(
        33,
        [
          /(?:kann|konnte)[^.]{0,12}nicht (?:authentifiziert|angemeldet|einloggen)/i,
          /(?:anmeld\w+|authentifizierung|login|einloggen)[^.]{0,90}(?:fehlgeschlagen|gescheitert|fehler|nicht möglich|nicht erfolgreich|verweigert)/i,
          /(?:échec|erreur|impossible)[^.]{0,40}(?:authentifi|s.identifier|identification|se connecter (?:au compte|avec)|connexion au compte)/i,
          /authentification[^.]{0,80}(?:a échoué|échouée)/i,
          /connexion au serveur[^.]{0,80}(?:nom d.utilisateur|compte)/i,
          /(?:authentification|identification|connexion) (?:a )?(?:échoué|refusée|impossible)/i,
          /(?:no se (?:pudo|ha podido|puede)|error|fall(?:[oó]\b|ado|a\b)|imposible)[^.]{0,40}(?:autent|iniciar (?:la )?sesión|inicio de sesión|acceder)/i,
          /(?:autenticación|inicio de sesión)[^.]{0,15}(?:fall|incorrect|rechazad|erróne)/i,
          /(?:não foi possível|falha|erro|impossível)[^.]{0,40}(?:autentic|login|iniciar (?:a )?sessão|logar|entrar)/i,
          /autenticação[^.]{0,12}(?:falhou|recusada)/i,
          /(?:impossibile|errore|fallit\w+)[^.]{0,25}(?:autentic|accedere|login|accesso)/i,
          /(?:autenticazione|accesso|login)[^.]{0,90} (?:fallit|non riuscit|rifiutat)/i,
          /(?:error|erreur|errore|erro|fehler)[^.]{0,15}(?:enviar|invio|envoi|envoyant|senden)[^.]{0,12}(?:nombre de usuario|nome de usuário|nome utente|nom d.utilisateur|benutzernamens?)/i,
          /(?:用户名|使用者名稱)发送[^。]{0,14}(?:出错|错误)|把(?:您|你)的用户名发送[^。]{0,16}出错/,
          /(?:invio|envoi|envío|envio) d\S+ (?:la )?(?:password|mot de passe|contraseña|senha)[^.]{0,60}(?:fallit|non riuscit|échoué|fall|falh|no se completó|n.a pas)/i,
          /(?:passworts?|kennworts?)[^.]{0,60}(?:nicht erfolgreich|fehlgeschlagen)/i,
          /发送(?:密码|用户名)[^。]{0,10}(?:失败|不成功)|(?:密码|用户名)发送[^。]{0,10}(?:失败|不成功)/,
          /autorisierungsfehler|autorisierung (?:fehlgeschlagen|gescheitert)|erreur d.autorisation|error de autorización|ошибка авторизации/i,
          /(?:échec|erreur)[^.]{0,15}envoi d[ue] (?:nom d.utilisateur|mot de passe)|envio d[ao] (?:senha|nome de usuário)[^.]{0,40}não obteve/i,
          /identificar(?:se)? (?:al|en el|ante el) servidor/i,
          /thất bại khi gửi (?:mật khẩu|tên)|gửi (?:mật khẩu|tên người dùng)[^.]{0,40}(?:thất bại|không thành công)/i,
          // A server that "rejects your log-in", as Outlook has it.
          /(?:拒绝|拒絕)(?:了)?(?:您|你)的?(?:登[录錄陆入]|登录请求)/,
          /(?:anmeldung|connexion|inicio de sesión|logon|accesso|login)[^.]{0,25}(?:abgelehnt|zurückgewiesen|rejeitou|rechaz)/i,
          /(?:a (?:refusé|rejeté)|ha rifiutato|rechazó|rejeitou|отклонил)[^.]{0,15}(?:connexion|l.accesso|inicio de sesión|logon|início de sessão|вход|имя)/i,
          /(?:ログオン|ログイン|サインイン)[^。]{0,6}(?:拒否)/,
          /từ chối[^.]{0,20}đăng nhập/i,
          /не удалось отправить (?:пароль|имя пользовател)/i,
          /(?:ошибка|сбой|не удалось|не уда[её]тся|невозможно)[^.]{0,40}(?:аутентифи|авториз|войти|вход|проверить подлинность|подлинност)/i,
          /(?:аутентификация|авторизация|вход)[^.]{0,12}(?:не (?:удал|прош|выполн)|завершил[а-яё]+ ошибкой)/i,
          /(?:認証|ログイン|サインイン)(?:に|が|を|の|で|は|エラー)?[^。]{0,10}(?:失敗|できません|できませんでした|エラー)/,
          /認証エラー/,
          /(?:身份)?(?:验证|驗證|认证|認證|登录|登錄|登入|登陆)[^。]{0,40}(?:失败|失敗|错误|錯誤|出错|不成功|未成功)/,
          /(?:无法|無法|不能|未能)(?:通过|登录到|對|对|向)?[^。]{0,60}(?:身份)?(?:验证|驗證|认证|認證|登录|登錄|登入|登陆)/,
          /(?:xác thực|đăng nhập|chứng thực)[^.]{0,60}(?:thất bại|không thành công|không được|lỗi|bị từ chối)/i,
          /(?:không thể|lỗi|không)[^.]{0,8} (?:xác thực|đăng nhập|chứng thực)/i,
          /(?:인증|로그인)[^.]{0,8}(?:실패|오류|할 수 없|하지 못)/,
          /(?:nie (?:można|udało się|powiodł)|błąd|nieudan)[^.]{0,40}(?:uwierzytelni|zalogowa|logowani|autoryzac)/i,
          /(?:uwierzytelni\w+|logowani\w+)[^.]{0,15}(?:nie powiod|nieudane|błąd)/i,
          /(?:kan|kon|kunnen) niet (?:inloggen|aanmelden|authenticeren|verifiëren)/i,
          /(?:aanmeld\w+|inlog\w+|authenticatie|verificatie)[^.]{0,15}(?:mislukt|is mislukt)/i,
          /(?:kimlik (?:doğrulama|denetimi)|oturum|giriş)[^.]{0,15}(?:başarısız|hata|açılamadı|yapılamadı)/i,
          /(?:přihlášení|ověření|autentizac\w+)[^.]{0,15}(?:nezdařil|selhal|se nepodařil)/i,
          /(?:inloggning|autentisering)\w*[^.]{0,15}misslyckades/i,
          /(?:bejelentkezés|hitelesítés)[^.]{0,15}(?:sikertelen|nem sikerült)/i,
          /(?:kirjautuminen|todennus|tunnist\S*|käyttäjätunnistus)[^.]{0,15}epäonnistui/i,
          /(?:kunde|kan|gick|går) (?:inte|ej)(?: att)? (?:autentisera|logga in)|kan ikke (?:autenti|godkende|logge)|kunne ikke (?:autenti|godkende|logge)/i,
          /sikertelen (?:autentik|hitelesít|bejelentkez)/i,
          /(?:tidak dapat|gagal)[^.]{0,12}(?:mengotentikasi|autentikasi|otentikasi|masuk)/i,
          /(?:autentificare|conectare)\w*[^.]{0,15}(?:eșuat|nereușit)/i,
          /(?:помилка|не вдалося)[^.]{0,20}(?:автентифік|авториз|увійти)/i,
          /(?:login|godkendelse|autentificering)[^.]{0,12}(?:mislykkedes|fejlede|mislyktes)/i,
          /αποτυχία[^.]{0,20}(?:ταυτοποί|πιστοποί|σύνδεσ)/i,
          /(?:فشل|خطأ)[^.]{0,40}(?:مصادقة|المصادقة|تسجيل الدخول)/,
          /(?:אימות|התחברות)[^.]{0,12}(?:נכשל)/,
          /autentikasi[^.]{0,12}(?:gagal)|gagal[^.]{0,12}(?:autentikasi|masuk|login)/i,
        ],
        {
          unless: [/SPF|DKIM|DMARC/],
          alternatives: ['auth.credentials-rejected', 'auth.app-password-required', 'auth.protocol-disabled'],
        },
      ),
      says({
        certainty: 'possible',
        strength: 24,
        number: ['0x800ccc90', '0x800ccc92', '0x800cccd1', '0x800cccd2'],
        alternatives: ['auth.credentials-rejected', 'mailbox.in-use'],
      }),
    ].map(pasted),
  },
];

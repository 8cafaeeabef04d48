/** Causes that lie around the log-in: channel, mechanisms, limits, backends, and log-ins that never took place (RFC 4954, RFC 9051 §6.2). */
import type { Cause, Rule } from '../model/cause.ts';
import type { Facts } from '../model/facts.ts';
import { beforeSecret, lastCapabilities, secretOf, tokensOnly } from './auth-bare.ts';
import { likely, live, pasted, permanent, possible, proven, refusals } from './hear.ts';
import { lacks, sureness } from './look.ts';
import { says, seen, sighting } from './rules.ts';
import { told } from './tongues.ts';

/** The rule, unless this check has logged in before. */
const beforeLogIn =
  (rule: Rule): Rule =>
  (facts) =>
    facts.all('reply', 'auth').some((r) => r.status === 'ok' && !/^USER/i.test(r.command)) && !facts.pasted
      ? undefined
      : rule(facts);

/** Exim's words for AUTH where its list had none: before TLS it comes with TLS, behind TLS it does not come at all. */
const NOT_ADVERTISED = [/AUTH command used when not advertised/i];
const hiddenBeforeTls = likely(74, NOT_ADVERTISED, { alternatives: ['auth.not-offered', 'tls.starttls-required'] });
const hiddenBehindTls = likely(76, NOT_ADVERTISED, { alternatives: ['connect.port-25'] });
const overTls = (facts: Facts): boolean => lastCapabilities(facts)?.channel === 'tls';

/** The words of mailcheck's own report; in other mouths they may mean another reason. */
const WITHHELD = [
  /(?:credentials|password|user name and password) (?:was|were|are|is) (?:not sent|withheld|not transmitted|kept back)/i,
  /no credentials (?:were|was|are) sent/i,
  /credentials withheld/i,
];

export const authChannel: readonly Cause[] = [
  {
    id: 'auth.too-many-attempts',
    category: 'authentication',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'Too many log-in attempts, more are blocked for now',
      meaning:
        'The server counts log-ins or failures and refuses more of them for a time, from this address or for this account. It says nothing about the present password.',
      fix: [
        'Stop all programs and devices that use this account, and wait an hour before the next attempt.',
        'Look for a device or script that still tries an old password, and correct it.',
        'Poll less often and with fewer connections.',
        'Log in once by hand, with the right password, before you start the programs again.',
        'Where this computer’s address stays banned, ask the server’s administrator to lift the ban (fail2ban, cPHulk, CSF).',
      ],
    },
    links: [
      { title: 'RFC 4954 §4: failures and delays', url: 'https://www.rfc-editor.org/rfc/rfc4954#section-4' },
      { title: 'RFC 5530 §3: response code LIMIT', url: 'https://www.rfc-editor.org/rfc/rfc5530#section-3' },
    ],
    test: 'Wait an hour without any attempt, then log in once: if it works, the limit was the cause.',
    example: {
      paste:
        '454-4.7.0 Too many login attempts, please try again later. For more information, go to\n454 4.7.0  https://support.google.com/mail/answer/7126229 ffacd0b85a97d-39f1 - gsmtp',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: {
          AUTH: '454-4.7.0 Too many login attempts, please try again later. For more information, go to\r\n454 4.7.0  https://support.google.com/mail/answer/7126229 ffacd0b85a97d-39f1 - gsmtp',
        },
      },
    },
    rules: [
      likely(
        84,
        [
          /too many (?:bad |failed |invalid |unsuccessful |incorrect |wrong |recent )?(?:log-?ins?|logons?|sign-?ins?|auth\w*|password)(?: \w+)? ?(?:attempts?|failures?|errors?|tries|requests?|commands?)/i,
          /too many (?:bad|failed|invalid|unsuccessful|incorrect|wrong) (?:log-?ins?|logons?|attempts|passwords|tries)/i,
          /too many auth(?:entication)? commands/i,
          /excessive (?:log-?in|auth\w*|password) (?:failures|attempts|errors)/i,
          /too many attempts/i,
          /too much auth\w* (?:errors|failures|attempts)/i,
          /possible SMTP attack: command=AUTH/i,
          /too many recent (?:log|attempt|sign)/i,
          /LOGIN rate limit/i,
          /rate limit\w*[^.]{0,30}(?:log-?ins?|auth\w*)\b/i,
          /(?:log-?in|logon|auth\w*)(?: attempts?)? (?:rate|limit)\w*( limit)? (?:exceeded|reached|hit)/i,
          /(?:log-?in|logon|sign-?in|auth\w*|password) attempts? (?:limit |have |has |was |were )?(?:been )?exceeded/i,
          /(?:maximum|allowed) (?:number of )?(?:failed |unsuccessful )?(?:log-?ins?|logons?|auth\w*|password) (?:attempts|failures|retries|tries)/i,
          /exceeded[^.]{0,30}(?:log-?in|logon|auth\w*) (?:attempts|failures|retries)/i,
          /smtp auth error limit/i,
          /repeated (?:auth\w*|log-?in) failures/i,
          /too many [^.(]{0,40}\bauth\w* (?:attempts|failures|tries|errors)/i,
          /multiple failed (?:log-?in|logon|auth\w*)/i,
        ],
        { unless: [/concurrent|simultaneous|account[^.]{0,30}(?:locked|lockout|suspended|disabled)/i] },
      ),
      // The account's lock has an entry of its own; here the address is shut out.
      likely(
        82,
        [
          /(?:ip|address|host|you)\b[^.]{0,40}(?:blocked|banned|locked out)[^.]{0,40}(?:failed|invalid|too many|brute|auth\w* fail|log-?ins?\b|password)/i,
          /brute[- ]?force/i,
          /(?:address|ip|host)\b[^.]{0,30}\bbanned\b.{0,30}\b(?:failing|failed|repeated) (?:log-?[io]n|logon|auth)/i,
          /fail2ban|cphulk/i,
          /\bban(?:ned)? ip\b/i,
        ],
        {
          unless: [
            /too many (?:invalid |unknown |bad )?(?:recipients?|messages?|mails?|e-?mails?|spams?|rcpt)\b|to (?:send|mail)\b/i,
          ],
        },
      ),
      likely(80, [
        /demasiados intentos/i,
        /(?:zu viele|anzahl der) (?:fehlgeschlagene[nr]? |fehlerhafte[nr]? |ungültige[nr]? )?(?:anmelde|login)\S{0,3}versuche|zu viele (?:fehlgeschlagene |falsche |ungültige )(?:anmeld|login|passw)/i,
        /trop (?:de tentatives|d.(?:échecs|erreurs|essais))/i,
        /tentatives? de connexion (?:trop|infructueuses)/i,
        /troppi tentativi/i,
        /(?:muitas|demasiadas|excesso de) tentativas/i,
        /слишком (?:много|част[а-яё]+) (?:неудачных )?(?:попыток|запросов)/i,
        /(?:превышен[а-яё]*|число|количество) [^.]{0,20}попыток (?:входа|ввода|авторизации)/i,
        /(?:登[录陆錄入]|尝试|嘗試|密码|认证|驗證|验证)(?:失败|错误|失敗|錯誤)?(?:次数|次數|频率|頻率)?(?:过多|過多|太多|过高|過高|过于频繁|過於頻繁|超限|超过|受限)/,
        /(?:ログイン|認証|パスワード)(?:の)?(?:試行|失敗|入力)?(?:回数)?.{0,8}(?:多すぎ|超え|上限)/,
        /試行回数/,
        /(?:đăng nhập|thử|xác thực)[^.]{0,15} quá nhiều/i,
        /quá nhiều lần (?:đăng nhập|thử|xác thực)/i,
        /zbyt wiele (?:nieudanych )?prób/i,
        /te veel (?:mislukte )?(?:aanmeld|inlog|login)\S*pogingen/i,
        /çok fazla (?:giriş|oturum|deneme)/i,
        /로그인 (?:시도|횟수).{0,12}(?:초과|많)/,
        /příliš mnoho pokusů/i,
        /för många (?:inloggnings)?försök/i,
      ]),
      // Postfix ends a session after too many errors; in a client's life these are refused log-ins.
      likely(64, [/too many errors/i], { alternatives: ['protocol.client-error'] }),
      possible(52, [/login frequency limited/i, /(?:LIMIT|rate limit) hit/i], { stage: ['auth'] }),
      live(
        says({
          certainty: 'likely',
          strength: 54,
          responseCode: ['LIMIT'],
          stage: ['auth'],
          alternatives: ['policy.connection-limit'],
        }),
      ),
    ],
  },
  {
    id: 'auth.temporary-failure',
    category: 'authentication',
    stage: 'auth',
    owner: 'provider',
    severity: 'error',
    words: {
      title: 'The server cannot check log-ins at the moment',
      meaning:
        'The part of the server that checks user names and passwords is down or busy. It says nothing about the password, right or wrong.',
      fix: [
        'Wait a quarter of an hour and check again.',
        'Leave the password as it is.',
        'Look at the provider’s status page.',
        'Where it lasts, send the reply with its time to the provider or the administrator.',
        'On a server of your own, look at the log of the authentication backend (Dovecot auth socket, saslauthd, LDAP or database).',
      ],
    },
    links: [
      { title: 'RFC 4954 §6: SMTP 454 4.7.0', url: 'https://www.rfc-editor.org/rfc/rfc4954#section-6' },
      { title: 'RFC 5530 §3: IMAP UNAVAILABLE', url: 'https://www.rfc-editor.org/rfc/rfc5530#section-3' },
      { title: 'RFC 3206 §4: POP3 SYS/TEMP', url: 'https://www.rfc-editor.org/rfc/rfc3206#section-4' },
    ],
    test: 'Check again later with the same password: a temporary failure goes away by itself.',
    example: {
      paste: '-ERR [SYS/TEMP] Temporary authentication failure, try again in a moment.',
      serve: {
        protocol: 'pop3',
        replies: {
          PASS: '-ERR [SYS/TEMP] Temporary authentication failure, try again in a moment.',
          AUTH: '-ERR [SYS/TEMP] Temporary authentication failure, try again in a moment.',
        },
      },
    },
    rules: [
      proven(88, [/temporary auth\w* (?:failure|error|problem)/i], {
        code: [454, 451, 421, 432, 435, 450],
        responseCode: ['UNAVAILABLE', 'SYS/TEMP'],
        codeOptional: true,
        unless: [/too many|rate|attempts/i],
      }),
      // Refused for now (4yz): the password is not what is wrong.
      likely(50, [/^auth\w* (?:error|fail\w*)/i], {
        of: 'reply',
        code: [421, 450, 451, 452, 471],
        unless: [/too many|rate|attempts/i],
      }),
      likely(80, [
        /temporary (?:auth\w*|log-?in|logon|login) (?:\w+ )?(?:failure|error|problem)/i,
        /auth\w*(?: \w+)? temporar(?:il)?y/i,
        /temporar(?:il)?y (?:unable|not able) to auth/i,
        /(?:cannot|can.t|could not|unable to) authenticate[^.]{0,20}temporar/i,
        /unable to authenticate at present/i,
        /auth\w*(?: (?:service|server|back-?end|daemon|system|process|database))? (?:is )?(?:temporarily|currently) (?:unavailable|not available|down|disabled|unreachable)/i,
        /auth\w* (?:service|server|back-?end|daemon|system|process|database)s? (?:is |are )?(?:unavailable|not available|down|unreachable|not responding|overloaded|offline)/i,
        /remote authentication server/i,
        /^e=no-resources\b/,
        /(?:lost|no) connection to (?:the )?auth/i,
        /auth\w* (?:\w+ )?(?:server|service|request|process|worker)[^.]{0,40}(?:timed? ?out|isn.t responding|not responding|failed to respond|connection refused|communication failure)/i,
        /auth\w*[^.]{0,20}(?:input\/output|i\/o) error/i,
        /(?:can.?t|cannot|could not|unable to|failed to) (?:contact|connect to|reach)(?: the)? (?:ldap|auth\w*|directory|password|sasl|saslauthd)/i,
        /connect to (?:private\/auth|saslauthd)/i,
        /(?:ldap|directory|radius|active directory|sql) (?:server|back-?end|service)?[^.]{0,20}(?:unavailable|down|unreachable|not responding|timed? ?out)/i,
        /internal (?:log-?in|auth\w*) (?:failure|error)/i,
        /federated STS service was unreachable/i,
        /log-?ins? (?:is |are )?temporarily (?:unavailable|disabled|suspended)/i,
        /password verification[^.]{0,20}unavailable/i,
        /waiting for authentication (?:\w+ )?process/i,
        /(?:password|user|auth\w*) (?:query|lookup) failed|not connected to database/i,
        /auth\w* (?:back-?end|service|server|daemon|database) (?:failure|failed|error)/i,
        /\bauth(?:-\w+)?: (?:error: )?connect\(/i,
        /(?:auth\w*|log-?in) (?:to|at|with) (?:the )?back-?end(?: \w+)? (?:failed|failure|error)/i,
      ]),
      likely(80, [/before auth\w* (?:was|is) ready/i], { unless: [/handshak/i] }),
      // A proxy of the server's own that cannot reach the mailbox's server.
      likely(
        72,
        [
          /(?:(?:could not|cannot|can.t|unable to|failed to) connect|no connection) to (?:the )?(?:real |back-?end |remote |mail )?server/i,
        ],
        {
          protocol: ['imap', 'pop3'],
          of: 'reply',
          alternatives: ['server.unavailable', 'server.misconfigured'],
        },
      ),
      likely(78, [
        /vorübergehend\w* (?:authentifizierungs|anmelde)|(?:anmeldung|authentifizierung)\S*[^.]{0,40}(?:vorübergehend|zurzeit|derzeit)/i,
        /échec temporaire (?:de l.)?authentification/i,
        /(?:error|fallo) temporal de autenticación/i,
        /falha temporária (?:na|de) autenticação/i,
        /errore temporaneo (?:di|durante l.)autenticazione/i,
        /временн[а-яё]+ (?:ошибка|сбой) (?:аутентификации|авторизации)/i,
        /(?:认证|验证|驗證|登录|登入)(?:服务|服務|系统|服务器)?.{0,6}(?:暂时|暫時|繁忙|不可用)/,
        /(?:認証|ログイン)(?:サーバー?)?.{0,8}一時的/,
        /xác thực tạm thời/i,
      ]),
      // Cyrus and Postfix print the SASL library's words: "generic failure" and "transient failure" are its backend's, not the password's.
      likely(66, [
        /generic failure/i,
        /transient failure \(e\.g\., weak key\)/i,
        /(?:auth\w*|log-?in) failed: (?:temporary|internal|connection lost|try again|server error)/i,
      ]),
      pasted(
        says({
          certainty: 'likely',
          strength: 48,
          responseCode: ['UNAVAILABLE', 'SYS/TEMP'],
          alternatives: ['server.unavailable'],
        }),
      ),
      live(
        says({
          certainty: 'likely',
          strength: 58,
          responseCode: ['UNAVAILABLE', 'SYS/TEMP', 'SERVERBUG'],
          stage: ['auth'],
          alternatives: ['server.unavailable'],
        }),
      ),
      says({ certainty: 'likely', strength: 46, code: [454], enhanced: ['4.7.0', '4.3.0'], command: ['AUTH'] }),
      live(
        says({
          certainty: 'possible',
          strength: 32,
          code: [421, 432, 435, 450, 451, 452, 454, 455],
          stage: ['auth'],
          alternatives: ['auth.too-many-attempts', 'server.unavailable'],
        }),
      ),
    ],
  },
  {
    id: 'auth.encryption-required',
    category: 'authentication',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'Log-in is refused on an unencrypted connection',
      meaning: 'The server takes no password on a connection without TLS. User name and password are not judged at all.',
      fix: [
        'Set the connection security to SSL/TLS in the mail program: port 995 for POP, 993 for IMAP, 465 for SMTP.',
        'Or set it to STARTTLS: port 110 for POP, 143 for IMAP, 587 for SMTP.',
        'Remove a setting such as “use TLS only if available” or “no encryption”.',
        'Set a program that knows no TLS to a newer version, or put a TLS proxy before it.',
      ],
    },
    links: [
      { title: 'RFC 8314 §3: implicit TLS for mail', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-3' },
      { title: 'RFC 4954 §6: SMTP 538 5.7.11', url: 'https://www.rfc-editor.org/rfc/rfc4954#section-6' },
      { title: 'RFC 9051 §6.2.3: LOGIN and LOGINDISABLED', url: 'https://www.rfc-editor.org/rfc/rfc9051#section-6.2.3' },
    ],
    test: 'Connect with TLS and look at the capabilities: the log-in methods appear there.',
    example: {
      paste: '538 5.7.11 Encryption required for requested authentication mechanism',
      serve: {
        protocol: 'smtp',
        security: 'none',
        client: { security: 'none', args: ['--insecure-auth'] },
        replies: { AUTH: '538 5.7.11 Encryption required for requested authentication mechanism' },
      },
    },
    rules: [
      // Pasted, the words may be quoted for the demand of STARTTLS that they also are.
      live(says({ certainty: 'proven', strength: 92, responseCode: ['PRIVACYREQUIRED'] })),
      pasted(says({ certainty: 'likely', strength: 92, responseCode: ['PRIVACYREQUIRED'] })),
      live(says({ certainty: 'proven', strength: 90, code: [538] })),
      pasted(says({ certainty: 'likely', strength: 90, code: [538] })),
      likely(84, [
        /PRIVACYREQUIRED/,
        /LOGINDISABLED/,
        /(?:plain ?text|clear ?text|plain|unencrypted) (?:auth\w*|log-?ins?|passwords?)(?: (?:is|are|was|were))?(?: currently)? (?:disallowed|disabled|denied|refused|rejected|forbidden|prohibited|not (?:allowed|permitted|available|supported|enabled|accepted))/i,
        /(?:disallowed|disabled|forbidden|refused) (?:plain ?text|clear ?text|plain) (?:auth|log-?in|password)/i,
        /(?:clear ?text|plain ?text|plain)[^.]{0,30}without (?:tls|ssl|encryption)/i,
        /encryption (?:is )?(?:needed|required)[^.]{0,20}(?:mechanism|auth)/i,
        /only available under a(?:n encrypted| security)? layer/i,
        /only (?:valid|available|allowed|permitted|possible) (?:after|in|under|with|over)(?: \w+){0,2} (?:TLS|SSL)\b/i,
        /(?:ssl|tls|encrypt\w*|secure)[- /]{0,3}(?:ssl|tls)?[- ]?(?:connection|session|channel|layer)? ?(?:is )?(?:required|needed|necessary) (?:for|before|to|in order to) (?:auth\w*|log ?-?in|login|sign)/i,
        /(?:must|need to|have to|should) (?:use|issue|enable|negotiate|start|be)[^.]{0,25}(?:ssl|tls|encrypt\w*)[^.]{0,20}(?:before|prior to|to) (?:\w+ )?(?:auth|log)/i,
        /auth\w* (?:is )?(?:only )?(?:allowed|permitted|available|possible|accepted|supported) (?:only )?(?:over|with|via|on|after|under|through)(?: an?)? (?:tls|ssl|secure|encrypted|starttls)/i,
        /auth\w* requires (?:tls|ssl|starttls|encryption|a secure)/i,
        /(?:log-?in|auth\w*) without (?:ssl|tls|starttls|encryption)/i,
        /\b(?:PLAIN|LOGIN)\b[^.]{0,20}\b(?:used|offered|allowed|valid|accepted)\b[^.]{0,12}\b(?:TLS|SSL)\b/,
        /log-?in (?:requires|needs) (?:tls|ssl|starttls|encryption)/i,
        /(?:tls|ssl|starttls)(?: is)? required (?:for|to|before) (?:log|auth|plain)/i,
        /AUTH\b[^.]{0,20}(?:without|before|until) (?:tls|starttls|ssl|encryption)/i,
        /(?:tls|starttls|ssl|encryption) (?:is )?(?:required|needed) before (?:auth|login)/i,
        /logging in is disabled/i,
        /log-?in(?: command)? is disabled(?! for| on your)[^.]{0,40}(?:tls|ssl|starttls|$)/i,
        /(?:auth\w*|log-?in|password)[^.]{0,40}(?:unencrypted|insecure|non-secure|not encrypted|cleartext) (?:connection|channel|session|link)/i,
      ]),
      (facts) => (overTls(facts) ? undefined : hiddenBeforeTls(facts)),
      // Go's PlainAuth keeps the password from a plain channel.
      likely(
        70,
        [
          /^(?:.{0,80}[:\s])?unencrypted connection\b/i,
          /refus\w+ (?:to )?(?:auth\w*|log ?in|plain)\b[^.]{0,30}(?:unencrypted|without|plain|clear ?text|insecure)/i,
          /cannot use a secure authentication method/i,
          /\bSSF (?:not|too)\b|only available under a layer/i,
        ],
        { alternatives: ['auth.withheld', 'tls.starttls-required'] },
      ),
      likely(76, [
        /unverschlüsselte\w* (?:anmeldung|authentifizierung|verbindung)[^.]{0,45}(?:nicht|verboten|abgelehnt)/i,
        /(?:klartext|plaintext)\S*[^.]{0,20}(?:nicht (?:erlaubt|zulässig)|verboten|deaktiviert)/i,
        /verschlüsselung[^.]{0,40}(?:erforderlich|benötigt)[^.]{0,40}(?:anmeld|authent)/i,
        /authentification[^.]{0,40}(?:en clair|non chiffrée)/i,
        /(?:未加密|明文)[^。]{0,10}(?:验证|认证|登录|登入|密码|禁止|不允许)/,
        /(?:登录|登入|验证|认证)[^。]{0,8}(?:需要|必须)[^。]{0,6}(?:加密|SSL|TLS)/,
        /暗号化[^。]{0,15}(?:認証|ログイン)/,
        /(?:xác thực|đăng nhập)[^.]{0,40}(?:mã hóa|SSL|TLS)/i,
      ]),
      // A client library that finds no AUTH in the list before TLS; behind TLS it would be there.
      pasted(
        likely(
          58,
          [
            /server (?:does not|doesn.?t|does n.t) support (?:smtp )?auth(?:entication)?\b(?! (?:mech|meth|type))/i,
            /auth(?:entication)? (?:extension )?(?:is )?not supported by (?:the )?(?:smtp )?server/i,
          ],
          {
            unless: [/SMTP-AUTH|mechanism|method|selected|chosen|OAuth/i],
            alternatives: ['auth.not-offered', 'tls.starttls-required'],
          },
        ),
      ),
      seen((facts) => {
        const caps = lastCapabilities(facts);
        // Where TLS came about and the list was not asked for again, the one before it says nothing of the log-in.
        if (caps?.channel !== 'plain' || facts.all('tls').some((t) => t.outcome === 'established')) return undefined;
        const withheld = facts.last('withheld', 'auth');
        // Before STARTTLS the word is as it should be: then it counts only where the check came to its log-in without TLS.
        const upgrades = facts.all('setting').some((s) => s.field === 'security' && s.value === 'starttls');
        if (caps.items.includes('LOGINDISABLED') && (withheld || !upgrades))
          return sighting(sureness(facts), 82, [withheld ?? caps, caps], {
            stage: 'auth',
            matched: 'LOGINDISABLED',
            alternatives: ['tls.starttls-required'],
          });
        // POP3 leaves USER out of the list in place of a word for it (RFC 2595 §2.4).
        const bare = caps.protocol === 'pop3' && withheld?.why === 'not-offered' && !caps.items.includes('USER');
        const hidden =
          caps.mechanisms.length === 0 &&
          ((caps.protocol === 'smtp' && caps.items.includes('STARTTLS')) || (bare && caps.items.includes('STLS')));
        return hidden && withheld && !facts.pasted
          ? sighting('likely', 66, [withheld, caps], {
              matched: 'STARTTLS',
              alternatives: ['auth.not-offered', 'tls.starttls-required'],
            })
          : undefined;
      }),
    ],
  },
  {
    id: 'auth.mechanism-unsupported',
    category: 'authentication',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'No authentication method that both sides accept',
      meaning:
        'The method chosen for the log-in (such as “encrypted password” or CRAM-MD5) is not one that {host} accepts, or both sides have none in common. The password itself is not judged.',
      fix: [
        'Set the authentication method of the mail program to “normal password” together with SSL/TLS or STARTTLS.',
        'Turn off “secure password authentication” (SPA) or “encrypted password”.',
        'Where the server lists only XOAUTH2 or OAUTHBEARER, choose OAuth2.',
        'Where you forced a method with `--mechanism`, leave it out.',
        'On a Postfix server that sends through another, install the SASL plug-ins (Debian: libsasl2-modules).',
      ],
    },
    links: [
      { title: 'RFC 4954 §4: AUTH and 504', url: 'https://www.rfc-editor.org/rfc/rfc4954#section-4' },
      { title: 'RFC 4422: SASL', url: 'https://www.rfc-editor.org/rfc/rfc4422#section-3' },
    ],
    test: 'Compare the method used with the list that the server offers after TLS, then log in once with PLAIN.',
    example: {
      paste: '504 5.5.4 Unrecognized authentication mechanism CRAM-MD5',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: { AUTH: '504 5.5.4 Unrecognized authentication mechanism' },
      },
    },
    rules: [
      lacks('auth', 70, ['auth.not-offered']),
      likely(
        86,
        [
          /no (?:suitable |usable |supported |compatible |common |acceptable |known |valid |matching |worthy |secure )?(?:auth\w* |sasl )?mech(?:anism)?s? (?:available|found|in common|supported|could|was|were|match)/i,
          /no worthy mechs/i,
          /no mutually (?:supported|acceptable) auth/i,
          /no (?:suitable |supported |compatible |common )?(?:auth\w*|log-?in) (?:mechanism|method|type)s? (?:supported|in common|available|found)/i,
          /none of the auth\w* methods/i,
          /(?:unrecogni[sz]ed|unsupported|unknown|unimplemented|invalid) (?:auth\w*|sasl)[- ]?(?:\w+ )?(?:mechanism|method|type|scheme)/i,
          /(?:unrecogni[sz]ed|unsupported|unknown) (?:mechanism|auth method)/i,
          /AUTH (?:mechanism|type|method) \S{0,30} ?(?:is )?(?:not (?:available|supported|allowed|enabled|recogni[sz]ed|implemented)|un(?:available|supported|implemented|recogni[sz]ed))/i,
          /auth type un(?:implemented|supported|known)/i,
          /(?:auth\w*|sasl|log-?in)[ -](?:mechanism|method|type|scheme)s?\b[^.]{0,40}(?:not|isn.t|n.t) (?:supported|available|recogni[sz]ed|implemented|accepted|enabled|allowed|advertised|offered|permitted|known)/i,
          /AUTH method "?[\w-]+"? not/i,
          /\bmechanism (?:is )?not (?:allowed|supported|available|permitted|enabled|offered)/i,
          /\bmechanism not\b/i,
          /auth not attempted, requested type not available/i,
          /any compatible (?:secure )?auth\w* mechanism/i,
          /ne prend pas en charge l.authentification/i,
          /(?:mechanism|AUTH) "?(?:cram-md5|digest-md5|login|plain|ntlm|gssapi|xoauth2?|oauthbearer|scram-[\w-]+)"? (?:is )?(?:not|un)/i,
          /(?:does not|doesn.t|do not|don.t|did not) support (?:the (?:selected|chosen|requested|specified|configured)|any of the|any known|secure|encrypted|your|this)[^.]{0,20} ?(?:auth|password|log-?in|mech)/i,
          /auth\w* mechanisms? supported by both/i,
          /mechanism (?:is )?too weak/i,
          /(?:must|need to|have to|please) use (?:a )?(?:stronger|different|another|more secure) auth\w*/i,
          /doesn.?t support requested feature/i,
          /password transition/i,
          /(?:does not|doesn.t) support [\w-]{3,20} auth/i,
          /(?:does not|doesn.t) support (?:basic |plain )?(?:username|user name|password|log-?in)\b/i,
          /cannot achieve \S{1,20}(?: \S{1,20})? authentication/i,
        ],
        { unless: [/basic auth\w*[^.]{0,20}(?:not|disabled)/i] },
      ),
      likely(
        84,
        [
          /does not seem to support encrypted passwords/i,
          /does not allow plaintext passwords/i,
          // The dialogs of mail programs about encrypted and plain passwords, in either order of the words.
          /(?:(?:un)?verschlüsselte\w*|klartext-?) ?passw\S*[^.]{0,30}(?:zu unterstützen|nicht|unterstützt)|keine (?:(?:un)?verschlüsselte\w*|klartext-?) ?passw/i,
          /(?:passwor[td]|kennwort)\S*[^.]{0,20}(?:im klartext|ungesichert)[^.]{0,20}nicht|verschlüsselte\w* übertragung (?:des|von) (?:passw|kennw)|übertragung verschlüsselter passw|ungesicherte übertragung des passw/i,
          /(?:ne (?:semble|paraît|permet|prend|gère)|n.(?:accepte|autorise))[^.]{0,60}mots? de passe[^.]{0,15}(?:chiffr|en clair|en texte)/i,
          /no (?:parece|permite|admite|acepta)[^.]{0,40}contraseñas[^.]{0,25}(?:cifrad|texto|plan|sin )/i,
          /non (?:sembra|permette|consente|accetta)[^.]{0,40}password[^.]{0,20}(?:cifrat|crittograf|in chiaro|testo)/i,
          /não (?:parece|permite|aceita|suporta)[^.]{0,40}(?:senhas|palavras-passe)[^.]{0,25}(?:criptograf|encriptad|texto|sem )/i,
          /(?:不支持|不允许|不支援|不接受)[^。]{0,10}(?:加密过?的?|明文|纯文本|純文字)(?:的)?(?:密码|密碼|口令)/,
          /không (?:có vẻ )?(?:cho phép|hỗ trợ)[^.]{0,15}mật khẩu (?:văn bản|được mã hóa|mã hóa|thuần)/i,
          /(?:暗号化された|平文の?)パスワード[^。]{0,25}(?:ません|いない|ない)/,
          /не (?:поддержива|разреша|допуска)[а-яё]*[^.]{0,40}(?:зашифрован|незашифрован|открыт|обычн|текстов)[а-яё]* (?:текстов[а-яё]* )?парол|парол[а-яё]* (?:открытым текстом|в открытом виде)/i,
          /secure password auth\w*/i,
          /using \(?SPA\b\)?/,
        ],
        { unless: [/turn(?:ed)? off secure|clear the/i] },
      ),
      likely(82, [
        /(?:unterstützt|akzeptiert)[^.]{0,45}(?:authentifizierungsmethode|anmeldemethode|authentifizierungsverfahren|authentifizierungsmechanismus|verschlüsselte\w* passw)/i,
        /(?:ne prend pas en charge|ne supporte pas|ne gère pas)[^.]{0,40}(?:méthode|mécanisme|mots? de passe chiffr)/i,
        /no (?:admite|soporta|es compatible con)[^.]{0,40}(?:método|mecanismo|contraseñas cifradas)/i,
        /não (?:suporta|aceita|oferece suporte)[^.]{0,45}(?:método|mecanismo|senhas criptografadas)/i,
        /non (?:supporta|accetta|permette)[^.]{0,25}(?:metodo|meccanismo|password (?:cifrat|crittografat))/i,
        /не поддержива[а-яё]+[^.]{0,45}(?:метод|способ|механизм|зашифрован)/i,
        /(?:метод|способ|механизм) (?:аутентификации|авторизации)[^.]{0,45}не поддержива/i,
        /不支[持援][^。]{0,10}(?:验证|驗證|认证|認證|加密)(?:方式|方法|机制|機制|的?密码|密碼)/,
        /(?:验证|驗證|认证|認證)(?:方式|方法|机制|機制)[^。]{0,6}不(?:被|受)?支[持援]/,
        /認証方式[^。]{0,20}(?:サポート|対応)/,
        /(?:サポート|対応)して(?:いない|いません)[^。]{0,10}認証/,
        /không hỗ trợ[^.]{0,20}(?:phương (?:thức|pháp)|cơ chế|mật khẩu (?:được )?mã hóa)/i,
        /nie obsługuje[^.]{0,45}(?:metody|mechanizmu|zaszyfrowan)/i,
        /ondersteunt[^.]{0,30}(?:authenticatiemethode|verificatiemethode|versleutelde wachtwoorden)/i,
        /인증 ?(?:방식|방법|메커니즘)[^.]{0,12}지원/,
      ]),
      // A ticket that is not taken: the realm, the clock or the account may be wrong as well.
      likely(84, [/\b(?:Kerberos|GSSAPI?)\/(?:Kerberos|GSSAPI?)\b|\bKerberos[- ]ticket\b/i], {
        alternatives: ['auth.credentials-rejected', 'auth.token-rejected'],
      }),
      told(61, ['login', 'method', 'lacks'], { without: ['starttls', 'certificate'], alternatives: ['auth.not-offered'] }),
      told(61, ['server', 'secret', 'form', 'lacks'], { without: ['certificate'], alternatives: ['auth.encryption-required'] }),
      likely(60, [/AUTH (?!extension)[\w-]+ not (?:available|supported|advertised)/i]),
      // SCRAM's own words (RFC 5802 §7); bindings that differ may mean that somebody stands in between.
      likely(86, [/^e=(?:channel-binding|unsupported-channel-binding|server-does-support|extensions-not)/], {
        alternatives: ['certificate.intercepted'],
      }),
      says({ certainty: 'likely', strength: 62, number: ['0x800ccc18', '0x800ccc80'] }),
      says({ certainty: 'likely', strength: 56, code: [504], command: ['AUTH'] }),
      says({ certainty: 'likely', strength: 50, code: [504], enhanced: ['5.7.4', '5.5.4'] }),
      // Refused at the mechanism's name: the password had not been sent.
      seen((facts) => {
        if (facts.pasted) return undefined;
        const r = refusals(facts, 'auth').find((x) => beforeSecret(x) && permanent(x));
        return r ? sighting('likely', 56, [r, secretOf(facts)], { alternatives: ['auth.not-offered'] }) : undefined;
      }),
      // Nothing in common, so nothing was sent.
      seen((facts) => {
        const withheld = facts.all('withheld', 'auth').find((w) => w.why === 'not-offered' || w.why === 'weak-mechanism');
        const caps = lastCapabilities(facts);
        if (!withheld || (caps?.mechanisms.length ?? 0) === 0) return undefined;
        if (secretOf(facts)?.type === 'password' && tokensOnly(caps?.mechanisms ?? [])) return undefined;
        return sighting('proven', 72, [withheld, caps], { matched: caps?.mechanisms.join(' ') ?? '' });
      }),
    ],
  },
  {
    id: 'auth.not-offered',
    category: 'authentication',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The server offers no log-in on this port',
      meaning:
        'The list of capabilities of {host} names no way to log in here. Often the port is meant for mail between servers (25), or the service is set up without authentication.',
      fix: [
        'Set the port for sending to 465 with SSL/TLS or to 587 with STARTTLS.',
        'Compare server name and port with the provider’s page; some providers use ports of their own.',
        'Where the server lets your network send without log-in, choose “no authentication” in the mail program.',
        'Ask the server’s administrator to turn on authentication for this port (Postfix: smtpd_sasl_auth_enable).',
      ],
    },
    links: [
      { title: 'RFC 4954 §3: the AUTH keyword', url: 'https://www.rfc-editor.org/rfc/rfc4954#section-3' },
      { title: 'RFC 6409 §3.1: submission port', url: 'https://www.rfc-editor.org/rfc/rfc6409#section-3.1' },
    ],
    test: 'Look at the capabilities after TLS on ports 465 and 587: where AUTH is listed, log in there.',
    example: {
      paste: '503 5.5.1 AUTH is not available on this server',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        capabilities: { plain: ['PIPELINING', 'STARTTLS', '8BITMIME'], tls: ['PIPELINING', 'SIZE 10240000', '8BITMIME'] },
      },
    },
    rules: [
      likely(
        78,
        [
          /auth(?:entication)?(?: is)? not enabled/i,
          /auth(?:entication)?(?: is)? not (?:available|offered|advertised|configured|provided)(?! (?:for|to) )/i,
          /(?:does not|doesn.t|did not|didn.t|not) (?:advertise|offer|announce|provide) (?:any )?(?:smtp )?auth/i,
          /no auth\w* (?:is )?(?:offered|advertised|available|support)/i,
          /auth\w* (?:is )?not (?:allowed|permitted|accepted) on (?:this |the )?(?:port|host|server|interface|inbound|\S{2,20} servers?)/i,
          /AUTH(?: command)?(?: is)? (?:not (?:recogni[sz]ed|implemented|supported|allowed)|disabled|unknown|unrecogni[sz]ed|unimplemented)/,
          /(?:unknown )?command:? "?AUTH"?(?: not| un|$)/i,
          /(?:auth|login) not available \(#5/i,
        ],
        {
          unless: [/mechanism|method|oauth|XOAUTH|before|until|without/i],
          alternatives: ['auth.encryption-required', 'connect.port-25'],
        },
      ),
      likely(78, [/SMTP-AUTH\)/]),
      (facts) => (overTls(facts) ? hiddenBehindTls(facts) : undefined),
      pasted(
        likely(
          56,
          [
            /server (?:does not|doesn.?t|does n.t) support (?:smtp )?auth(?:entication)?\b(?! (?:mech|meth|type))/i,
            /auth(?:entication)? (?:extension )?(?:is )?not supported by (?:the )?(?:smtp )?server/i,
          ],
          { unless: [/mechanism|method|selected|OAuth/i] },
        ),
      ),
      says({
        certainty: 'likely',
        strength: 60,
        code: [500, 502],
        command: ['AUTH'],
        alternatives: ['auth.encryption-required'],
      }),
      seen((facts) => {
        const withheld = facts.all('withheld', 'auth').find((w) => w.why === 'not-offered');
        const caps = lastCapabilities(facts);
        if (!withheld || !caps || caps.mechanisms.length > 0) return undefined;
        const certain = caps.channel === 'tls';
        return sighting(certain ? 'proven' : 'likely', certain ? 74 : 60, [withheld, caps], {
          alternatives: certain ? [] : ['auth.encryption-required'],
        });
      }),
    ],
  },
  {
    id: 'auth.required',
    category: 'authentication',
    stage: 'identity',
    owner: 'you',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'The server wants a log-in before it takes a message',
      meaning:
        'A command was refused because nobody has logged in on this connection. The mail program sends without authentication, or its log-in did not take place.',
      fix: [
        'Turn on “my outgoing server requires authentication” in the mail program.',
        'Enter the whole e-mail address as user name and the password (or app password) for the outgoing server too.',
        'Set the port to 587 with STARTTLS or 465 with SSL/TLS: log-in is often offered only there.',
        'In a script, set user name and password of the SMTP library, and let it use TLS.',
        'For a device that cannot log in, ask the administrator for a relay that admits its address.',
      ],
    },
    links: [
      { title: 'RFC 4954 §6: SMTP 530 5.7.0', url: 'https://www.rfc-editor.org/rfc/rfc4954#section-6' },
      { title: 'RFC 6409 §4.3: authentication before submission', url: 'https://www.rfc-editor.org/rfc/rfc6409#section-4.3' },
    ],
    test: 'Look in the transcript for an accepted AUTH (235) before the refused command: it is missing.',
    example: {
      paste:
        '530 5.7.0 Authentication Required. For more information, go to https://support.google.com/mail/?p=WantAuthError 6a1803df08f44 - gsmtp',
      serve: { protocol: 'smtp', security: 'starttls', replies: { 'MAIL FROM': '530 5.7.0 Authentication required' } },
    },
    rules: [
      proven(90, [/auth\w* (?:is )?required|not (?:yet )?authenticated|must (?:\w+ )?authenticat/i], {
        code: [530],
        enhanced: ['5.7.0', '5.7.1', '5.7.57', '5.5.1'],
        codeOptional: false,
        unless: [/starttls|\btls\b/i],
      }),
      likely(82, [/auth\w* (?:is )?required (?:for|to) relay/i], { alternatives: ['sender.relay-denied'] }),
      likely(
        82,
        [
          /client (?:was |is )?not (?:yet )?authenticated/i,
          /not authenticated to send/i,
          /\b5\.7\.57\b/,
          /(?:must|need to|have to|should) (?:first |be )?(?:authenticat\w*|log ?-?in|issue an AUTH|login|logged in)\b/i,
          /permissions? to submit (?:mail )?to this server/i,
          /need:? EHLO and AUTH/i,
          /authenticate (?:yourself )?(?:first|before)/i,
          /log ?-?in first/i,
          /AUTH(?: command)? first/,
          /rejected: not logged in/i,
          /(?:sender|user|client|you are|session)(?: is)? not (?:yet )?(?:logged in|authenticated|authentificated)/i,
          /unauthenticated (?:senders?|sending|users?|clients?|connections?|mail|submission)[^.]{0,30}(?:not|denied|refused|rejected)/i,
          /turn on smtp auth/i,
          /smtp auth\w* (?:is )?(?:required|mandatory|needed)/i,
          /(?:check for new mail|check your mail|pop3?|receive)[^.]{0,15} before (?:sending|smtp)/i,
          /pop[- ]before[- ]smtp/i,
          /without auth\w* (?:is |are )?(?:not|prohibited|forbidden|denied)/i,
          /prohibited[^.]{0,60}without auth/i,
          /auth\w* (?:is )?(?:required|mandatory|needed|necessary)/i,
          /(?:server|smtp) requires (?:smtp )?auth/i,
          /anonymous (?:users?|access|connections?|senders?|log-?in)[^.]{0,25}(?:not|denied|refused)/i,
        ],
        {
          unless: [
            /RESOLVER\.RST|RST\.Auth|NotAuthenticatedFor|proxy|\b407\b|SPF|DKIM|DMARC|web ?login|oauth|modern auth|client certificate|level|starttls|\btls\b|\bssl\b|relay/i,
          ],
        },
      ),
      likely(
        78,
        [
          /authentifizierung[^.]{0,12}(?:erforderlich|notwendig|benötigt|verlangt)/i,
          /nicht (?:angemeldet|authentifiziert)(?! werden)/i,
          /authentification[^.]{0,12}(?:requise|nécessaire|obligatoire|exigée)/i,
          /autenticación[^.]{0,12}(?:requerida|obligatoria|necesaria)|(?:requiere|exige) autenticación/i,
          /autenticação[^.]{0,12}(?:requerida|necessária|exigida|obrigatória)|(?:requer|exige) autenticação/i,
          /autenticazione[^.]{0,12}(?:richiesta|necessaria|obbligatoria)|richiede l.autenticazione/i,
          /(?:требуется|необходима|нужна) (?:smtp-?)?(?:авторизация|аутентификация)/i,
          /(?:需要|要求|必须|請先|请先|尚未)(?:先)?(?:进行|通过|通過)?(?:smtp)?(?:身份)?(?:验证|驗證|认证|認證|登录|登錄|登入)(?!码|碼)/i,
          /未(?:经|通过|經|通過)?(?:身份)?(?:验证|驗證|认证|認證)/,
          /認証(?:が|を)(?:必要|要求|行って)/,
          /(?:yêu cầu|cần|phải) (?:phải )?(?:xác thực|đăng nhập)/i,
          /wymagan\w+ (?:jest )?uwierzytelni/i,
          /authenticatie (?:is )?vereist|vereist (?:een )?authenticatie/i,
          /(?:requiert|exige|nécessite) (?:une )?authentification|(?:requiere|exige|necesita) (?:una )?autenticación|(?:requer|exige) (?:uma )?autenticação|(?:richiede|esige) (?:un.)?autenticazione|(?:erfordert|verlangt) (?:eine )?authentifizierung|требует (?:авторизаци|аутентификаци)|wymaga uwierzytelni/i,
          /인증(?:이|을) (?:필요|요구)/,
        ],
        { unless: [/SPF|DKIM|DMARC|TLS|SSL|应用|應用|授权|授權|proxy/i] },
      ),
      likely(80, [
        /(?:check for new mail|check your (?:e-?)?mail|receive(?: your)? mail|pop3?(?: log-?in)?)[^.]{0,40}before (?:sending|smtp|you send)/i,
        /first (?:check|receive|retrieve) your (?:e-?)?mail/i,
        /pop[- ]before[- ]smtp/i,
      ]),
      // The submission service of Postfix with "permit_sasl_authenticated, reject".
      beforeLogIn(
        possible(50, [/client host rejected: access denied/i], {
          // In place of a greeting nobody could have logged in yet.
          stage: ['capabilities', 'auth', 'identity', 'send'],
          alternatives: ['policy.blocklisted', 'auth.policy-blocked'],
        }),
      ),
      pasted(
        possible(
          45,
          [
            /missing credentials/i,
            /no (?:username|user name|password|credentials) (?:was |were )?(?:supplied|provided|given|specified)/i,
          ],
          { unless: [/failed to connect/i] },
        ),
      ),
      says({
        certainty: 'likely',
        strength: 58,
        code: [530],
        enhanced: ['5.7.0', '5.7.1', '5.7.57'],
        codeOptional: false,
        unless: [/tls|encrypt/i],
      }),
    ],
  },
  {
    id: 'auth.withheld',
    category: 'authentication',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'No credentials were sent: the channel is not safe',
      meaning:
        'User name and password stay here, since the connection to {host} is not encrypted or the server’s identity is not proven. Whether they are right is not tested.',
      fix: [
        'Mend the certificate or the server’s identity first, where the report names a problem with them.',
        'Use a port with TLS: 995 for POP, 993 for IMAP, 465 or 587 for SMTP.',
        'Only on a server and network that you trust, repeat the check with `--insecure-auth`.',
      ],
    },
    links: [
      { title: 'RFC 8314 §5: TLS in mail user agents', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-5' },
      { title: 'RFC 4616 §4: PLAIN needs a protected channel', url: 'https://www.rfc-editor.org/rfc/rfc4616#section-4' },
    ],
    test: 'Check again over TLS with a valid certificate: the log-in is tested then.',
    example: {
      paste: 'No credentials were sent, because the connection to mail.example.net is not encrypted.',
      serve: { protocol: 'pop3', security: 'none', client: { security: 'none' } },
    },
    rules: [
      live(proven(86, WITHHELD)),
      pasted(likely(86, WITHHELD)),
      likely(66, [
        /refus\w+ to send (?:the |your )?(?:password|credentials)/i,
        /(?:will not|won.t|did not) (?:send|transmit) (?:the |your )?(?:password|credentials)/i,
        /not sending (?:the |your )?(?:password|credentials)/i,
      ]),
      pasted(possible(52, [/^(?:.{0,80}[:\s])?unencrypted connection\b/i])),
      seen((facts) => {
        const w = facts.all('withheld', 'auth').find((x) => x.why !== 'not-offered');
        if (!w) return undefined;
        // Beside a failed certificate or a stranger's greeting it is a consequence, not the root.
        const beside = w.why === 'certificate-failed' || w.why === 'wrong-server';
        return sighting('proven', 60, [w], { severity: beside ? 'notice' : 'error', matched: w.detail });
      }),
    ],
  },
];

/** Causes between an accepted log-in and a usable mailbox (RFC 1939 §4, RFC 2449 §8, RFC 9051 §6.3, RFC 2971). */
import type { Cause } from '../model/cause.ts';
import { likely, live, pasted, possible, proven, refusals } from './hear.ts';
import { codeWords, says, seen, sighting } from './rules.ts';

const LEAVING = /shut|maintenance|\bdown\b|restart|idle|inactiv|time-?out|too (?:busy|many)|load/i;

export const mailbox: readonly Cause[] = [
  {
    id: 'mailbox.in-use',
    category: 'mailbox',
    stage: 'mailbox',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'Another session is using the mailbox',
      meaning: 'A POP mailbox admits one session at a time, and another one holds the lock. User name and password are accepted.',
      fix: [
        'Close the mail program on your other devices, and wait ten minutes for the lock to expire.',
        'Set every program to poll less often, at most every ten minutes.',
        'Use IMAP in place of POP, where several devices read the same mailbox.',
        'Where the lock stays, ask the provider to remove it.',
      ],
    },
    links: [
      { title: 'RFC 2449 §8.1.2: response code IN-USE', url: 'https://www.rfc-editor.org/rfc/rfc2449#section-8.1.2' },
      { title: 'RFC 1939 §4: the exclusive-access lock', url: 'https://www.rfc-editor.org/rfc/rfc1939#section-4' },
    ],
    test: 'Close all other programs, wait ten minutes and log in again: the lock is gone then.',
    example: {
      paste: '-ERR [IN-USE] The maildrop is already locked by another session',
      serve: {
        protocol: 'pop3',
        replies: {
          PASS: '-ERR [IN-USE] The maildrop is already locked by another session',
          AUTH: '-ERR [IN-USE] The maildrop is already locked by another session',
        },
      },
    },
    rules: [
      proven(90, [/lock|another|session|in use|busy/i], { responseCode: ['IN-USE'] }),
      proven(90, [/lock|another|session|in use|busy/i], { responseCode: ['INUSE'] }),
      says({ certainty: 'likely', strength: 84, responseCode: ['IN-USE', 'INUSE'] }),
      // Of a maildrop, locked is what another session does (RFC 1939 §4).
      likely(
        84,
        [
          /^(?:\[[A-Z/-]{1,20}\] )?(?:mail ?box|mail ?drop|mail ?spool|inbox)(?: \S{1,60})?(?: is| has been| was)?(?: already| currently)? locked\b/i,
        ],
        {
          of: 'reply',
          protocol: ['pop3'],
          unless: [/abuse|attempt|failed|admin|security|provider|support/i],
        },
      ),
      likely(
        79,
        [
          /\[IN-?USE\]/,
          /(?:mailbox|maildrop|mail ?drop|mailspool|spool|inbox|pop ?3? ?lock)(?: \S{1,60})?(?: is| has been| was)?(?: already| currently| now)? (?:locked|in use|busy|opened?)\b(?! for business)/i,
          /\block(?:ed)? (?:by|busy|is held)/i,
          /(?:another|other|existing|active|previous) (?:pop3? |imap |mail )?(?:session|process|client|instance)(?: is| has| still)?[^.]{0,25}(?:active|using|has|open|running|progress|exists|lock)/i,
          /is another session active/i,
          /(?:mailbox|maildrop|inbox)[^.]{0,20}(?:being used|used by|opened by|in use by)/i,
          /(?:unable|could not|couldn.t|can.t|cannot|failed) to (?:get |obtain |acquire |take |gain )?(?:an? |the )?(?:exclusive )?(?:lock|access lock)(?: on)?/i,
          /(?:couldn.t|could not|can.t|cannot|unable to) (?:open|access|lock)[^.]{0,30}(?:locked|in use)/i,
          /timeout while waiting for (?:dot)?lock/i,
          /already (?:logged in|in use|has an active|locked)(?! from)/i,
        ],
        { unless: [/file lock|database|sqlite|account (?:is )?locked|locked out/i] },
      ),
      likely(76, [
        /(?:postfach|mailbox|maildrop)[^.]{0,30}(?:(?:wird|ist) (?:bereits|gerade|von)|in (?:benutzung|gebrauch)|anderen? sitzung)/i,
        /(?:邮箱|信箱|郵箱)[^。]{0,8}(?:正在使用|被(?:其他|另一|占用)|正被|使用中)/,
        /hộp thư[^.]{0,40}(?:đang (?:được )?(?:sử dụng|mở)|phiên khác)/i,
        /(?:boîte|messagerie)[^.]{0,45}(?:verrouillée|en cours d.utilisation|autre session)/i,
        /buzón[^.]{0,45}(?:bloqueado por|en uso|otra sesión)/i,
        /caixa[^.]{0,45}(?:em uso|outra sessão)/i,
        /メールボックス[^。]{0,12}(?:使用中|ロック)/,
        /ящик[^.]{0,40}(?:занят|используется|друг[а-яё]+ сесси)/i,
      ]),
    ],
  },
  {
    id: 'mailbox.login-delay',
    category: 'mailbox',
    stage: 'mailbox',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The mailbox is polled too often',
      meaning:
        'The server asks for a minimum time between two log-ins, and this one came too soon. User name and password are not at fault.',
      fix: [
        'Set the polling interval of every mail program to fifteen minutes or more.',
        'Wait that long before the next log-in.',
        'Let only one program or device poll the mailbox.',
      ],
    },
    links: [
      { title: 'RFC 2449 §8.1.1: response code LOGIN-DELAY', url: 'https://www.rfc-editor.org/rfc/rfc2449#section-8.1.1' },
      { title: 'RFC 2449 §6.5: the LOGIN-DELAY capability', url: 'https://www.rfc-editor.org/rfc/rfc2449#section-6.5' },
    ],
    test: 'Wait for the delay that the server names in its capabilities, then log in once.',
    example: {
      paste: '-ERR [LOGIN-DELAY] Minimum time between mail checks violation',
      serve: {
        protocol: 'pop3',
        replies: {
          PASS: '-ERR [LOGIN-DELAY] Minimum time between mail checks violation',
          AUTH: '-ERR [LOGIN-DELAY] Minimum time between mail checks violation',
        },
      },
    },
    rules: [
      says({ certainty: 'proven', strength: 90, responseCode: ['LOGIN-DELAY'] }),
      likely(
        82,
        [
          /LOGIN-DELAY/,
          /min(?:imum|imal|\.)? (?:time|interval|delay)[^.]{0,20}between[^.]{0,20}(?:check|log-?in|poll|session|access|connect|mail)/i,
          /logins? must be at least/i,
          /(?:log(?:ging)?[- ]?in|poll\w*|check\w*|retriev\w*|fetch\w*|access\w*|pop3?)[^.]{0,30}too (?:frequent|often|soon|quickly|fast)/i,
          /too (?:frequent|many) (?:pop3? |mail )?(?:checks|polls|polling)/i,
          /(?:only|allowed)[^.]{0,15}(?:once )?every \d+ (?:min|sec)/i,
          /(?:wait|retry)[^.]{0,20}(?:min|sec)\w*[^.]{0,15}(?:between|before)[^.]{0,20}(?:log|check|poll|retriev|access|connect)/i,
          /polled too/i,
        ],
        { unless: [/fail|password|attempts|message|send/i] },
      ),
      likely(
        78,
        [
          /nur alle \d+ min/i,
          /(?:rufen|fragen)[^.]{0,40}zu (?:häufig|oft) ab/i,
          /zu (?:häufig|oft|schnell)[^.]{0,40}(?:abgerufen|abgefragt|abruf|angemeldet)/i,
          /(?:abruf|abfrage|anmeldung)\w*[^.]{0,45}(?:zu häufig|zu oft|mindestabstand|frühestens)/i,
          /(?:收信|检查邮件|登录|访问)[^。]{0,6}(?:间隔|过于频繁|太频繁)/,
          /(?:relève|connexions?)[^.]{0,20}trop (?:fréquent|souvent)/i,
          /слишком часто[^.]{0,20}(?:проверя|подключ)/i,
          /kiểm tra thư quá (?:thường xuyên|nhiều)/i,
        ],
        { unless: [/fail|失败|message/i] },
      ),
    ],
  },
  {
    id: 'mailbox.over-quota',
    category: 'mailbox',
    stage: 'mailbox',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The mailbox is full',
      meaning:
        'The storage of the mailbox is used up: new messages are refused, and some servers refuse the log-in or the sending too. In a bounce it is the recipient’s mailbox that is full.',
      fix: [
        'Delete large and old messages in the webmail, and empty the trash and the spam folder.',
        'Where a mail program leaves copies on the server, let it remove them after some days.',
        'Buy more storage or ask the administrator for a larger quota.',
        'Where the recipient’s mailbox is full, reach them another way and send again later.',
      ],
    },
    links: [
      { title: 'RFC 3463 §3.3: status code 5.2.2, mailbox full', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.3' },
      { title: 'RFC 9208 §4.3: IMAP OVERQUOTA', url: 'https://www.rfc-editor.org/rfc/rfc9208#section-4.3.1' },
    ],
    test: 'Look at the used storage in the webmail, or ask the recipient to look at theirs.',
    example: {
      paste: '552 5.2.2 <ann@example.org>: Recipient address rejected: mailbox storage quota exceeded',
      serve: {
        protocol: 'imap',
        replies: { EXAMINE: '{tag} NO [OVERQUOTA] Storage quota of this mailbox is exceeded' },
      },
    },
    rules: [
      says({ certainty: 'proven', strength: 88, responseCode: ['OVERQUOTA'], unless: [/bandwidth|command|rate/i] }),
      likely(
        83,
        [
          /(?:mail ?box|inbox|mail ?drop|user|account|recipient|addressee|storage|mail ?folder|mail ?dir|disk)(?: \S{1,80})?(?: is| has| was)?(?: currently| temporarily| now| almost)? (?:full|over ?-?quota|over (?:the |its |his |their |her )?(?:storage |disk |size )?(?:quota|limit|allocat\w+)|exceed\w*(?: the| its| his| their)?[^.]{0,20}(?:quota|storage|size|space|limit)|out of (?:storage|space|disk))/i,
          /over (?:the |its |their )?(?:\w+ )?quota/i,
          /overquota|over-quota/i,
          /\bstorage (?:space |limit )?(?:has been |was |is )?(?:exceeded|exhausted)/i,
          /recipient(?:.s)? quota/i,
          /(?:mailbox|storage|disk) space (?:is )?not enough/i,
          /zu ?viele (?:mails|nachrichten) (?:auf dem server|im postfach)/i,
          /(?:not have|without) enough (?:\w+ )?space/i,
          /space[^.]{0,20}used up/i,
          /reached (?:the |its |their )?(?:\w+ )?quota/i,
          /too many messages (?:on|in) the (?:server|mailbox|inbox)/i,
          /quota[^.]{0,20}(?:exceed|full|reached|violation|exhaust)/i,
          /exceed\w*[^.]{0,30}(?:quota|storage (?:limit|allocat\w+|space))/i,
          /(?:mail ?box|storage)(?: size| space| quota)? limit[^.]{0,25}(?:exceeded|reached)/i,
          /(?:not enough|insufficient|no|out of) (?:disk |storage |mailbox )?(?:space|quota|storage)(?! in system)[^.]{0,30}/i,
          /ShutoffQuota|OverQuota|QuotaExceeded/i,
          /too many messages in (?:the )?(?:mailbox|inbox)/i,
          /mailbox storage exceeded/i,
          // What a local delivery says where the size of the mailbox file is limited (EFBIG).
          /\bmailbox\b[^;]{0,80}: file too large/i,
        ],
        {
          unless: [
            /submission|outgoing|outbound|(?:sending|send|relay|message)(?: \w+)? (?:quota|limit)|quota[^.]{0,20}(?:send|messages per)|daily|hourly|per (?:day|hour|minute)|bandwidth|rate|system storage|system resources|message quota|recipients? quota|too large for|memory|policy rejection/i,
          ],
        },
      ),
      says({ certainty: 'likely', strength: 66, enhanced: ['5.2.2', '4.2.2'], unless: [/rate|too large|message size/i] }),
      likely(60, [/\b[45]\.2\.2\b/], { of: 'text', unless: [/rate|too large/i] }),
      likely(
        81,
        [
          /(?:邮箱|信箱|郵箱|收件箱|收件人|存储|空间|容量|儲存)[^。]{0,12}(?:已?满|已?滿|不足|超(?:出|过|限|額)|超出配额|爆满)/,
          /(?:配额|配額)[^。]{0,8}(?:超|满|用尽|不足)/,
          /(?:hộp thư|tài khoản)[^.]{0,40}(?:đầy|quá dung lượng|hết dung lượng|vượt (?:quá )?(?:dung lượng|hạn mức|quota))/i,
          /(?:hết|đầy) (?:dung lượng|quota|bộ nhớ)|không (?:còn )?đủ (?:dung lượng|chỗ trống|không gian)/i,
          /(?:没有|沒有)足[够夠](?:的)?(?:磁盘|磁碟|存储|儲存)?空[间間]|(?:磁盘|磁碟|存储|儲存)空[间間](?:不足|已满|已滿)/,
          /(?:nicht genügend|kein(?:en)?|zu wenig) (?:freier |freien )?speicherplatz|espace (?:disque |de stockage )?insuffisant|(?:plus|pas) (?:assez )?d.espace|espacio (?:en disco )?insuficiente|no hay (?:suficiente )?espacio|espaço (?:em disco )?insuficiente|(?:não há|sem) espaço|sin espacio|spazio (?:su disco )?insufficiente/i,
          /недостаточно (?:свободного )?места|空き容量(?:が|の)(?:足り|不足)/i,
          /(?:postfach|mailbox|speicher\w*|konto)[^.]{0,40}(?:voll\b|überfüllt|überschritten|erschöpft|belegt|aufgebraucht)/i,
          /quota[^.]{0,15}(?:überschritten|erreicht|dépassé|atteint|superad|excedid|esaurit|superat)/i,
          /(?:boîte|messagerie|mailbox|bal)[^.]{0,50}(?:pleine|saturée|dépass)/i,
          /(?:buzón|casilla|cuota|almacenamiento|bandeja)[^.]{0,45}(?:llen|excedid|superad|complet|agotad)/i,
          /(?:caixa|cota|mailbox|armazenamento)[^.]{0,45}(?:chei|excedid|lotad|ultrapassad|esgotad)/i,
          /(?:casella|spazio|archiviazione)[^.]{0,45}(?:pien|superat|esaurit)/i,
          /(?:メールボックス|受信箱|容量|ディスク|保存領域)[^。]{0,15}(?:いっぱい|超え|超過|一杯|満杯|オーバー|不足)/,
          /(?:ящик|квот|мест)\S*[^.]{0,40}(?:переполнен|превышен|заполнен|закончилось)/i,
          /(?:메일함|용량|저장 ?공간)[^.]{0,12}(?:초과|가득|부족)/,
          /skrzynk\w+[^.]{0,40}(?:pełna|przepełnion)/i,
          /postvak[^.]{0,20}vol\b/i,
          /kota[^.]{0,12}(?:aş|dol)/i,
        ],
        {
          unless: [
            /收件人(?:的)?(?:总)?[数數]|download|herunterlad|télécharg|descarg|загруз|下载|ダウンロード|tải (?:xuống|về)/i,
            /(?:sende|versand)\S*(?:limit|kontingent|quota)|(?:limite?|quota|cuota|cota|límite)(?: \S{1,12})? d\S{1,3} ?(?:envoi|envío|envio|invio)|(?:发送|發送|送信)[^。]{0,4}(?:配额|限额|上限|数|制限|過多|过多)|лимит\S* отправ|(?:giới hạn|hạn mức) gửi/i,
          ],
        },
      ),
      // The quota that IMAP reports (RFC 9208 §5.1): nearly full is a warning before mail bounces.
      seen((facts) => {
        const box = facts.all('mailbox').find((m) => m.quota !== undefined);
        const m = /STORAGE (\d{1,15}) (\d{1,15})/i.exec(box?.quota ?? '');
        const used = Number(m?.[1]);
        const limit = Number(m?.[2]);
        if (!box || !m || limit === 0 || used < limit * 0.95) return undefined;
        return sighting('proven', 70, [box], { severity: 'warning', matched: m[0] });
      }),
    ],
  },
  {
    id: 'mailbox.client-id-required',
    category: 'mailbox',
    stage: 'mailbox',
    owner: 'you',
    severity: 'error',
    protocols: ['imap'],
    words: {
      title: 'The server wants the mail program to identify itself',
      meaning:
        'The log-in is accepted, but folders stay closed (“Unsafe Login”) until the program sends the IMAP command ID. NetEase (163, 126, yeah.net, 188) demands this.',
      fix: [
        'Update the mail program to a version that sends the IMAP command ID after the log-in.',
        'In a script, send ID with a name and version right after LOGIN, before SELECT.',
        'Use POP in place of IMAP, where the program cannot send ID.',
        'Where ID is sent and the refusal stays, sign in to the webmail and confirm the new device, or write to the address that the reply names.',
      ],
    },
    links: [{ title: 'RFC 2971 §3.1: the ID command', url: 'https://www.rfc-editor.org/rfc/rfc2971#section-3.1' }],
    test: 'Send ID after the log-in and open the folder again: it opens then.',
    example: {
      paste: 'C3 NO SELECT Unsafe Login. Please contact kefu@188.com for help',
      serve: {
        protocol: 'imap',
        replies: {
          EXAMINE: '{tag} NO EXAMINE Unsafe Login. Please contact kefu@188.com for help',
          SELECT: '{tag} NO SELECT Unsafe Login. Please contact kefu@188.com for help',
        },
      },
    },
    rules: [
      proven(90, [/unsafe log-?in/i]),
      likely(82, [
        /kefu@\d+\.com/i,
        /(?:imap|client) id(?: command| extension)? (?:is )?(?:required|needed|missing|must)/i,
        /(?:must|should|need to) (?:send|issue|use)[^.]{0,20}\bID\b command/,
        /不(?:安全|受信任|信任)的?(?:登录|客户端|登入)/,
        /identify your client/i,
      ]),
      // The same demand in SMTP: the server knows the device by an id that it has given out.
      possible(40, [/\bCLIENTID\b/]),
    ],
  },
  {
    id: 'mailbox.unusable',
    category: 'mailbox',
    stage: 'mailbox',
    owner: 'provider',
    severity: 'error',
    words: {
      title: 'Log-in works, but the mailbox cannot be opened',
      meaning:
        'User name and password are accepted, and then the server refuses the mailbox. Access by this protocol may be off, the licence missing, the mailbox being moved, or its storage broken.',
      fix: [
        'Sign in to the webmail and look whether the mailbox opens there.',
        'Check in the settings of the account that POP or IMAP is switched on.',
        'Use the primary address as user name, not an alias or a shared mailbox.',
        'Wait a quarter of an hour and check again.',
        'Send the server’s reply to the provider or administrator and ask them to look at the mailbox.',
      ],
    },
    links: [
      { title: 'RFC 9051 §6.3.2: SELECT and EXAMINE', url: 'https://www.rfc-editor.org/rfc/rfc9051#section-6.3.2' },
      { title: 'RFC 1939 §5: STAT', url: 'https://www.rfc-editor.org/rfc/rfc1939#section-5' },
    ],
    test: 'Open the mailbox in the webmail: if it fails there too, the mailbox is broken; else the access by this protocol is.',
    example: {
      paste: 'A4 NO [SERVERBUG] EXAMINE failed: the mailbox could not be opened',
      serve: { protocol: 'imap', replies: { EXAMINE: '{tag} NO The mailbox could not be opened' } },
    },
    rules: [
      // A mailbox that cannot be opened may already answer PASS.
      live(
        likely(
          66,
          [/(?:could not|couldn.t|can.t|cannot|unable to|failed to) open (?:the )?(?:inbox|mail ?box|mail ?drop|mail ?dir)/i],
          {
            stage: ['auth', 'mailbox'],
            unless: [/lock|in use|quota/i],
            alternatives: ['server.misconfigured', 'server.unavailable'],
          },
        ),
      ),
      live(
        // Exchange's own words, yet whose switch it is only the provider of the account knows.
        likely(84.5, [/authenticated but not connected/i], {
          stage: ['mailbox', 'auth'],
          alternatives: ['auth.protocol-disabled', 'auth.plan-restriction', 'auth.token-rejected'],
        }),
      ),
      pasted(likely(60, [/authenticated but not connected/i])),
      likely(
        50,
        [
          /(?:select|examine|stat|uidl|open|access)\w*[^.]{0,30}(?:inbox|mailbox|maildrop|folder|store)[^.]{0,30}(?:fail|error|denied|could not|unable|refused)/i,
          /(?:could not|couldn.t|can.t|cannot|unable to|failed to) (?:open|access|select|examine|read|find|load)(?: \S{1,40}){0,3} (?:mail ?box|mail ?drop|inbox|mail ?folder|mail ?dir|mail ?store)/i,
          /mail(?:box|drop)[^.]{0,20}(?:could not be opened|cannot be opened|is corrupt|inaccessible|is being moved|offline|failed to open)/i,
          /(?:select|examine) failed/i,
          /(?:chdir|open|stat) \S{0,40}(?:maildir|mailbox|inbox)\S{0,20}(?: failed)?: no such file/i,
          /chdir maildir failed|fatal error: no such file/i,
          /mailbox (?:move|migration) in progress|mailboxstore|MapiExceptionMailboxInTransit|MailboxOffline/i,
        ],
        { unless: [/lock|in use|quota|unsafe|550|recipient/i], alternatives: ['server.misconfigured', 'auth.protocol-disabled'] },
      ),
      likely(83, [/must be subscribed to|mailbox has an? (?:invalid|unknown|bad) format/i]),
      likely(52, [/mailbox (?:does not|doesn.t) exist|no such mailbox|unknown mailbox/i], {
        protocol: ['imap', 'pop3'],
        of: 'reply',
        stage: ['mailbox'],
      }),
      likely(55, [/(?:\bINBOX\b|mailbox|folder)[^.]{0,20}(?:can.t|cannot|could not|not) be (?:opened|read|accessed)/i], {
        responseCode: ['CORRUPTION', 'SERVERBUG'],
        alternatives: ['server.unavailable'],
      }),
      likely(52, [/\bINBOX\b|mailbox|folder/i], { responseCode: ['NONEXISTENT', 'NOPERM', 'CORRUPTION', 'SERVERBUG'] }),
      says({
        certainty: 'likely',
        strength: 48,
        responseCode: ['SERVERBUG', 'CORRUPTION', 'NOPERM', 'NONEXISTENT', 'UNAVAILABLE', 'SYS/PERM', 'SYS/TEMP'],
        command: ['EXAMINE', 'SELECT', 'STAT', 'UIDL'],
      }),
      // Dovecot hangs up on whoever logged in and whose mail storage it cannot set up.
      seen((facts) => {
        const cut = facts.all('break', 'mailbox').find((b) => b.how === 'closed' || b.how === 'reset');
        // With BYE it ended in its own words.
        if (!cut || facts.pasted || facts.all('reply', 'mailbox').some((r) => r.condition === 'BYE')) return undefined;
        return sighting('likely', 44, [cut], {
          matched: cut.detail,
          alternatives: ['server.unavailable', 'server.misconfigured'],
        });
      }),
      seen((facts) => {
        // A server that takes its leave of everybody refuses no mailbox; one that fails on this one may end with BYE too.
        const refused = refusals(facts, 'mailbox').find((r) => r.condition !== 'BYE' || !LEAVING.test(r.text));
        if (!refused || facts.pasted) return undefined;
        // Where the session stood when it was refused says more than most words.
        return sighting('likely', 58, [refused], {
          matched: codeWords(refused),
          alternatives: ['auth.protocol-disabled', 'server.unavailable', 'server.misconfigured'],
        });
      }),
    ],
  },
];

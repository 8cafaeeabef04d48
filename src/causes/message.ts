/** Causes of a refused message (RFC 1870, RFC 3463 §3.4, §3.7, §3.8). */
import type { Cause } from '../model/cause.ts';
import { likely, permanent, possible, proven, refusals } from './hear.ts';
import { codeWords, says, seen, sighting } from './rules.ts';

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
    rules: [
      proven(88, [/size|large|big|length|long/i], { code: [552, 523, 554, 550], enhanced: ['5.3.4'] }),
      likely(84, [/exceeds a temporary size limit/i]),
      likely(
        83,
        [
          /(?:message|mail|e-?mail|attachment|content|data|body|header|letter)s?(?: \S{1,40}){0,4} (?:(?:is |are |was |were )?too (?:large|big|long)|exceed\w*|over|larger than|bigger than|above)(?: \S{1,20}){0,6} ?(?:size|limit|maximum|bytes|allowed|databytes|kb|mb|this recipient)/i,
          /(?:message|mail|e-?mail|attachment)s?(?: \S{1,30}){0,3} (?:is |are |was )?too (?:large|big)/i,
          /(?:message|mail|e-?mail|attachment)s? (?:size|length)[^.]{0,30}(?:exceed|limit|maximum|too|larger|over|allow)/i,
          /exceed\w*[^.]{0,50}(?:size|databytes|length) ?(?:limit|for)?/i,
          /size (?:limit )?(?:is )?(?:exceeded|exceeds|violation)|\bsize limit/i,
          /(?:RecipSize|SendSize|ReceiveSize|MessageSize|SizeLimit)/i,
          /databytes/i,
          /too large (?:to (?:send|deliver)|for)/i,
          /too much (?:mail )?data/i,
          /(?:delivered|sent)[^.]{0,20}(?:it|they).{0,3}(?:is|are|s|re) too (?:large|big)/i,
          /larger than the (?:current )?(?:maximum|system|allowed)/i,
        ],
        {
          unless: [
            /mailbox (?:size )?(?:is |limit|full|exceed)|quota|storage|recipients|line too long|header (?:line )?too long|ldap|\bssl\b|\btls\b|record/i,
          ],
        },
      ),
      says({ certainty: 'likely', strength: 64, enhanced: ['5.3.4', '5.2.3', '4.3.4'], unless: [/MailPolicy/i] }),
      likely(60, [/\b5\.(?:3\.4|2\.3)\b/], { of: 'text', unless: [/MailPolicy/i] }),
      likely(
        81,
        [
          /(?:邮件|附件|信件|郵件|消息|訊息)(?:的)?(?:总)?(?:大小|体积|容量|尺寸)?[^。]{0,8}(?:过大|太大|超(?:出|过|過|限)|過大)/,
          /超(?:出|过|過)[^。]{0,15}(?:大小|尺寸|体积)/,
          /(?:dung lượng|kích thước)[^.]{0,12}(?:thư|tin|email|mail|tệp|đính kèm)[^.]{0,50}(?:vượt|quá)/i,
          /(?:thư|email|tin nhắn)[^.]{0,20}vượt[^.]{0,20}(?:kích thước|dung lượng)/i,
          /(?:thư|email|tin nhắn|tệp đính kèm)[^.]{0,12}(?:quá lớn|quá dung lượng)/i,
          /(?:nachricht|mail|anhang|nachrichtengröße)\S*[^.]{0,50}(?:zu groß|überschreitet|übersteigt)/i,
          /(?:message|courriel|taille|pièces? jointes?)[^.]{0,40}(?:trop (?:volumineu|gros|grand|lourd)|dépasse|excède)/i,
          /taille (?:limite|maximale)[^.]{0,40}(?:atteinte|dépass)/i,
          /(?:mensaje|tamaño|correo|adjunto)[^.]{0,40}(?:demasiado (?:grande|largo)|excede|supera)/i,
          /(?:mensagem|tamanho|anexo)[^.]{0,40}(?:muito grande|grande demais|excede|ultrapassa)/i,
          /(?:messaggio|dimension\w+|allegat\w)[^.]{0,40}(?:troppo grand|supera|eccede)/i,
          /(?:メッセージ|メール|添付|サイズ|大きさ)[^。]{0,25}(?:超過|超え|大きすぎ)/,
          /(?:сообщени|письм|размер|вложени)\S*[^.]{0,40}(?:слишком (?:больш|велик)|превыша|превышен)/i,
          /(?:메일|첨부|메시지)[^.]{0,12}(?:크기|용량)[^.]{0,16}(?:초과|제한|큽니다|너무 큼)/,
          /(?:wiadomoś|rozmiar)\S*[^.]{0,45}(?:za duż|zbyt duż|przekracza)/i,
          /(?:bericht|bijlage)[^.]{0,30}(?:te groot|overschrijdt)/i,
          /ileti[^.]{0,20}(?:çok büyük|aşıyor)/i,
        ],
        {
          unless: [
            /hộp thư|postfach|buzón|caixa|casella|ящик|メールボックス|邮箱空间/i,
            // So many messages or recipients are no size.
            /límite (?:diario|de envío)|limite (?:quotidienne|d.envoi|diário|de envio|giornaliero|di invio)|(?:количеств|числ)\S{0,3} (?:получател|сообщен|писем)/i,
          ],
        },
      ),
    ],
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
    rules: [
      likely(
        82,
        [
          /(?:message|mail|e-?mail|content|text|body|attachment|it)(?: \S{1,60}){0,4}(?: has been| was| is| were| looks| appears| seems)?[^.]{0,25}(?:rejected|blocked|refused|classified|identified|detected|considered|marked|flagged|thinks|like|to be|contains?|denied|quarantined)[^.]{0,30}(?:spam|virus|malware|malicious|phish|junk|unsolicited|bulk|suspicious|content|worm|trojan|policy)/i,
          /(?:spam|virus|malware|phishing|trojan|infected|unsolicited)(?: message| content| mail| e-?mail| file)?[^.]{0,30}(?:detected|found|rejected|blocked|suspected|not accepted|refused|denied|score|identified)/i,
          /(?:high|higher) probability of spam|likely (?:unsolicited|spam)|suspicion of spam|under suspicion/i,
          /spam (?:message|content|score|filter|mail|assassin|points)/i,
          /(?:contains?|containing|found|detected)(?: an?| the)?(?: \S{1,30})? ?(?:virus|malware|malicious|forbidden|banned|illegal|prohibited|blocked|unwanted|executable|spam)/i,
          /(?:banned|prohibited|forbidden|illegal|blocked|dangerous|executable|invalid|unsafe|disallowed) (?:attachments?|file (?:name|type|extension|content)s?|files?|extensions?|content|mime)/i,
          /(?:message |mail |e-?mail )?content (?:was |is |has been )?(?:rejected|denied|blocked|refused|not (?:accepted|allowed)|violat\w+|forbidden|policy|filter)/i,
          /content presents a potential security/i,
          /(?:not|non)[- ]?(?:RFC|complian|conform|compatible)[^.]{0,25}(?:RFC|5322|2822|822|standard)/i,
          /\bRFC[ -]?(?:5322|2822)\b|\bRFC[ -]822\b/i,
          /(?:missing|invalid|duplicate|multiple|bad|malformed|incorrect|unacceptable|blank|no|two)[^.]{0,12}(?:header|From:|"?Message-ID"?|Date:|Subject:|To:|MIME|line endings|address list|'?From'? header)/i,
          /header[^.]{0,25}(?:missing|invalid|malformed|not accepted|rejected|syntax)/i,
          /content (?:examination|inspection|scan\w*|restriction|control)/i,
          /invalid (?:message )?content\b/i,
          /spamassassin|rspamd|amavis|mailscanner|barracuda spam|spam firewall/i,
          /(?:rejected|blocked|refused) (?:by|due to|for|because of) (?:the |our |an? |its )?(?:content|milter|anti-?spam|spam|virus|malware|dlp|filter|message (?:filter|content)|policy reasons|local policy)/i,
          /violat\w*[^.]{0,20}content/i,
          /attachment guidelines/i,
          /8-?bit data/i,
          /(?:bulk|junk) (?:e-?mail|mail)/i,
          /anti-?spam check/i,
          /security polic(?:y|ies)/i,
          /DT:SPM/,
          /not accepted for policy reasons|\[PH\d\d\]|\[CS01\]|\[HM\d\d\]/,
          /MailPolicy violation/i,
          /virus \S{1,60} detected/i,
          /invalid data in message/i,
          /password[- ]protected (?:file|attachment|archive|zip)|encrypted (?:attachment|archive|zip)/i,
          /messages? without \S{1,20} (?:field|header)s?/i,
          /stray (?:linefeeds?|newlines?|cr)\b/i,
          /\b(?:maximum|allowed|maximal|permitted) line length\b|line length (?:limit|exceed)/i,
          /no valid (?:sender|recipient|address)\w*[^.]{0,20}header/i,
          /bare (?:lf|cr)\b.{0,30}(?:not allowed|illegal)?/i,
        ],
        {
          unless: [
            /\bHELO\b|\bEHLO\b|\bSPF\b|\bDKIM\b|\bDMARC\b|reputation|block ?list|blacklist|dnsbl|spamhaus|barracudacentral|client host|\bip\b[^.]{0,30}(?:block|list|reput)|sending (?:is )?(?:suspended|paused)|unusual rate|rate limited|abuse detected|bare lf received|user unknown/i,
          ],
        },
      ),
      // AOL's and Outlook.com's own codes for contents.
      likely(84, [/\b(?:HVU|RLY):(?:B\d|BD|CH)\b|\b(?:OU|DY)-002\b/]),
      // In a refusal these words have no other use.
      likely(66, [/\bspam|virus|malware|phish|unsolicited|\bjunk\b/i], {
        of: 'reply',
        code: [421, 450, 451, 452, 541, 550, 551, 552, 553, 554, 571],
        unless: [
          /\bSPF\b|\bDKIM\b|\bDMARC\b|block ?list|blacklist|\bip\b|client|host|sender|account|https?:\/\/\S*spam|spamhaus|spamcop/i,
        ],
      }),
      says({
        certainty: 'likely',
        strength: 58,
        enhanced: ['5.6.0', '5.6.1', '5.6.2', '5.6.3', '5.6.6', '5.6.7', '5.6.8', '5.6.9', '5.7.512'],
      }),
      likely(
        80,
        [
          /(?:垃圾邮件|垃圾郵件|病毒|违禁|敏感词|违规内容)[^。]{0,15}(?:拒绝|拒收|拦截|检测|包含|嫌疑|判定|退)/,
          /(?:疑似|被判(?:定)?为|认为是|识别为|包含)[^。]{0,6}(?:垃圾|病毒|违禁|敏感)/,
          /(?:邮件)?内容[^。]{0,8}(?:被拒|违规|不符|过滤|拦截)/,
          /(?:thư rác|virus|mã độc|spam)[^.]{0,40}(?:phát hiện|từ chối|chặn|bị)/i,
          /(?:nội dung)[^.]{0,20}(?:từ chối|chặn|vi phạm)/i,
          /(?:chặn|từ chối|lọc)[^.]{0,20}(?:thư rác|virus|mã độc|spam)/i,
          /đính kèm[^.]{0,20}(?:bất hợp pháp|không được phép|không hợp lệ|bị (?:cấm|chặn)|nguy hiểm)/i,
          /附件[^。]{0,10}(?:不(?:被)?允许|禁止|违规|非法|类型)|(?:非法|违规|违禁|危险)(?:的)?附件/,
          /(?:unzulässig|verboten|gefährlich|nicht erlaubt)\S{0,3} (?:datei)?anh[aä]ng|pièces? jointes? (?:interdite|illégale|non autorisée|dangereuse)|adjuntos? (?:no permitido|ilegal|prohibido)|anexos? (?:ilega|proibido|não permitido)|(?:недопустим|запрещ[её]нн)\S{1,3} вложени/i,
          /(?:bị (?:coi|xem|đánh dấu) là) (?:thư rác|spam)/i,
          /(?:spam|virus|inhalt|malware)[^.]{0,30}(?:abgelehnt|erkannt|blockiert|gefunden|verdacht|eingestuft)/i,
          /(?:als spam|spamverdacht)/i,
          /(?:rejet|refus|recha[zc]|rifiut|rejeit|recus|abgelehnt|blockiert|отклон|từ chối|拒)[^.]{0,40}(?:spam|virus|indésirable|спам|вирус|thư rác|垃圾|病毒)/i,
          /(?:spam|virus|indésirable|contenu|pourriel)[^.]{0,50}(?:rejet|refus|détect|bloqu|considéré)/i,
          /(?:spam|virus|contenido|no deseado)[^.]{0,35}(?:rechaz|detect|bloque|clasific)/i,
          /(?:spam|vírus|conteúdo)[^.]{0,50}(?:rejeit|recus|detect|bloque)/i,
          /(?:spam|virus|contenuto)[^.]{0,35}(?:rifiut|rilevat|bloccat)/i,
          /(?:迷惑メール|スパム|ウイルス|ウィルス)[^。]{0,15}(?:判定|検出|拒否|含まれ|疑い)/,
          /(?:спам|вирус)\S*[^.]{0,45}(?:обнаруж|отклон|подозр|заблок)|подозрени[а-яё]+ (?:на|в) спам/i,
          /(?:스팸|바이러스)[^.]{0,12}(?:거부|차단|발견|분류)/,
        ],
        { unless: [/SPF|DKIM|DMARC|黑名单|IP/i] },
      ),
      likely(48, [/\b5\.6\.\d\b/], { of: 'text' }),
      possible(
        40,
        [
          /your message (?:to \S+ )?has been (?:blocked|rejected)/i,
          /message (?:was )?(?:rejected|refused|not allowed|denied)/i,
          /(?:rejected|refused|denied) (?:the |this |your )?(?:message|mail|e-?mail)\b/i,
          /mail content denied/i,
          /\bdata not accepted|daten werden nicht akzeptiert|données incorrectes|datos no aceptados|dati non accettati|dados (?:rejeitados|não aceit)/i,
          /数据不被接受|データが受け付け|данные не приняты|dữ liệu không được chấp nhận|데이터가 (?:허용|허가|수락)되지/i,
        ],
        {
          unless: [/SPF|DKIM|DMARC|\bIP\b|sender|relay|size|identit|temporar/i],
          alternatives: ['policy.blocklisted', 'policy.domain-authentication', 'recipient.rejected'],
        },
      ),
      seen((facts) => {
        if (facts.pasted) return undefined;
        const refused = refusals(facts, 'send').find((r) => permanent(r) && !/^RCPT/i.test(r.command));
        return refused
          ? sighting('possible', 18, [refused], {
              matched: codeWords(refused),
              alternatives: ['sender.not-owned', 'policy.domain-authentication', 'policy.rate-limited'],
            })
          : undefined;
      }),
    ],
  },
];

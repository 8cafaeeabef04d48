/** Causes of a refused recipient (RFC 5321 §3.3, RFC 3463 §3.2). */
import type { Cause } from '../model/cause.ts';
import { likely, permanent, possible, proven, refusals } from './hear.ts';
import { codeWords, says, seen, sighting } from './rules.ts';

export const recipient: readonly Cause[] = [
  {
    id: 'recipient.unknown',
    category: 'policy',
    stage: 'identity',
    owner: 'you',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'The recipient’s address does not exist',
      meaning: 'The receiving server knows no mailbox of this name. Your own account and log-in are fine.',
      fix: [
        'Check the spelling of the recipient’s address, before and after the @.',
        'Delete the address from the program’s suggestions and type it anew.',
        'Ask the recipient for the present address another way.',
        'Where the mailbox exists at a new provider, update the MX records of the domain, and switch off local delivery at the web host (“remote mail server”).',
        'Where the mailbox is new, wait some minutes or ask the recipient’s administrator whether it is created.',
      ],
    },
    links: [
      { title: 'RFC 3463 §3.2: status code 5.1.1', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.2' },
      { title: 'RFC 5321 §4.2.3: reply 550', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.2.3' },
    ],
    test: 'Send a message to another address of the same domain, or ask the recipient to confirm the address.',
    example: {
      paste: '550 5.1.1 <bobb@example.org>: Recipient address rejected: no such user here',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: { 'RCPT TO': '550 5.1.1 <you@example.com>: Recipient address rejected: User unknown in virtual mailbox table' },
      },
    },
    rules: [
      proven(
        88,
        [
          /user unknown|unknown user|no such user|does not exist|doesn.t exist|not found|RecipientNotFound|ExRecipNotFound|mailbox unknown|recipient unknown/i,
        ],
        { enhanced: ['5.1.1', '5.1.10'], unless: [/sender address|MAIL FROM|\bhost\b|\bdomain\b|\bDNS\b/i] },
      ),
      likely(
        80,
        [
          /(?:user|recipient|mail ?box|account|address|alias|addressee|local[- ]part|recipient address)(?: name)?(?: \S{1,100})?(?: is| was)?(?: currently)? (?:unknown|not found|(?:does|do|did) not exist|doesn.t exist|not exist|invalid|not known|not (?:a )?(?:valid|local)|unroutable|undeliverable|unavailable|no longer (?:valid|exists|available|active|in use))/i,
          /(?:unknown|invalid|no such|nonexistent|non-?existent|bad) (?:local )?(?:user|recipient|mail ?box|local[- ]?part|addressee|account|destination|e-?mail address|person|address|virtual user)(?! (?:book|list))/i,
          /no (?:mail ?box|user|account|person|recipient) (?:here )?(?:by|with|of|for) (?:that|this|the) name/i,
          /no such (?:person|user|mailbox|address|recipient)/i,
          /(?:all|no) (?:valid )?recipients? (?:are )?(?:invalid|$)|no valid recipients?/i,
          /bad-?(?:recipient|address)|bad address/i,
          /not an? (?:active|valid|known|deliverable) (?:address|mailbox|user|recipient)/i,
          /(?:mailbox|user|recipient|address) not (?:present|listed|exist)/i,
          /not listed in/i,
          /no one at this address|no mail ?box available/i,
          /not in my validrcptto|in my badrcptto/i,
          /to unknown recipients?\b/i,
          /(?:cannot|can.t|could not|unable to) deliver (?:mail |messages? )?(?:for|to) </i,
          /address is (?:wrong|no longer valid)/i,
          /missing home directory/i,
          /several matches found|not unique in/i,
          /(?:user|mailbox|account)(?: \w+)? (?:no|not) exists?\b/i,
          /not found in (?:the )?(?:ldap|directory|address book|domino)/i,
          /not a member of (?:this |the )?domain/i,
          /(?:account|user|mailbox|recipient|address)[^.]{0,12} may not exist/i,
          /no ?one (?:with|by|at) (?:that|this) (?:e-?mail )?(?:address|name)/i,
          /unable to find (?:alias|local|virtual)? ?(?:user|mailbox|recipient)/i,
          /destin\.? (?:sconosciut|errat|inesistent)/i,
          /unrout(?:e?able)(?! (?:mail )?domain)/i,
          /unknown in (?:virtual|local|relay)/i,
          /Recip(?:ient)?NotFound|ExRecipNotFound|NoSuchUser|RecipientUnknown/i,
          /(?:doesn.t|does not) have an? (?:\S{2,40} )?(?:e-?mail )?account/i,
          /tried to (?:reach|contact|send)[^.]{0,30}(?:does not exist|doesn.t exist|not found)/i,
          /(?:address|recipient|user|mailbox)[^.]{0,40}(?:couldn.t|could not|wasn.t|cannot|can.t) be found/i,
          /recipient address rejected: (?:undeliverable|unverified|user|no such|unknown|invalid|does not)/i,
          /not our customer|no longer with (?:us|the company)|has (?:moved|left)/i,
          /check(?:ing)? the recipient.s? e-?mail address/i,
          /recipient not (?:found|recogni[sz]ed|known)/i,
          /recipient address rejected: domain not found/i,
          /no longer on (?:this |the )?server/i,
          /mailbox (?:was|is) unavailable/i,
        ],
        {
          unless: [
            /sender|^verification failed for <|MAIL (?:FROM|command)|0x800CCC78|log-?in|passw|\bpass\b|imap|pop3|auth(?!or)|quota|full|disabled|request failed; mailbox|helo|\bhost\b unknown|temporar|blocked|spam|poor reputation|limit (?:exceed|reach)|unsafe|passdb|userdb|certificate|hostname|NXDOMAIN|dns (?:error|type)/i,
          ],
          protocol: ['smtp'],
          stage: ['identity', 'send'],
        },
      ),
      // Exchange Online's edge refuses unknown users so.
      likely(84, [/recipient address rejected: access denied/i], { enhanced: ['5.4.1'] }),
      likely(83, [/recipient address rejected: access denied[^;]{0,20}(?:AS\(|\[)/i], { unless: [/\b5\.7\.1\b/] }),
      says({
        certainty: 'likely',
        strength: 58,
        enhanced: ['5.1.1', '5.1.10', '5.1.3', '5.1.6'],
        unless: [/sender|block|denied|quota|auth|RESOLVER\.ADR\.Ambig/i],
      }),
      likely(
        52,
        [/mailbox unavailable|mailbox not found|mailbox name not allowed|requested action not taken(?!: (?!mailbox))/i],
        {
          code: [550, 551, 553],
          codeOptional: true,
          unless: [/request failed;|sender|temporar|\b4\d\d\b/i],
          alternatives: ['recipient.rejected', 'sender.not-owned'],
          protocol: ['smtp'],
        },
      ),
      likely(50, [/\b5\.1\.1(?:0)?\b/], { of: 'text', unless: [/sender|log-?in|quota/i] }),
      // PHPMailer in its languages, where the server's words are missing.
      possible(
        42,
        [
          /following recipients failed/i,
          /folgenden empfänger sind nicht korrekt/i,
          /destinataires suivants[^.]{0,20}(?:erreur|échou)/i,
          /siguientes destin(?:o|atario)s fall/i,
          /seguenti destinatari[^.]{0,30}errore/i,
          /seguintes (?:endereços|destinatários)[^.]{0,20}falh/i,
          /收件人地址错误|接收方地址错误/,
          /次の受信者アドレス/,
          /адресам получателей не удалась|не удалась отправка (?:таким|этим|следующим) адрес/i,
          /lỗi địa chỉ (?:người )?nhận/i,
          /địa chỉ (?:người )?nhận[^.]{0,20}lỗi/i,
          /odbiorcy są nieprawidłowi/i,
        ],
        { alternatives: ['sender.relay-denied', 'recipient.rejected'] },
      ),
      says({ certainty: 'possible', strength: 38, number: ['0x800ccc69'], alternatives: ['sender.relay-denied'] }),
      likely(
        79,
        [
          /(?:收件人|用户|用戶|邮箱|郵箱|地址|帐[号户]|账[号户]|收件者|使用者)[^。]{0,12}(?:不存在|未找到|找不到|無此|查无)/,
          /查无此|無此(?:使用者|收件)|不存在的(?:用户|邮箱|收件|地址)/,
          /收件人(?:地址)?无效/,
          /cú pháp (?:địa chỉ|người dùng)[^.]{0,15}(?:sai|không đúng)/i,
          /(?<!tên miền (?:của )?)(?:người nhận|địa chỉ (?:email|thư|nhận)|hộp thư|người dùng|email)[^.]{0,40}(?:không tồn tại|không tìm thấy|không có (?:thực|thật))/i,
          /(?:empfänger|adresse|postfach|benutzer|mailbox|e-mail-adresse)\S*[^.]{0,45}(?:unbekannt|existiert nicht|nicht gefunden|nicht vorhanden|nicht bekannt)/i,
          /(?:destinataire|adresse|boîte|utilisateur)[^.]{0,50}(?:inconnu|n.existe pas|introuvable)/i,
          /no existe (?:dicha|ese|esa|el|la) (?:persona|usuario|cuenta)/i,
          /(?:destinatario|usuario|dirección|buzón|cuenta)[^.]{0,50}(?:desconocid|no existe|inexistente|no (?:se ha |fue )?encontrad)/i,
          /(?:destinatário|usuário|endereço|caixa|conta|utilizador)[^.]{0,50}(?:desconhecid|não existe|inexistente|não (?:foi )?encontrad)/i,
          /(?:destinatario|utente|indirizzo|casella)[^.]{0,50}(?:sconosciut|non esiste|inesistente|non trovat)/i,
          /(?:宛先|受信者|ユーザー?|メールアドレス|アドレス|メールボックス|受取人)[^。]{0,15}(?:存在しま|見つかりません|不明|存在しない|がありません)/,
          /(?:пользовател|получател|адрес|ящик)\S*[^.]{0,45}(?:не (?:найден|существует)|неизвест)/i,
          /(?:수신자|사용자|메일 ?주소|받는 사람)[^.]{0,12}(?:없|존재하지|찾을 수)/,
          /(?:odbiorc|adres|użytkownik|skrzynk)\S*[^.]{0,40}(?:nie istnieje|nieznan|nie znaleziono)|nie ma (?:takiego|takiej)/i,
          /(?:ontvanger|adres|gebruiker|postvak)[^.]{0,25}(?:onbekend|bestaat niet|niet gevonden)/i,
        ],
        {
          unless: [
            /发件人|expéditeur|absender|remitente|remetente|mittente|отправител|người gửi|dns|域名|(?:địa chỉ|tên) máy chủ|máy chủ[^.]{0,20}không (?:tồn tại|tìm thấy)|domain\b|server|saisie|登录|密码/i,
          ],
          protocol: ['smtp'],
          stage: ['identity', 'send'],
        },
      ),
    ],
  },
  {
    id: 'recipient.rejected',
    category: 'policy',
    stage: 'identity',
    owner: 'you',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'The recipient’s side does not take mail from this sender',
      meaning:
        'The recipient’s mailbox is disabled, or its rules admit only certain senders. Your own account and log-in are fine.',
      fix: [
        'Ask the recipient another way whether the mailbox is still in use.',
        'Ask them, or the owner of the group, to allow your address.',
        'Send from an address of their organisation, where only members may write.',
        'Send the whole reply to the recipient’s administrator.',
      ],
    },
    links: [
      { title: 'RFC 3463 §3.3: status code 5.2.1, mailbox disabled', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.3' },
      { title: 'RFC 3463 §3.8: status code 5.7.1, not authorized', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.8' },
    ],
    test: 'Send to another recipient with the same account: if that is accepted, the rule lies with the first recipient.',
    example: {
      paste: '550 5.2.1 This mailbox is inactive and does not receive messages',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: { 'RCPT TO': '550 5.2.1 This mailbox is inactive and does not receive messages' },
      },
    },
    rules: [
      likely(
        82,
        [
          /(?:account|mailbox|address|recipient|user)(?: \S{1,80})?(?: that)?(?: you)? (?:tried|are trying) to (?:reach|contact)[^.]{0,30}(?:disabled|inactive|suspended|blocked|over)/i,
          /(?:mail ?box|recipient|addressee|recipient.s? (?:account|mailbox|address))(?: \S{1,80})?(?: is| has been| was)?(?: currently| temporarily)? (?:disabled|inactive|suspended|blocked|deactivated|closed|frozen|restricted|expired|locked|not active)/i,
          /(?<!\bE?SMTP )(?:not|no longer|isn.t) accept(?:ing|s)? (?:any )?(?:mail|messages?|e-?mails?)(?! from)/i,
          /\b(?:MX|SRV) (?:or \w{2,4} )?records?\b[^.]{0,40}\bno (?:SMTP |mail )?service\b/i,
          /(?:does|do) not accept (?:any )?(?:mail|messages?|e-?mails?)(?! from)/i,
          /RESOLVER\.RST\.(?!\w*Size)|TRANSPORT\.RULES|NotAuthenticatedFor(?:Group|Mailbox)/,
          /RestrictedTo|SenderNot(?:In)?Allowed|not in (?:the )?allowed[- ]senders? list/i,
          /only accept(?:s|ing)? (?:mail|messages?|e-?mails?) from/i,
          /(?:not|only)[^.]{0,25}(?:authori[sz]ed|allowed|permitted|permission|able)[^.]{0,12}to (?:send|post|mail|write|deliver)[^.]{0,25}to (?:this|that|the) (?:recipient|group|mailbox|address|list|user|conversation)/i,
          /permission to send (?:messages? |mail )?to/i,
          /delivery not authori[sz]ed/i,
          /(?:blocked|rejected|refused|declined) by (?:the )?(?:recipient|user|addressee|owner)/i,
          /(?:recipient|user|addressee)\b[^.]{0,25}(?:blocked|has rejected|refuses|refused|declined|does not want|doesn.t want)/i,
          /recipient[^.]{0,20} (?:does|do) not (?:accept|want|receive) (?:mail|messages|e-?mails?) from/i,
          /not (?:currently )?being accepted/i,
          /(?:user|recipient|personal) (?:rules?|preferences?|settings)/i,
          /restricted to (?:its |list )?(?:members|subscribers|owners)|members-only|non-?members?\b|only (?:list )?(?:members|subscribers)/i,
          /recipient address rejected: access denied/i,
          /rejected by recipients?/i,
          /(?:rejected|refused|blocked) by (?:the )?(?:destination|receiving|recipient)(?:'s)? (?:domain|server|organi[sz]ation|system)/i,
          /administrative prohibition/i,
          /(?:mail|messages?) to (?:this|that) (?:user|recipient|address|mailbox) (?:is |are )?(?:not|dis|reject|prohib)/i,
          /mail flow rule/i,
          /bounced by administrator/i,
          /(?:user |e-?mail )?account not activated/i,
          /policy rejection on the target/i,
        ],
        {
          unless: [/sender address|log-?in|passw|session|\bip\b|quota|is full|our system|reputation|smtp auth|Request failed/i],
          code: [421, 450, 451, 452, 471, 511, 521, 541, 550, 551, 552, 553, 554, 556, 559, 571],
          codeOptional: true,
          protocol: ['smtp'],
          stage: ['identity', 'send'],
        },
      ),
      says({
        certainty: 'likely',
        strength: 62,
        enhanced: ['5.2.1', '5.7.124', '5.7.133', '5.7.134', '5.7.135', '5.7.136', '5.7.12', '5.7.121', '5.7.2'],
        unless: [/rate|receiving|size|quota|auth\w* unsuccessful/i],
      }),
      likely(60, [/\b5\.2\.1\b|\b5\.7\.1(?:24|3[3-6])\b/], { of: 'text', unless: [/rate|log-?in/i] }),
      // The same words answer a log-in with other codes.
      likely(
        79,
        [
          /(?:account|user|domain|mail ?box|recipient|address)(?: \S{1,80})?(?: is| are| has been| was)?(?: currently| temporarily)? (?:disabled|suspended|deactivated|inactive|discontinued|terminated|frozen|archived|locked|expired|closed|blocked)\b/i,
          /(?:deactivated|disabled|suspended|inactive|closed|archived) (?:mail ?box|account|user|recipient)/i,
        ],
        {
          code: [450, 452, 550, 551, 552, 553, 554],
          unless: [/log-?in|auth|passw|sender|sending|outgoing|outbound|\bip\b|client|quota|submission|imap|pop3/i],
          alternatives: ['auth.account-disabled'],
          stage: ['identity', 'send'],
        },
      ),
      possible(
        44,
        [
          /recipients?(?: address(?:es)?)?(?: ["'“<]\S{1,80})? (?:(?:is|are|was|were|has been|have been) )?(?:rejected|refused|denied|not accepted|not allowed)/i,
          /recipient (?:address )?rejected/i,
        ],
        {
          unless: [/user unknown|relay|undeliverable|helo|grey|gray|try again/i],
          alternatives: ['recipient.unknown', 'sender.relay-denied'],
        },
      ),
      likely(
        80,
        [
          /destinataires?[^.]{0,45}(?:bloqu|désactiv|suspendu|refus|n.accepte)/i,
          /(?:收件人|收件者|对方)[^。]{0,10}(?:拒绝|拒收|停用|禁用|冻结|屏蔽|拉黑)/,
          /người nhận[^.]{0,40}(?:từ chối|chặn|bị khóa|vô hiệu)/i,
          /empfänger\S*[^.]{0,45}(?:abgelehnt|gesperrt|deaktiviert|verweigert|nimmt keine)/i,
          /destinatari[oa][^.]{0,45}(?:rechaz|bloquead|deshabilitad|rifiut|bloccat|disabilitat|non accetta|no acepta)/i,
          /destinatário[^.]{0,45}(?:rejeit|recus|bloquead|desativad|não aceita)/i,
          /(?:受信者|宛先|受取人)[^。]{0,15}(?:拒否|無効|停止|ブロック)/,
          /получател\S*[^.]{0,45}(?:отключ|заблок|отклон|не принимает)/i,
        ],
        { protocol: ['smtp'], stage: ['identity', 'send'] },
      ),
      seen((facts) => {
        if (facts.pasted) return undefined;
        const refused = [...refusals(facts, 'identity'), ...refusals(facts, 'send')].find(
          (r) => permanent(r) && /^RCPT/i.test(r.command),
        );
        return refused
          ? sighting('possible', 20, [refused], {
              matched: codeWords(refused),
              alternatives: ['recipient.unknown', 'sender.relay-denied'],
            })
          : undefined;
      }),
    ],
  },
];

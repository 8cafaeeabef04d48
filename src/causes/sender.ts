/** Causes of a refused sender: not the account's own, not permitted, blocked, or from nowhere (RFC 6409 §6, RFC 5321 §3.3). */
import type { Cause } from '../model/cause.ts';
import { likely, live, permanent, possible, proven, refusals } from './hear.ts';
import { codeWords, says, seen, sighting } from './rules.ts';

/** Codes with which a sender or its message is refused; other codes belong to other steps. */
const REFUSED = [421, 450, 451, 452, 471, 521, 541, 550, 551, 552, 553, 554, 571] as const;

/** @returns true where the address is the account's own, by its address or by its user name. */
function sameAddress(from: string, own: string, user: string | undefined): boolean {
  const f = from.toLowerCase();
  return f === own.toLowerCase() || f === user?.toLowerCase() || f.split('@')[0] === user?.toLowerCase();
}

export const sender: readonly Cause[] = [
  {
    id: 'sender.not-owned',
    category: 'relay',
    stage: 'identity',
    owner: 'you',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'The sender address does not belong to this account',
      meaning:
        'The account that logged in may not send with this sender address: it is neither the account’s own nor one of its aliases. Providers name this “relaying disallowed” or “not owned by user” as well.',
      fix: [
        'Set the sender (From) address in the mail program or script to the address of the account that logs in.',
        'Check its spelling, and that it is not empty.',
        'Add the other address as an alias or confirmed sender in the provider’s settings, where you want to send with it.',
        'Log in with the account that owns the sender address.',
        'To pass on a calendar invitation from Outlook, forward it as an attachment: Outlook otherwise sends it with the organiser as sender.',
        'In a web form, put the visitor’s address into Reply-To and your own into From.',
        'In Microsoft 365, ask the administrator for the permission “send as” for the other mailbox.',
      ],
    },
    links: [
      { title: 'RFC 6409 §6.1: enforce submission rights', url: 'https://www.rfc-editor.org/rfc/rfc6409#section-6.1' },
      { title: 'Zoho: SMTP and “relaying disallowed”', url: 'https://www.zoho.com/mail/help/zoho-smtp.html', provider: 'zoho' },
    ],
    test: 'Send with the address of the account itself as sender: if that is accepted, the other address was the cause.',
    example: {
      paste: '553 Relaying disallowed as sales@example.net',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        client: { from: 'sales@example.net' },
        replies: { 'MAIL FROM': '553 5.7.1 <sales@example.net>: Sender address rejected: not owned by user you@example.com' },
      },
    },
    rules: [
      proven(90, [/SendAsDenied/i, /\b5\.7\.60\b/, /not owned by (?:auth )?user/i, /relaying disallowed as/i]),
      says({ certainty: 'likely', strength: 84, enhanced: ['5.7.60', '5.2.252'] }),
      // Zoho's short form; other codes with it speak of the recipient.
      likely(86, [/relaying disallowed/i], {
        code: [553],
        codeOptional: true,
        unless: [/disallowed (?:for|to|on|by|from host)\b/i],
      }),
      live(likely(86, [/relaying disallowed/i], { command: ['MAIL FROM', '.'] })),
      likely(
        86,
        [
          /(?:permissions?|not (?:allowed|permitted|authori[sz]ed|entitled)|not have (?:the )?(?:right|permission)s?|no (?:right|permission)s?|unable|cannot|can.t|may not) to (?:send|submit|relay)(?: the| an?)?(?: mails?| messages?| e-?mails?)? (?:as|from|on behalf|using|with)(?: this| that| the| another)?(?! (?:your|this|that|the) (?:ip|network|location|country|host|server))/i,
          /not allowed to (?:use|send) (?:this|that|the|your)? ?(?:sender|from|return)/i,
          /(?:mail[- ]?)?from(?: address)?(?: must| should| has to)?(?: be)?(?: the)? (?:must be (?:the )?same|must equal|must match|equal|same as)[^.]{0,20}(?:auth|log|user)/i,
          /must (?:be the same as|equal|match)(?: the| your)? (?:auth\w*|log-?in|logged|user|account|smtp)/i,
          /(?:is )?(?:not|n.t) (?:the )?same as (?:the |your )?(?:smtp )?(?:auth|log-?in|user)/i,
          /(?:does not|doesn.t|do not|did not|not|doesn't) match(?: the| your| a| any| an)? (?:auth|log-?in|logged|account|smtp|user|verified|sender identit)/i,
          /not one of your addresses/i,
          /not authori[sz]ed to send from/i,
          /(?:sender|from|return)(?:[- ]?(?:address|e-?mail|mail|domain|header))*(?: \S{1,80})?(?: is| was| has)?(?: not been)? (?:not (?:allowed|permitted|verified|authori[sz]ed|confirmed|registered|owned|accepted for this)|unverified|unconfirmed|unauthori[sz]ed)/i,
          /sender signature/i,
          /verified sender identity/i,
          /sender[^.]{0,12}(?: \S{3,80})? (?:has )?not (?:been )?(?:validated|verified|approved)/i,
          /(?:sender|from|address|domain) (?:is )?(?:not verified|unverified)/i,
          /identities failed the check/i,
          /(?:does not|doesn.t|not) belong(?:s)? to (?:the |your |this )?(?:user|account|you|auth|log)/i,
          /(?:envelope|header|sender|from)[^.]{0,25}mismatch/i,
          /sender[- ]login mismatch/i,
          /(?:mail ?from|sender|from)[^;]{0,30}(?:n.t|not) (?:conform|match|agree|correspond|consistent)[^;]{0,30}(?:auth|log|user|account)/i,
          /un(?:configured|verified|confirmed|validated) (?:sending |sender )?(?:domain|address|identity)/i,
          /(?:sender|from)[^.]{0,20}(?:spoof|forged|impersonat)/i,
          /incorrect authentication for specified/i,
          /sender (?:is )?not allowed to relay/i,
          /you (?:are not|can(?:not|.t)|may not) (?:allowed to )?(?:send|use)[^.]{0,15}(?:from|as|this|that) (?:this |that |another |other |the )?(?:from )?(?:address|sender|e-?mail|account)/i,
          /sending (?:from|as) (?:this|that|the) (?:address|sender|domain|account) (?:is )?(?:not|prohibited|forbidden)/i,
          /allowed to send (?:from|as) (?:this|that|the) (?:address|sender|e-?mail)/i,
          /(?:sender|from)(?: address)? (?:is )?not your(?:s| own)\b/i,
          /must be (?:one of )?your (?:own )?(?:address|alias)/i,
          /not local sender/i,
          /(?:send|sending)(?: \S{1,20}){0,3} on behalf of/i,
          /does not own\b|not owner of/i,
          /only send (?:as|from|with) (?:your|its|the) own/i,
          /DT:SUM/,
        ],
        {
          unless: [
            /SPF|DKIM|DMARC|banner|reverse DNS|recipient address rejected|not logged in|5\.7\.2[0-7]|unregistered domains|user unknown|not authenticated/i,
          ],
        },
      ),
      // PHPMailer in its languages, where the server's words are missing.
      possible(
        40,
        [
          /(?:following|this) from address failed/i,
          /absenderadresse ist nicht korrekt/i,
          /adresse d.expéditeur suivante/i,
          /dirección de remitente falló/i,
          /indirizzi? mittent\w+[^.]{0,20}errore/i,
          /remetentes? a seguir falh/i,
          /发送地址错误/,
          /次の送信元アドレス|次のFromアドレス/,
          /неверный адрес отправителя/i,
          /địa chỉ gửi[^.]{0,20}lỗi/i,
        ],
        {
          alternatives: ['sender.blocked', 'sender.domain-invalid'],
        },
      ),
      // Yahoo's platform: a foreign sender, in the words of a missing mailbox.
      likely(78, [/request failed; mailbox unavailable/i]),
      likely(
        84,
        [
          /不允许转发|不允許轉發|不允许中继转发/,
          /(?:发件人|发信人|寄件者|寄件人|发件地址|发件邮箱)[^。]{0,20}(?:不一致|不符|不匹配|必须与|必须是|必須|不属于)/,
          /(?:与|和|跟)[^。]{0,6}(?:认证|登录|授权|登入|驗證)(?:用户|账[号户]|帐[号户]|的)?[^。]{0,8}(?:不一致|不符|不匹配)/,
          /no tiene permiso para enviar|não tem permissão para enviar|non (?:ha|hai) (?:il permesso|l.autorizzazione) (?:di|per) invi|n.(?:avez|êtes) pas (?:le droit|autorisé)[^.]{0,12}envoyer|keine berechtigung[^.]{0,30}(?:zu senden|absender)|нет прав[^.]{0,20}отправ/i,
          /没有权限(?:使用|以)[^。]{0,12}(?:发|送)|送信する権限|보낼 권한/,
          /absender(?:adresse)?[^.]{0,45}(?:nicht (?:erlaubt|berechtigt|zulässig|zugelassen|gestattet)|gehört nicht)/i,
          /(?:expéditeur|d.expédition|de l.émetteur)[^.]{0,50}(?:pas autoris|non autoris|n.appartient pas|(?:a été )?refusée)/i,
          /remitente[^.]{0,50}(?:no (?:está |es )?(?:autorizad|permitid)|no pertenece|no coincide)/i,
          /remetente[^.]{0,50}(?:não (?:está |é )?(?:autorizad|permitid)|não pertence|não corresponde)/i,
          /mittente[^.]{0,50}(?:non (?:è )?(?:autorizzat|consentit|ammess)|non appartiene|non corrisponde)/i,
          /отправител[а-яё]*[^.]{0,50}(?:не (?:принадлежит|соответствует|разреш|совпад))/i,
          /(?:差出人|送信者|送信元)[^。]{0,25}(?:一致し(?:ません|ない)|許可されて(?:いません|いない)|異なり)/,
          /không (?:được phép|cho phép)[^.]{0,12}(?:chuyển tiếp(?! (?:thư )?(?:tới|đến|ra))|gửi (?:thư |mail |email )?(?:bằng|với|từ) (?:tư cách|địa chỉ))/i,
          /(?:người gửi|địa chỉ gửi)[^.]{0,40}(?:không (?:được phép|khớp|thuộc|trùng|hợp lệ))/i,
        ],
        { unless: [/SPF|DKIM|DMARC/i] },
      ),
      // The address refused is not the one that logged in, and the words say nothing else.
      seen((facts) => {
        if (facts.pasted) return undefined;
        const user = facts.all('setting').find((s) => s.field === 'user')?.value;
        const refused = refusals(facts, 'identity').find(
          (r) => permanent(r) && /^MAIL/i.test(r.command) && r.about !== undefined,
        );
        const own = facts.all('setting').find((s) => s.field === 'address')?.value ?? user;
        if (!refused?.about || own === undefined || sameAddress(refused.about, own, user)) return undefined;
        return sighting('likely', 22, [refused], {
          matched: codeWords(refused),
          alternatives: ['sender.blocked', 'sender.domain-invalid'],
        });
      }),
      // Refused only with its content: several providers compare From there.
      seen((facts) => {
        if (facts.pasted) return undefined;
        const user = facts.all('setting').find((s) => s.field === 'user')?.value;
        const own = facts.all('setting').find((s) => s.field === 'address')?.value ?? user;
        const refused = refusals(facts, 'send').find((r) => permanent(r) && r.code === 553 && r.about !== undefined);
        if (!refused?.about || own === undefined || sameAddress(refused.about, own, user)) return undefined;
        return sighting('likely', 24, [refused], { matched: codeWords(refused), alternatives: ['message.content-rejected'] });
      }),
    ],
  },
  {
    id: 'sender.relay-denied',
    category: 'relay',
    stage: 'identity',
    owner: 'you',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'The server refuses to pass mail on to this recipient',
      meaning:
        'The server delivers to its own mailboxes, but does not relay to other domains for this connection: nobody has logged in, or the log-in gives no such right.',
      fix: [
        'Turn on “my outgoing server requires authentication” in the mail program.',
        'Enter user name and password for the outgoing server, with the whole e-mail address as user name.',
        'Set the port to 587 with STARTTLS or 465 with SSL/TLS in place of 25.',
        'Use the outgoing server of the account’s own provider, not that of the internet connection.',
        'In a web form or script, set the user name and password of the SMTP server.',
        'Where the domain’s mail has moved to another provider, switch off local delivery for it at the web host (“remote mail server”).',
        'On a server of your own, let the device’s address or the logged-in user relay (Postfix: permit_sasl_authenticated).',
      ],
    },
    links: [
      {
        title: 'RFC 5321 §3.6.2: mail eXchange records and relaying',
        url: 'https://www.rfc-editor.org/rfc/rfc5321#section-3.6.2',
      },
      { title: 'RFC 6409 §4.3: authentication before submission', url: 'https://www.rfc-editor.org/rfc/rfc6409#section-4.3' },
    ],
    test: 'Send to an address of the server’s own domain, then to another: only the second is refused, and a log-in lifts that.',
    example: {
      paste: '554 5.7.1 <bob@example.org>: Recipient address rejected: relay access is denied',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: { 'RCPT TO': '554 5.7.1 <bob@example.org>: Relay access denied' },
      },
    },
    rules: [
      proven(
        88,
        [
          /relay(?:ing)? (?:access )?denied/i,
          /relay not permitted/i,
          /relaying (?:is )?(?:not (?:allowed|permitted)|prohibited|denied)/i,
        ],
        {
          code: [550, 551, 553, 554, 571, 513],
          enhanced: ['5.7.1', '5.7.0', '5.1.2', '5.7.54', '5.7.64'],
          codeOptional: true,
          unless: [
            /disallowed as|name lookup|PTR|reverse|spammer|your ip|authenticat|log ?in\b|check (?:for )?(?:your |new )?mail|\bpop3?\b/i,
          ],
        },
      ),
      likely(
        82,
        [
          /relay attempt/i,
          /relay(?:ing|ed)?(?: access| mail| attempt| e-?mail)?(?: is| was| has been)? (?:denied|not (?:permitted|allowed|authori[sz]ed|enabled|accepted|supported)|prohibited|forbidden|rejected|refused|disabled|blocked|restricted)/i,
          /(?:unable|not (?:allowed|permitted|authori[sz]ed)|denied|cannot|can.t|won.t|would not|will not|(?:do|does) not|don.t|doesn.t|refus\w+|no permission|not permitted|must be authenticated|authentication required|authenticate|not willing) (?:to )?relay/i,
          /(?:relay(?:ing)?|relayed) (?:thru|through|for|via)[^.]{0,30}(?:denied|not|without|refus)/i,
          /(?:allowed )?rcpthosts/i,
          /isn.t allowed to be relayed/i,
          /not permitted to relay/i,
          /not a gateway/i,
          /forwarding to (?:remote|external|other|foreign)[^.]{0,20} (?:is )?(?:disabled|not|denied|prohibited)/i,
          /configured to relay/i,
          /(?:don.t|do not|does not|doesn.t) handle mail for/i,
          /no relay(?:ing)?\b/i,
          /(?:not|n.t) (?:allow|permit|support)\w* (?:\w+ )?relay/i,
          /open relay/i,
          /delivery is not allowed to this address/i,
          /\b5\.7\.(?:54|64)\b/,
          /TenantAttribution/,
          /credentials for relay/i,
          /unauthori[sz]ed relay/i,
          /(?:not|isn.t) (?:a )?(?:local|hosted) (?:domain|recipient|user|address)|non-?local (?:recipient|domain|e-?mail|address|user)|user not local|(?:recipient )?domain (?:is )?not (?:hosted|handled|served|local)/i,
          /(?:invalid )?(?:recipient\/)?mail relay/i,
          /as an? relay\b[^;]{0,60}\bnot\b/i,
          /relay access/i,
          /address not (?:in|permitted)[^.]{0,20}relay/i,
        ],
        { unless: [/disallowed as|sender (?:is )?not allowed to relay|relayhost|5\.7\.60/i] },
      ),
      likely(
        81,
        [
          /(?:拒绝|拒絕|禁止|不允许|不允許|未授权)(?:的)?(?:转发|中继|轉發|中繼|轉寄)(?!邮件规则)/,
          /(?:转发|中继|轉發|中繼)[^。]{0,6}(?:被拒|拒绝|拒絕|不允许|禁止)/,
          /(?:不允许|不允許|禁止|拒绝|拒絕|无权|無權)[^。]{1,12}(?:转发|中继|轉發|中繼)/,
          /(?:relay\w*|weiterleitung|weiterleiten)[^.]{0,40}(?:verweigert|abgelehnt|nicht (?:erlaubt|gestattet|zulässig)|verboten)/i,
          /(?:relai\w*|relayage|retransmission)[^.]{0,40}(?:refusé|interdit|(?:non|pas) autoris)/i,
          /(?:retransmisión|relay|reenvío)[^.]{0,40}(?:denegad|no (?:está )?(?:permitid|autorizad)|prohibid)/i,
          /(?:relay|retransmissão|encaminhamento)[^.]{0,40}(?:negad|não (?:é )?permitid|proibid)/i,
          /(?:relay|inoltro)[^.]{0,40}(?:negat|non (?:è )?(?:consentit|permess)|rifiutat)/i,
          /(?:пересылк|ретрансляци|релей|relay)\S*[^.]{0,40}(?:запрещ|отказ|отклон|не разреш)/i,
          /(?:中継|リレー)[^。]{0,14}(?:拒否|許可され|禁止|できません)/,
          /từ chối (?:chuyển tiếp|relay)/i,
          /(?:chuyển tiếp|relay)[^.]{0,20}(?:từ chối|bị cấm|không (?:được )?cho phép)|không (?:được phép|cho phép)[^.]{0,12}chuyển tiếp (?:thư )?(?:tới|đến|ra)/i,
          /(?:릴레이|중계)[^.]{0,10}(?:거부|허용되지|금지)/,
        ],
        { unless: [/不允许转发|不允許轉發/] },
      ),
      likely(83, [/relaying disallowed/i], { unless: [/disallowed as/i], alternatives: ['sender.not-owned'] }),
      likely(83, [/requires authentication[^.]{0,40}non-?local/i]),
      says({
        certainty: 'possible',
        strength: 36,
        number: ['0x800ccc79', '0x800ccc6a'],
        alternatives: ['recipient.unknown', 'auth.required'],
      }),
      likely(83, [/not (?:a )?local|not hosted/i], { code: [551] }),
      says({ certainty: 'likely', strength: 54, code: [551, 513] }),
    ],
  },
  {
    id: 'sender.blocked',
    category: 'relay',
    stage: 'identity',
    owner: 'you',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'This sender is blocked from sending',
      meaning:
        'The server accepts the log-in or the connection, but lets this account or sender address send nothing for now. Most often unusual or unwanted mail went out before.',
      fix: [
        'Change the account’s password, and revoke app passwords that you do not know.',
        'Sign in to the webmail and follow the steps that unblock sending (Zoho: mail.zoho.com/UnblockMe).',
        'Look in the sent folder and the forwarding rules for mail that is not yours, and remove them.',
        'Stop automatic sending, and wait a day before the next attempt.',
        'Ask the provider or administrator to lift the block (Microsoft 365: Defender > restricted entities).',
      ],
    },
    links: [
      { title: 'RFC 3463 §3.2: status code 5.1.8, bad sender', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.2' },
      { title: 'Zoho: usage policy', url: 'https://www.zoho.com/mail/help/usage-policy.html', provider: 'zoho' },
    ],
    test: 'Send a message in the webmail: a blocked account is refused there too and the reason is named.',
    example: {
      paste: '550 5.4.6 Unusual sending activity detected. To unblock: https://mail.zoho.com/UnblockMe',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: { 'MAIL FROM': '554 5.1.8 Sender address blocked after unusual sending activity' },
      },
    },
    rules: [
      likely(
        86,
        [
          /unusual (?:sending|outgoing|outbound|mail) activity/i,
          /unblockme/i,
          /sender(?: address| e-?mail| domain)?(?: \S{1,80})?(?: is| has been| was)? (?:blocked|blacklisted|blocklisted|block-listed|suspended|banned|disabled)/i,
          /(?:account|user|domain|mailbox|sender|you(?:r \w+)?)[^.]{0,50}(?:blocked|suspended|disabled|restricted|banned|prohibited|prevented|not (?:allowed|permitted|authori[sz]ed)|stopped) (?:from|for|to) (?:sending|send)\b/i,
          /(?:outgoing|outbound|sending)(?: of)?(?: e-?mails?| mails?| messages?| smtp| services?| privileges?| ability)*(?: (?:from|for|to) \S{1,80}(?: \S{1,40})?)?(?: is| has been| was| are| have been)? (?:currently |temporarily )?(?:suspended|blocked|disabled|restricted|frozen|paused|on hold|revoked)/i,
          /sending (?:has been |is )?(?:paused|suspended)/i,
          /account[^.]{0,30}(?:frozen|blocked|disabled|suspended)[^.]{0,40}(?:hijack|compromis|spam|abuse)/i,
          /(?:mail|sending|smtp) suspension/i,
          /your (?:e-?mail )?(?:address|domain)(?: \S{1,80})? (?:has been|is|was) (?:blocked|blacklisted|blocklisted|banned)(?![^.]{0,40}(?:log-?[io]n|auth|password))/i,
          /sender address rejected: (?:match|blocked|banned)/i,
          /^sender is rejected|SenderFilterConfig/i,
          /badmailfrom/i,
          /banned sender\b(?! ?(?:\[|ip))/i,
          /MI:SPB/,
          /spam abuse detected/i,
          /tenant has exceeded threshold/i,
          /suspected of sending spam|no longer allowed to send/i,
          /unregistered domains/i,
          /sending is not enabled/i,
          /account (?:has been |is |was )?(?:flagged|limited|restricted)[^.]{0,30}(?:send|spam|abuse)/i,
          /sender address rejected: access denied/i,
          /sender(?: e-?mail| address)* (?:denied|refused|rejected|not accepted)(?!: )/i,
          /\bsender (?:was|is|has been) (?:denied|refused|rejected|not accepted)(?!: )/i,
          /sender[^.]{0,25}(?:black|block|deny|reject)[ -]?list/i,
          /(?:does|do|will) not accept (?:mail|messages|e-?mails?) from \S+@/i,
          /mail from \S+ (?:rejected|refused|denied|not accepted)/i,
          /restricted (?:from sending|entit)/i,
        ],
        {
          unless: [
            /SPF|DKIM|DMARC|client host|\bIP\b|blackhole|free accounts?|sandbox|test purposes|recipient limit|try again after|relay|does not exist|not found|authenticat|not owned|spf|header/i,
          ],
          code: [...REFUSED],
          codeOptional: true,
        },
      ),
      says({
        certainty: 'likely',
        strength: 72,
        enhanced: ['5.7.501', '5.7.502', '5.7.503', '5.7.705', '5.7.750', '5.7.703', '5.7.704'],
      }),
      likely(80, [/bad outbound sender/i, /\b5\.7\.(?:50[123]|705|750)\b/]),
      likely(62, [/.?(?:address|sender|access|blocked|denied).?/i], {
        enhanced: ['5.1.8'],
        unless: [/domain|resolve|MX\b|DNS|not found|does not exist/i],
      }),
      possible(56, [/user has no permission/i], { stage: ['identity', 'send'] }),
      likely(
        82,
        [
          /(?:发信|发送|发件|外发|寄信)[^。]{0,8}(?:被?(?:禁止|限制|冻结|封禁|暂停|停用))/,
          /(?:禁止|限制|暂停)(?:发信|发送|发件|外发)/,
          /tài khoản gửi[^.]{0,10}bị (?:chặn|khóa)/i,
          /发件人[^。]{0,6}(?:被)?(?:封|拉黑|列入黑名单|屏蔽)/,
          /(?:tài khoản|người gửi|địa chỉ)[^.]{0,45}(?:chặn gửi|khóa gửi|cấm gửi|ngừng gửi|không được gửi(?! (?:đến|tới)))/i,
          /(?:versand|absender|senden)[^.]{0,30}(?:gesperrt|blockiert)/i,
          /(?:envoi|expéditeur)[^.]{0,45}(?:bloqué|suspendu)|bloqué[^.]{0,12} pour (?:envoi|spam)|bloquead[^.]{0,12} por (?:envío|envio|spam)|bloccato[^.]{0,12} per (?:invio|spam)|gesperrt[^.]{0,12}(?:spam|versand)/i,
          /(?:envío|remitente)[^.]{0,45}(?:bloquead|suspendid)/i,
          /(?:envio|remetente)[^.]{0,30}(?:bloquead|suspens)/i,
          /(?:invio|mittente)[^.]{0,30}(?:bloccat|sospes)/i,
          /отправк[а-яё]*[^.]{0,45}(?:запрещ|заблок|приостанов|ограничен)/i,
          /(?:メール)?送信[^。]{0,10}(?:停止|ブロック|禁止)/,
        ],
        { unless: [/上限|超[过過限出]|每日|limit|\bIP|IP被/i] },
      ),
      // The account's own address refused at MAIL, and the words say nothing else.
      seen((facts) => {
        if (facts.pasted) return undefined;
        const refused = refusals(facts, 'identity').find((r) => permanent(r) && /^MAIL/i.test(r.command));
        return refused
          ? sighting('possible', 18, [refused], {
              matched: codeWords(refused),
              alternatives: ['sender.not-owned', 'sender.domain-invalid', 'auth.smtp-disabled'],
            })
          : undefined;
      }),
    ],
  },
  {
    id: 'sender.domain-invalid',
    category: 'relay',
    stage: 'identity',
    owner: 'you',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'The sender’s domain does not exist or takes no mail',
      meaning:
        'The server looks up the domain of the sender address and finds none that could receive an answer. A misspelled address, a computer name as domain, or an expired domain looks like this.',
      fix: [
        'Correct the spelling of the sender address.',
        'In a script or device, replace a sender such as root@localhost or www-data@server by a real address.',
        'Check that the domain is registered, paid for and has an MX record.',
        'Where the domain was set up a moment ago, wait some hours until DNS shows it everywhere.',
      ],
    },
    links: [
      {
        title: 'RFC 7505 §4.2: mail from domains that take none',
        url: 'https://www.rfc-editor.org/rfc/rfc7505#section-4.2',
      },
      { title: 'RFC 3463 §3.2: address status', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.2' },
    ],
    test: 'Look up the MX and address records of the sender’s domain: there is none.',
    example: {
      paste: '553 5.1.8 <ann@exmaple-shop.test>... Domain of sender address ann@exmaple-shop.test does not exist',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: { 'MAIL FROM': '550 5.1.8 <you@example.com>: Sender address rejected: Domain not found' },
      },
    },
    rules: [
      likely(
        88,
        [
          /\bfrom:? ?domain must resolve/i,
          /^verification failed for </i,
          /domain of sender(?: address)?\b[^;]{0,120}(?:does not (?:exist|resolve)|not (?:exist|found|resolve)|no (?:mx|dns))/i,
          /sender address rejected: (?:domain not found|need fully[- ]qualified|malformed dns|\S{0,80} ?null ?mx|domain \S{0,80} does not accept mail|undeliverable|unverified|mail server|\S+ uses mx|domain)/i,
          /sender address rejected: [^;]{0,60}null ?mx/i,
          /(?:sender|envelope|return|mail from|from)(?:[- ](?:address|e-?mail|path|sender))*(?:'s)?[ -]?domain[^;]{0,50}(?:not found|does not (?:exist|resolve)|doesn.t (?:exist|resolve)|invalid|cannot be (?:resolved|verified|found)|must (?:exist|resolve|be)|has no|unknown|unresolv|not (?:exist|resolv|valid|accept))/i,
          /sender (?:address )?(?:verify|verification) fail/i,
          /sender domain (?:does not|doesn.t|is not|not)/i,
          /(?:can.t|cannot|can not|could not|couldn.t|unable to) (?:find|resolve|verify|determine)(?: an?| the)?[^;]{0,30}(?:sender|envelope from|return[- ]path|mail from)/i,
          /valid mx for sender/i,
          /(?:mail ?from|sender|return[- ]path)[^;]{0,50} (?:must|should|needs? to) (?:be|have|use) an? (?:valid|existing|real|resolvable|registered) domain/i,
          /sender[^;]{0,15}(?:has no|without|lacks)[^;]{0,12}(?:A|MX|DNS)\b/i,
          /domain name required for sender/i,
          /(?:invalid|malformed|illegal|bad|syntactically (?:invalid|malformed)) (?:sender|return(?:[- ]path)?|reverse[- ]path|mail from|from)\b(?! credentials| permission| ip)/i,
          /from: domain is invalid/i,
          /fully qualified (?:e-?mail )?address required/i,
          /unrout\w* sender/i,
          /\b(?:null|empty|blank|missing) (?:envelope |return |reverse )?(?:sender|mail ?from|from|return[- ]path|reverse[- ]path)s?\b[^;]{0,30}(?:not (?:allowed|accepted|permitted)|reject|refus|denied)/i,
          /(?:sender|return|from)(?: e-?mail)?(?: address)?(?: is)? (?:invalid|malformed|not (?:fully qualified|valid|rfc))/i,
          /\b[45]\.7\.27\b/,
        ],
        { unless: [/recipient|header|DMARC|SPF|DKIM|greeting/i] },
      ),
      // Whatever the words are, this code is about the sender's address (RFC 3463 §3.2).
      likely(81, [/invalid|bad|syntax|malformed|illegal/i], {
        enhanced: ['5.1.7'],
        alternatives: ['sender.not-owned', 'protocol.client-error'],
      }),
      // Outlook's number for MAIL FROM refused.
      likely(81, [/0x800CCC78.{0,120}(?:invalid|syntax|unable to send|verify the e-?mail address)/i], {
        alternatives: ['sender.not-owned', 'auth.required'],
      }),
      says({
        certainty: 'likely',
        strength: 60,
        enhanced: ['5.7.27', '4.1.8', '5.1.7'],
        unless: [/block|denied|outbound|not allowed/i],
      }),
      likely(
        64,
        [
          /domain[^;]{0,60}(?:does not (?:exist|resolve)|not found)|no (?:valid )?mx\b(?! (?:record )?found for (?:the )?(?:destination|recipient|domain\b))|517[- ]/i,
        ],
        {
          enhanced: ['5.1.8', '4.1.8'],
          code: [517, 553, 550, 551, 451, 450, 511],
          codeOptional: true,
          unless: [/recipient|RCPT|DNS Error|lookup of|destination/i],
        },
      ),
      likely(80, [
        /(?:发件人|发信人|寄件者)[^。]{0,8}(?:域名|网域|域)[^。]{0,12}(?:不存在|无效|找不到|无法解析)/,
        /absender-?domain[^.]{0,45}(?:existiert nicht|nicht gefunden|ungültig)/i,
        /domaine (?:de l.)?(?:expéditeur|émetteur)[^.]{0,40}(?:n.existe pas|introuvable|invalide)/i,
        /dominio del remitente[^.]{0,40}(?:no existe|inválid|no encontrad)/i,
        /домен отправителя[^.]{0,40}(?:не (?:существует|найден))/i,
        /(?:tên miền|domain)[^.]{0,10}(?:của )?người gửi[^.]{0,20}(?:không tồn tại|không hợp lệ)/i,
        /(?:送信者|送信元|差出人)(?:の)?ドメイン[^。]{0,15}(?:存在|無効|見つかり)/,
      ]),
    ],
  },
];

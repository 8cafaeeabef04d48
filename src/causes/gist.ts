/**
 * The gist of pasted words that no rule knows: who or what they speak of (recipient, sender, message, address, log-in) and what is
 * said of it (unknown, full, refused, too large, too often), in the languages of the product and its neighbours. A guess, weaker than
 * any phrase and stronger than a bare code (the subjects of status codes: RFC 3463 §3).
 */
import type { Cause, Rule } from '../model/cause.ts';
import type { Facts } from '../model/facts.ts';
import { type Saying, sayings, sighting, wordsOf } from './rules.ts';

const STRENGTH = 25;

const RECIPIENT =
  /recipient|addressee|\brcpt\b|destinat[aá]|empfänger|получател|收件|宛先|受信者|受取人|người nhận|수신자|odbiorc|ontvanger|alıcı|příjemc|mottagare/i;
const BOX =
  /mail ?box|inbox|mail ?drop|mail ?dir|mail ?folder|mail account|\busers?\b|\balias\b|local[- ]?part|mail ?address|\baddress\b(?! book)|\bperson\b|\bcustomer\b|\baccount\b|postfach|boîte|buzón|casella|caixa|cuenta|\bconto?\b|indirizz|dirección|endereço|utilisateur|usuario|usuário|benutzer|utente|ящик|адрес|пользоват|邮箱|信箱|郵箱|用户|用戶|账户|帐户|地址|メールボックス|アドレス|ユーザー|hộp thư|địa chỉ|người dùng|메일함|주소|사용자|skrzynk|użytkown|kullanıcı|posta kutusu|uživatel|schránk|användare|brevlåd|käyttäj|felhasználó|utilizator|користувач|скриньк|χρήστη|المستخدم|משתמש|pengguna|\bkont[oa]|postvak|gebruiker|adres/i;
const SENDER =
  /\bsender|\bfrom[- ](?:address|header|domain|field)|header[- ]from|envelope[- ]from|mail ?from|return[- ]path|originator|expéditeur|[ée]metteur|absender|remitente|remetente|mittente|отправител|发件|发信|寄件|送信者|送信元|差出人|người gửi|발신자|보내는|nadawc|afzender|gönderen|odesílatel|avsändare/i;
const MESSAGE =
  /\bmessage|\be?-?mails?\b|attachment|\bcontent|\bheader|\bbody\b|nachricht|anhang|courriel|pièce jointe|mensaje|adjunto|mensagem|anexo|messaggio|allegat|сообщен|письм|вложен|邮件|郵件|附件|メール|メッセージ|添付|\bthư\b|đính kèm|메일|메시지|첨부|wiadomo|bericht|bijlage|[iİ]leti|zpráv|meddeland/i;
const ORIGIN =
  /\bip\b|ip[- ]?addr|(?:den(?:y|ied)|refused|rejected|blocked)(?: \w{2,6})? \[?(?:\d{1,3}\.){3}\d{1,3}\b|\byour (?:host|server|network|isp|mta|mail server)\b|client host|connecting (?:host|ip|server)|remote (?:host|server)|sending (?:host|server|ip)|\b(?:\d{1,3}\.){3}\d{1,3}\b.{0,40}(?:not|denied|refus|reject|block)/i;
const LOGIN =
  /log[- ]?(?:in|on)\b|sign[- ]?in|authenti|\bauth\b|\bsasl\b|credential|passwor[dt]|passphrase|anmeld|kennwort|identifi(?:ant|cation)|mot de passe|contraseña|iniciar sesión|inicio de sesión|senha|palavra-passe|пароль|логин|аутентиф|авториз|вход[ае]? |登[录陆錄入]|密码|密碼|验证|驗證|认证|認證|ログイン|パスワード|認証|サインイン|đăng nhập|mật khẩu|xác thực|로그인|비밀번호|인증|hasł|logowan|wachtwoord|inlog|şifre|parola|oturum|heslo|přihlá|lösenord|inlogg/i;

const UNKNOWN =
  /unknown|no such|not exist|n.t exist|non-?exist|invalid|not (?:be )?found|not valid|not (?:a )?known|\bbad\b|undeliverable|unrout|wrong|no longer|incorrect|unrecogni|illegal|moved|unassigned|inconnu|unbekannt|desconocid|desconhecid|sconosciut|inexist|introuvable|no existe|não existe|non esiste|existiert nicht|invalide|ungültig|inválid|non valid|errat|не (?:найден|существ)|неизвест|неверн|недейств|不存在|找不到|无此|無此|查无|无效|無效|错误|存在しま|存在しな|見つかり|不明|無効|không tồn tại|không (?:hợp lệ|đúng|tìm thấy)|없|존재하지|잘못|nie istnieje|nie znaleziono|nieznan|onbekend|bestaat niet|ongeldig|bulunamad|geçersiz|neexistuje/i;
const FULL =
  /\bfull\b|quota|storage|disk space|out of space|no space|over limit|voll\b|überfüllt|plein|saturé|llen[oa]|piena?\b|cheia|lotad|переполн|заполн|квот|满|滿|空间|容量|いっぱい|満杯|đầy|dung lượng|가득|용량|pełn|przepełn|\bvol\b|\bdolu\b|plná/i;
const SHUT =
  /disabled|suspend|hang ?up|inactive|closed|locked|frozen|deactivat|expired|discontinu|terminat|archiv|gesperrt|deaktiviert|désactiv|bloqu|suspendu|deshabilit|desactivad|desativ|disattiv|disabilit|bloccat|заблок|отключ|停用|禁用|冻结|凍結|锁定|注销|停止|凍結|khóa|vô hiệu|정지|비활성|zablokow|geblokkeerd|askıya/i;
const REFUSED =
  /reject|refus|den(?:y|ied)|not (?:be )?(?:allowed|permitted|authori[sz]ed|accept)|n.t (?:allowed|permitted|authori[sz]ed|accept)|forbid|prohibit|unaccept|disallow|block|restrict|unauthori[sz]|unable|failed|abgelehnt|verweigert|nicht (?:erlaubt|zulässig|angenommen)|interdit|non autoris|pas autoris|rechaz|denegad|no permitid|rifiut|negat|non consentit|rejeit|recusad|não permitid|отклон|запрещ|отказ|拒|不允许|不允許|禁止|许可|拒否|許可|từ chối|không (?:được phép|cho phép)|cấm|거부|허용|odrzuc|geweigerd|reddedil|odmítn/i;
const BIG =
  /too (?:large|big|long)|\bsize\b|oversize|larger|bigger|zu groß|größe|trop (?:gros|volumineu|grand)|taille|demasiado grande|tamaño|muito grande|tamanho|troppo grand|dimension|слишком больш|размер|过大|太大|大小|大きすぎ|サイズ|quá lớn|kích thước|크기|za duż|rozmiar|te groot|omvang|grootte|büyük|boyut|storlek|för stor|velikost|příliš velk/i;
const MANY =
  /too (?:many|much|often|frequent|fast|quick)|\brate\b|\blimits?\b|exceed|frequen|throttl|per (?:hour|day|minute)|hourly|daily|volume|slow down|zu (?:viele|häufig|oft)|überschritten|trop (?:de|souvent)|dépass|demasiad|excedid|superad|muitas|troppi|troppe|слишком (?:много|част)|превыш|лимит|过多|過多|频率|頻率|频繁|上限|超过|超過|多すぎ|制限|quá nhiều|vượt|giới hạn|너무 많|초과|zbyt (?:wiele|często)|przekroczon|te veel|overschre|çok fazla|aşıl|aşıyor|příliš mnoho|překročen|för många|överskrid/i;
const JUNK =
  /spam|virus|malware|phish|\bjunk\b|unsolicited|suspicious|malicious|\bubE\b|\bUCE\b|infected|indésirable|no deseado|垃圾|病毒|敏感|违规|迷惑|スパム|ウイルス|спам|вирус|thư rác|mã độc|스팸|바이러스/i;
const LISTED =
  /black ?list|block ?list|deny ?list|\brbl\b|dnsbl|\blisted\b|reputation|\babuse\b|黑名单|黑名單|чёрн|черн\S+ спис|danh sách đen|ブラックリスト/i;
const LATER =
  /temporar|transient|try (?:again )?later|later\b|currently|busy|moment|vorübergehend|später|plus tard|temporaire|más tarde|temporal|mais tarde|temporári|più tardi|temporane|временн|позже|暂时|暫時|稍后|临时|一時的|後で|tạm thời|thử lại|일시|나중/i;
const NEEDED =
  /require|must\b|need(?:s|ed)?\b|necessary|mandatory|first\b|erforderlich|notwendig|requis|obligatoire|necesari|requerid|richiest|necessari|exigid|требует|необходим|需要|必须|必要|cần|yêu cầu|필요|wymagan|vereist|gerekli/i;
const SECURE =
  /\bTLS\b|\bSSL\b|STARTTLS|encrypt|verschlüssel|chiffr|cifrad|criptograf|crittograf|шифров|加密|暗号化|mã hóa|암호화/i;
const METHOD =
  /mechanism|method|methode|méthode|método|metodo|метод|способ|механизм|方式|方法|机制|phương (?:thức|pháp)|방식|방법/i;

interface Reading {
  readonly cause: string;
  readonly or: readonly string[];
}

const is = (cause: string, ...or: string[]): Reading => ({ cause, or });

/** The first row whose patterns all fit decides. */
const ROWS: readonly (readonly [readonly RegExp[], Reading])[] = [
  [[/after initial connection|refused to talk/i, /\b5\d\d\b/], is('greeting.rejected', 'policy.blocklisted')],
  [[/\b(?:TLS|SSL)(?:v| version )? ?[123](?:\.[0-3])?\b/i, NEEDED], is('tls.version-too-old', 'tls.starttls-required')],
  [
    [
      /too many (?:non-?mail|unrecogni[sz]ed|bad|syntax|protocol|invalid) (?:commands|errors)|pre-greeting|before (?:the )?greeting/i,
    ],
    is('protocol.client-error'),
  ],
  [[SECURE, NEEDED], is('tls.starttls-required', 'auth.encryption-required')],
  [[/local users? only|only local users/i], is('sender.relay-denied', 'recipient.rejected', 'auth.required')],
  [[/\brelay/i, REFUSED], is('sender.relay-denied', 'sender.not-owned')],
  [[LOGIN, METHOD], is('auth.mechanism-unsupported', 'auth.unexplained')],
  [[LOGIN, MANY], is('auth.too-many-attempts', 'auth.account-locked', 'policy.connection-limit')],
  [[LOGIN, SHUT], is('auth.account-locked', 'auth.account-disabled', 'auth.protocol-disabled')],
  [[LOGIN, LATER], is('auth.temporary-failure', 'auth.unexplained', 'server.unavailable')],
  [[LOGIN, UNKNOWN], is('auth.credentials-rejected', 'auth.unexplained', 'auth.app-password-required')],
  [[LOGIN, NEEDED], is('auth.required', 'auth.app-password-required', 'auth.web-login-required')],
  [[LOGIN, REFUSED], is('auth.unexplained', 'auth.credentials-rejected', 'auth.app-password-required')],
  [[ORIGIN, MANY], is('policy.rate-limited', 'policy.connection-limit', 'policy.blocklisted')],
  [[ORIGIN, LISTED], is('policy.blocklisted', 'policy.reverse-dns')],
  [[SENDER, LISTED], is('sender.blocked', 'policy.blocklisted')],
  [[LISTED, REFUSED], is('policy.blocklisted', 'message.content-rejected', 'sender.blocked')],
  [[MESSAGE, JUNK], is('message.content-rejected', 'policy.blocklisted')],
  [[JUNK, REFUSED], is('message.content-rejected', 'policy.blocklisted')],
  [[ORIGIN, REFUSED], is('policy.blocklisted', 'policy.reverse-dns', 'sender.relay-denied')],
  [[RECIPIENT, FULL], is('mailbox.over-quota', 'recipient.rejected')],
  [[RECIPIENT, MANY], is('policy.rate-limited', 'recipient.rejected')],
  [[SENDER, UNKNOWN], is('sender.domain-invalid', 'sender.not-owned')],
  [[SENDER, SHUT], is('sender.blocked', 'sender.not-owned')],
  [[SENDER, /\bfake|forged|spoof|伪造|偽造|冒充/i], is('sender.blocked', 'sender.not-owned', 'policy.domain-authentication')],
  [[SENDER, REFUSED], is('sender.not-owned', 'sender.blocked', 'sender.domain-invalid')],
  [[RECIPIENT, UNKNOWN], is('recipient.unknown', 'recipient.rejected')],
  [[RECIPIENT, SHUT], is('recipient.rejected', 'recipient.unknown')],
  [[RECIPIENT, REFUSED], is('recipient.rejected', 'recipient.unknown', 'sender.relay-denied')],
  [[BOX, FULL], is('mailbox.over-quota', 'recipient.rejected')],
  [[MESSAGE, BIG], is('message.too-large', 'mailbox.over-quota')],
  [[MESSAGE, MANY], is('policy.rate-limited', 'message.too-large')],
  [[BOX, UNKNOWN], is('recipient.unknown', 'recipient.rejected')],
  [[BOX, SHUT], is('recipient.rejected', 'auth.account-disabled', 'recipient.unknown')],
  [[/logging out|server terminating/i], is('server.unavailable', 'connect.reset')],
  [[LATER], is('server.unavailable', 'policy.greylisted', 'policy.rate-limited')],
  [
    [/failed to send|sending failed|could not be sent|not sent/i],
    is('server.unavailable', 'auth.unexplained', 'connect.unexplained'),
  ],
  [[MESSAGE, REFUSED], is('message.content-rejected', 'recipient.rejected', 'policy.blocklisted')],
];

/** A sentence of a server has a beginning; a page of text has no gist. */
const MAX_CHARS = 600;
const ADDRESSES = /[\w.+=-]{1,64}@[\w.-]{1,255}|https?:\/\/\S{1,500}|\b(?=[\w-]{1,60}\.)[\w.-]{1,250}\.[a-z]{2,12}\b/gi;

/** The fields of a delivery report (RFC 3464 §2) name recipients whatever happened. */
const REPORT = /\b(?:Final-Recipient|Action|Reporting-MTA|Remote-MTA|Arrival-Date): |NegativeCompletion/i;

/** Words without a reply around them are taken for mail's only where they speak of mail. */
const MAIL =
  /mail|smtp|imap|\bpop3?\b|\bmx\b|inbox|邮|郵|收件|メール|\bthư\b|почт|письм|correo|courriel|posta\b|poczt|메일|sender|recipient|absender|empfänger|expéditeur|destinat/i;

function gistOf(s: Saying): Reading | undefined {
  if (s.kind === 'reply' && s.protocol !== undefined && s.protocol !== 'smtp') return undefined;
  // A command that the server could not read says nothing of what it is about.
  if (
    s.kind === 'reply' &&
    (s.enhanced?.startsWith('5.5.') || (s.code !== undefined && [500, 501, 502, 503, 504, 555].includes(s.code)))
  )
    return undefined;
  const words = wordsOf(s);
  if (REPORT.test(words) || /\b(?:50[0-4]|555)[ -]5\.5\.\d\b|command: 50[0-4] |\b(?:MAIL|RCPT|DATA) failed\b/.test(words))
    return undefined;
  if (words.length > MAX_CHARS || (s.kind === 'text' && !MAIL.test(words) && !(words.length < 200 && LOGIN.test(words))))
    return undefined;
  // Names of hosts and people are no words: a sender may be called spam@example.com.
  const text = words.replace(ADDRESSES, ' ');
  return ROWS.find(([patterns]) => patterns.every((p) => p.test(text)))?.[1];
}

const known = new WeakMap<Facts, ReadonlyMap<string, { readonly of: Saying; readonly reading: Reading }>>();

/** Guesses are made for a text of few sayings: in a log, most lines are about something else. */
const MAX_SAYINGS = 12;

function gists(facts: Facts) {
  let found = known.get(facts);
  if (!found) {
    const made = new Map<string, { readonly of: Saying; readonly reading: Reading }>();
    const all = sayings(facts);
    for (const of of all.length > MAX_SAYINGS ? [] : all) {
      const reading = gistOf(of);
      if (reading && !made.has(reading.cause)) made.set(reading.cause, { of, reading });
    }
    found = made;
    known.set(facts, found);
  }
  return found;
}

const CAUSES = new Set(ROWS.map(([, r]) => r.cause));

/** @returns the catalogue; causes that the gist of words may lead to have that as one more rule, for pasted text. */
export function withGist(causes: readonly Cause[]): readonly Cause[] {
  return causes.map((c) => {
    if (!CAUSES.has(c.id)) return c;
    const rule: Rule = (facts) => {
      const g = facts.pasted ? gists(facts).get(c.id) : undefined;
      return g && sighting('possible', STRENGTH, [g.of], { matched: wordsOf(g.of).slice(0, 120), alternatives: g.reading.or });
    };
    return { ...c, rules: [...c.rules, rule] };
  });
}

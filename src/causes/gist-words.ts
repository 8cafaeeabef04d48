/**
 * Words of mail's subjects and of what is said of them, in the languages of the product and its neighbours: stems, not sentences.
 * Each stands for one idea; `gist.ts` says what two of them together mean.
 */

export const RECIPIENT =
  /recipient|addressee|\brcpt|destinat(?:[aá]|ion\b)|empfänger|получател|收件|宛先|受信者|受取人|người nhận|수신자|odbiorc|ontvanger|alıcı|příjemc|mottagare/i;
export const BOX =
  /mail ?box|inbox|mail ?drop|mail ?dir|mail ?folder|mail account|\busers?\b|\balias\b|local[- ]?part|mail ?address|\baddress\b(?! book)|\bperson\b|\bcustomer\b|\baccount\b|postfach|boîte|buzón|casella|caixa|cuenta|\bconto?\b|indirizz|dirección|endereço|utilisateur|usuario|usuário|benutzer|utente|ящик|адрес|пользоват|邮箱|信箱|郵箱|用户|用戶|账户|帐户|地址|メールボックス|アドレス|ユーザー|hộp thư|địa chỉ|người dùng|메일함|주소|사용자|skrzynk|użytkown|kullanıcı|posta kutusu|uživatel|schránk|användare|brevlåd|käyttäj|felhasználó|utilizator|користувач|скриньк|χρήστη|المستخدم|משתמש|pengguna|\bkont[oa]|postvak|gebruiker|adres/i;
export const SENDER =
  /\bsender|\bfrom[- ](?:address|header|domain|field)|header[- ]from|envelope[- ]from|mail ?from|return[- ]path|originator|expéditeur|[ée]metteur|absender|remitente|remetente|mittente|отправител|发件|发信|寄件|送信者|送信元|差出人|người gửi|발신자|보내는|nadawc|afzender|gönderen|odesílatel|avsändare/i;
export const MESSAGE =
  /\bmessag(?:e|ing)|\be?-?mails?\b|attachment|\bcontent|\bheader|\bbody\b|nachricht|anhang|courriel|pièce jointe|mensaje|adjunto|mensagem|anexo|messaggio|allegat|сообщен|письм|вложен|邮件|郵件|附件|信件|メール|メッセージ|添付|\bthư(?![a-zà-ỹ])|đính kèm|메일|메시지|첨부|wiadomo|bericht|bijlage|[iİ]leti|\bek(?:li)? dosya|załącznik|zpráv|meddeland/i;
export const ORIGIN =
  /\bip\b|ip[- ]?addr|(?:den(?:y|ied)|refused|rejected|blocked)(?: \w{2,6})? \[?(?:\d{1,3}\.){3}\d{1,3}\b|\byour (?:host|server|network|isp|mta|mail server)\b|client host|connecting (?:host|ip|server)|(?<!connect to (?:the )?)remote (?:host|server)(?! (?:returned|said|replied|responded|answered))|\bhost network|sending (?:host|server|ip)|\b(?:\d{1,3}\.){3}\d{1,3}\b.{0,40}(?:not|denied|refus|reject|block)|(?:network|range|talk to|from) (?:\d{1,3}\.){1,3}|\bip ranges?\b|your (?:provider.s )?range|\bhost \d|connection from|residential|botnet/i;
export const LOGIN =
  /log(?:ging)?[- ]?(?:in|on)\b|sign[- ]?in|authenti|\bauth\b|\bsasl\b|credential|passwor[dt]|passphrase|anmeld|kennwort|identifi(?:ant|cation)|mot de passe|contraseña|iniciar sesión|inicio de sesión|senha|palavra-passe|пароль|логин|аутентиф|авториз|вход[ае]? |登[录陆錄入]|密码|密碼|验证|驗證|认证|認證|ログイン|パスワード|認証|サインイン|đăng nhập|mật khẩu|xác thực|로그인|비밀번호|인증|hasł|logowan|wachtwoord|inlog|şifre|parola|oturum|heslo|přihlá|lösenord|inlogg|\bpass\b|zugangsdaten|identifiants|identifica[cç]|creden[czt]|уч[её]тн\S{1,3} данн|account details|kimlik doğrula|giriş yap|autenti[ck]|vérification du compte|(?:verify|verifying|verification of) (?:the |your )?account|aanmeld|logowani|uwierzyteln|iniciar (?:a )?sessão|accesso a/i;

export const UNKNOWN =
  /unknown|no such|not exist|n.t exist|non-?exist|invalid|(?:not|n.t) (?:be )?found|not valid|not (?:a )?known|\bbad\b|undeliverable|unrout|(?:cannot|can.t|unable to) (?:route|resolve|find)|wrong|no longer|incorrect|unrecogni|illegal|moved|unassigned|inconnu|unbekannt|desconocid|desconhecid|sconosciut|inexist|introuvable|no existe|no se (?:ha |han |pudo )?(?:podido )?encontr|não foi encontrad|não existe|non esiste|existiert nicht|invalide|ungültig|inválid|non valid|errat|не (?:найден|существ)|неизвест|неверн|недейств|不存在|找不到|无此|無此|查无|无效|無效|错误|存在しま|存在しな|見つかり|不明|無効|không tồn tại|không (?:hợp lệ|đúng|tìm thấy)|없|존재하지|잘못|nie istnieje|nie znaleziono|nieznan|onbekend|bestaat niet|ongeldig|bulunamad|geçersiz|neexistuje|no (?:user|one)\b|(?:not|n.t) one of (?:ours|us|my|our)|not (?:an? )?(?:user|customer|member)\b|not recogni[sz]ed|misspel|ambiguous|无人使用|無人使用|\black(?:s|ing)\b|missing|\bbrak\b|\byok\b|\bno hay\b|non c.è|n.y a pas|gibt es nicht|찾을 수 없|never (?:created|existed)|spelling|nobody|查无|无此|\bnessun|\baucune?\b|\bkeine?[nm]?\b|\bning[uú]n|\bnenhum/i;
export const FULL =
  /\bfull\b|quota|storage|disk space|out of space|no space|over limit|voll\b|überfüllt|plein|saturé|llen[oa]|piena?\b|cheia|lotad|переполн|заполн|квот|满|滿|空间|容量|いっぱい|満杯|đầy|dung lượng|가득|용량|pełn|przepełn|\bvol\b|\bdolu\b|plná|épuis|erschöpft|законч|исчерп|(?:no (?:tiene|queda)|sin) espacio|speicherplatz|ruimte|spazio|miejsca|no room|r[au]n out|used up|out of room|hết (?:dung lượng|chỗ)/i;
export const SHUT =
  /disabled|suspend|hang ?up|inactive|closed|locked|frozen|deactivat|expired|discontinu|terminat|archiv|gesperrt|deaktiviert|désactiv|bloqu|suspendu|deshabilit|desactivad|desativ|disattiv|disabilit|bloccat|заблок|отключ|停用|禁用|冻结|凍結|锁定|注销|停止|凍結|khóa|vô hiệu|정지|비활성|zablokow|geblokkeerd|askıya|switched off|turned off|stopped\b|halted|bị chặn|frozen|\bhold\b|withdrawn|migrat/i;
export const REFUSED =
  /reject|refus|permfail|den(?:y|ie[ds])|not (?:be )?(?:allowed|permitted|authori[sz]ed|accept)|n.t (?:allowed|permitted|authori[sz]ed|accept)|forbid|prohibit|unaccept|disallow|block|restrict|unauthori[sz]|unable|failed|abgelehnt|verweigert|nicht (?:erlaubt|zulässig|angenommen)|interdit|non autoris|pas autoris|rechaz|denegad|no permitid|rifiut|negat|non consentit|rejeit|recusad|não permitid|отклон|запрещ|отказ|拒|不允许|不允許|禁止|许可|拒否|許可|từ chối|không (?:được phép|cho phép)|cấm|거부|허용|odrzuc|geweigerd|reddedil|odmítn|\bbarred|not on .{0,30}list|\b(?:may|must) not\b|reddett|kabul e(?:tme|dilme)|izin veri?l?mi|toegestaan|не принят|不被|chấp nhận|limited to|only (?:accepts?|takes?)|not taken|don.t talk|stopped\b|\bbanned/i;
export const BIG =
  /too (?:large|big|long)|\bsize\b|\blength of (?:the )?(?:data|message|mail|content)|oversize|larger|bigger|zu groß|größe|trop (?:gros|volumineu|grand)|taille|demasiado grande|tamaño|muito grande|tamanho|troppo grand|dimension|слишком больш|размер|过大|太大|大小|大きすぎ|サイズ|quá lớn|kích thước|크기|za duż|rozmiar|te groot|omvang|grootte|büyük|boyut|storlek|för stor|velikost|příliš velk|överskrid\S* storlek|больше допуст|(?:überschreit|dépass|excede|supera|przekracza|overschrijd)\S* (?:\S+ ){0,3}(?:limit|grenze|taille|tamaño|tamanho|dimension|rozmiar)|\b\d+(?:\.\d+)? ?[KMG]i?B?\b|shrink|smaller/i;
export const MANY =
  /too (?:many|much|often|frequent|fast|quick)|\brate\b|\blimits?\b|exceed|frequen|throttl|per (?:hour|day|minute)|hourly|daily|volume|slow down|zu (?:viele|häufig|oft)|überschritten|trop (?:de|souvent)|dépass|demasiad|excedid|superad|muitas|troppi|troppe|слишком (?:много|част)|превыш|лимит|过多|過多|频率|頻率|频繁|上限|超过|超過|多すぎ|しすぎ|制限|исчерпан|ausgeschöpft|kontingent|quá nhiều|vượt|giới hạn|너무 많|초과|zbyt (?:wiele|często)|przekroczon|te veel|overschre|çok fazla|aşıl|aşıyor|příliš mnoho|překročen|för många|överskrid|repeated|too often|allowance|out of allow|\bover (?:size|limit)|more slowly|slow(?:er|ly)\b|(?:\d+|three|five|ten|several|multiple) (?:wrong|bad|failed|incorrect)|at a time/i;
export const JUNK =
  /spam|virus|malware|phish|\bjunk\b|unsolicited|suspicious|malicious|suspected|\battacks?\b|\bubE\b|\bUCE\b|infected|werbung|publicit[àé]\b|publicidad|vi-?rút|vírus|広告|광고|indésirable|no deseado|垃圾|病毒|敏感|违规|迷惑|スパム|ウイルス|спам|вирус|(?:thư|là) rác|mã độc|스팸|바이러스/i;
export const LISTED =
  /black ?list|\bblack (?:ip|mail|host|domain|address|sender)|block ?list|deny ?list|\brbl\b|dnsbl|\blisted\b|reputation|\babuse\b|黑名单|黑名單|чёрн|черн\S+ спис|danh sách đen|ブラックリスト|(?:poor|bad) [a-z ]{0,20}(?:history|reputation)|botnet|open proxy|spam source/i;
export const LATER =
  /temporar|tempfail|transient|try (?:again )?later|later\b|currently|busy|moment|vorübergehend|später|plus tard|temporaire|más tarde|temporal|mais tarde|temporári|più tardi|temporane|временн|позже|暂时|暫時|稍后|临时|一時的|後で|tạm thời|thử lại|일시|나중|right now|not reachable|unreachable|out of reach|come back/i;
export const NEEDED =
  /require|must\b|need(?:s|ed)?\b|necessary|mandatory|first\b|erforderlich|notwendig|requis|obligatoire|necesari|requerid|richiest|necessari|exigid|требует|необходим|должн|需要|必须|必要|cần|yêu cầu|(?<!không )phải|bắt buộc|필요|wymagan|vereist|gerekli|zorunlu/i;
export const SECURE =
  /\bTLS\b|\bSSL\b|STARTTLS|encrypt|verschlüssel|chiffr|cifrad|criptograf|crittograf|шифров|加密|暗号化|mã hóa|암호화/i;
export const METHOD =
  /mechanism|\bauth\w* mode|method|methode|méthode|método|metodo|метод|способ|механизм|方式|方法|机制|phương (?:thức|pháp)|방식|방법/i;

/** What only a log-in has: two-step verification, tokens, a web page to visit, a place, a plan. */
export const SECOND =
  /app(?:lication)?[- ]?(?:specific )?pass|\bapp(?:lication)? key\b|two[- ]?(?:step|factor)|\b2fa\b|\bmfa\b|\bt?otp\b|授权码|授權碼|应用.{0,4}密码|mật khẩu ứng dụng|bảo mật hai|xác minh 2/i;
export const TOKEN = /\btokens?\b|\b(?:oauth|sign-?in|access) grant\b|\boauth|\bbearer\b|令牌/i;
export const STALE =
  /\bold\b|expired?\b|stale|lapsed|outdated|renew|(?:past|over) (?:its|the) (?:date|age)|有效期|must (?:be )?change|change (?:it|your)|reset (?:it|your)|过期|過期|hết hạn|abgelaufen|expiré|caducad|scadut|expirad|истек/i;
export const WEB =
  /browser|web ?(?:site|page|mail|interface|login)|on the web\b|captcha|unusual|suspicious|网页|網頁|浏览器|trình duyệt|trang web/i;
export const PLACE = /countr|region|\blocations?\b|\bnetworks?\b|\bip\b|\bgeo|\bvpn\b|国家|地区|地點|quốc gia|địa điểm|стран/i;
export const PLAN =
  /\bplans?\b|\bpaid\b|subscri|upgrade|licen[cs]e|\btrial\b|premium|free (?:account|plan|tier|user)|套餐|付费|付費|gói (?:dịch vụ|trả phí)|nâng cấp/i;
export const READING = /\bimap4?\b|\bpop3?\b/i;
export const WRITING = /\bsmtp\b|\bmailing (?:rights?|privileges?)\b|\bsending\b|outgoing|outbound/i;
export const OFF =
  /disabled|not (?:been )?(?:activated|enabled|allowed|permitted|available|open|part of)|no (?:imap4?|pop3?|smtp)?\s?access|\boff\b|closed|未(?:开|開|启)|关闭|關閉|chưa bật|đã tắt|deaktiviert|désactivé|desactivad|disattivat|отключ/i;
export const LOCKED = /\block(?:ed|out)?\b|frozen|锁|鎖|冻结|凍結|khóa|gesperrt|verrouill|bloquead|bloccat|заблок|ロック|잠/i;
export const HELD =
  /another|other (?:client|session|program)|\bheld\b|\block|in use|already (?:open|in)|占用|đang (?:được )?sử dụng/i;
export const BROKEN =
  /damag|corrupt|unreadable|(?:cannot|can.t|could not|unable to|failed to) (?:be )?(?:open|read|select|access)/i;
export const NAME = /greeting name|(?<!before )\b(?:helo|ehlo)(?:\b|host|name)|introduced yourself/i;
export const REVERSE = /\br-?dns\b|reverse[- ](?:dns|lookup|name|record)|\bPTR\b|in reverse\b/i;
export const LOOKUP = /\bdns\b.{0,20}\b(?:resol\w+|quer\w+|look-?ups?)|(?:resol\w+|quer\w+|look-?ups?).{0,12}\bdns\b/i;
/** A list or group that takes mail from its own only. */
export const CLUB =
  /(?:not|n.t) (?:on|in) .{0,30}(?:allow|white|safe|accept|approved)\w*[- ]?(?:sender )?list|outsiders?\b|members? only|only members|(?:closed|internal|private) (?:mailing )?(?:list|group)/i;
export const NEW = /first (?:contact|time|attempt)|(?:not|never) seen (?:you|this|your)|new (?:sender|triplet)/i;
export const AGAIN = /retry|try again|come back|later|minutes|seconds/i;
export const PARALLEL =
  /parallel|simultan|concurrent|at once|同时|同時|đồng thời|одновременн|gleichzeitig|open (?:sessions|connections)/i;
export const ELSEWHERE =
  /(?<!\.)\bforward|other domains?|outside (?:address|domain|recipient|world)|external (?:address|domain|recipient)|third[- ]part/i;
/** A denial: the word that turns a sentence into the report of a fault. */
export const NOT =
  /\bnot\b|n.t\b|\bno\b|never|only|forbid|prohibit|turned down|\bnicht\b|\bkein|\bpas\b|\baucun|\bsin\b|\bnão\b|\bsem\b|\bnon\b|\bniet\b|\bgeen\b|\bnie\b|(?<![а-яё])(?:не|нет)(?![а-яё])|không|chưa|değil|\byok\b|ません|ない|不|未|无法|無法|没有|沒有|없|않|못/i;
export const UNNAMED =
  /(?:without|no) (?:valid )?(?:credentials|auth\w*|log-?in|logging in)(?! attempts)|log ?-?in,? please|not logged in|anonym|(?:^|[:;,.] ?)(?:please )?(?:authenticate|log ?in|identify yourself)\b(?! (?:fail|disab|error|excess|den|attempt|incorrect|invalid|abort|rejected|refused))|identify yourself/i;
export const OWNED = /log(?:ged)?[- ]?in|\bauth\w*|\baccount|\buser/i;
export const SAME = /differ|\b(?:has|have) to\b|\bonly\b|\bmust\b|match|\bsame\b|belong|equal/i;
/** Sending as such is forbidden, whatever the message. */
export const MUTED =
  /\bsend(?:ing)? (?:is |was |has been )?(?:denied|blocked|refused|forbidden|not (?:allowed|permitted|authori[sz]ed))|(?:not (?:allowed|permitted|authori[sz]ed)|forbidden) (?:to|from) send/i;
/** Where an address stood. */
export const ADDRESS = /@/;
export const LINKS = /\blinks?\b|\burls?\b/i;
/** That it did not go through, and nothing more. */
export const FAILED =
  /fail|\berror\b|exception|crash|stopped|unsuccessful|not success|did(?: not|n.t) (?:work|succeed|go through)|fehlgeschlagen|schl[uä]g\w* fehl|gescheitert|fehler|échec|échou|pas pu|impossible|no se (?:pudo|ha podido)|falló|fallido|fallad|não foi possível|falh|fallit|non riuscit|impossibile|mislukt|niet gelukt|nie powiodł|niepowodz|nieudan|не удал|ошибк|не выполнен|başarısız|(?:lama|leme|nama|neme)dı|ledi?medi|失败|失敗|无法|無法|未能|できません|できなかっ|できない|thất bại|không thành công|không (?:thể|được)|no se complet|실패|할 수 없|하지 못|nepodařil|misslyck/i;
/** A password as such. */
export const SECRET =
  /passw|kennwort|mot de passe|contraseña|senha|пароль|密码|密碼|パスワード|mật khẩu|비밀번호|hasł|wachtwoord|şifre|parola/i;
/** Something that is done with. */
export const GONE =
  /no longer|not any ?more|stopped|retired|deprecat|obsolete|out ?dated|too old|dropped|withdrawn|phased out|不再|停止/i;
/** The addressee's own, in the mouth of a server. */
export const YOURS = /(?:not|n.t) (?:one of )?your|(?:not|n.t) belong|(?:not|n.t) owned|no right to/i;
/** What runs in a circle, or stands wrongly in the server's own files. */
export const SETUP =
  /\bloop(?:s|ing)?\b|mis-?configur|(?:not |in)correctly (?:configured|set ?up)|(?:cannot|can.t|could not|unable to) (?:(?:execute|instantiate|run|start)\b|(?:read|open|load) \S.{0,30}\bfile\b)/i;
/** Where a server looks its users up. */
export const BACKEND = /\bldap\b|\bsql\b|database|directory|back-?end|saslauthd|\bpam\b|\bradius\b/i;
/** Tries that went wrong before. */
export const TRIES = /(?:wrong|bad|failed|incorrect|invalid|repeated) (?:passw|log|auth|attempt|tr(?:y|ies)\b)/i;

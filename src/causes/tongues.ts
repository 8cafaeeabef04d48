/**
 * What programs say in many languages when a server is not reached or not trusted: the ideas of one sentence (server, connection,
 * time, refusal, certificate …) rather than sentences. A rule asks for ideas that must meet, and for some that must be absent.
 *
 * Word beginnings in lower case, one list per idea, languages side by side; English has phrases of its own in the lists of causes.
 */
import type { Rule, Sighting } from '../model/cause.ts';
import type { TextEvidence } from '../model/evidence.ts';
import type { Certainty } from '../model/terms.ts';
import { hearing, sighting } from './rules.ts';

/** Latin and Cyrillic words are met at their beginning; scripts without blanks anywhere. */
const words = (...lists: readonly string[]): string => `(?<!\\p{L})(?:${lists.join('|').replaceAll('\\b', '(?!\\p{L})')})`;
const signs = (...lists: readonly string[]): string => lists.join('|');

const IDEAS = {
  server: [
    words(
      'server|smtp|imap|pop3?\\b|host|serveur|hôte|servidor|servid|anfitri|serwer|сервер|хост|узел|узлу|palvelin|palvelim|sunucu|kiszolgáló|szerver|poslužitelj|strežnik|tjener|máy chủ|διακομιστ|εξυπηρετητ|peladen',
    ),
    signs('服务器|伺服器|服務器|主机|主機|サーバ|ホスト|서버|호스트|خادم|الخادم|שרת|เซิร์ฟเวอร์'),
  ],
  connect: [
    words(
      "connect|связ[иь]|ligação|liên lạc|connex|conect|conex|conness|connett|colleg|verbind|verbund|połącz|подключ|подсоедин|соедин|підключ|з['’ʼ]?єдна|spojen|spojit|spojiť|připoj|pripoj|anslut|förbind|forbind|tilkobl|tilslut|koble|yhtey|yhdist|kapcsol|csatlakoz|bağlan|bağlantı|kết nối|liên kết|koneksi|terhubung|menyambung|tersambung|sambung|σύνδε|συνδε|povez|veza\\b|vez[ue]\\b",
    ),
    signs('连接|连线|連線|連接|接続|접속|연결|اتصال|الاتصال|חיבור|להתחבר|เชื่อมต่อ'),
  ],
  fails: [
    words(
      "нет\\b|brak|sem\\b|pas de|yok\\b|mất|geen|fehl|inte\\b|ikke\\b|není|nie je|nem\\b|nu\\b|не\\b|ni\\b|ei\\b|değil|bukan|gescheitert|misslung|missglückt|nicht\\b|kein|konnte|unmöglich|échec|échou|impossib|erreur|ne (?:peut|parvient|pouvez|répond|fonctionne|provient)|n['’]a (?:pas|pu)|n['’]est pas|pas pu|no se|no (?:puede|pudo|procede|proviene|es|está|fue posible|ha|hay)|ha fallado|fall[oóa]|error|erro\\b|imposib|não|falh|non (?:è|e|può|riesce|ha)|fallit|errore|niet\\b|mislukt|fout|geen|nie\\b|niepowodz|błąd|nieudan|zawiod|не удал|не удаё|не удае|не може|не могу|не смог|ошибк|сбой|невозможн|не вдал|не вдає|не вдало|помилк|неможлив|збій|nelze|nepoch[áa]|nie pochodz|nepodař|selhal|chyba|nezdař|nemůž|nemožno|nepodar|zlyhal|nedá sa|kunde inte|kan inte|gick inte|går inte|misslyck|fel\\b|kunne ikke|kan ikke|mislyk|fejl|feil|ei onnistu|epäonnis|virhe|ei voi|ei saa|nem sikerül|sikertelen|hiba|nem lehet|nem tud|nu s-a|nu a\\b|nu am|nu m-am|nu pot|nu se poate|eroare|eșu|nije|ne može|nije mogu|greška|napaka|ni mogoče|αδύνατ|απέτυχ|αποτυχ|απετυχ|σφάλμα|δεν|başarısız|hata|\\p{L}{2,20}(?:lamadı|lemedi|lamıyor|lemiyor|namadı|nemedi|namıyor|rulamadı|yapılamadı|edilemedi)|không|chưa|thất bại|lỗi|tidak (?:dapat|bisa)|gagal|kesalahan|fail|problem|trouble|cannot|can't|could not|couldn't|unable|not\\b|isn't|wasn't|aborted|no (?:route|connection|response|such)",
    ),
    signs(
      '并非|並非|不是|并不|並不|无法|不能|未能|没能|失败|错误|出错|异常|無法|失敗|錯誤|不上|不到|できません|できない|できなかっ|失敗|エラー|ませんでした|할 수 없|하지 못|실패|오류|못했|فشل|تعذر|لا يمكن|خطأ|נכשל|לא ניתן|שגיאה|לא הצל|ไม่สามารถ|ล้มเหลว|ผิดพลาด',
    ),
  ],
  time: [
    words(
      "zeitüberschreitung|zeitlimit|zeitablauf|wachttijd|time-?out|timed out|délai|temps (?:de réponse|imparti|limite|d['’]attente)|a expiré|tiempo (?:de respuesta|de espera|límite|limite|de conexión|máximo)|agotad|caducad|expir|tempo (?:limite|esgotado|de (?:espera|conexão)|di attesa|massimo)|scadut|fuori tempo|limit czasu|czas (?:oczekiwania|połączenia)|upłynął|przekroczon\\S{0,3} (?:\\S+ )?czas|врем\\S{1,3} (?:ожидания|соединения|подключения)|истекло|истёк|истек|таймаут|тайм-аут|час (?:очікування|підключення)|минув|вичерпан|časov|vypršel|vypršal|překročen|tidsgräns|tidsavbrott|tidsgrense|tidsavbrudd|tidsudløb|aikakatk|aikaraja|időtúllép|időkorlát|időtartam|timpul|χρονικό όριο|έληξε|zaman aşım|süre(?:si|niz)?|hết (?:thời (?:gian|hạn)|hạn|giờ)|quá (?:thời (?:gian|hạn)|hạn|giờ|lâu)|too long|waktu habis|habis waktu|kehabisan waktu|batas waktu|isteklo|vremensk",
    ),
    signs('超时|逾時|逾时|超時|タイムアウト|時間切れ|時間内|시간.{0,3}초과|انتهت مهلة|المهلة|פג הזמן|หมดเวลา'),
  ],
  silent: [
    words(
      'antwortet nicht|reagiert nicht|keine antwort|ne répond (?:pas|plus)|pas de réponse|no (?:está )?respond|sin respuesta|não (?:está )?respond|sem resposta|non risponde|nessuna risposta|reageert niet|geen (?:antwoord|reactie)|nie odpowiada|brak odpowiedzi|не отвеча|нет ответа|не відповіда|neodpovíd|neodpoved|svarar inte|svarer ikke|ei vastaa|nem válaszol|nu răspunde|δεν αποκρίν|δεν ανταποκρ|yanıt vermi|cevap vermi|không (?:phản hồi|trả lời|có phản hồi)|not (?:been )?(?:respond|answer|reply)|no (?:response|reply|answer)|unresponsive|tidak (?:merespons?|menjawab|menanggapi)|ne odgovara',
    ),
    signs(
      '没有响应|未响应|无响应|沒有回應|未回應|没有应答|没有回应|無回應|応答し(?:ません|ていません|ない)|応答がありません|응답하지|응답이 없|لا يستجيب|אינו מגיב|ไม่ตอบสนอง',
    ),
  ],
  refused: [
    words(
      'verweiger|abgelehnt|zurückgewiesen|lehnt|nimmt keine|refus|rechaz|recus|rehus|deneg|no acept|não aceit|rifiut|respint|non accett|geweiger|weiger|odrzuc|odmow|odmaw|odmów|nie przyjm|nie akcept|отказ|отклон|отверг|не принима|відхил|відмов|не прийма|odmít|odmiet|nekad|avvis|vägra|nægt|afvis|torju|evätty|hylät|hylk|visszautas|elutas|refuz|απόρρι|απορρί|αρνή|αρνείται|reddet|reddedil|từ chối|reject|den(?:y|ied)|menolak|ditolak|odbij|zavrn',
    ),
    signs('拒绝|拒絕|拒否|거부|거절|رفض|סירב|נדח|ปฏิเสธ'),
  ],
  cut: [
    words(
      'unterbroch|zurückgesetzt|abgebroch|getrennt|verloren|beendet|geschlossen|interromp|interrompue?|réinitial|coup[ée]|perdue?|fermée?|déconnect|interrump|restablec|reinici|perd[ií]|cerró|cerrad|cortad|cortó|desconect|redefin|encerrad|interrott|reimpost|pers[ao]\\b|chius|disconness|caduta|verbroken|onderbroken|przerwan|zerwan|utracon|zresetowan|rozłącz|прерван|прерв|утерян|утрачен|сброш|разорва|потерян|закрыт|отключ|перерван|розірван|втрачен|скинут|přerušen|ztracen|ukončen|prerušen|odpoj|kopplat (?:ner|från)|koblet fra|frakobl|avbröt|avbrut|bröts|bruten|förlorad|avbrudt|afbrudt|brutt|mistet|katke|keskeyt|suljettiin|megszak|megszűnt|bontot|elveszett|întrerup|pierdut|închis|διακόπ|διεκόπ|χάθηκε|kesildi|koptu|sıfırlandı|kapatıldı|bị (?:mất|ngắt|gián đoạn|đóng|đặt lại|hủy|cắt)|(?:đã )?(?:ngắt|mất|đóng) kết nối|closed|reset|drop|abort|terminat|lost\\b|disconnect|broken|hung up|hang ?up|eof\\b|terputus|diputus|prekinut|prekinjen',
    ),
    signs(
      '中断|中斷|断开|斷開|断线|斷線|重置|重設|丢失|被关闭|关闭了|切断|リセット|失われ|끊|재설정|중단|انقطع|قطع|נותק|ถูกตัด|ขาด',
    ),
  ],
  reach: [
    words(
      'nicht erreichbar|nicht zu erreichen|erreicht werden|erreichen|injoignable|joindre|contacter|inaccessible|inalcanzable|alcanz|contactar|inaccesible|inacessív|alcanç|irraggiungibil|raggiung|contattar|onbereikbaar|bereik|nieosiągaln|nieosiągn|osiągn|dostępny|недостижим|достучаться|доступен|досяжн|dostupn|nedosažiteln|kontaktovat|nå\\b|nås|nåbar|kontakta|kontakte|tavoit|elér|contacta|προσπέλ|επικοιν|ulaşıl|erişil|liên (?:lạc|hệ) được|tới (?:được )?máy chủ|reach|contact|access|dijangkau|menghubungi|dohvat',
    ),
    signs('访问|到达|抵达|聯絡|到達|到达|アクセス|到達|도달|접근|الوصول|להגיע|ติดต่อ'),
  ],
  noreason: [
    words(
      'unbekannte[nmrs]? (?:grund|gründ|ursache|fehler)|unerklärlich|raisons? inconnue|erreur inconnue|cause inconnue|(?:motivos?|raz(?:ón|ones)|causas?|error) desconocid|(?:motivos?|raz(?:ão|ões)|causas?|erro) desconhecid|(?:motiv|ragion|caus|error)\\S{1,3} sconosciut|onbekende (?:reden|oorzaak|fout)|nieznan\\S{1,4} (?:przyczyn|powod|błąd)|неизвестн\\S{1,4} (?:причин|ошибк)|невідом\\S{1,4} (?:причин|помилк)|neznám\\S{1,3} (?:důvod|příčin|chyb)|okän[dt]\\S? (?:anledning|orsak|fel)|ukjen[dt]\\S? (?:grunn|årsak|feil)|ukend[t]\\S? (?:årsag|grund|fejl)|tuntemattomasta|tuntematon (?:syy|virhe)|ismeretlen (?:ok|hiba)|(?:motive|cauz|eroare) necunoscut|άγνωστο (?:λόγο|σφάλμα)|bilinmeyen|(?:lý do|nguyên nhân|lỗi) không (?:xác định|rõ)|không rõ (?:lý do|nguyên nhân)|(?:alasan|kesalahan) yang tidak',
    ),
    signs(
      '原因未知|未知原因|不明原因|原因不明|未知错误|未知的?(?:原因|錯誤|错误)|不明な(?:理由|エラー|原因)|何らかの理由|알 수 없는|غير معروف',
    ),
  ],
  passing: [
    words(
      'vorübergehend|temporär|zeitweilig|temporaire|momentan|temporal|temporári|temporane|tijdelijk|tymczasow|chwilow|временн|тимчасов|dočasn|tillfällig|midlertidig|tilapäi|väliaikai|átmeneti|ideiglenes|temporar|προσωριν|geçici|tạm thời|sementara|privremen|začasn',
    ),
    signs('临时|暂时|臨時|暫時|一時的|一時|일시|مؤقت|זמני|ชั่วคราว'),
  ],
  down: [
    words(
      'nicht verfügbar|überlastet|ausgelastet|wartung|außer betrieb|indisponible|hors service|surcharg|maintenance|occup|no (?:está )?disponible|mantenimiento|sobrecarg|ocupad|indisponív|manutenção|sobrecarreg|non (?:è )?disponibil|manutenzione|sovraccaric|niet beschikbaar|onderhoud|overbelast|niedostępn|konserwac|przeciąż|zajęt|недоступ|не доступ|перегруж|занят|обслуживан|технически[ех] работ|перевантаж|nedostupn|údržb|přetížen|otillgänglig|inte tillgänglig|underhåll|överbelast|utilgjengelig|utilgængelig|vedlikehold|vedligehold|ei (?:ole )?käytettäv|huolto|nem (?:érhető|elérhető)|karbantart|túlterhel|indisponibil|întreține|μη διαθέσιμ|δεν είναι διαθέσιμ|συντήρηση|kullanılamıyor|bakım|meşgul|không (?:khả dụng|sẵn sàng|hoạt động|có sẵn)|bảo trì|quá tải|đang bận|unavailable|not available|out of (?:service|order)|offline|overload|busy|tidak tersedia|pemeliharaan|sibuk',
    ),
    signs(
      '不可用|無法使用|无法使用|维护|維護|维修|繁忙|过载|過載|利用できません|使用できません|メンテナンス|混雑|過負荷|停止中|사용할 수 없|점검|과부하|혼잡|غير متاح|לא זמין|ไม่พร้อม',
    ),
  ],
  certificate: [
    words(
      'zertifi[kz]|certifi[ck]a|chứng thực (?:của )?(?:máy|trang)|certificaat|certyfikat|сертифик|сертифік|certifikát|certifikat|varmen|sertifik|tanúsítvány|πιστοποιητικ|chứng (?:chỉ|thư|nhận)|potvrd|digitalno potrdilo|ssl-cert',
    ),
    signs('证书|憑證|證書|証明書|인증서|شهادة|الشهادة|תעודה|האישור|ใบรับรอง'),
  ],
  trust: [
    words(
      'vertrau|überprüf|verifizier|unbekannt|ungültig|confiance|source sûre|fiable|sûre\\b|approuv|vérifi|inconnu|invalide|non valide|confia|verific|desconocid|no (?:es )?válid|inválid|confiáv|desconhec|não é válid|attendibil|affidabil|sconosciut|non valid|vertrouw|onbekend|ongeldig|geverifieerd|zaufan|zweryfik|wiarygod|niepoprawn|nieprawidł|nieważn|довер|провер|неизвест|недейств|неверн|довір|перевір|недійсн|důvěry|dôvery|ověř|neplat|betrodd|pålitlig|tillförlitlig|verifier|ogiltig|ugyldig|verifiser|luotet|luotta|vahvist|virheelli|megbízható|érvénytelen|ellenőriz|de încredere|αξιόπιστ|επαλήθ|έγκυρ|güvenil|doğrula|geçersiz|tin cậy|tin tưởng|xác (?:minh|thực|nhận)|nhận diện|hợp lệ|tepercaya|terpercaya|valid|pouzdan|zaupa',
    ),
    signs(
      '信任|可信|验证|驗證|校验|无效|無效|未知|颁发|頒發|信頼|検証|無効|有効では|신뢰|확인할 수 없|유효하지|موثوق|صالح|מהימן|เชื่อถือ|ไม่ถูกต้อง',
    ),
  ],
  // Words that carry their own "not".
  distrust: [
    words(
      'ненад[её]жн|недостоверн|недовер|ненадійн|недостовірн|niezaufan|niewiarygod|nedůvěryhodn|neověřen|nedôveryhodn|onbetrouwba|onvertrouwd|unsicher|nicht vertrauensw|unzuverläss|non fiable|non sûre?|peu sûre?|inaffidabil|non attendibil|inattendibil|no confiable|poco fiable|não confiáve|não é confiáve|güvenilmeyen|güvenilir olmayan|không đáng tin|không tin cậy|opålitlig|otillförlitlig|upålidelig|epäluotettav|megbízhatatlan|αναξιόπιστ|nepouzdan|tidak (?:tepercaya|terpercaya)',
    ),
    signs('不受信任|不可信|不信任|不被信任|信頼できない|信頼されていない|신뢰할 수 없는|غير موثوق'),
  ],
  expired: [
    words(
      'abgelaufen|nicht mehr gültig|stracił ważność|expir|périm|caduc|vencid|vencía|scadut|verlopen|wygas|przetermin|истек|истёк|просроч|срок действия|закінч|прострочен|vypršel|vypršal|platnost|löpt ut|utgång|utløpt|udløbet|vanhen|umpeutun|lejárt|expirat|έληξε|έχει λήξει|süresi (?:dol|geç)|hết hạn|quá hạn|kedaluwarsa|kadaluarsa|istekl|potekl',
    ),
    signs('过期|過期|已到期|기간이 (?:지났|끝)|失效|期限切れ|有効期限が切れ|만료|منتهية|انتهت صلاحية|פג תוקף|หมดอายุ'),
  ],
  early: [
    words(
      'noch nicht gültig|erst (?:ab|am)|pas encore|(?:aún|todavía) no|ainda não|non (?:è )?ancora|non sarà valid|no será válid|só será|nog niet geldig|pas geldig|jeszcze nie|nie będzie ważn|ещё не|еще не|не будет действ|ще не|ještě není|ännu inte|ikke gyldig (?:ennå|endnu|før)|ei ole vielä|még nem|nu este încă|δεν ισχύει ακόμ|henüz|chưa (?:có )?(?:hiệu lực|hợp lệ)|hiệu lực (?:cho đến|từ)|belum berlaku',
    ),
    signs('生效|尚未|まだ有効|なるまで有効|まで(?:は)?有効(?:に|では)|아직 유효|까지 유효하지|لم تصبح'),
  ],
  name: [
    words(
      'stimmt nicht|stimmen nicht|passt nicht|nicht überein|anderen (?:server|host|namen)|hostname|rechnername|correspond|pas valide (?:pour|sur)|coincid|no es válido para|não é válido para|corrispond|non è valido per|overeen|niet geldig voor|nie jest ważny dla|niezgodn|nie pasuje|zgodn|не соответств|несоответств|не совпад|недействителен для|не відповіда|не збіга|neodpovíd|neshod|neplatí pro|nezhod|stämmer inte|matchar inte|stemmer ikke|samsvarer ikke|passer ikke|ei täsmää|ei vastaa|nem egyezik|nu (?:se potrive|corespund)|δεν (?:ταιριάζ|αντιστοιχ)|eşleşm|uyuşm|không (?:khớp|trùng|phù hợp|hợp lệ cho)|tidak (?:cocok|sesuai)|ne odgovara imenu|ne ustreza',
    ),
    signs(
      '不匹配|不符|不一致|(?:名|先)と異な|달라|다릅니다|对(?:此|该)服务器无效|對該伺服器無效|名称不正确|名稱不正確|一致しま|一致しな|不一致|일치하지|해당 서버에서 유효하지|لا (?:تتطابق|تطابق)|אינו תואם|ไม่ตรง',
    ),
  ],
  selfsigned: [
    words(
      'selbst ?signiert|selbstsigniert|selbst-signiert|selbst unterzeichnet|auto-?sign|autofirm|auto-?firm|autoassinad|auto-?assinad|auto-?firmat|zelfondertekend|zelf-ondertekend|samopodpis|самоподпис|самозаверен|самопідпис|självsigner|selvsigner|selvunderskrev|itseallekirjoit|önaláír|auto-?semnat|αυτο-?υπογεγραμμ|kendinden imzalı|kendi kendine imza|tự ký|ditandatangani sendiri|samopotpis',
    ),
    signs('自签|自簽|自己署名|자체 서명|موقعة ذاتي|חתימה עצמית'),
  ],
  secure: [
    words(
      'ssl|tls|sichere|verschlüssel|sécuris|chiffr|segur[ao]|cifr|seguridad|segurança|sicur[ao]|crittograf|protezion|beveilig|veilig|versleutel|szyfr|bezpieczn|безопасн|защищ|шифров|безпечн|захищ|zabezpeč|šifr|säker|krypter|sikker|salat|suojat|turvall|biztonság|titkosít|securiz|criptat|κρυπτογρ|ασφαλ|güvenli|şifrele|bảo mật|an toàn|mã hóa|terenkripsi|aman\\b|šifrira',
    ),
    signs('加密|安全连接|安全連線|安全链接|暗号化|セキュ|安全な|보안|암호화|تشفير|آمن|מאובטח|ปลอดภัย'),
  ],
  tls: ['(?<![a-z])(?:ssl|tls)(?![a-z])'],
  starttls: ['(?<![a-z])(?:starttls|stls)(?![a-z])'],
  lacks: [
    words(
      "(?:unterstützt|erlaubt|akzeptiert)[^.]{0,60} nicht|nicht (?:unterstützt|erlaubt|angebot|verfügbar|bekannt|an\\b)|unterstützt kein|bietet kein|kein(?:e|en)? starttls|ne (?:propose|supporte|prend|gère|permet)|pas (?:pris|support|propos|disponible|annonc)|n['’](?:annonce|offre|accepte|autorise) pas|no (?:admite|permite|acepta|soporta|anuncia|ofrece|es compatible|está disponible|dispone)|não (?:suporta|permite|aceita|tem suporte|oferece|anuncia|é compatível|está disponível)|non (?:supporta|gestisce|consente|permette|accetta|essere in grado|offre|support|annunci|è (?:disponibile|supportat))|ondersteunt (?:geen|niet)|(?:ondersteunt|accepteert)[^.]{0,60} niet|staat geen|niet (?:ondersteun|aangeboden|beschikbaar)|biedt geen|nie (?:obsługiwać|obsługuje|zezwala|akceptuje|ogłasza|oferuje|wspiera|jest)|не (?:поддержив|разреша|допуска|принима|предлага|объявля|доступн)|не (?:підтрим|дозвол|пропону)|nepodporuje|nepovoluje|nedovoluje|nenabízí|nenabídl|neponúka|stöder (?:inte|ej)|tillåter (?:inte|ej)|till(?:ader|ater) ikke|ei (?:salli|hyväksy)|nem engedélyez|nu permite|δεν επιτρέπ|izin vermi|tidak mengizinkan|erbjuder inte|støtter ikke|tilbyr ikke|understøtter ikke|tilbyder ikke|ei (?:tue|tarjoa|tuk)|nem (?:támogat|kínál)|nu (?:suport|ofer|anunț)|δεν (?:υποστηρίζ|προσφέρ)|destekle(?:miyor|nmiyor|mez)|sunmuyor|không (?:hỗ trợ|cho phép|chấp nhận|sử dụng|cung cấp|quảng bá|có)|not (?:support|offer|advertis|available|implement|allow|enabl)|unsupported|unavailable|tidak (?:mendukung|menawarkan|tersedia)|ne podržava|ne podpira",
    ),
    signs(
      '不支持|不支援|不允许|不允許|不接受|未提供|没有提供|沒有提供|不提供|未宣告|无此|サポートし(?:て|ま)|許可し(?:て|ま)|対応し|提供し(?:て|ま)|通知し|広告し|지원하지|허용하지|허가하지|제공하지|لا يدعم|אינו תומך|ไม่รองรับ',
    ),
  ],
  needed: [
    words(
      'erforderlich|benötigt|verlangt|requis|nécessit|exige|requier|necesari|exig|requer|necessár|richied|richiest|necessari|vereist|nodig|wymag|требу|необходим|потріб|vyžad|kräv|krev|påkræv|vaadi|szükséges|necesar|απαιτ|gerek|phải|yêu cầu|bắt buộc|diperlukan|potreb',
    ),
    signs('必须|需要|必須|必要|필요|مطلوب|נדרש'),
  ],
  missing: [
    words(
      "unbekannt|nicht gefunden|nicht aufgelöst|existiert nicht|gibt es nicht|inconnu|introuvable|trouvé|trouver|résoudre|n['’]existe pas|desconocid|no (?:se )?(?:ha |pudo |puede )?(?:encontr|resolv|localiz)|encontrar|no existe|desconhecid|não (?:foi )?(?:possível )?(?:encontr|resolv|localiz)|não existe|sconosciut|trovat|trovare|risolvere|non esiste|onbekend|gevonden|bestaat niet|vinden|nieznan|znalezion|znaleźć|nie istnieje|неизвест|не найден|найти|разрешить|не существ|невідом|не знайден|знайти|не існу|neznám|nenalezen|nalézt|najít|neexist|nenájden|nájsť|okänd|hittad|hittas|hitta|finns inte|ukjent|ukendt|funnet|fundet|finne|finde|finnes ikke|findes ikke|tuntematon|löyd|löyty|ismeretlen|talál|nem létezik|necunoscut|găsi|nu există|άγνωστ|βρέθηκε|βρεθεί|bilinmeyen|bulunamad|bulamad|không tìm|không xác định|không tồn tại|phân giải|not found|not (?:be )?(?:found|resolved|known)|unknown|no such|no valid|non-?existent|resolv|does not exist|ditemukan|menemukan|tidak dikenal|nije pronađen|ni najden",
    ),
    signs(
      '找不到|不存在|找到|解析|未知|見つかりません|見つけ|不明|解決でき|찾을 수 없|찾지 못|알 수 없|غير موجود|العثور|לא נמצא|ไม่พบ',
    ),
  ],
  greets: [
    words(
      'begrüßung|accueil|bienvenue|saludo|bienvenida|saudação|boas-vindas|benvenuto|saluto|greeting|begroeting|powitan|приветств|привітан|uvítac|pozdrav|uvítan|hälsning|velkomst|hilsen|tervehd|üdvözl|salut\\b|χαιρετισμ|karşılama|chào|iniziato la conversazione',
    ),
    signs('握手(?:訊息|信息|消息)|问候|歡迎|欢迎|問候|グリーティング|あいさつ|応答メッセージ|인사말|환영|تحية'),
  ],
  wrong: [
    words(
      'falsch|ungültig|fehlerhaft|unerwartet|nicht (?:richtig|korrekt)|n.est pas (?:correct|exact|bon)|pas à l.heure|no es(?:tá)? (?:correct|bien)|não (?:é|está) (?:corret|cert)|non è (?:corrett|esatt|giust)|niet (?:juist|correct)|nie jest poprawn|incorrect|invalide|inattendu|incorrect[oa]|no válid|inesperad|incorret|inválid|non corrett|non valid|imprevist|onjuist|ongeldig|onverwacht|nieprawidł|niepoprawn|błędn|неверн|некоррект|неправильн|недопуст|невірн|некорект|neplat|nesprávn|chybn|felaktig|ogiltig|ugyldig|forkert|feil|virheelli|helytelen|érvénytelen|hibás|greșit|nevalid|λανθασμέν|yanlış|geçersiz|không (?:chính xác|hợp lệ|đúng)|sai\\b|salah',
    ),
    signs('不正确|不正確|错误|錯誤|无效|異常|正しく|不正|無効|잘못|올바르지|غير صحيح'),
  ],
  login: [
    words(
      'anmeld|authenti|passw|kennwort|benutzer|zugangsdaten|identifi(?:ant|cation)|identifica[cç]|уч[её]тн\\S{1,3} данн|mot de passe|utilisateur|contraseña|usuario|credencial|inicio de sesión|iniciar sesión|senha|palavra-passe|autent|credenziali|utente|login|log-?in|wachtwoord|aanmeld|inlog|gebruiker|hasł|uwierzyt|logowan|użytkown|парол|логин|вход(?:а|е|у)? в|аутентиф|авториз|пользоват|автентиф|користувач|heslo|hesla|přihl|prihl|uživatel|lösen|inlogg|adgang|pålogg|passord|brugernavn|salasana|kirjaut|käyttäj|tunnistus|jelsz|bejelent|felhaszn|parol|κωδικ|χρήστ|şifre|parola|oturum|kimlik|yetkilendir|mật khẩu|đăng nhập|xác thực|người dùng|kata sandi|pengguna|masuk|lozink|prijav',
    ),
    signs(
      '登录|登入|登陆|密码|密碼|认证|認證|授权|授權|身份|帐号|账号|用户名|認証|ログイン|パスワード|ユーザー|인증(?!서)|비밀번호|로그인|사용자|كلمة|تسجيل|סיסמ|รหัสผ่าน',
    ),
  ],
  identity: [
    words(
      'identit|identidad|identidade|tożsamoś|подлинност|ідентичн|totožnost|henkilöllis|személyazon|identitat|ταυτότητ|kimlik|danh tính|nhận dạng|identitas',
    ),
    signs('身份|識別情報|身元|신원|هوية|זהות'),
  ],
  resolve: [
    words(
      'namensauflösung|auflösen|aufgelöst|résolution|résou|resolución|resolver|resolução|risoluzione|risolvere|risolto|oplossen|omzetten|rozwiąza|rozpozna|разреш|розпізна|розв|přelož|namnuppslag|slå upp|navneoppslag|nimenselvitys|feloldás|rezolv|επίλυσ|çözümle|phân giải|menyelesaikan nama',
    ),
    signs('解析|名前解決|이름 (?:해석|확인)|تحليل'),
  ],
  algorithm: [
    words('algorithm|algorithme|algoritm|алгоритм|αλγόριθμ|thuật toán|cipher'),
    signs('算法|演算法|アルゴリズム|알고리즘|密码套件|加密套件'),
  ],
  common: [
    words(
      'gemeinsam|commun|común|comum|comune|gemeenschapp|wspóln|общ|спільн|společn|gemensam|felles|fælles|yhtei|közös|κοιν|ortak|chung|sama\\b',
    ),
    signs('共同|共通|公共|공통|一致'),
  ],
  kind: [words('typ\\b|type|tipo|тип|loại|jenis|tür|türü'), signs('类型|類型|種類|유형')],
  port: [words('ports?\\b|puerto|porta|порт|poort|portu|portti|cổng'), signs('端口|連接埠|埠|ポート|포트|منفذ|พอร์ต')],
  blocked: [
    words(
      'gesperrt|blockier|bloqu|bloccat|filtr|заблок|блокир|geblokkeerd|blokk|zablokow|blokir|engell|blockera|spärr|estetty|blokov|blocat|αποκλεισ|μπλοκ|chặn|khóa|diblokir',
    ),
    signs('封|屏蔽|阻止|拦截|封鎖|ブロック|遮断|차단|محظور|חסום|บล็อก'),
  ],
  whole: [
    words(
      'vollständig|ganze|gesamte|komplett|complèt|entière|complet[ao]|enter[ao]\\b|intero|intera|completo|volledig|pełn|cał[aey]|полн|повн|цел|celou|celý|úpln|hela\\b|fullständig|hele\\b|fulde|fullstendig|koko\\b|täydellinen|teljes|πλήρη|tam\\b|đầy đủ|lengkap',
    ),
    signs('完整|全体|全部|全稱|完全な|전체|الكامل|המלא|แบบเต็ม'),
  ],
  method: [
    words(
      'methode|méthode|método|metod|verfahren|mechanism|mécanism|mecanismo|meccanismo|mechanizm|способ|метод|механизм|спосіб|yöntem|phương (?:thức|pháp)|cơ chế|menetelm|módszer|τρόπο|μέθοδ|method|způsob|authenticatiemethode|verificatiemethode|authentifizierungsmethode|anmeldemethode|kaedah',
    ),
    signs('方式|方法|机制|機制|방식|방법|طريقة|שיטת|วิธี'),
  ],
  secret: [
    words(
      'passw|kennw|mots? de passe|contraseñ|senha|palavra-passe|wachtw|hasł|haseł|парол|hesl|hesel|lösen|passord|adgangskod|salasan|jelsz|parol|κωδικ|şifre|mật khẩu|kata sandi|lozin|gesl|plattetekstwachtw',
    ),
    signs('密码|密碼|口令|パスワード|비밀번호|암호|كلمة المرور|סיסמ|รหัสผ่าน'),
  ],
  form: [
    words(
      'verschlüssel|unverschlüssel|klartext|chiffr|en clair|texte|cifrad|texto|crittat|crittografat|cifrat|testo|in chiaro|criptograf|versleutel|onversleutel|platte ?tekst|szyfrowan|niezaszyfr|otwartym tekst|jawn|зашифр|незашифр|шифров|открыт|обычн|звичайн|відкрит|šifrovan|nešifrovan|zašifrovan|nezašifrovan|prost|krypter|okrypter|klartekst|salat|salaam|titkosít|şifrelen|düz|encrypted|plain ?text|mã hóa|văn bản|terenkripsi|teks',
    ),
    signs('加密|明文|纯文本|純文字|暗号|平文|암호화|평문'),
  ],
  limit: [
    words(
      'maxim|máxim|massim|maksym|maksim|höchst|hranic|limit|límite|limite|максим|обмежен|ограничен|предел|překroč|překrač|prekroč|превыс|превыш|перевищ|überschrit|dépass|exced|superad|superat|superou|ultrapass|overschr|przekrocz|aşmış|aşıld|överskrid|overskred|overstig|ylit|túllép|depășit|vượt|quá số|tối đa|melebihi|batas',
    ),
    signs('最大|上限|超出|超过|超過|最多|초과|최대'),
  ],
  count: [
    words(
      'anzahl|zahl|nombre|número|numero|aantal|liczb|числ|количеств|кількіст|кількост|počet|počtu|antal|antall|määr|szám|număr|αριθμ|sayıs|số lượng|số kết nối|jumlah|broj|število|number',
    ),
    signs('数量|連線數|连接数|接続数|個数|개수|수를'),
  ],
  shake: [
    words(
      'handshake|handdruk|рукопож|рукостиск|el sıkış|poignée de main|négociation|negociaci|negoziazion|bắt tay|aperto de mão|uścisk|navazován|kättel|kézfog|rukov',
    ),
    signs('握手|ハンドシェイク|핸드셰이크|핸드 셰이크|مصافحة'),
  ],
  revoked: [
    words(
      'widerrufen|révoqu|revoca|revoga|ingetrokken|unieważn|odwołan|отозван|відкликан|odvolan|zneplatn|återkall|tilbagekald|tilbakekalt|peruutet|visszavon|revocat|ανακλ|iptal edil|thu hồi|dicabut|opozvan|preklican',
    ),
    signs('吊销|吊銷|撤销|撤銷|废止|廢止|失効|해지|폐기|ملغاة|בוטל|เพิกถอน'),
  ],
  version: [
    words(
      'protokollversion|version (?:du protocole|tls|ssl|de (?:tls|ssl))|versión (?:del? )?(?:protocolo|tls|ssl)|versão (?:do )?(?:protocolo|tls|ssl)|versione (?:del protocollo|(?:di )?(?:tls|ssl))|protocolversie|(?:tls|ssl)-versi|wersj\\S{1,3} (?:protokołu|tls|ssl)|верси\\S{1,2} (?:протокола|tls|ssl)|версі\\S{1,2} (?:протоколу|tls|ssl)|verz\\S{1,2} (?:protokolu|tls|ssl)|phiên bản (?:giao thức|tls|ssl)',
    ),
    signs('协议版本|協定版本|(?:TLS|SSL) ?版本|プロトコル(?:の)?バージョン|프로토콜 버전'),
  ],
  signature: [
    words(
      'signatur|firma\\b|firma digital|assinatura|подпис|підпис|podpis|handtekening|aláír|imza|chữ k[íý]|tanda tangan|semnătur|υπογραφ',
    ),
    signs('签名|簽章|簽名|署名|서명'),
  ],
  maybe: [
    words(
      'wahrscheinlich|probabl|provavelm|probabil|вероятн|ймовірн|pravděpodob|pravdepodob|muhtemelen|waarschijnlijk|prawdopodob|möglicherweise|eventuell|vielleicht|peut-être|pourrait|tal vez|quizás?|puede (?:que|estar|haber)|podría|talvez|pode (?:ter|estar|está)|forse|potrebbe|può (?:essere|dars)|mogelijk|wellicht|być może|może|możliwe|возможно|может|можливо|може|možná|možno|kanske|måske|kanskje|ehkä|talán|poate|ίσως|olabilir|có thể|mungkin|možda|morda',
    ),
    signs('可能|かもしれ|恐れ|수 있|수도|ربما|ייתכן|อาจ'),
  ],
  clock: [
    words(
      '(?:system|computer|rechner|pc-|geräte)?-?(?:uhr\\b|uhrzeit|systemzeit|systemdatum)|datum und (?:uhr)?zeit|horloge|(?:date|heure)(?: et l.heure)? (?:de (?:votre|l.)|du) ?(?:ordinateur|appareil|système|téléphone)|(?:fecha|hora)(?: y (?:la )?hora)? del? (?:su |tu )?(?:equipo|ordenador|dispositivo|sistema|teléfono|computador)|reloj|(?:data|hora)(?: e (?:a )?hora)? do (?:seu )?(?:computador|dispositivo|sistema|telefone)|relógio|orologio|(?:data|ora)(?: e (?:l.)?ora)? del (?:computer|dispositivo|sistema)|систем\\S{1,4} (?:врем|час)|(?:дат[аыу]|врем\\S{1,2})(?: и врем\\S{1,2})? на (?:компьютере|устройстве|вашем)|systeemklok|systeemtijd|zegar|(?:data|godzina) (?:systemow|w komputerze)|đồng hồ|(?:ngày giờ|thời gian|giờ) (?:của |trên )?(?:hệ thống|máy tính|thiết bị|điện thoại)|systemklocka|klokken|saat(?:i|iniz)\\b',
    ),
    signs(
      '系统时间|系統時間|系统日期|系統日期|时钟|時鐘|(?:电脑|電腦|设备|裝置|手机|本机)(?:的)?(?:时间|時間|日期)|時計|(?:システム|端末|パソコン)の?(?:時刻|日付|日時)|시스템 (?:시간|날짜|시계)|시계',
    ),
  ],
  check: [
    words(
      'prüf|überprüf|kontrollier|stellen sie|vérifi|réglez|corrig|comprueb|verifi|revis|ajust|controll|imposta|controleer|sprawd|ustaw|провер|установ|перевір|zkontrol|kontroller|tarkista|ellenőr|kontrol ed|kiểm tra|chỉnh|periksa',
    ),
    signs('检查|檢查|校正|调整|調整|確認|확인'),
  ],
  address: [
    words('e-?mail|mail|adress|adresse|courriel|dirección|correo|indirizz|endereç|adres|адрес|почт|địa chỉ|alamat|cím|osoite'),
    signs('邮箱|邮件|郵件|信箱|メール|アドレス|이메일|البريد|דואר|อีเมล'),
  ],
  user: [
    words(
      "benutzername|anmeldename|identifiant|nom d['’]utilisateur|usuario|usuário|nome utente|gebruikersnaam|użytkown|логин|имя пользоват|ім['’ʼ]я користувач|uživatel|användarnamn|brugernavn|brukernavn|käyttäjätun|felhasználón|utilizator|όνομα χρήστη|kullanıcı ad|tên (?:đăng nhập|người dùng|tài khoản)|nama pengguna|login",
    ),
    signs(
      '用户名|使用者名稱|登录名|帐号|账号|帳號|ユーザー名|ユーザ名|アカウント名|사용자 이름|아이디|اسم المستخدم|שם משתמש|ชื่อผู้ใช้',
    ),
  ],
  person: [
    words(
      'empfänger|destinataire|destinatari|destinatár|ontvanger|odbiorc|adresat|получател|одержувач|příjem|mottagar|mottaker|modtager|vastaanott|címzett|alıcı|người nhận|absender|expéditeur|remitente|remetente|mittente|afzender|nadawc|отправител|odesíl|avsändar|avsender|lähettäj|feladó|gönderen|người gửi|penerima|postfach|boîte|buzón|casella|caixa|skrzynk|ящик|hộp thư|domäne',
    ),
    signs('收件人|发件人|寄件者|收信人|邮箱|信箱|宛先|受信者|送信者|수신자|받는|보내는'),
  ],
} as const;

export type Idea = keyof typeof IDEAS;

const made = new Map<Idea, RegExp>();
function patternOf(idea: Idea): RegExp {
  let r = made.get(idea);
  if (!r) {
    r = new RegExp(IDEAS[idea].join('|'), 'u');
    made.set(idea, r);
  }
  return r;
}

interface Sentence {
  readonly words: string;
  readonly lower: string;
  readonly english: boolean;
  readonly ideas: Map<Idea, { readonly at: number; readonly end: number } | undefined>;
}

/** Of host names and addresses only the sentence around them is of interest. */
const NAMES = /[\w.+=-]{1,64}@[\w.-]{1,255}|https?:\/\/\S{1,300}|\b(?=[\w-]{1,60}\.)[\w.-]{1,250}\.[a-z]{2,12}\b/gi;
const MAX_SAYINGS = 40;
const MAX_CHARS = 1500;

const known = new WeakMap<TextEvidence, readonly Sentence[]>();
function sentencesOf(e: TextEvidence): readonly Sentence[] {
  let list = known.get(e);
  if (!list) {
    list = e.text
      .slice(0, MAX_CHARS)
      .replace(/’/g, "'")
      .replace(NAMES, (n) => '_'.repeat(n.length))
      .split(/(?<=[.!?;])\s+|(?<=[。！？；])|\n/)
      .filter((s) => s.trim().length > 3)
      .slice(0, 12)
      .map((s) => ({
        words: s.trim(),
        lower: s.trim().toLowerCase(),
        english: ENGLISH.test(s.toLowerCase()),
        ideas: new Map(),
      }));
    known.set(e, list);
  }
  return list;
}

/** English has phrases of its own: many of its words begin like those of its neighbours. */
const ENGLISH =
  /^[\x00-\x7f]*\b(?:the|could|cannot|can't|unable|failed|failure|not|with|from|been|your|does|doesn't|will|this|and|are|certificate|connection|connecting|connected|refused|closed|unknown|while|waiting)\b[\x00-\x7f]*$/;

function meets(s: Sentence, idea: Idea): { readonly at: number; readonly end: number } | undefined {
  if (s.ideas.has(idea)) return s.ideas.get(idea);
  const m = patternOf(idea).exec(s.lower);
  const found = m ? { at: m.index, end: m.index + m[0].length } : undefined;
  s.ideas.set(idea, found);
  return found;
}

export interface Told {
  /** None of these in the same sentence. */
  readonly without?: readonly Idea[];
  /** None of these anywhere in what was said. */
  readonly never?: readonly Idea[];
  /** Words in the sentence that give it another sense. */
  readonly unless?: RegExp;
  /** Only in a sentence of at most so many characters. */
  readonly within?: number;
  /** English too: for guesses that are weaker than its phrases. */
  readonly english?: boolean;
  readonly certainty?: Certainty;
  readonly alternatives?: readonly string[];
  readonly params?: Sighting['params'];
}

/** @returns a rule, for pasted text, that sees a sentence in which all the ideas meet. */
export function told(strength: number, ideas: readonly Idea[], more: Told = {}): Rule {
  return hearing((facts) => {
    if (!facts.pasted) return undefined;
    for (const e of facts.all('text').slice(0, MAX_SAYINGS)) {
      const all = sentencesOf(e);
      const s = all.find(
        (x) =>
          (!x.english || more.english) &&
          x.words.length <= (more.within ?? MAX_CHARS) &&
          !more.unless?.test(x.lower) &&
          ideas.every((i) => meets(x, i) !== undefined) &&
          !more.without?.some((i) => meets(x, i) !== undefined),
      );
      if (!s || more.never?.some((i) => all.some((x) => meets(x, i) !== undefined))) continue;
      const spans = ideas.flatMap((i) => meets(s, i) ?? []);
      const from = Math.min(...spans.map((x) => x.at));
      const to = Math.max(...spans.map((x) => x.end));
      return sighting(more.certainty ?? 'likely', strength, [e], {
        matched: s.words.slice(from, Math.min(to, from + 160)),
        ...(more.alternatives ? { alternatives: more.alternatives } : {}),
        ...(more.params ? { params: more.params } : {}),
      });
    }
    return undefined;
  });
}

/** The TCP connection (RFC 9293; RFC 8305 for several addresses; RFC 8314 and 6409 for the ports). */
import type { Cause, Rule } from '../model/cause.ts';
import type { ConnectOutcome, Evidence } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import { likely, pasted, possible, unanswered } from './hear.ts';
import { firstFailure, loggedIn, mention, numbers, reach, sureness } from './look.ts';
import { seen, sighting } from './rules.ts';
import { told } from './tongues.ts';

/** All attempts failed, and so did these; where others of the same family opened, the dead address is worth a warning. */
const ended = (strength: number, ...outcomes: readonly ConnectOutcome[]): Rule =>
  seen((facts) => {
    const { attempts, failed, open, lead, alike } = reach(facts);
    const mine = failed.filter((c) => outcomes.includes(c.outcome));
    if (mine.length === 0) return undefined;
    if (open) {
      if (facts.pasted) return undefined;
      const beside = mine.filter((c) => attempts.some((a) => a.family === c.family && a.outcome === 'open'));
      return beside.length > 0 ? sighting('proven', strength, beside, { severity: 'warning' }) : undefined;
    }
    const leads = lead !== undefined && outcomes.includes(lead);
    return sighting(sureness(facts, leads && alike ? 'proven' : 'likely'), leads ? strength : strength - 12, mine);
  });

/** Nothing of one family opened, something of the other did. */
const oneFamily: Rule = seen((facts) => {
  const { attempts } = reach(facts);
  for (const family of [6, 4] as const) {
    const mine = attempts.filter((c) => c.family === family);
    const other = attempts.filter((c) => c.family !== family);
    if (mine.length > 0 && mine.every((c) => c.outcome !== 'open') && other.some((c) => c.outcome === 'open'))
      return sighting(sureness(facts), 55, [...mine, ...other]);
  }
  return undefined;
});

/** Whoever pastes such words complains of it: there it is the fault itself. */
const asFault =
  (rule: Rule): Rule =>
  (facts) => {
    const s = rule(facts);
    return s && { ...s, severity: 'error' };
  };

const SILENT: readonly ConnectOutcome[] = ['timeout', 'unreachable', 'failed'];

/** Who else answers tells a filter on the way from a server that is down. */
const blocked: Rule = seen((facts) => {
  const { failed, open, lead } = reach(facts);
  if (open || lead === undefined) return undefined;
  const elsewhere = facts.controls('connect', 'other-host');
  if (elsewhere.some((c) => c.outcome === 'open')) return undefined;
  const ports = facts.controls('connect', 'other-port').filter((c) => c.outcome === 'open');
  if (elsewhere.length > 0) {
    const port = failed[0]?.port;
    if (elsewhere.some((c) => c.port !== port)) return undefined;
    return sighting(ports.length > 0 ? 'proven' : 'likely', 62, [...failed, ...elsewhere, ...ports], {
      alternatives: ['connect.timeout'],
    });
  }
  if (ports.length === 0 || !SILENT.includes(lead)) return undefined;
  return sighting('likely', 60, [...failed, ...ports], { alternatives: ['connect.timeout'] });
});

const isPort25 = (facts: Facts): Evidence | undefined =>
  facts.all('setting').find((s) => s.remark === 'port-25') ??
  facts.all('connect').find((c) => c.port === 25 && (c.protocol ?? facts.protocol ?? 'smtp') === 'smtp');

/** Submission on port 25 that fails: unreachable, or without a log-in. */
const port25Fails: Rule = seen((facts) => {
  const port = isPort25(facts);
  if (!port) return undefined;
  const { failed, open, lead } = reach(facts);
  if (failed.length > 0 && !open) {
    if (!facts.pasted) return sighting('likely', 70, [port, ...failed], { stage: 'connect' });
    // A mail server that delivers on port 25 is right to use it: only silence hints at the usual block.
    const delivers = facts.all('text').some((t) => t.origin === 'bounce');
    return sighting('likely', lead === 'timeout' && !delivers ? 62 : 36, failed, {
      alternatives: ['connect.port-blocked', 'connect.timeout'],
    });
  }
  if (facts.pasted || loggedIn(facts)) return undefined;
  const failure = firstFailure(facts);
  const noAuth =
    failure !== undefined &&
    ((failure.kind === 'withheld' && failure.stage === 'auth') ||
      (failure.kind === 'reply' &&
        (failure.stage === 'auth' || failure.stage === 'greeting') &&
        [502, 503, 504, 530, 538, 550, 554].includes(failure.code ?? 0)));
  // A list without AUTH is what this port is for, and says more here than that it is missing.
  const strength = failure?.kind === 'withheld' ? 78 : 66;
  return noAuth ? sighting('likely', strength, [port, failure], { stage: failure.stage }) : undefined;
});

const port25Works: Rule = seen((facts) => {
  const port = isPort25(facts);
  return port && !facts.pasted && reach(facts).open ? sighting('proven', 30, [port], { severity: 'warning' }) : undefined;
});

/** The line was cut before a byte of a greeting or handshake came. */
const cutEarly: Rule = seen((facts) => {
  const cut = facts.all('break', 'greeting').find((b) => b.how === 'closed' || b.how === 'reset');
  const spoken = facts.all('tls').some((t) => t.outcome === 'established');
  if (cut) {
    if (facts.controls('tls', 'other-mode').some((t) => t.outcome === 'established')) return undefined;
    return sighting(spoken ? 'likely' : sureness(facts), spoken ? 46 : 50, [cut], { alternatives: ['server.unavailable'] });
  }
  const tls = facts.last('tls');
  if (tls?.outcome !== 'failed' || tls.mode !== 'implicit' || tls.alert !== undefined || tls.answered) return undefined;
  if (tls.failure !== 'closed' && tls.failure !== 'reset') return undefined;
  const pastedCut = tls.failure === 'closed' ? 45 : 51;
  return sighting('likely', facts.pasted ? pastedCut : 51, [tls], {
    alternatives: ['tls.handshake-failed', 'tls.version-too-old'],
  });
});

const TIMES_OUT: readonly RegExp[] = [
  /(?:connect\w{0,6}|connection|conn|server|host|socket|smtp|imap|pop3?)\b.{0,90}\b(?:has |have )?timed? ?-?out\b|\btimed? ?-?out\b.{0,60}\b(?:connect\w{0,6}|connection|server|host|port)\b/i,
  /(?:server|host)\b.{0,80}\b(?:not respond(?:ing)?|did not respond|doesn.t respond|no response|unresponsive|has not responded|took too long)|not responding.{0,30}port/i,
  /operation timed out waiting for a response|^(?:[\w.]{1,60}: )?(?:timeout|timeouterror): |^(?:error: )?timed? ?-?out\.?$/i,
  /execution expired|i\/o timeout|SocketTimeout|(?:failed to )?connect\w{0,4}\b.{0,120}after \d{4,7} ?ms|curl: \(28\)|connect: timeout|\b(?:CONNECT|CONNECTION|SOCKET|SMTP_CONNECT)_?TIMEOUT(?:_ERROR)?\b|\bdeadline (?:has )?(?:elapsed|exceeded|passed|expired)|within the (?:allotted|specified|configured) time|socket error code 10060|context deadline exceeded.{0,40}(?:dial|connect)|\bETIMEDOUT\b/i,
  /zeitüberschreitung.{0,60}(?:verbindung|server)|(?:verbindung|server).{0,80}(?:zeitüberschreitung|ablaufzeit|zeitlimit|antwortet nicht)/i,
  /(?:temps limite|délai).{0,60}(?:dépassé|expiré|écoulé)|connexion.{0,80}(?:a expiré|expirée)|serveur.{0,60}ne répond pas/i,
  /(?:conexión|conexão|servidor).{0,90}(?:tiempo de espera|tiempo límite|expirou|tempo (?:limite|esgotado|de espera)|caducado|no responde|não (?:está )?responde)|(?:tiempo|tempo) (?:de (?:espera|conexão|conexión)|límite|limite).{0,60}(?:agotado|esgotado|superado|excedido|expir)|expirou o tempo/i,
  /(?:connessione|server).{0,80}(?:fuori tempo|scadut|tempo (?:massimo|scaduto)|non risponde)|timeout (?:della|di) connessione/i,
  /врем\S{1,3} ожидания.{0,80}истек|(?:превышено|истекло) время|сервер.{0,60}не отвечает/i,
  /(?:连接|連線|連接|服务器|伺服器).{0,60}(?:超时|逾時|超時)|(?:服务器|伺服器).{0,30}(?:没有响应|无响应|未响应|沒有回應|没有应答)|(?:超时|逾時).{0,10}(?:连接|連線)/,
  /(?:hết|quá) (?:thời gian|thời hạn|giờ)(?: chờ)?.{0,40}(?:kết nối|máy chủ|phản hồi)|(?:kết nối|máy chủ).{0,80}(?:hết (?:thời gian|hạn)|quá (?:thời gian|hạn|giờ)|không (?:phản hồi|trả lời)|timeout)/i,
  /(?:接続|サーバー).{0,60}(?:タイムアウト|応答(?:しません|がありません|していません))|タイムアウトしました|연결.{0,30}시간.{0,6}초과|응답하지 않/,
  /(?:połączeni|serwer).{0,60}(?:upłynął|przekroczon|nie odpowiada)|(?:verbinding|server).{0,60}(?:time-?out|reageert niet|verlopen)|zaman aşımı|yanıt vermiyor|vypršel.{0,30}(?:limit|čas)/i,
];

const REFUSES: readonly RegExp[] = [
  /\bconnection\b.{0,90}\b(?:was |is |been |got )?refused\b|\brefus(?:ed|es|ing)\b.{0,30}\bconnections?\b|\bECONNREFUSED\b|actively refused|socket error code 10061/i,
  /(?:server|host)\b.{0,90}\b(?:may be |is |or is )?(?:unavailable or (?:is )?)?refusing (?:smtp |imap |pop3? )?connections/i,
  /verbindung.{0,90}(?:verweigert|abgelehnt|lehnt)|lehnt .{0,20}verbindungen ab/i,
  /connexion.{0,60}(?:a été )?refusée|refuse les connexions/i,
  /(?:conexión|conexão).{0,60}(?:rechazada|rehusada|recusada|denegada)|(?:rechaza|recusando|está rechazando).{0,20}conex/i,
  /connessione.{0,60}(?:rifiutata|respinta)|rifiuta.{0,10}connession/i,
  /соединени.{0,40}(?:отказано|отклонено|отвергнут)|отказано в соединении|отказывает в.{0,20}соединени/i,
  /(?:连接|連線|連接).{0,50}(?:被(?:服务器|对方|伺服器)?拒|拒绝|拒絕)|(?:拒绝|拒絕).{0,8}(?:SMTP ?)?(?:连接|連線)/,
  /kết nối.{0,30}bị từ chối|từ chối kết nối|từ chối.{0,10}kết nối/i,
  /接続.{0,20}拒否|연결.{0,12}거부|połączenie.{0,30}odrzucone|verbinding.{0,40}geweigerd|spojení.{0,30}odmítnuto|bağlantı.{0,20}reddedildi/i,
];

const CUT: readonly RegExp[] = [
  /\bconnection\b.{0,90}\b(?:was |has been |is |got |unexpectedly |being |abruptly )?(?:reset|aborted|dropped|lost|terminated|interrupted|broken|closed unexpectedly|disconnected)\b/i,
  /\b(?:unexpectedly|abruptly|forcibly|prematurely) (?:closed|terminated|disconnected|dropped|ended|hung up)|(?:closed|terminated|dropped|lost) (?:the )?connection\b|\bECONNRESET\b|\bEPIPE\b|socket hang up|broken pipe|\bsocket\b.{0,24}\b(?:closed|ended|eof)\b|\berror: eof\b|\bread\b.{0,40}\bgreeting\b.{0,12}\bEOF\b|\bEOF\b.{0,30}\bgreeting\b|\bconnect\(\) first|\bauto-?log-?out\b|\bunexpected (?:imap )?bye\b/i,
  /lost connection with .{1,200} while|connection (?:closed|ended) (?:by|before)|remote (?:host|server|end) (?:closed|hung up)|server .{0,80}has disconnected|connection unexpectedly closed|end of file reached|EOFError|SMTPServerDisconnected|server (?:has )?disconnected|(?:sent|returned) an? empty reply|empty reply from|unexpected(?:ly)? (?:eof|end of|close|disconnect)|connection_?closed\b|premature (?:eof|end)|[:=]\s*EOF$/i,
  /verbindung.{0,80}(?:unterbrochen|zurückgesetzt|abgebrochen|verloren|getrennt)|hat die verbindung (?:abgebrochen|beendet|getrennt)/i,
  /connexion.{0,80}(?:interrompue|réinitialisée|perdue|coupée|fermée)|s.est déconnecté/i,
  /(?:conexión|conexão).{0,80}(?:interrump|restablec|perd|cortad|encerrad|redefinid|reiniciad|cerrad)|ha cortado la conexión|foi desconectado/i,
  /connessione.{0,80}(?:interrott|reimpostat|pers[ao]|chius)|si è disconnesso|соединение.{0,60}(?:прерван|сброшен|разорван|потерян|закрыт)|произошло отключение/i,
  /(?:连接|連線|連接).{0,40}(?:中断|中斷|被?重置|重設|断开|斷開|丢失|异常关闭|被关闭)|已经?断开连接|服务器.{0,20}(?:断开|终止)/,
  /kết nối.{0,60}(?:bị (?:mất|ngắt|gián đoạn|đặt lại|đóng)|gián đoạn)|(?:đã )?ngắt kết nối|\bmất kết nối/i,
  /接続.{0,30}(?:切断|中断|リセット|失われ)|연결.{0,20}(?:끊|재설정|종료)|połączenie.{0,40}(?:przerwan|zresetowan|utracon)|verbinding.{0,40}(?:verbroken|onderbroken)/i,
];
const NOT_CUT =
  /timeout|handshake|too many|\bauth(?!o)|login|password|log ?out|idle|limit|exceed|quota|spam|blocked|idling|inactiv/i;

const UNEXPLAINED: readonly RegExp[] = [
  /(?:could not|couldn.t|can ?not|can.t|unable to|failed to|failure to|not able to|error|problem|while|when) (?:a )?(?:establish(?:ing)?|open(?:ing)?|make|making|connect\w{0,3}|reach|contact)\b.{0,60}\b(?:server|host|connection|smtp|imap|pop3?|mail)/i,
  /(?:smtp|imap|pop3?|mail|server)\b.{0,60}\bconnect(?:ion|\(\))? (?:failed|error|failure|unsuccessful|could not be (?:established|made))|connection (?:to|with) .{0,120}(?:failed|could not be (?:established|made))/i,
  /did not accept our requests to connect|(?:blocked|filtered), not listening|for (?:an? )?(?:unknown|unspecified|unexplained) (?:reason|error|cause)s?\b|\bQuery status=2\b/i,
  /connection (?:failed|unsuccessful|error|(?:is )?not available)\b|network (?:error|problem|failure)\b|(?:server|host) .{0,60}(?:cannot|can.t|could not) be (?:reached|contacted)|(?:server|host) is not reachable|server (?:is )?unreachable/i,
  /(?:ne (?:peut|pouvez|parvient) pas|no (?:puede|es posible|se puede)|non (?:può|riesce a)|não (?:consegue|pode)|не может|kan (?:geen|niet)|kann nicht) .{0,24}(?:connect|conect|connett|подключ|соедин|verbind)|(?:was|were|am|is)n.t able to (?:establish|connect|open)|keine (?:sichere )?verbindung|verbindung.{0,60}(?:fehlgeschlagen|nicht (?:hergestellt|möglich|aufgebaut))|netzwerkfehler|verbindungsaufbau.{0,60}fehlgeschlagen/i,
  /(?:impossible|échec|erreur).{0,40}(?:connect|connexion)|erreur réseau|connexion.{0,60}(?:échoué|impossible)/i,
  /(?:no se (?:ha |pudo |puede )?(?:podido )?|error (?:al|de)|falló? (?:la|al)|imposible).{0,20}conect|error de (?:red|conexión)/i,
  /não (?:foi|é) possível.{0,20}conectar|(?:falha|erro) (?:ao|na|de).{0,12}(?:conect|conex|rede)|impossibile.{0,20}connett|(?:errore|problema) di (?:rete|connessione)|connessione.{0,40}(?:non riuscita|fallita)/i,
  /(?:не удалось|невозможно|ошибка).{0,30}(?:соедин|подключ)|ошибка сети/i,
  /(?:无法|不能|未能|無法).{0,8}(?:连接|連線|連接|建立连接)|(?:连接|連線|連接).{0,50}(?:失败|失敗|错误|异常|不上)|(?:网络|網路)(?:错误|异常|連線錯誤|错误)/,
  /không (?:thể )?kết nối|(?:lỗi|sự cố).{0,10}(?:kết nối|mạng)|kết nối.{0,40}(?:thất bại|không thành công|lỗi)/i,
  /接続(?:でき(?:ませんでした|ません|ない)|に失敗|エラー)|ネットワークエラー|(?:연결|접속)(?:할 수 없|하지 못|에 실패|실패| 오류)|네트워크 오류/,
  /nie (?:można|udało się|mogę).{0,20}połącz|kon niet verbinden|(?:kunne|kunde) (?:ikke|inte) .{0,20}(?:koble|ansluta|forbinde|knyta|nå)|yhteys .{0,20}ei onnistu|nelze navázat spojení|nu (?:s-a|m-am) putut conecta|bağlan(?:ılamadı|tı kurulamadı|tı hatası)|tidak (?:dapat|bisa) (?:terhubung|menyambung)|لا يمكن الاتصال|לא הצלחתי להתחבר/i,
];

export const connect: readonly Cause[] = [
  {
    id: 'connect.port-25',
    category: 'connection',
    stage: 'connect',
    owner: 'you',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'Port 25 is not for sending mail from an account',
      meaning:
        'Port 25 carries mail from server to server. Most networks block it for everybody else, and many servers take no log-in on it.',
      fix: [
        'Set the port for outgoing mail to 465 with SSL/TLS.',
        'Use port 587 with STARTTLS where 465 is not offered.',
        'Switch authentication on for the outgoing server, with the whole address as user name.',
        'Where this machine is a mail server of its own, ask the network or cloud provider to open outgoing port 25, or send through a relay on 587.',
      ],
    },
    links: [
      { title: 'RFC 8314 section 3.3, implicit TLS for submission', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-3.3' },
      { title: 'RFC 6409 section 3.1, submission port', url: 'https://www.rfc-editor.org/rfc/rfc6409#section-3.1' },
    ],
    test: 'Check the same host with --port 465 --security tls, then with --port 587 --security starttls.',
    example: {
      paste: 'Error: connect ETIMEDOUT 198.51.100.24:25 code: ESOCKET, syscall: connect, port: 25, command: CONN',
      serve: { protocol: 'smtp', security: 'starttls', tcp: 'refuse', client: { args: ['--port', '25'] } },
    },
    rules: [
      port25Fails,
      port25Works,
      pasted(
        likely(64, [
          /port ?25\b.{0,60}\b(?:block|filter|closed|refus|not (?:allowed|supported|permitted))|block\w{0,4}.{0,40}port ?25\b/i,
          /(?:restrict|limit|throttl|den[iy]|drop|clos)\w{0,4}\b.{0,60}\bport ?25\b|egress\b.{0,80}\bport ?25\b/i,
          /(?:not (?:allowed|permitted|supported|accepted|possible|available)|disabled|refused) (?:on|over|via|through) port ?25\b/i,
          /(?:instead|rather than|not|in place) (?:of )?(?:on )?port ?25\b|use (?:port )?(?:587|465).{0,30}(?:instead|25\b)/i,
          /\bOP25B\b|outbound port ?25 blocking|ポート ?25.{0,20}(?:規制|制限|遮断|ブロック|使用でき)|25番ポート/i,
          /(?:25 ?端口|端口 ?25).{0,20}(?:封|屏蔽|禁|限制)|(?:封|屏蔽|禁用).{0,10}25 ?端口|cổng 25.{0,20}(?:chặn|khóa)|chặn cổng 25/i,
        ]),
      ),
      pasted(
        seen((facts) => {
          if (!facts.all('connect').every((c) => c.port === 25) || facts.all('connect').length === 0) return undefined;
          const m = mention(facts, /execution expired|timed? ?out/i);
          return m && sighting('likely', 60, [m.evidence], { matched: m.matched, alternatives: ['connect.port-blocked'] });
        }),
      ),
    ],
  },
  {
    id: 'connect.port-blocked',
    category: 'connection',
    stage: 'connect',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'The network blocks this port',
      meaning:
        'The server itself is reachable, but connections to this port get lost on the way. An internet provider, cloud host, hotel or company network filters it.',
      fix: [
        'Use the other standard port: for sending 465 with SSL/TLS or 587 with STARTTLS in place of 25.',
        'Try from another network, for example over a mobile phone.',
        'Allow outgoing connections to ports 465, 587, 993 and 995 in the firewall of this machine, router or company.',
        'Ask the internet or cloud provider whether it blocks the port and to open it.',
      ],
    },
    links: [
      { title: 'RFC 8314 section 7.3, registered ports', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-7.3' },
      { title: 'RFC 5068 section 5, port 25 blocking', url: 'https://www.rfc-editor.org/rfc/rfc5068#section-5' },
    ],
    test: 'Connect to the same port of another mail server (--control-host): if that times out as well, the network blocks the port.',
    example: {
      paste:
        'Sending failed: your internet service provider is blocking port 587, or a firewall blocks outgoing SMTP connections.',
      unserved: 'The block is made by a network in between, which no server on loopback can play.',
    },
    rules: [
      blocked,
      likely(
        66,
        [
          /(?:isp|internet (?:service )?provider|network|firewall|router|host(?:ing)?(?: provider)?|anti-?virus|administrator|carrier)\b.{0,60}\bblock\w{0,4}\b.{0,60}\b(?:port|smtp|outgoing|outbound|mail)/i,
          /\bports \d{2,5}(?:[ ,/&]{1,3}(?:and |or )?\d{2,5}){1,5} (?:are |is |were |may be |might be |all )?(?:being )?(?:blocked|filtered|closed|firewalled|restricted)/i,
          /\bport (?:\d{2,5} )?(?:is |are |may be |might be |seems |appears )?(?:being )?(?:blocked|filtered|firewalled)|(?:outbound|outgoing) (?:smtp|mail|connections?|ports?).{0,40}(?:blocked|restricted|not allowed)/i,
          /端口.{0,20}(?:被封|被屏蔽|被阻|被禁|被防火墙)|(?:防火墙|运营商).{0,20}(?:阻止|拦截|屏蔽|封)|cổng.{0,30}bị (?:chặn|khóa)|(?:tường lửa|nhà mạng).{0,20}chặn/i,
          /port.{0,20}(?:blockiert|gesperrt)|port.{0,20}bloqué|puerto.{0,20}bloquead|porta.{0,20}bloquead|porta.{0,20}bloccat|порт.{0,20}(?:заблокирован|закрыт)|ポート.{0,20}ブロック/i,
        ],
        { unless: [/sender|spam|blacklist|blocklist|\bport ?25\b/i] },
      ),
      told(64, ['port', 'blocked'], { without: ['person', 'login'] }),
      pasted(possible(44, TIMES_OUT)),
    ],
  },
  {
    id: 'connect.refused',
    category: 'connection',
    stage: 'connect',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The server refuses connections on this port',
      meaning:
        'The machine is there and says at once that nothing listens on this port. The port is wrong, the service is not running, or the server has shut this address out.',
      fix: [
        'Check the port: 995 for POP3, 993 for IMAP, 465 or 587 for sending.',
        'Check the server name against the help page of your provider.',
        'Where this machine was refused after many failed log-ins, wait an hour or try from another network.',
        'Ask the administrator whether the service runs, listens on the public address and is allowed by the firewall.',
        'In a container, use the name of the mail server: localhost is the container itself.',
      ],
    },
    links: [
      {
        title: 'RFC 9293 section 3.5.2, reset of a connection request',
        url: 'https://www.rfc-editor.org/rfc/rfc9293#section-3.5.2',
      },
    ],
    test: 'Connect to the other standard ports of the host: if they open, only this service is not running.',
    example: {
      paste: 'ConnectionRefusedError: [Errno 111] Connection refused',
      serve: { protocol: 'imap', tcp: 'refuse' },
    },
    rules: [
      ended(50, 'refused'),
      likely(54, REFUSES, {
        unless: [/proxy|policy|too many|\b4[25]\d[ -]|\b55\d[ -]|not accept our requests.{0,200}timed out|error code 10060/i],
      }),
      numbers(['0x8007274d', '-9844'], 'likely', 56),
      pasted(likely(52, [/connection refused|verbindung verweigert/i])),
      pasted(possible(40, [/\bConnectionRefused\w{0,12}\b/])),
      told(26, ['connect', 'refused'], { certainty: 'possible', english: true, without: ['login', 'person'] }),
      told(50, ['connect', 'refused'], { without: ['login', 'person'] }),
    ],
  },
  {
    id: 'connect.timeout',
    category: 'connection',
    stage: 'connect',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'The server does not answer on this port',
      meaning:
        'Nothing came back, neither yes nor no. Either a firewall drops the connection, or no machine stands at this address, or the port is not in use.',
      fix: [
        'Check the port: 995 for POP3, 993 for IMAP, 465 or 587 for sending.',
        'Check the server name against the help page of your provider.',
        'Try from another network, for example over a mobile phone, to see whether this one blocks mail.',
        'Allow outgoing mail ports in the firewall, antivirus program or VPN of this machine.',
        'Ask the administrator whether the server is up and its firewall lets this address in.',
      ],
    },
    links: [
      { title: 'RFC 9293 section 3.8.3, connection failures', url: 'https://www.rfc-editor.org/rfc/rfc9293#section-3.8.3' },
    ],
    test: 'Connect to the same port from another network: an answer there puts the block on this side.',
    example: {
      paste:
        'TimeoutError: [WinError 10060] A connection attempt failed because the connected party did not properly respond after a period of time',
      serve: { protocol: 'pop3', tcp: 'no-answer' },
    },
    rules: [
      ended(50, 'timeout'),
      likely(53, TIMES_OUT, {
        unless: [
          /handshake|greeting|banner|welcome|dns|resolv|\blookup\b|:53\b|idle|inactiv|after (?:DATA|RCPT|MAIL|AUTH|end of)|name resolution|proxy|while (?:performing|sending|receiving)/i,
        ],
      }),
      likely(
        53,
        [/\bconversation with .{1,160} timed out while sending\b|\btimeout after [A-Z-]{4,16}(?: \(.{1,30}\))? from\b/i],
        {
          alternatives: ['server.unavailable', 'connect.reset'],
        },
      ),
      numbers(['0x800ccc19', '0x8004210a', '0x8004210b', '0x8007274c', '0x80072ee2', '-1001'], 'likely', 55),
      told(51, ['connect', 'time'], { without: ['certificate', 'login'] }),
      told(49, ['server', 'time'], { without: ['certificate', 'login', 'greets'] }),
      told(44, ['time'], {
        within: 40,
        without: ['certificate', 'login', 'greets', 'person'],
        unless: /sesi[oóõ]n|session|sitzung|sessão|sessione|sesja|сеанс|сесси|phiên|token|会话|工作階段|セッション|세션/,
      }),
      told(48, ['server', 'silent'], { without: ['login'] }),
      // The names that libraries give their errors are the same in every language.
      pasted(
        possible(45, [/\b\w{0,30}(?:Connect|Connection|Open|Socket)Timeout(?:Error|Exception)?\b/], {
          unless: [/handshake|greeting/i],
        }),
      ),
      // A library that waited for its own operation, and does not say which.
      pasted(
        possible(24, [/\bTimeout(?:Exception|Error)\b:? (?:the )?operation (?:has )?timed out/i], {
          of: 'text',
          unless: [/handshake|greeting/i],
        }),
      ),
      told(27, ['server', 'time'], { certainty: 'possible', english: true, without: ['certificate', 'login'] }),
      told(26, ['server', 'silent'], { certainty: 'possible', english: true }),
    ],
  },
  {
    id: 'connect.unreachable',
    category: 'connection',
    stage: 'connect',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'There is no route to the server',
      meaning:
        'A router, or this machine itself, reports that the address cannot be reached: the network is down, IPv6 is missing, or a gateway refuses to pass the traffic on.',
      fix: [
        'Check that this machine is online.',
        'Where the address is an IPv6 address, switch to IPv4 (--ipv4), or have IPv6 set up on this machine.',
        'Connect the VPN where the server stands in a private network.',
        'Ask the hosting or internet provider whether it lets outgoing mail connections pass.',
        'Ask the administrator of the server whether its machine and its route are up.',
      ],
    },
    links: [
      {
        title: 'RFC 1122 section 3.2.2.1, destination unreachable',
        url: 'https://www.rfc-editor.org/rfc/rfc1122#section-3.2.2.1',
      },
    ],
    test: 'Connect to any other host over the same address family: if that fails too, this machine has no route.',
    example: {
      paste: 'dial tcp 203.0.113.40:993: connect: no route to host',
      unserved: 'A missing route belongs to the machine or network, which no server on loopback can play.',
    },
    rules: [
      ended(50, 'unreachable'),
      likely(54, [
        /network is (?:unreachable|down)|no (?:valid )?route to (?:host|(?:the )?remote)\b|(?:host|network|destination) (?:is )?unreachable|\bE(?:NET|HOST)UNREACH\b|not connected to the internet|no (?:internet|network) connection|(?:internet|network) connection (?:appears to be|is) offline/i,
        /网络不可达|没有(?:网络|互联网)连接|无法访问网络|未连接到?(?:互联网|网络)|không có (?:kết nối )?(?:mạng|internet|đường|tuyến)|mạng không (?:khả dụng|thể truy cập)/i,
        /keine (?:\w+ )?(?:internetverbindung|verbindung zum internet)|netzwerk ist nicht erreichbar|pas de connexion (?:à )?internet|sin conexión a internet|sem conexão (?:com a|à) internet|нет (?:подключения к интернету|соединения с интернетом)|インターネットに接続されていません/i,
      ]),
      numbers(['0x80072743', '0x80072751', '0x800ccc13', '-1009'], 'likely', 55),
    ],
  },
  {
    id: 'connect.reset',
    category: 'connection',
    stage: 'connect',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'The connection is cut before the server says anything',
      meaning:
        'The connection opens and is closed or reset at once. The server has shut this address out, a proxy in front of it has no server behind it, or a firewall cuts the line.',
      fix: [
        'Wait some minutes and try again: busy servers and blocks after failed log-ins end by themselves.',
        'Try from another network, for example over a mobile phone.',
        'Switch off the mail scan of an antivirus program, and any VPN, for a test.',
        'Check port and encryption: 995 for POP3, 993 for IMAP, 465 for sending go with SSL/TLS, 587 with STARTTLS.',
        'Ask the administrator what the log of the server says about this address.',
      ],
    },
    links: [{ title: 'RFC 9293 section 3.5.3, reset processing', url: 'https://www.rfc-editor.org/rfc/rfc9293#section-3.5.3' }],
    test: 'Connect from another network and look at the log of the server: a block there proves that the address is shut out.',
    example: {
      paste: 'Error: read ECONNRESET at TCP.onStreamRead errno: -104, syscall: read, command: CONN',
      serve: { protocol: 'imap', security: 'starttls', tcp: 'reset' },
    },
    rules: [
      ended(50, 'reset'),
      cutEarly,
      // PHPMailer quotes the server's answer after these words: there was none.
      pasted(likely(58, [/not accepted from server: ?(?:$|SMTP (?:->|error))/i])),
      likely(58, [/lost connection with .{1,200} while (?:receiving the initial|performing the)/i]),
      likely(47, CUT, { unless: [NOT_CUT] }),
      possible(40, CUT, { unless: [/log ?out|idle|idling|lost connection after AUTH/i], of: 'text' }),
      // The server hangs up on a silent client: nothing was refused.
      likely(
        50,
        [
          /\bidle (?:for )?too long|\b(?:for|due to|because of) inactivity\b|^session (?:has |is )?(?:expired|timed? ?out)\b|^connection (?:is|was|has been) closed\b/i,
        ],
        {
          of: 'reply',
          alternatives: ['server.unavailable'],
        },
      ),
      pasted(likely(52, [/\(code: -1, response: ?\)/], { alternatives: ['tls.plain-on-implicit-port', 'greeting.timeout'] })),
      pasted(
        likely(48, [
          /bad greeting from SMTP host.{0,120}response: (?:\[EOF\]|-1)|\bresponse: (?:\[EOF\]|-1\b)|Exception: \[EOF\]/i,
        ]),
      ),
      numbers(
        ['0x80040212', '80040212', '0x800ccc0f', '0x800cccdd', '0x80072746', '0x80072efe', '0x800ccc12', '-1005'],
        'likely',
        55,
      ),
      pasted(
        possible(40, [
          /\b\w{0,30}(?:ServerDisconnected|ConnectionClosed|ConnectionReset|ConnectionAborted|RemoteDisconnected|(?:Store|Folder|Transport|Session)Closed|BrokenPipe|EOFError|EOFException|ServiceNotConnected)\w{0,12}\b/,
        ]),
      ),
      told(27, ['connect', 'cut'], { certainty: 'possible', english: true, without: ['login'] }),
      told(45, ['server', 'cut'], { without: ['time', 'login', 'refused', 'person', 'starttls'] }),
      told(46, ['connect', 'cut'], { without: ['time', 'login', 'refused'] }),
    ],
  },
  {
    id: 'connect.one-family',
    category: 'connection',
    stage: 'connect',
    owner: 'network',
    severity: 'warning',
    words: {
      title: 'Only one of IPv4 and IPv6 reaches the server',
      meaning:
        'The name has addresses of both kinds, and one kind does not work. Programs that try that one first wait a long time or give up.',
      fix: [
        'Where other hosts fail over IPv6 as well, repair IPv6 on this machine, router or container, or switch it off.',
        'Set the program to IPv4 until then (mailcheck: --ipv4).',
        'Ask the administrator of the server to let the service listen on both, or to remove the record of the dead address.',
      ],
    },
    links: [{ title: 'RFC 8305, Happy Eyeballs', url: 'https://www.rfc-editor.org/rfc/rfc8305#section-5' }],
    test: 'Check once with --ipv4 and once with --ipv6.',
    example: {
      paste: 'Connecting over IPv6 fails (2001:db8::25), it works with IPv4 only',
      serve: { protocol: 'imap', tcp: 'first-address-dead' },
    },
    rules: [
      oneFamily,
      asFault(
        likely(58, [
          /ipv6\b.{0,80}\b(?:fail|timed? ?out|unreachable|broken|not work|does not|doesn.t|hang)\w{0,4}\b.{0,120}\b(?:ipv4|works)/i,
          /ipv4\b.{0,80}\b(?:works|fine|ok|succeed)\w{0,4}\b.{0,120}\bipv6|(?:works|only) (?:over|with|via|using) ipv4|(?:disabl|switch)\w{0,4}.{0,20}ipv6.{0,40}(?:works|fixe[sd]|helps)|\bworks?\b.{0,30}\b(?:disabl\w+|without|turn\w* off|switch\w* off) ipv[46]/i,
        ]),
      ),
    ],
  },
  {
    id: 'connect.local-policy',
    category: 'connection',
    stage: 'connect',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'This machine itself does not let the connection out',
      meaning:
        'The operating system refuses the connection before it leaves: a local firewall, security program, sandbox, VPN or data limit forbids it, or there is no usable own address.',
      fix: [
        'Allow the program in the firewall or security program of this machine.',
        'Allow background and mobile data for the mail app in the settings of the phone.',
        'On a server with SELinux or cPanel, allow the web application to open mail connections (httpd_can_sendmail, SMTP Restrictions).',
        'Switch the VPN or sandbox off for a test.',
        'Ask the administrator of this machine which rule forbids it.',
      ],
    },
    links: [{ title: 'RFC 9293 section 3.9.1.1, open call', url: 'https://www.rfc-editor.org/rfc/rfc9293#section-3.9.1.1' }],
    test: 'Connect with another program, or from another machine in the same network: if that works, the rule is local.',
    example: {
      paste: 'java.net.SocketException: Permission denied: connect',
      unserved: 'A local firewall or sandbox refuses before any server is reached.',
    },
    rules: [
      ended(50, 'denied'),
      ended(47, 'no-source'),
      // A program says so of its own socket; in the mouth of a server the words mean something else.
      likely(
        68,
        [
          /(?:permission denied|operation not permitted|access denied)\b.{0,40}\b(?:connect|socket|dial)|(?:connect|socket|dial|bind)\w{0,4}\b.{0,80}\b(?:permission denied|operation not permitted|EACCES|EPERM)|forbidden by its access permissions/i,
        ],
        { of: 'text' },
      ),
      likely(68, [
        /(?:local|personal|windows|this (?:computer|machine|device).s|your (?:computer|machine|device).s) (?:security )?(?:firewall|anti-?virus|defender|security (?:software|program)).{0,60}(?:block|forbid|prevent|den)/i,
        /httpd_can_(?:network_connect|sendmail)|\bselinux\b|apparmor|smtp restrictions.{0,40}(?:enabled|cpanel)|sandbox.{0,40}(?:den|block|network)/i,
        /(?:data saver|background data|mobile data|cellular data|low data mode|data limit).{0,60}(?:off|disabled|restrict|block|turned|reached|not allowed|is (?:on|active|enabled))|(?:turned|switched) off .{0,30}(?:mobile|cellular|background) data/i,
        /(?:流量|移动数据|后台数据).{0,20}(?:限制|关闭|禁)|(?:防火墙|安全软件).{0,20}(?:阻止|拦截)了?.{0,10}(?:程序|软件|应用)|dữ liệu (?:di động|nền).{0,20}(?:tắt|hạn chế|giới hạn)/i,
      ]),
      likely(50, [/cannot assign requested address|\bEADDRNOTAVAIL\b/i]),
    ],
  },
  {
    id: 'connect.proxy',
    category: 'connection',
    stage: 'connect',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'A proxy or VPN in between breaks the connection',
      meaning: 'The program connects through a proxy, and the proxy refused the connection to the mail server or did not answer.',
      fix: [
        'Set the program to connect directly, without a proxy.',
        'Switch the VPN off for a test.',
        'Ask whoever runs the proxy to allow connections to ports 465, 587, 993 and 995.',
        'Correct name, port, user and password of the proxy where it wants a log-in.',
      ],
    },
    links: [
      { title: 'RFC 1928 section 6, SOCKS replies', url: 'https://www.rfc-editor.org/rfc/rfc1928#section-6' },
      { title: 'RFC 9110 section 9.3.6, CONNECT', url: 'https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6' },
    ],
    test: 'Check without the proxy: if that passes, the proxy is at fault.',
    example: {
      paste: 'SOCKS5 proxy: connection not allowed by ruleset',
      unserved: 'It needs a proxy between the check and the server; the lab serves mail servers.',
    },
    rules: [
      ended(56, 'proxy'),
      likely(
        66,
        [
          /\bsocks(?:4a?|5h?)?\b.{0,80}\b(?:fail|refus|reject|error|denied|not allowed|unreachable|timed? ?out|complete)\w{0,4}|(?:can.?t|cannot|could not) complete socks/i,
          /\bproxy\b.{0,60}\b(?:refus|reject|denied|error|fail|abort|unreachable|timed? ?out|authentication|not respond|407|403|502|503)\w{0,6}|\b(?:HTTP )?(?:code )?(?:407|403|502|503)\b.{0,30}\bfrom proxy/i,
          /(?:resolve|connect to|connecting to|reach) (?:the )?(?:socks\d?a? |https? )?proxy|tunnel(?:l?ing)? (?:socket|connection)?.{0,30}(?:could not|fail|refus)|proxyconnect tcp|ERR_(?:PROXY|TUNNEL)_CONNECTION/i,
          /\bvpn\b.{0,60}\b(?:block|refus|break|drop|interfer|prevent)\w{0,4}|代理(?:服务器)?.{0,20}(?:拒绝|失败|错误|无法连接|无响应)|proxy.{0,20}(?:từ chối|lỗi|thất bại)/i,
        ],
        {
          unless: [
            /proxy session setup|-login: |MFE proxy|email proxy|smtp proxy|mail proxy|proxy server.s (?:security )?certificate|proxyaddresses|nginx/i,
          ],
        },
      ),
    ],
  },
  {
    id: 'connect.unexplained',
    category: 'connection',
    stage: 'connect',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The server could not be reached, and no reason is given',
      meaning:
        'The text says only that there was no connection. Wrong name, wrong port, wrong encryption, a firewall or a server that is down all look like this.',
      fix: [
        'Run mailcheck against the same server and port: it names the stage that fails.',
        'Check the server name against the help page of your provider.',
        'Check port and encryption: 995, 993 and 465 go with SSL/TLS, 587 with STARTTLS.',
        'Try from another network, for example over a mobile phone.',
        'Switch on the debug output of the program (PHPMailer: SMTPDebug = 3) and look for the words after "connect".',
      ],
    },
    links: [{ title: 'RFC 8314 section 7.3, registered ports', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-7.3' }],
    test: 'Look for the text of the system behind the message: refused, timed out, unknown host or a TLS error.',
    example: {
      paste: 'SMTP Error: Could not connect to SMTP host.',
      unserved: 'A live check always sees how the connection fails.',
    },
    rules: [
      ended(30, 'failed'),
      // The line was never there or is gone: what is said of a command after that is no answer to it.
      unanswered(
        likely(85, [
          /\bwithout being connected\b|\bnot (?:yet )?connected to (?:an? |the |any )?(?:smtp|imap|pop3?|mail|server|host)|\bmust (?:first )?connect\b/i,
        ]),
      ),
      possible(30, UNEXPLAINED, {
        of: 'text',
        unless: [/authenticat|log ?-?in|password|credential|认证|登录|密码|mật khẩu|đăng nhập/i],
      }),
      pasted(possible(28, UNEXPLAINED, { of: 'reply', unless: [/authenticat|log ?-?in|password|credential/i] })),
      numbers(
        ['0x80040213', '80040213', '-2147220973', '0x800ccc0e', '0x80042108', '0x80042109', '0x800ccc15', '0x80072efd', '-1004'],
        'possible',
        36,
      ),
      pasted(possible(26, [/\bECONNECTION\b|\bESOCKET\b/])),
      told(40, ['server', 'noreason'], { certainty: 'possible' }),
      told(29, ['connect', 'fails'], { certainty: 'possible', without: ['login', 'person'] }),
      told(24, ['server', 'missing'], { certainty: 'possible', english: true, within: 60, alternatives: ['dns.no-such-host'] }),
      told(23, ['connect', 'fails'], {
        certainty: 'possible',
        english: true,
        without: ['person'],
        alternatives: ['connect.timeout', 'connect.refused'],
      }),
      told(11, ['server', 'fails'], {
        certainty: 'possible',
        english: true,
        without: ['person', 'login'],
        alternatives: ['server.unavailable', 'connect.timeout'],
      }),
      told(28, ['server', 'reach', 'fails'], { certainty: 'possible', without: ['login', 'person'] }),
    ],
  },
];

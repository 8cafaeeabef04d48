/**
 * What operating systems and libraries say when a name or a host cannot be reached: errno names, numbers of Linux, macOS and
 * Windows sockets, getaddrinfo codes (RFC 3493 §6.1), and the messages of glibc and Windows in many languages.
 *
 * A pure map from words to ConnectOutcome or LookupOutcome.
 */
import type { ConnectOutcome, LookupOutcome } from '../model/evidence.ts';

export type SocketError =
  | { readonly kind: 'connect'; readonly outcome: ConnectOutcome; readonly code: string; readonly matched: string }
  | { readonly kind: 'lookup'; readonly outcome: LookupOutcome; readonly code: string; readonly matched: string };

type Meaning =
  | { readonly kind: 'connect'; readonly outcome: ConnectOutcome; readonly code: string }
  | { readonly kind: 'lookup'; readonly outcome: LookupOutcome; readonly code: string };

const connect = (outcome: ConnectOutcome, code: string): Meaning => ({ kind: 'connect', outcome, code });
const lookup = (outcome: LookupOutcome, code: string): Meaning => ({ kind: 'lookup', outcome, code });

const REFUSED = connect('refused', 'ECONNREFUSED');
const TIMEOUT = connect('timeout', 'ETIMEDOUT');
const NO_HOST_ROUTE = connect('unreachable', 'EHOSTUNREACH');
const NO_NET_ROUTE = connect('unreachable', 'ENETUNREACH');
const RESET = connect('reset', 'ECONNRESET');
const DENIED = connect('denied', 'EACCES');
const NO_SOURCE = connect('no-source', 'EADDRNOTAVAIL');
const NO_NAME = lookup('nxdomain', 'ENOTFOUND');
const NO_DATA = lookup('no-data', 'ENODATA');
const AGAIN = lookup('timeout', 'EAI_AGAIN');
const SERVFAIL = lookup('servfail', 'ESERVFAIL');

/** By name, without the Windows prefix `WSA`. */
const CODES: Readonly<Record<string, Meaning>> = {
  ECONNREFUSED: REFUSED,
  ETIMEDOUT: TIMEOUT,
  ERR_SOCKET_CONNECTION_TIMEOUT: TIMEOUT,
  UND_ERR_CONNECT_TIMEOUT: TIMEOUT,
  EHOSTUNREACH: NO_HOST_ROUTE,
  EHOSTDOWN: connect('unreachable', 'EHOSTDOWN'),
  ENETUNREACH: NO_NET_ROUTE,
  ENETDOWN: connect('unreachable', 'ENETDOWN'),
  ENETRESET: RESET,
  ECONNRESET: RESET,
  ECONNABORTED: connect('reset', 'ECONNABORTED'),
  EPIPE: connect('reset', 'EPIPE'),
  ESHUTDOWN: connect('reset', 'ESHUTDOWN'),
  EACCES: DENIED,
  EPERM: connect('denied', 'EPERM'),
  EADDRNOTAVAIL: NO_SOURCE,
  EAFNOSUPPORT: connect('unreachable', 'EAFNOSUPPORT'),
  EADDRINUSE: connect('no-source', 'EADDRINUSE'),
  ENOBUFS: connect('failed', 'ENOBUFS'),
  EMFILE: connect('failed', 'EMFILE'),
  EPROXY: connect('proxy', 'EPROXY'),
  ENOTFOUND: NO_NAME,
  EAI_NONAME: lookup('nxdomain', 'EAI_NONAME'),
  HOST_NOT_FOUND: NO_NAME,
  NXDOMAIN: NO_NAME,
  EAI_AGAIN: AGAIN,
  TRY_AGAIN: AGAIN,
  ETIMEOUT: lookup('timeout', 'ETIMEOUT'),
  EAI_NODATA: lookup('no-data', 'EAI_NODATA'),
  EAI_ADDRFAMILY: lookup('no-data', 'EAI_ADDRFAMILY'),
  ENODATA: NO_DATA,
  NO_DATA,
  EAI_FAIL: lookup('servfail', 'EAI_FAIL'),
  NO_RECOVERY: SERVFAIL,
  ESERVFAIL: SERVFAIL,
  SERVFAIL,
  EREFUSED: lookup('refused', 'EREFUSED'),
  EBADRESP: lookup('malformed', 'EBADRESP'),
  EFORMERR: lookup('malformed', 'EFORMERR'),
};

/** Numbers of Windows sockets; they stand for themselves wherever an error number stands. */
const WINDOWS: Readonly<Record<number, Meaning>> = {
  10013: DENIED,
  10049: NO_SOURCE,
  10050: connect('unreachable', 'ENETDOWN'),
  10051: NO_NET_ROUTE,
  10052: RESET,
  10053: connect('reset', 'ECONNABORTED'),
  10054: RESET,
  10060: TIMEOUT,
  10061: REFUSED,
  10064: connect('unreachable', 'EHOSTDOWN'),
  10065: NO_HOST_ROUTE,
  11001: NO_NAME,
  11002: AGAIN,
  11003: SERVFAIL,
  11004: NO_DATA,
};
/** errno of Linux; the small numbers need the word errno, or brackets after a socket message. */
const LINUX: Readonly<Record<number, Meaning>> = {
  1: connect('denied', 'EPERM'),
  13: DENIED,
  32: connect('reset', 'EPIPE'),
  99: NO_SOURCE,
  101: NO_NET_ROUTE,
  104: RESET,
  110: TIMEOUT,
  111: REFUSED,
  112: connect('unreachable', 'EHOSTDOWN'),
  113: NO_HOST_ROUTE,
};
/** errno of macOS and the BSDs. */
const BSD: Readonly<Record<number, Meaning>> = {
  49: NO_SOURCE,
  51: NO_NET_ROUTE,
  54: RESET,
  60: TIMEOUT,
  61: REFUSED,
  64: connect('unreachable', 'EHOSTDOWN'),
  65: NO_HOST_ROUTE,
};
/** libuv's own numbers, where the system has none (Node.js on Windows). */
const LIBUV: Readonly<Record<number, Meaning>> = {
  '-4095': RESET,
  '-4092': DENIED,
  '-4090': NO_SOURCE,
  '-4079': RESET,
  '-4078': REFUSED,
  '-4077': RESET,
  '-4073': NO_HOST_ROUTE,
  '-4062': NO_NET_ROUTE,
  '-4048': connect('denied', 'EPERM'),
  '-4047': connect('reset', 'EPIPE'),
  '-4039': TIMEOUT,
  '-3008': lookup('nxdomain', 'EAI_NONAME'),
  '-3007': lookup('no-data', 'EAI_NODATA'),
  '-3004': lookup('servfail', 'EAI_FAIL'),
  '-3001': AGAIN,
};
/** getaddrinfo of glibc (negative) and of macOS (8). */
const GAI: Readonly<Record<string, Meaning>> = {
  '-2': lookup('nxdomain', 'EAI_NONAME'),
  '-3': AGAIN,
  '-4': lookup('servfail', 'EAI_FAIL'),
  '-5': lookup('no-data', 'EAI_NODATA'),
  '8': lookup('nxdomain', 'EAI_NONAME'),
};

/** Messages, lower case; several languages of glibc, Windows and libraries. */
const MESSAGES: readonly (readonly [Meaning, readonly string[]])[] = [
  // What a sentence adds to "not found" says more: these come before it.
  [
    lookup('no-data', 'ENODATA'),
    [
      'no address associated with hostname',
      'no address associated with name',
      'no data of the requested type was found',
      'host found but no data record of requested type',
      'no data record of requested type',
      'dns server returned answer with no data',
      'zu diesem hostnamen gehört keine adresse',
      'hat keine adresse',
    ],
  ],
  [
    AGAIN,
    [
      'temporary failure in name resolution',
      'temporary dns error',
      'try again (eai_again)',
      'temporary error during hostname resolution',
      'host not found, try again',
      'name resolution timed out',
      'resolving timed out',
      'dns timeout',
      'dns lookup timed out',
      'dns query timed out',
      'no servers could be reached',
      'temporärer fehler bei der namensauflösung',
      'échec temporaire dans la résolution du nom',
      'fallo temporal en la resolución del nombre',
      'errore temporaneo nella risoluzione del nome',
      'falha temporária na resolução de nome',
      'временный сбой в разрешении имен',
      '域名解析暂时失败',
      '域名解析出现暂时性错误',
      '名稱解析暫時失敗',
      '名前解決に一時的に失敗しました',
      'tạm thời thất bại khi phân giải tên',
      'lỗi tạm thời trong phân giải tên',
    ],
  ],
  [
    SERVFAIL,
    [
      'non-recoverable failure in name resolution',
      'non-recoverable error occurred during a database lookup',
      'server misbehaving',
      'servfail',
      'dns server failure',
      'server failure in dns',
    ],
  ],
  [
    lookup('nxdomain', 'ENOTFOUND'),
    [
      'name or service not known',
      'ns_error_unknown_host',
      'err_name_not_resolved',
      'nodename nor servname provided',
      'no such host is known',
      'no such host',
      'unknownhostexception',
      'could not resolve host',
      "couldn't resolve host",
      'unable to resolve host',
      'cannot resolve host',
      'remote name could not be resolved',
      'host name could not be resolved',
      'hostname could not be resolved',
      'specified host is unknown',
      'nxdomain',
      'host or domain name not found',
      'domain name not found',
      'unknown host',
      'no such domain',
      'unknown smtp host',
      'unknown imap host',
      'unknown pop3 host',
      'non-existent domain',
      'nom ou service inconnu',
      'hôte inconnu',
      'der name oder der dienst ist nicht bekannt',
      'name oder dienst nicht bekannt',
      'der angegebene host ist unbekannt',
      'es ist kein solcher host bekannt',
      'host ist unbekannt',
      'nombre o servicio desconocido',
      'host desconocido',
      'nome o servizio sconosciuto',
      'host sconosciuto',
      'nome ou serviço desconhecido',
      'este host não é conhecido',
      'naam of service is onbekend',
      'nieznana nazwa lub usługa',
      'nieznany host',
      'неизвестное имя или служба',
      'имя или служба не известны',
      'этот хост неизвестен',
      '未知的名称或服务',
      '不知道这样的主机',
      '無法識別這台主機',
      '未知的名稱或服務',
      '无法解析主机',
      '無法解析主機',
      '名前またはサービスが不明です',
      'そのようなホストは不明です',
      '알려지지 않은 이름 혹은 서비스',
      '알려진 호스트가 없습니다',
      'tên hoặc dịch vụ không',
      'không thể phân giải tên',
      'böyle bir ana bilgisayar bilinmiyor',
      'neznámé jméno nebo služba',
    ],
  ],
  [
    DENIED,
    [
      'forbidden by its access permissions',
      'socket in a way forbidden',
      'permission denied: connect',
      'failed to connect to server: permission denied',
      'connect: permission denied',
      'connect: operation not permitted',
      'zugriffsrechte des sockets',
      'manière interdite par ses autorisations d',
      'no permitida por sus permisos de acceso',
      'vietato dalle relative autorizzazioni',
      'forma proibida por suas permissões',
      'запрещенным правами доступа',
      '访问权限不允许的方式',
      '拒絕存取的方式',
      'アクセス許可で禁じられた方法',
      '액세스 권한에 의해 숨겨진 소켓',
    ],
  ],
  [
    REFUSED,
    [
      'connection refused',
      'connection_refused',
      'connect_refused_error',
      'connection was refused',
      'actively refused',
      'target machine actively refused',
      'connect refused',
      'refused the network connection',
      'verbindungsaufbau abgelehnt',
      'zielcomputer die verbindung verweigerte',
      'verbindung verweigert',
      'connexion refusée',
      "l'a expressément refusée",
      'conexión rehusada',
      'denegó expresamente',
      'connessione rifiutata',
      'rifiuto persistente del computer',
      'conexão recusada',
      'recusou ativamente',
      'recusaram ativamente',
      'as recusou ativamente',
      'verbinding is geweigerd',
      'actief heeft geweigerd',
      'actief geweigerd',
      'połączenie odrzucone',
      'aktywnie go odmawia',
      'aktywnie odmawia',
      'в соединении отказано',
      'конечный компьютер отверг запрос',
      '拒绝连接',
      '连接被拒绝',
      '连接被拒',
      '积极拒绝',
      '連線被拒',
      '拒絕連線',
      '接続を拒否されました',
      '接続が拒否されました',
      'コンピューターによって拒否されたため',
      '연결이 거부',
      '연결을 거부',
      'kết nối bị từ chối',
      'bağlantı reddedildi',
      'etkin olarak reddettiğinden',
      'spojení odmítnuto',
      'aktivně odmítl',
      'förbindelsen förvägrad',
      'forbindelse afvist',
      'yhteys torjuttu',
    ],
  ],
  [
    RESET,
    [
      'connection reset',
      'connect_reset_error',
      'ns_error_net_reset',
      'ns_error_net_interrupt',
      'forcibly closed by the remote host',
      'software caused connection abort',
      'aborted by the software in your host machine',
      'broken pipe',
      'kommunikationspartner zurückgesetzt',
      'vom remotehost geschlossen',
      'verbindung zurückgesetzt',
      'ré-initialisée par le correspondant',
      "fermée par l'hôte distant",
      'connexion réinitialisée',
      'reinicializada por la máquina remota',
      'interrupción de una conexión existente por el host remoto',
      'connessione interrotta dal corrispondente',
      "interrotta forzatamente dall'host remoto",
      'cancelamento de uma conexão existente pelo host remoto',
      'conexão fechada pela outra ponta',
      'соединение разорвано другой стороной',
      'принудительно разорвал существующее подключение',
      '连接被对方重',
      '连接被对端重置',
      '对等端重置',
      '强迫关闭了一个现有的连接',
      '连接被重置',
      '連線被對方重設',
      '強制關閉一個現存的連線',
      '接続が相手からリセットされました',
      'リモート ホストに強制的に切断されました',
      '원격 호스트에 의해 강제로 끊겼습니다',
      'kết nối bị đặt lại',
      'bağlantı karşı taraftan sıfırlandı',
    ],
  ],
  [
    NO_NET_ROUTE,
    [
      'err_internet_disconnected',
      'err_network_changed',
      'network is unreachable',
      'network unreachable',
      'network is down',
      'unreachable network',
      'das netzwerk ist nicht erreichbar',
      'nicht verfügbares netzwerk',
      "le réseau n'est pas accessible",
      'réseau inaccessible',
      'la red es inaccesible',
      'red no accesible',
      'rete non raggiungibile',
      'rete non è raggiungibile',
      'a rede está fora de alcance',
      'rede inacessível',
      'netwerk is onbereikbaar',
      'sieć jest niedostępna',
      'сеть недоступна',
      '网络不可达',
      '网络无法连接',
      '无法连接的网络',
      '網路無法到達',
      '無法連上網路',
      'ネットワークに届きません',
      'ネットワークに到達できません',
      '네트워크가 접근 불가능',
      'mạng không thể tới',
      'không tới được mạng',
      'ağa ulaşılamıyor',
    ],
  ],
  [
    NO_HOST_ROUTE,
    [
      'err_address_unreachable',
      'no route to host',
      'noroutetohostexception',
      'host is unreachable',
      'host unreachable',
      'unreachable host',
      'host is down',
      'keine route zum ziel',
      'nicht verfügbaren host',
      "aucun chemin d'accès pour atteindre",
      'no existe ninguna ruta hasta',
      "nessun instradamento per l'host",
      'não há rota para o host',
      'geen route naar host',
      'brak trasy do hosta',
      'нет маршрута до узла',
      '没有到主机的路由',
      '沒有路由到主機',
      'ホストへの経路がありません',
      '호스트로 갈 루트가 없음',
      'không có tuyến đến máy',
    ],
  ],
  [
    NO_SOURCE,
    [
      'cannot assign requested address',
      "can't assign requested address",
      'requested address is not valid in its context',
      '无法指定被请求的地址',
      '要求されたアドレスに割り当てできません',
    ],
  ],
  [
    TIMEOUT,
    [
      'err_connection_timed_out',
      'connection timed out',
      'ns_error_net_timeout',
      'connect_timeout_error',
      'operation timed out',
      'connect timed out',
      'connect timeout',
      'connection timeout',
      'connection attempt timed out',
      'did not properly respond after a period of time',
      'connected host has failed to respond',
      'wartezeit für die verbindung ist abgelaufen',
      'zeitspanne nicht richtig reagiert',
      'zeitüberschreitung der verbindung',
      "expiration du délai d'attente",
      "n'a pas répondu convenablement",
      'expiró el tiempo de conexión',
      'no respondió adecuadamente tras un periodo',
      'connessione scaduta',
      'risposta non corretta della parte connessa',
      'tempo esgotado para conexão',
      'tempo de conexão esgotado',
      'não respondeu corretamente após um período',
      'wachttijd voor verbinding is verstreken',
      'przekroczony czas oczekiwania na połączenie',
      'upłynął limit czasu połączenia',
      'nie odpowiedziała poprawnie',
      'время ожидания соединения истекло',
      'превышено время ожидания',
      'за требуемое время не получен нужный отклик',
      '连接超时',
      '连接尝试失败',
      '連線逾時',
      '連線嘗試失敗',
      '接続がタイムアウトしました',
      '正しく応答しなかったため',
      '연결 시간 초과',
      '연결 시간이 초과',
      '연결된 구성원으로부터 응답이 없어',
      'quá giờ kết nối',
      'kết nối bị quá hạn',
      'kết nối quá thời gian',
      'bağlantı zaman aşımına uğradı',
    ],
  ],
];

/** Sentences with a host in the middle. */
const SENTENCES: readonly (readonly [Meaning, RegExp])[] = [
  [AGAIN, /\blookup .{1,250}i\/o timeout/],
  [NO_NAME, /name service error .{1,200}: host not found$/],
  [TIMEOUT, /\bdial (?:tcp|udp).{1,200}: i\/o timeout|\bopentimeout\b/],
  [REFUSED, /\bconnection to .{1,120}? (?:was |has been )?refused|\brefused (?:the |our )?connection\b/],
  [
    TIMEOUT,
    /\bconnect(?:ion|ing)?(?: attempt)? (?:to|with) .{1,120}? (?:has )?timed out|\btimed out (?:while |when )?(?:trying to )?connect/,
  ],
  [RESET, /\bconnection to .{1,120}? (?:was |has been )?reset/],
];

const NAME =
  /\b(?:WSA)?(E(?:CONNREFUSED|TIMEDOUT|HOSTUNREACH|HOSTDOWN|NETUNREACH|NETDOWN|NETRESET|CONNRESET|CONNABORTED|PIPE|SHUTDOWN|ACCES|PERM|ADDRNOTAVAIL|AFNOSUPPORT|PROXY|NOTFOUND|AI_NONAME|AI_AGAIN|AI_NODATA|AI_ADDRFAMILY|AI_FAIL|NODATA|SERVFAIL|REFUSED|TIMEOUT|BADRESP|FORMERR)|HOST_NOT_FOUND|TRY_AGAIN|NO_DATA|NO_RECOVERY|NXDOMAIN|SERVFAIL)\b/;
const NUMBER =
  /(?:\b(?:errno|os error|winerror|winsock|wsa|socket|error|code|fehler|错误|エラー|lỗi)\b[^\d\n-]{0,14}|\()(-?\d{1,5})\b/gi;
/** After these words a small errno is meant. */
const ERRNO = /errno|os error|socket/i;

/**
 * @param code a code as the platform gives it: `ECONNREFUSED`, `WSAECONNREFUSED`, `EAI_AGAIN`, `10061`.
 * @returns what it means for a connection or a look-up; undefined where it is neither.
 */
export function socketErrorOfCode(code: string): SocketError | undefined {
  const name = code.replace(/^WSA/i, '').toUpperCase();
  const meaning = (Object.hasOwn(CODES, name) ? CODES[name] : undefined) ?? WINDOWS[Number(code)];
  return meaning ? { ...meaning, matched: code } : undefined;
}

/** @returns the outcome of a failed connection by its code; `failed` where the code is not known. */
export function connectOutcomeOf(code: string | undefined): ConnectOutcome {
  const e = code === undefined ? undefined : socketErrorOfCode(code);
  return e?.kind === 'connect' ? e.outcome : 'failed';
}

/** @returns the outcome of a failed look-up by the resolver's or getaddrinfo's code; `failed` where the code is not known. */
export function lookupOutcomeOf(code: string | undefined): LookupOutcome {
  if (code === 'ECONNREFUSED') return 'unreachable';
  if (code === 'ETIMEDOUT') return 'timeout';
  const e = code === undefined ? undefined : socketErrorOfCode(code);
  return e?.kind === 'lookup' ? e.outcome : 'failed';
}

function byNumber(text: string): SocketError | undefined {
  for (const m of text.matchAll(NUMBER)) {
    const digits = m[1] ?? '';
    const n = Number(digits);
    const errno = ERRNO.test(m[0]);
    const meaning =
      WINDOWS[n] ??
      (errno ? (LIBUV[n] ?? LINUX[n] ?? BSD[n]) : undefined) ??
      (errno || /addrinfo/i.test(text) ? GAI[digits] : undefined) ??
      (errno ? LINUX[-n] : undefined);
    if (meaning && !(digits === '8' && !/addrinfo|nodename|errno 8/i.test(text))) return { ...meaning, matched: m[0] };
  }
  return undefined;
}

/**
 * @param text one message, a few lines at most.
 * @returns the first socket or resolver error that it names, by name, by message in any known language, then by number;
 *   undefined where it names none. A look-up wins over a connection in the same text, since it comes before it.
 */
export function readSocketError(text: string): SocketError | undefined {
  const words = text.toLowerCase().replace(/’/g, "'").replace(/\s+/g, ' ');
  const name = NAME.exec(text);
  const named = name?.[1] ? socketErrorOfCode(name[1]) : undefined;
  let first: SocketError | undefined;
  for (const [meaning, messages] of MESSAGES) {
    const matched = messages.find((m) => words.includes(m));
    if (matched === undefined) continue;
    if (meaning.kind === 'lookup') return { ...meaning, matched };
    first ??= { ...meaning, matched };
  }
  if (!named && !first) {
    const said = SENTENCES.map(([meaning, sentence]) => ({ meaning, m: sentence.exec(words) })).find((x) => x.m);
    if (said) return { ...said.meaning, matched: said.m?.[0] ?? '' };
  }
  if (named) return inLookup(words, named) ?? named;
  if (first) return inLookup(words, first) ?? first;
  return byNumber(text);
}

/** Go's "lookup x on 1.1.1.1:53: … i/o timeout", Node's "queryA ETIMEOUT": the resolver is the one that failed. */
function inLookup(words: string, e: SocketError): SocketError | undefined {
  if (e.kind === 'lookup' || !/\blookup [\w.-]{1,253} on |:53\b|\bquery(?:a|aaaa|mx|srv) /.test(words)) return undefined;
  if (e.outcome === 'timeout') return { ...AGAIN, matched: e.matched };
  if (e.outcome === 'refused') return { ...lookup('unreachable', e.code), matched: e.matched };
  return undefined;
}

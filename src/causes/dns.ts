/** The name of the server and what the resolver said about it (RFC 1035, 2308, 8020). */
import type { Cause, Rule } from '../model/cause.ts';
import type { LookupEvidence, LookupOutcome } from '../model/evidence.ts';
import { likely, pasted, possible } from './hear.ts';
import { answered, mainLookups, numbers, sureness } from './look.ts';
import { seen, sighting } from './rules.ts';
import { told } from './tongues.ts';

/** The look-ups of the host ended so, and no address was found. */
const ended = (strength: number, outcomes: readonly LookupOutcome[], all = false): Rule =>
  seen((facts) => {
    const lookups = mainLookups(facts);
    if (lookups.length === 0 || (!facts.pasted && lookups.some(answered))) return undefined;
    const fitting = lookups.filter(
      (l) => outcomes.includes(l.outcome) || (outcomes.includes('no-data') && l.outcome === 'answer' && !answered(l)),
    );
    if (fitting.length === 0 || (all && fitting.length < lookups.length)) return undefined;
    return sighting(sureness(facts), strength, fitting);
  });

const addressesOf = (lookups: readonly LookupEvidence[]) => new Set(lookups.filter(answered).flatMap((l) => l.records));

/** Another resolver, asked beside the run's own (--compare-resolver), says otherwise about the same name and type. */
const compared: Rule = seen((facts) => {
  const all = facts.pasted ? [] : facts.all('lookup', 'dns').filter((l) => l.type === 'A' || l.type === 'AAAA');
  const main = all.filter((l) => l.resolver === all[0]?.resolver);
  const hosts = [...new Set(main.map((l) => l.host))];
  for (const host of hosts) {
    const own = main.filter((l) => l.host === host);
    const others = facts.evidence
      .filter((e): e is LookupEvidence => e.kind === 'lookup')
      .filter((l) => l.host === host && l.resolver !== own[0]?.resolver && own.some((o) => o.type === l.type))
      .filter((l) => !['timeout', 'unreachable', 'failed', 'malformed'].includes(l.outcome));
    const here = addressesOf(own);
    const there = addressesOf(others);
    if (others.length === 0 || (here.size === 0 && there.size === 0) || [...here].some((a) => there.has(a))) continue;
    // Two sets without a common address may be load balancing; no address at all beside one is a difference for certain.
    const balanced = here.size > 0 && there.size > 0;
    return sighting(
      balanced ? 'possible' : 'proven',
      62,
      [...own, ...others],
      balanced || here.size > 0 ? { severity: 'warning' } : {},
    );
  }
  return undefined;
});

const UNKNOWN_HOST: readonly RegExp[] = [
  /(?:all|no) (?:relevant )?MX records?.{0,30}(?:non-?existent|not exist|resolv|invalid)/i,
  /(?:host|server|domain)(?: ?name)?\b.{0,80}\b(?:could not be|cannot be|can.t be|was not|couldn.t be|is not|not) (?:found|resolved|located|known)/i,
  /(?:unknown|no such|non-?existent|invalid|unresolvable|bad|can.t find|cannot find|could ?n.t find|unable to (?:find|resolve|locate|look ?up)|failed to (?:resolve|look ?up)|could not (?:resolve|find|locate)) (?:the )?(?:name|address|(?:outgoing |incoming |smtp |imap |pop3? |mail |e-?mail |remote |server |proxy )?(?:host(?: ?name)?|server|domain|dns))\b/i,
  /(?:outgoing|incoming)? ?(?:server|host) .{0,90} is unknown\b/i,
  /server.{0,100}(?:ist (?:eventuell )?unbekannt|nicht gefunden)|konnte nicht (?:gefunden|aufgelöst) werden/i,
  /serveur.{0,100}(?:est inconnu|introuvable)|impossible de (?:trouver|résoudre) (?:le serveur|l.hôte|le nom)/i,
  /(?:servidor|anfitrião|host).{0,100}(?:desconocido|desconhecido|no se (?:ha )?(?:encontrado|encuentra|pudo encontrar)|não (?:foi )?encontrado)/i,
  /server.{0,100}(?:sconosciuto|non (?:è stato )?trovato)|impossibile (?:trovare|risolvere) (?:il server|l.host)/i,
  /(?:сервер|узел|хост).{0,100}(?:не найден|неизвест)|не удалось (?:найти|определить|разрешить) (?:сервер|узел|хост|имя)/i,
  /服务器.{0,100}(?:未知|不存在|找不到)|(?:找不到|无法(?:找到|解析)|未(?:能)?找到|不能解析).{0,20}(?:服务器|主机|域名)|(?:域名|主机名?).{0,10}(?:解析失败|无法解析|不存在|错误)|(?:找不到|無法(?:找到|解析)).{0,20}(?:伺服器|主機)/,
  /máy chủ.{0,100}(?:không xác định|không tồn tại)|không (?:thể )?(?:tìm thấy|tìm được|phân giải)(?: được)? (?:địa chỉ |tên )?(?:máy chủ|tên miền|host)|không tìm thấy máy chủ/i,
  /サーバー.{0,100}(?:見つかりません|不明)|(?:ホスト|サーバー)名?.{0,20}(?:解決できません|見つかりません)|서버.{0,60}찾을 수 없/,
  /(?:serwer|host).{0,80}(?:nieznany|nie (?:został )?znalezion)|server .{0,60}(?:onbekend|niet gevonden)|sunucu.{0,60}bulunamadı/i,
];

/** Thunderbird names no reason where it could not look up the host: this sentence stands for nothing else there. */
const BARE_CONNECT: readonly RegExp[] = [
  /^(?:alert:? |thunderbird:? |error:? )?failed to connect to server [\w-]+(?:\.[\w-]+){1,6}\.?$/i,
  /^连接服务器 ?[\w-]+(?:\.[\w-]+){1,6} ?失败。?$|^連線至?伺服器 ?[\w-]+(?:\.[\w-]+){1,6} ?失敗。?$/,
  /^verbindung (?:mit|zum) server [\w-]+(?:\.[\w-]+){1,6} (?:fehlgeschlagen|konnte nicht hergestellt werden)\.?$/i,
  /^échec (?:lors )?de la connexion au serveur [\w-]+(?:\.[\w-]+){1,6}\.?$/i,
  /^(?:no se (?:ha )?(?:pudo|podido) conectar (?:con el|al) servidor [\w-]+(?:\.[\w-]+){1,6}|fall?ha ao (?:se )?conectar (?:com|ao|com o) servidor [\w-]+(?:\.[\w-]+){1,6}|connessione al server [\w-]+(?:\.[\w-]+){1,6} non riuscita)\.?$/i,
  /^(?:ошибка соединения с сервером|не удалось подключиться к серверу) [\w-]+(?:\.[\w-]+){1,6}\.?$/i,
  /^không thể kết nối (?:với|tới|đến) máy chủ [\w-]+(?:\.[\w-]+){1,6}\.?$/i,
  /^サーバー ?[\w-]+(?:\.[\w-]+){1,6} ?(?:への接続に失敗しました|に接続できません(?:でした)?)。?$|^서버 ?[\w-]+(?:\.[\w-]+){1,6} ?에? ?연결(?:하지 못했습니다|에 실패했습니다|할 수 없습니다)\.?$/,
  /^(?:nie udało się połączyć z serwerem|verbinding met server|připojení k serveru) [\w-]+(?:\.[\w-]+){1,6}(?: mislukt| se nezdařilo| selhalo)?\.?$/i,
];

/** What is unknown there is the other side, a command or a piece of mail. */
const NOT_A_HOST = /\bhelo\b|client host|your host|reverse|command|capabilit|message|extension/;

export const dns: readonly Cause[] = [
  {
    id: 'dns.no-such-host',
    category: 'connection',
    stage: 'dns',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The server name does not exist',
      meaning: 'The domain name system answers that there is no such name (NXDOMAIN), so there is no server to connect to.',
      fix: [
        'Correct the server name: compare it letter by letter with the one on the help page of your provider.',
        'Remove blanks, https:// and anything after the name from the server field.',
        'Put the name of the mail server there rather than your mail address.',
        'Where the domain is your own, check that it is still registered and that its DNS zone holds the name.',
        'Where the name exists only inside a company, connect its network or VPN first.',
      ],
    },
    links: [
      { title: 'RFC 2308 section 2.1, name error', url: 'https://www.rfc-editor.org/rfc/rfc2308#section-2.1' },
      {
        title: 'RFC 8020, NXDOMAIN: there really is nothing underneath',
        url: 'https://www.rfc-editor.org/rfc/rfc8020#section-2',
      },
    ],
    test: 'Ask a second resolver for the name (--compare-resolver): NXDOMAIN from both proves it.',
    example: {
      paste: 'Error: getaddrinfo ENOTFOUND pop.exmaple-mail.test',
      serve: { protocol: 'pop3', dns: 'nxdomain' },
    },
    rules: [
      likely(
        72,
        [
          /couldn.t find any host named|\blookups? failed permanently\b|couldn.t find a mail exchanger|DNS domain \S{1,200} does not exist|unrout(?:e?able) (?:mail )?domain|no route (?:found )?to (?:the )?domain|InfoDomainNonexistent|unable to resolve host|\bdomain\b.{0,80}\b(?:not appear to be|is not|isn.t) registered\b|\bhost ?(?:name)? ?look-?up (?:failed|failure|error)|name server: .{1,120}host not found|host unknown/i,
        ],
        { unless: [/try again|your host|client host/i] },
      ),
      likely(71, [/name service error for (?:name|domain)=/i], { unless: [/try again|but no data|timed? ?out|SERVFAIL/i] }),
      ended(50, ['nxdomain']),
      pasted(likely(56, BARE_CONNECT, { of: 'text' })),
      likely(65, [/^invalid (?:domain|host) name\.?$/i], { of: 'text' }),
      likely(65, [/\bno MX (?:or|and|nor) A{1,4}\b/i], { of: 'text', unless: [/sender/i], alternatives: ['dns.no-address'] }),
      likely(54, UNKNOWN_HOST, {
        unless: [
          /(?:motiv|raz[oó]n|razões|caus|raison|reden|powod|przyczyn|причин|anledning|årsa)\S{0,5} (?:sconosciut|desconoc|desconhec|inconnu)|(?:unbekannte|onbekende|nieznan|неизвестн|невідом|okänd|ukjent|ukendt)\S{0,4} (?:gr[uü]nd|reden|powod|przyczyn|причин|anledning|årsa)|不明な理由|알 수 없는 이유|原因未知|未知原因|lý do không|nguyên nhân không|unknown reason|not found, try again|SERVFAIL|temporar|user|mailbox|recipient|sender|\bhelo\b|reverse|\bPTR\b|client host|your host|command|capabilit|timed out|certificat|proxy/i,
        ],
      }),
      numbers(['0x800ccc0d', '0x80072ee7', '0x80072af9', '-1003', '-1006'], 'likely', 58),
      pasted(
        possible(40, [
          /\b(?:UnknownHost|NameResolution|HostNotFound|NameNotResolved|ResolutionImpossible)\w{0,12}\b|\bgaierror\b|\bSocketError: getaddrinfo/,
        ]),
      ),
      told(25, ['server', 'missing'], {
        unless: NOT_A_HOST,
        certainty: 'possible',
        english: true,
        without: ['certificate', 'login', 'person', 'starttls', 'tls'],
      }),
      told(44, ['resolve', 'fails'], { unless: NOT_A_HOST, without: ['passing', 'time', 'login'] }),
      told(53, ['server', 'missing'], {
        unless: NOT_A_HOST,
        without: ['noreason', 'certificate', 'login', 'person', 'starttls'],
      }),
      pasted(
        possible(40, [
          /domain (?:name )?(?:does not|doesn.t) exist|no such domain|\bNXDOMAIN\b|5\.4\.310|5\.1\.2\b.{0,60}(?:host|domain)/i,
        ]),
      ),
    ],
  },
  {
    id: 'dns.no-address',
    category: 'connection',
    stage: 'dns',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The server name has no address',
      meaning:
        'The name exists in the domain name system, but has neither an IPv4 nor an IPv6 address, so nothing can connect to it.',
      fix: [
        'Use the name of the mail server, such as imap.example.com, in place of the bare domain.',
        'Ask the administrator of the domain to add an A or AAAA record for the name.',
        'Check the target where the name is an alias (CNAME): it must have an address itself.',
      ],
    },
    links: [{ title: 'RFC 2308 section 2.2, no data', url: 'https://www.rfc-editor.org/rfc/rfc2308#section-2.2' }],
    test: 'Ask for the A and AAAA records of the name: an empty answer without an error proves it.',
    example: {
      paste: 'socket.gaierror: [Errno -5] No address associated with hostname',
      serve: { protocol: 'imap', dns: 'no-data' },
    },
    rules: [
      likely(73, [
        /host found but no data|name server: .{1,120}no data known|but no data record|\bno records? found for (?:type )?(?:A{1,4}|MX)\b|address family mismatch/i,
      ]),
      likely(66, [/\bno (?:valid )?MX (?:records? )?found for (?:the )?(?:destination|recipient|domain)\b/i], {
        unless: [/sender/i],
        alternatives: ['dns.no-such-host'],
      }),
      ended(50, ['no-data'], true),
      likely(56, [
        /no (?:A|AAAA|address|IP)(?:\/AAAA)? (?:record|address)e?s?\b.{0,30}(?:found|for|exist)|has no (?:A|AAAA|IP|address)\b/i,
        /no (?:valid )?(?:IPv[46] )?address(?:es)? (?:associated|found|available) (?:with|for)?|(?:host|name) (?:exists|found) but .{0,30}(?:address|data)/i,
        /没有(?:A|地址)记录|không có bản ghi A\b/i,
      ]),
    ],
  },
  {
    id: 'dns.server-failure',
    category: 'connection',
    stage: 'dns',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'The name server fails or refuses to answer',
      meaning:
        'A name server was reached but answers with an error (SERVFAIL, REFUSED or nonsense). It says nothing about whether the mail server exists.',
      fix: [
        'Wait some minutes and try again: such failures often pass.',
        'Set another DNS server in the network settings of this machine, for example 9.9.9.9 or 1.1.1.1.',
        'Where the domain is your own, have its name servers and its DNSSEC signatures checked.',
        'Report it to whoever runs the resolver of this network.',
      ],
    },
    links: [
      { title: 'RFC 1035 section 4.1.1, response codes', url: 'https://www.rfc-editor.org/rfc/rfc1035#section-4.1.1' },
      { title: 'RFC 8914, extended DNS errors', url: 'https://www.rfc-editor.org/rfc/rfc8914#section-4' },
    ],
    test: 'Ask another resolver for the same name: an answer there puts the fault on this resolver, the same failure on the name servers of the domain.',
    example: {
      paste:
        'Host or domain name not found. Name service error for name=mail.example.org type=A: Host not found, try again (SERVFAIL)',
      serve: { protocol: 'smtp', dns: 'servfail' },
    },
    rules: [
      likely(86, [/name server: .{1,120}lookup failure|dnssec-invalid|dane-required/i]),
      likely(
        63,
        [
          /\btemporar\w* (?:failure|error|problem)\b.{0,16}\b(?:MX|DNS|domain|address|name) (?:look-?up|resol|quer)|\btemporar\w* (?:MX|DNS|address|domain) (?:look-?up|resolution|query) (?:failure|error|problem)/i,
        ],
        { unless: [/name resolution/i], alternatives: ['dns.timeout', 'server.unavailable'] },
      ),
      likely(72, [/name service error for (?:name|domain)=.{1,120}(?:try again|SERVFAIL)/i]),
      ended(49, ['servfail', 'refused', 'malformed', 'failed']),
      likely(56, [
        /\bSERVFAIL\b|dns server (?:failure|failed|misbehav)|server (?:failure|misbehaving).{0,30}(?:dns|lookup|resol)|(?<!R=dns)lookup .{0,90}(?:server misbehaving|REFUSED)/i,
        /(?:dns|name ?server|resolver).{0,40}\b(?:refused|SERVFAIL|returned an? error|answered with)/i,
        /dnssec.{0,40}(?:fail|bogus|invalid)|bogus.{0,20}dnssec/i,
      ]),
      likely(
        52,
        [
          /(?:host|domain|name).{0,40}not found, try again|dns (?:query|lookup|resolution|error).{0,30}(?:failed|failure|error)|5\.4\.31[0-9]/i,
        ],
        {
          unless: [/NXDOMAIN|non-?existent|timed? ?out/i],
        },
      ),
      likely(46, [
        /域名解析(?:失败|错误|异常)|DNS ?(?:解析|查询)?(?:失败|错误)|lỗi (?:phân giải )?DNS|DNS-fehler|erreur DNS|DNSエラー/i,
      ]),
    ],
  },
  {
    id: 'dns.timeout',
    category: 'connection',
    stage: 'dns',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'The name server does not answer',
      meaning:
        'The question for the address of the server got no answer in time. Either this machine has no network, or its resolver is out of reach.',
      fix: [
        'Check that this machine is online: open any web page that you have not opened today.',
        'Set another DNS server in the network settings of this machine, for example 9.9.9.9 or 1.1.1.1.',
        'Switch a VPN off, or on where the name belongs to a company, and try again.',
        'In a container, give it a resolver that it can reach (the dns setting of Docker or the pod).',
        'Restart the router of this network.',
      ],
    },
    links: [{ title: 'RFC 1035 section 7.2, sending the queries', url: 'https://www.rfc-editor.org/rfc/rfc1035#section-7.2' }],
    test: 'Look up any other well-known name: if that fails too, the resolver or the network is at fault.',
    example: {
      paste: 'getaddrinfo EAI_AGAIN smtp.example.com',
      serve: { protocol: 'smtp', dns: 'timeout' },
    },
    rules: [
      ended(50, ['timeout', 'unreachable']),
      likely(60, [/no (?:name ?)?servers could be reached/i]),
      told(57, ['resolve', 'passing']),
      told(56, ['resolve', 'time']),
      likely(58, [
        /\bEAI_AGAIN\b|temporary failure in name resolution|resolver.{0,40}(?:timed? ?out|not respond|no response)/i,
        /\b(?:dns|name (?:server|resolution)|lookup|resolv\w{0,6})\b.{0,60}(?:timed? ?out|timeout|no response|not respond|unreachable)/i,
        /(?:timed? ?out|timeout).{0,30}(?:dns|resolving|name resolution|lookup)/i,
        /域名解析(?:超时|暂时)|DNS.{0,8}(?:超时|无响应|没有响应)|DNS.{0,20}(?:hết thời gian|không phản hồi|quá thời gian)/i,
      ]),
      possible(45, [
        /host ?name lookup .{0,40}(?:defer|tempor)|DNS query failed|lowest numbered MX.{0,30}defer|host lookup did not complete/i,
      ]),
    ],
  },
  {
    id: 'dns.answers-differ',
    category: 'connection',
    stage: 'dns',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'The resolver gives a wrong or different address',
      meaning:
        'The answer is an address where no mail server can be (0.0.0.0, a block page), or two resolvers disagree about the name. A filter, stale record or separate inside zone changes what this machine sees.',
      fix: [
        'Allow the name in the DNS filter (Pi-hole, AdGuard, parental control, company filter) that blocks it.',
        'Set another DNS server in the network settings of this machine and compare.',
        'Remove an old line for the name from the hosts file of this machine.',
        'Where the record was changed not long ago, wait until the old one has expired (its TTL).',
      ],
    },
    links: [
      {
        title: 'RFC 8914 section 4.16, blocked and filtered answers',
        url: 'https://www.rfc-editor.org/rfc/rfc8914#section-4.16',
      },
      { title: 'RFC 1035 section 3.2.1, time to live', url: 'https://www.rfc-editor.org/rfc/rfc1035#section-3.2.1' },
    ],
    test: 'Ask a second resolver (--compare-resolver) and compare the addresses.',
    example: {
      paste:
        'Connection blocked: on this network smtp.example.com resolves to 0.0.0.0, which is the sinkhole address of the DNS filter.',
      serve: { protocol: 'imap', dns: 'sinkhole' },
    },
    rules: [
      ended(60, ['sinkhole']),
      compared,
      likely(66, [
        /(?:resolv\w{0,4}|points?|maps?|lookup|address) .{0,60}\b(?:to |is |as )(?:0\.0\.0\.0|::(?=[\s,;.]|$)|127\.0\.0\.1|a private|an? internal)/i,
        /\b(?:dns|resolvers?|name ?servers?)\b.{0,40}\b(?:return|give|show|have)\w{0,2} different\b/i,
        /\b(?:dns|pi-?hole|adguard|resolver|router)\b.{0,40}\b(?:answer|return|give|say|report)\w{0,2}(?: with)? 0\.0\.0\.0|\bis blocked\b.{0,40}\bdns\b/i,
        /\b(?:0\.0\.0\.0|\[::\])\]?:\d{2,5}\b.{0,80}(?:block|filter|sink)|(?:dns|pi-?hole|adguard).{0,40}(?:filter|sinkhol|block)/i,
        /(?:resolvers?|dns servers?|name ?servers?)\b.{0,40}\b(?:disagree|give different|return different|differ)\b|\b(?:resolver|dns|name ?server)\b.{0,60}\b(?:answers?|says?|returns?|gives?|resolves?)\b.{2,90}\b(?:resolver|dns|name ?server|router|\d{1,3}(?:\.\d{1,3}){3}|other one)\b.{0,60}\b(?:answers?|says?|returns?|gives?|resolves?)\b|different (?:ip )?address(?:es)? .{0,40}resolver/i,
      ]),
    ],
  },
];

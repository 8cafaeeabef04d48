/** What the server says about itself: down for now, or set up wrongly (RFC 5321 §4.2.3, RFC 5530, RFC 3206). */
import type { Cause, Rule } from '../model/cause.ts';
import { likely, pasted, possible } from './hear.ts';
import { numbers } from './look.ts';
import { says, seen, sighting } from './rules.ts';
import { told } from './tongues.ts';

/** The line went dead after the greeting: whatever was asked last, the server (or the line) gave up, and nothing was refused. */
const wentDead: Rule = seen((facts) => {
  const dead = facts
    .all('break')
    .find((b) => b.stage !== 'greeting' && b.stage !== 'tls' && ['closed', 'reset', 'timeout'].includes(b.how));
  if (!dead) return undefined;
  // A log-in whose answer is held back: its back end hangs, or the address is made to wait.
  const held = dead.stage === 'auth' && dead.how === 'timeout';
  const alternatives = held ? ['auth.temporary-failure', 'auth.too-many-attempts'] : ['connect.reset'];
  return sighting('likely', 22, [dead], { alternatives });
});

/** EHLO was answered before TLS and killed the session after it, where the mechanisms are listed for the first time. */
const diedAtAuth: Rule = seen((facts) => {
  const dead = facts
    .all('break', 'capabilities')
    .find((b) => /^EHLO\b/.test(b.command) && (b.how === 'closed' || b.how === 'reset'));
  const before = facts.all('capabilities').find((c) => c.channel === 'plain');
  const upgraded = facts.all('tls').some((t) => t.mode === 'upgrade' && t.outcome === 'established');
  if (!dead || !before || !upgraded || facts.pasted) return undefined;
  return sighting('possible', 52, [dead, before], { alternatives: ['server.unavailable'] });
});

/** What limits, log-ins, mailboxes and senders are refused for has causes of its own. */
const NAMED =
  /too many|\brate|limit|exceed|quota|spam|blacklist|blocklist|blocked|listed|access denied|reputation|gr[ae]y ?list|policy|authenticat|\bauth\b|log ?-?in|credential|password|sasl|mailbox (?:is )?(?:full|busy|locked|unavailable)|recipient|sender|user|relay|virus|reverse|\bPTR\b|helo|dns|certificate|host name|not found|connections?\b.{0,20}(?:from|per)|grey|postgrey|throttl|unusual|suspicious|dmarc|\bspf\b|dkim|message size|bandwidth|revocation|\bexamine\b|\bselect\b|connection to storage server|\btls\b|\bssl\b|may have gone down|response (?:was|is) not available/i;

const TEMPORARY: readonly number[] = Array.from({ length: 100 }, (_, i) => 400 + i);

const DOWN: readonly RegExp[] = [
  /\b(?:service|server|system|mail ?server|host|smtp|imap|pop3?|facility|mail system|(?:post ?office|message store|mail ?store)|resources?|queue|database|directory)\b.{0,40}\b(?:is |are )?(?:currently |temporarily |now )?(?:not (?:currently )?(?:available|active)|unavailable|down|out of service|offline|not (?:ready|operational)|overloaded|too busy|very busy|busy)\b/i,
  /\b(?:temporar(?:y|ily)|transient|internal)\b.{0,30}\b(?:server |system |service |local |backend |software |lookup |mail |i\/o )?(?:error|problem|timeout|failure|unavailable|disabled|deferr\w+|difficult\w+)\b/i,
  /\b(?:maintenance|scheduled downtime|under repair|shutting down|shut ?down|going down|server (?:is )?closing|restarting|upgrad(?:e|ing) in progress)\b/i,
  /\b(?:no|insufficient|out of|low on) (?:system )?(?:resources?|memory|disk space|storage|file descriptors)|\b(?:load|queue|disk) (?:is )?too (?:high|large|full)|server load|not enough (?:disk )?space|\boverload(?:ed)?\b|not accepting (?:any |new )*(?:sessions?|log-?ins?|users)\b|come back (?:later|in)/i,
  /(?:local|unexpected) (?:error|problem)(?: in processing)?|\b(?:i\/o|input\/output|operating system) error\b|try(?:ing)? again later|unexpected (?:internal )?(?:server )?error|\b(?:back-?end|database|storage|ldap) .{0,30}(?:down|unavailable|unreachable|fail|timed? ?out)/i,
  /(?:dienst|server).{0,40}(?:nicht verfügbar|überlastet|wartung)|wartungsarbeiten|service (?:momentanément |temporairement )?indisponible|maintenance en cours|(?:servicio|serviço|servidor).{0,40}(?:no disponible|indisponível|ocupado|mantenimiento|manutenção)|servizio non disponibile|server (?:sovraccarico|in manutenzione)|сервер.{0,30}(?:недоступен|занят|перегружен)|технические работы/i,
  /(?:服务器?|系统|服務|系統).{0,20}(?:不可用|繁忙|忙|维护|维修|過載|过载|异常|暂停|停机)|(?:máy chủ|dịch vụ|hệ thống).{0,30}(?:không (?:khả dụng|sẵn sàng)|bận|bảo trì|quá tải|tạm (?:thời )?ngừng)|(?:サーバー|サービス).{0,20}(?:利用できません|メンテナンス|停止|混雑)|서버.{0,20}(?:점검|사용할 수 없|바쁨)/i,
];

export const server: readonly Cause[] = [
  {
    id: 'server.misconfigured',
    category: 'connection',
    stage: 'greeting',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The server is set up wrongly',
      meaning:
        'By its own words or behaviour the server cannot do its work: a part is missing or badly configured on its side. Nothing in your settings mends that.',
      fix: [
        'Send the words of the server, with the time, to its administrator or provider.',
        'Where the server is your own, read its log at that time: it names the part that is missing (authentication service, certificate file, mailbox, loop).',
        'Use another server of the provider, where it has one, until then.',
      ],
    },
    links: [
      { title: 'RFC 3463 section 3.4, mail system status', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.4' },
      { title: 'RFC 5530 section 3, SERVERBUG', url: 'https://www.rfc-editor.org/rfc/rfc5530#section-3' },
    ],
    test: 'Read the log of the server at the time of the attempt: it names the part that fails.',
    example: {
      paste: '451 4.3.5 Requested action aborted: the mail system is incorrectly configured',
      serve: { protocol: 'smtp', security: 'starttls', greeting: '421 4.3.5 mail system incorrectly configured' },
    },
    rules: [
      likely(82, [
        /(?:private\/auth|auth-userdb|auth-client|saslauthd|auth socket).{0,80}(?:no such file|permission denied|not running)/i,
      ]),
      // A program of the server cannot reach another one over its socket, or lacks a file or a setting of its own.
      likely(84, [
        /\bconnect\(\/[^)]{1,160}\) failed|net_connect_unix\(|\bssl_(?:server_)?(?:cert|key)\w{0,12} (?:is )?not set|mail_location not set|autodetection failed|not owned by (?:the )?(?:correct|right)|correct uid|\btls engine is unavailable\b|\bchdir \S{1,200} failed\b|points? back to|\bMX\b.{0,40}\bpoints? (?:back )?to (?:itself|me|this host)/i,
      ]),
      likely(84, [
        /\b(?:error|fail\w*|cannot|can.t|could ?n.t|unable)\b(?: to| while| when)? (?:read|load|pars|open)\w* (?:the |our )?(?:server |main )?(?:config\w*|controls?\b)|couldn.t drop privileges|\bmissing (?:UID|GID)\b|\bexcessive recursion|recursive forwards?\b/i,
        /\b(?:no|unable to|cannot|can.t|could ?n.t|failed to)\b(?: \w{2,8}){0,2} (?:\$HOME|~|\.?\/?)\S{0,40}maildir\b/i,
        /\bMX\b(?!\.).{0,40}\bpoints? (?:back )?to (?:the )?local ?host\b|\bhost(?: address)? is the local host\b/i,
        /\bhas (?:the |a )?wrong (?:owner|ownership|mode|permissions?|uid|gid)\b|\bno (?:password|username|userdb|passdb) (?:returned|configured|defined)\b/i,
      ]),
      likely(70, [/\bBUG: |\braw backtrace\b|\bkilled with signal \d|\bcore dump(?:s|ed)\b|\bpanic: file /i]),
      likely(87, [/\binvalid user settings\b|\bhandshake from auth(?:entication)? (?:server|process|service)\b/i]),
      likely(70, [
        /cert\/key setup|\bfatal: .{0,120}\b(?:no such file|permission denied|not found|already in use|unknown|unsupported)\b/i,
        /\b(?:unable to|cannot|can.t|could ?n.t|failed to) open (?:\S{1,20} ){0,3}(?:database|db|map|table|lock file)\b|\b(?:mysql|pgsql|postgres\w*|sql|database|ldap|redis)\b.{0,60}\bconnect\w*\b.{0,40}\b(?:failed|refused|error)|(?:can.t|cannot|could ?n.t|unable to|failed to|failed) (?:connect|connecting|bind)? ?to (?:the )?(?:local )?(?:mysql|pgsql|postgres|sql|database|ldap|redis)/i,
      ]),
      pasted(possible(40, [/(?:^|: )fatal: |\b(?:user|alias|address|map|table) look-?up (?:error|failure|failed)\b/i])),
      // Dovecot's greeting when its log-in service does not start.
      likely(84, [
        /auth(?:entication)? (?:process|daemon|worker|socket) (?:is )?(?:broken|dead|died|gone|not (?:available|running|responding))/i,
      ]),
      // Postfix dies at the EHLO after STARTTLS, when it first needs its SASL service and that is out of reach.
      diedAtAuth,
      // The words of the inner server that it quotes are not the fault.
      likely(86, [/proxy session setup failed/i]),
      likely(72, [
        /(?:mail )?(?:loops? back to (?:me|myself|itself)|mail(?:er)? loop|\blooping\b|routing loop|loop detected|too many hops|hop count exceeded|forwarding loop)|5\.4\.(?:6|14)\b/i,
        /\bbinding\b.{0,30}certificate|certificate.{0,30}\bbinding\b/i,
        /(?:server|system|mail system|local|service)\b.{0,30}(?<!may be )\bincorrectly configured|(?:server|system|service|local|internal|mail|tls|ssl) (?:is )?(?:mis-?configur\w+|configuration (?:error|problem|failure|mistake)|config(?:uration)? (?:is )?(?:error|broken|invalid))|mis-?configured/i,
        /unable to (?:open|access|create|read) (?:the )?(?:maildrop|mail ?box|maildir|mail ?store|spool|inbox)|mailbox does not exist.{0,20}(?:server|maildrop)|maildrop.{0,40}does not exist|mail ?box .{0,20}(?:corrupt|not (?:initiali[sz]ed|provisioned))/i,
        /(?:cannot|can.t|could ?n.t|unable to|failed to) (?:load|read|open|access|find|set|get) .{0,30}(?:certificate|private key|ssl_cert|key file|dh param)|missing (?:tls |ssl |rsa )?(?:certificate|private key)|no (?:tls |ssl |server )?certificate (?:configured|available|installed|file)|certificate file.{0,40}(?:not found|missing|no such)/i,
        /(?:saslauthd|auth(?:entication)? (?:daemon|socket|server|service|backend)|private\/auth|auth-userdb|auth-client)\b.{0,80}(?:no such file|connection refused|permission denied|not running|cannot connect|failed: no)|(?:cannot|can.t|unable to) (?:connect to|contact) (?:the )?(?:saslauthd|auth(?:entication)? (?:daemon|socket))|no SASL authentication mechanisms/i,
        /(?:unknown|bad) mail transport|mail transport (?:is )?unavailable|mail (?:system|server) .{0,20}configuration|no (?:mail )?transport|(?:mkdir|stat|open|chdir|lstat|creat)\(.{1,200}\) failed: (?:permission denied|no such file)|missing \+[wrx] perm|home directory.{0,40}(?:not (?:set|found)|missing|cannot)|user doesn.t (?:exist|have) .{0,20}(?:uid|home)/i,
        /(?:服务器|系统)(?!可能).{0,10}(?<!可能)配置(?:错误|有误|不正确)|cấu hình (?:máy chủ|hệ thống).{0,20}(?:sai|lỗi)|(?:server|mail)-?konfiguration.{0,20}(?:fehler|falsch)|fehlerhaft konfiguriert|est mal configuré|está mal configurado/i,
      ]),
      likely(58, [/\b[45]\.3\.5\b/], { of: 'text' }),
      says({ enhanced: ['4.3.5', '5.3.5'], certainty: 'likely', strength: 74 }),
      likely(64, [/(?:open|access|create|exist|maildrop|mailbox|storage|inbox)/i], {
        responseCode: ['SYS/PERM'],
        protocol: ['pop3'],
      }),
    ],
  },
  {
    id: 'server.unavailable',
    category: 'connection',
    stage: 'greeting',
    owner: 'provider',
    severity: 'error',
    words: {
      title: 'The server is not available for now',
      meaning:
        'The server is down for maintenance, too busy, or fails inside. Settings and password are not the reason, and trying again later may be enough.',
      fix: [
        'Wait a quarter of an hour and try again.',
        'Look at the status page of the provider.',
        'Leave settings and password as they are until the server works again.',
        'Tell the administrator or provider where it lasts longer than an hour, with the words of the server.',
      ],
    },
    links: [
      { title: 'RFC 5321 section 4.2.3, reply 421', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.2.3' },
      { title: 'RFC 5530 section 3, UNAVAILABLE', url: 'https://www.rfc-editor.org/rfc/rfc5530#section-3' },
      { title: 'RFC 3206 section 3, SYS/TEMP', url: 'https://www.rfc-editor.org/rfc/rfc3206#section-3' },
    ],
    test: 'Try again in a quarter of an hour, and look at the status page of the provider.',
    example: {
      paste: '* BYE Server is down for maintenance, try again later',
      serve: { protocol: 'imap', greeting: '* BYE Server is down for maintenance, try again later' },
    },
    rules: [
      wentDead,
      likely(
        87,
        [
          /\b(?:server|system|service|scheduled|down for|under) maintenance\b|\bin maintenance\b|\bmaintenance (?:mode|window|work|in progress)\b/i,
        ],
        { unless: [/mailbox|account/i] },
      ),
      likely(56, DOWN, {
        unless: [NAMED],
        of: 'reply',
        code: [400, 403, 421, 431, 432, 441, 442, 446, 450, 451, 452, 454, 471],
        codeOptional: true,
      }),
      likely(50, DOWN, { unless: [NAMED] }),
      says({
        unless: [NAMED],
        responseCode: ['UNAVAILABLE', 'SERVERBUG', 'SYS/TEMP', 'INTERNALERROR'],
        certainty: 'likely',
        strength: 54,
      }),
      // The filter itself is out of order, not what it filters.
      likely(
        68,
        [
          /\b(?:virus|spam|content)?[ _-]?(?:scan(?:ner|ners|ning)?|filter|milter)s? (?:has |have |is |are )?(?:failed|unavailable|not available|timed? ?out|down)\b/i,
        ],
        {
          code: TEMPORARY,
          codeOptional: true,
        },
      ),
      // RFC 3463 §3.4, X.3.1: not the user's storage.
      likely(56, [/\bsystem (?:storage|disk|spool)\b.{0,24}\b(?:exceed|full|exhaust)/i], {
        alternatives: ['mailbox.over-quota'],
      }),
      likely(66, [/\bserver error\b/i], { responseCode: ['UNAVAILABLE', 'SERVERBUG', 'SYS/TEMP'] }),
      likely(
        60,
        [/refused to talk to me: 4\d\d|response: 421|\b421[ -].{0,120}(?:closing|transmission channel|try (?:again )?later)/i],
        { unless: [NAMED] },
      ),
      pasted(
        likely(50, [
          /^[\w.'-]{2,30}(?: [\w.'-]{2,20}){0,3} is (?:currently |temporarily |now )?(?:unavailable|down|not available)[.!]?$/i,
        ]),
      ),
      pasted(possible(40, [/(?:=>|:) ?system (?:error|failure|problem)\b/i])),
      says({ unless: [NAMED], code: [421], certainty: 'possible', strength: 30 }),
      // A refusal for now whose reason no other cause knows (RFC 5321 §4.2.1: 4yz, try again later).
      says({
        code: TEMPORARY,
        of: 'reply',
        certainty: 'possible',
        strength: 14,
        alternatives: ['policy.greylisted', 'policy.rate-limited'],
      }),
      numbers(['0x800ccc67', '0x800ccc0b', '0x8004011d', '0x80040115'], 'likely', 54),
      told(48, ['passing', 'fails'], { without: ['login', 'person', 'missing'] }),
      told(26, ['server', 'down'], { certainty: 'possible', english: true, without: ['login', 'person', 'refused'] }),
      told(44, ['down'], { within: 40, without: ['login', 'person', 'refused', 'certificate', 'tls', 'starttls'] }),
      // What may be so is the dialog's guess at what it said before.
      told(47, ['server', 'down'], { without: ['login', 'person', 'refused', 'maybe'] }),
      told(40, ['server', 'down'], { certainty: 'possible', without: ['login', 'person', 'refused'] }),
      pasted(
        possible(34, [
          /timed out while performing the (?:EHLO|HELO)|server .{0,80}has disconnected|may have gone down|service not available/i,
        ]),
      ),
    ],
  },
];

/** Causes in the rules of servers against unwanted mail: names, addresses, rates, domain authentication (RFC 5321 §4.1.4, §7.9, RFC 7372). */
import type { Cause } from '../model/cause.ts';
import { likely, live, pasted, possible, proven, refusals } from './hear.ts';
import { codeWords, says, seen, sighting } from './rules.ts';
import { told } from './tongues.ts';

export const policy: readonly Cause[] = [
  {
    id: 'policy.helo-rejected',
    category: 'policy',
    stage: 'capabilities',
    owner: 'you',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'The server refuses the name this computer gives (EHLO)',
      meaning:
        'With the first command the mail program names its computer, and {host} does not accept that name: it is not a full domain name, contains forbidden characters, or does not exist in DNS.',
      fix: [
        'Set the EHLO or HELO name of the mail program to a full domain name, or to an address in brackets such as [192.0.2.1].',
        'Remove underscores, spaces and letters beyond a to z from the computer’s name.',
        'On a mail server, set its own name to one that DNS knows (Postfix: myhostname).',
        'Log in on port 587 or 465: servers check the name less strictly there.',
      ],
    },
    links: [
      { title: 'RFC 5321 §4.1.1.1: EHLO', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1.1' },
      {
        title: 'RFC 5321 §4.1.4: order of commands and the EHLO name',
        url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.1.4',
      },
    ],
    test: 'Connect again with another EHLO name (an address in brackets, or a full domain name): if it passes, the name was the cause.',
    example: {
      paste: '504 5.5.2 <laptop>: Helo command rejected: need a fully-qualified hostname',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: {
          EHLO: '550 5.7.1 Helo command rejected: invalid HELO name',
          HELO: '550 5.7.1 Helo command rejected: invalid HELO name',
        },
      },
    },
    rules: [
      likely(
        84,
        [
          /helo command rejected/i,
          /(?:invalid|bad|illegal|syntactically invalid|forged|fake|unqualified|non-?fqdn|malformed|wrong|unacceptable|unresolvable|bogus) (?:\w+ )?(?:helo|ehlo)/i,
          /(?:helo|ehlo)(?:\/ehlo)?(?: command| name| argument(?:\(?s?\)?)?| string| hostname| host| domain| greeting| parameter)*(?: \S{1,80})?(?: is| was)?[^.]{0,25}(?:rejected|invalid|denied|refused|not (?:allowed|accepted|valid|found|resolv\w*|permitted|fqdn|fully|a fully|an? )|bad\b|must be|should be|needs to|syntactically|unknown|fail|impersonat|mismatch|does not (?:match|resolve|exist)|doesn.t|blacklist|forged|no (?:A|MX|DNS))/i,
          /need fully[- ]qualified hostname/i,
          /parameter to (?:helo|ehlo)\b/i,
          /(?:helo|ehlo) requires/i,
          /host impersonating/i,
          /fully[- ]qualified[^.]{0,30}(?:helo|ehlo)/i,
          /(?:hostname|name|argument|domain)[^.]{0,25} (?:in|for|of|with)(?: the| your)? (?:helo|ehlo)[^.]{0,25}(?:invalid|not|reject|bad|must|illegal|does)?/i,
          /MI:NHD|RP:HEL/,
        ],
        {
          unless: [
            /(?:say|send|need|use|require\w*)[^.]{0,12}(?:helo|ehlo)(?:\/ehlo)? (?:first|before)|(?:helo|ehlo) first|polite|(?:helo|ehlo) (?:is )?required|doesn.t support ehlo|not (?:implemented|recogni|support)|unrecogni|no helo|lost connection|handshake|timed? out|need:? EHLO and AUTH/i,
          ],
        },
      ),
      likely(60, [/invalid domain name|syntactically invalid argument|invalid host ?name|domain name invalid/i], {
        code: [501, 504, 550, 553],
        codeOptional: true,
        unless: [/sender|recipient|MAIL|RCPT|address|<\S+@/i],
      }),
      // Another name passes: the name it was.
      seen((facts) => {
        const refused = refusals(facts, 'capabilities').find((r) => /^(?:EHLO|HELO)/i.test(r.command));
        const passed = facts.controls('reply', 'no-helo-name').find((r) => r.status === 'ok');
        return refused && passed ? sighting('proven', 86, [refused, passed], { matched: codeWords(refused) }) : undefined;
      }),
      seen((facts) => {
        if (facts.pasted) return undefined;
        const refused = refusals(facts, 'capabilities').find(
          (r) => /^(?:EHLO|HELO)/i.test(r.command) && r.code !== undefined && r.code >= 500 && ![500, 502].includes(r.code),
        );
        return refused
          ? // Weaker than any word about what was refused.
            sighting('likely', 24, [refused], {
              matched: codeWords(refused),
              alternatives: ['policy.blocklisted', 'policy.reverse-dns'],
            })
          : undefined;
      }),
    ],
  },
  {
    id: 'policy.reverse-dns',
    category: 'policy',
    stage: 'greeting',
    owner: 'network',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'The sending address has no valid reverse DNS name',
      meaning:
        'The server looks up the name that belongs to the IP address of the connection (PTR record), and finds none or one that does not lead back. Servers demand this of other mail servers.',
      fix: [
        'From a home or office connection, send through your provider’s server with log-in, on port 587 or 465.',
        'For a mail server of your own, ask the network or hosting provider to set the PTR record of its address.',
        'Let the name of the PTR record have an A or AAAA record with the same address.',
        'Where only IPv6 lacks the record, set it there too or send by IPv4.',
        'Where the record was set a moment ago, wait some hours until DNS shows it.',
      ],
    },
    links: [
      { title: 'RFC 7372 §3.3: status code 5.7.25', url: 'https://www.rfc-editor.org/rfc/rfc7372#section-3.3' },
      { title: 'RFC 1912 §2.1: PTR records', url: 'https://www.rfc-editor.org/rfc/rfc1912#section-2.1' },
    ],
    test: 'Look up the PTR record of the sending address and the address of that name: they must lead to each other.',
    example: {
      paste: '550 5.7.25 Client host rejected: cannot find your reverse hostname, [203.0.113.77]',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        greeting: '554 5.7.25 mx.example.net cannot find your reverse hostname, no PTR record',
      },
    },
    rules: [
      likely(
        85,
        [
          /reverse[- ](?:dns|host ?name|look-?up|resolution|mapping|name|record|ip|path look)/i,
          /cannot find your (?:reverse )?host ?name/i,
          /\bPTR\b/,
          /\brDNS\b/i,
          /IP name (?:look-?up failed|(?:possibly )?forged)/i,
          /host ?name (?:look-?up|lookup for \S+) fail/i,
          /\bFCrDNS\b|forward[- ]confirmed/i,
          /\biprev\b/i,
          /(?:client|your) (?:host )?(?:ip|address)[^.]{0,30}(?:does not|doesn.t) resolve/i,
          /(?:ip|host|client)(?: address)?(?: \S{3,60})? (?:has no|without|does not have an?|lacks an?)(?: valid)? (?:dns|host ?name|name|reverse)/i,
          /resolve your (?:ip|address|host)/i,
          /unresolvable (?:relay |client )?host ?name/i,
          /ip address and (?:host|domain) ?name[^.]{0,15}(?:not|mis)match/i,
          /(?:mis-?match\w*|(?:not|n.t) match)(?: the| your)? (?:client|connecting|sending|remote|source)(?:'s)? ip\b/i,
        ],
        { unless: [/reverse-path\b|MAIL FROM/] },
      ),
      // Exim notes it of every caller without a name; alone it is the reason, beside a refusal it is not.
      likely(58, [/no host name found for ip/i]),
      likely(84, [/\bRTR:RD\b/]),
      says({ certainty: 'proven', strength: 88, enhanced: ['5.7.25', '4.7.25'] }),
      // Postfix checks the name of a client against its address.
      likely(70, [/\bhostname \S{1,255} does not resolve to address\b|\baddress not listed for hostname\b/i]),
      likely(70, [/\b[45]\.7\.25\b/], { of: 'text' }),
      likely(82, [
        /反向(?:解析|域名|DNS|記錄|记录|查询)/i,
        /(?:kein|fehlend|ungültig)\w*[^.]{0,12}(?:reverse|PTR|rückwärts)/i,
        /(?:résolution|DNS) inverse/i,
        /(?:dns|resolución|resolução|risoluzione|registro) invers/i,
        /обратн[а-яё]+ (?:dns|запис|зон|разрешен)/i,
        /逆引き/,
        /(?:dns|phân giải) ngược/i,
        /역방향/,
      ]),
    ],
  },
  {
    id: 'policy.blocklisted',
    category: 'policy',
    stage: 'greeting',
    owner: 'network',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'The sending IP address is on a block list',
      meaning:
        'The server refuses the address from which the connection comes, because a block list or its own records name it as a source of unwanted mail or as a home connection.',
      fix: [
        'From a home or office connection, send through your provider’s server with log-in, on port 587 or 465 in place of 25.',
        'Turn off a VPN or proxy and try again.',
        'Look up the address on the page that the reply names, and follow its steps for removal.',
        'Find what sends the unwanted mail on a server or network of your own, and stop it first.',
        'Where your provider’s server is listed, send the reply to the provider.',
      ],
    },
    links: [
      { title: 'RFC 5782 §2: DNS block lists', url: 'https://www.rfc-editor.org/rfc/rfc5782#section-2' },
      { title: 'RFC 3463 §3.8: security or policy status', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.8' },
    ],
    test: 'Look up the address at the list that the reply names, or send from another network.',
    example: {
      paste: '554 5.7.1 Service unavailable; client [203.0.113.80] blocked using dnsbl.example.org',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        greeting: '554 5.7.1 Your IP address is listed in our block list',
      },
    },
    rules: [
      likely(
        83,
        [
          /blocked using \S/i,
          /banned sender ?\[/i,
          /blocked (?:by|at|via) (?:\S+\.)?(?:[\w-]+\.(?:org|net|com|de|info|eu|cz|it|us|io|ru|ch|pl)\b|\w*(?:rbl|dnsbl|spamhaus|spamcop|list))/i,
          /(?:black|block|deny|reject|white|badness)[ -]?list(?:ed|ing|s)?\b/i,
          /(?:spamhaus|spamcop|barracudacentral|\bsorbs\b|uceprotect|abuseat|invaluement|\bpsbl\b|mailspike|senderscore|senderbase|talosintelligence|\bbl\.|\bdnsbls?\b|\brbls?\b|\bzen\.|truncate\.gbudb|njabl|0spam|nixspam|manitu|abusix|backscatterer)/i,
          /listed (?:at|by|in|on|with) (?:\S+\.\w+|the|our|an?)/i,
          /(?:poor|bad|low|very low|negative) (?:\S{1,15} )?reputation|reputation of (?:the |your )?(?:sending|sender|ip)|ip reputation/i,
          /(?:dynamic|dynamically|residential|dial-?up|consumer|generic)[^.]{0,25}(?:ip|address|host|assigned|range|hostname|user)[^.]{0,30}/i,
          /banned sending ip/i,
          /(?:\d{1,3}\.){3}\d{1,3}[)\]>]?(?: ?[<>] ?)?[ _](?:is[ _]|has been |was )?(?:temporarily |currently |permanently )?(?:blocked|listed|banned|blacklisted|blocklisted)/i,
          /blocked for (?:spam|abuse)\b/i,
          /\b(?:ip|ip address|host|server|network) (?:has been |is |was )(?:temporarily |currently )?(?:blocked|banned|barred|suspended)\b[^.]{0,40}\b(?:spam|abus|to (?:send|mail|deliver)|messages?|mails?|invalid recipients?|unknown (?:users?|recipients?))/i,
          /connection (?:rejected|refused|denied) (?:by|due to|for|on) (?:(?:local|security|network) )?(?:policy|reputation|abuse|spam)/i,
          /\b(?:blocked|refused|rejected) - see\b/i,
          /\bspam(?:ming)? ip\b/i,
          /not allowed to connect\b(?! from)/i,
          /^IP=[\d.:a-f]{6,45} /i,
          /traffic not accepted from this ip/i,
          /\(?S31[45]0\)?/,
          /blackhole/i,
          /barracudanetworks\.com\/reputation|ipcheck\.proofpoint\.com|sender(?:base|score)\.org/i,
          /(?:your |client |sending |source |remote |this |the |sender )(?:ip|ip address|host|server|network|mail server)(?: \S{3,60})? (?:is|has been|was|have been)(?: currently| temporarily| permanently)? (?:blocked|banned|rejected|refused|denied|not (?:allowed|accepted|permitted) to (?:connect|send)|listed|barred)/i,
          /client host(?: \S{1,80})? (?:rejected|blocked)(?!: (?:cannot find|access denied))/i,
          /(?:ip|address) \[?[\d.:a-f]{6,45}\]? (?:is |was |has been )?(?:blocked|banned|listed|rejected|refused|denied)/i,
          /(?:connections?|mail|messages?|e-?mail) (?:from|by) (?:your|this) (?:ip|host|server|network|address|isp|domain)[^.]{0,30}(?:not accepted|refused|blocked|rejected|denied|not allowed)/i,
          /(?:rejected|blocked|refused|denied)[^.]{0,30}(?:your|this|the)? ?(?:ip|ip address|connecting host|network)\b[^.]{0,25}(?:list|spam|abuse|reput|block)/i,
          /not accepting (?:mail|messages|e-?mail|connections) from (?:your|this)/i,
          /spam source|known spammer|open proxy|HL:(?:IPB|REP|IHU|MEP)|\bIP is (?:rejected|hang ?up)|no access for this ip|\/blocks?\b/i,
          /no longer accept mail from/i,
          /your access to (?:submit|this|our)[^.]{0,60}(?:rejected|denied|blocked)/i,
          /refused due to (?:abuse|spam)/i,
          /deny-?ip\b/i,
          /spamm?er list|bypassing (?:service )?provider/i,
          /(?:bad|invalid) sender ip|sender ip address rejected/i,
          /mail server at \S+ is (?:blocked|blacklisted|listed|denied)/i,
        ],
        {
          unless: [
            /lookup error|name service error|\.(?:org|net|com) - (?:passed|ok)\b|may be (?:black|block)list|whitelist(?:ed)? (?:by|only)|failed (?:log|auth)|too many (?!(?:invalid|unknown|bad) recipients|messages containing|spam)|log-?in attempts|brute|sender address (?:is )?black|badmailfrom|your (?:e-?mail )?(?:address|domain) (?:has been|is|was) b|rate|temporarily deferred|greylist|graylist|fail2ban|\bSPF\b|ssl|certificate|reverse|PTR|reputation of the domain|surbl|\burl\b/i,
          ],
        },
      ),
      likely(79, [/\bOU-001\b/]),
      // Outlook.com's and AOL's own codes for addresses.
      likely(84, [/\b(?:DY-001|SC-00[1-4])\b/, /\bRTR:(?:BB|DU|SC|BL|GE)|\b(?:CON|RLY):(?:B1|BL)\b/]),
      likely(80, [/too many (?:\S{1,20} )?spams? (?:messages |mails )?from/i]),
      possible(40, [/connection (?:denied|rejected)\b(?! by)/i], { code: [550, 554, 521], alternatives: ['greeting.rejected'] }),
      // Apple greets addresses that it blocks so; a 421 with these words is an outage.
      likely(74, [/not accepting (?:connections|messages|mail)\b/i], {
        code: [554, 550, 521],
        codeOptional: false,
        alternatives: ['server.unavailable'],
      }),
      says({
        certainty: 'likely',
        strength: 64,
        enhanced: ['5.7.511', '5.7.606', '5.7.607', '5.7.608', '5.7.609', '5.7.610', '5.7.649', '5.7.708'],
      }),
      likely(62, [/\b5\.7\.(?:6[0-4]\d|708)\b/]),
      // In place of a greeting it is a server that is closed to this client, listed or not.
      possible(44, [/client host rejected: access denied/i], { stage: ['capabilities', 'auth', 'identity', 'send'] }),
      likely(
        81,
        [
          /(?<!(?:加入|拉入|列入)了?(?:我的|他的|其)?)(?:黑名单|黑名單)|(?:IP|服务器)[^。]{0,12}黑名单|实时黑|封禁IP|IP[^。]{0,8}(?:被(?:封|拒|屏蔽|禁止|阻止|列入))/i,
          /(?:拒绝|屏蔽|封锁|拦截)[^。]{0,6}(?:IP|该地址)/i,
          /danh sách (?:đen|chặn)/i,
          /(?:\bIP\b|địa chỉ IP)[^.]{0,40}(?:bị chặn|bị cấm|bị từ chối)/i,
          /schwarze[nr]? liste|blockliste|sperrliste/i,
          /IP-?adresse?[^.]{0,30}(?:gesperrt|blockiert|gelistet|abgelehnt)/i,
          /liste (?:noire|de blocage)|lista (?:negra|nera|de bloqueo|de bloqueio|di blocco)/i,
          /\bIP\b[^.]{0,45}(?:bloqu|bloccat|rifiutat|refusé|rechazad)/i,
          /(?:ブラック|ブロック|拒否)リスト/,
          /IP ?アドレス[^。]{0,15}(?:拒否|ブロック|登録)/i,
          /ч[её]рн[а-яё]+ спис/i,
          /\bIP\b[^.]{0,45}(?:заблокирован|в списке)/i,
          /블랙리스트|차단 ?목록/,
          /czarn\w+ li[sś]/i,
        ],
        { unless: [/登录|đăng nhập|anmeld|login|failed/i] },
      ),
    ],
  },
  {
    id: 'policy.greylisted',
    category: 'policy',
    stage: 'identity',
    owner: 'provider',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'Greylisting: the server wants a second attempt later',
      meaning:
        'The server defers the first message of a sender that it does not know, and takes it when it comes again after some minutes. Mail servers do that by themselves.',
      fix: [
        'Wait: a mail server repeats the attempt and delivers within the hour.',
        'In a script that sends directly to recipients, repeat after fifteen minutes, or send through your provider’s server with log-in.',
        'Where it lasts for hours, ask the recipient’s administrator to except your server.',
      ],
    },
    links: [
      { title: 'RFC 6647 §2: types of greylisting', url: 'https://www.rfc-editor.org/rfc/rfc6647#section-2' },
      { title: 'RFC 5321 §4.5.4.1: sending strategy', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.5.4.1' },
    ],
    test: 'Send the same message again after fifteen minutes: it is accepted then.',
    example: {
      paste: '451 4.7.1 Greylisted, try again in 300 seconds',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: { 'RCPT TO': '451 4.7.1 Greylisted, try again in 300 seconds' },
      },
    },
    rules: [
      proven(88, [/gr[ea]y-?list/i], { code: [450, 451, 421, 452, 471], codeOptional: false }),
      likely(
        85,
        [
          /gr[ea]y[- ]?list/i,
          /postgrey|milter-greylist|sqlgrey|policyd-greylist|\bgld\b/i,
          /灰名单|灰名單|グレイ ?リスト|グレーリスト|серы[йх] спис|список серых|danh sách xám|liste grise|lista (?:gris|grigia|cinza)|graue liste|그레이 ?리스트/i,
          /(?:first|new|unknown|not seen)[^.]{0,30}(?:sender|triplet|time|contact)[^.]{0,40}(?:try again|retry|later|come back)/i,
          /(?:try again|retry|resend|come back)[^.]{0,12} in \d+ ?(?:sec|min|s\b|m\b)/i,
          /not seen (?:you|this|your)[^.]{0,50}(?:later|again|back)|(?:deferred|delayed) (?:on purpose|deliberately|intentionally)/i,
          // Mimecast's word for it.
          /internal resources? (?:is |are )?temporarily unavailable\b[^;]{0,40}mimecast/i,
        ],
        { unless: [/log-?in|auth|locked|limit|quota|too many|rate|failed sign/i] },
      ),
      // A refusal on grounds of policy that time alone lifts: what rspamd and others say for it by default.
      likely(57, [/^(?:please )?try (?:again )?later/i], {
        code: [450, 451],
        enhanced: ['4.7.1', '4.7.0'],
        alternatives: ['server.unavailable', 'policy.rate-limited'],
      }),
    ],
  },
  {
    id: 'policy.connection-limit',
    category: 'policy',
    stage: 'greeting',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'Too many connections at the same time',
      meaning:
        'The server admits only a certain number of connections from one address or account, and it is reached. User name and password are not at fault.',
      fix: [
        'Close the mail program on devices that you do not need, and wait ten minutes.',
        'Lower the number of connections in the mail program (Thunderbird: server settings > advanced > maximum number of server connections).',
        'In a script, close each session, and open only a few at a time.',
        'On a server of your own, raise the limit (Dovecot: mail_max_userip_connections; Postfix: smtpd_client_connection_count_limit).',
      ],
    },
    links: [
      { title: 'RFC 5530 §3: response code LIMIT', url: 'https://www.rfc-editor.org/rfc/rfc5530#section-3' },
      { title: 'RFC 5321 §3.8: reply 421', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-3.8' },
    ],
    test: 'Close all other programs, wait ten minutes and connect once: it works then.',
    example: {
      paste: '421 4.7.0 mx.example.net Error: too many connections from 203.0.113.9',
      serve: {
        protocol: 'imap',
        replies: {
          LOGIN: '{tag} NO [LIMIT] Too many simultaneous connections for this user',
          AUTHENTICATE: '{tag} NO [LIMIT] Too many simultaneous connections for this user',
        },
      },
    },
    rules: [
      likely(
        87,
        [
          /mail_max_userip_connections/i,
          /too many (?:(?!messages|mails|recipients|errors|commands|log-?ins?|failures|failed|attempts)\S{1,20} ){0,3}(?:connections?|sessions?)\b/i,
          /too many (?:concurrent|simultaneous|parallel|open|active|connected|clients)/i,
          /too (?:frequent|many|fast|often) connect(?:s|ing)\b|concurrency limit/i,
          /(?:maximum|max\.?|allowed number of|number of allowed)(?: number of| count of)?(?: \S{1,20}){0,3} (?:connections?|sessions?)\b/i,
          /(?:connections?|sessions?)(?: count| number)? (?:limit|maximum|quota)/i,
          /limit[^.]{0,25}(?:simultaneous|concurrent|connections|sessions)/i,
          /(?:you have|already|with) \d+ (?:\w+ )?(?:sessions|connections)\b/i,
          /(?:simultaneous|concurrent) (?:\S{1,20} )?(?:connections?|sessions?|log-?ins?)/i,
          /thread limit/i,
          /allowable connection time|connection time (?:limit|exceeded)/i,
          /too many new tls sessions/i,
          /HL:ICC/,
          /process_limit \(\d+\) reached/i,
          /all server ports are busy/i,
          /server ports? busy/i,
        ],
        { unless: [/timed? ?out|connection rate|new connections per|per (?:minute|hour)|failed log|invalid log/i] },
      ),
      likely(84, [
        /(?:连接|連接|连线|連線|会话)(?:数|數|次数)?[^。]{0,6}(?:过多|過多|太多|超(?:过|出|限)|上限|已满)/,
        /(?:太多|过多|過多)(?:的)?[^。]{0,6}(?:连接|連接|连线)/,
        /(?:并发|同时)(?:连接|在线|登录)[^。]{0,8}(?:限制|过多|超)/,
        /超[出过過][^。]{0,16}(?:连接|連接|连线)(?:数|數)/,
        /quá nhiều (?:kết nối|phiên)/i,
        /vượt quá[^.]{0,25}kết nối/i,
        /zu viele (?:\S{1,15} ){0,2}(?:verbindungen|sitzungen)/i,
        /maximale (?:an)?zahl[^.]{0,25}verbindungen/i,
        /trop de (?:\S{1,15} )?connexions/i,
        /nombre maxim\w+ de connexions/i,
        /demasiadas conexiones|número máximo de conexiones/i,
        /(?:muitas|demasiadas|excesso de) (?:conexões|ligações)|número máximo de conexões/i,
        /troppe connessioni|numero massimo di connessioni/i,
        /(?:同時)?接続(?:数)?[^。]{0,10}(?:多すぎ|上限|超え|制限)/,
        /слишком много (?:\S{1,20} )?(?:подключений|соединений)/i,
        /превышено (?:\S{1,20} ){0,3}(?:подключений|соединений)/i,
        /(?:превысили|превышен\S*)[^.]{0,15}(?:число|количество|лимит) (?:подключений|соединений)/i,
        /(?:przekroczon|overschreden|overschrijdt|superat|aşıl|překročen)[^.]{0,40}(?:połączeń|verbindingen|connessioni|bağlantı|připojení)/i,
        /(?:연결|접속)(?!\s?시간)[^.]{0,10}(?:너무 많|초과)/,
        /zbyt (?:wiele|dużo) (?:\S{1,15} )?połączeń/i,
        /te veel (?:\S{1,15} )?verbindingen/i,
        /çok fazla (?:\S{1,15} )?bağlantı/i,
        /příliš mnoho (?:\S{1,15} )?(?:spojení|připojení)/i,
      ]),
      told(62, ['connect', 'limit', 'count'], { without: ['time', 'login'] }),
    ],
  },
  {
    id: 'policy.rate-limited',
    category: 'policy',
    stage: 'send',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'A limit on messages or requests is reached',
      meaning:
        'The server counts messages, recipients or requests in a time, and the account or address has used up its share. The limit goes away by itself.',
      fix: [
        'Wait for the time that the reply names, else an hour, or a day for a daily limit.',
        'Send fewer messages in an hour, and to fewer recipients at once.',
        'Look for a program or web form that sends on its own, and stop it.',
        'For newsletters and notifications, use a sending service or a larger plan.',
        'Ask the provider to raise the limit.',
      ],
    },
    links: [
      { title: 'RFC 5321 §4.5.3.1.10: too many recipients', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.10' },
      { title: 'RFC 3463 §3.5: status code 4.4.5, congestion', url: 'https://www.rfc-editor.org/rfc/rfc3463#section-3.5' },
    ],
    test: 'Send one message after the waiting time: it is accepted then.',
    example: {
      paste: '550 5.4.5 Daily sending limit exceeded for this user, try again tomorrow',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: { 'MAIL FROM': '450 4.7.1 Sending rate limit exceeded, try again in an hour' },
      },
    },
    rules: [
      // Google's word for too many parallel or fast sessions.
      pasted(likely(88, [/temporary system problem/i], { unless: [/authenticat/i] })),
      live(possible(45, [/temporary system problem/i])),
      pasted(likely(86, [/LOGIN rate limit hit/i], { alternatives: ['auth.too-many-attempts'] })),
      likely(
        80,
        [
          /(?:sending|send|message|mail|e-?mail|daily|hourly|monthly|recipients?|user|outgoing|outbound|submission|relay|delivery|receiving|command|bandwidth|external)(?: \S{1,25}){0,4} (?:limit|quota|rate|threshold|allowance)s?(?: \S{1,20}){0,5} ?(?:exceed|reach|hit|over|surpass|used up)/i,
          /exceed\w*[^.;]{0,60}(?:(?:sending|message|mail|daily|hourly|rate|recipient|relay|connection|bandwidth|submission|e-?mail)s?[^.;]{0,25}(?:limit|quota|rate|threshold)|(?:per|an|in one|in an?) (?:hour|day|minute)|max(?:imum)? (?:e-?mails|messages|defers)|maximum (?:sending|number of (?:messages|recipients|e-?mails)))/i,
          /(?:limit|quota|rate) (?:has been |is |was )?(?:exceeded|reached|hit)\b/i,
          /too (?:many|much) (?:[a-z-]{1,15} )?(?:mail|mails|messages?|e-?mails?|recipients?|requests?|deliver\w+|rcpt|traffic)\b(?! data)/i,
          /exceed\w*(?: \S{1,20}){0,3} (?:permitted|allowed) limits?/i,
          /maximum number of (?:recipients|messages|e-?mails|mails)[^.]{0,40}(?:per|a|an|each) (?:day|hour|minute)\b/i,
          /excessive (?:volume|rate|traffic|number of)|unusual (?:volume|traffic)/i,
          /\b(?:mail|message|rcpt|recipient) num(?:ber)? (?:is )?limit/i,
          /rate[- ]?limit(?:ed|ing|s)?\b/i,
          /\b\d+ (?:messages|mails|e-?mails|recipients|deliveries) (?:per|an?|each|every|in an?) (?:second|minute|hour|day)\b/i,
          /throttl/i,
          /slow(?:er|ing)? down|\bslower\b|back ?-?off/i,
          /sending (?:\S{1,15} )?too (?:fast|quickly|much|many|often)/i,
          /SubmissionQuota|ReceivingRate|sending quota/i,
          /(?:receiv|arriv)ing (?:mail|messages|e-?mail) (?:at a rate|too quickly|too (?:fast|many))/i,
          /bandwidth (?:limit|exceed|quota)|bandwidth limits/i,
          /connection rate/i,
          /unexpected volume|unusual rate|user complaints|messages? from \(?[\d.:a-f]{3,40}\)? (?:temporarily )?deferred|\[(?:TSS?|GL)\d\d\]|RP-00[123]|\bDYN:T\d/i,
          /(?:daily|hourly) (?:user )?(?:sending|send|message|mail|relay|recipient|limit|quota)/i,
          /max (?:defers and failures|emails) per hour/i,
          /RP:(?:TRC|QRC|CEL)|MI:(?:SFQ|DMC|STC|CEL)|HL:I[FTR]C/,
          /(?<!login )frequency (?:is )?(?:limited|exceed)/i,
          /over (?:your |the )?(?:sending|message|hourly|daily) (?:limit|quota)/i,
        ],
        {
          unless: [
            /message size|size limit|too large|mailbox (?:is )?full|storage|over ?-?quota|log-?in attempts|auth\w* attempts|simultaneous|concurrent|upgrade your|credits|disk|recipient(?:.s)? quota|messages (?:on|in) the (?:server|mailbox|inbox)|size exceeds/i,
          ],
        },
      ),
      likely(72, [
        /(?:sender|tenant|trial)[^.]{0,40}exceeded (?:its|the|their) daily/i,
        /reached the limit/i,
        /limit for the number of (?:messages|recipients|e-?mails)/i,
        /sent too many/i,
        /reached (?:your|the|its) (?:daily|hourly|sending)/i,
        /daily limit/i,
      ]),
      says({
        certainty: 'likely',
        strength: 62,
        enhanced: [
          '5.4.5',
          '4.4.5',
          '4.7.28',
          '5.7.28',
          '5.7.232',
          '5.7.233',
          '5.1.90',
          '4.5.3',
          '5.5.3',
          '5.2.121',
          '5.2.122',
          '4.2.121',
          '4.7.500',
        ],
      }),
      likely(58, [/\b(?:[45]\.4\.5|[45]\.7\.28|5\.7\.23[23]|5\.1\.90|[45]\.5\.3)\b/], { of: 'text' }),
      live(says({ certainty: 'likely', strength: 62, responseCode: ['LIMIT'], stage: ['mailbox', 'greeting'] })),
      // The rate of log-ins is the log-in's own entry; it stays in sight here.
      possible(50, [/too many log-?in attempts/i, /LOGIN rate limit/i]),
      likely(
        78,
        [
          /(?:发送|发信|邮件|發送|寄信|频率|頻率|数量|收件人|请求)[^。]{0,12}(?:过多|超(?:过|出|限)|上限|过快|过于频繁|頻繁|已达)/,
          /(?:达到|超过|超出)[^。]{0,10}(?:发送|发信|每日|日|频率|数量)?[^。]{0,4}(?:上限|限额|限制|配额)/,
          /(?:操作|请求|发信)(?:过于|太)频繁/,
          /vượt (?:quá )?(?:giới hạn|hạn mức)[^.]{0,50}(?:gửi|ngày|giờ|thư)/i,
          /(?:giới hạn|hạn mức) gửi/i,
          /gửi quá (?:nhiều|nhanh)/i,
          /băng thông/i,
          /bandbreite|bande passante|ancho de banda|largura de banda|larghezza di banda|帯域|пропускн\S{1,6} способност|대역폭|przepustowoś|bandbreedte/i,
          /quá nhiều (?:địa chỉ |thư |email )?(?:người )?nhận/i,
          /(?:收件人|收件者)(?:数量)?(?:太多|过多|過多)|(?:受信者|宛先)(?:の数)?が多すぎ|받는 사람이 너무 많|muitos destinatários|demasiados destinatários|zbyt wielu odbiorców|te veel ontvangers/i,
          /(?:超出|超过|超過)[^。]{0,10}(?:带宽|帶寬|频宽|頻寬)/,
          /(?:sende|versand|tages|stunden)\S*(?:limit|grenze|kontingent|menge)/i,
          /zu viele (?:\S{1,15} )?(?:nachrichten|e-?mails|mails|empfänger|anfragen)/i,
          /limit[^.]{0,20}(?:überschritten|erreicht)/i,
          /(?<!(?:temps|délai) )limite(?! (?:de |d.)(?:la )?(?:connexion|attente))[^.]{0,50}(?:envoi|quotidien|journali|atteint|dépass)/i,
          /trop de (?:messages|courriels|mails|destinataires|requêtes)/i,
          /límite[^.]{0,50}(?:envío|diario|excedid|superad|alcanzad)/i,
          /demasiad[oa]s (?:mensajes|correos|destinatarios|solicitudes)/i,
          /limite[^.]{0,50}(?:envio|diário|excedid|atingid|invio|giornalier|superat|raggiunt)/i,
          /(?:muitas|demasiadas) (?:mensagens|solicitações)|troppi (?:messaggi|destinatari|invii)|troppe richieste/i,
          /(?:送信|配信|受信|リクエスト)[^。]{0,15}(?:上限|制限|超え|多すぎ)/,
          /(?:превышен[а-яё]*)[^.]{0,45}(?:лимит|отправ|сообщен|писем|количеств)/i,
          /лимит[^.]{0,40}(?:превышен|исчерпан|отправ)/i,
          /слишком много (?:писем|сообщений|получателей|запросов)/i,
          /(?:발송|전송|요청)[^.]{0,12}(?:한도|제한|초과|너무 많)/,
          /limit\w*[^.]{0,40}(?:wysyłania|przekroczon)/i,
        ],
        { unless: [/size|大小|kích thước|größe|taille|tamaño|размер|サイズ|登录失败|hộp thư|邮箱空间|附件|连接|kết nối/i] },
      ),
    ],
  },
  {
    id: 'policy.domain-authentication',
    category: 'policy',
    stage: 'send',
    owner: 'admin',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'SPF, DKIM or DMARC failed for the sender’s domain',
      meaning:
        'The recipient’s server cannot verify that the message comes from the sender’s domain: the sending server is not in the SPF record, the DKIM signature is missing or broken, or DMARC asks to refuse it.',
      fix: [
        'Send through the outgoing server of the sender address’s own provider.',
        'Add the sending service to the SPF record of the domain (one TXT record that begins with v=spf1).',
        'Turn on DKIM at the sending service, and publish the key that it shows in DNS.',
        'Let the domain of From agree with that of SPF or DKIM, as DMARC wants.',
        'In a web form, put your own domain into From and the visitor’s address into Reply-To.',
        'Where a forwarder or mailing list breaks the signature, ask its operator to rewrite the sender.',
      ],
    },
    links: [
      { title: 'RFC 7372 §3: status codes of e-mail authentication', url: 'https://www.rfc-editor.org/rfc/rfc7372#section-3' },
      { title: 'RFC 7208 §8: results of SPF', url: 'https://www.rfc-editor.org/rfc/rfc7208#section-8' },
      { title: 'RFC 7489 §6.6: DMARC handling by receivers', url: 'https://www.rfc-editor.org/rfc/rfc7489#section-6.6' },
    ],
    test: 'Look at the header Authentication-Results of a message that arrives elsewhere: it names which of the three fails.',
    example: {
      paste:
        '550 5.7.26 This mail has been blocked because the sender is unauthenticated. SPF [example.com] did not pass, DKIM did not pass',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        client: { args: ['--send'] },
        replies: { '.': '550 5.7.26 Message rejected: DMARC policy of the sender domain is not satisfied' },
      },
    },
    rules: [
      likely(
        88,
        [
          /\b(?:SPF|DMARC)\b[^;]{0,90}(?:fail|violat|reject|not\b|did not|does not|permerror|polic|check|unauthor|unaligned|block|error|result|forbid|require)/i,
          /\bDKIM\b[^;]{0,90}(?:fail|violat|reject|not\b|did not|does not|polic|check|unaligned|invalid|missing|require|error)/i,
          /(?:fail|violat|reject|reject\w* due to|not pass|required|block)[^;]{0,50}\b(?:SPF|DKIM|DMARC)\b/i,
          /sender policy framework|\bsender[- ]id\b|\bp=(?:reject|quarantine)\b/i,
          /sender is unauthenticated|unauthenticated (?:e-?mail|mail|message)/i,
          /(?:does not|doesn.t|not) (?:have|pass|meet)[^;]{0,40}authentication (?:check|information|level|require)/i,
          /fails? to pass authentication/i,
          /required authentication level/i,
          /openspf|spf\.pobox|kitterman/i,
          /is not (?:allowed|authori[sz]ed|permitted) to send (?:mail|e-?mail|messages?)? ?(?:from|for|on behalf of) (?:the domain )?\S+\.\w+/i,
          /domain owner/i,
          /not designated as (?:a )?permitted sender/i,
        ],
        { unless: [/TLS-RPT|signing table|SendAsDenied|5\.7\.60|as this sender/i] },
      ),
      likely(84, [/\bDomainKeys\b/i]),
      likely(63, [/\b(?:SPF|DKIM|DMARC)\b/, /anti-?spoof/i], { of: 'reply', unless: [/SendAsDenied|as this sender/i] }),
      says({
        certainty: 'likely',
        strength: 76,
        enhanced: [
          '5.7.20',
          '5.7.21',
          '5.7.22',
          '5.7.23',
          '5.7.24',
          '5.7.26',
          '4.7.20',
          '4.7.23',
          '4.7.24',
          '4.7.26',
          '5.7.509',
          '5.7.515',
          '4.7.32',
          '5.7.32',
        ],
      }),
      likely(70, [/\b[45]\.7\.(?:2[0-4]|26|509|515)\b/], { of: 'text' }),
      likely(80, [
        /\b(?:SPF|DKIM|DMARC)\b[^。]{0,20}(?:失败|失敗|不通过|未通过|校验|验证|检查|错误|không|thất bại|lỗi|fehl|échec|échou|fall|falh|fallit|ошибк|не прош|エラー|認証|실패)/i,
        /sender-?authentifizierung|authentification de l.expéditeur|autenticación del remitente|送信(?:者|元)認証|送信ドメイン認証/i,
      ]),
    ],
  },
];

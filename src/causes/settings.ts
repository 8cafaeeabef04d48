/** Settings that do not fit the account, the server or the consumer (RFC 8314 §5, RFC 6186). */
import type { Cause, Rule } from '../model/cause.ts';
import type { ReplyEvidence, SettingEvidence } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import { likely, possible } from './hear.ts';
import { answered, firstFailure, loggedIn, mainLookups, mention, UNKNOWN } from './look.ts';
import { says, seen, sighting } from './rules.ts';
import { told } from './tongues.ts';

type Remark = NonNullable<SettingEvidence['remark']>;

const remarked = (facts: Facts, ...remarks: readonly Remark[]): SettingEvidence | undefined =>
  facts.all('setting', 'settings').find((s) => s.remark !== undefined && remarks.includes(s.remark));

/** Words that give the refusal a reason of its own, which no setting explains better. */
const REASONED =
  /app(?:lication)?[- ]?(?:specific|password)|authorization code|授权码|oauth|basic auth|disabled|not enabled|locked|suspend|expired|too many|\brate\b|limit|unavailable|temporar|later|browser|https?:\/\//i;

/** @returns the final refusal of a log-in that gives no reason. */
function bareRefusal(facts: Facts): ReplyEvidence | undefined {
  const last = facts.last('reply', 'auth');
  if (last?.status !== 'no' || (last.code !== undefined && last.code < 500)) return undefined;
  return REASONED.test(last.text) ? undefined : last;
}

const instead = (s: SettingEvidence | undefined) => ({ params: { instead: s?.instead ?? UNKNOWN } });

/** A setting that is known to be wrong explains a log-in refused without a reason; untested, it is worth a warning. */
const explainsRefusal = (...remarks: readonly Remark[]): Rule =>
  seen((facts) => {
    const s = remarked(facts, ...remarks);
    if (!s || facts.pasted || loggedIn(facts)) return undefined;
    const refused = bareRefusal(facts);
    if (refused)
      return sighting('likely', 88, [s, refused], { stage: 'auth', alternatives: ['auth.credentials-rejected'], ...instead(s) });
    return sighting('possible', 30, [s], { severity: 'warning', ...instead(s) });
  });

/** A finding that stands or falls with one remark of the settings. */
const remarkSeen = (strength: number, ...remarks: readonly Remark[]): Rule =>
  seen((facts) => {
    const s = remarked(facts, ...remarks);
    return s && sighting('proven', strength, [s], instead(s));
  });

/** A retired name explains whatever fails on the way to the log-in. */
const retired: Rule = seen((facts) => {
  const s = remarked(facts, 'replaced-host');
  if (!s) return undefined;
  const failure = firstFailure(facts);
  if (!failure) return sighting('proven', 40, [s], { severity: 'warning', ...instead(s) });
  return sighting('likely', failure.stage === 'auth' ? 60 : 93, [s, failure], { stage: failure.stage, ...instead(s) });
});

const misspelledHost: Rule = seen((facts) => {
  const s = remarked(facts, 'near-published-host');
  if (!s) return undefined;
  const lookups = mainLookups(facts);
  const gone = lookups.filter((l) => l.outcome === 'nxdomain' || l.outcome === 'no-data');
  if (gone.length > 0 && !lookups.some(answered)) {
    const nowhere = gone.some((l) => l.outcome === 'nxdomain');
    return sighting(nowhere ? 'proven' : 'likely', 70, [s, ...lookups], { stage: 'dns', ...instead(s) });
  }
  return firstFailure(facts) ? sighting('possible', 30, [s], { severity: 'warning', ...instead(s) }) : undefined;
});

const misspelledAddress: Rule = seen((facts) => {
  const near = remarked(facts, 'near-known-domain');
  if (!near || loggedIn(facts)) return undefined;
  const reached = facts.all('connect').some((c) => c.outcome === 'open');
  if (reached) return sighting('possible', 30, [near], { severity: 'warning', ...instead(near) });
  return sighting('likely', 72, [near], instead(near));
});

/** Whoever names a server that answers has an account without a published service: that is no fault. */
const noMailService: Rule = seen((facts) => {
  const none = remarked(facts, 'no-mail-service');
  if (!none || loggedIn(facts) || facts.all('connect').some((c) => c.outcome === 'open')) return undefined;
  // A domain that does not exist has no server either: that is the fault then, and this says why the server is missing.
  const severity = none.detail === 'NXDOMAIN' && firstFailure(facts) ? ({ severity: 'warning' } as const) : {};
  return sighting('proven', 71, [none], { alternatives: ['settings.address-misspelled'], ...severity });
});

/** Slips of the pen in the domains that most people have. */
const SLIPS =
  /@(?:g(?:mial|mai|mal|mil|amil|nail|maill|mali|email)|hot(?:mial|mal|mai|maill|mali)|homtail|yaho|yahooo|yhoo|outlok|outllok|outlool|iclod|icluod)\.com?(?![\w-])|@(?:gmail|hotmail|yahoo|outlook|icloud)\.(?:con|cm|cmo|comn|comm|vom|xom|co)(?![\w.-])/i;

const slip: Rule = seen((facts) => {
  if (!facts.pasted) return undefined;
  const m = mention(facts, SLIPS);
  return (
    m &&
    sighting('likely', 62, [m.evidence], { matched: m.matched, params: { instead: UNKNOWN }, alternatives: ['dns.no-such-host'] })
  );
});

/** The server works for others; only the consumer wants something else. Where more fails, that is mended first. */
const clientDemands: Rule = seen((facts) => {
  const s = remarked(facts, 'client-demands');
  if (!s) return undefined;
  // IMAP is only the wrong door: nothing about it is to be mended.
  const aside = firstFailure(facts) !== undefined || facts.protocol === 'imap';
  return sighting('proven', 60, [s], { ...(aside ? { severity: 'warning' as const } : {}), ...instead(s) });
});

const HOLES = { params: { instead: UNKNOWN } };
/** The rule, with its holes filled by a sign for "unknown". */
const open =
  (rule: Rule): Rule =>
  (facts) => {
    const s = rule(facts);
    return s && { ...HOLES, ...s };
  };

export const settings: readonly Cause[] = [
  {
    id: 'settings.user-name-form',
    category: 'settings',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The user name has the wrong form',
      meaning:
        'The server knows accounts under another form of name than the one it was given: the whole address in place of the part before the @, or the reverse. The password may well be right.',
      fix: [
        'Enter the whole mail address, for example name@example.com, as the user name.',
        'Remove blanks before and after the user name.',
        'Use the main address of the account rather than an alias.',
        'Where the server is your own and knows no domains, enter only the part before the @.',
        'Ask the administrator or provider which user name the account has.',
      ],
    },
    links: [
      {
        title: 'RFC 8314 section 5.1, on the configuration of mail clients',
        url: 'https://www.rfc-editor.org/rfc/rfc8314#section-5.1',
      },
      { title: 'RFC 4616 section 2, authentication identity', url: 'https://www.rfc-editor.org/rfc/rfc4616#section-2' },
    ],
    test: 'Log in once with the whole address as user name: if that is accepted, the form was wrong and not the password.',
    example: {
      paste: '-ERR Please use your full email address as the username, not only the part before the @ sign.',
      serve: {
        protocol: 'pop3',
        client: { user: 'someone', address: 'someone@example.test' },
        replies: {
          USER: '-ERR please use your full e-mail address as user name',
          PASS: '-ERR please use your full e-mail address as user name',
        },
      },
    },
    rules: [
      explainsRefusal('user-name-form'),
      likely(78, [
        /(?:full|complete|whole|entire) (?:e-?mail|mail) ?(?:address|id)?\b.{0,30}\b(?:as|for|in|is) .{0,12}(?:user ?name|log-?in|user ?id)/i,
        /(?:user ?name|log-?in(?: name)?|user ?id) (?:must|should|has to|needs to|is) .{0,40}(?:full|complete|fully|whole|@|domain)/i,
        /(?:log|sign) ?in with .{0,12}(?:full|complete|whole) (?:e-?mail|address)/i,
        /(?:please|must|should|need to|have to) (?:use|enter|give|specify|supply) (?:your |the |a )?(?:full|complete|whole|entire) (?:e-?mail|mail)(?: ?address| ?id)?\b/i,
        /(?:invalid|wrong|bad|incorrect|unexpected|unknown) (?:user ?name|log-?in(?: name)?|user ?id) (?:format|form|syntax)\b/i,
        /@? ?domain ?part.{0,60}virtual ?host/i,
        /user ?name character disallowed|disallowed by auth_username_chars/i,
        /(?:no|missing|without|lacks?) (?:an? |the )?(?:@|domain|realm)(?: part| name)? (?:in|of|from|part of) (?:the |your )?(?:user|log-?in)/i,
        /(?:use|try|enter) (?:your )?(?:user ?name|user|name)@(?:your-?)?domain/i,
        /用户名.{0,14}(?:完整|格式)|完整的?(?:邮箱|邮件|电子邮件|郵件|電子郵件)(?:地址|账号|帐号|帳號)?.{0,14}(?:用户名|登录|登入|账号|帐号)/,
        /tên (?:người dùng|đăng nhập|tài khoản).{0,40}(?:đầy đủ|địa chỉ email)|địa chỉ (?:e-?mail|thư) đầy đủ/i,
        /(?:vollständige|komplette|ganze|gesamte)[nrms]? (?:e-?mail|mail)-?adresse|benutzername.{0,40}vollständig/i,
        /adresse (?:e-?mail|mail|courriel|électronique) complète|nom d.utilisateur complet/i,
        /dirección (?:de )?(?:e-?mail|correo)(?: electrónico)? completa|indirizzo (?:e-?mail|di posta) completo|endereço (?:de )?e-?mail completo/i,
        /полн(?:ый|ого|ым) (?:адрес|e-?mail)|メールアドレス全体|完全なメールアドレス|전체 이메일 주소/i,
      ]),
      told(77, ['user', 'whole', 'address']),
      likely(45, [
        /(?:invalid|wrong|illegal|malformed|bad) (?:user ?name|login|user) format|user ?name (?:format )?is (?:malformed|not in)/i,
      ]),
      possible(35, [/denied POP3 access for the given/i]),
    ],
  },
  {
    id: 'settings.host-misspelled',
    category: 'settings',
    stage: 'dns',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The server name is misspelled',
      meaning: 'No server of this name exists, and a known mail server differs from it by one or two letters: {instead}.',
      fix: [
        'Correct the server name to {instead}.',
        'Compare the name letter by letter with the one on the help page of your provider.',
        'Remove anything before or after the name, such as https://, a blank or a slash.',
      ],
    },
    links: [{ title: 'RFC 2308 section 2.1, name error', url: 'https://www.rfc-editor.org/rfc/rfc2308#section-2.1' }],
    test: 'Look up the published server name that is nearest: if it exists and this one does not, the name is misspelled.',
    example: {
      paste: 'Server imap.gmial.com could not be found. Did you mean imap.gmail.com? Check the spelling of the server name.',
      serve: { protocol: 'imap', dns: 'near-name' },
    },
    rules: [
      misspelledHost,
      open(
        likely(72, [
          /did you mean (?:imap|pop3?|smtp|mail|mx|outlook|exchange)[\w-]{0,20}\.[\w.-]{3,80}/i,
          /(?:host|server)(?: ?name)?.{0,30}(?:misspel|mistyped|typo|spelled wrong|falsch geschrieben|mal orthographié|mal escrito|拼写|viết sai)/i,
          /spelling of (?:the |your )?(?:mail )?(?:server|host)/i,
        ]),
      ),
    ],
  },
  {
    id: 'settings.wrong-server',
    category: 'settings',
    stage: 'auth',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The account lives on another server',
      meaning:
        'The server answers, but this account belongs to another provider, data centre or plan, so no password can be right here.',
      fix: [
        'Use the server that belongs to the account: {instead}.',
        'Look up the server names in the settings page of the account itself, while signed in on the web; data centre and plan decide them.',
        'Where the domain has moved to another provider, replace the old server names in every device.',
        'Ask the administrator of the domain where its mailboxes are.',
      ],
    },
    links: [
      { title: 'Zoho Mail: POP configuration details', url: 'https://www.zoho.com/mail/help/pop-access.html' },
      { title: 'RFC 6186, locating mail services', url: 'https://www.rfc-editor.org/rfc/rfc6186#section-3' },
    ],
    test: 'Sign in on the web page of the provider to which the MX of the domain points: if the password works there, the server here is the wrong one.',
    example: {
      paste:
        '535 5.7.1 Authentication refused: this mailbox is hosted in another data center, connect to the server of your region',
      serve: {
        protocol: 'smtp',
        replies: { AUTH: '535 5.7.1 This account is hosted in another data center, connect to the server of your region' },
      },
    },
    rules: [
      retired,
      explainsRefusal('other-provider', 'other-plan'),
      // The mailbox is at home elsewhere (RFC 2221).
      open(says({ certainty: 'proven', strength: 88, responseCode: ['REFERRAL'] })),
      open(
        likely(76, [
          /(?:account|mailbox|user|domain)\b.{0,60}\b(?:another|different|other|wrong) (?:data ?cent(?:er|re)|region|server|provider|cluster|host|site)/i,
          /(?:account|mailbox|user|domain)\b.{0,40}\b(?:not|isn.t|never) (?:hosted|located|homed|served|provisioned) (?:here|on this|by this|with us|on our|in this)/i,
          /(?:account|mailbox|domain)\b.{0,40}\b(?:belongs|moved|migrated|relocated) to (?:an?other|a different|a new|the)\b.{0,30}(?:server|data ?cent|provider|region|platform)/i,
          /(?:connect to|use) (?:the )?(?:server|host|data ?cent(?:er|re)) (?:of|for|in) your (?:region|data ?cent|account|plan)/i,
          /wrong (?:mail )?(?:server|data ?cent(?:er|re)|region) for (?:this|your) (?:account|user|domain|mailbox)/i,
          /\[REFERRAL imap/i,
          /(?:账号|帐号|账户|帳號|邮箱|用户).{0,30}(?:其他|其它|不同|别的|错误的?)(?:数据中心|服务器|区域|站点)|不属于(?:本|此|该)服务器|不在(?:本|此|该)服务器上/,
          /(?:tài khoản|hộp thư).{0,40}(?:máy chủ|trung tâm dữ liệu) khác/i,
          /(?:konto|postfach).{0,40}(?:anderen|falschen) (?:server|rechenzentrum)|compte.{0,40}autre (?:serveur|centre de données)|cuenta.{0,40}otro (?:servidor|centro de datos)/i,
        ]),
      ),
    ],
  },
  {
    id: 'settings.address-misspelled',
    category: 'settings',
    stage: 'settings',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The mail address is misspelled',
      meaning:
        'The domain of the address takes no mail, and a known mail domain differs from it by one or two letters: {instead}.',
      fix: [
        'Correct the part after the @ to {instead}.',
        'Read the address aloud letter by letter and compare it with the one on an old message.',
      ],
    },
    links: [
      { title: 'RFC 5321 section 5.1, locating the target host', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-5.1' },
    ],
    test: 'Look up the MX of the domain and of the known domain it resembles: if only the other one has one, the address is misspelled.',
    example: {
      paste: 'joe@gmial.com could not be set up: the domain gmial.com has no mail service. Did you mean joe@gmail.com?',
      serve: { protocol: 'imap', dns: 'near-name', client: { address: 'someone@gmial.com' } },
    },
    rules: [
      misspelledAddress,
      slip,
      open(
        likely(84, [
          /did you mean [^\s@<>]{1,64}@[\w.-]{3,80}/i,
          /(?:e-?mail|address|domain)\b.{0,40}(?:misspel|mistyped|(?<!address for )typo|spelled wrong|写错|拼写错误|viết sai|falsch geschrieben)/i,
        ]),
      ),
    ],
  },
  {
    id: 'settings.no-mail-service',
    category: 'settings',
    stage: 'settings',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The domain of the address has no mail service',
      meaning:
        'No mail server is published for the part after the @: the domain does not exist, has no MX record, or says that it takes no mail.',
      fix: [
        'Compare the part after the @ letter by letter with the one on an old message.',
        'Where the domain is your own, check that it is still registered and that its MX records are in place.',
        'Name the server yourself with --host where the account exists although nothing is published.',
      ],
    },
    links: [
      { title: 'RFC 7505 section 3, a domain that takes no mail', url: 'https://www.rfc-editor.org/rfc/rfc7505#section-3' },
      { title: 'RFC 5321 section 5.1, locating the target host', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-5.1' },
    ],
    test: 'Look up the MX and the addresses of the domain: where there are none, or the MX is a bare dot, it takes no mail.',
    example: {
      paste: 'No mail service could be found for the domain example.net.',
      unserved: 'The domain is looked up while settling, and the lab publishes every domain that exists.',
    },
    rules: [
      noMailService,
      likely(60, [
        /\bno (?:e-?mail|mail) (?:provider|service|server|settings)s?\b.{0,60}\b(?:for|of) (?:the |this |your )?domain\b/i,
      ]),
    ],
  },
  {
    id: 'settings.client-policy',
    category: 'settings',
    stage: 'settings',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The service that fetches the mail demands other settings',
      meaning:
        'The server may work for mail clients, but the service that is to use it accepts only certain settings, and these are not among them: {instead}.',
      fix: [
        'Change the port and the encryption to what that service accepts: {instead}.',
        'Ask the administrator of the mail server to offer it on the standard ports, 995 with TLS or 110.',
        'Where the server has a self-signed certificate, ask its administrator for one from a public authority.',
        'Forward the mail to the new account where the server cannot be changed.',
      ],
    },
    links: [
      { title: 'Zoho Mail: external POP accounts', url: 'https://www.zoho.com/mail/help/external-pop-accounts-setup.html' },
    ],
    test: 'Check the same server without --client: if that passes, only the demand of the consumer fails.',
    example: {
      paste: 'Custom ports are not supported. Only port 110 and 995 are allowed for POP accounts.',
      serve: { protocol: 'pop3', client: { args: ['--client', 'zoho-fetch', '--port', '2110'] } },
    },
    rules: [
      clientDemands,
      open(
        likely(64, [
          /\b(?:only|just) (?:the )?(?:standard )?ports?\b.{0,30}\b(?:110|995)\b|\bports? (?:110|995)\b.{0,30}\b(?:only|allowed|supported)/i,
          /(?:custom|non-?standard|other) ports?.{0,30}(?:not|aren.t) (?:supported|allowed|accepted)/i,
          /self-?signed.{0,60}(?:not|cannot be|can.t be) (?:supported|allowed|accepted|configured|used) (?:for|on|in|with|by)\b/i,
          /(?:仅|只)支持.{0,10}端口|không hỗ trợ cổng/i,
        ]),
      ),
    ],
  },
  {
    id: 'settings.sources-disagree',
    category: 'settings',
    stage: 'settings',
    owner: 'admin',
    severity: 'notice',
    words: {
      title: 'The published settings do not agree with each other',
      meaning:
        'Two sources name different servers, ports or encryption for this account. The report lists each source and what it says.',
      fix: [
        'Prefer the settings on the help page of your provider.',
        'Ask the administrator of the domain to make autoconfig, Autodiscover and SRV records say the same.',
      ],
    },
    links: [{ title: 'RFC 6186 section 4, guidance for clients', url: 'https://www.rfc-editor.org/rfc/rfc6186#section-4' }],
    test: 'Run mailcheck discover with the address and compare what each source says.',
    example: {
      paste: 'The settings found by autoconfig and by the SRV records differ from each other.',
      unserved: 'Sources are asked while settling, before any server of the lab is reached.',
    },
    rules: [
      remarkSeen(40, 'sources-disagree', 'unlike-preset'),
      possible(40, [
        /settings.{0,60}(?:differ|disagree|do not agree|contradict)|(?:autoconfig|SRV records?|autodiscover).{0,60}(?:differ|disagree|contradict)/i,
      ]),
    ],
  },
  {
    id: 'settings.plaintext',
    category: 'settings',
    stage: 'settings',
    owner: 'you',
    severity: 'warning',
    words: {
      title: 'No encryption is set for this connection',
      meaning: 'Everything, the password included, would travel readable for every network on the way.',
      fix: [
        'Choose SSL/TLS with port 995 for POP3, 993 for IMAP or 465 for sending.',
        'Choose STARTTLS with port 587 where 465 is not offered.',
        'Ask the administrator of the server to switch TLS on where it offers none.',
      ],
    },
    links: [{ title: 'RFC 8314 section 3, use of TLS', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-3' }],
    test: 'Check the same host with --security tls and with --security starttls.',
    example: {
      paste: 'Warning! Incoming settings: mail.example.com does not use encryption.',
      serve: { protocol: 'imap', security: 'none', client: { args: ['--until', 'capabilities'] } },
    },
    rules: [
      remarkSeen(50, 'plaintext'),
      possible(45, [
        /(?:does not|doesn.t|do not|don.t) use (?:any )?encryption|connection is not (?:encrypted|secure)|no encryption is (?:set|used)/i,
        /verwendet keine verschlüsselung|n.utilise pas (?:de )?chiffrement|no (?:usa|utiliza) cifrado|不使用加密|未(?:使用)?加密|không (?:sử dụng|dùng) mã hóa|暗号化を使用し(?:ない|ていません)/i,
      ]),
    ],
  },
  {
    id: 'settings.insecure-auth',
    category: 'settings',
    stage: 'settings',
    owner: 'you',
    severity: 'warning',
    words: {
      title: 'Credentials may travel unprotected, as you allowed',
      meaning:
        'With --insecure-auth the password or token is sent even where the channel is not encrypted or the certificate has failed.',
      fix: [
        'Leave out --insecure-auth once the test is done.',
        'Change the password where it went over a network that you do not trust.',
      ],
    },
    links: [
      { title: 'RFC 8314 section 4.1, deprecation of cleartext', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-4.1' },
    ],
    test: 'Check again without --insecure-auth.',
    example: {
      paste: 'Warning: the password will be transmitted insecurely, in clear text.',
      serve: { protocol: 'imap', security: 'none', client: { args: ['--insecure-auth'] } },
    },
    rules: [
      remarkSeen(52, 'insecure-auth'),
      possible(46, [
        /(?:password|credential)s?\b.{0,40}\b(?:insecurely|in (?:the )?clear(?: ?text)?|without encryption)\b/i,
        /(?:passwort|kennwort).{0,30}ungesichert|mot de passe.{0,40}non sécurisé|密码.{0,10}(?:明文|不安全)|mật khẩu.{0,30}không an toàn/i,
      ]),
    ],
  },
];

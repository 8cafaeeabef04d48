/** Hosts, ports, addresses and users that a pasted text names. */
import type { Protocol, Security } from '../model/terms.ts';
import { protocolOfPort, protocolOfWords } from './stages.ts';

export interface Endpoint {
  readonly host?: string;
  readonly address?: string;
  readonly port?: number;
}

const DOTTED = /(?<![\w.@-])[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){1,8}(?![\w@-])/g;
const IPV4 = /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)/;
const IPV6 = /(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){0,7}(?![\w])/i;
/** Last labels of file names, packages and classes, which look like hosts. */
const NOT_TLD =
  /\.(?:c|h|js|ts|mjs|cjs|py|rb|go|rs|cs|java|php|cpp|so|dll|exe|html?|xml|json|ya?ml|txt|log|conf|cfg|ini|pem|crt|key|eml|msg|mail|smtp|imap|pop|net|util|security|ssl|lang|error|errors|exception|code|message|response|command|sys|local_|example_|invalid2)$/i;
const PACKAGE =
  /^(?:java|javax|jakarta|com\.sun|sun|org\.(?:springframework|apache|eclipse|codehaus|bouncycastle)|system|microsoft|android|kotlin|mailkit|node_modules|dovecot|postfix|smtp\.(?:Net|Smtp))\./i;
const MAIL_HOST =
  /^(?:smtp|imap|pop3?|mail|mx\d?|outlook|exchange|webmail|in|out|relay|mta|send|incoming|outgoing|mailserver|securesmtp|authsmtp)[\w-]{0,20}\./i;

const TLD =
  /\.(?:[a-z]{2}|com|net|org|edu|gov|mil|int|info|biz|name|pro|mobi|app|dev|online|shop|site|tech|cloud|email|xyz|club|store|agency|digital|solutions|group|company|services|systems|network|software|live|life|world|space|website|work|academy|center|consulting|studio|design|media|news|blog|global|international|asia|tokyo|berlin|koeln|wien|paris|london|moscow|example|test|invalid|local|localhost|internal|lan|intranet|corp|home|arpa|xn--[a-z0-9-]{2,50})$/i;
const WORD_TLD =
  /\.(?:login|error|errors|send|connect|auth|client|session|server|user|host|port|enable|protocol|message|debug|socket|transport|sender|ssl|tls|class|api|imapclient|core|main|base|util)$/i;

/** @returns true where a dotted name can be a host of the Internet. */
function isHost(name: string): boolean {
  if (
    PACKAGE.test(name) ||
    (NOT_TLD.test(name) && !/^[a-z0-9-]{2,40}(?:\.[a-z0-9-]{2,40}){0,3}\.net$/.test(name)) ||
    WORD_TLD.test(name)
  )
    return false;
  // A mail host may have a misspelled end: `imap.example.con`.
  if (MAIL_HOST.test(name)) return TLD.test(name) || /^[a-z0-9.-]{4,80}\.[a-z]{2,6}$/.test(name);
  return TLD.test(name) && (name === name.toLowerCase() || !/[a-z][A-Z]/.test(name));
}

/** @returns the hosts of a text, mail hosts first, lower case, each once. */
export function hostsOf(text: string): readonly string[] {
  const found: string[] = [];
  for (const m of text.matchAll(DOTTED)) {
    const name = m[0].toLowerCase().replace(/^[245]\d\d-/, '');
    if (isHost(name === m[0].toLowerCase() ? m[0] : name) && !found.includes(name)) found.push(name);
    if (found.length > 40) break;
  }
  return [...found.filter((h) => MAIL_HOST.test(h)), ...found.filter((h) => !MAIL_HOST.test(h))];
}

/** @returns the place that one message speaks of: `connect ECONNREFUSED 192.0.2.1:587`, `mx[192.0.2.1]:25`, `host "x" port 25`. */
export function endpointOf(text: string): Endpoint {
  const host = hostsOf(text)[0];
  const address = IPV4.exec(text)?.[0] ?? IPV6.exec(text)?.[0];
  const port = portOf(text, host, address);
  return { ...(host ? { host } : {}), ...(address ? { address } : {}), ...(port ? { port } : {}) };
}

function portOf(text: string, host: string | undefined, address: string | undefined): number | undefined {
  for (const place of [address, host]) {
    if (place === undefined) continue;
    const at = text.toLowerCase().indexOf(place.toLowerCase());
    const m = /^\]?\.?:(\d{2,5})\b/.exec(text.slice(at + place.length, at + place.length + 12));
    if (m) return Number(m[1]);
  }
  const said =
    /(?:port|端口|埠|cổng|ポート|포트|puerto|porta|порт)["']?\s{0,2}[:=：#]?\s{0,2}["']?(\d{2,5})\b/iu.exec(text) ??
    /\]:(\d{2,5})\b/.exec(text);
  const n = Number(said?.[1] ?? said?.[2] ?? said?.[3]);
  return n > 0 && n < 65_536 ? n : undefined;
}

export interface Known {
  readonly host?: string;
  readonly port?: number;
  readonly protocol?: Protocol;
  readonly security?: Security;
  readonly user?: string;
  /** Domains that hint at the provider: hosts and mail domains named in the text, and what its words imply. */
  readonly hints: readonly string[];
}

/** Words that only one provider writes. */
const BRANDS: readonly (readonly [string, RegExp])[] = [
  ['gmail.com', /gsmtp|support\.google\.com|accounts\.google\.com|\bgmail\b|googlemail/i],
  ['outlook.com', /\bhotmail\b|outlook\.com|live\.com|msn\.com/i],
  [
    'office365.com',
    /office ?365|microsoft 365|exchange online|prod\.outlook\.com|AADSTS\d|aka\.ms|SmtpClientAuthentication|\b5\.7\.139\b/i,
  ],
  ['yahoo.com', /\byahoo\b/i],
  ['icloud.com', /\bicloud\b|me\.com\b|apple id/i],
  ['zoho.com', /\bzoho\b|ZeptoMail|relaying disallowed as/i],
  ['qq.com', /service\.mail\.qq\.com|mail\.qq\.com|\bqq邮箱|exmail/i],
  ['163.com', /kefu@188|\b163\.com|\b126\.com|yeah\.net|网易|netease/i],
  ['yandex.com', /\byandex\b|sc=[\w-]{20}/i],
  ['mail.ru', /NEOBHODIM|help\.mail\.ru|\bmail\.ru\b/i],
  ['gmx.net', /\bgmx\b/i],
  ['web.de', /\bweb\.de\b/i],
  ['fastmail.com', /fastmail/i],
  ['proton.me', /proton ?mail|protonmail/i],
  ['aol.com', /\baol\b/i],
];

const ADDRESS =
  /(?:\bLOGIN\s+"?|\bUSER\s+|\buser(?:name)?\b["']?[\s:=<>"'[(]{1,5}|for |by |of |account |set_id=|user=<)([^\s"'<>()[\],;:*]{1,64}@[^\s"'<>()[\],;:*]{2,120})/i;
const NAME =
  /(?:sasl_username=|\buser(?:_?name)?["']?\s{0,2}(?:=>|[:=])\s{0,2}["'<]|user=<|\blogin=|set_id=|with username ")([^\s"'<>()[\],;:*]{2,120})/i;

/**
 * @param text the beginning of the masked text.
 * @param protocol what the replies in it told.
 */
export function knownOf(text: string, protocol: Protocol | undefined): Known {
  const head = text.slice(0, 60_000);
  const hosts = hostsOf(head);
  const paired = /(?<![\w.@-])((?:[a-z0-9_-]{1,63}\.){1,6}[a-z]{2,18})(?:\[[0-9a-f.:]{3,45}\])?:(\d{2,5})\b/i.exec(head);
  const host = (paired?.[1] && isHost(paired[1]) ? paired[1].toLowerCase() : undefined) ?? hosts.find((h) => MAIL_HOST.test(h));
  const own = paired?.[2] && host === paired[1]?.toLowerCase() ? Number(paired[2]) : portOf(head, host, IPV4.exec(head)?.[0]);
  // A log gives the port of the client as well: a high one counts only where the words make it the server's.
  const port = own !== undefined && own > 1023 && own !== 2525 && !/\bport\b|connect|dial/i.test(head) ? undefined : own;
  const spoken = protocol ?? protocolOfPort(port) ?? protocolOfWords(`${host ?? ''} ${head.slice(0, 4000)}`);
  const user = ADDRESS.exec(head)?.[1] ?? NAME.exec(head)?.[1];
  const domains = [...head.matchAll(/@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4})\b/gi)]
    .slice(0, 40)
    .map((m) => (m[1] ?? '').toLowerCase());
  const security = securityOf(head, port);
  const hints = [...new Set([...BRANDS.filter(([, r]) => r.test(head)).map(([d]) => d), ...hosts, ...domains])].slice(0, 40);
  return {
    ...(host ? { host } : {}),
    ...(port && port > 0 && port < 65_536 ? { port } : {}),
    ...(spoken ? { protocol: spoken } : {}),
    ...(security ? { security } : {}),
    ...(user && !/^(?:unknown|null|none|undefined)$/i.test(user) ? { user } : {}),
    hints,
  };
}

function securityOf(text: string, port: number | undefined): Security | undefined {
  if (port === 465 || port === 993 || port === 995) return 'tls';
  if (/\bSTARTTLS\b|\bSTLS\b/.test(text)) return 'starttls';
  if (/SSL\/TLS|ssl:\/\/|smtps:|imaps:|pop3s:|Secure\s?\(SSL\): Yes/i.test(text)) return 'tls';
  if (port === 587 || port === 143 || port === 110) return 'starttls';
  return undefined;
}

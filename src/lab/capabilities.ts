/** What a lab server says it can do, by protocol and channel, unless the scenario says otherwise. */
import type { Serve } from '../model/cause.ts';
import type { Channel, Protocol } from '../model/terms.ts';
import { MECHANISMS } from './sasl.ts';

/** Largest message that submission takes, in bytes (RFC 1870). */
export const MAX_MESSAGE = 10_485_760;

/** @returns the capability lines of this channel: EHLO keywords, CAPA lines, or IMAP capability atoms. */
export function capabilitiesOf(faults: Serve, channel: Channel): readonly string[] {
  const given = faults.capabilities;
  const own = channel === 'authenticated' ? given?.authenticated : channel === 'tls' ? given?.tls : given?.plain;
  if (own) return faults.protocol === 'imap' ? own.flatMap(atoms) : own;
  if (channel === 'authenticated') return afterLogin(faults);
  const mechanisms = offered(faults, channel);
  const upgrade = channel === 'plain' && faults.security !== 'none';
  switch (faults.protocol) {
    case 'pop3':
      return pop3(mechanisms, upgrade);
    case 'imap':
      return imap(mechanisms, upgrade);
    case 'smtp':
      return smtp(mechanisms, upgrade);
  }
}

/** @returns the SASL mechanisms that this channel lists, upper case. */
export function mechanismsOf(faults: Serve, channel: Channel): readonly string[] {
  return capabilitiesOf(faults, channel).flatMap((item) => {
    const text = item.toUpperCase();
    if (faults.protocol === 'imap') return text.startsWith('AUTH=') ? [text.slice(5)] : [];
    const [word = '', ...rest] = text.split(/[ =]+/);
    return word === (faults.protocol === 'pop3' ? 'SASL' : 'AUTH') ? rest : [];
  });
}

/**
 * The mechanisms that a healthy server offers here. Where the scenario scripts the answer to one of them, or to the plain login
 * commands, only those are offered, so that the client meets the fault whatever it would have liked best.
 */
function offered(faults: Serve, channel: Channel): readonly string[] {
  if (channel === 'plain' && faults.security !== 'none') return [];
  const keys = Object.keys(faults.replies ?? {}).map((k) => k.trim().toUpperCase());
  const named = keys.flatMap((k) => /^AUTH(?:ENTICATE)? ([A-Z0-9-]+)/.exec(k)?.[1] ?? []);
  if (named.length > 0) return named;
  const general = keys.some((k) => /^AUTH(ENTICATE)?$/.test(k));
  if (!general && loginCommands(faults.protocol).some((c) => keys.some((k) => k === c || k.startsWith(`${c} `)))) return [];
  return MECHANISMS.filter((m) => channel !== 'plain' || !m.endsWith('-PLUS'));
}

const loginCommands = (protocol: Protocol) =>
  protocol === 'pop3' ? ['USER', 'PASS', 'APOP'] : protocol === 'imap' ? ['LOGIN'] : [];

/** Some write an IMAP list as for SMTP: `AUTH PLAIN LOGIN`. */
const atoms = (item: string) =>
  /^AUTH /i.test(item)
    ? item
        .slice(5)
        .split(/ +/)
        .map((m) => `AUTH=${m}`)
    : item.split(/ +/);

/** RFC 2449, 2595, 3206, 5034. */
function pop3(mechanisms: readonly string[], upgrade: boolean): readonly string[] {
  return [
    ...(upgrade ? ['STLS'] : ['USER']),
    ...(mechanisms.length > 0 ? [`SASL ${mechanisms.join(' ')}`] : []),
    ...['TOP', 'UIDL', 'PIPELINING', 'RESP-CODES', 'AUTH-RESP-CODE', 'EXPIRE NEVER', 'LOGIN-DELAY 0'],
    'IMPLEMENTATION mailcheck-lab',
  ];
}

/** RFC 9051, 4959, 2971, 5161, 7888. */
function imap(mechanisms: readonly string[], upgrade: boolean): readonly string[] {
  return [
    ...['IMAP4rev1', 'LITERAL+', 'SASL-IR', 'ID', 'ENABLE'],
    ...(upgrade ? ['STARTTLS', 'LOGINDISABLED'] : []),
    ...mechanisms.map((m) => `AUTH=${m}`),
  ];
}

/** RFC 6409, 1870, 2920, 3207, 4954, 6152, 6531, 3461, 2034. */
function smtp(mechanisms: readonly string[], upgrade: boolean): readonly string[] {
  return [
    ...['PIPELINING', `SIZE ${MAX_MESSAGE}`, '8BITMIME', 'SMTPUTF8', 'DSN', 'ENHANCEDSTATUSCODES'],
    ...(upgrade ? ['STARTTLS'] : []),
    ...(mechanisms.length > 0 ? [`AUTH ${mechanisms.join(' ')}`] : []),
  ];
}

/** After log-in: what the channel offered, without the ways to log in. */
function afterLogin(faults: Serve): readonly string[] {
  const before = capabilitiesOf(faults, faults.security === 'none' ? 'plain' : 'tls');
  if (faults.protocol !== 'imap') return before;
  const more = faults.capabilities ? [] : ['NAMESPACE', 'QUOTA', 'UNSELECT', 'IDLE', 'CHILDREN'];
  return [...before.filter((c) => !/^(AUTH=|LOGINDISABLED|STARTTLS)/i.test(c)), ...more];
}

/** The facts of a check as rows of label and values, for every format that people read. Text only, nothing escaped. Pure. */
import type { ReportCheck } from '../model/diagnosis.ts';
import type { Words } from '../model/words.ts';
import { bothForms } from '../report/idn.ts';
import { place } from '../report/proof.ts';
import { count, formatBytes, formatDate, formatDuration, formatList, formatNumber, formatPair, say } from '../report/say.ts';
import { type Row, row } from './view.ts';

/** @returns the facts of a check as rows of a table. */
export function factRows(check: ReportCheck, words: Words): readonly Row[] {
  return [
    ...settingRows(check, words),
    ...addressRows(check, words),
    ...tlsRows(check, words),
    ...certificateRows(check, words),
    ...capabilityRows(check, words),
    ...authRows(check, words),
    ...mailboxRows(check, words),
    ...senderRows(check, words),
    ...choiceRows(check, words),
    ...domainRows(check, words),
    ...listRow('fact.route', check.facts.route, words),
    ...listRow('fact.controls', check.facts.controls, words),
    ...listRow('fact.observed', check.facts.observed, words),
  ];
}

const listRow = (
  key: 'fact.controls' | 'fact.observed' | 'fact.route',
  items: readonly string[] | undefined,
  words: Words,
): readonly Row[] => (items && items.length > 0 ? [{ label: say(words, key), values: items, verbatim: true }] : []);

function settingRows({ facts }: ReportCheck, words: Words): readonly Row[] {
  const values = facts.settings.map((s) =>
    say(words, s.authenticated ? 'fact.setting' : 'fact.setting-unauthenticated', {
      field: words.say[`field.${s.field}`] ?? s.field,
      value:
        s.field === 'security'
          ? (Object.entries(words.securities).find(([id]) => id === s.value)?.[1] ?? s.value)
          : bothForms(s.value, words),
      // A host may be a guess; a port of a host is what is usual.
      source: s.from === 'guess' && s.field !== 'host' ? say(words, 'fact.usual') : s.from,
    }),
  );
  return values.length > 0 ? [{ label: say(words, 'fact.settings'), values }] : [];
}

function addressRows({ facts }: ReportCheck, words: Words): readonly Row[] {
  const values = (facts.addresses ?? []).map((a) => {
    const outcome = words.say[`connect.${a.outcome}`] ?? a.outcome;
    return say(words, 'fact.address', { address: a.address, outcome, time: formatDuration(words, a.ms) });
  });
  return values.length > 0 ? [{ label: say(words, 'fact.addresses'), values }] : [];
}

function tlsRows({ facts: { tls } }: ReportCheck, words: Words): readonly Row[] {
  if (!tls) return [];
  const parts = [tls.version, tls.cipher, tls.ephemeral, tls.alpn].filter((x) => typeof x === 'string' && x !== '');
  const sni = tls.sni === null ? say(words, 'fact.sni-none') : tls.sni;
  return [...row('TLS', parts.join(', ')), ...row(say(words, 'fact.sni'), sni, tls.sni !== null)];
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const listOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : [];

function certificateRows({ facts: { certificates } }: ReportCheck, words: Words): readonly Row[] {
  return (certificates ?? []).slice(0, 6).map((c, i) => {
    const names = listOf(c.names);
    const total = numberOf(c.namesTotal) ?? names.length;
    const line = (key: Parameters<typeof say>[1], value: string | undefined) =>
      value === undefined ? [] : [formatPair(words, say(words, key), value)];
    const key = [c.keyType, c.keyBits ?? c.curve, c.signatureAlgorithm].filter((x) => x !== undefined && x !== '').join(', ');
    const left = numberOf(c.daysLeft);
    return {
      label: i === 0 ? say(words, 'fact.certificate') : say(words, 'fact.certificate-n', { n: i + 1 }),
      values: [
        ...line('fact.subject', textOf(c.subject)),
        ...line('fact.issuer', textOf(c.issuer)),
        ...line(
          'fact.names',
          i === 0 && names.length > 0
            ? count(words, 'fact.names-total', total, { names: formatList(words, names.slice(0, 8)) })
            : undefined,
        ),
        ...line('fact.not-before', dateOf(c.notBefore, words)),
        ...line('fact.not-after', dateOf(c.notAfter, words)),
        ...line('fact.days-left', i === 0 && left !== undefined ? formatNumber(words, left) : undefined),
        ...line('fact.key', key === '' ? undefined : key),
        ...line('fact.fingerprint', i === 0 ? textOf(c.sha256) : undefined),
        ...(i === 0 ? judgement(c, words) : []),
      ],
    };
  });
}

/** Validity, identity and trust are three facts; each is told. */
function judgement(c: Readonly<Record<string, unknown>>, words: Words): string[] {
  const told = (['valid', 'identity', 'trusted'] as const).flatMap((k) =>
    typeof c[k] === 'boolean' ? [formatPair(words, say(words, `fact.${k}`), say(words, c[k] ? 'yes' : 'no'))] : [],
  );
  const revocation = textOf(c.revocation);
  return [
    ...told,
    ...(revocation === undefined
      ? []
      : [formatPair(words, say(words, 'fact.revocation'), words.say[`revocation.${revocation}`] ?? revocation)]),
  ];
}

const dateOf = (value: unknown, words: Words) => {
  const text = textOf(value);
  return text === undefined ? undefined : formatDate(words, text);
};

function capabilityRows({ facts }: ReportCheck, words: Words): readonly Row[] {
  return (facts.capabilities ?? []).map((c) => ({
    label: say(words, 'fact.capabilities', { channel: words.say[`channel.${c.channel}`] ?? c.channel }),
    values: [formatList(words, c.items)],
    verbatim: true,
  }));
}

function authRows({ facts: { auth } }: ReportCheck, words: Words): readonly Row[] {
  if (!auth) return [];
  const offered = listOf(auth.offered);
  const forced = auth.reason === '--mechanism';
  return [
    ...row(say(words, 'fact.user'), textOf(auth.user)),
    ...row(say(words, 'fact.mechanism'), textOf(auth.mechanism)),
    ...row(
      say(words, 'fact.mechanism-reason'),
      auth.mechanism === undefined ? undefined : say(words, forced ? 'mechanism.forced' : 'mechanism.best'),
      false,
    ),
    ...row(say(words, 'fact.offered'), offered.length > 0 ? formatList(words, offered) : undefined),
  ];
}

function mailboxRows({ facts: { mailbox } }: ReportCheck, words: Words): readonly Row[] {
  if (!mailbox) return [];
  const messages = numberOf(mailbox.messages);
  const bytes = numberOf(mailbox.bytes);
  const delay = numberOf(mailbox.loginDelay);
  const flags = (['uidl', 'top'] as const).flatMap((k) =>
    typeof mailbox[k] === 'boolean' ? [formatPair(words, k.toUpperCase(), say(words, mailbox[k] ? 'yes' : 'no'))] : [],
  );
  const first = mailbox.firstRetrieval;
  const cycles = typeof first === 'object' && first !== null && 'cycles' in first && 'minutes' in first ? first : undefined;
  return [
    ...row(say(words, 'fact.messages'), messages === undefined ? undefined : count(words, 'messages', messages), false),
    ...row(say(words, 'fact.size'), bytes === undefined ? undefined : formatBytes(words, bytes), false),
    ...row(say(words, 'fact.pop'), flags.length > 0 ? formatList(words, flags) : undefined, false),
    ...row(
      say(words, 'fact.leave-on-server'),
      typeof mailbox.uidl === 'boolean' ? say(words, mailbox.uidl ? 'yes' : 'no') : undefined,
      false,
    ),
    ...row(say(words, 'fact.expire'), textOf(mailbox.expire)),
    ...row(say(words, 'fact.login-delay'), delay === undefined ? undefined : formatDuration(words, delay * 1000), false),
    ...row(say(words, 'fact.quota'), textOf(mailbox.quota)),
    ...row(say(words, 'fact.namespace'), textOf(mailbox.namespace)),
    ...row(say(words, 'fact.id'), textOf(mailbox.id)),
    ...row(
      say(words, 'fact.first-retrieval'),
      cycles === undefined
        ? undefined
        : say(words, 'fact.cycles', { cycles: numberOf(cycles.cycles), minutes: numberOf(cycles.minutes) }),
      false,
    ),
  ];
}

function senderRows({ facts }: ReportCheck, words: Words): readonly Row[] {
  const values = (facts.senders ?? []).map((s) => {
    const result = say(words, s.depth === 'not-tested' ? 'sender.not-tested' : s.accepted ? 'sender.accepted' : 'sender.refused');
    const line = say(words, 'fact.sender', { from: s.from, depth: words.say[`depth.${s.depth}`] ?? s.depth, result });
    return s.reply === undefined || s.accepted ? line : formatPair(words, line, s.reply);
  });
  return values.length > 0 ? [{ label: say(words, 'fact.senders'), values }] : [];
}

/** Which server was taken and why, then those that stand behind. */
function choiceRows({ facts }: ReportCheck, words: Words): readonly Row[] {
  const line = (key: 'fact.choice' | 'fact.choice-other', c: object, why: string): string => {
    const field = (name: string): unknown => Reflect.get(c, name);
    const reason = textOf(field(why)) ?? '';
    return say(words, key, {
      protocol: textOf(field('protocol')),
      place: place(textOf(field('host')) ?? '', numberOf(field('port')) ?? 0),
      security: textOf(field('security')),
      source: textOf(field('source')),
      reason: words.say[`choice.${reason}`] ?? reason,
    });
  };
  const values = (facts.choices ?? []).flatMap((c) => {
    const others = Array.isArray(c.others) ? c.others.filter((o): o is object => typeof o === 'object' && o !== null) : [];
    return [line('fact.choice', c, 'reason'), ...others.map((o) => line('fact.choice-other', o, 'why'))];
  });
  return values.length > 0 ? [{ label: say(words, 'fact.choices'), values }] : [];
}

function domainRows({ facts }: ReportCheck, words: Words): readonly Row[] {
  const values = (facts.domain ?? []).flatMap((d) => {
    const what = words.say[`domain-what.${d.what}`] ?? d.what.toUpperCase();
    const outcome = words.say[`domain-outcome.${d.outcome}`] ?? d.outcome;
    return [
      say(words, 'fact.domain-record', { what, domain: d.domain, text: d.text, outcome }),
      ...(d.record === undefined ? [] : [d.record]),
    ];
  });
  return values.length > 0 ? [{ label: say(words, 'fact.domain'), values }] : [];
}

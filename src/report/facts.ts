/** The facts of a check for people and machines: settings, addresses, TLS, certificates, capabilities, log-in, mailbox, senders. */
import type { Check, ReportFacts } from '../model/diagnosis.ts';
import type { CertificateEvidence, Evidence, EvidenceKind, EvidenceOf, SettingEvidence } from '../model/evidence.ts';
import type { Words } from '../model/words.ts';
import { capped } from './escape.ts';
import { proofOf } from './proof.ts';
import { fill } from './say.ts';

/** Lists in facts are cut here; `total` fields say how many there were. */
const ITEMS = 200;

type Plain = Readonly<Record<string, string | number | boolean | null>>;

/** Drops what is not there. */
function given<V>(values: Readonly<Record<string, V | undefined>>): Record<string, V> {
  const there: Record<string, V> = {};
  for (const [key, value] of Object.entries(values)) if (value !== undefined) there[key] = value;
  return there;
}

/** @returns the facts; a field is absent where nothing was observed for it. */
export function factsFor(check: Check, words: Words): ReportFacts {
  const all = <K extends EvidenceKind>(kind: K) =>
    check.evidence.filter((e: Evidence): e is EvidenceOf<K> => e.kind === kind && e.control === undefined);
  const addresses = all('connect').map((c) => ({ address: c.address, outcome: c.outcome, ms: c.ms }));
  const certificate = all('certificate').at(-1);
  const capabilities = all('capabilities').map((c) => ({
    channel: c.channel,
    items: c.items.slice(0, ITEMS).map((i) => capped(i, 300)),
  }));
  const senders = all('sender').map((s) => ({
    from: s.from,
    depth: s.depth,
    accepted: s.accepted,
    ...(s.reply ? { reply: capped(s.reply, 500) } : {}),
  }));
  const tls = tlsOf(check);
  const auth = authOf(check);
  const mailbox = mailboxOf(check);
  const choices = all('choice').map(({ protocol, host, port, security, source, reason, others }) => ({
    protocol,
    host,
    port,
    security,
    source,
    reason,
    others: others.slice(0, 20),
  }));
  const route = all('route').flatMap((r) => r.lines);
  const domain = all('domain').map((d) => domainFact(d, words));
  const controls = check.evidence.filter((e) => e.control !== undefined).map(proofOf);
  const observed = check.evidence
    .filter((e) => OBSERVED.has(e.kind) && e.control === undefined)
    .map((e) => (e.kind === 'environment' ? environmentFact(e, words) : proofOf(e)));
  const facts: ReportFacts = {
    settings: settingsOf(check),
    ...(addresses.length > 0 ? { addresses } : {}),
    ...(tls ? { tls } : {}),
    ...(certificate ? { certificates: certificatesOf(certificate) } : {}),
    ...(capabilities.length > 0 ? { capabilities } : {}),
    ...(auth ? { auth } : {}),
    ...(mailbox ? { mailbox } : {}),
    ...(senders.length > 0 ? { senders } : {}),
    ...(choices.length > 0 ? { choices } : {}),
    ...(route.length > 0 ? { route: route.slice(0, ITEMS) } : {}),
    ...(domain.length > 0 ? { domain } : {}),
    ...(controls.length > 0 ? { controls: controls.slice(0, ITEMS) } : {}),
    ...(observed.length > 0 ? { observed: observed.slice(0, ITEMS) } : {}),
  };
  return shortened(facts);
}

// A text that was observed is what a plugin's stage noted.
const OBSERVED: ReadonlySet<EvidenceKind> = new Set(['lookup', 'environment', 'clock', 'source', 'text']);

/** A setting of the environment and what it does, where the locale words it. */
function environmentFact(e: EvidenceOf<'environment'>, words: Words): string {
  const sentence = e.what === undefined ? undefined : words.say[`environment.${e.what}`];
  return sentence === undefined ? proofOf(e) : fill(sentence, { setting: proofOf(e) }, words);
}

/** A record of the domain; the locale words its verdict where it knows it. */
function domainFact(d: EvidenceOf<'domain'>, words: Words): NonNullable<ReportFacts['domain']>[number] {
  const { what, domain, outcome, verdict, params, record } = d;
  const sentence = words.say[`domain.${verdict}`];
  const text = sentence === undefined ? verdict : fill(sentence, { domain, ...params }, words);
  return { what, domain, outcome, verdict, text, ...(record === undefined ? {} : { record: capped(record, 500) }) };
}

/** Settings as settled; what the service says of itself where settling left no evidence. */
function settingsOf({ evidence, service }: Check): ReportFacts['settings'] {
  const said = evidence.filter((e): e is SettingEvidence => e.kind === 'setting' && e.control === undefined);
  const own = [
    { field: 'host', value: service.host },
    { field: 'port', value: String(service.port) },
    { field: 'security', value: service.security },
    ...(service.user === undefined ? [] : [{ field: 'user', value: service.user }]),
  ];
  const missing = own.filter((o) => !said.some((s) => s.field === o.field));
  return [
    ...said.map(({ field, value, from, authenticated }) => ({ field, value, from, authenticated })),
    ...missing.map((o) => ({
      ...o,
      from: service.source,
      authenticated: service.source === 'flag' || service.source === 'preset',
    })),
  ];
}

function tlsOf({ evidence }: Check): Plain | undefined {
  const last = evidence.findLast((e) => e.kind === 'tls' && e.control === undefined);
  if (last?.kind !== 'tls') return undefined;
  const { outcome, mode, version, cipher, ephemeral, alpn, sni, address, failure, alert } = last;
  return given({ outcome, mode, version, cipher, ephemeral, alpn, sni, address, failure, alert });
}

/** The chain in the order sent, the judgement and the path that was built beside the leaf. */
function certificatesOf(e: CertificateEvidence): readonly Readonly<Record<string, unknown>>[] {
  const { built, valid, identity, trusted, anchor, staple, revocation, code } = e;
  const judged = given({ built, valid, identity, trusted, anchor, staple, revocation, code });
  return e.sent.slice(0, 20).map((c, depth) => ({
    depth,
    ...given({ ...c, names: c.names.slice(0, ITEMS) }),
    ...(depth === 0 ? judged : {}),
  }));
}

function authOf({ evidence, service }: Check): Readonly<Record<string, unknown>> | undefined {
  const secret = evidence.findLast((e) => e.kind === 'secret' && e.control === undefined);
  const withheld = evidence.findLast((e) => e.kind === 'withheld' && e.stage === 'auth' && e.control === undefined);
  const reply = evidence.findLast(
    (e) => e.kind === 'reply' && e.stage === 'auth' && e.status !== 'continue' && e.control === undefined,
  );
  if (!secret && !withheld && !reply) return undefined;
  return given({
    user: service.user,
    ...(secret?.kind === 'secret'
      ? {
          type: secret.type,
          mechanism: secret.mechanism,
          offered: secret.offered,
          reason: secret.reason,
          shape: secret.shape,
          token: secret.token,
        }
      : {}),
    ...(withheld?.kind === 'withheld' ? { withheld: withheld.why } : {}),
    ...(reply?.kind === 'reply' ? { accepted: reply.status === 'ok', reply: proofOf(reply) } : {}),
  });
}

function mailboxOf({ evidence }: Check): Readonly<Record<string, unknown>> | undefined {
  const found = evidence.filter((e) => e.kind === 'mailbox' && e.control === undefined);
  if (found.length === 0) return undefined;
  const facts: Record<string, unknown> = {};
  for (const { kind: _k, stage: _s, protocol: _p, atMs: _a, ...more } of found) Object.assign(facts, given<unknown>({ ...more }));
  return facts;
}

/** Longest text in a fact, in characters. */
const TEXT = 1000;

const isLong = (node: object): boolean =>
  Object.values(node).some((v) => (typeof v === 'string' ? v.length > TEXT : typeof v === 'object' && v !== null && isLong(v)));

/** Cuts every text of a copy, however deep: a server may send megabytes as a name. */
function shortened<T extends object>(facts: T): T {
  if (!isLong(facts)) return facts;
  const copy = structuredClone(facts);
  const visit = (node: object): void => {
    for (const [key, value] of Object.entries(node)) {
      if (typeof value === 'string' && value.length > TEXT) Reflect.set(node, key, capped(value, TEXT));
      else if (typeof value === 'object' && value !== null) visit(value);
    }
  };
  visit(copy);
  return copy;
}

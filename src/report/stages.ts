/** One short line per stage that says what was found there, from the evidence. */
import type { Check } from '../model/diagnosis.ts';
import type { BreakEvidence, Evidence, EvidenceKind, EvidenceOf, ReplyEvidence } from '../model/evidence.ts';
import type { StageRecord } from '../model/stage.ts';
import type { StageName, StageStatus } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { capped } from './escape.ts';
import { place } from './proof.ts';
import { count, fill, formatBytes, formatClauses, formatDate, formatDuration, formatList, formatPair, say } from './say.ts';

/** The evidence of one check, by kind and stage, without the control probes. */
interface View {
  readonly check: Check;
  readonly words: Words;
  all<K extends EvidenceKind>(kind: K, stage?: StageName): readonly EvidenceOf<K>[];
}

function viewOf(check: Check, words: Words): View {
  const main = check.evidence.filter((e) => e.control === undefined);
  return {
    check,
    words,
    all: <K extends EvidenceKind>(kind: K, stage?: StageName) =>
      main.filter((e: Evidence): e is EvidenceOf<K> => e.kind === kind && (stage === undefined || e.stage === stage)),
  };
}

/** @returns the status of a stage: as recorded, worsened by what the judge found there. */
export function statusOf(record: StageRecord, check: Check): StageStatus {
  if (record.status === 'skipped' || record.status === 'fail') return record.status;
  const here = check.diagnosis.findings.filter((f) => f.stage === record.stage);
  if (here.some((f) => f.severity === 'error')) return 'fail';
  return here.some((f) => f.severity === 'warning') ? 'warn' : record.status;
}

/** @returns why a stage did not run, in words. */
export function reasonOf(record: StageRecord, words: Words): string {
  const { reason } = record;
  return reason ? fill(words.reasons[reason.id], reason.params ?? {}, words) : '';
}

/** @returns what was found at this stage, in one line; server text as it came. */
export function summaryOf(record: StageRecord, check: Check, words: Words): string {
  if (record.status === 'skipped') return say(words, 'summary.skipped');
  const view = viewOf(check, words);
  const said = SUMMARIES[record.stage](view);
  const broken = view.all('break', record.stage).at(-1);
  const parts = [said, broken ? breakOf(broken, words) : ''].filter((p) => p !== '');
  if (parts.length > 0) return capped(formatClauses(words, parts), 400);
  return say(words, record.status === 'fail' ? 'summary.failed' : 'summary.done');
}

const SUMMARIES: Readonly<Record<StageName, (view: View) => string>> = {
  settings,
  dns,
  connect,
  tls,
  certificate,
  greeting,
  capabilities,
  auth,
  mailbox,
  identity,
  send,
};

function settings({ check, words }: View): string {
  const { host, port, security, source } = check.service;
  return say(words, 'summary.settings', { place: place(host, port), security, source });
}

/** An IP address in place of a name: only digits and dots, or anything with a colon. */
const LITERAL = /^[\d.]+$|:/;

function dns({ all, words, check }: View): string {
  const lookups = all('lookup', 'dns');
  const found = lookups.flatMap((l) => (l.outcome === 'answer' ? l.records : []));
  if (found.length > 0)
    return count(words, 'summary.addresses', found.length, { addresses: formatList(words, found.slice(0, 6)) });
  const worst = lookups.find((l) => l.outcome !== 'answer' && l.outcome !== 'no-data') ?? lookups[0];
  if (!worst && all('connect').some((c) => c.via !== undefined)) return say(words, 'summary.connect-to');
  if (!worst)
    return LITERAL.test(check.service.host)
      ? say(words, 'summary.literal', { host: check.service.host })
      : say(words, 'summary.no-lookup');
  const outcome = worst.outcome === 'answer' ? 'no-data' : worst.outcome;
  return formatPair(words, worst.host, say(words, `lookup.${outcome}`));
}

function connect({ all, words }: View): string {
  const attempts = all('connect');
  const open = attempts.filter((a) => a.outcome === 'open');
  const said = open.map((a) =>
    say(words, 'summary.open', { place: a.via ?? place(a.address, a.port), time: formatDuration(words, a.ms) }),
  );
  const failed = attempts.filter((a) => a.outcome !== 'open');
  const bad = failed
    .slice(0, 4)
    .map((a) => formatPair(words, a.via ?? place(a.address, a.port), say(words, `connect.${a.outcome}`)));
  return formatClauses(words, [...said.slice(0, 3), ...bad]);
}

function tls({ all, words }: View): string {
  const last = all('tls').at(-1);
  if (!last) {
    const refused = all('reply', 'tls').find((r) => r.status === 'no');
    if (refused) return say(words, 'summary.starttls-refused', { reply: replyLine(refused) });
    return all('withheld', 'tls').length > 0 ? say(words, 'summary.starttls-missing') : '';
  }
  if (last.outcome === 'established') return [last.version, last.cipher].filter(Boolean).join(', ');
  return say(words, `tls.${last.failure ?? 'failed'}`);
}

function certificate({ all, words }: View): string {
  const leaf = all('certificate').at(-1)?.sent[0];
  const problems = [...new Set(all('problem').map((p) => p.problem))].map((p) => say(words, `problem.${p}`));
  const told = leaf
    ? say(words, leaf.daysLeft < 0 ? 'summary.certificate-over' : 'summary.certificate', {
        subject: leaf.commonName ?? leaf.names[0] ?? shortName(leaf.subject),
        issuer: shortName(leaf.issuer),
        date: formatDate(words, leaf.notAfter),
        days: count(words, 'days', Math.abs(leaf.daysLeft)),
      })
    : '';
  return formatClauses(words, [formatList(words, problems), told]);
}

/** The common name of a distinguished name, else its organisation, else the whole. */
function shortName(name: string): string {
  const part = (type: string) =>
    name
      .split(/[\n,]\s*/)
      .find((p) => p.toUpperCase().startsWith(`${type}=`))
      ?.slice(type.length + 1);
  return part('CN') ?? part('O') ?? name;
}

function greeting({ all, words }: View): string {
  const other = all('service', 'greeting').at(-1);
  if (other && other.speaks !== 'unknown')
    return say(words, 'summary.other-service', { service: other.speaks.toUpperCase(), line: other.firstLine });
  const reply = all('reply', 'greeting').at(-1);
  return reply ? replyLine(reply) : (other?.firstLine ?? '');
}

function capabilities({ all, words }: View): string {
  // After the log-in a server lists what is left, without mechanisms.
  const lists = all('capabilities');
  const last = lists.findLast((c) => c.channel !== 'authenticated') ?? lists.at(-1);
  if (!last) return all('reply', 'capabilities').map(replyLine).at(-1) ?? '';
  const offered = last.mechanisms.length > 0 ? formatList(words, last.mechanisms.slice(0, 12)) : say(words, 'none');
  return count(words, 'summary.capabilities', last.total, { mechanisms: offered });
}

function auth({ all, words, check }: View): string {
  const withheld = all('withheld', 'auth').at(-1);
  if (withheld) return say(words, 'summary.withheld', { why: say(words, `withheld.${withheld.why}`) });
  const answered = all('reply', 'auth').findLast((r) => r.status !== 'continue');
  const mechanism = all('secret', 'auth').at(-1)?.mechanism ?? answered?.command.replace(/\s*\*{4,}.*$/, '');
  const refused = all('reply', 'auth').findLast((r) => r.status === 'no');
  if (refused) return say(words, 'summary.auth-refused', { mechanism, reply: replyLine(refused) });
  const accepted = all('reply', 'auth').findLast((r) => r.status === 'ok');
  return accepted ? say(words, 'summary.auth-accepted', { mechanism, user: check.service.user }) : '';
}

function mailbox({ all, words }: View): string {
  const refused = all('reply', 'mailbox').find((r) => r.status === 'no');
  if (refused) return replyLine(refused);
  const box = all('mailbox');
  const messages = box.findLast((b) => b.messages !== undefined)?.messages;
  const bytes = box.findLast((b) => b.bytes !== undefined)?.bytes;
  if (messages === undefined) return '';
  return formatList(words, [count(words, 'messages', messages), ...(bytes === undefined ? [] : [formatBytes(words, bytes)])]);
}

function identity({ all, words }: View): string {
  const senders = all('sender', 'identity');
  if (senders.length === 0) return all('reply', 'identity').map(replyLine).at(-1) ?? '';
  const names = [...new Set(senders.map((s) => s.from))];
  const refused = names.filter((n) => senders.some((s) => s.from === n && s.depth !== 'not-tested' && !s.accepted));
  const total = names.length;
  if (refused.length === 0) return count(words, 'summary.senders', total, { senders: formatList(words, names.slice(0, 4)) });
  const reply = senders.find((s) => !s.accepted && s.reply)?.reply;
  const said = count(words, 'summary.senders-refused', total, {
    refused: refused.length,
    senders: formatList(words, refused.slice(0, 4)),
  });
  return reply === undefined ? said : formatPair(words, said, reply);
}

function send({ all, words }: View): string {
  const arrived = all('sender', 'send').find((s) => s.arrivedAfterS !== undefined)?.arrivedAfterS;
  const last = all('reply', 'send').at(-1);
  const said = last ? replyLine(last) : '';
  if (arrived === undefined) return said;
  return formatClauses(words, [said, say(words, 'summary.arrived', { time: formatDuration(words, arrived * 1000) })]);
}

/** The first line that a person would read of a reply, with its codes. */
function replyLine(r: ReplyEvidence): string {
  const wanted = r.lines.find((l) => !l.startsWith('* ') || r.lines.length === 1) ?? r.lines[0] ?? r.text;
  return capped(wanted, 200);
}

function breakOf(b: BreakEvidence, words: Words): string {
  const where = b.command === '' ? '' : ` (${capped(b.command, 60)})`;
  return `${say(words, `break.${b.how}`)}${where}`;
}

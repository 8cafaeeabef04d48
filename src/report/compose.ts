/** From judged checks to the report of the contract (`mailcheck.report/1`): every word in one language, every proof verbatim. Pure. */
import type { Cause } from '../model/cause.ts';
import type { Check, Report, ReportCheck } from '../model/diagnosis.ts';
import type { Verdict } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { capped } from './escape.ts';
import { factsFor } from './facts.ts';
import { findingOf, type Known, type Wording } from './finding.ts';
import type { Names } from './mask.ts';
import { messageFor } from './message.ts';
import { redactInput } from './redact.ts';
import { reasonOf, statusOf, summaryOf } from './stages.ts';

export interface ComposeInput {
  readonly checks: readonly Check[];
  readonly account: Report['account'];
  readonly startedAt: Date;
  readonly durationMs: number;
  /** Version of mailcheck. */
  readonly version: string;
  readonly words: Words;
  /** English, for the message to the provider. */
  readonly english: Words;
  /** The catalogue: what alternatives are called and how to test for them. Without it they are named by id. */
  readonly causes?: readonly Cause[];
  readonly options: {
    readonly transcript: boolean;
    readonly redact: boolean;
    /** With `redact` in a run: the names that all its reports share. */
    readonly names?: Names;
    /** Changes the exit status only (the command's work): a warning is worded as a warning either way. */
    readonly strict?: boolean;
    readonly plugins?: Report['tool']['plugins'];
  };
  readonly working?: Report['working'];
  readonly discovery?: Report['discovery'];
  readonly warnings?: readonly string[];
}

/** Longest line of a transcript that is kept, in characters, and how many lines. */
const LINE_LIMIT = 2000;
const LINES = 2000;

/** @returns the report; with `redact`, user names, addresses, hosts and IP addresses are masked consistently throughout. */
export function compose(given: ComposeInput): Report {
  const input = given.options.redact ? redactInput(given, given.options.names) : given;
  const { checks, words, options } = input;
  const known = named(input.causes ?? [], checks);
  const warnings = (input.warnings ?? []).map((w) => capped(w, 1000));
  return {
    schema: 'mailcheck.report/1',
    tool: {
      name: 'mailcheck',
      version: input.version,
      ...(options.plugins && options.plugins.length > 0 ? { plugins: options.plugins } : {}),
    },
    language: words.language,
    startedAt: input.startedAt.toISOString(),
    durationMs: Math.round(input.durationMs),
    verdict: worst(checks.map((c) => c.diagnosis.verdict)),
    account: { address: input.account.address, preset: input.account.preset },
    checks: checks.map((check) => reportCheck(check, input, { words, causes: known })),
    ...(input.discovery ? { discovery: input.discovery } : {}),
    ...(input.working && input.working.length > 0 ? { working: input.working } : {}),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

/** The last catalogue by id: a batch words thousands of reports with the same one. */
let catalogue: { readonly of: readonly Cause[]; readonly byId: ReadonlyMap<string, Cause> } | undefined;

function named(causes: readonly Cause[], checks: readonly Check[]): ReadonlyMap<string, Cause> {
  if (catalogue?.of !== causes) catalogue = { of: causes, byId: new Map(causes.map((c) => [c.id, c])) };
  const found = checks.flatMap((c) => c.diagnosis.findings.map((f) => f.cause));
  const { byId } = catalogue;
  return found.every((c) => byId.get(c.id) === c) ? byId : new Map([...byId, ...found.map((c) => [c.id, c] as const)]);
}

const RANK: readonly Verdict[] = ['pass', 'warn', 'inconclusive', 'fail'];

/** @returns the worst verdict; nothing checked is inconclusive. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return 'inconclusive';
  return RANK[Math.max(...verdicts.map((v) => RANK.indexOf(v)))] ?? 'inconclusive';
}

function reportCheck(check: Check, input: ComposeInput, wording: Wording): ReportCheck {
  const { words, english, options } = input;
  const { service, diagnosis } = check;
  const known = knownOf(check, input.account.address);
  const findings = diagnosis.findings.map((f) => findingOf(f, known, wording));
  const stages = check.stages.map((record) => {
    const reason = record.status === 'skipped' ? reasonOf(record, words) : '';
    return {
      stage: record.stage,
      status: statusOf(record, check),
      durationMs: record.durationMs,
      summary: summaryOf(record, check, words),
      ...(reason === '' ? {} : { reason }),
      ...(reason !== '' && record.reason ? { reasonId: record.reason.id } : {}),
    };
  });
  const message = messages(check, input, { words: english, causes: wording.causes });
  const local = words.language === 'en' ? undefined : messages(check, input, wording);
  return {
    protocol: service.protocol,
    endpoint: { host: service.host, port: service.port, security: service.security, source: service.source },
    verdict: diagnosis.verdict,
    cause: diagnosis.root?.cause.id ?? null,
    stages,
    findings,
    notTested: stages.filter((s) => s.status === 'skipped').map((s) => ({ stage: s.stage, reason: s.reason ?? s.summary })),
    facts: factsFor(check, words),
    ...(message === undefined ? {} : { message: { en: message, ...(local === undefined ? {} : { local }) } }),
    ...(options.transcript
      ? {
          transcript: check.transcript
            .slice(0, LINES)
            .map((t) => ({ from: t.from, atMs: Math.round(t.atMs), text: capped(t.text, LINE_LIMIT) })),
        }
      : {}),
    durationMs: Math.round(check.durationMs),
  };
}

function knownOf({ service }: Check, address: string | null): Known {
  const [from] = service.from;
  return {
    host: service.host,
    port: service.port,
    security: service.security,
    protocol: service.protocol,
    ...(service.user === undefined ? {} : { user: service.user }),
    ...(address === null ? {} : { address }),
    ...(from === undefined ? {} : { from }),
    ...(service.recipient === undefined ? {} : { recipient: service.recipient }),
  };
}

function messages(check: Check, input: ComposeInput, wording: Wording): string | undefined {
  const { root } = check.diagnosis;
  if (!root) return undefined;
  const finding = findingOf(root, knownOf(check, input.account.address), wording);
  const { startedAt, version } = input;
  return messageFor({ check, finding, address: input.account.address, startedAt, version, words: wording.words });
}

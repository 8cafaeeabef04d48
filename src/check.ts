/** The pipeline: one service settled → probed → judged, as one stream of events. */
import { specialise } from './causes/provider.ts';
import { judge } from './judge.ts';
import type { Kit } from './kit.ts';
import type { CheckOptions, Service } from './model/account.ts';
import type { Cause, Rule } from './model/cause.ts';
import type { Check } from './model/diagnosis.ts';
import type { Event } from './model/event.ts';
import type { Evidence } from './model/evidence.ts';
import { factsOf } from './model/facts.ts';
import type { Net } from './model/net.ts';
import type { Preset } from './model/preset.ts';
import type { Probe, Reached, Reason, Session, Stage, StageRecord } from './model/stage.ts';
import type { Protocol, StageName, StageStatus } from './model/terms.ts';
import { STAGES } from './model/terms.ts';
import { controlProbes } from './probes/controls.ts';
import { imap } from './probes/imap.ts';
import { failed } from './probes/outcome.ts';
import { pop3 } from './probes/pop3.ts';
import { settleOthers } from './probes/reach.ts';
import { submission } from './probes/submission.ts';
import { presetReplies } from './settle/presets.ts';

export const probes: Readonly<Record<Protocol, Probe>> = { pop3, imap, smtp: submission };

export interface CheckInput {
  readonly service: Service;
  readonly options: CheckOptions;
  readonly preset: Preset | undefined;
  readonly consumer: Preset['fetch'];
  readonly kit: Kit;
  readonly net: Net;
  /** Evidence that settling gave: settings and their sources. */
  readonly settled: readonly Evidence[];
  readonly emit?: (event: Event) => void;
  /** Stages after the protocol's own, on the same line. */
  readonly extra?: readonly Stage[];
  /** Rules that look at the account's other services, by cause. */
  readonly accountRules?: Readonly<Record<string, readonly Rule[]>>;
}

const nothingReached = (): Reached => ({ addresses: [], beside: [], pending: new Map() });

interface Run {
  stage: StageName;
  ran: boolean;
  durationMs: number;
  reason?: Reason;
}

/** @returns the finished check; never rejects for what the world does. A bug in a stage ends that stage, and the evidence so far is judged. */
export async function checkService(input: CheckInput): Promise<Check> {
  const { service, options, net, kit } = input;
  const { protocol } = service;
  const start = net.now();
  const evidence: Evidence[] = [...input.settled];
  const session: Session = {
    service,
    options,
    preset: input.preset,
    consumer: input.consumer,
    net,
    facts: factsOf(evidence, { protocol }),
    line: undefined,
    ahead: [],
    tag: 0,
    reached: nothingReached(),
    note(...found) {
      for (const e of found) {
        const noted: Evidence = { ...e, protocol: e.protocol ?? protocol, atMs: e.atMs ?? Math.round(net.now() - start) };
        evidence.push(noted);
        input.emit?.({ type: 'evidence', protocol, evidence: noted });
      }
    },
  };
  const runs: Run[] = [];
  const guest = (kit.stages ?? []).filter((s) => s.protocol === protocol).map((s) => s.stage);
  let bug: unknown;
  const side = options.domain && protocol === 'smtp' ? besides(session) : undefined;
  const usual = probes[protocol].stages(service);
  const stages = [...usual, ...(input.extra ?? [])];
  const last = lastStage(usual, options.until);
  for (const [i, stage] of stages.entries()) {
    bug = await runStage(stage, session, runs, input, i <= last || i >= usual.length);
    if (bug !== undefined) break;
  }
  await probes[protocol].goodbye(session);
  const own = evidence.length;
  for (const stage of guest) await runGuest(stage, session, input);
  const staged = evidence
    .slice(own)
    .every((e) => STAGES.includes(e.stage) && ((e.kind !== 'reply' && e.kind !== 'text') || typeof e.text === 'string'));
  if (evidence.length > own && !(staged && (await isWordable(input, evidence, runs)))) {
    evidence.splice(own);
    kit.warn("what the plugins' stages noted could not be put into a report; it was left out");
  }
  // A second resolver decides where the first one failed: it gets all its time.
  await settleOthers(session, failed(session.facts, 'dns') ? options.timeoutMs : Math.min(2000, options.timeoutMs));
  await Promise.all([controlProbes(session), side?.()]);
  if (options.controlProbes && !net.signal.aborted && failed(session.facts, 'dns')) await noteIntentions(session);
  if (bug !== undefined) throw bug;
  return finish(input, evidence, runs, net.now() - start);
}

/** The domain's sending side: asked beside the session, ended after it with what the session learned. Late answers are dropped. */
function besides(session: Session): () => Promise<void> {
  let over = false;
  const tell = (...e: readonly Evidence[]) => (over ? undefined : session.note(...e));
  const begun = import('./probes/domain.ts').then((m) => m.domainSide(session, tell));
  return async () => {
    const { serverSide } = await import('./probes/domain.ts');
    await session.net.within(
      Promise.all([begun, serverSide(session, tell)]).then(() => undefined),
      session.options.timeoutMs,
    );
    over = true;
  };
}

/** A host that does not exist may be a slip of the pen. */
async function noteIntentions(session: Session): Promise<void> {
  const { facts } = session;
  if (facts.all('setting', 'settings').some((s) => s.remark === 'near-published-host')) return;
  // A resolver that failed knows nothing of other names either.
  if (!facts.all('lookup', 'dns').some((l) => l.outcome === 'nxdomain' || l.outcome === 'no-data')) return;
  const { intentionsFor } = await import('./settle/intention.ts');
  session.net.deadline(Math.min(2000, session.options.timeoutMs));
  session.note(...(await intentionsFor(session.service, session.net)));
}

async function runStage(stage: Stage, session: Session, runs: Run[], input: CheckInput, wanted: boolean): Promise<unknown> {
  const { net, options, facts } = session;
  const run = runOf(runs, stage.name);
  if (!wanted) {
    if (!run.ran) run.reason = { id: 'stopped-before', params: { stage: options.until ?? '' } };
    return undefined;
  }
  if (net.signal.aborted) {
    if (!run.ran) run.reason = { id: 'interrupted' };
    return undefined;
  }
  const ready = stage.ready(facts, session);
  if (ready !== true) {
    if (!run.ran) run.reason = ready;
    return undefined;
  }
  run.ran = true;
  delete run.reason;
  input.emit?.({ type: 'stage-start', protocol: session.service.protocol, stage: stage.name });
  const begun = net.now();
  net.deadline(options.timeoutMs);
  let bug: unknown;
  try {
    await stage.run(session);
  } catch (error) {
    bug = error ?? new Error('a stage failed without an error');
  }
  run.durationMs += net.now() - begun;
  // What is asked a second time, after TLS, and fails there has its place there.
  if (failed(facts, stage.name) && runs.at(-1) !== run) runs.push(...runs.splice(runs.indexOf(run), 1));
  input.emit?.({
    type: 'stage-end',
    protocol: session.service.protocol,
    record: {
      stage: stage.name,
      status: failed(facts, stage.name) ? 'fail' : 'pass',
      durationMs: Math.round(run.durationMs),
    },
  });
  return bug;
}

/** The place of the last stage to run: `--until` names it, in the order of this session (with STARTTLS the greeting comes before TLS). */
function lastStage(stages: readonly Stage[], until: StageName | undefined): number {
  if (until === undefined) return stages.length;
  const place = stages.findLastIndex((s) => s.name === until);
  return place >= 0 ? place : stages.findLastIndex((s) => STAGES.indexOf(s.name) <= STAGES.indexOf(until));
}

/** A guest's stage sees facts and neither line nor secret; what it throws, or that it does not end, is a warning and no more. */
async function runGuest(stage: Stage, session: Session, input: CheckInput): Promise<void> {
  const { net, kit, options } = input;
  if (options.until !== undefined && STAGES.indexOf(stage.name) > STAGES.indexOf(options.until)) return;
  const sealed: Session = { ...session, line: undefined, reached: nothingReached(), service: withoutSecret(session.service) };
  const told = (words: string) => kit.warn(`a plugin's stage "${stage.name}" ${words}`);
  try {
    if (net.signal.aborted || stage.ready(session.facts, sealed) !== true) return;
    net.deadline(options.timeoutMs);
    let over = false;
    let done = false;
    const work = stage.run({ ...sealed, note: (...e) => (over ? undefined : session.note(...e)) }).then(
      () => {
        done = true;
      },
      (error: unknown) => {
        done = true;
        told(`failed: ${error instanceof Error ? error.message : 'unknown error'}`);
      },
    );
    await net.within(work, options.timeoutMs);
    over = true;
    if (!done) told('did not end in time');
  } catch (error) {
    told(`failed: ${error instanceof Error ? error.message : 'unknown error'}`);
  }
}

/** What a guest noted may have any form: it counts only where judge and report can do with it. */
async function isWordable(input: CheckInput, evidence: readonly Evidence[], runs: readonly Run[]): Promise<boolean> {
  const [{ compose }, { en }] = await Promise.all([import('./report/compose.ts'), import('./locales/en.ts')]);
  try {
    const { emit: _emit, ...quiet } = input;
    const check = finish(quiet, evidence, runs, 0);
    const account = { address: null, preset: null };
    for (const redact of [true, false])
      compose({
        checks: [check],
        account,
        startedAt: new Date(0),
        durationMs: 0,
        version: '',
        words: en,
        english: en,
        options: { transcript: false, redact },
      });
    return true;
  } catch {
    return false;
  }
}

function withoutSecret(service: Service): Service {
  const { secret: _secret, ...rest } = service;
  return rest;
}

function runOf(runs: Run[], stage: StageName): Run {
  const known = runs.find((r) => r.stage === stage);
  if (known) return known;
  const made: Run = { stage, ran: false, durationMs: 0 };
  runs.push(made);
  return made;
}

function finish(input: CheckInput, evidence: readonly Evidence[], runs: readonly Run[], durationMs: number): Check {
  const { net, kit, service } = input;
  const interrupted = net.signal.aborted;
  // What ended because we were interrupted says nothing of the server.
  const seen = interrupted ? evidence.filter((e) => !cutOff(e)) : evidence;
  for (const run of runs) {
    if (interrupted && evidence.some((e) => e.stage === run.stage && cutOff(e))) {
      run.ran = false;
      run.reason = { id: 'interrupted' };
    }
  }
  const facts = factsOf(seen, { protocol: service.protocol });
  const diagnosis = judge(facts, causesFor(seen, kit), {
    order: runs.map((r) => r.stage),
    inconclusive: interrupted || noNetwork(evidence),
  });
  const stages = runs.map((r): StageRecord => {
    const status = statusOf(r, diagnosis.findings, facts);
    return { stage: r.stage, status, durationMs: Math.round(r.durationMs), ...(r.reason ? { reason: r.reason } : {}) };
  });
  const check: Check = { service, stages, evidence, diagnosis, transcript: net.transcript, durationMs: Math.round(durationMs) };
  input.emit?.({ type: 'check', protocol: service.protocol, check });
  return check;
}

const cutOff = (e: Evidence): boolean =>
  ('code' in e && e.code === 'ABORT_ERR') || (e.kind === 'break' && e.how === 'interrupted');

/** A provider's phrases are looked at only where a server said no: presets are not read for a healthy check. */
function causesFor(evidence: readonly Evidence[], kit: Kit): readonly Cause[] {
  const refused = evidence.some((e) => e.kind === 'reply' && e.status === 'no' && e.control === undefined);
  return refused ? specialise(kit.causes, [...presetReplies(), ...kit.presets]) : kit.causes;
}

function statusOf(run: Run, findings: Check['diagnosis']['findings'], facts: ReturnType<typeof factsOf>): StageStatus {
  const here = findings.filter((f) => f.stage === run.stage);
  if (!run.ran) return 'skipped';
  if (here.some((f) => f.severity === 'error') || failed(facts, run.stage)) return 'fail';
  return here.some((f) => f.severity === 'warning') ? 'warn' : 'pass';
}

/** Nothing at all could be reached from here: then nothing was learned about the server. */
function noNetwork(evidence: readonly Evidence[]): boolean {
  const attempts = evidence.filter((e) => e.kind === 'connect');
  return attempts.length > 0 && attempts.every((e) => e.kind === 'connect' && e.code === 'ENETDOWN');
}

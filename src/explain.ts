/** Explain: pasted text → evidence → the same judge as a live check → words. Offline; nothing is sent. */
import { neighbours } from './causes/neighbours.ts';
import { specialise } from './causes/provider.ts';
import { judge } from './judge.ts';
import type { Kit } from './kit.ts';
import type { Diagnosis, Judged } from './model/diagnosis.ts';
import type { Evidence } from './model/evidence.ts';
import { factsOf } from './model/facts.ts';
import type { Preset } from './model/preset.ts';
import { STAGES, type StageName } from './model/terms.ts';
import { UsageError } from './model/usage.ts';
import type { Words } from './model/words.ts';
import { type Reading, read } from './paste/read.ts';
import { composeExplanation, type Explanation } from './report/explain.ts';
import { presetForDomain, presetForHost, presetForMx, presetReplies } from './settle/presets.ts';

/** @throws UsageError where there is nothing to read: an empty or binary input. */
export function explain(input: string | Uint8Array, kit: Kit, words: Words): Explanation {
  const reading = read(input);
  if (reading.binary) throw new UsageError('this is not text; paste the words of the error, or a log as a text file');
  if (reading.evidence.length === 0 && (reading.causes?.length ?? 0) === 0 && reading.masked.trim() === '')
    throw new UsageError('the text is empty; paste the words of the error');
  const saved = savedChecks(reading.saved);
  const diagnosis = judgeReading(reading, kit, saved);
  const provider = providerOf(reading);
  // Of several saved checks the one that failed is gone on with: what they say together fits none.
  const own = saved.find((c) => diagnosis.root?.sighting.evidence.some((e) => c.evidence.includes(e))) ?? saved[0];
  const known = own?.known ?? reading.known;
  return composeExplanation({
    diagnosis,
    words,
    causes: kit.causes,
    known: {
      ...(known.host ? { host: known.host } : {}),
      ...(known.port ? { port: known.port } : {}),
      ...(known.user ? { user: known.user } : {}),
      ...(known.protocol ? { protocol: known.protocol } : {}),
    },
    maskedSecrets: reading.secrets,
    ...next(known, provider),
    ...(saved.length > 0 && diagnosis.verdict === 'pass' && diagnosis.findings.length === 0 ? { healthy: true as const } : {}),
  });
}

/** @returns the diagnosis of a reading: saved evidence is judged as the live check was, pasted text as pasted. */
export function judgeReading(reading: Reading, kit: Kit, saved = savedChecks(reading.saved)): Diagnosis {
  const causes = specialise(kit.causes, [...presetReplies(), ...kit.presets]);
  if (saved.length > 0) {
    const all = saved.map((c) =>
      judge(factsOf(c.evidence, c.protocol ? { protocol: c.protocol } : {}), causes, { order: c.order }),
    );
    const worst = all.find((d) => d.root) ?? all[0];
    return { verdict: worst?.verdict ?? 'pass', root: worst?.root, findings: all.flatMap((d) => d.findings) };
  }
  const facts = factsOf(reading.evidence, {
    pasted: true,
    ...(reading.known.protocol ? { protocol: reading.known.protocol } : {}),
  });
  const found = withOpen(judge(facts, causes), kit);
  if (!reading.causes || reading.causes.length === 0) return found;
  return named(found, reading.causes, kit);
}

/** Few matches that a list of answers should hold, where the best one leaves more causes open. */
const FEW = 3;
/** What words lead to by themselves; below it are guesses from codes and single words, which know less than the best match. */
const FIRM = 40;
/** What closes a stage that nothing else explains; below it nothing is known at all. */
const LAST = 16;

/**
 * What the best match could not exclude follows it as possible: the words decided for it, not against the others. Guesses come
 * after that, and last what the guesses leave open themselves.
 */
function withOpen(found: Diagnosis, kit: Kit): Diagnosis {
  const [best, ...rest] = found.findings;
  if (!best) return found;
  if (best.certainty === 'proven') {
    // What the same words might also have meant is settled.
    const settled = (f: Judged) =>
      f.certainty === 'possible' && f.sighting.evidence.every((e) => best.sighting.evidence.includes(e));
    return { ...found, findings: [best, ...rest.filter((f) => !settled(f))] };
  }
  const firm = rest.filter((f) => f.sighting.strength >= (best.sighting.strength < FIRM ? LAST : FIRM));
  const list = [best, ...firm];
  const add = (of: Judged) => {
    for (const id of [...(of.sighting.alternatives ?? []), ...(neighbours[of.cause.id] ?? [])]) {
      if (list.length >= FEW) return;
      if (list.some((f) => f.cause.id === id)) continue;
      const judged = rest.find((f) => f.cause.id === id) ?? openOf(id, of, kit);
      if (judged) list.push(judged);
    }
  };
  add(best);
  list.push(...rest.filter((f) => !list.includes(f)));
  for (const f of rest) add(f);
  return { ...found, findings: list };
}

/** @returns a cause that `of` leaves open, as a finding on the same evidence. */
function openOf(id: string, of: Judged, kit: Kit): Judged | undefined {
  const cause = kit.causes.find((c) => c.id === id);
  const { alternatives: _alternatives, provider: _provider, ...sighting } = of.sighting;
  return cause
    ? {
        cause,
        stage: cause.stage,
        severity: cause.severity,
        certainty: 'possible',
        sighting: { ...sighting, certainty: 'possible', strength: 1 },
      }
    : undefined;
}

interface SavedCheck {
  readonly evidence: readonly Evidence[];
  readonly known: Reading['known'];
  readonly protocol?: 'pop3' | 'imap' | 'smtp';
  readonly order: readonly StageName[];
}

const isObject = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null;

/** The checks of a file of `--save`; empty for anything else. The reader has validated the evidence one by one. */
function savedChecks(saved: unknown): SavedCheck[] {
  if (!isObject(saved) || saved.schema !== 'mailcheck.evidence/1' || !Array.isArray(saved.checks)) return [];
  return saved.checks.filter(isObject).map((c): SavedCheck => {
    const whole = read(JSON.stringify({ schema: 'mailcheck.evidence/1', checks: [c] }));
    const service = isObject(c.service) ? c.service : {};
    const protocol = (['pop3', 'imap', 'smtp'] as const).find((p) => p === service.protocol);
    const stages = Array.isArray(c.stages) ? c.stages.filter(isObject).map((s) => STAGES.find((n) => n === s.stage)) : [];
    const order = stages.filter((s): s is StageName => s !== undefined);
    const known = { ...whole.known, ...serviceOf(service), ...(protocol ? { protocol } : {}) };
    return { evidence: whole.evidence, known, order: order.length > 0 ? order : STAGES, ...(protocol ? { protocol } : {}) };
  });
}

/** The settings of the check; its evidence speaks of other places too. */
function serviceOf(s: Record<string, unknown>): Partial<Reading['known']> {
  const security = (['tls', 'starttls', 'none'] as const).find((v) => v === s.security);
  return {
    ...(typeof s.host === 'string' ? { host: s.host } : {}),
    ...(typeof s.port === 'number' ? { port: s.port } : {}),
    ...(typeof s.user === 'string' ? { user: s.user } : {}),
    ...(security ? { security } : {}),
  };
}

/** A report of ours names its causes by id: they come first, in its order. */
function named(found: Diagnosis, ids: readonly string[], kit: Kit): Diagnosis {
  const first = ids.flatMap((id) => {
    const judged = found.findings.find((f) => f.cause.id === id);
    if (judged) return [judged];
    const cause = kit.causes.find((c) => c.id === id);
    return cause
      ? [
          {
            cause,
            stage: cause.stage,
            severity: cause.severity,
            certainty: 'likely' as const,
            sighting: { certainty: 'likely' as const, strength: 50, evidence: [], matched: id },
          },
        ]
      : [];
  });
  const findings = [...first, ...found.findings.filter((f) => !ids.includes(f.cause.id))];
  const root = findings[0];
  return { verdict: root?.severity === 'error' ? 'fail' : found.verdict, root, findings };
}

function providerOf(reading: Reading): Preset | undefined {
  const { host, hints } = reading.known;
  for (const name of [host, ...hints]) {
    if (name === undefined) continue;
    const found = presetForHost(name)?.preset ?? presetForDomain(name) ?? presetForMx(name);
    if (found) return found;
  }
  return undefined;
}

const COMMANDS = { pop3: 'pop', imap: 'imap', smtp: 'smtp' } as const;

/** The command to run next, with what the text tells; never a secret. */
function next(known: Reading['known'], provider: Preset | undefined): { readonly next?: string } {
  const { host, port, protocol, security, user } = known;
  if (host === undefined && user === undefined && protocol === undefined && !provider) return {};
  const safe = (v: string) => (/^[\w.@%+=:,/-]+$/.test(v) ? v : `'${v.replace(/'/g, "'\\''")}'`);
  const words = ['mailcheck', COMMANDS[protocol ?? 'imap']];
  words.push(user?.includes('@') ? safe(user) : 'you@example.com');
  if (host !== undefined) words.push('--host', safe(host));
  else if (provider && !user?.includes('@')) words.push('--preset', provider.id);
  if (port !== undefined) words.push('--port', String(port));
  if (security !== undefined) words.push('--security', security);
  return { next: words.join(' ') };
}

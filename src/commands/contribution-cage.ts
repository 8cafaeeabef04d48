/** A plugin's rules, stages and formats run behind the fence, on things that they cannot change, and what they give back is looked at. */
import type { Cause, Rule, Sighting } from '../model/cause.ts';
import type { Contribution } from '../model/contribution.ts';
import type { Evidence, EvidenceKind } from '../model/evidence.ts';
import { type Facts, factsOf } from '../model/facts.ts';
import type { Reporter } from '../model/reporter.ts';
import type { Stage } from '../model/stage.ts';
import { STAGES } from '../model/terms.ts';
import { inPlugin, pluginFault, saidBy } from './plugin-guard.ts';

/** @returns the same contribution, caged. */
export function cage(c: Contribution, plugin: string): Contribution {
  return {
    ...c,
    ...(c.causes ? { causes: c.causes.map((cause) => cagedCause(cause, plugin)) } : {}),
    ...(c.stages ? { stages: c.stages.map((s) => ({ protocol: s.protocol, stage: cagedStage(s.stage, plugin) })) } : {}),
    ...(c.reporters ? { reporters: c.reporters.map((r) => cagedReporter(r, plugin)) } : {}),
  };
}

function cagedCause(cause: Cause, plugin: string): Cause {
  const rules = cause.rules.map((rule, i): Rule => {
    const what = `the rule ${i + 1} of ${cause.id}`;
    return (facts) => {
      try {
        const seen = inPlugin(plugin, () => rule(frozen(facts)));
        if (seen === undefined || seen === null) return undefined;
        const good = sightingOf(seen, facts);
        if (!good) pluginFault(plugin, `${what} gave no sighting`);
        return good;
      } catch (error) {
        pluginFault(plugin, `${what} failed: ${saidBy(error)}`);
        return undefined;
      }
    };
  });
  return { ...cause, rules };
}

const views = new WeakMap<Facts, Facts>();

/** The facts, whose every object is frozen, over a list of its own. */
function frozen(facts: Facts): Facts {
  const known = views.get(facts);
  if (known && known.evidence.length === facts.evidence.length) return known;
  const view = factsOf(Object.freeze(facts.evidence.map(deepFreeze)), {
    ...(facts.protocol ? { protocol: facts.protocol } : {}),
    pasted: facts.pasted,
  });
  views.set(facts, view);
  return view;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const v of Object.values(value)) deepFreeze(v);
  }
  return value;
}

const CERTAINTIES: readonly unknown[] = ['proven', 'likely', 'possible'];
const SEVERITIES: readonly unknown[] = ['error', 'warning', 'notice'];

/** @returns the sighting, made of nothing but what a sighting has; undefined where it is none. */
function sightingOf(seen: Sighting, facts: Facts): Sighting | undefined {
  const { certainty, strength, evidence, matched, stage, params, alternatives, severity } = seen;
  if (!CERTAINTIES.includes(certainty) || typeof strength !== 'number' || !Number.isFinite(strength)) return undefined;
  if (!Array.isArray(evidence) || !evidence.every((e: Evidence) => facts.evidence.includes(e))) return undefined;
  const plain = (v: unknown): v is string | number => typeof v === 'string' || typeof v === 'number';
  return {
    certainty,
    strength: Math.max(0, Math.min(100, strength)),
    evidence: [...evidence],
    ...(typeof matched === 'string' ? { matched: matched.slice(0, 4000) } : {}),
    ...(stage !== undefined && STAGES.includes(stage) ? { stage } : {}),
    ...(typeof params === 'object' && params !== null
      ? { params: Object.fromEntries(Object.entries(params).filter(([, v]) => plain(v))) }
      : {}),
    ...(Array.isArray(alternatives) ? { alternatives: alternatives.filter((a: unknown) => typeof a === 'string') } : {}),
    ...(severity !== undefined && SEVERITIES.includes(severity) ? { severity } : {}),
  };
}

function cagedStage(stage: Stage, plugin: string): Stage {
  const what = `its stage "${stage.name}"`;
  return {
    name: stage.name,
    ready(facts, session) {
      try {
        return inPlugin(plugin, () => stage.ready(frozen(facts), session)) === true || { id: 'not-this-protocol' };
      } catch (error) {
        pluginFault(plugin, `${what} failed: ${saidBy(error)}`);
        return { id: 'not-this-protocol' };
      }
    },
    async run(session) {
      const note = (...found: readonly Evidence[]) => {
        for (const e of found) {
          const good = evidenceOf(e, stage);
          if (good) session.note(good);
          else pluginFault(plugin, `${what} noted something that is no evidence`);
        }
      };
      try {
        await inPlugin(plugin, () => stage.run({ ...session, note }));
      } catch (error) {
        pluginFault(plugin, `${what} failed: ${saidBy(error)}`);
      }
    },
  };
}

const KINDS: ReadonlySet<string> = new Set<EvidenceKind>([
  ...(['setting', 'lookup', 'connect', 'route', 'tls', 'certificate', 'problem', 'reply', 'capabilities', 'break'] as const),
  ...([
    'service',
    'withheld',
    'secret',
    'mailbox',
    'sender',
    'environment',
    'clock',
    'text',
    'source',
    'choice',
    'domain',
  ] as const),
]);

/** Bytes of one piece of evidence. */
const MAX_EVIDENCE = 65_536;

/** @returns a copy that is plain data; undefined where it is not, or too large. */
function evidenceOf(e: Evidence, stage: Stage): Evidence | undefined {
  try {
    const text = JSON.stringify(e);
    if (typeof text !== 'string' || text.length > MAX_EVIDENCE) return undefined;
    const copy: Evidence = JSON.parse(text);
    if (typeof copy !== 'object' || copy === null || !KINDS.has(copy.kind)) return undefined;
    return { ...copy, stage: STAGES.includes(copy.stage) ? copy.stage : stage.name };
  } catch {
    return undefined;
  }
}

function cagedReporter(reporter: Reporter, plugin: string): Reporter {
  return {
    format: reporter.format,
    // Copies: the same reports go to other formats as well.
    render(reports, words, options) {
      const made: unknown = inPlugin(plugin, () =>
        reporter.render(structuredClone(reports), structuredClone(words), { ...options }),
      );
      if (typeof made !== 'string') throw new Error('it gave no text');
      return made;
    },
  };
}

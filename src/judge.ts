/**
 * The judge: evidence in, diagnosis out. Pure, synchronous, total; the same for a live check, a saved one and pasted text.
 *
 * The first failing stage owns the verdict; within it the strongest sighting, then the order of the catalogue.
 */
import type { Cause, Sighting } from './model/cause.ts';
import type { Diagnosis, Judged } from './model/diagnosis.ts';
import type { Facts } from './model/facts.ts';
import { STAGES, type StageName } from './model/terms.ts';

export interface JudgeOptions {
  /** The stages in the order in which they ran; default: the order of the contract. */
  readonly order?: readonly StageName[];
  /** True where something kept the check from being made. */
  readonly inconclusive?: boolean;
}

type Asked = Pick<Cause, 'rules'> & { readonly cause: Cause };
/** What is asked of the last catalogue seen: everything, and what may speak where nobody said anything. */
let asked: { readonly of: readonly Cause[]; readonly all: readonly Asked[]; readonly silent: readonly Asked[] } | undefined;

function askedOf(facts: Facts, catalogue: readonly Cause[]): readonly Asked[] {
  if (asked?.of !== catalogue) {
    const all = catalogue.map((cause) => ({ cause, rules: cause.rules }));
    const silent = all
      .map(({ cause, rules }) => ({ cause, rules: rules.filter((r) => !r.hears) }))
      .filter((a) => a.rules.length > 0);
    asked = { of: catalogue, all, silent };
  }
  const said = facts.all('text').length > 0 || facts.all('reply').some((r) => r.status === 'no');
  return said ? asked.all : asked.silent;
}

/** @returns every recognised cause, strongest sighting of each. */
export function recognise(facts: Facts, catalogue: readonly Cause[]): Judged[] {
  const found: Judged[] = [];
  for (const { cause, rules } of askedOf(facts, catalogue)) {
    let best: Sighting | undefined;
    let advised: Sighting | undefined;
    for (const rule of rules) {
      const s = rule(facts);
      if (!s) continue;
      if (!best || s.strength > best.strength) best = s;
      if (s.provider && (!advised || s.strength > advised.strength)) advised = s;
    }
    if (best) {
      // A documented code may be surer than the provider's phrase for the same words; the provider's steps hold all the same.
      const { evidence } = best;
      if (advised?.provider && !best.provider && advised.evidence.some((e) => evidence.includes(e))) {
        best = { ...best, provider: advised.provider };
      }
      found.push({
        cause,
        sighting: best,
        stage:
          best.stage ?? (facts.pasted && best.evidence[0]?.kind === 'text' ? undefined : best.evidence[0]?.stage) ?? cause.stage,
        severity: best.severity ?? cause.severity,
        certainty: best.certainty,
      });
    }
  }
  return found;
}

const rank = { error: 0, warning: 1, notice: 2 } as const;

/** @returns the diagnosis; total: every failing stage is closed by a catch-all of the catalogue. */
export function judge(facts: Facts, catalogue: readonly Cause[], options: JudgeOptions = {}): Diagnosis {
  const order = options.order ?? STAGES;
  const place = (j: Judged) => {
    const i = order.indexOf(j.stage);
    return i < 0 ? STAGES.indexOf(j.stage) + 100 : i;
  };
  const position = (j: Judged) => (j.sighting.evidence[0] ? facts.evidence.indexOf(j.sighting.evidence[0]) : 0);
  const found = recognise(facts, catalogue);
  const listed = found.map((j, i) => ({ j, i }));
  listed.sort((a, b) => {
    if (!facts.pasted) {
      const bySeverity = rank[a.j.severity] - rank[b.j.severity];
      if (bySeverity !== 0) return bySeverity;
      const byStage = place(a.j) - place(b.j);
      if (byStage !== 0) return byStage;
    }
    return b.j.sighting.strength - a.j.sighting.strength || (facts.pasted ? position(a.j) - position(b.j) : 0) || a.i - b.i;
  });
  const findings = shadowed(
    listed.map((x) => x.j),
    facts,
  );
  const root = facts.pasted ? findings[0] : findings[0]?.severity === 'error' ? findings[0] : undefined;
  const verdict = root
    ? 'fail'
    : options.inconclusive
      ? 'inconclusive'
      : findings.some((f) => f.severity === 'warning')
        ? 'warn'
        : 'pass';
  return { verdict, findings, root };
}

/** What only closes a stage says nothing that a better reading left open. */
const CATCH_ALL = 20;

/**
 * Live, a weaker recognition of the very evidence that a stronger finding rests on says nothing new: it becomes an alternative
 * of that finding. Pasted text keeps them all, best first.
 */
function shadowed(findings: readonly Judged[], facts: Facts): Judged[] {
  if (facts.pasted) return [...findings];
  const kept: Judged[] = [];
  for (const f of findings) {
    // What decided stands first; what else is shown beside it is circumstance.
    const [decided] = f.sighting.evidence;
    const over = kept.find(
      (k) => k.severity === 'error' && f.severity === 'error' && (!decided || k.sighting.evidence.includes(decided)),
    );
    if (!over) {
      kept.push(f);
      continue;
    }
    const known = over.sighting.alternatives ?? [];
    if (over.certainty !== 'proven' && f.sighting.strength > CATCH_ALL && !known.includes(f.cause.id)) {
      kept[kept.indexOf(over)] = { ...over, sighting: { ...over.sighting, alternatives: [...known, f.cause.id] } };
    }
  }
  return kept;
}

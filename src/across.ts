/** Causes across services: what one protocol's answer says about another's. Judged last, over the facts of all services. */
import type { Kit } from './kit.ts';
import type { Rule } from './model/cause.ts';
import type { Check, Judged } from './model/diagnosis.ts';
import { factsOf } from './model/facts.ts';

/**
 * @param checks the finished checks of one account.
 * @param rules further rules by cause, which look at the facts of all services.
 * @returns the checks, each with a root cause that the other services' facts make surer where one was seen.
 */
export function judgeAcross(
  checks: readonly Check[],
  kit: Kit,
  rules: Readonly<Record<string, readonly Rule[]>>,
): readonly Check[] {
  if (checks.length < 2) return checks;
  const all = checks.flatMap((c) => c.evidence.filter((e) => e.control === undefined));
  return checks.map((check) => {
    const { root } = check.diagnosis;
    if (!root) return check;
    const facts = factsOf(all, { protocol: check.service.protocol });
    let best: Judged | undefined;
    for (const [id, list] of Object.entries(rules)) {
      const cause = kit.causes.find((c) => c.id === id);
      if (!cause) continue;
      for (const rule of list) {
        const s = rule(facts);
        const about = s?.evidence[0]?.protocol;
        if (!s || (about !== undefined && about !== check.service.protocol)) continue;
        const stage = s.stage ?? s.evidence[0]?.stage ?? cause.stage;
        // Another service never explains a stage that was not the one to fail.
        if (stage !== root.stage || s.strength <= root.sighting.strength) continue;
        if (!best || s.strength > best.sighting.strength)
          best = { cause, sighting: s, stage, severity: s.severity ?? cause.severity, certainty: s.certainty };
      }
    }
    if (!best) return check;
    const others = [...new Set([...(best.sighting.alternatives ?? []), root.cause.id])].filter((id) => id !== best.cause.id);
    const surer: Judged = { ...best, sighting: { ...best.sighting, alternatives: best.certainty === 'proven' ? [] : others } };
    const findings = [surer, ...check.diagnosis.findings.filter((f) => f !== root && f.cause.id !== surer.cause.id)];
    return { ...check, diagnosis: { ...check.diagnosis, findings, root: surer } };
  });
}

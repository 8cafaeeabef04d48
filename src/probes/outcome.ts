/** Which stage failed, as far as the next one needs to know: structure only, no judgement of the cause. */
import type { Facts } from '../model/facts.ts';
import type { Reason } from '../model/stage.ts';
import type { StageName } from '../model/terms.ts';

/** @returns true where the stage ran and did not reach its end. Asked dozens of times a check. */
export function failed(facts: Facts, stage: StageName): boolean {
  if (facts.all('break').some((b) => b.stage === stage)) return true;
  switch (stage) {
    case 'dns': {
      const lookups = facts.all('lookup', stage);
      return lookups.length > 0 && !lookups.some((l) => l.outcome === 'answer' && l.records.length > 0);
    }
    case 'connect': {
      const attempts = facts.all('connect');
      return attempts.length > 0 && !attempts.some((c) => c.outcome === 'open');
    }
    case 'tls':
      return (
        facts.last('tls')?.outcome === 'failed' ||
        facts.all('reply').some((r) => r.stage === stage && r.status === 'no') ||
        facts.all('withheld').some((w) => w.stage === stage)
      );
    case 'certificate':
      return facts.all('problem').some((p) => !p.tolerated);
    case 'greeting':
      return facts.all('service').length > 0 || facts.all('reply').some((r) => r.stage === stage && r.status !== 'ok');
    case 'auth':
    case 'capabilities':
    case 'mailbox':
    case 'identity':
    case 'send':
      return (
        facts.all('reply').some((r) => r.stage === stage && r.status === 'no') ||
        facts.all('withheld').some((w) => w.stage === stage && w.why === 'not-offered')
      );
    default:
      return false;
  }
}

/** @returns the reason "an earlier stage failed" for the first of `stages` that did, else true. */
export function after(facts: Facts, ...stages: readonly StageName[]): true | Reason {
  const culprit = stages.find((s) => failed(facts, s));
  return culprit ? { id: 'earlier-stage-failed', params: { stage: culprit } } : true;
}

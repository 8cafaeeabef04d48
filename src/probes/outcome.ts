/** Which stage failed, as far as the next one needs to know: structure only, no judgement of the cause. */
import type { Facts } from '../model/facts.ts';
import type { Reason } from '../model/stage.ts';
import type { StageName } from '../model/terms.ts';

/** @returns true where the stage ran and did not reach its end. */
export function failed(facts: Facts, stage: StageName): boolean {
  if (facts.all('break', stage).length > 0) return true;
  switch (stage) {
    case 'dns':
      return (
        facts.all('lookup', stage).length > 0 &&
        !facts.all('lookup', stage).some((l) => l.outcome === 'answer' && l.records.length > 0)
      );
    case 'connect':
      return facts.all('connect').length > 0 && !facts.all('connect').some((c) => c.outcome === 'open');
    case 'tls':
      return (
        facts.last('tls')?.outcome === 'failed' ||
        facts.all('reply', 'tls').some((r) => r.status === 'no') ||
        facts.all('withheld', 'tls').length > 0
      );
    case 'certificate':
      return facts.all('problem').some((p) => !p.tolerated);
    case 'greeting':
      return facts.all('service').length > 0 || facts.all('reply', stage).some((r) => r.status !== 'ok');
    case 'auth':
    case 'capabilities':
    case 'mailbox':
    case 'identity':
    case 'send':
      return (
        facts.all('reply', stage).some((r) => r.status === 'no') ||
        facts.all('withheld', stage).some((w) => w.why === 'not-offered')
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

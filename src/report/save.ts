/** What `--save` writes and `explain --file` reads: the evidence of the checks, judged again elsewhere (`mailcheck.evidence/1`). */
import type { Service } from '../model/account.ts';
import type { Check, Report } from '../model/diagnosis.ts';
import type { Evidence } from '../model/evidence.ts';
import type { TranscriptLine } from '../model/net.ts';
import type { StageRecord } from '../model/stage.ts';
import { redactInput } from './redact.ts';

/** One saved check; it holds no secret, since evidence never does. */
export interface SavedCheck {
  readonly service: Omit<Service, 'secret'>;
  readonly stages: readonly StageRecord[];
  readonly evidence: readonly Evidence[];
  readonly transcript: readonly TranscriptLine[];
  readonly durationMs: number;
}

export interface Saved {
  readonly schema: 'mailcheck.evidence/1';
  readonly tool: { readonly name: 'mailcheck'; readonly version: string };
  readonly startedAt: string;
  readonly account: Report['account'];
  readonly checks: readonly SavedCheck[];
}

/** @returns the document to save; write it with `forJson`. */
export function savedEvidence(given: {
  readonly checks: readonly Check[];
  readonly account: Report['account'];
  readonly startedAt: Date;
  readonly version: string;
  /** Masks who and where, as in the report (`--redact`). */
  readonly redact?: boolean;
}): Saved {
  const input = given.redact === true ? redactInput(given) : given;
  return {
    schema: 'mailcheck.evidence/1',
    tool: { name: 'mailcheck', version: input.version },
    startedAt: input.startedAt.toISOString(),
    account: input.account,
    checks: input.checks.map(({ service: { secret: _secret, ...service }, stages, evidence, transcript, durationMs }) => ({
      service,
      stages,
      evidence,
      transcript,
      durationMs,
    })),
  };
}

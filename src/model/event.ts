/** Event: what the pipeline says while it runs; progress displays and NDJSON read these. */
import type { Check } from './diagnosis.ts';
import type { Evidence } from './evidence.ts';
import type { StageRecord } from './stage.ts';
import type { Protocol, StageName } from './terms.ts';

export type Event =
  | { readonly type: 'stage-start'; readonly protocol: Protocol; readonly stage: StageName }
  | { readonly type: 'stage-end'; readonly protocol: Protocol; readonly record: StageRecord }
  | { readonly type: 'evidence'; readonly protocol: Protocol; readonly evidence: Evidence }
  | { readonly type: 'check'; readonly protocol: Protocol; readonly check: Check };

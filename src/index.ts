/** The library: what programs and plugins may import from `mailcheck-cli`. */

export { type AccountRequest, type AccountResult, checkAccount } from './account.ts';
export { catalogue } from './causes/index.ts';
export { enhancedFits, type SaysSpec, says, seen, sighting } from './causes/rules.ts';
export { checkService } from './check.ts';
export { type Checkup, type CheckupRequest, checkup } from './checkup.ts';
export { explain } from './explain.ts';
export { judge, recognise } from './judge.ts';
export { type Kit, kitOf } from './kit.ts';
export type { Account, CheckOptions, Service } from './model/account.ts';
export type { Cause, CauseWords, Example, Link, Rule, Serve, Sighting } from './model/cause.ts';
export type { Contribution } from './model/contribution.ts';
export type { Check, Diagnosis, Finding, Judged, Report, ReportCheck } from './model/diagnosis.ts';
export type { Event } from './model/event.ts';
export type * from './model/evidence.ts';
export { type Facts, factsOf } from './model/facts.ts';
export type { Preset } from './model/preset.ts';
export type { RenderOptions, Reporter } from './model/reporter.ts';
export { type Secret, sealSecret } from './model/secret.ts';
export type { Reason, Stage } from './model/stage.ts';
export type * from './model/terms.ts';
export { UsageError } from './model/usage.ts';
export type { Words } from './model/words.ts';
export { read } from './paste/read.ts';
export { discover } from './settle/discover.ts';
export { readTold, settle, type Told } from './settle/settle.ts';

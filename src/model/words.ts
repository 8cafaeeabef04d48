/** Words: everything the product says in one language, apart from the causes' English, which stands beside the causes. */
import type { CauseWords } from './cause.ts';
import type { ReasonId } from './stage.ts';
import type {
  Category,
  Certainty,
  Language,
  Owner,
  Protocol,
  Security,
  Severity,
  Source,
  StageName,
  StageStatus,
  Verdict,
} from './terms.ts';

export interface Words {
  readonly language: Language;
  readonly verdicts: Readonly<Record<Verdict, string>>;
  readonly stages: Readonly<Record<StageName, string>>;
  readonly statuses: Readonly<Record<StageStatus, string>>;
  readonly severities: Readonly<Record<Severity, string>>;
  readonly certainties: Readonly<Record<Certainty, string>>;
  readonly owners: Readonly<Record<Owner, string>>;
  readonly categories: Readonly<Record<Category, string>>;
  readonly protocols: Readonly<Record<Protocol, string>>;
  readonly securities: Readonly<Record<Security, string>>;
  readonly sources: Readonly<Record<Source, string>>;
  /** Why a stage did not run; holes `{stage}`. */
  readonly reasons: Readonly<Record<ReasonId, string>>;
  /** Every other sentence and label, by key; holes `{name}`. */
  readonly say: Readonly<Record<string, string>>;
  /** Causes by id: absent in English, whose words stand beside the cause. */
  readonly causes?: Readonly<Record<string, CauseWords & { readonly test: string }>>;
}

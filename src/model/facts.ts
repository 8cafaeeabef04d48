/** Facts: the read-only view over evidence that stages and causes look through. */
import type { Control, Evidence, EvidenceKind, EvidenceOf } from './evidence.ts';
import type { Protocol, StageName } from './terms.ts';

export interface Facts {
  /** Everything, in the order observed. */
  readonly evidence: readonly Evidence[];
  /** The service under test; undefined for pasted text of unknown protocol. */
  readonly protocol?: Protocol;
  /** True where the evidence was read from pasted text: nothing but the text is known. */
  readonly pasted: boolean;
  /** All of a kind that the check itself observed (control probes left out). */
  all<K extends EvidenceKind>(kind: K, stage?: StageName): readonly EvidenceOf<K>[];
  last<K extends EvidenceKind>(kind: K, stage?: StageName): EvidenceOf<K> | undefined;
  /** All of a kind that control probes observed. */
  controls<K extends EvidenceKind>(kind: K, control?: Control): readonly EvidenceOf<K>[];
}

/** @returns the view over `evidence`; the list is read anew on each call, so a growing list may be passed. */
export function factsOf(evidence: readonly Evidence[], options: { protocol?: Protocol; pasted?: boolean } = {}): Facts {
  const is =
    <K extends EvidenceKind>(kind: K, stage?: StageName) =>
    (e: Evidence): e is EvidenceOf<K> =>
      e.kind === kind && (stage === undefined || e.stage === stage);
  return {
    evidence,
    ...(options.protocol ? { protocol: options.protocol } : {}),
    pasted: options.pasted ?? false,
    all: (kind, stage) => evidence.filter(is(kind, stage)).filter((e) => e.control === undefined),
    last: (kind, stage) =>
      evidence
        .filter(is(kind, stage))
        .filter((e) => e.control === undefined)
        .at(-1),
    controls: (kind, control) =>
      evidence.filter(is(kind)).filter((e) => e.control !== undefined && (control === undefined || e.control === control)),
  };
}

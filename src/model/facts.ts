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

/** What was observed so far, by kind: stages and hundreds of rules ask again and again. */
interface Kinds {
  readonly own: Map<EvidenceKind, readonly Evidence[]>;
  readonly control: Map<EvidenceKind, readonly Evidence[]>;
}

const NONE: readonly never[] = [];

/** A list holds one kind only, so its first one tells. */
const isOf = <K extends EvidenceKind>(list: readonly Evidence[] | undefined, kind: K): list is readonly EvidenceOf<K>[] =>
  list?.[0]?.kind === kind;
function listOf<K extends EvidenceKind>(map: Kinds['own'], kind: K): readonly EvidenceOf<K>[] {
  const list = map.get(kind);
  return isOf(list, kind) ? list : NONE;
}
const at = <E extends Evidence>(list: readonly E[], stage: StageName | undefined): readonly E[] =>
  stage === undefined || list.length === 0 ? list : list.filter((e) => e.stage === stage);

/** @returns the view over `evidence`; a growing list may be passed, and what it gives out stays as it was. */
export function factsOf(evidence: readonly Evidence[], options: { protocol?: Protocol; pasted?: boolean } = {}): Facts {
  let kinds: Kinds = { own: new Map(), control: new Map() };
  let seen = 0;
  let last: Evidence | undefined;

  function upToDate(): Kinds {
    if (seen === evidence.length && last === evidence[seen - 1]) return kinds;
    // Something was taken out again.
    if (seen > evidence.length || last !== evidence[seen - 1]) {
      kinds = { own: new Map(), control: new Map() };
      seen = 0;
    }
    for (; seen < evidence.length; seen++) {
      const e = evidence[seen];
      if (!e) continue;
      const map = e.control === undefined ? kinds.own : kinds.control;
      map.set(e.kind, [...(map.get(e.kind) ?? NONE), e]);
    }
    last = evidence[seen - 1];
    return kinds;
  }

  return {
    evidence,
    ...(options.protocol ? { protocol: options.protocol } : {}),
    pasted: options.pasted ?? false,
    all: (kind, stage) => at(listOf(upToDate().own, kind), stage),
    last: (kind, stage) => at(listOf(upToDate().own, kind), stage).at(-1),
    controls: (kind, control) => {
      const list = listOf(upToDate().control, kind);
      return control === undefined ? list : list.filter((e) => e.control === control);
    },
  };
}

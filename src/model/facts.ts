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

/** What was observed so far of one kind: stages and hundreds of rules ask again and again. */
interface Observed {
  readonly list: Evidence[];
  /** What was given out since the list last grew: all of it, and by stage. */
  all: readonly Evidence[] | undefined;
  readonly stages: Map<StageName, readonly Evidence[]>;
}
type Kinds = Map<EvidenceKind, Observed>;

const NONE: readonly never[] = [];

/** A list holds one kind only, so its first one tells. */
const isOf = <K extends EvidenceKind>(list: readonly Evidence[], kind: K): list is readonly EvidenceOf<K>[] =>
  list[0]?.kind === kind;

function given<K extends EvidenceKind>(kinds: Kinds, kind: K, stage?: StageName): readonly EvidenceOf<K>[] {
  const observed = kinds.get(kind);
  if (!observed) return NONE;
  let list = stage === undefined ? observed.all : observed.stages.get(stage);
  if (!list) {
    list = stage === undefined ? observed.list.slice() : observed.list.filter((e) => e.stage === stage);
    if (stage === undefined) observed.all = list;
    else observed.stages.set(stage, list);
  }
  return isOf(list, kind) ? list : NONE;
}

function add(kinds: Kinds, e: Evidence): void {
  const observed = kinds.get(e.kind);
  if (!observed) {
    kinds.set(e.kind, { list: [e], all: undefined, stages: new Map() });
    return;
  }
  observed.list.push(e);
  observed.all = undefined;
  observed.stages.clear();
}

/** @returns the view over `evidence`; a growing list may be passed, and what it gives out stays as it was. */
export function factsOf(evidence: readonly Evidence[], options: { protocol?: Protocol; pasted?: boolean } = {}): Facts {
  let own: Kinds = new Map();
  let controls: Kinds = new Map();
  let seen = 0;
  let last: Evidence | undefined;

  function catchUp(): void {
    if (seen === evidence.length && last === evidence[seen - 1]) return;
    // Something was taken out again.
    if (seen > evidence.length || last !== evidence[seen - 1]) {
      own = new Map();
      controls = new Map();
      seen = 0;
    }
    for (; seen < evidence.length; seen++) {
      last = evidence[seen];
      if (last) add(last.control === undefined ? own : controls, last);
    }
    last = evidence[seen - 1];
  }
  const all = <K extends EvidenceKind>(kind: K, stage?: StageName): readonly EvidenceOf<K>[] => {
    catchUp();
    return given(own, kind, stage);
  };

  return {
    evidence,
    ...(options.protocol ? { protocol: options.protocol } : {}),
    pasted: options.pasted ?? false,
    all,
    last: (kind, stage) => all(kind, stage).at(-1),
    controls: (kind, control) => {
      catchUp();
      const list = given(controls, kind);
      return control === undefined ? list : list.filter((e) => e.control === control);
    },
  };
}

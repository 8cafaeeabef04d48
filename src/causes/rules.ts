/** Builders of recognition rules: phrases in what a server or client said, and shapes of evidence. Pure and synchronous. */
import type { Rule, Sighting } from '../model/cause.ts';
import type { Evidence, ReplyEvidence, TextEvidence } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import type { Certainty, Protocol, StageName } from '../model/terms.ts';
import { type Haystack, haystackOf, meets, needOf } from './needles.ts';

/** A saying: something a server or a client said that may decide. */
export type Saying = ReplyEvidence | TextEvidence;

export interface SaysSpec {
  /** Any of these decides. Short phrases, case-insensitive; a string is matched as it stands with white space folded. */
  readonly phrases?: readonly (string | RegExp)[];
  /** `[^.]` in the patterns means: within the sentence. */
  readonly sentence?: boolean;
  /** None of these may be there. */
  readonly unless?: readonly (string | RegExp)[];
  /** Reply codes of which one must be there; a text without any code passes only with `codeOptional`. */
  readonly code?: readonly number[];
  /** Enhanced status codes; `5.7.*` and `*.7.8` are allowed. */
  readonly enhanced?: readonly string[];
  /** Response codes (IMAP, POP3), upper case. */
  readonly responseCode?: readonly string[];
  /** Where code, enhanced and responseCode are refinements that only have to fit when the saying has one. */
  readonly codeOptional?: boolean;
  readonly protocol?: readonly Protocol[];
  readonly stage?: readonly StageName[];
  /** The command that was answered: `AUTH`, `PASS`, `MAIL FROM`, as a prefix. */
  readonly command?: readonly string[];
  /** Only replies, or only pasted text. */
  readonly of?: 'reply' | 'text';
  /** The program that said a pasted text. */
  readonly program?: readonly string[];
  /** Client error numbers, lower case: `0x800ccc0e`. */
  readonly number?: readonly string[];
  readonly certainty: Certainty;
  /** See Sighting.strength. */
  readonly strength: number;
  readonly alternatives?: readonly string[];
}

const fold = (s: string) => s.replace(/\s+/g, ' ').toLowerCase();

function regexOf(phrase: string | RegExp): RegExp {
  if (phrase instanceof RegExp) return phrase;
  const source = fold(phrase)
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/ ?… ?/g, '.{0,120}?');
  return new RegExp(source, 'iu');
}

/** `[^.]` in a pattern then means: within the sentence. The dots of host names, addresses and codes do not end it. */
const withinSentence = (pattern: RegExp) => new RegExp(pattern.source.replaceAll('[^.]', '(?:[^.]|\\.(?=\\S))'), pattern.flags);

/** What a saying is searched in: its words on one line, and the same in lower case. */
interface Heard {
  readonly words: string;
  readonly lower: Haystack;
}

interface Phrase {
  /** @returns the words that match. */
  find(text: Heard): string | undefined;
}

/** The pattern is made and run only where what it needs is there. */
function phraseOf(phrase: string | RegExp, within: boolean): Phrase {
  const need = typeof phrase === 'string' ? { all: fold(phrase).split(/ ?… ?/) } : needOf(phrase);
  let pattern: RegExp | undefined;
  return {
    find({ words, lower }) {
      if (need !== undefined && !meets(lower, need)) return undefined;
      if (!pattern) {
        const made = regexOf(phrase);
        pattern = within && made.source.includes('[^.]') ? withinSentence(made) : made;
      }
      return pattern.exec(words)?.[0];
    },
  };
}

const heard = new WeakMap<Saying, Heard>();
function hear(s: Saying): Heard {
  let h = heard.get(s);
  if (!h) {
    const words = s.text.replace(/\s+/g, ' ');
    h = { words, lower: haystackOf(words.toLowerCase()) };
    heard.set(s, h);
  }
  return h;
}

/** The words of a saying on one line, white space folded, case kept. */
export const wordsOf = (s: Saying): string => hear(s).words;

/** Negative replies and pasted texts, in order; successful replies say nothing about causes. */
export function sayings(facts: Facts): readonly Saying[] {
  const count = facts.evidence.length;
  if (said?.of === facts && said.count === count) return said.list;
  const list = facts.evidence.filter(
    (e): e is Saying => e.control === undefined && (e.kind === 'text' || (e.kind === 'reply' && e.status === 'no')),
  );
  said = { of: facts, count, list };
  return list;
}

/** Hundreds of rules ask the same facts one after the other: the list is made once, and again only when evidence was added. */
let said: { readonly of: Facts; readonly count: number; readonly list: readonly Saying[] } | undefined;

export function enhancedFits(pattern: string, value: string): boolean {
  if (!pattern.includes('*')) return pattern === value;
  const p = pattern.split('.');
  const v = value.split('.');
  return p.length === v.length && p.every((x, i) => x === '*' || x === v[i]);
}

function codesFit(s: Saying, spec: SaysSpec): boolean {
  const { code, enhanced, responseCode } = spec;
  if (!code && !enhanced && !responseCode) return true;
  const reply: Partial<ReplyEvidence> = s.kind === 'reply' ? s : {};
  const given = reply.responseCode?.toUpperCase();
  const { codeOptional: lacking = false } = spec;
  return (
    (!code || (reply.code === undefined ? lacking : code.includes(reply.code))) &&
    (!enhanced || (reply.enhanced === undefined ? lacking : enhanced.some((e) => enhancedFits(e, reply.enhanced ?? '')))) &&
    (!responseCode || (given === undefined ? lacking : responseCode.some((r) => given === r || given.startsWith(`${r} `))))
  );
}

function first(phrases: readonly Phrase[], text: Heard): string | undefined {
  for (const p of phrases) {
    const matched = p.find(text);
    if (matched !== undefined) return matched;
  }
  return undefined;
}

/** @returns a rule that sees the first saying that fits the specification. */
export function says(spec: SaysSpec): Rule {
  let phrases: readonly Phrase[] | undefined;
  let unless: readonly Phrase[] | undefined;
  return hearing((facts) => {
    for (const s of sayings(facts)) {
      if (spec.of && s.kind !== spec.of) continue;
      const protocol = s.protocol ?? facts.protocol;
      if (spec.protocol && protocol && !spec.protocol.includes(protocol)) continue;
      if (spec.stage && s.kind === 'reply' && !facts.pasted && !spec.stage.includes(s.stage)) continue;
      if (spec.command && !(s.command !== undefined && spec.command.some((c) => s.command?.toUpperCase().startsWith(c)))) {
        if (!(spec.codeOptional && !s.command)) continue;
      }
      if (spec.program && !(s.kind === 'text' && s.program && spec.program.includes(s.program))) continue;
      if (spec.number && !(s.kind === 'text' && s.number && spec.number.includes(s.number.toLowerCase()))) continue;
      if (!codesFit(s, spec)) continue;
      // Built when something is first heard with them: most rules of a run hear nothing.
      phrases ??= spec.phrases?.map((p) => phraseOf(p, spec.sentence === true));
      const text = hear(s);
      const matched = phrases ? first(phrases, text) : codeWords(s);
      if (matched === undefined) continue;
      unless ??= spec.unless?.map((p) => phraseOf(p, spec.sentence === true));
      if (unless && first(unless, text) !== undefined) continue;
      const sighting: Sighting = {
        certainty: spec.certainty,
        strength: spec.strength,
        evidence: [s],
        matched,
        ...(spec.alternatives ? { alternatives: spec.alternatives } : {}),
      };
      return sighting;
    }
    return undefined;
  });
}

/** Marks a rule that has nothing to do where nobody said anything. */
export const hearing = (rule: (facts: Facts) => Sighting | undefined): Rule => Object.assign(rule, { hears: true } as const);

/** The codes of a reply as words: `535 5.7.8`, `NO [LIMIT]`. */
export function codeWords(s: Saying): string {
  if (s.kind === 'text') return s.number ?? s.text.slice(0, 120);
  return [s.code, s.enhanced, s.condition, s.responseCode ? `[${s.responseCode}]` : undefined]
    .filter((x) => x !== undefined)
    .join(' ');
}

/** @returns a rule from a look at the evidence; the function gives undefined where it sees nothing. */
export function seen(look: (facts: Facts) => Sighting | undefined): Rule {
  return look;
}

/** A sighting that rests on structure rather than words. */
export function sighting(
  certainty: Certainty,
  strength: number,
  evidence: readonly (Evidence | undefined)[],
  more: Partial<Sighting> = {},
): Sighting {
  return { certainty, strength, evidence: evidence.filter((e): e is Evidence => e !== undefined), ...more };
}

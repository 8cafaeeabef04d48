/** Files of mailcheck itself: evidence written by `--save`, JSON reports, NDJSON streams, and reports in any other form by their ids. */
import type { Evidence } from '../model/evidence.ts';
import { STAGES } from '../model/terms.ts';

export interface Saved {
  /** Evidence as saved, used as it is. */
  readonly evidence: readonly Evidence[];
  /** What a report quotes: read again like pasted text. */
  readonly quoted: readonly string[];
  /** Ids of causes that a report names, the root causes first. */
  readonly causes: readonly string[];
  /** The parsed document. */
  readonly document: unknown;
}

const KINDS = new Set(
  'setting lookup connect tls certificate problem reply capabilities break service withheld secret mailbox sender environment clock text source route choice domain'.split(
    ' ',
  ),
);
const CAUSE_ID =
  /\b(?:settings|dns|connect|greeting|protocol|server|tls|certificate|auth|mailbox|sender|recipient|message|policy)\.[a-z][a-z0-9]{0,30}(?:-[a-z0-9]{1,30}){0,6}\b/g;

type Json = { readonly [key: string]: unknown };
const isObject = (v: unknown): v is Json => typeof v === 'object' && v !== null && !Array.isArray(v);
const list = (v: unknown): readonly unknown[] => (Array.isArray(v) ? v : []);

/** One saved fact: only what has a known kind and stage is taken; the judge is total over the rest. */
function isEvidence(v: unknown): v is Evidence {
  if (!isObject(v)) return false;
  const { kind, stage } = v;
  if (typeof kind !== 'string' || !KINDS.has(kind) || !STAGES.some((s) => s === stage)) return false;
  const strings: Readonly<Record<string, readonly string[]>> = {
    reply: ['text', 'command', 'status'],
    text: ['text', 'origin'],
    problem: ['problem', 'detail'],
    break: ['how', 'command', 'detail'],
    connect: ['host', 'outcome'],
    lookup: ['host', 'outcome'],
    setting: ['field', 'value'],
    service: ['speaks', 'firstLine'],
  };
  const lists: Readonly<Record<string, readonly string[]>> = {
    reply: ['lines'],
    capabilities: ['items', 'mechanisms'],
    certificate: ['sent', 'built'],
    lookup: ['records'],
    source: ['offers'],
    secret: ['offered'],
    route: ['lines'],
    choice: ['others'],
  };
  return (strings[kind] ?? []).every((k) => typeof v[k] === 'string') && (lists[kind] ?? []).every((k) => Array.isArray(v[k]));
}

function ofReport(report: Json): Omit<Saved, 'document'> {
  const quoted: string[] = [];
  const causes: string[] = [];
  for (const check of list(report.checks).filter(isObject)) {
    if (typeof check.cause === 'string') causes.unshift(check.cause);
    for (const finding of list(check.findings).filter(isObject)) {
      if (typeof finding.cause === 'string') causes.push(finding.cause);
      for (const words of list(finding.evidence)) if (typeof words === 'string') quoted.push(words);
    }
  }
  return { evidence: [], quoted, causes: [...new Set(causes)] };
}

/** @returns the saved document, or undefined where the text is none of ours. */
export function readSaved(text: string): Saved | undefined {
  const start = text.trimStart();
  if (!start.startsWith('{') && !start.startsWith('[')) return byIds(text);
  if (!/"mailcheck\.(?:evidence|report|explain)\/\d/.test(text)) return byIds(text);
  const whole = parse(text);
  const documents =
    whole === undefined
      ? text
          .split('\n')
          .filter((l) => l.startsWith('{'))
          .map(parse)
      : Array.isArray(whole)
        ? whole
        : [whole];
  const evidence: Evidence[] = [];
  const quoted: string[] = [];
  const causes: string[] = [];
  for (const document of documents) {
    if (!isObject(document)) continue;
    evidence.push(...list(document.evidence).filter(isEvidence));
    // A saved check may hold several services, each with its own evidence.
    for (const check of list(document.checks).filter(isObject)) evidence.push(...list(check.evidence).filter(isEvidence));
    const report = ofReport(
      isObject(document.report)
        ? document.report
        : document.checks === undefined
          ? { checks: [document.check ?? document] }
          : document,
    );
    quoted.push(...report.quoted);
    causes.push(...report.causes);
    for (const m of list(document.matches).filter(isObject)) if (typeof m.cause === 'string') causes.push(m.cause);
  }
  if (evidence.length === 0 && quoted.length === 0 && causes.length === 0) return undefined;
  return { evidence, quoted, causes: [...new Set(causes)], document: whole ?? documents };
}

/** Markdown, JUnit, SARIF and terminal reports of ours name their causes by id. */
function byIds(text: string): Saved | undefined {
  if (!/\bmailcheck\b/i.test(text.slice(0, 200_000))) return undefined;
  const causes = [...new Set([...text.slice(0, 200_000).matchAll(CAUSE_ID)].map((m) => m[0]))].slice(0, 20);
  return causes.length === 0 ? undefined : { evidence: [], quoted: [], causes, document: undefined };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

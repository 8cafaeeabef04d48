/** Diagnosis: the judge's verdict in ids and evidence, and Report: the same in words (the JSON contract). */
import type { Service } from './account.ts';
import type { Cause, Link, Sighting } from './cause.ts';
import type { ChoiceEvidence, Evidence, SourceEvidence } from './evidence.ts';
import type { TranscriptLine } from './net.ts';
import type { ReasonId, StageRecord } from './stage.ts';
import type {
  Category,
  Certainty,
  Owner,
  Protocol,
  Security,
  Severity,
  Source,
  StageName,
  StageStatus,
  Verdict,
} from './terms.ts';

/** One recognised cause, language-free. */
export interface Judged {
  readonly cause: Cause;
  readonly sighting: Sighting;
  readonly stage: StageName;
  readonly severity: Severity;
  readonly certainty: Certainty;
}

export interface Diagnosis {
  readonly verdict: Verdict;
  /** The root cause first; empty where nothing was found. */
  readonly findings: readonly Judged[];
  readonly root: Judged | undefined;
}

/** One service's check, complete: what reporters word. */
export interface Check {
  readonly service: Service;
  readonly stages: readonly StageRecord[];
  readonly evidence: readonly Evidence[];
  readonly diagnosis: Diagnosis;
  readonly transcript: readonly TranscriptLine[];
  readonly durationMs: number;
}

/** `mailcheck.report/1`, word for word as in the contract; fields beyond it are additions. */
export interface Report {
  readonly schema: 'mailcheck.report/1';
  readonly tool: {
    readonly name: 'mailcheck';
    readonly version: string;
    readonly plugins?: readonly { readonly name: string; readonly version: string; readonly linked?: boolean }[];
  };
  readonly language: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly verdict: Verdict;
  readonly account: { readonly address: string | null; readonly preset: string | null };
  /** `run`: what identifies the account across runs, where the address alone does not. */
  readonly key?: string;
  /** `run --shard`: which part of the accounts this one belongs to, from 1. */
  readonly shard?: { readonly part: number; readonly parts: number };
  /** `run`: what the configuration expected of this check, and whether it came so. A failure that was expected makes the report pass. */
  readonly expectation?: { readonly wanted: string; readonly met: boolean; readonly found: string };
  /** `run`: warnings that were found and that the configuration allows; they do not count. */
  readonly allowed?: readonly string[];
  /** `run --baseline`: what the earlier run found in this place, where that differs. */
  readonly previous?: { readonly verdict: Verdict; readonly cause: string | null };
  readonly checks: readonly ReportCheck[];
  /** account: what every source of settings said, and which server was taken for each protocol and why. */
  readonly discovery?: { readonly sources: readonly SourceEvidence[]; readonly choices: readonly ChoiceEvidence[] };
  /** Settings that work, ready to type in (account). */
  readonly working?: readonly {
    readonly protocol: Protocol;
    readonly host: string;
    readonly port: number;
    readonly security: Security;
    readonly user: string | null;
  }[];
  readonly warnings?: readonly string[];
}

export interface ReportCheck {
  readonly protocol: Protocol;
  readonly endpoint: { readonly host: string; readonly port: number; readonly security: Security; readonly source: Source };
  readonly verdict: Verdict;
  readonly cause: string | null;
  readonly stages: readonly {
    readonly stage: StageName;
    readonly status: StageStatus;
    readonly durationMs: number;
    readonly summary: string;
    readonly reason?: string;
    /** The reason's id, for machines. */
    readonly reasonId?: ReasonId;
  }[];
  readonly findings: readonly Finding[];
  readonly notTested: readonly { readonly stage: StageName; readonly reason: string }[];
  readonly facts: ReportFacts;
  /** The paragraph to send to the provider or administrator, where they must act. */
  readonly message?: { readonly en: string; readonly local?: string };
  readonly transcript?: readonly TranscriptLine[];
  readonly durationMs?: number;
}

/** Facts of the check for people and machines: certificate chain, mechanisms, addresses, sender matrix, mailbox. */
export interface ReportFacts {
  readonly settings: readonly {
    readonly field: string;
    readonly value: string;
    readonly from: Source;
    readonly authenticated: boolean;
  }[];
  readonly addresses?: readonly { readonly address: string; readonly outcome: string; readonly ms: number }[];
  readonly tls?: Readonly<Record<string, string | number | boolean | null>>;
  readonly certificates?: readonly Readonly<Record<string, unknown>>[];
  readonly capabilities?: readonly { readonly channel: string; readonly items: readonly string[] }[];
  readonly auth?: Readonly<Record<string, unknown>>;
  readonly mailbox?: Readonly<Record<string, unknown>>;
  readonly senders?: readonly {
    readonly from: string;
    readonly depth: string;
    readonly accepted: boolean;
    readonly reply?: string;
  }[];
  /** Why each server was chosen among those that the sources named. */
  readonly choices?: readonly Readonly<Record<string, unknown>>[];
  /** The route to the server, as the system's tool traced it. */
  readonly route?: readonly string[];
  /** The account's domain: SPF, DKIM, DMARC and the like; `text` is worded in the report's language. */
  readonly domain?: readonly {
    readonly what: string;
    readonly domain: string;
    readonly outcome: string;
    readonly verdict: string;
    readonly text: string;
    readonly record?: string;
  }[];
  /** What the extra connections that tell causes apart saw, verbatim. */
  readonly controls?: readonly string[];
  /** Everything else that was observed and has no field of its own, verbatim: look-ups, environment, clock, sources. */
  readonly observed?: readonly string[];
}

export interface Finding {
  readonly cause: string;
  readonly severity: Severity;
  readonly stage: StageName;
  readonly category: Category;
  readonly certainty: Certainty;
  readonly owner: Owner;
  readonly title: string;
  readonly meaning: string;
  readonly fix: readonly string[];
  readonly evidence: readonly string[];
  readonly alternatives: readonly { readonly cause: string; readonly test: string; readonly title?: string }[];
  readonly links: readonly Link[];
  /** The words that decided, verbatim. */
  readonly matched?: string;
  /** The provider whose own advice stands first. */
  readonly provider?: string;
}

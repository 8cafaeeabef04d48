/** Stage: one step of a protocol's session: when it is ready, what it asks. */
import type { CheckOptions, Service } from './account.ts';
import type { Evidence } from './evidence.ts';
import type { Facts } from './facts.ts';
import type { Command, Line, Net, SecureResult } from './net.ts';
import type { Preset } from './preset.ts';
import type { Protocol, StageName, StageStatus } from './terms.ts';

/** Why a stage did not run: an id with words in every locale (`reasons`), and the values for its holes. */
export interface Reason {
  readonly id: ReasonId;
  readonly params?: Readonly<Record<string, string | number>>;
}

export type ReasonId =
  | 'earlier-stage-failed' // {stage}
  | 'stopped-before' // --until {stage}
  | 'no-password'
  | 'refused-before' // run: the account's log-in was refused by {protocol}, so it is not tried again
  | 'no-user'
  | 'no-sender'
  | 'security-none' // no TLS on this endpoint
  | 'channel-plain' // credentials withheld: not encrypted
  | 'certificate-failed' // credentials withheld
  | 'wrong-server' // credentials withheld: the greeting is another provider's
  | 'needs-consent' // credentials withheld: nothing vouches for the server that was found
  | 'not-logged-in'
  | 'not-asked' // --send not given
  | 'not-offered'
  | 'interrupted'
  | 'not-this-protocol';

/** What the first stages of a session learned on their way that later ones need. */
export interface Reached {
  addresses: readonly string[];
  secured?: SecureResult;
  /** What is still under way beside the session. */
  readonly beside: Promise<void>[];
  /** Addresses whose attempt has not ended, with the time when it began. */
  readonly pending: Map<string, number>;
  /** Set when nobody waits any more: what comes now is too late to be judged. */
  over?: true;
}

/** What stages share while one service is probed: the line, how it was reached, and what was written ahead. Nothing else is mutable. */
export interface Session {
  readonly service: Service;
  readonly options: CheckOptions;
  readonly preset: Preset | undefined;
  /** The consumer of `--client`, where one was named. */
  readonly consumer: Preset['fetch'];
  readonly net: Net;
  readonly facts: Facts;
  /** The open connection; set by the connect stage. */
  line: Line | undefined;
  /** Commands already written whose replies are still to be read (pipelining), and the IMAP tag counter. */
  readonly ahead: Command[];
  tag: number;
  readonly reached: Reached;
  /** STAT, UIDL and QUIT of POP3, which may be written ahead: the same objects for writing and for reading. */
  afterLogIn?: readonly [Command, Command, Command];
  /** The good-bye, where it was written ahead. */
  goodbye?: Command;
  note(...evidence: readonly Evidence[]): void;
}

export interface Stage {
  readonly name: StageName;
  ready(facts: Facts, session: Session): true | Reason;
  run(session: Session): Promise<void>;
}

/** A protocol's ordered stages; the order depends on the security of the endpoint. */
export interface Probe {
  readonly protocol: Protocol;
  stages(service: Service): readonly Stage[];
  /** QUIT or LOGOUT, where the line is still up. */
  goodbye(session: Session): Promise<void>;
}

export interface StageRecord {
  readonly stage: StageName;
  readonly status: StageStatus;
  readonly durationMs: number;
  readonly reason?: Reason;
}

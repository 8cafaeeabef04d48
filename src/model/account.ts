/** Account: the services to test, each setting with its source. */
import type { Secret } from './secret.ts';
import type { Protocol, Security, Source, StageName } from './terms.ts';

export interface Service {
  readonly protocol: Protocol;
  /** Reference identity: the name the certificate must carry (ASCII form). */
  readonly host: string;
  readonly port: number;
  readonly security: Security;
  readonly source: Source;
  /** Authentication identity. */
  readonly user?: string;
  readonly secret?: Secret;
  /** SASL mechanism forced by the person, upper case. */
  readonly mechanism?: string;
  /** Sender identities to test; the account's own where none was named. */
  readonly from: readonly string[];
  readonly recipient?: string;
  /** The account's own address: where `--send` sends to. */
  readonly self?: string;
}

export interface Account {
  /** The mail address, ASCII domain; null where only a host was given. */
  readonly address: string | null;
  readonly preset: string | null;
  readonly services: readonly Service[];
}

/** How a check is made; every field settled, nothing optional but what may be absent. */
export interface CheckOptions {
  readonly until?: StageName;
  readonly send: boolean;
  readonly arrival: boolean;
  readonly insecureAuth: boolean;
  readonly controlProbes: boolean;
  readonly controlHost?: string;
  readonly checkRevocation: boolean;
  readonly compareResolver?: string;
  readonly traceRoute: boolean;
  readonly client?: string;
  /** smtp: also look at the domain's sending side. */
  readonly domain?: boolean;
  /** The selector of the domain's DKIM key. */
  readonly dkimSelector?: string;
  /** Per stage, milliseconds. */
  readonly timeoutMs: number;
}

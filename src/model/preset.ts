/** Preset: one provider's settings, prerequisites and own phrases. A data file (`presets/ID.json`); plugins may offer more. */
import type { Language, Protocol, Security } from './terms.ts';

/** Where a fact stands and when it was last seen true. */
export interface Provenance {
  readonly source: string;
  /** `YYYY-MM` or `YYYY-MM-DD`: the date of the source, or, where that is undated, when it was read. */
  readonly checked: string;
  /** What kind of source it is. */
  readonly evidence?:
    | 'official'
    | 'live-observation'
    | 'config-db'
    | 'client-source'
    | 'client-docs'
    | 'third-party'
    | 'news'
    | 'issue';
}

/** Text that people read, in the languages of the product; English stands in where one is missing. */
export type LocalText = Readonly<{ en: string } & Partial<Record<Language, string>>>;

export interface PresetEndpoint extends Provenance {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  readonly security: Security;
  /** Plan, data centre or account type this endpoint is for: `paid organisation`, `EU`, …; absent on the default one. */
  readonly variant?: string;
  /** Domains of addresses that use this variant. */
  readonly domains?: readonly string[];
  /** MX suffixes that point to this variant. */
  readonly mx?: readonly string[];
}

export interface PresetReply extends Provenance {
  readonly protocol?: Protocol;
  readonly stage?: 'greeting' | 'tls' | 'auth' | 'mailbox' | 'identity' | 'send';
  /** SMTP reply code, enhanced status code or IMAP/POP3 response code that must be there too. */
  readonly code?: number;
  readonly enhanced?: string;
  readonly responseCode?: string;
  /** The words that decide: case-insensitive, `…` stands for anything (up to 120 characters). Short: not the whole sentence. */
  readonly phrase: string;
  readonly cause: string;
  /** The provider's own steps, put before the general ones. */
  readonly fix?: Readonly<Partial<Record<Language, readonly string[]>>>;
  readonly help?: string;
  /** A full example reply, for the test. */
  readonly example: string;
}

export interface PresetNote extends Provenance {
  readonly text: LocalText;
  readonly protocols?: readonly Protocol[];
  readonly help?: string;
}

export interface Preset {
  readonly id: string;
  readonly name: string;
  /** `relay`: sending only, no mailboxes. */
  readonly kind?: 'relay';
  /** Domains of addresses; `.example.com` stands for every subdomain. */
  readonly domains: readonly string[];
  /** Whole-label suffixes of MX hosts. */
  readonly mx: readonly string[];
  /** Domains that an SPF record includes. */
  readonly spf?: readonly string[];
  /** Protocols that the provider does not offer at all; a prerequisite says what to use instead. */
  readonly missing?: readonly Protocol[];
  readonly endpoints: readonly PresetEndpoint[];
  /** Host names that people still have, and what replaced them. */
  readonly retired?: readonly ({ readonly host: string; readonly protocol: Protocol; readonly instead: string } & Provenance)[];
  readonly user: {
    readonly form: 'address' | 'local-part' | 'other';
    readonly note?: string;
    /** The note in every language. */
    readonly text?: LocalText;
  } & Provenance;
  /** How people authenticate. */
  readonly auth: {
    /** `account`: the account's password works; `app-password`: needed always; `app-password-with-2fa`; `oauth`: passwords refused; `bridge`: a local bridge's own password. */
    readonly secret: 'account' | 'app-password' | 'app-password-with-2fa' | 'oauth' | 'bridge' | 'authorization-code';
    /** Protocols for which another secret holds than `secret`. */
    readonly perProtocol?: Readonly<Partial<Record<Protocol, 'account' | 'app-password' | 'oauth'>>>;
    /** Form of an app password, as a regular expression over the whole secret. */
    readonly appPassword?: string;
    readonly oauth?: {
      readonly authorize?: string;
      readonly token?: string;
      readonly device?: string;
      readonly scopes?: readonly string[];
    };
    readonly help?: string;
  } & Provenance;
  /** Protocols that are off until the person switches them on. */
  readonly offByDefault?: readonly Protocol[];
  readonly prerequisites: readonly PresetNote[];
  readonly sender?: {
    readonly rule: 'own-or-alias' | 'rewritten' | 'verified' | 'any';
    readonly refusedAt: 'mail' | 'rcpt' | 'data' | 'never';
  } & Provenance;
  readonly replies: readonly PresetReply[];
  /** Regular expressions (case-insensitive) over the first line of the greeting; together they fit every service that starts in plain text. */
  readonly greetings?: readonly string[];
  /** What the provider demands when it fetches from others (`--client`). */
  readonly fetch?: {
    readonly client: string;
    readonly ports: readonly number[];
    readonly selfSigned: boolean;
    readonly intervalMinutes: number;
    readonly messagesPerCycle: number;
    readonly note?: string;
    /** The note in every language. */
    readonly text?: LocalText;
  } & Provenance;
  readonly limits?: readonly PresetNote[];
  readonly links: readonly { readonly title: string; readonly url: string }[];
  readonly checked: string;
}

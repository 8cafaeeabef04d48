/** The closed word lists of the public contract: protocols, stages, categories, certainty, sources. */

export type Protocol = 'pop3' | 'imap' | 'smtp';

/** `tls` is implicit TLS (RFC 8314), `starttls` the upgrade in the session (RFC 3207, 2595, 9051), `none` plain text. */
export type Security = 'tls' | 'starttls' | 'none';

/** Where a setting came from, strongest first. */
export type Source = 'flag' | 'preset' | 'autoconfig' | 'srv' | 'autodiscover' | 'mx' | 'guess';

export const STAGES = [
  'settings',
  'dns',
  'connect',
  'tls',
  'certificate',
  'greeting',
  'capabilities',
  'auth',
  'mailbox',
  'identity',
  'send',
] as const;
export type StageName = (typeof STAGES)[number];

export type StageStatus = 'pass' | 'warn' | 'fail' | 'skipped';
export type Verdict = 'pass' | 'warn' | 'fail' | 'inconclusive';
export type Severity = 'error' | 'warning' | 'notice';
export type Certainty = 'proven' | 'likely' | 'possible';
export type Owner = 'you' | 'admin' | 'provider' | 'network';
export type Category = 'connection' | 'certificate' | 'authentication' | 'relay' | 'mailbox' | 'policy' | 'settings';

/** What protected the bytes when something was said. Nothing said on `plain` is trusted after the upgrade (RFC 3207 §4.2). */
export type Channel = 'plain' | 'tls' | 'authenticated';

/** The standard ports (RFC 8314, 6409, 1939, 9051); 25 is for servers. */
export const STANDARD_PORTS: Readonly<Record<Protocol, readonly { port: number; security: Security }[]>> = {
  pop3: [
    { port: 995, security: 'tls' },
    { port: 110, security: 'starttls' },
  ],
  imap: [
    { port: 993, security: 'tls' },
    { port: 143, security: 'starttls' },
  ],
  smtp: [
    { port: 465, security: 'tls' },
    { port: 587, security: 'starttls' },
  ],
};

export type Language = 'en' | 'zh-CN' | 'vi';

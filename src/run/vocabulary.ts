/** The names of mailcheck.yaml. Its schema and its reader know the very same. */
import type { Security } from '../model/terms.ts';

export const TOP = [
  '$schema',
  'version',
  'defaults',
  'settings',
  'accounts',
  'csv',
  'concurrency',
  'per-host',
  'retries',
  'jitter',
] as const;
/** What holds one value, and so may be a column as well. */
const SINGLE = [
  'address',
  'name',
  'use',
  'preset',
  'user',
  'mechanism',
  'checks',
  'password',
  'token',
  'from',
  'rcpt',
  'send',
  'until',
  'expect',
  'allow',
  'days-to-expiry',
  'timeout',
  'connect-to',
  'resolver',
  'ca-file',
  'insecure-auth',
  'client',
] as const;
export const ACCOUNT = [...SINGLE, 'pop', 'imap', 'smtp'] as const;
const SPELLED_OUT = [
  'password-env',
  'password-file',
  'password-command',
  'token-env',
  'token-file',
  'token-command',
  'pop-host',
  'pop-port',
  'pop-security',
  'imap-host',
  'imap-port',
  'imap-security',
  'smtp-host',
  'smtp-port',
  'smtp-security',
] as const;
/** Flags of the command line are names here too, so that what people know works. */
export const FLAT = [...SPELLED_OUT, 'host', 'port', 'security'] as const;
/** The columns of a list of accounts. */
export const COLUMNS = [...SINGLE, ...SPELLED_OUT] as const;
/** What people write, and what it is called here. */
export const MEANT: Readonly<Record<string, string>> = {
  protocol: 'checks',
  protocols: 'checks',
  services: 'checks',
  check: 'checks',
  email: 'address',
  mail: 'address',
  account: 'address',
  username: 'user',
  login: 'user',
  pass: 'password',
  server: 'host',
  ssl: 'security',
  tls: 'security',
  encryption: 'security',
  pop3: 'pop',
  submission: 'smtp',
  provider: 'preset',
  sender: 'from',
  recipient: 'rcpt',
  expected: 'expect',
  warnings: 'allow',
};
export const ENDPOINT = ['host', 'port', 'security', 'expect', 'allow'] as const;
export const SOURCES = ['env', 'file', 'command'] as const;
export const SECURITIES: readonly Security[] = ['tls', 'starttls', 'none'];

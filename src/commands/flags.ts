/** The flags of the contract, shared by pop, imap, smtp and account. */
import { Flags } from '@oclif/core';
import { STAGES } from '../model/terms.ts';

export const SECURITIES = ['tls', 'starttls', 'none'] as const;
export const FORMATS = [
  'terminal',
  'markdown',
  'json',
  'ndjson',
  'junit',
  'sarif',
  'github',
  'github-summary',
  'html',
  'nagios',
  'prometheus',
] as const;
export const LANGUAGES = ['en', 'zh-CN', 'vi'] as const;

/** Each takes one word: the address after it is not its value. */
const SEVERAL = { multiple: true, multipleNonGreedy: true } as const;

export const secretFlags = {
  'password-stdin': Flags.boolean({ description: 'read the password from standard input (one line)', helpGroup: 'SECRET' }),
  'password-file': Flags.string({
    description: 'read the password from the first line of a file',
    helpValue: 'PATH',
    helpGroup: 'SECRET',
  }),
  'password-command': Flags.string({
    description: 'run a command and take the first line it prints',
    helpValue: 'CMD',
    helpGroup: 'SECRET',
  }),
  'password-env': Flags.string({
    description: 'take the password from an environment variable',
    helpValue: 'NAME',
    helpGroup: 'SECRET',
  }),
  'token-stdin': Flags.boolean({ description: 'read an OAuth 2.0 access token from standard input', helpGroup: 'SECRET' }),
  'token-file': Flags.string({ description: 'read the access token from a file', helpValue: 'PATH', helpGroup: 'SECRET' }),
  'token-command': Flags.string({
    description: 'run a command that prints the access token',
    helpValue: 'CMD',
    helpGroup: 'SECRET',
  }),
  'token-env': Flags.string({
    description: 'take the access token from an environment variable',
    helpValue: 'NAME',
    helpGroup: 'SECRET',
  }),
  'no-input': Flags.boolean({ description: 'never ask for a password', helpGroup: 'SECRET' }),
};

export const accountFlags = {
  preset: Flags.string({ description: "use this provider's settings (see: mailcheck presets)", helpValue: 'ID' }),
  user: Flags.string({
    description: 'user name to log in with; default: the form that the provider asks for, else the address',
    helpValue: 'NAME',
  }),
  mechanism: Flags.string({ description: 'SASL mechanism; default: the best one both sides have', helpValue: 'NAME' }),
  client: Flags.string({ description: 'also hold the result against what this consumer demands', helpValue: 'ID' }),
  'insecure-auth': Flags.boolean({
    description: 'send credentials even where the channel is not encrypted or its certificate failed',
  }),
};

export const networkFlags = {
  'connect-to': Flags.string({
    description: 'connect to this place instead, still checking everything against --host',
    helpValue: 'HOST[:PORT]',
    helpGroup: 'NETWORK',
  }),
  resolver: Flags.string({ description: 'ask this DNS server for every look-up', helpValue: 'IP[:PORT]', helpGroup: 'NETWORK' }),
  'compare-resolver': Flags.string({
    description: 'also ask this second resolver (IP[:PORT] or an https URL) and compare',
    helpValue: 'RESOLVER',
    helpGroup: 'NETWORK',
  }),
  'ca-file': Flags.string({ description: 'more trust anchors, in PEM', helpValue: 'PATH', helpGroup: 'NETWORK' }),
  ipv4: Flags.boolean({ description: 'IPv4 only', exclusive: ['ipv6'], helpGroup: 'NETWORK' }),
  ipv6: Flags.boolean({ description: 'IPv6 only', exclusive: ['ipv4'], helpGroup: 'NETWORK' }),
  proxy: Flags.string({
    description: 'go through a proxy: socks5://, socks5h:// or http://',
    helpValue: 'URL',
    helpGroup: 'NETWORK',
  }),
  'control-probes': Flags.boolean({
    description:
      'after a failure, make the extra connections that tell one cause from another; --no-control-probes leaves them out',
    default: true,
    allowNo: true,
    helpGroup: 'NETWORK',
  }),
  'control-host': Flags.string({
    description: 'a second host to try on the same port, to tell a blocked port from a dead server',
    helpValue: 'HOST',
    helpGroup: 'NETWORK',
  }),
  'allow-private': Flags.boolean({
    description: 'let discovery fetch from addresses that are not on the public Internet',
    helpGroup: 'NETWORK',
  }),
  'check-revocation': Flags.boolean({
    description: 'ask the certificate authority whether the certificate was revoked (OCSP, CRL)',
    helpGroup: 'NETWORK',
  }),
  'trace-route': Flags.boolean({ description: "trace the route to the server with the system's tool", helpGroup: 'NETWORK' }),
  timeout: Flags.string({
    description: 'seconds per stage; from 10 on a log-in has 10 more',
    default: '10',
    helpValue: 'SECONDS',
    helpGroup: 'NETWORK',
  }),
  until: Flags.string({ description: 'stop after this stage', options: [...STAGES], helpValue: 'STAGE' }),
};

export const reportFlags = {
  // Plugins may bring more, so `outputsOf` checks the word.
  format: Flags.string({
    description: `how the report is written: ${FORMATS.join(', ')}, or what a plugin brings`,
    default: 'terminal',
    helpValue: 'FORMAT',
    helpGroup: 'REPORT',
  }),
  json: Flags.boolean({ description: 'the same as --format json', helpGroup: 'REPORT' }),
  output: Flags.string({
    description: 'write to a file: PATH or FORMAT:PATH; may be given several times',
    helpValue: '[FORMAT:]PATH',
    ...SEVERAL,
    helpGroup: 'REPORT',
  }),
  overwrite: Flags.boolean({ description: 'replace files of --output and --save that exist', helpGroup: 'REPORT' }),
  lang: Flags.string({ description: 'language of the report', options: [...LANGUAGES], helpGroup: 'REPORT' }),
  transcript: Flags.boolean({ description: 'show the protocol conversation, secrets masked', helpGroup: 'REPORT' }),
  redact: Flags.boolean({
    description: 'mask user names, addresses and hosts too',
    aliases: ['anonymise', 'anonymize'],
    helpGroup: 'REPORT',
  }),
  save: Flags.string({
    description: 'write the evidence, to be judged again by: mailcheck explain --file PATH',
    helpValue: 'PATH',
    helpGroup: 'REPORT',
  }),
  strict: Flags.boolean({ description: 'let warnings fail the check (exit status 1)', helpGroup: 'REPORT' }),
  plugins: Flags.boolean({ description: 'load plugins', default: true, allowNo: true, hidden: true }),
};

export const endpointFlags = {
  host: Flags.string({ description: 'the server', helpValue: 'HOST' }),
  port: Flags.string({ description: 'its port', helpValue: 'PORT' }),
  security: Flags.string({ description: 'tls from the first byte, starttls, or none', options: [...SECURITIES] }),
};

export const senderFlags = {
  from: Flags.string({
    description: 'sender identity to test; may be given several times',
    helpValue: 'ADDRESS',
    ...SEVERAL,
  }),
  rcpt: Flags.string({ description: 'recipient to name; default: the account itself', helpValue: 'ADDRESS' }),
  send: Flags.boolean({
    description: 'also send one small message to the account itself, since some providers refuse a sender only there',
  }),
  domain: Flags.boolean({
    description: 'also look at the sending side of the domain: SPF, DMARC, MTA-STS, TLS-RPT, DANE, reverse DNS',
  }),
  'dkim-selector': Flags.string({
    description: 'with --domain: the selector of the DKIM key to look at',
    helpValue: 'NAME',
    dependsOn: ['domain'],
  }),
  arrival: Flags.boolean({
    description: 'with --send: then look for the message by IMAP or POP3 (the preset’s server, or --imap-host, --pop-host)',
    dependsOn: ['send'],
  }),
};

const endpointOf = (name: string) => ({
  host: Flags.string({ description: `the ${name} server`, helpValue: 'HOST' }),
  port: Flags.string({ description: 'its port', helpValue: 'PORT' }),
  security: Flags.string({ description: 'tls, starttls or none', options: [...SECURITIES] }),
});
const [pop, imap, smtp] = [endpointOf('POP3'), endpointOf('IMAP'), endpointOf('submission')];

export const accountEndpointFlags = {
  'pop-host': pop.host,
  'pop-port': pop.port,
  'pop-security': pop.security,
  'imap-host': imap.host,
  'imap-port': imap.port,
  'imap-security': imap.security,
  'smtp-host': smtp.host,
  'smtp-port': smtp.port,
  'smtp-security': smtp.security,
};

/** Where `smtp --send --arrival` looks. */
export const arrivalFlags = {
  'imap-host': imap.host,
  'imap-port': imap.port,
  'imap-security': imap.security,
  'pop-host': pop.host,
  'pop-port': pop.port,
  'pop-security': pop.security,
};

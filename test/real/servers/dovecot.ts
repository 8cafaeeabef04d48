/** A real Dovecot on loopback: POP3 and IMAP with a configuration of its own, and the log-in socket that Postfix asks. */
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Authority } from '../../../src/lab/authority.ts';
import type { LabCertificate } from '../../../src/model/cause.ts';
import { freePorts, listening, makeFolder, type Place, stopped, supervise, withRetries } from './process.ts';

/** Not the address that connections come from: Dovecot takes a connection from its own address for a safe one, encrypted or not. */
export const ADDRESS = '127.0.0.2';
export const HOST = 'mail.example.test';
/** Names in the certificates of the servers. */
export const NAMES = { dns: [HOST, 'pop.example.test', 'imap.example.test', 'smtp.example.test'], ips: [] };
export const USER = 'anna@example.test';
export const PASSWORD = 'correct horse-7';
/** uid and gid of the mailboxes (nobody, nogroup). */
const MAIL = 65_534;

export interface DovecotOptions {
  readonly authority: Authority;
  readonly certificate?: LabCertificate;
  /** Lines of the password file; default: one healthy account. */
  readonly users?: readonly string[];
  /** Settings of one line; they replace those of the healthy configuration. */
  readonly set?: Readonly<Record<string, string>>;
  /** In place of the passdb and the userdb of the healthy configuration. `folder` is the server's own. */
  readonly passdb?: (folder: string) => string;
  readonly userdb?: (folder: string) => string;
  /** More blocks. */
  readonly more?: (folder: string) => string;
  /** Makes files before the start. */
  readonly prepare?: (folder: string) => void;
}

export interface Dovecot {
  readonly folder: string;
  readonly pop3: Place;
  readonly pop3s: Place;
  readonly imap: Place;
  readonly imaps: Place;
  readonly ca: string;
  /** The socket of the log-in service, for `smtpd_sasl_path`. */
  readonly auth: string;
  /** The mail folder of an account. */
  maildir(user: string): string;
  readonly log: string;
  stop(): Promise<void>;
}

/** One line of a password file: `name`, password in plain, and extra fields such as `nologin`. */
export const account = (user: string, extra = '', password = PASSWORD) => `${user}:{PLAIN}${password}::::::${extra}`;

/** Starts one, and waits until it takes connections. */
export const startDovecot = (options: DovecotOptions): Promise<Dovecot> => withRetries(() => start(options));

async function start(options: DovecotOptions): Promise<Dovecot> {
  const folder = makeFolder('mcd');
  const in_ = (...parts: string[]) => join(folder, ...parts);
  const ports = await freePorts(['pop3', 'pop3s', 'imap', 'imaps'], ADDRESS);
  const minted = options.authority.mint(options.certificate ?? 'valid', NAMES);
  mkdirSync(in_('mail'));
  chownSync(in_('mail'), MAIL, MAIL);
  writeFileSync(in_('cert.pem'), minted.cert);
  writeFileSync(in_('key.pem'), minted.key, { mode: 0o600 });
  writeFileSync(in_('ca.pem'), minted.ca);
  writeFileSync(in_('users'), `${(options.users ?? [account(USER)]).join('\n')}\n`);
  options.prepare?.(folder);
  const settings: Readonly<Record<string, string>> = {
    base_dir: in_('run'),
    state_dir: in_('run'),
    log_path: in_('log'),
    protocols: 'imap pop3',
    listen: ADDRESS,
    ssl: 'yes',
    ssl_cert: `<${in_('cert.pem')}`,
    ssl_key: `<${in_('key.pem')}`,
    mail_location: `maildir:${in_('mail', '%u')}`,
    first_valid_uid: '1',
    first_valid_gid: '1',
    disable_plaintext_auth: 'yes',
    auth_mechanisms: 'plain login',
    // A refusal is not to cost the tests two seconds each.
    auth_failure_delay: '0',
    ...options.set,
  };
  const listener = (name: string, port: number, secure: boolean) =>
    `  inet_listener ${name} {\n    port = ${port}\n${secure ? '    ssl = yes\n' : ''}  }\n`;
  const config = [
    ...Object.entries(settings).map(([k, v]) => `${k} = ${v}`),
    options.passdb?.(folder) ?? `passdb {\n  driver = passwd-file\n  args = username_format=%u ${in_('users')}\n}`,
    options.userdb?.(folder) ?? `userdb {\n  driver = static\n  args = uid=${MAIL} gid=${MAIL} home=${in_('mail')}/%u\n}`,
    `service pop3-login {\n${listener('pop3', ports.pop3, false)}${listener('pop3s', ports.pop3s, true)}}`,
    `service imap-login {\n${listener('imap', ports.imap, false)}${listener('imaps', ports.imaps, true)}}`,
    `service auth {\n  unix_listener sasl {\n    mode = 0666\n  }\n}`,
    // Each refusal would make the next log-in from the same address wait longer.
    `service anvil {\n  unix_listener anvil-auth-penalty {\n    mode = 0\n  }\n}`,
    options.more?.(folder) ?? '',
  ];
  writeFileSync(in_('dovecot.conf'), `${config.join('\n')}\n`);
  const server = supervise(['/usr/sbin/dovecot', '-F', '-c', in_('dovecot.conf')], { folder });
  const at = (port: number): Place => ({ address: ADDRESS, port });
  await listening([at(ports.pop3s), at(ports.imaps)], server, [in_('log'), in_('stdout')]);
  return {
    folder,
    pop3: at(ports.pop3),
    pop3s: at(ports.pop3s),
    imap: at(ports.imap),
    imaps: at(ports.imaps),
    ca: minted.ca,
    auth: in_('run', 'sasl'),
    maildir: (user) => in_('mail', user),
    log: in_('log'),
    stop: () => stopped(server, [at(ports.pop3), at(ports.pop3s), at(ports.imap), at(ports.imaps)]),
  };
}

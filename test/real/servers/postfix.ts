/** A real Postfix on loopback: any number of submission services, each with settings of its own, over one queue. */
import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Authority } from '../../../src/lab/authority.ts';
import type { LabCertificate } from '../../../src/model/cause.ts';
import { type Dovecot, HOST, NAMES, USER } from './dovecot.ts';
import { SERVER_PATH } from './installed.ts';
import { freePorts, listening, makeFolder, type Place, removeFolder, stopped, supervise, withRetries } from './process.ts';

const ADDRESS = '127.0.0.1';

export interface Submission {
  /** TLS from the first byte, as on port 465. */
  readonly wrapper?: boolean;
  readonly certificate?: LabCertificate;
  /** Sessions at a time; the rest wait, with no greeting. */
  readonly processes?: number;
  /** Settings of main.cf for this service alone. `folder` is the server's own. */
  readonly set?: (folder: string) => Readonly<Record<string, string>>;
}

export interface PostfixOptions<N extends string> {
  readonly authority: Authority;
  /** Whose accounts log in, and whose mailboxes the mail goes to. */
  readonly dovecot: Dovecot;
  readonly services: Readonly<Record<N, Submission>>;
  /** Recipients that exist; default: one. */
  readonly recipients?: readonly string[];
  /** Makes files before the start. */
  readonly prepare?: (folder: string) => void;
  /** More services of master.cf. */
  readonly more?: (folder: string) => string;
}

export interface Postfix<N extends string> {
  readonly folder: string;
  readonly at: Readonly<Record<N, Place>>;
  readonly ca: string;
  readonly log: string;
  stop(): Promise<void>;
}

/** In braces, so that values may hold spaces and commas (master(5)). */
const option = ([name, value]: readonly [string, string]) => `  -o {${name} = ${value}}`;

/** The parts of Postfix that these tests touch (master.cf), none of them in a chroot. */
const PARTS = `cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd`;

/** Starts one, and waits until every service takes connections. */
export const startPostfix = <N extends string>(options: PostfixOptions<N>): Promise<Postfix<N>> =>
  withRetries(() => start(options));

async function start<N extends string>(options: PostfixOptions<N>): Promise<Postfix<N>> {
  const folder = makeFolder('mcp');
  const in_ = (...parts: string[]) => join(folder, ...parts);
  const names = Object.keys(options.services) as N[];
  const ports = await freePorts(names, ADDRESS);
  for (const name of ['config', 'queue', 'data']) mkdirSync(in_(name));
  const postfix = spawnSync('id', ['-u', 'postfix'], { encoding: 'utf8' });
  chownSync(in_('data'), Number(postfix.stdout.trim()), statSync(folder).gid);
  let ca = '';
  const keys = (kind: LabCertificate) => {
    const minted = options.authority.mint(kind, NAMES);
    ca = minted.ca;
    writeFileSync(in_('config', `${kind}.pem`), minted.key + minted.cert, { mode: 0o600 });
    return { smtpd_tls_chain_files: in_('config', `${kind}.pem`) };
  };
  options.prepare?.(folder);
  const recipients = options.recipients ?? [USER];
  const main: Readonly<Record<string, string>> = {
    compatibility_level: '3.6',
    queue_directory: in_('queue'),
    data_directory: in_('data'),
    maillog_file: in_('log'),
    maillog_file_prefixes: folder,
    inet_interfaces: ADDRESS,
    inet_protocols: 'ipv4',
    myhostname: HOST,
    // Nobody is trusted for where they come from, as on a submission port.
    mynetworks: '',
    mydestination: '',
    alias_maps: '',
    alias_database: '',
    virtual_mailbox_domains: 'example.test',
    virtual_mailbox_base: join(options.dovecot.folder, 'mail'),
    virtual_mailbox_maps: `inline:{ ${recipients.map((r) => `{${r} = ${r}/}`).join(' ')} }`,
    virtual_uid_maps: 'static:65534',
    virtual_gid_maps: 'static:65534',
    virtual_minimum_uid: '1',
    smtpd_sasl_auth_enable: 'yes',
    smtpd_sasl_type: 'dovecot',
    smtpd_sasl_path: options.dovecot.auth,
    smtpd_tls_security_level: 'may',
    smtpd_tls_auth_only: 'yes',
    smtpd_relay_restrictions: 'permit_sasl_authenticated, reject_unauth_destination',
    smtpd_error_sleep_time: '0',
    smtpd_peername_lookup: 'no',
    ...keys('valid'),
  };
  const services = names.map((name) => {
    const { wrapper, certificate, processes, set } = options.services[name];
    const own = {
      ...(wrapper ? { smtpd_tls_wrappermode: 'yes' } : {}),
      ...(certificate ? keys(certificate) : {}),
      ...set?.(folder),
    };
    return [`${ADDRESS}:${ports[name]} inet n - n - ${processes ?? '-'} smtpd`, ...Object.entries(own).map(option)].join('\n');
  });
  writeFileSync(
    in_('config', 'main.cf'),
    `${Object.entries(main)
      .map(([k, v]) => `${k} = ${v}`)
      .join('\n')}\n`,
  );
  writeFileSync(in_('config', 'master.cf'), `${services.join('\n')}\n${PARTS}\n${options.more?.(folder) ?? ''}\n`);
  const check = spawnSync('postfix', ['-c', in_('config'), 'check'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: SERVER_PATH },
  });
  if (check.status !== 0) {
    removeFolder(folder);
    throw new Error(`postfix check: ${check.stderr}`);
  }
  // -d keeps the master in the foreground, where the supervisor can end it.
  const server = supervise(['/usr/lib/postfix/sbin/master', '-c', in_('config'), '-d'], { folder });
  const at = Object.fromEntries(names.map((n) => [n, { address: ADDRESS, port: ports[n] }])) as Record<N, Place>;
  await listening(Object.values<Place>(at), server, [in_('log'), in_('stdout')]);
  return { folder, at, ca, log: in_('log'), stop: () => stopped(server, Object.values<Place>(at)) };
}

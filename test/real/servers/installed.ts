/** Which real servers this machine has; where they are missing the tests are skipped in plain sight, or fail where they are required. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';

const PATH = `${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin`;

function versionOf(command: string, ...args: string[]): string | undefined {
  const run = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, PATH } });
  return run.status === 0 ? run.stdout.trim() : undefined;
}

const root = userInfo().uid === 0 && process.platform === 'linux';
const dovecotVersion = root ? versionOf('dovecot', '--version') : undefined;
const postfixVersion = root ? versionOf('postconf', '-d', '-h', 'mail_version') : undefined;
const opensslVersion = versionOf('openssl', 'version');

/** The configuration of these tests is that of the 2.3 line; 2.4 renamed most settings. */
const dovecot = dovecotVersion?.startsWith('2.3.') === true && ['pop3', 'imap'].every((p) => existsSync(`/usr/lib/dovecot/${p}`));
const postfix = Number.parseFloat(postfixVersion ?? '0') >= 3.7;

export const installed = {
  dovecot,
  postfix: postfix && dovecot,
  openssl: opensslVersion?.startsWith('OpenSSL 3') === true,
  /** Dovecot's Lua module (dovecot-auth-lua): the one way to expired and disabled accounts without PAM or LDAP. */
  lua: dovecot && existsSync('/usr/lib/dovecot/modules/auth/libauthdb_lua.so'),
} as const;

const PACKAGES: Readonly<Record<keyof typeof installed, string>> = {
  dovecot: 'Dovecot 2.3 (dovecot-pop3d, dovecot-imapd)',
  postfix: 'Postfix 3.7 (postfix) with Dovecot for its log-ins',
  openssl: 'OpenSSL 3 (openssl)',
  lua: "Dovecot's Lua module (dovecot-auth-lua)",
};

/**
 * @returns true where the tests of this file must be skipped; one line says so.
 * @throws where MAILCHECK_REQUIRE_REAL=1 asks for the real servers, as in CI.
 */
export function missing(...wanted: readonly (keyof typeof installed)[]): boolean {
  const absent = wanted.filter((w) => !installed[w]);
  if (absent.length === 0) return false;
  const line = `real servers missing: ${absent.map((w) => PACKAGES[w]).join('; ')}${root ? '' : ' (and they need root on Linux)'}`;
  if (process.env.MAILCHECK_REQUIRE_REAL === '1') throw new Error(line);
  process.stderr.write(`SKIPPED: ${line}\n`);
  return true;
}

export const SERVER_PATH = PATH;

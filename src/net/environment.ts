/** What in the environment could change a verdict on a certificate, or writes session keys to a file: disclosed, never obeyed unsaid. */
import { realpathSync } from 'node:fs';
import { delimiter } from 'node:path';
import type { EnvironmentEvidence } from '../model/evidence.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** Where systems keep their store: Debian, Arch; Fedora, RHEL; openSUSE; RHEL 7 and later; Alpine, macOS, BSD. */
export const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/ssl/cert.pem',
  '/usr/local/share/certs/ca-root-nss.crt',
];
export const STANDARD_DIRECTORIES = ['/etc/ssl/certs', '/etc/pki/tls/certs'];
export const realPath = (path: string) => {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
};

const FILES: Readonly<Record<string, string>> = {
  NODE_EXTRA_CA_CERTS: 'adds trust anchors from a file',
  SSL_CERT_FILE: 'names the file of trust anchors',
  SSL_CERT_DIR: 'names the folder of trust anchors',
};

const OPTIONS: Readonly<Record<string, string>> = {
  '--use-openssl-ca': "makes Node trust OpenSSL's store",
  '--use-bundled-ca': 'makes Node trust its own store only',
  '--use-system-ca': "makes Node trust the system's store too",
  '--openssl-config': 'changes the settings of OpenSSL',
  '--tls-cipher-list': 'changes the ciphers that are offered',
  '--tls-min-v1.0': 'lowers the oldest TLS version',
  '--tls-min-v1.1': 'lowers the oldest TLS version',
  '--tls-max-v1.2': 'lowers the newest TLS version',
};

/**
 * What in the environment could change a verdict on a certificate, or writes session keys to a file. Nothing of it does so unsaid.
 * @param execArgv options that Node itself was started with.
 */
export function trustEnvironment(env: Env, execArgv: readonly string[] = process.execArgv): readonly EnvironmentEvidence[] {
  const key = [...NAMES.map((n) => env[n]), ...execArgv].join('\0');
  if (told?.key !== key) told = { key, found: lookAt(env, execArgv) };
  return told.found;
}

const isStandard = (folder: string) => folder === '' || STANDARD_DIRECTORIES.includes(realPath(folder).replace(/\/$/, ''));
const isBundle = (file: string) => {
  const real = realPath(file);
  return BUNDLES.some((b) => realPath(b) === real);
};

const NAMES = [...Object.keys(FILES), 'NODE_TLS_REJECT_UNAUTHORIZED', 'NODE_USE_SYSTEM_CA', 'SSLKEYLOGFILE', 'NODE_OPTIONS'];
/** Asked for every check of a batch, and always the same. */
let told: { readonly key: string; readonly found: readonly EnvironmentEvidence[] } | undefined;

function lookAt(env: Env, execArgv: readonly string[]): readonly EnvironmentEvidence[] {
  const found: EnvironmentEvidence[] = [];
  const tell = (name: string, effect: EnvironmentEvidence['effect'], detail: string, harmless?: true) =>
    found.push({
      kind: 'environment',
      stage: effect === 'key-log' ? 'tls' : 'certificate',
      name,
      effect,
      detail,
      ...(harmless ? { harmless } : {}),
    });
  for (const [name, effect] of Object.entries(FILES)) {
    const value = env[name];
    if (!value) continue;
    const own = name === 'SSL_CERT_DIR' ? value.split(delimiter).every(isStandard) : isBundle(value);
    tell(name, 'trust', `${name}=${value} ${effect}${own ? " (the system's own store)" : ''}`, own || undefined);
  }
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    tell(
      'NODE_TLS_REJECT_UNAUTHORIZED',
      'trust',
      'NODE_TLS_REJECT_UNAUTHORIZED=0 has no effect here: certificates are judged all the same',
    );
  }
  if (env.NODE_USE_SYSTEM_CA === '1')
    tell('NODE_USE_SYSTEM_CA', 'trust', "NODE_USE_SYSTEM_CA=1 makes Node trust the system's store too");
  if (env.SSLKEYLOGFILE)
    tell('SSLKEYLOGFILE', 'key-log', `SSLKEYLOGFILE=${env.SSLKEYLOGFILE} asks programs to write session keys to a file`);
  for (const word of [...(env.NODE_OPTIONS ?? '').split(/\s+/), ...execArgv]) {
    const [option = ''] = word.split('=');
    const effect = OPTIONS[option];
    if (effect) tell('NODE_OPTIONS', 'trust', `${word} ${effect}`);
    if (option === '--tls-keylog') tell('NODE_OPTIONS', 'key-log', `${word} writes the keys of every TLS session to a file`);
  }
  return found;
}

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
  NODE_EXTRA_CA_CERTS: 'anchors-added',
  SSL_CERT_FILE: 'anchor-file',
  SSL_CERT_DIR: 'anchor-folder',
};

const OPTIONS: Readonly<Record<string, string>> = {
  '--use-openssl-ca': 'openssl-store',
  '--use-bundled-ca': 'node-store',
  '--use-system-ca': 'system-store',
  '--openssl-config': 'openssl-settings',
  '--tls-cipher-list': 'ciphers',
  '--tls-min-v1.0': 'oldest-version',
  '--tls-min-v1.1': 'oldest-version',
  '--tls-max-v1.2': 'newest-version',
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
  const tell = (name: string, effect: EnvironmentEvidence['effect'], detail: string, what: string, harmless?: true) =>
    found.push({
      kind: 'environment',
      stage: effect === 'key-log' ? 'tls' : 'certificate',
      name,
      effect,
      detail,
      what,
      ...(harmless ? { harmless } : {}),
    });
  for (const [name, what] of Object.entries(FILES)) {
    const value = env[name];
    if (!value) continue;
    const own = name === 'SSL_CERT_DIR' ? value.split(delimiter).every(isStandard) : isBundle(value);
    tell(name, 'trust', `${name}=${value}`, own ? 'own-store' : what, own || undefined);
  }
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0')
    tell('NODE_TLS_REJECT_UNAUTHORIZED', 'trust', 'NODE_TLS_REJECT_UNAUTHORIZED=0', 'no-effect');
  if (env.NODE_USE_SYSTEM_CA === '1') tell('NODE_USE_SYSTEM_CA', 'trust', 'NODE_USE_SYSTEM_CA=1', 'system-store');
  if (env.SSLKEYLOGFILE) tell('SSLKEYLOGFILE', 'key-log', `SSLKEYLOGFILE=${env.SSLKEYLOGFILE}`, 'keys-wished');
  for (const word of [...(env.NODE_OPTIONS ?? '').split(/\s+/), ...execArgv]) {
    const [option = ''] = word.split('=');
    const what = OPTIONS[option];
    if (what) tell('NODE_OPTIONS', 'trust', word, what);
    if (option === '--tls-keylog') tell('NODE_OPTIONS', 'key-log', word, 'keys-logged');
  }
  return found;
}

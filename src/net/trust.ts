/**
 * Trust anchors (RFC 5280 §6.1.1): Node's own store, the system's, --ca-file and what the environment adds. All of them are
 * consulted, and of each anchor it is known where it came from, so that no variable changes a verdict unsaid.
 */
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import tls from 'node:tls';
import type { EnvironmentEvidence } from '../model/evidence.ts';
import { type Certificate, rawIssuer, rawSubject, readCertificate } from '../wire/certificate.ts';
import { readName, sameName } from '../wire/names.ts';
import { readDer } from '../wire/x509.ts';

export type AnchorSource = 'node' | 'system' | 'ca-file' | 'environment';
export type Env = Readonly<Record<string, string | undefined>>;

export interface Anchor {
  readonly certificate: Certificate;
  readonly sources: ReadonlySet<AnchorSource>;
  /** File or variable it was read from; empty for Node's own store. */
  readonly where: string;
}

export interface Anchors {
  /** For `tls.createSecureContext({ ca })`; undefined where Node's own store is all there is. */
  readonly contextCa: string[] | undefined;
  /** Anchors whose subject is the issuer of `child`. */
  issuersOf(child: Certificate): readonly Anchor[];
  /** The anchor that this very certificate is. */
  find(certificate: Certificate): Anchor | undefined;
  /** All anchors of one source. */
  of(source: AnchorSource): readonly Anchor[];
  /** The system's store: its file, or `system` where the platform hands it over; undefined where none was found. */
  readonly system: string | undefined;
  readonly count: number;
}

/** Where systems keep their store: Debian, Arch; Fedora, RHEL; openSUSE; RHEL 7 and later; Alpine, macOS, BSD. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/ssl/cert.pem',
  '/usr/local/share/certs/ca-root-nss.crt',
];
const STANDARD_DIRECTORIES = ['/etc/ssl/certs', '/etc/pki/tls/certs'];
const MAX_BUNDLE = 16 * 1024 * 1024;
const MAX_FILES = 2000;

/** @returns every certificate of a PEM text, one string each, in canonical form; other PEM blocks are left out. */
export function pemCertificates(text: string): readonly string[] {
  const found: string[] = [];
  for (const block of text.split(/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/).slice(1)) {
    const end = block.indexOf('-----END');
    const body = block.slice(0, Math.max(0, end)).replace(/[^A-Za-z0-9+/=]/g, '');
    if (body === '') continue;
    found.push(`-----BEGIN CERTIFICATE-----\n${body.replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`);
  }
  return found;
}

const bodyOf = (pem: string) => pem.replace(/-----[A-Z ]+-----|\s/g, '');

function readText(path: string): string | undefined {
  try {
    return statSync(path).size <= MAX_BUNDLE ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

const real = (path: string) => {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
};

function readDirectory(path: string): string {
  try {
    return readdirSync(path)
      .filter((n) => /\.(pem|crt|cer|\d)$/.test(n))
      .slice(0, MAX_FILES)
      .map((n) => readText(join(path, n)) ?? '')
      .join('\n');
  } catch {
    return '';
  }
}

/** The system's store: from the platform where Node can ask it (Windows, macOS), else from the file the system keeps. */
function systemStore(): { readonly where: string; readonly pems: readonly string[] } | undefined {
  if (process.platform === 'win32' || process.platform === 'darwin') {
    const ask: unknown = Reflect.get(tls, 'getCACertificates');
    if (typeof ask === 'function') {
      try {
        const pems: unknown = ask('system');
        if (Array.isArray(pems) && pems.length > 0) return { where: 'system', pems: pems.map(String) };
      } catch {
        // The platform's store is out of reach; the file below may serve.
      }
    }
  }
  for (const where of BUNDLES) {
    const pems = pemCertificates(readText(where) ?? '');
    if (pems.length > 0) return { where, pems };
  }
  return undefined;
}

/**
 * @param input.ca PEM text of --ca-file, or its path. @param input.env the process environment.
 * @throws where a path was given and cannot be read; everything else that cannot be read is left out.
 */
export function loadAnchors(input: { readonly ca?: string; readonly env: Env }): Anchors {
  const entries = new Map<string, Entry>();
  const extra: string[] = [];
  const add = (pem: string, source: AnchorSource, where: string) => {
    const body = bodyOf(pem);
    const known = entries.get(body);
    if (known) {
      known.sources.add(source);
      return;
    }
    // Checked here, since one bad certificate makes the whole context throw.
    if (source !== 'node') {
      if (!usable(pem)) return;
      extra.push(pem);
    }
    entries.set(body, { body, sources: new Set([source]), where });
  };
  for (const pem of tls.rootCertificates) add(pem, 'node', '');
  const system = systemStore();
  const systemFile = system && real(system.where);
  for (const pem of system?.pems ?? []) add(pem, 'system', system?.where ?? '');
  if (input.ca !== undefined) {
    const path = input.ca.includes('-----BEGIN') ? undefined : input.ca;
    const text = path === undefined ? input.ca : readFileSync(path, 'utf8');
    for (const pem of pemCertificates(text)) add(pem, 'ca-file', path ?? '--ca-file');
  }
  for (const variable of ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'] as const) {
    const path = input.env[variable];
    if (!path || real(path) === systemFile) continue;
    for (const pem of pemCertificates(readText(path) ?? '')) add(pem, 'environment', `${variable}=${path}`);
  }
  for (const path of (input.env.SSL_CERT_DIR ?? '').split(delimiter).filter((p) => p !== '')) {
    if (STANDARD_DIRECTORIES.includes(real(path).replace(/\/$/, ''))) continue;
    for (const pem of pemCertificates(readDirectory(path))) add(pem, 'environment', `SSL_CERT_DIR=${path}`);
  }
  return index([...entries.values()], extra, system?.where);
}

interface Entry {
  readonly body: string;
  readonly sources: Set<AnchorSource>;
  readonly where: string;
}

function usable(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

/** Anchors are decoded when asked for: a check needs one or two out of some hundred and fifty. */
function index(entries: readonly Entry[], extra: readonly string[], system: string | undefined): Anchors {
  const anchors = new Map<Entry, Anchor>();
  let ders: readonly { readonly entry: Entry; readonly der: Buffer }[] | undefined;
  const decoded = () => {
    ders ??= entries.map((entry) => ({ entry, der: Buffer.from(entry.body, 'base64') }));
    return ders;
  };
  const anchorOf = ({ entry, der }: { readonly entry: Entry; readonly der: Buffer }): Anchor => {
    const known = anchors.get(entry);
    if (known) return known;
    const made = { certificate: readCertificate(der), sources: entry.sources, where: entry.where };
    anchors.set(entry, made);
    return made;
  };
  const issuers = new Map<string, readonly Anchor[]>();
  return {
    contextCa: extra.length === 0 ? undefined : [...tls.rootCertificates, ...extra],
    system,
    count: entries.length,
    issuersOf(child) {
      const name = rawIssuer(child);
      const key = name.toString('latin1');
      const known = issuers.get(key);
      if (known) return known;
      if (name.length === 0) return [];
      const exact = decoded().filter(({ der }) => der.includes(name));
      // The same name may be encoded otherwise (RFC 5280 §7.1): looked for only where no anchor has these very bytes.
      const loose = () =>
        decoded().filter(({ der }) => {
          const subject = readName(readDer(rawSubject({ der })));
          return subject !== undefined && sameName(subject, child.issuer);
        });
      const named = (list: readonly Anchor[]) => list.filter((a) => sameName(a.certificate.subject, child.issuer));
      const near = named(exact.map(anchorOf));
      const found = near.length > 0 ? near : named(loose().map(anchorOf));
      if (issuers.size > 1000) issuers.clear();
      issuers.set(key, found);
      return found;
    },
    find(certificate) {
      const hit = decoded().find(({ der }) => der.equals(certificate.der));
      return hit && anchorOf(hit);
    },
    of: (source) =>
      decoded()
        .filter(({ entry }) => entry.sources.has(source))
        .map(anchorOf),
  };
}

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
  const found: EnvironmentEvidence[] = [];
  const tell = (name: string, effect: EnvironmentEvidence['effect'], detail: string) =>
    found.push({ kind: 'environment', stage: effect === 'key-log' ? 'tls' : 'certificate', name, effect, detail });
  const system = BUNDLES.map(real);
  for (const [name, effect] of Object.entries(FILES)) {
    const value = env[name];
    if (!value) continue;
    const own = name === 'SSL_CERT_DIR' ? STANDARD_DIRECTORIES.includes(real(value)) : system.includes(real(value));
    tell(name, 'trust', `${name}=${value} ${effect}${own ? " (the system's own store)" : ''}`);
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

/**
 * Trust anchors (RFC 5280 §6.1.1): Node's own store, the system's, --ca-file and what the environment adds. All of them are
 * consulted, and of each anchor it is known where it came from, so that no variable changes a verdict unsaid.
 */
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import tls from 'node:tls';
import { type Certificate, rawIssuer, rawSubject, readCertificate } from '../wire/certificate.ts';
import { readName, sameName } from '../wire/names.ts';
import { readDer } from '../wire/x509.ts';
import { BUNDLES, type Env, realPath, STANDARD_DIRECTORIES, trustEnvironment } from './environment.ts';

export type AnchorSource = 'node' | 'system' | 'ca-file' | 'environment';

export interface Anchor {
  readonly certificate: Certificate;
  readonly sources: ReadonlySet<AnchorSource>;
  /** File or variable it was read from; empty for Node's own store. */
  readonly where: string;
}

export interface Anchors {
  /** For `tls.createSecureContext({ ca })`; undefined where Node's own store is all there is. */
  readonly contextCa: string[] | undefined;
  /** Those that Node's own store lacks, in PEM. */
  readonly extra: readonly string[];
  /**
   * Anchors whose subject is the issuer of `child`: with the very bytes of its name, or `loosely`, with the same name in another
   * encoding (RFC 5280 §7.1), for which every anchor must be read.
   */
  issuersOf(child: Certificate, loosely?: boolean): readonly Anchor[];
  /** The anchor that this very certificate is. */
  find(certificate: Certificate): Anchor | undefined;
  /** All anchors of one source. */
  of(source: AnchorSource): readonly Anchor[];
  /** The system's store: its file, or `system` where the platform hands it over; undefined where none was found. */
  readonly system: string | undefined;
  readonly count: number;
}

const MAX_BUNDLE = 16 * 1024 * 1024;
const MAX_FILES = 2000;

/** @returns every certificate of a PEM text, one string each, in canonical form; other PEM blocks are left out. */
export const pemCertificates = (text: string): readonly string[] => bodiesIn(text).map(pemOf);

/** Base64 of each certificate, without line breaks: what two stores are compared by. */
function bodiesIn(text: string): readonly string[] {
  const found: string[] = [];
  for (const block of text.split(/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/).slice(1)) {
    const end = block.indexOf('-----END');
    const lines = block.slice(0, Math.max(0, end)).replaceAll('\n', '');
    const body = /^[A-Za-z0-9+/=]*$/.test(lines) ? lines : lines.replace(/[^A-Za-z0-9+/=]/g, '');
    if (body !== '') found.push(body);
  }
  return found;
}

const pemOf = (body: string) =>
  `-----BEGIN CERTIFICATE-----\n${body.replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

function readText(path: string): string | undefined {
  try {
    return statSync(path).size <= MAX_BUNDLE ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

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
function systemStore(): { readonly where: string; readonly bodies: readonly string[] } | undefined {
  if (process.platform === 'win32' || process.platform === 'darwin') {
    const ask: unknown = Reflect.get(tls, 'getCACertificates');
    if (typeof ask === 'function') {
      try {
        const pems: unknown = ask('system');
        const bodies = Array.isArray(pems) ? bodiesIn(pems.join('\n')) : [];
        if (bodies.length > 0) return { where: 'system', bodies };
      } catch {
        // The platform's store is out of reach; the file below may serve.
      }
    }
  }
  for (const where of BUNDLES) {
    const bodies = bodiesIn(readText(where) ?? '');
    if (bodies.length > 0) return { where, bodies };
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
  const add = (body: string, source: AnchorSource, where: string) => {
    const known = entries.get(body);
    if (known) {
      known.sources.add(source);
      return;
    }
    if (source !== 'node') {
      const pem = pemOf(body);
      // The system vouches for its own store; what people hand over may be anything.
      if (source !== 'system' && !usable(pem)) return;
      extra.push(pem);
    }
    entries.set(body, { body, sources: new Set([source]), where });
  };
  const addAll = (text: string, source: AnchorSource, where: string) => {
    for (const body of bodiesIn(text)) add(body, source, where);
  };
  addAll(tls.rootCertificates.join('\n'), 'node', '');
  const system = systemStore();
  const systemFile = system && realPath(system.where);
  for (const body of system?.bodies ?? []) add(body, 'system', system?.where ?? '');
  if (input.ca !== undefined) {
    const path = input.ca.includes('-----BEGIN') ? undefined : input.ca;
    addAll(path === undefined ? input.ca : readFileSync(path, 'utf8'), 'ca-file', path ?? '--ca-file');
  }
  for (const variable of ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'] as const) {
    const path = input.env[variable];
    if (path && realPath(path) !== systemFile) addAll(readText(path) ?? '', 'environment', `${variable}=${path}`);
  }
  for (const path of (input.env.SSL_CERT_DIR ?? '').split(delimiter).filter((p) => p !== '')) {
    if (STANDARD_DIRECTORIES.includes(realPath(path).replace(/\/$/, ''))) continue;
    addAll(readDirectory(path), 'environment', `SSL_CERT_DIR=${path}`);
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
    get contextCa() {
      return extra.length === 0 ? undefined : [...tls.rootCertificates, ...extra];
    },
    extra,
    system,
    count: entries.length,
    issuersOf(child, loosely = false) {
      const name = rawIssuer(child);
      if (name.length === 0) return [];
      const key = `${loosely} ${name.toString('latin1')}`;
      const known = issuers.get(key);
      if (known) return known;
      const named = decoded().filter(({ der }) => {
        if (!loosely) return der.includes(name);
        const subject = readName(readDer(rawSubject({ der })));
        return subject !== undefined && sameName(subject, child.issuer);
      });
      const found = named.map(anchorOf).filter((a) => sameName(a.certificate.subject, child.issuer));
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

export { trustEnvironment };

/** Name constraints (RFC 5280 §4.2.1.10), judged as OpenSSL judges them, in order to say which name breaks which rule. */
import type { Certificate } from './certificate.ts';
import type { Extensions, Subtree } from './extensions.ts';
import { COMMON_NAME, EMAIL, type GeneralName, showName, valuesOf } from './names.ts';

/** OpenSSL gives up where names × constraints exceed this (CVE-2023-0464 and its kind). */
export const MAX_COMPARISONS = 2 ** 20;

export interface Breach {
  readonly kind: 'constraint' | 'too-complex';
  readonly detail: string;
  /** OpenSSL lets it pass. */
  readonly tolerated?: true;
}

type Constraints = NonNullable<Extensions['constraints']>;

/** The names that constraints apply to: alternative names, the subject, its e-mail addresses, and a host-like common name. */
function namesOf(c: Certificate, leaf: boolean): readonly GeneralName[] {
  const alternative = c.extensions.names ?? [];
  const ascii = (text: string) => Buffer.from(text, 'latin1');
  const subject: GeneralName[] = c.subject.canonical.length
    ? [{ type: 'directory', value: c.subject.text, bytes: Buffer.alloc(0), name: c.subject }]
    : [];
  const mail = valuesOf(c.subject, EMAIL).map((value): GeneralName => ({ type: 'email', value, bytes: ascii(value) }));
  const hosts = alternative.some((n) => n.type === 'dns')
    ? []
    : valuesOf(c.subject, COMMON_NAME)
        .filter((v) => leaf && /^[a-z0-9_*-]+(\.[a-z0-9_-]+)+$/i.test(v))
        .map((value): GeneralName => ({ type: 'dns', value, bytes: ascii(value) }));
  return [...subject, ...mail, ...alternative, ...hosts];
}

const countOf = (c: Certificate) => (c.extensions.names?.length ?? 0) + c.subject.attributes.length;
const rulesOf = ({ extensions: { constraints } }: Certificate) =>
  (constraints?.permitted.length ?? 0) + (constraints?.excluded.length ?? 0);

/** @returns how many pairs of a name and a constraint there are. */
export const comparisons = (c: Certificate, above: Certificate): number => countOf(c) * rulesOf(above);

/** @returns how `c` breaks the constraints of `above`, or undefined. */
export function breachOf(c: Certificate, above: Certificate, leaf: boolean): Breach | undefined {
  const constraints = above.extensions.constraints;
  if (!constraints) return undefined;
  if (comparisons(c, above) > MAX_COMPARISONS) {
    return { kind: 'too-complex', detail: `${countOf(c)} names against ${rulesOf(above)} name constraints` };
  }
  for (const name of namesOf(c, leaf)) {
    const detail = against(name, constraints);
    if (detail) return { kind: 'constraint', detail: `${showName(name)}: ${detail}` };
  }
  return wildcardBreach(c, above);
}

/** A wildcard that also stands for an excluded name (CVE-2025-61727): the certificate could be used for it. */
export function wildcardBreach(c: Certificate, above: Certificate): Breach | undefined {
  if (comparisons(c, above) > MAX_COMPARISONS) return undefined;
  const hosts = (above.extensions.constraints?.excluded ?? [])
    .filter((t) => t.base.type === 'dns')
    .map((t) => t.base.value.toLowerCase());
  for (const name of hosts.length > 0 ? (c.extensions.names ?? []) : []) {
    const value = name.value.toLowerCase();
    if (name.type !== 'dns' || !value.startsWith('*.')) continue;
    const hit = hosts.find((h) => h.slice(h.indexOf('.')) === value.slice(1));
    if (hit) return { kind: 'constraint', detail: `DNS:${name.value} covers the excluded ${hit}`, tolerated: true };
  }
  return undefined;
}

function against(name: GeneralName, { permitted, excluded }: Constraints): string | undefined {
  let allowed: boolean | undefined;
  for (const tree of permitted.filter((t) => t.base.type === name.type)) {
    if (tree.bounded) return 'name constraints with minimum or maximum are not supported';
    const verdict = within(name, tree);
    if (typeof verdict === 'string') return verdict;
    allowed = allowed || verdict;
    if (allowed) break;
  }
  if (allowed === false) return 'permitted subtree violation';
  for (const tree of excluded.filter((t) => t.base.type === name.type)) {
    if (tree.bounded) return 'name constraints with minimum or maximum are not supported';
    const verdict = within(name, tree);
    if (typeof verdict === 'string') return verdict;
    if (verdict) return `excluded subtree violation (${showName(tree.base)})`;
  }
  return undefined;
}

/** @returns whether the name lies in the subtree, or why that cannot be told. */
function within(name: GeneralName, { base }: Subtree): boolean | string {
  const value = name.value.toLowerCase();
  const root = base.value.toLowerCase();
  if (name.type === 'directory') {
    const rdns = name.name?.canonical ?? [];
    return (base.name?.canonical ?? []).every((rdn, i) => rdns[i] === rdn);
  }
  if (name.type === 'dns') {
    return (
      root === '' || value === root || (value.endsWith(root) && (root.startsWith('.') || value.at(-root.length - 1) === '.'))
    );
  }
  if (name.type === 'email') return withinMail(value, root);
  if (name.type === 'uri') {
    const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?([^/:?#]*)/.exec(value)?.[1];
    if (host === undefined) return 'unsupported or invalid name syntax';
    return root.startsWith('.') ? host.endsWith(root) : host === root;
  }
  if (name.type === 'ip') {
    const half = base.bytes.length / 2;
    if ((half !== 4 && half !== 16) || (name.bytes.length !== 4 && name.bytes.length !== 16)) {
      return 'unsupported or invalid name syntax';
    }
    if (name.bytes.length !== half) return false;
    return name.bytes.every((b, i) => ((b ^ (base.bytes[i] ?? 0)) & (base.bytes[half + i] ?? 0)) === 0);
  }
  return 'unsupported name constraint type';
}

function withinMail(value: string, root: string): boolean | string {
  const at = value.lastIndexOf('@');
  if (at < 0) return 'unsupported or invalid name syntax';
  if (root.includes('@')) return value === root;
  const host = value.slice(at + 1);
  return root.startsWith('.') ? host.endsWith(root) : host === root;
}

/** Where the anchor of a trusted chain came from, whether Node's store and the system's agree on it, and who sits in between. */
import type { CertificateEvidence } from '../model/evidence.ts';
import { type Certificate, titleOf } from '../wire/certificate.ts';
import type { Fault } from './faults.ts';
import { interceptorOf } from './interceptors.ts';
import { anchoredPath, type Path } from './path.ts';
import type { AnchorSource, Anchors } from './trust.ts';

const RANK: readonly AnchorSource[] = ['node', 'ca-file', 'system', 'environment'];

/** @returns the strongest source of the anchor that the path ends at. */
export function labelOf(path: Path): CertificateEvidence['anchor'] {
  const sources = path.steps.at(-1)?.anchor?.sources;
  return RANK.find((s) => sources?.has(s));
}

/**
 * @returns a remark where Node's store and the system's disagree, or where only a variable of the environment made the chain
 *   trusted. An anchor that the person gave with --ca-file is no difference.
 */
export function differenceOf(path: Path, sent: readonly Certificate[], anchors: Anchors): Fault | undefined {
  const step = path.steps.at(-1);
  const anchor = step?.anchor;
  if (!step || !anchor || anchor.sources.has('ca-file')) return undefined;
  const reaches = (source: AnchorSource) =>
    anchor.sources.has(source) || anchoredPath(sent, anchors, (a) => a.sources.has(source)) !== undefined;
  const name = titleOf(step.certificate);
  const tell = (detail: string): Fault => ({ problem: 'trust-differs', step, detail, fatal: false });
  const [node, system] = [reaches('node'), reaches('system')];
  if (node && system) return undefined;
  if (!node && !system) return reaches('ca-file') ? undefined : tell(`only ${anchor.where} makes ${name} a trust anchor`);
  if (node) {
    return anchors.system === undefined
      ? undefined
      : tell(`Node trusts ${name}, the system's store (${anchors.system}) does not`);
  }
  return tell(`the system's store (${anchors.system}) trusts ${name}, Node's own does not`);
}

/** @returns the fault of interception: the issuer is a product that sits in connections. Public anchors never are. */
export function foreignFault(path: Path): Fault | undefined {
  const [leaf] = path.steps;
  const top = path.steps.at(-1);
  if (!leaf || !top || leaf.certificate.selfIssued || top.anchor?.sources.has('node')) return undefined;
  for (const name of [leaf.certificate.issuer.text, top.certificate.issuer.text]) {
    const product = interceptorOf(name);
    if (product) {
      return { problem: 'intercepted', step: leaf, detail: `issued by ${name} (${product})`, fatal: path.end !== 'anchor' };
    }
  }
  return undefined;
}

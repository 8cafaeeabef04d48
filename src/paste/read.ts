/**
 * Pasted text → evidence: replies, client numbers, socket, resolver, TLS and certificate errors, dialogs, bounces, transcripts and
 * logs, in the order in which they stand. Secrets are masked before anything becomes evidence.
 *
 * One walk over a bounded number of lines; linear in the text.
 */
import type { Evidence } from '../model/evidence.ts';
import type { Protocol, Security } from '../model/terms.ts';
import { decodeText } from '../wire/decode.ts';
import { knownOf } from './places.ts';
import { readSaved } from './saved.ts';
import { maskSecrets } from './secrets.ts';
import { unwrap } from './unwrap.ts';
import { walk } from './walk.ts';

export interface Reading {
  readonly evidence: readonly Evidence[];
  /** The text with secrets masked, decoded. */
  readonly masked: string;
  /** How many secrets were masked. */
  readonly secrets: number;
  readonly known: {
    readonly host?: string;
    readonly port?: number;
    readonly protocol?: Protocol;
    readonly security?: Security;
    readonly user?: string;
    /** Domains that hint at the provider, the surest first. */
    readonly hints: readonly string[];
  };
  /** A file or report of mailcheck itself, parsed. */
  readonly saved?: unknown;
  /** Cause ids that a report of mailcheck names, the root cause first. */
  readonly causes?: readonly string[];
  /** True where the input is no text. */
  readonly binary: boolean;
}

const EMPTY: Reading = { evidence: [], masked: '', secrets: 0, known: { hints: [] }, binary: false };

/**
 * @param input what was pasted: text, or the bytes of a file in any charset.
 * @returns the evidence in it, the masked text, and what it tells of host, port, protocol, user and provider. Total: never throws.
 */
export function read(input: string | Uint8Array): Reading {
  const decoded = decodeText(input);
  if (decoded.binary) return { ...EMPTY, binary: true };
  const saved = readSaved(decoded.text);
  if (saved && saved.evidence.length > 0) {
    const quoted = saved.quoted.length > 0 ? walk(saved.quoted.join('\n\n')).evidence : [];
    const masked = maskSecrets(decoded.text);
    return {
      evidence: [...saved.evidence, ...quoted],
      masked: masked.text,
      secrets: masked.secrets,
      known: knownOf(masked.text, saved.evidence.find((e) => e.protocol)?.protocol),
      saved: saved.document ?? true,
      causes: saved.causes,
      binary: false,
    };
  }
  const { text, secrets } = maskSecrets(unwrap(decoded.text));
  const walked = walk(saved && saved.quoted.length > 0 ? maskSecrets(saved.quoted.join('\n\n')).text : text);
  return {
    evidence: walked.evidence,
    masked: text,
    secrets,
    known: walked.known,
    ...(saved ? { saved: saved.document ?? true, causes: saved.causes } : {}),
    binary: false,
  };
}

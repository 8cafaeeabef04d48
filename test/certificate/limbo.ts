/** The independent suite x509-limbo (C2SP, Apache-2.0), where it is at hand. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export interface LimboCase {
  readonly id: string;
  readonly bucket: 'gate' | 'platform-accepts' | 'platform-rejects' | 'not-run';
  readonly expected: 'SUCCESS' | 'FAILURE';
  readonly validation_time: string | null;
  readonly peer_name: { readonly kind: string; readonly value: string } | null;
  readonly trusted: readonly string[];
  readonly intermediates: readonly string[];
  readonly leaf: string;
  readonly leaf_key: string;
  readonly crls?: readonly string[];
}

const FILE = new URL('../data/limbo/x509-limbo-server.json.gz', import.meta.url);

/** @returns the cases that have a key, or undefined where the suite is not there. */
export function limboCases(): readonly LimboCase[] | undefined {
  if (!existsSync(FILE)) return undefined;
  const suite: { readonly cases: readonly LimboCase[] } = JSON.parse(gunzipSync(readFileSync(FILE)).toString('utf8'));
  return suite.cases.filter((c) => c.leaf_key);
}

/** Child of the limbo test: one case on standard input, examined under whatever clock the process has. */
import { readFileSync } from 'node:fs';
import { loadAnchors } from '../../src/net/trust.ts';
import { accepts, handshake } from './handshake.ts';
import type { LimboCase } from './limbo.ts';

const c: LimboCase = JSON.parse(readFileSync(0, 'utf8'));
const outcome = await handshake({
  chain: [c.leaf, ...c.intermediates].join('\n'),
  key: c.leaf_key,
  host: c.peer_name?.value ?? '',
  anchors: loadAnchors({ ca: c.trusted.join('\n'), env: {} }),
});
const problems = 'examined' in outcome ? outcome.examined.problems : [];
process.stdout.write(JSON.stringify({ clock: new Date().toISOString(), accepted: accepts(outcome), problems }));

#!/usr/bin/env node
/** The executable: answers `--version` at once, refuses a Node that is too old, and hands everything else to the bundle. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 18)) {
  process.stderr.write(`mailcheck: Node ${process.versions.node} is too old; install Node 20.18 or later\n`);
  process.exitCode = 2;
} else {
  const require = createRequire(import.meta.url);
  const { start } = require(join(root, 'dist', 'main.cjs'));
  await start(args, root);
}

/**
 * npm run docs: rewrites the tables of README.md that stand between markers, from the catalogue and the presets. A test compares them.
 * `--check` writes nothing and ends with status 1 where a table is old.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, 'node_modules', '.cache', 'mailcheck');
mkdirSync(cache, { recursive: true });
const outfile = join(cache, 'docs.mjs');
await build({
  stdin: {
    contents: `export { catalogue } from './src/causes/index.ts';
      export { allPresets } from './src/settle/presets.ts';`,
    resolveDir: root,
    loader: 'ts',
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  outfile,
  logLevel: 'error',
  external: ['node-forge', 'undici', 'dns-packet', 'table', 'tldts', 'yaml'],
});
const { catalogue, allPresets } = await import(`${pathToFileURL(outfile).href}?${Date.now()}`);

const cell = (text) => text.replace(/\|/g, '\\|');
const rows = (head, list) =>
  [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...list.map((r) => `| ${r.map(cell).join(' | ')} |`)].join(
    '\n',
  );

const PROTOCOLS = { pop3: 'POP3', imap: 'IMAP', smtp: 'SMTP' };
const tables = {
  causes: rows(
    ['cause', 'what is wrong', 'category', 'who can mend it'],
    catalogue.map((c) => [`\`${c.id}\``, c.words.title, c.category, c.owner]),
  ),
  presets: rows(
    ['preset', 'provider', 'services'],
    allPresets().map((p) => [
      `\`${p.id}\``,
      p.name,
      ['pop3', 'imap', 'smtp']
        .filter((x) => p.endpoints.some((e) => e.protocol === x))
        .map((x) => PROTOCOLS[x])
        .join(', '),
    ]),
  ),
};

const path = join(root, 'README.md');
const before = readFileSync(path, 'utf8');
const after = before.replace(/(<!-- ([a-z]+):begin -->\n)[\s\S]*?(<!-- \2:end -->)/g, (all, begin, name, end) =>
  tables[name] ? `${begin}\n${tables[name]}\n\n${end}` : all,
);
if (process.argv.includes('--check')) {
  if (before !== after) {
    process.stderr.write('README.md: a table is old; run npm run docs\n');
    process.exitCode = 1;
  }
} else if (before !== after) writeFileSync(path, after);

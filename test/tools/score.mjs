/**
 * How well pasted texts are understood: `node test/tools/score.mjs [FILE…]`.
 *
 * Runs every line of the files ({"text","cause","accept"?,"lang"?,"kind"?,"emitter"?,"id"?}) through reader, catalogue and judge, and
 * prints top-1 and top-3 by cause, kind and language, the misses, and the confident wrong answers. Without arguments: the shared
 * data where it stands beside the project, and the corpus in test/corpus. Options: `--quiet` (numbers only), `--of CAUSE`.
 * Exit status 1 where a text is answered with certainty and wrongly.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, 'node_modules', '.cache', 'mailcheck');
mkdirSync(cache, { recursive: true });

const say = (line) => process.stdout.write(`${line}\n`);

async function load(name, contents) {
  const outfile = join(cache, `${name}.mjs`);
  await build({
    stdin: { contents, resolveDir: root, sourcefile: `${name}.ts`, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    outfile,
    logLevel: 'silent',
    external: ['node-forge', 'undici', 'dns-packet', 'table', 'tldts', 'yaml', '@oclif/core'],
  });
  return import(`${pathToFileURL(outfile).href}?${Date.now()}`);
}

const flags = process.argv.slice(2).filter((a) => a.startsWith('--'));
const words = process.argv.slice(2).filter((a) => !a.startsWith('--'));
const quiet = flags.includes('--quiet');
const of = flags.find((f) => f.startsWith('--of='))?.slice(5);
const shared = join(root, '..', 'shared', 'data', 'error-texts.jsonl');
const corpus = join(root, 'test', 'corpus');
const files =
  words.length > 0
    ? words
    : [
        ...(existsSync(shared) ? [shared] : []),
        ...(existsSync(corpus)
          ? readdirSync(corpus)
              .filter((f) => f.endsWith('.jsonl'))
              .sort()
              .map((f) => join(corpus, f))
          : []),
      ];

const { read, judgeReading, kitOf } = await load(
  'engine',
  "export { read } from './src/paste/read.ts'; export { judgeReading } from './src/explain.ts'; export { kitOf } from './src/kit.ts';",
);
const kit = kitOf([]);

/** @returns cause ids best first, each once, with what decided. */
function answer(text) {
  return judgeReading(read(text), kit).findings.map((f) => ({
    id: f.cause.id,
    certainty: f.certainty,
    strength: f.sighting.strength,
    matched: f.sighting.matched ?? '',
  }));
}

const percent = (n, of) => (of === 0 ? '–' : `${((100 * n) / of).toFixed(1)} %`);

function table(title, rows) {
  say(`\n${title}`);
  for (const [key, t] of [...rows].sort((a, b) => String(a[0]).localeCompare(String(b[0])))) {
    say(
      `  ${String(key).padEnd(34)} ${String(t.n).padStart(4)}  top-1 ${percent(t.one, t.n).padStart(8)}  top-3 ${percent(t.three, t.n).padStart(8)}`,
    );
  }
}

let wrongProven = 0;
for (const file of files) {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((l) => l.trim() !== '' && !l.startsWith('#'));
  const total = { n: 0, one: 0, three: 0, proven: 0 };
  const by = { cause: new Map(), kind: new Map(), lang: new Map() };
  const misses = [];
  for (const [i, line] of lines.entries()) {
    const t = JSON.parse(line);
    if (of && t.cause !== of) continue;
    const right = new Set([t.cause, ...(t.accept ?? [])]);
    const found = answer(t.text);
    const one = found.length > 0 && right.has(found[0].id);
    const three = found.slice(0, 3).some((f) => right.has(f.id));
    const proven = found[0]?.certainty === 'proven' && !one;
    total.n++;
    if (one) total.one++;
    if (three) total.three++;
    if (proven) total.proven++;
    for (const key of Object.keys(by)) {
      const k = t[key] ?? '?';
      const row = by[key].get(k) ?? { n: 0, one: 0, three: 0 };
      row.n++;
      if (one) row.one++;
      if (three) row.three++;
      by[key].set(k, row);
    }
    if (!one) misses.push({ id: t.id ?? `line ${i + 1}`, t, found, proven });
  }
  wrongProven += total.proven;
  say(
    `\n== ${basename(file)}: ${total.n} texts, top-1 ${percent(total.one, total.n)}, top-3 ${percent(total.three, total.n)}, proven and wrong ${total.proven}`,
  );
  if (!quiet) {
    table('by cause', by.cause);
    table('by kind', by.kind);
    table('by language', by.lang);
    say('\nmisses');
    for (const m of misses) {
      const got = m.found
        .slice(0, 3)
        .map((f) => `${f.id} (${f.certainty} ${f.strength}: ${JSON.stringify(f.matched.slice(0, 60))})`);
      say(
        `  ${m.id}${m.proven ? ' PROVEN' : ''}  wanted ${m.t.cause}\n    ${JSON.stringify(m.t.text.slice(0, 160))}\n    got ${got.join(' · ') || 'nothing'}`,
      );
    }
  }
}
process.exitCode = wrongProven > 0 ? 1 : 0;

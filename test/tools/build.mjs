/**
 * Builds dist/: the executable, its one-file bundle, the library with its types, the schemas, and what is worked out beforehand so
 * that no start has to: the presets' index and replies, the needles of the patterns, the words of other languages than English.
 */
import { deepStrictEqual } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build } from 'esbuild';

// Loaded when first used, from node_modules: too heavy for every start.
const EXTERNAL = [
  'undici',
  'node-forge',
  'yaml',
  'mailcheck-cli',
  '@oclif/plugin-help',
  '@oclif/plugin-autocomplete',
  '@oclif/plugin-plugins',
];
/** A script with a code cache has no `import()` of its own: what is loaded late comes by `require`. */
const late = {
  name: 'late',
  setup(b) {
    b.onResolve({ filter: /^undici$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, namespace: 'late' } : undefined,
    );
    // A small part of a large package, which every check over TLS uses: it goes into the code cache.
    b.onResolve({ filter: /^node-forge\/lib\/asn1\.js$/ }, ({ path }) => ({ path: require.resolve(path) }));
    b.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
      resolveDir: process.cwd(),
    }));
  },
};
const require = createRequire(import.meta.url);
const common = { bundle: true, platform: 'node', target: 'node20.18', logLevel: 'warning' };
const pkg = JSON.parse(readFileSync('package.json', 'utf8'));
/** Names stay: they stand in the stack of a crash, and are cheaper so than set again at run time. */
const small = { minifySyntax: true, minifyWhitespace: true };

/** Nothing but ASCII, which is read without being decoded and takes a byte a character: for JavaScript and JSON. */
const ascii = (text) => text.replace(/[^\x00-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** @returns the bundle's text. */
async function bundle(options) {
  const { outputFiles } = await build({ ...common, ...options, write: false });
  if (/(?<!\\)(?:\\\\)*\\[^\x00-\x7f]/.test(outputFiles[0].text))
    throw new Error('a backslash before a character that is not ASCII');
  return ascii(outputFiles[0].text);
}

/** Runs TypeScript of ours here. @returns what it exports. */
async function evaluate(contents) {
  const text = await bundle({ stdin: { contents, resolveDir: '.', loader: 'ts' }, format: 'cjs', plugins: [listening] });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', text)(module, module.exports, require);
  return module.exports;
}

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist/locales', { recursive: true });

/** Lists what the rules listen for, which nobody but the build asks. */
const listening = {
  name: 'listening',
  setup({ onLoad }) {
    const says = 'export function says(spec: SaysSpec): Rule {';
    onLoad({ filter: /src\/causes\/rules\.ts$/ }, ({ path }) => ({
      contents: replaced(readFileSync(path, 'utf8'), says, `export const specs: SaysSpec[] = [];${says}specs.push(spec);`, path),
      loader: 'ts',
    }));
  },
};
const ours = await evaluate(`
  export { catalogue } from './src/causes/index.ts';
  export { specs } from './src/causes/rules.ts';
  export { recognise } from './src/judge.ts';
  export { factsOf } from './src/model/facts.ts';
  export { needOf, readNeeds } from './src/causes/needles.ts';
  export { buildIndex, buildReplies } from './src/settle/preset-index.ts';
  export { zhCN } from './src/locales/zh-CN.ts';
  export { vi } from './src/locales/vi.ts';`);
for (const { phrases = [], unless = [] } of ours.specs)
  for (const phrase of [...phrases, ...unless]) if (phrase instanceof RegExp) ours.needOf(phrase);
// Patterns that look at other facts are asked when they look.
const fact = { kind: 'text', stage: 'auth', text: 'x' };
for (const pasted of [true, false]) ours.recognise(ours.factsOf([fact], { pasted }), ours.catalogue);
const needs = ascii(JSON.stringify([...ours.readNeeds()].flatMap(([source, need]) => [source, need ?? null])));

/** Words of other languages are read from a file when asked for. */
const LOCALES = { 'zh-CN': ['zhCN', ours.zhCN], vi: ['vi', ours.vi] };
for (const [language, [, words]] of Object.entries(LOCALES)) {
  const json = JSON.stringify(words);
  deepStrictEqual(JSON.parse(json), words, `the words of ${language} are more than data`);
  writeFileSync(`dist/locales/${language}.json`, json);
}
const locales = {
  name: 'locales',
  setup({ onLoad }) {
    onLoad({ filter: /src\/locales\/(zh-CN|vi)\.ts$/ }, ({ path }) => {
      const language = /([\w-]+)\.ts$/.exec(path)[1];
      return {
        contents: `import { readFileSync } from 'node:fs';
          export const ${LOCALES[language][0]} = JSON.parse(readFileSync(new URL('./locales/${language}.json', import.meta.url), 'utf8'));`,
      };
    });
  },
};
/**
 * The framework loads all of itself at once: 15 ms of every start. Here each of its modules is loaded when it is first used; the
 * version of Node is looked at by the executable; and command ids are sorted without the rules of a language (ICU, 5 ms).
 */
const lean = {
  name: 'lean',
  setup({ onLoad }) {
    onLoad({ filter: /@oclif\/core\/lib\/.*\.js$/ }, ({ path }) => {
      const names = [];
      let contents = readFileSync(path, 'utf8')
        .replace(
          /^exports\.(\w+) = (__importStar\(require\("[^"]+"\)\));$/gm,
          'Object.defineProperty(exports,"$1",{enumerable:true,get:()=>$2});',
        )
        .replace(/^(?:const|var) (\w+_\d) = (.*\brequire\("[^"]+"\).*);$/gm, (_, name, value) => {
          names.push(name);
          return `const $${name} = () => ${value};`;
        });
      if (names.length > 0) {
        const any = names.join('|');
        contents = contents
          .replace(new RegExp(`\\bnew (${any})((?:\\.\\w+)+)\\(`, 'g'), 'new ($$$1()$2)(')
          .replace(new RegExp(`(?<![\\w$.])(?:${any})\\b`, 'g'), '$$$&()');
      }
      if (path.endsWith('lib/index.js')) contents = replaced(contents, '\ncheckNodeVersion();', '', path);
      if (path.endsWith('config/plugin.js'))
        contents = replaced(contents, 'a.id.localeCompare(b.id)', '(a.id < b.id ? -1 : 1)', path);
      // Plugins that are ES modules are imported by the executable: a script with a code cache cannot.
      if (path.endsWith('module-loader.js')) contents = replaced(contents, 'await import(', 'await __import(', path);
      return { contents };
    });
  },
};
function replaced(text, from, to, path) {
  if (!text.includes(from)) throw new Error(`${path} is not what it was: ${from.trim()}`);
  return text.replaceAll(from, to);
}

// The executable and its bundle are CommonJS: a script with a code cache has to be.
writeFileSync('dist/package.json', '{"type":"commonjs"}\n');
const main = await bundle({
  ...small,
  entryPoints: ['src/main.ts'],
  format: 'cjs',
  external: EXTERNAL,
  plugins: [late, lean, locales],
  define: { 'import.meta.url': '__moduleUrl', NEEDS: JSON.stringify(needs) },
  banner: {
    js: "const __moduleUrl=require('node:url').pathToFileURL(__filename).href,__import=require.import??(s=>import(s));",
  },
});
writeFileSync('dist/main.js', main);
const id = createHash('sha256').update(main).digest('hex').slice(0, 16);
const { name, version, type: _type, ...rest } = pkg;
const shipped = { name, version, dependencies: rest.dependencies, oclif: { ...rest.oclif, plugins: [] } };
await build({
  ...common,
  entryPoints: ['src/cli.ts'],
  outfile: 'dist/cli.js',
  format: 'cjs',
  minify: true,
  define: { PACKAGE: JSON.stringify(shipped), BUNDLE_ID: JSON.stringify(id) },
});
chmodSync('dist/cli.js', 0o755);
const library = await bundle({
  entryPoints: ['src/index.ts'],
  format: 'esm',
  external: [...EXTERNAL, 'tldts', '@oclif/core'],
  plugins: [locales],
  define: { NEEDS: JSON.stringify(needs) },
  banner: { js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);" },
});
writeFileSync('dist/index.mjs', library);
if (!process.argv.includes('--no-types'))
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'], { stdio: 'inherit' });
if (existsSync('src/schema')) cpSync('src/schema', 'dist/schema', { recursive: true });

const presets = readdirSync('presets')
  .filter((f) => f.endsWith('.json') && f !== 'schema.json')
  .map((f) => JSON.parse(readFileSync(`presets/${f}`, 'utf8')));
writeFileSync('dist/presets-index.json', JSON.stringify(ours.buildIndex(presets)));
writeFileSync('dist/presets-replies.json', JSON.stringify(ours.buildReplies(presets)));
writeFileSync('dist/.built', `${process.version}\n`);

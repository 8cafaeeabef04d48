/** Builds dist/: the executable, its one-file bundle, the library with its types, the preset index and the schemas. */
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
  'tldts',
  'mailcheck-cli',
  '@oclif/plugin-help',
  '@oclif/plugin-autocomplete',
  '@oclif/plugin-plugins',
];
/** A script with a code cache has no `import()` of its own: what is loaded late comes by `require`. */
const late = {
  name: 'late',
  setup(b) {
    b.onResolve({ filter: /^undici$/ }, ({ path, kind }) => (kind === 'dynamic-import' ? { path, namespace: 'late' } : undefined));
    b.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
      resolveDir: process.cwd(),
    }));
  },
};
const common = { bundle: true, platform: 'node', target: 'node20.18', logLevel: 'warning', charset: 'utf8' };
const pkg = JSON.parse(readFileSync('package.json', 'utf8'));

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist');
// The executable and its bundle are CommonJS: a script with a code cache has to be.
writeFileSync('dist/package.json', '{"type":"commonjs"}\n');
await build({
  ...common,
  entryPoints: ['src/main.ts'],
  outfile: 'dist/main.js',
  format: 'cjs',
  minify: true,
  keepNames: true,
  external: EXTERNAL,
  plugins: [late],
  define: { 'import.meta.url': '__moduleUrl' },
  banner: { js: "const __moduleUrl=require('node:url').pathToFileURL(__filename).href;" },
});
const id = createHash('sha256').update(readFileSync('dist/main.js')).digest('hex').slice(0, 16);
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
await build({
  ...common,
  entryPoints: ['src/index.ts'],
  outfile: 'dist/index.mjs',
  format: 'esm',
  external: [...EXTERNAL, '@oclif/core'],
  banner: { js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);" },
});
if (!process.argv.includes('--no-types'))
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'], { stdio: 'inherit' });
if (existsSync('src/schema')) cpSync('src/schema', 'dist/schema', { recursive: true });

// The index of the presets, made by the code that reads it.
const bundled = await build({ ...common, entryPoints: ['src/settle/preset-index.ts'], format: 'cjs', write: false });
const module = { exports: {} };
new Function('module', 'exports', 'require', bundled.outputFiles[0].text)(module, module.exports, createRequire(import.meta.url));
const presets = readdirSync('presets')
  .filter((f) => f.endsWith('.json') && f !== 'schema.json')
  .map((f) => JSON.parse(readFileSync(`presets/${f}`, 'utf8')));
writeFileSync('dist/presets-index.json', JSON.stringify(module.exports.buildIndex(presets)));
writeFileSync('dist/.built', `${process.version}\n`);

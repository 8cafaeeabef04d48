/** Builds dist/: the executable, its one-file bundle, the library with its types, the preset index and the schemas. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const EXTERNAL = ['undici', 'node-forge', 'table', 'yaml', 'tldts', 'mailcheck-cli'];
const common = { bundle: true, platform: 'node', target: 'node20.18', logLevel: 'warning', charset: 'utf8' };

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist');
await build({
  ...common,
  entryPoints: ['src/main.ts'],
  outfile: 'dist/main.cjs',
  format: 'cjs',
  minify: true,
  keepNames: true,
  external: EXTERNAL,
  define: { 'import.meta.url': '__moduleUrl' },
  banner: { js: "const __moduleUrl=require('node:url').pathToFileURL(__filename).href;" },
});
await build({ ...common, bundle: false, entryPoints: ['src/cli.ts'], outfile: 'dist/cli.js', format: 'esm' });
chmodSync('dist/cli.js', 0o755);
if (existsSync('src/index.ts')) await build({ ...common, entryPoints: ['src/index.ts'], outfile: 'dist/index.js', format: 'esm', external: [...EXTERNAL, '@oclif/core'], banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" } });
if (!process.argv.includes('--no-types')) execFileSync('npx', ['tsc', '-p', 'tsconfig.json'], { stdio: 'inherit' });
if (existsSync('src/schema')) cpSync('src/schema', 'dist/schema', { recursive: true });
writeFileSync('dist/.built', `${process.version}\n`);

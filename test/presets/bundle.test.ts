/** In the package: one bundle beside its index, `presets/` one folder up; a look-up reads one preset file and no other. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allPresets, buildIndex, presetIds } from '../../src/settle/presets.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
let dir = '';

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'mailcheck-presets-'));
  mkdirSync(join(dir, 'dist'));
  mkdirSync(join(dir, 'presets'));
  writeFileSync(join(dir, 'package.json'), '{"name":"packed","version":"0.0.0"}');
  await build({
    entryPoints: [join(root, 'src/settle/presets.ts')],
    outfile: join(dir, 'dist/main.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'silent',
  });
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

function ask(expression: string): unknown {
  const script = `const p = require(${JSON.stringify(join(dir, 'dist/main.cjs'))}); process.stdout.write(JSON.stringify(${expression}) ?? 'null')`;
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', cwd: tmpdir() }));
}

test('without an index the folder is read', () => {
  copyFileSync(join(root, 'presets/gmail.json'), join(dir, 'presets/gmail.json'));
  copyFileSync(join(root, 'presets/schema.json'), join(dir, 'presets/schema.json'));
  expect(ask('p.presetIds()')).toEqual(['gmail']);
  expect(ask("p.presetForDomain('gmail.com').id")).toBe('gmail');
});

test('with the index every name is known and only the one file is opened', () => {
  writeFileSync(join(dir, 'dist/presets-index.json'), JSON.stringify(buildIndex(allPresets())));
  expect(ask('p.presetIds()')).toEqual(presetIds());
  expect(ask("p.presetForMx('aspmx.l.google.com').name")).toBe('Gmail and Google Workspace');
  expect(ask("p.presetForHost('imap.gmail.com').endpoint.port")).toBe(993);
  expect(ask("p.publishedHosts().includes('pop.zoho.com')")).toBe(true);
});

/** The README says what the catalogue and the presets hold. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { catalogue } from '../../src/causes/index.ts';
import { STAGES } from '../../src/model/terms.ts';
import { allPresets } from '../../src/settle/presets.ts';

const root = resolve(import.meta.dirname, '../..');

it('the tables of the README are those of the catalogue and the presets', () => {
  const { status, stderr } = spawnSync(process.execPath, ['test/tools/docs.mjs', '--check'], { cwd: root, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  const readme = readFileSync(resolve(root, 'README.md'), 'utf8');
  const told = [...catalogue.map((c) => c.id), ...allPresets().map((p) => p.id)];
  expect(told.filter((id) => !readme.includes(`| \`${id}\` |`))).toEqual([]);
});

it('the README names every stage, command and exit status', () => {
  const readme = readFileSync(resolve(root, 'README.md'), 'utf8');
  const missing = [
    ...STAGES.map((s) => `| ${s} |`),
    ...['pop', 'imap', 'smtp', 'account', 'discover', 'explain', 'presets', 'run', 'lab', 'token'].map((c) => `mailcheck ${c}`),
    ...['0', '1', '2', '3', '70'].map((s) => `| ${s} |`),
  ].filter((words) => !readme.includes(words));
  expect(missing).toEqual([]);
});

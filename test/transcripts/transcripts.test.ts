/** Whole conversations as people paste them: the header of each file names the cause, or the causes that fit. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { judgeReading } from '../../src/explain.ts';
import { kitOf } from '../../src/kit.ts';
import { read } from '../../src/paste/read.ts';

const kit = kitOf([]);
const files = readdirSync(import.meta.dirname).filter((f) => f.endsWith('.txt'));

it.each(files)('%s', (file) => {
  const [header = '', ...lines] = readFileSync(join(import.meta.dirname, file), 'utf8').split('\n');
  const wanted = header.replace('# expect:', '').trim().split(/\s+/);
  expect(wanted).toContain(judgeReading(read(lines.join('\n')), kit).findings[0]?.cause.id);
});

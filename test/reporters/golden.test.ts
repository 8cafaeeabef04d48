/** Goldens: each format × language × case is a reviewed file in test/goldens; UPDATE_GOLDENS=1 rewrites them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../src/locales/index.ts';
import { reporters } from '../../src/reporters/index.ts';
import { CASES } from './cases.ts';
import { wordsFor } from './make.ts';

const ROOT = new URL('../goldens/', import.meta.url);
const update = process.env.UPDATE_GOLDENS === '1';
const EXTENSIONS: Readonly<Record<string, string>> = {
  markdown: 'md',
  json: 'json',
  ndjson: 'ndjson',
  junit: 'xml',
  sarif: 'sarif',
  html: 'html',
  prometheus: 'prom',
  'github-summary': 'md',
};

/** What machines read is the same in all languages but for the words: two cases are enough there. */
const WANTED: Readonly<Record<string, readonly string[]>> = {
  json: ['self-signed', 'run'],
  ndjson: ['run', 'expectations'],
  sarif: ['self-signed', 'expectations'],
  html: ['account', 'expectations'],
  'github-summary': ['expectations'],
  prometheus: ['run', 'expectations'],
};

describe.each(Object.keys(reporters))('%s', (format) => {
  describe.each(LANGUAGES)('%s', (language) => {
    test.each(CASES.filter((c) => WANTED[format]?.includes(c.name) ?? true))('$name', async ({ name, options, reports }) => {
      const words = await wordsFor(language);
      const reporter = await reporters[format]?.();
      const text = reporter?.render(reports(words), words, options) ?? '';
      const folder = new URL(`${format}/`, ROOT);
      const file = new URL(`${name}.${language}.${EXTENSIONS[format] ?? 'txt'}`, folder);
      if (update) {
        mkdirSync(folder, { recursive: true });
        writeFileSync(file, text);
      }
      expect(text, `run UPDATE_GOLDENS=1 and review ${file.pathname.split('/test/')[1]}`).toBe(readFileSync(file, 'utf8'));
      if (name !== 'inconclusive' || format !== 'ndjson') expect(text.endsWith('\n')).toBe(true);
    });
  });
});

/**
 * The table from rows to tests, made by reading the tests: every row of the requirements has a test whose name contains its number,
 * and no test names a row that does not exist. `MAILCHECK_TABLE=1` prints it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROWS } from './rows.ts';

const TESTS = resolve(import.meta.dirname, '..');
const NUMBER = /\bS-\d{3}\b/g;

interface Named {
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

/** What opens a test or a group of tests; one that is skipped whatever comes proves nothing. */
const OPENS = /\b(?:it|test|describe)(?:\.(?:concurrent|sequential|each|skipIf|runIf|for))*\s*\(/g;

/** @returns the first string literal from `at` on that is an argument of the call, over the tables of `it.each`. */
function titleAfter(text: string, at: number): { readonly name: string; readonly at: number } | undefined {
  const literal = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/y;
  for (let i = at; i < text.length && /\s/.test(text[i] ?? ''); i++) at = i + 1;
  literal.lastIndex = at;
  const m = literal.exec(text);
  return m ? { name: m[1] ?? m[2] ?? m[3] ?? '', at } : undefined;
}

/** Where a call that opens at `at` closes; strings, templates, comments and regular expressions are passed over. */
function closeOf(text: string, at: number): number {
  let depth = 0;
  const skip =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*(?=[\s,.)\]};])|[()]/g;
  skip.lastIndex = at;
  for (let m = skip.exec(text); m; m = skip.exec(text)) {
    if (m[0] === '(') depth += 1;
    if (m[0] === ')') depth -= 1;
    if (depth === 0) return m.index;
  }
  return text.length;
}

const lineOf = (text: string, at: number) => text.slice(0, at).split('\n').length;

/** Every test and group of tests by its name. */
function namesIn(file: string, text: string): Named[] {
  const found: Named[] = [];
  for (const m of text.matchAll(OPENS)) {
    const open = m.index + m[0].length - 1;
    const direct = titleAfter(text, open + 1);
    if (direct && !/\.(each|for|skipIf|runIf)\s*\($/.test(m[0]))
      found.push({ file, line: lineOf(text, direct.at), name: direct.name });
    else {
      // `it.each(table)('name', …)`: the name stands in the second call, and rows may stand in the table.
      const close = closeOf(text, open);
      const next = /^\s*\(/.exec(text.slice(close + 1));
      const title = next ? titleAfter(text, close + 1 + next[0].length) : undefined;
      if (!title) continue;
      const fromTable = title.name.startsWith('%s') ? (text.slice(open, close).match(NUMBER) ?? []) : [];
      found.push({ file, line: lineOf(text, title.at), name: [title.name, ...fromTable].join(' ') });
    }
  }
  return found;
}

const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.test.ts'));
const named = files.flatMap((f) => namesIn(relative(TESTS, join(TESTS, f)), readFileSync(join(TESTS, f), 'utf8')));

const table = new Map<string, Named[]>();
for (const n of named) for (const row of new Set(n.name.match(NUMBER) ?? [])) table.set(row, [...(table.get(row) ?? []), n]);

if (process.env.MAILCHECK_TABLE)
  for (const [row, what] of Object.entries(ROWS))
    process.stdout.write(
      `${row} ${what}\n${(table.get(row) ?? []).map((n) => `      test/${n.file}:${n.line} ${n.name}\n`).join('')}`,
    );

describe('the requirements', () => {
  it.each(Object.entries(ROWS))('%s has a test that names it: %s', (row, what) => {
    const hint = `no test names ${row} (${what}); write one whose name begins with "${row}: "`;
    expect(table.has(row) ? '' : hint).toBe('');
  });

  it('no test names a row that there is not', () => {
    const known = new Set<string>(Object.keys(ROWS));
    const unknown = [...table]
      .filter(([row]) => !known.has(row))
      .flatMap(([row, list]) => list.map((n) => `test/${n.file}:${n.line} names ${row}, which is no row`));
    expect(unknown).toEqual([]);
  });

  it('rows are told once, in order, on one line', () => {
    const numbers = Object.keys(ROWS);
    expect(numbers).toEqual([...numbers].sort());
    expect(numbers).toHaveLength(143);
    expect(Object.values(ROWS).filter((w) => w.length > 130 || w.includes('\n'))).toEqual([]);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '../../src');
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts'));

/** Who may import what (ARCHITECTURE.md). `types` may be imported as types only. */
const MAY: Readonly<Record<string, { readonly values: readonly string[]; readonly types?: readonly string[] }>> = {
  model: { values: ['model'] },
  wire: { values: ['wire', 'model'] },
  net: { values: ['net', 'wire', 'model'] },
  settle: { values: ['settle', 'wire', 'model'] },
  probes: { values: ['probes', 'wire', 'model'] },
  paste: { values: ['paste', 'wire', 'model'] },
  causes: { values: ['causes', 'model'] },
  locales: { values: ['locales', 'model'] },
  reporters: { values: ['reporters', 'report', 'model'] },
  report: { values: ['report', 'model'], types: ['locales'] },
};

/** One package, one door. */
const DOORS: Readonly<Record<string, RegExp>> = {
  undici: /^net\/http/,
  'dns-packet': /^wire\/dns/,
  'node-forge': /^(wire\/(x509|extensions|certificate|forge|ocsp|crl|names)|lab\/)/,
  table: /^reporters\//,
  '@oclif/core': /^(main|cli|commands\/|plugins\/)/,
  yaml: /^(run|commands)\//,
  tldts: /^(settle|wire)\//,
};

interface Import {
  readonly file: string;
  readonly from: string;
  readonly type: boolean;
}

const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(SRC, file), 'utf8');
  const found = [...text.matchAll(/^(?:import|export) (type )?[^'"`;]*?from '([^']+)'|import\('([^']+)'\)|^import '([^']+)'/gm)];
  return found.map((m) => ({ file, from: m[2] ?? m[3] ?? m[4] ?? '', type: m[1] !== undefined }));
});

const roomOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '');

describe('the rooms of the house', () => {
  it('import only what they may', () => {
    const wrong = imports.flatMap(({ file, from, type }) => {
      const rule = MAY[roomOf(file)];
      if (!rule || !from.startsWith('.')) return [];
      const target = roomOf(relative(SRC, resolve(join(SRC, dirname(file)), from)));
      const allowed = rule.values.includes(target) || (type && rule.types?.includes(target));
      return allowed
        ? []
        : [`src/${file} imports ${from}: ${roomOf(file)} may import only ${rule.values.join(', ')}; move the code or pass it in`];
    });
    expect(wrong).toEqual([]);
  });

  it('one package has one door', () => {
    const wrong = imports.flatMap(({ file, from }) => {
      const door = DOORS[from];
      return door && !door.test(file) ? [`src/${file} imports ${from}: its one door is ${door.source}`] : [];
    });
    expect(wrong).toEqual([]);
  });

  it('only net touches network, timers and randomness; causes and judge read no clock', () => {
    const wrong = files.flatMap((file) => {
      const text = readFileSync(join(SRC, file), 'utf8');
      const room = roomOf(file);
      const pure =
        ['model', 'wire', 'settle', 'probes', 'paste', 'causes', 'locales', 'reporters', 'report'].includes(room) ||
        file === 'judge.ts';
      if (!pure) return [];
      const bad =
        /\b(?:setTimeout|setInterval|setImmediate|Math\.random|Date\.now|performance\.now)\b|from 'node:(?:tls|dgram|dns|http|https|timers)'|\bnew Date\(\)/.exec(
          text,
        );
      return bad ? [`src/${file} uses ${bad[0]}: only src/net may`] : [];
    });
    expect(wrong).toEqual([]);
  });

  it('secrets are opened only in net', () => {
    const wrong = files
      .filter((f) => f !== 'model/secret.ts' && !f.startsWith('net/'))
      .filter((f) => readFileSync(join(SRC, f), 'utf8').includes('openSecret'));
    expect(wrong).toEqual([]);
  });

  it('nothing says any, and no file of a pure room is async in judge or causes', () => {
    const wrong = files
      .filter((f) => /^(causes\/|judge\.ts)/.test(f))
      .filter((f) => /\basync\b|\bawait\b/.test(readFileSync(join(SRC, f), 'utf8')));
    expect(wrong).toEqual([]);
  });
});

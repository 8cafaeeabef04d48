/** What explain, presets, lab and discover print: goldens in each language, and their JSON. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { en } from '../../src/locales/en.ts';
import { LANGUAGES } from '../../src/locales/index.ts';
import type { Words } from '../../src/model/words.ts';
import { composeExplanation } from '../../src/report/explain.ts';
import {
  causesJson,
  explainJson,
  explainMarkdown,
  renderCause,
  renderCauses,
  renderExplain,
} from '../../src/reporters/catalogue.ts';
import { labJson, renderDiscovery, renderLab } from '../../src/reporters/lab.ts';
import { displayWidth } from '../../src/reporters/layout.ts';
import { presetJson, presetsJson, renderPreset, renderPresets } from '../../src/reporters/presets.ts';
import * as f from './fixtures.ts';
import { OPTIONS, wordsFor } from './make.ts';
import { PRESET, SOURCES } from './more-fixtures.ts';

const ROOT = new URL('../goldens/catalogue/', import.meta.url);

const explanation = (words: Words) =>
  composeExplanation({
    diagnosis: {
      ...f.senderCheck.diagnosis,
      findings: [...f.wrongPasswordCheck.diagnosis.findings, ...f.senderCheck.diagnosis.findings],
    },
    words,
    causes: f.CATALOGUE,
    known: { host: 'smtp.example.com', port: 587, user: 'you@example.com' },
    next: 'mailcheck smtp you@example.com --host smtp.example.com --port 587',
    maskedSecrets: 2,
  });
const empty = (words: Words) => composeExplanation({ diagnosis: { verdict: 'pass', findings: [], root: undefined }, words });
const SCENARIOS = [
  { name: 'healthy-pop3', protocol: 'pop3', title: 'A healthy server' },
  { name: 'certificate.self-signed', protocol: 'imap', title: '{host}' },
] as const;
const SERVERS = [
  {
    ...SCENARIOS[0],
    address: '127.0.0.1',
    port: 40995,
    command: 'mailcheck pop demo@example.test --host 127.0.0.1 --port 40995 --ca-file /tmp/ca.pem',
  },
];
const OFFERS = [
  {
    protocol: 'imap',
    host: 'imap.example.com',
    port: 993,
    security: 'tls',
    source: 'preset',
    authenticated: true,
    user: 'you@example.com',
  },
] as const;

const PAGES: Readonly<Record<string, (words: Words) => string>> = {
  explain: (w) => renderExplain(explanation(w), w, OPTIONS),
  'explain-markdown': (w) => explainMarkdown(explanation(w), w),
  'explain-nothing': (w) => renderExplain(empty(w), w, OPTIONS),
  cause: (w) => renderCause(f.wrongPassword, w, OPTIONS),
  causes: (w) => renderCauses(f.CATALOGUE, w, OPTIONS),
  presets: (w) => renderPresets([PRESET], w, OPTIONS),
  preset: (w) => renderPreset(PRESET, w, OPTIONS),
  lab: (w) => renderLab({ scenarios: SCENARIOS }, w, OPTIONS),
  'lab-running': (w) => renderLab({ servers: SERVERS }, w, OPTIONS),
  discovery: (w) =>
    renderDiscovery({ sources: SOURCES, offers: OFFERS, findings: explanation(w).matches.slice(0, 1) }, w, OPTIONS),
  'discovery-nothing': (w) => renderDiscovery({ sources: SOURCES.slice(1), offers: [], findings: [] }, w, OPTIONS),
};

describe.each(LANGUAGES)('%s', (language) => {
  test.each(Object.keys(PAGES))('%s', async (name) => {
    const words = await wordsFor(language);
    const text = PAGES[name]?.(words) ?? '';
    const file = new URL(`${name}.${language}.${name.endsWith('markdown') ? 'md' : 'txt'}`, ROOT);
    if (process.env.UPDATE_GOLDENS === '1') {
      mkdirSync(ROOT, { recursive: true });
      writeFileSync(file, text);
    }
    expect(text).toBe(readFileSync(file, 'utf8'));
    for (const line of text.split('\n')) {
      if (!/https:\/\/|mailcheck |^[#-]|`/.test(line) && !name.endsWith('markdown'))
        expect(displayWidth(line), line).toBeLessThanOrEqual(80);
    }
  });
});

test('the best match comes first and in full, the next command is whole on its line', () => {
  const lines = PAGES.explain?.(en).split('\n') ?? [];
  expect(lines[0]).toBe('! The text held 2 secrets. They are masked here; change them if others have seen');
  expect(lines.findIndex((l) => l.includes('User name or password is wrong'))).toBeLessThan(
    lines.findIndex((l) => l.includes('sender.not-owned')),
  );
  expect(lines).toContain('  mailcheck smtp you@example.com --host smtp.example.com --port 587');
});

test('JSON equivalents hold the same', () => {
  expect(JSON.parse(explainJson(explanation(en))).matches.map((m: { cause: string }) => m.cause)).toEqual([
    'auth.credentials-rejected',
    'sender.not-owned',
    'certificate.expires-soon',
  ]);
  const all = JSON.parse(causesJson(f.CATALOGUE, en));
  expect(all.matches).toHaveLength(f.CATALOGUE.length);
  expect(all.matches[1]).toMatchObject({
    cause: 'auth.credentials-rejected',
    matched: 'auth.credentials-rejected',
    example: f.wrongPassword.example.paste,
  });
  expect(JSON.parse(presetJson(PRESET)).preset).toEqual(PRESET);
  expect(JSON.parse(presetsJson([PRESET])).presets).toEqual([PRESET]);
  expect(JSON.parse(labJson({ scenarios: SCENARIOS })).scenarios).toHaveLength(2);
});

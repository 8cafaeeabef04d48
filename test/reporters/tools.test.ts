/** The formats for monitors and browsers, read by the real tools: Debian's monitoring-plugins, promtool, Chromium. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/locales/index.ts';
import { reporters } from '../../src/reporters/index.ts';
import { nagiosStatus } from '../../src/reporters/nagios.ts';
import { browser, chromium, type Page } from './browser.ts';
import { CASES } from './cases.ts';
import { HOSTILE, hostileCheck } from './hostile.ts';
import { OPTIONS, reportOf, wordsFor } from './make.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailcheck-tools-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NEGATE = '/usr/lib/nagios/plugins/negate';
const has = (program: string, ...args: readonly string[]) => spawnSync(program, args, { stdio: 'ignore' }).status === 0;
const tools = {
  negate: existsSync(NEGATE),
  perl: has('perl', '-MMonitoring::Plugin::Performance', '-e', '1'),
  promtool: has('promtool', '--version'),
  chromium: chromium !== undefined,
};
const PACKAGES = {
  negate: 'monitoring-plugins-basic',
  perl: 'libmonitoring-plugin-perl',
  promtool: 'prometheus',
  chromium: 'chromium',
};

/** Visible where it is skipped; a failure where the real tools are required (CI). */
function withTool(tool: keyof typeof tools, name: string, tests: () => void): void {
  if (!tools[tool] && process.env.MAILCHECK_REQUIRE_REAL === '1')
    throw new Error(`${name}: install the package ${PACKAGES[tool]}`);
  if (!tools[tool]) process.stderr.write(`skipped: ${name}: the package ${PACKAGES[tool]} is not installed\n`);
  describe.skipIf(!tools[tool])(name, tests);
}

const render = async (format: string, c: (typeof CASES)[number], language: (typeof LANGUAGES)[number] = 'en') => {
  const words = await wordsFor(language);
  const reports = c.reports(words);
  return { reports, text: (await reporters[format]?.())?.render(reports, words, c.options) ?? '' };
};
const hostile = async (format: string) => {
  const words = await wordsFor('en');
  const reports = Object.values(HOSTILE).map((t) => reportOf([hostileCheck(t)]));
  return (await reporters[format]?.())?.render(reports, words, { ...OPTIONS, many: true }) ?? '';
};

withTool('negate', 'monitoring-plugins', () => {
  const INVERSE: Readonly<Record<string, [number, string]>> = {
    OK: [2, 'CRITICAL'],
    CRITICAL: [0, 'OK'],
    WARNING: [1, 'WARNING'],
    UNKNOWN: [3, 'UNKNOWN'],
  };
  it.each(CASES)('negate takes line and status of $name', async (c) => {
    const { reports, text } = await render('nagios', c);
    const { code, word } = nagiosStatus(reports);
    const plugin = join(folder, 'plugin.sh');
    writeFileSync(join(folder, 'line'), text);
    writeFileSync(plugin, `#!/bin/sh\ncat "${join(folder, 'line')}"\nexit ${code}\n`, { mode: 0o755 });
    const ran = spawnSync(NEGATE, ['-s', plugin], { encoding: 'utf8' });
    const [status, said] = INVERSE[word] ?? [];
    expect(ran.status).toBe(status);
    expect(ran.stdout).toBe(text.replace(`MAILCHECK ${word}`, `MAILCHECK ${said}`));
  });
});

withTool('perl', 'Monitoring::Plugin', () => {
  const READ =
    'use Monitoring::Plugin::Performance; my $in = join "", <STDIN>; my (undef, $p) = split /\\|/, $in, 2; my @all = Monitoring::Plugin::Performance->parse_perfstring($p); print join "\\n", map { join ",", $_->label, $_->value, $_->uom // "" } @all;';
  const read = (text: string) =>
    spawnSync('perl', ['-e', READ], { input: text, encoding: 'utf8' })
      .stdout.split('\n')
      .filter((l) => l !== '');
  it.each(CASES)('reads every performance value of $name', async (c) => {
    const { text } = await render('nagios', c);
    const data = text.split(' | ')[1]?.trim().split(' ') ?? [];
    expect(read(text)).toEqual(
      data.map((d) =>
        d.replace(
          /^([^=]+)=(-?[\d.]+)(s?).*$/,
          (_, label: string, value: string, unit: string) => `${label},${Number(value)},${unit}`,
        ),
      ),
    );
    expect(data.length).toBeGreaterThan(0);
  });
  it('is not led astray by what servers say', async () => {
    const text = await hostile('nagios');
    expect(text.split('|')).toHaveLength(2);
    expect(text.trimEnd()).not.toContain('\n');
    expect(read(text).every((l) => /^[a-z0-9_]+,-?[\d.]+,s?$/.test(l))).toBe(true);
  });
});

withTool('promtool', 'promtool', () => {
  const check = (text: string) => {
    const ran = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    return { status: ran.status, said: ran.stdout + ran.stderr };
  };
  it.each(CASES.flatMap((c) => LANGUAGES.map((language) => ({ ...c, language }))))(
    'finds nothing to say of $name in $language',
    async (c) => {
      expect(check((await render('prometheus', c, c.language)).text)).toEqual({ status: 0, said: '' });
    },
  );
  it('nor where servers say what they like', async () =>
    expect(check(await hostile('prometheus'))).toEqual({ status: 0, said: '' }));
  it('would say something', () => expect(check('x{a="1"} 1\nx{a="1"} nonsense\n').status).not.toBe(0));
});

withTool('chromium', 'Chromium', () => {
  let page: Page;
  beforeAll(async () => {
    page = await browser();
  });
  afterAll(() => page?.close());
  const file = (text: string) => {
    const path = join(folder, 'page.html');
    writeFileSync(path, text);
    return path;
  };
  it.each(CASES.flatMap((c) => LANGUAGES.map((language) => ({ ...c, language }))))(
    'shows $name in $language on a phone and on a desk, and asks the network for nothing',
    async (c) => {
      const { text, reports } = await render('html', c, c.language);
      for (const width of [360, 1280]) {
        const path = file(text);
        const { requests, logs } = await page.open(path, width);
        expect({ requests, logs }).toEqual({ requests: [`file://${path}`], logs: [] });
        // Nothing is wider than the screen, and the style is not refused by the page's own policy.
        expect(await page.value('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        expect(await page.value('getComputedStyle(document.body).maxWidth')).not.toBe('none');
        expect(await page.value('document.scripts.length')).toBe(0);
      }
      const shown: string = await page.value('document.body.innerText');
      for (const r of reports) for (const check of r.checks) expect(shown).toContain(check.endpoint.host);
      expect(await page.value('document.documentElement.lang')).toBe(c.language);
    },
  );
  it('runs nothing and loads nothing of what servers say', async () => {
    const path = file(await hostile('html'));
    const { requests, logs } = await page.open(path, 360);
    expect({ requests, logs }).toEqual({ requests: [`file://${path}`], logs: [] });
    expect(
      await page.value(
        'document.scripts.length + document.images.length + document.querySelectorAll("iframe, object, embed, form, link, base").length',
      ),
    ).toBe(0);
    expect(await page.value('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  });
});

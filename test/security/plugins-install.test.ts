/** Installing a plugin: asked about first, everything shown, no script run, nothing but the registry unless told, the list of allowed plugins kept to. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, type Home, newHome, written } from './cli.ts';
import { type Package, registry } from './registry.ts';

const HOOK = `module.exports = async () => ({ presets: [{ id: 'fetched', name: 'Fetched', endpoints: [] }] });\n`;

function plugin(version: string, more: Partial<Package> = {}): Package {
  const { json, ...rest } = more;
  return {
    json: {
      name: 'mailcheck-plugin-fetched',
      version,
      main: 'hook.js',
      oclif: { hooks: { 'mailcheck:contribute': './hook.js' } },
      // Written where the test looks for it, if npm ran it.
      scripts: { preinstall: 'touch "$HOME/preinstalled"', postinstall: 'touch "$HOME/postinstalled"' },
      ...json,
    },
    files: { 'hook.js': HOOK },
    ...rest,
  };
}

const installed = (h: Home) =>
  existsSync(join(h.home, '.local/share/mailcheck/node_modules/mailcheck-plugin-fetched/package.json'));
const scriptsRan = (h: Home) => written(h).some((f) => /(pre|post)installed$/.test(f.path));
const install = (h: Home, url: string, ...words: string[]) =>
  cli(['plugins', 'install', ...words], { in: h, env: { MAILCHECK_NPM_REGISTRY: url }, timeoutMs: 60_000 });

describe('plugins install', () => {
  it('S-200: shows name, version, publisher, source and integrity, and installs nothing unasked', async () => {
    const { url } = await registry([plugin('1.2.3', { publisher: 'mallory\x1b[2J' })]);
    const home = newHome();
    const ran = await install(home, url, 'mailcheck-plugin-fetched');
    expect(ran.stdout).toMatch(/plugin +mailcheck-plugin-fetched\n/);
    expect(ran.stdout).toMatch(/version +1\.2\.3\n/);
    expect(ran.stdout).toMatch(/publisher +mallory\\x1b\[2J/);
    expect(ran.stdout).toContain(`${url}/mailcheck-plugin-fetched/-/mailcheck-plugin-fetched-1.2.3.tgz`);
    expect(ran.stdout).toMatch(/integrity +sha512-[A-Za-z0-9+/=]{88}\n/);
    expect(ran.stdout).toMatch(/install scripts +preinstall, postinstall \(not run\)/);
    expect(ran.stderr).toBe('mailcheck: a plugin is not installed unasked; add --yes where nobody can answer\n');
    expect(ran.status).toBe(2);
    expect(installed(home)).toBe(false);
  });

  it('S-198: with --yes it is installed, and none of its scripts is run, whatever npm is set to', async () => {
    const { url } = await registry([plugin('1.2.3')]);
    const home = newHome();
    writeFileSync(join(home.home, '.npmrc'), 'ignore-scripts=false\n');
    const ran = await install(home, url, 'mailcheck-plugin-fetched', '--yes');
    expect([ran.status, ran.stderr]).toEqual([0, expect.any(String)]);
    expect(installed(home)).toBe(true);
    expect(scriptsRan(home)).toBe(false);
    const presets = await cli(['presets', 'fetched', '--json'], { in: home });
    expect(JSON.parse(presets.stdout).preset.name).toBe('Fetched');
    const list = await cli(['plugins'], { in: home });
    expect(list.stdout).toContain('mailcheck-plugin-fetched 1.2.3');
  }, 90_000);

  it('S-202: a registry that a variable names is disclosed, without the password in it', async () => {
    const { url } = await registry([plugin('1.2.3')]);
    const ran = await install(newHome(), url.replace('//', '//me:hunter22@'), 'mailcheck-plugin-fetched');
    expect(ran.stdout).toMatch(/registry set by +MAILCHECK_NPM_REGISTRY=http:\/\/\*{8}@127\.0\.0\.1/);
    expect(ran.stdout + ran.stderr).not.toContain('hunter22');
  });

  it.each([
    'https://evil.example/plugin.tgz',
    'git+ssh://git@evil.example/x.git',
    'someuser/someplugin',
    'github:someuser/someplugin',
    './plugin.tgz',
    'file:../plugin',
    'x@https://evil.example/x.tgz',
    '@scope/x@git+https://evil.example/x.git',
    'x@npm:evil',
    '@scope/x@file:/tmp/x',
  ])('S-200: %s is refused, unless told', async (typed) => {
    const home = newHome();
    const { url, asked } = await registry([]);
    const ran = await install(home, url, typed, '--yes');
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(/^mailcheck: only plugins of the registry are installed, .*--allow-unsafe-source/);
    expect(ran.stdout).toBe('');
    expect(asked).toEqual([]);
    expect(written(home).filter((f) => f.path.includes('node_modules'))).toEqual([]);
  });

  it('S-200: what is told to be taken from elsewhere is still shown and asked about, and runs no script', async () => {
    const home = newHome();
    const folder = join(home.tmp, 'local');
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify(plugin('9.9.9').json));
    writeFileSync(join(folder, 'hook.js'), HOOK);
    const { url } = await registry([]);
    const asked = await install(home, url, `file:${folder}`, '--allow-unsafe-source');
    expect(asked.stdout).toContain('not the registry');
    expect([asked.status, installed(home)]).toEqual([2, false]);
    const ran = await install(home, url, `file:${folder}`, '--allow-unsafe-source', '--yes');
    expect([ran.status, ran.stderr]).toEqual([0, expect.any(String)]);
    expect(scriptsRan(home)).toBe(false);
  }, 90_000);

  it('S-200: the list of allowed plugins is kept to: what it lists needs no question, nothing else is installed', async () => {
    const { url } = await registry([plugin('1.2.3'), { json: { name: 'mailcheck-plugin-other', version: '1.0.0', oclif: {} } }]);
    const home = newHome();
    mkdirSync(join(home.home, '.config/mailcheck'), { recursive: true });
    writeFileSync(join(home.home, '.config/mailcheck/plugins-allowed'), '# ours\nmailcheck-plugin-fetched@1.2.3\n');
    const other = await install(home, url, 'mailcheck-plugin-other', '--yes');
    expect(other.status).toBe(2);
    expect(other.stderr).toContain('does not list this plugin');
    const fetched = await install(home, url, 'mailcheck-plugin-fetched');
    expect([fetched.status, installed(home)]).toEqual([0, true]);
  }, 90_000);

  it('S-200: what comes in place of what was announced is not kept', async () => {
    const { url } = await registry([plugin('1.2.3', { swapped: { 'hook.js': 'process.exit(7)\n' } })]);
    const home = newHome();
    const env = { MAILCHECK_NPM_REGISTRY: url, npm_config_fetch_retries: '0' };
    const ran = await cli(['plugins', 'install', 'mailcheck-plugin-fetched', '--yes'], { in: home, env, timeoutMs: 60_000 });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(/mailcheck: (npm failed|what came is not)/);
    expect(installed(home)).toBe(false);
  }, 90_000);

  it('S-200: parts of mailcheck and unknown names are refused in one line', async () => {
    const { url } = await registry([]);
    for (const [name, words] of [
      ['mailcheck-cli', /is a part of mailcheck/],
      ['@oclif/plugin-plugins', /is a part of mailcheck/],
      ['mailcheck-plugin-nowhere', /the registry has no plugin mailcheck-plugin-nowhere/],
    ] as const) {
      const ran = await install(newHome(), url, name, '--yes');
      expect([ran.status, ran.stderr.trim().split('\n').length]).toEqual([2, 1]);
      expect(ran.stderr).toMatch(words);
    }
  });

  it('S-198: an update is shown and asked about as well', async () => {
    const home = newHome();
    const old = await registry([plugin('1.2.3')]);
    await install(home, old.url, 'mailcheck-plugin-fetched', '--yes');
    const { url } = await registry([plugin('1.2.3'), plugin('2.0.0')]);
    const env = { MAILCHECK_NPM_REGISTRY: url };
    const asked = await cli(['plugins', 'update'], { in: home, env, timeoutMs: 60_000 });
    expect([asked.status, asked.stdout]).toEqual([2, expect.stringMatching(/version +2\.0\.0/)]);
    const ran = await cli(['plugins', 'update', '--yes'], { in: home, env, timeoutMs: 60_000 });
    expect(ran.status).toBe(0);
    const pjson = JSON.parse(
      readFileSync(join(home.home, '.local/share/mailcheck/node_modules/mailcheck-plugin-fetched/package.json'), 'utf8'),
    );
    expect(pjson.version).toBe('2.0.0');
    expect(scriptsRan(home)).toBe(false);
  }, 120_000);
});

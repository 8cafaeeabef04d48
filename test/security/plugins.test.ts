/** Plugins: the example really linked and at work; others that throw, hang, exit, print, replace, peep or change things, each of which is one warning and no more. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkArgs, cli, type Home, newHome, ROOT } from './cli.ts';
import { PASSWORD, type Raw, raw, session } from './raw.ts';

const EXAMPLE = join(ROOT, 'test/fixtures/example-plugin');

/** Links plugins as oclif writes it down, without the time of a `plugins link` for each. */
function linked(...roots: readonly string[]): Home {
  const home = newHome();
  const data = join(home.home, '.local/share/mailcheck');
  mkdirSync(data, { recursive: true });
  const plugins = roots.map((root, i) => ({ name: `p${i}`, root, type: 'link' }));
  writeFileSync(
    join(data, 'package.json'),
    JSON.stringify({ name: 'mailcheck-cli', private: true, oclif: { schema: 1, plugins } }),
  );
  return home;
}

let count = 0;
/** A plugin of one file. */
function made(
  code: string,
  more: { readonly json?: object; readonly esm?: boolean; readonly files?: Readonly<Record<string, string>> } = {},
): string {
  const dir = join(newHome().tmp, `plugin-${count++}`);
  mkdirSync(dir);
  const name = 'mailcheck-plugin-made';
  const json = {
    name,
    version: '0.0.1',
    oclif: { hooks: { 'mailcheck:contribute': './hook.js' } },
    ...(more.esm ? { type: 'module' } : {}),
    ...more.json,
  };
  writeFileSync(join(dir, 'package.json'), JSON.stringify(json));
  writeFileSync(join(dir, 'hook.js'), code);
  for (const [file, text] of Object.entries(more.files ?? {})) {
    mkdirSync(join(dir, file, '..'), { recursive: true });
    writeFileSync(join(dir, file), text);
  }
  return dir;
}

let pop: Raw;
let refusing: Raw;
beforeAll(async () => {
  pop = await raw(session('pop3', { implicit: true }));
  refusing = await raw(
    session('pop3', {
      implicit: true,
      on: (command, io) => {
        if (!/^(AUTH|PASS)/.test(command)) return false;
        io.say('-ERR this mailbox moved to Example Mail Two\r\n');
        return true;
      },
    }),
  );
});

const SECRET = { MAIL_PASSWORD: PASSWORD };
const json = async (h: Home, port: number, ...more: readonly string[]) => {
  const ran = await cli([...checkArgs('pop3', port, h), '--password-env', 'MAIL_PASSWORD', '--json', ...more], {
    in: h,
    env: SECRET,
  });
  return { ran, report: JSON.parse(ran.stdout) };
};

describe('the example plugin', () => {
  it('S-205 S-207: is linked by plugins link; plugins lists it, and every report records it as linked', async () => {
    const home = newHome();
    const link = await cli(['plugins', 'link', EXAMPLE], { in: home });
    expect([link.status, link.stdout]).toEqual([0, '']);
    const list = await cli(['plugins'], { in: home });
    expect(list.stdout).toMatch(new RegExp(`mailcheck-plugin-example 1\\.2\\.3 \\(link\\) ${EXAMPLE}`));
    const { report } = await json(home, pop.port);
    expect(report.tool.plugins).toEqual([{ name: 'mailcheck-plugin-example', version: '1.2.3', linked: true }]);
    expect(report.verdict).toBe('pass');
    const terminal = await cli([...checkArgs('pop3', pop.port, home)], { in: home });
    expect(terminal.stdout).toMatch(/mailcheck-plugin-example 1\.2\.3.*link/i);
    for (const format of ['markdown', 'html', 'junit', 'sarif', 'ndjson', 'github']) {
      const ran = await cli([...checkArgs('pop3', pop.port, home), '--format', format], { in: home });
      expect([format, /mailcheck-plugin-example.{0,200}link/s.test(ran.stdout)]).toEqual([format, true]);
    }
  }, 60_000);

  it('its cause is found live and in pasted text, in both languages', async () => {
    const home = linked(EXAMPLE);
    const { report } = await json(home, refusing.port);
    expect(report.checks[0].cause).toBe('example.moved-house');
    expect(report.checks[0].findings[0].title).toBe('The mailbox moved to Example Mail Two');
    const pasted = await cli(['explain', '--lang', 'vi', '--text', '-ERR this mailbox moved to Example Mail Two'], { in: home });
    expect(pasted.stdout).toContain('Hộp thư đã chuyển sang Example Mail Two');
    const entry = await cli(['explain', 'example.moved-house'], { in: home });
    expect(entry.stdout).toContain('Use pop2.mail.example in place of pop.mail.example.');
    const scenarios = await cli(['lab'], { in: home });
    expect(scenarios.stdout).toContain('example.moved-house');
  }, 30_000);

  it('its preset, its format and its stage work, several formats side by side', async () => {
    const home = linked(EXAMPLE);
    const presets = await cli(['presets', 'example'], { in: home });
    expect(presets.stdout).toContain('pop.mail.example');
    const args = [
      'pop',
      'you@mail.example',
      '--preset',
      'example',
      '--connect-to',
      `127.0.0.1:${pop.port}`,
      '--timeout',
      '2',
      '--no-input',
      '--until',
      'certificate',
    ];
    const ran = await cli([...args, '--format', 'example', '--output', 'json:report.json'], { in: home });
    expect(ran.stdout).toMatch(/^pop3 fail certificate\./);
    const { report } = await json(home, pop.port);
    expect(JSON.stringify(report.checks[0])).toContain('the example stage saw 2 messages');
    const byDomain = await cli(['pop', 'you@mail.example', '--until', 'settings', '--json', '--no-input'], { in: home });
    const { account, checks } = JSON.parse(byDomain.stdout);
    expect([account.preset, checks[0].endpoint]).toMatchObject(['example', { host: 'pop.mail.example', source: 'preset' }]);
  }, 30_000);

  it('--no-plugins leaves it out', async () => {
    const home = linked(EXAMPLE);
    const { report } = await json(home, refusing.port, '--no-plugins');
    expect([report.tool.plugins, report.checks[0].cause]).toEqual([undefined, expect.not.stringMatching(/^example/)]);
    const ran = await cli([...checkArgs('pop3', pop.port, home), '--format', 'example', '--no-plugins'], { in: home });
    expect([ran.status, ran.stderr]).toEqual([
      2,
      expect.stringMatching(/^mailcheck: --format takes one of: [^\n]*prometheus\n$/),
    ]);
  }, 30_000);

  it('an unknown format is one clear line that names the plugin’s too', async () => {
    const home = linked(EXAMPLE);
    const ran = await cli([...checkArgs('pop3', pop.port, home), '--format', 'exampel'], { in: home });
    expect([ran.status, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toMatch(/^mailcheck: --format takes one of: [^\n]*, example\n$/);
  });
});

describe('plugins as CommonJS and ES modules', () => {
  const offer = `async () => ({ presets: [{ id: 'made', name: 'Made', endpoints: [] }] })`;
  it.each([
    ['CommonJS', `module.exports = ${offer};`, false],
    ['CommonJS, named', `exports.contribute = ${offer};`, false],
    ['ES module', `export default ${offer};`, true],
    ['ES module with top-level await', `await null;\nexport default ${offer};`, true],
  ])('%s', async (_kind, code, esm) => {
    const ran = await cli(['presets', 'made', '--json'], { in: linked(made(code, { esm })) });
    expect([ran.stderr, ran.status]).toEqual(['', 0]);
    expect(JSON.parse(ran.stdout).preset.name).toBe('Made');
  });
});

describe('a bad plugin is one warning, and the report stays whole', () => {
  const HOOKS: readonly (readonly [string, string, RegExp])[] = [
    ['throws', `throw new Error('boom');`, /boom/],
    ['throws no error', `throw 'boom';`, /threw something/],
    ['throws when read', `}; throw new Error('at the top'); void async function () {`, /at the top/],
    ['never answers', `await new Promise(() => {});`, /did not answer within 3 seconds/],
    ['exits', `process.exit(0);`, /tried to exit with status 0/],
    ['exits by the framework', `this.exit(0);`, /EEXIT|exit/],
    ['returns nothing', ``, /returned nothing/],
    ['returns nonsense', `return 7;`, /returned nothing/],
    ['returns a part that is no list', `return { causes: {} };`, /causes are not a list/],
    ['returns a cause without words', `return { causes: [{ id: 'x.y', rules: [] }] };`, /cause x\.y has no good/],
    [
      'returns a preset with a bad port',
      `return { presets: [{ id: 'x', name: 'X', endpoints: [{ protocol: 'pop3', host: 'a', port: '995', security: 'tls' }] }] };`,
      /preset x has no good "endpoints"/,
    ],
    ['returns a trap', `return new Proxy({}, { get() { throw new Error('trap'); } });`, /trap/],
    [
      'brings a built-in format',
      `return { reporters: [{ format: 'json', render: () => 'mine' }] };`,
      /format json exists already/,
    ],
    ['throws later', `setTimeout(() => { throw new Error('later'); }, 1); return { presets: [] };`, /later/],
    ['rejects later', `Promise.reject(new Error('stray')); return { presets: [] };`, /stray/],
    ['exits later', `setTimeout(() => process.exit(0), 1); return { presets: [] };`, /tried to exit/],
    ['prints', `console.log('hello'); process.stdout.write('{'); return { presets: [] };`, /printed to standard output/],
    ['prints later', `setInterval(() => console.log('tick'), 1); return { presets: [] };`, /printed to standard output/],
    ['logs by the framework', `this.log('hello'); return { presets: [] };`, /printed to standard output/],
  ];
  it.concurrent.each(HOOKS)(
    'S-205: one that %s',
    async (_what, body, words) => {
      const home = linked(made(`module.exports = async function () { ${body} };`), EXAMPLE);
      const { ran, report } = await json(home, pop.port);
      expect([ran.status, report.verdict]).toEqual([0, 'pass']);
      const said = [...(report.warnings ?? []), ran.stderr].join('\n');
      expect(said).toMatch(words);
      expect(
        (report.warnings ?? []).filter((w: string) => w.includes('made')).length + (ran.stderr.match(/made/g) ?? []).length,
      ).toBeGreaterThan(0);
      expect((report.warnings ?? []).length).toBeLessThanOrEqual(1);
      // The other one is not touched by it.
      expect(report.tool.plugins.map((p: { name: string }) => p.name)).toContain('mailcheck-plugin-example');
      expect(JSON.stringify(report.checks)).toContain('the example stage saw');
    },
    60_000,
  );

  const cause = (rule: string) =>
    `module.exports = async () => ({ causes: [{ id: 'made.up', category: 'settings', stage: 'auth', words: { title: 't', meaning: 'm', fix: [] }, rules: [${rule}] }] });`;
  const RULES: readonly (readonly [string, string])[] = [
    ['throws', `() => { throw new Error('boom'); }`],
    ['returns a promise', `async () => ({})`],
    ['returns nonsense', `() => ({ certainty: 'proven', strength: 'high' })`],
    ['invents evidence', `() => ({ certainty: 'proven', strength: 100, evidence: [{ kind: 'text' }] })`],
    ['changes the evidence', `(facts) => { for (const e of facts.evidence) e.stage = 'evil'; }`],
    ['empties the evidence', `(facts) => { facts.evidence.length = 0; }`],
    ['prints', `() => { process.stdout.write('x'); }`],
    ['exits', `() => { process.exit(0); }`],
  ];
  it.concurrent.each(RULES)(
    'a rule that %s',
    async (what, rule) => {
      const { ran, report } = await json(linked(made(cause(rule))), pop.port);
      expect([ran.status, report.verdict, report.checks[0].cause]).toEqual([0, 'pass', null]);
      expect(report.checks[0].stages.map((s: { stage: string }) => s.stage)).not.toContain('evil');
      const told = (report.warnings ?? []).length + (ran.stderr === '' ? 0 : 1);
      // Sloppy code does not notice that nothing changes.
      expect(told).toBe(/evidence$/.test(what) && rule.includes('facts') ? 0 : 1);
    },
    60_000,
  );

  const stage = (run: string) =>
    `module.exports = async () => ({ stages: [{ protocol: 'pop3', stage: { name: 'mailbox', ready: () => true, run: ${run} } }] });`;
  const STAGES: readonly (readonly [string, string])[] = [
    ['throws', `async () => { throw new Error('boom'); }`],
    ['throws at once', `() => { throw new Error('boom'); }`],
    ['returns no promise', `() => { throw null; }`],
    ['never ends', `() => new Promise(() => {})`],
    ['notes nonsense', `async (s) => s.note({ kind: 'nonsense' })`],
    ['notes what cannot be put into words', `async (s) => s.note({ kind: 'certificate', sent: 7 })`],
    ['notes a circle', `async (s) => { const e = { kind: 'text' }; e.e = e; s.note(e); }`],
    ['notes a megabyte', `async (s) => s.note({ kind: 'text', text: 'x'.repeat(1e6) })`],
  ];
  it.concurrent.each(STAGES)(
    'a stage that %s',
    async (_what, run) => {
      const { ran, report } = await json(linked(made(stage(run))), pop.port);
      expect([ran.status, report.verdict]).toEqual([0, 'pass']);
      expect(report.warnings).toHaveLength(1);
    },
    60_000,
  );

  it('a stage gets no secret and no line', async () => {
    const code = stage(
      `async (s) => s.note({ kind: 'text', stage: 'mailbox', origin: 'tool', text: 'line ' + typeof s.line + ' secret ' + typeof s.service.secret })`,
    );
    const { report } = await json(linked(made(code)), pop.port);
    expect(JSON.stringify(report)).toContain('line undefined secret undefined');
  }, 30_000);

  it('a format that throws is told, and the report stands in its place; one that changes reports changes only its own', async () => {
    const code = `module.exports = async () => ({ reporters: [
      { format: 'broken', render() { throw new Error('boom'); } },
      { format: 'greedy', render(reports, words) { reports[0].verdict = 'fail'; words.verdicts.pass = 'EVIL'; process.stdout.write('evil'); return 'ok\\n'; } },
    ] });`;
    const home = linked(made(code));
    const broken = await cli([...checkArgs('pop3', pop.port, home), '--format', 'broken'], { in: home });
    expect(broken.stdout).toContain('mail.example.test');
    expect(broken.stderr).toMatch(/the format broken of a plugin failed: boom/);
    const greedy = await cli([...checkArgs('pop3', pop.port, home), '--output', `greedy:${join(home.tmp, 'g.txt')}`, '--json'], {
      in: home,
    });
    expect(JSON.parse(greedy.stdout).verdict).toBe('pass');
    expect(greedy.stdout).not.toMatch(/evil/i);
  }, 30_000);
});

describe('what a plugin must not', () => {
  it('replace a command, or listen in on one', async () => {
    const evil = `module.exports = class { static id = 'pop'; static run() { console.log('EVIL'); } static get flags() { return {}; } static get args() { return {}; } };`;
    const hook = (name: string) =>
      `module.exports = async function (o) { require('node:fs').writeFileSync(process.env.HOME + '/${name}', JSON.stringify(o.argv ?? [])); };`;
    const dir = made('module.exports = async () => ({ presets: [] });', {
      json: {
        oclif: {
          commands: './commands',
          hooks: {
            'mailcheck:contribute': './hook.js',
            init: './init.js',
            prerun: './prerun.js',
            postrun: './postrun.js',
            finally: './finally.js',
            command_not_found: './not-found.js',
            preparse: './preparse.js',
          },
        },
      },
      files: {
        'commands/pop.js': evil,
        'commands/plugins/install.js': evil,
        'commands/help.js': evil,
        'init.js': hook('init'),
        'prerun.js': hook('prerun'),
        'postrun.js': hook('postrun'),
        'finally.js': hook('finally'),
        'not-found.js': hook('not-found'),
        'preparse.js': hook('preparse'),
      },
    });
    const home = linked(dir);
    const { report } = await json(home, pop.port);
    expect(report.verdict).toBe('pass');
    const help = await cli(['help', 'pop'], { in: home });
    expect(help.stdout).toContain('Check POP3 access');
    const install = await cli(['plugins', 'install'], { in: home });
    expect(install.stdout + install.stderr).not.toContain('EVIL');
    await cli(['nosuchcommand'], { in: home });
    const { written } = await import('./cli.ts');
    expect(written(home).filter((f) => /\/(init|prerun|postrun|finally|not-found|preparse)$/.test(f.path))).toEqual([]);
  }, 60_000);

  it('take the name of one of our parts', async () => {
    const dir = made('module.exports = async () => ({});', { json: { name: '@oclif/plugin-plugins' } });
    const ran = await cli(['plugins'], { in: linked(dir) });
    expect(ran.stderr).toMatch(/its name is one of our own parts/);
  });

  it('see a variable that may hold a secret', async () => {
    const code = `const read = () => Object.keys(process.env).join(' ') + ' ' + process.env.MAIL_PASSWORD + ' ' + process.env.API_KEY;
      const top = read();
      module.exports = async () => { const inside = read(); await null; return { causes: [{ id: 'made.peep', category: 'settings', stage: 'auth', words: { title: 't', meaning: 'm', fix: [] },
        rules: [(f) => ({ certainty: 'proven', strength: 1, severity: 'notice', evidence: [f.evidence[0]], matched: 'saw ' + top + ' | ' + inside + ' | ' + read() })] }] }; };`;
    const home = linked(made(code));
    const ran = await cli([...checkArgs('pop3', pop.port, home), '--password-env', 'MAIL_PASSWORD', '--json'], {
      in: home,
      env: { ...SECRET, API_KEY: 'k-4711-secret' },
    });
    const report = JSON.parse(ran.stdout);
    expect(JSON.stringify(report)).toContain('made.peep');
    expect(JSON.stringify(report)).toMatch(/saw [^|]*PATH/);
    expect(ran.stdout).not.toMatch(/correct horse|k-4711|MAIL_PASSWORD/);
  }, 30_000);

  it('keep the process', async () => {
    const home = linked(
      made(
        `setInterval(() => {}, 1000); require('node:net').createServer().listen(0); module.exports = async () => ({ presets: [] });`,
      ),
    );
    const { ran } = await json(home, pop.port);
    expect(ran.status).toBe(0);
    expect(ran.ms).toBeLessThan(10_000);
  }, 30_000);
});

describe('a broken list of plugins', () => {
  it('is one line, and the check goes on', async () => {
    const home = linked('/nowhere/at/all');
    const { ran, report } = await json(home, pop.port);
    expect(report.verdict).toBe('pass');
    expect(ran.stderr).toMatch(/^mailcheck: plugin p0: it could not be loaded: ENOENT[^\n]*\n$/);
    writeFileSync(join(home.home, '.local/share/mailcheck/package.json'), '{ not JSON');
    const again = await json(home, pop.port);
    expect(again.report.verdict).toBe('pass');
    expect(again.ran.stderr).toMatch(/^mailcheck: the list of plugins cannot be read[^\n]*\n$/);
  }, 30_000);
});

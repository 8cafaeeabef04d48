/** The recipes for GitHub, GitLab and Kubernetes do what they say: their very shell lines run against lab servers. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { Running } from '../../src/lab/server.ts';
import { executable } from '../discovery/cli.ts';
import { accountOf, type Bench, bench, config, type Json, lines } from './cli.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const RECIPES = ['github.yml', 'gitlab.yml', 'cronjob.yaml', 'indexed-job.yaml'];

let b: Bench;
let good: Running;
let expired: Running;
let bin: string;
beforeEach(async () => {
  b = bench();
  good = await b.serve({ protocol: 'imap' });
  expired = await b.serve({ protocol: 'imap', certificate: 'expired' });
  bin = join(b.folder, 'bin');
  mkdirSync(bin);
  // What the registry would give: the command line that was built here.
  const cli = await executable();
  const shim = (name: string, text: string) => writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  shim('mailcheck', `exec "${process.execPath}" "${cli}" "$@"`);
  shim('npm', 'echo "npm $*" >> "$NPM_LOG"');
  shim('npx', `[ "$1" = --yes ] && [ "$2" = mailcheck-cli@1 ] || exit 99\nshift 2\nexec "${process.execPath}" "${cli}" "$@"`);
});
afterEach(() => b.close());

const accounts = () => [
  ...Array.from({ length: 7 }, (_, i) => accountOf(good, { name: `n${i}`, password: { env: 'MAIL_PASSWORD' } })),
  accountOf(expired, { name: 'old', password: { env: 'MAIL_PASSWORD' } }),
];
const SECRET = 'correct horse battery';

function shell(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd = b.folder,
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return import('node:child_process').then(
    ({ spawn }) =>
      new Promise((done) => {
        const child = spawn(command[0] ?? '', command.slice(1), {
          cwd,
          env: {
            PATH: `${bin}:${process.env.PATH}`,
            HOME: b.folder,
            LANG: 'C.UTF-8',
            NO_COLOR: '1',
            NPM_LOG: join(b.folder, 'npm.log'),
            ...env,
          },
        });
        let [stdout, stderr] = ['', ''];
        child.stdout.on('data', (d) => {
          stdout += d;
        });
        child.stderr.on('data', (d) => {
          stderr += d;
        });
        child.on('close', (status) => done({ status, stdout, stderr }));
      }),
  );
}

/** `${{ … }}` with the contexts that the recipes use. */
const fill = (text: string, context: Readonly<Record<string, string>>) =>
  String(text).replace(/\$\{\{\s*([\w.-]+)\s*\}\}/g, (_, name: string) => {
    const value = context[name];
    if (value === undefined) throw new Error(`nothing is known of ${name}`);
    return value;
  });

/** Runs the steps of action.yml as GitHub's runner does. */
async function action(inputs: Readonly<Record<string, string>>, more: Readonly<Record<string, string>> = {}) {
  const { inputs: declared, runs }: Json = parse(read('action.yml'));
  for (const name of Object.keys(inputs)) expect(Object.keys(declared)).toContain(name);
  const context = {
    ...Object.fromEntries(Object.entries(declared).map(([k, v]) => [`inputs.${k}`, inputs[k] ?? String((v as Json).default)])),
    'strategy.job-index': '0',
    'strategy.job-total': '1',
    ...more,
  };
  const [output, summary] = [join(b.folder, 'output'), join(b.folder, 'summary')];
  for (const f of [output, summary]) if (!existsSync(f)) writeFileSync(f, '');
  let ran = { status: 0 as number | null, stdout: '', stderr: '' };
  for (const step of runs.steps) {
    expect(step.shell).toBe('bash');
    // No expression stands in the script itself, where it would be code.
    expect(step.run).not.toContain('${{');
    const script = join(b.folder, 'step.sh');
    writeFileSync(script, step.run);
    const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([k, v]) => [k, fill(String(v), context)]));
    ran = await shell(['bash', '--noprofile', '--norc', '-eo', 'pipefail', script], {
      MAIL_PASSWORD: SECRET,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      ...env,
    });
    if (ran.status !== 0) break;
  }
  return { ...ran, output: readFileSync(output, 'utf8'), summary: readFileSync(summary, 'utf8') };
}

describe('the GitHub Action', () => {
  it('checks, annotates, writes the summary and its outputs, and ends with the status of the run', async () => {
    b.file('mail.yaml', config(accounts()));
    const ran = await action({
      file: 'mail.yaml',
      junit: 'report.xml',
      results: 'all.ndjson',
      sarif: 'report.sarif',
      args: '--timeout\n5\n\n--no-control-probes\n',
    });
    expect(ran.stderr).toBe('');
    expect(ran.status).toBe(1);
    expect(ran.output).toBe('status=1\n');
    expect(ran.stdout).toMatch(/^::error title=FAILED%3A IMAP .*The certificate has expired/m);
    expect(ran.summary).toContain('# Mail account check');
    expect(ran.summary).toContain('8 checks: 1 FAILED, 7 PASSED.');
    expect(lines(readFileSync(join(b.folder, 'all.ndjson'), 'utf8'))).toHaveLength(8);
    expect(readFileSync(join(b.folder, 'report.xml'), 'utf8')).toContain('<testsuites');
    expect(JSON.parse(readFileSync(join(b.folder, 'report.sarif'), 'utf8')).version).toBe('2.1.0');
    expect(readFileSync(join(b.folder, 'npm.log'), 'utf8')).toBe(
      'npm install --global --ignore-scripts --no-audit --no-fund mailcheck-cli@1\n',
    );
    expect(JSON.stringify(ran)).not.toContain(SECRET);
  });
  it('takes the job’s place in a matrix, or a part, and no input as code', async () => {
    b.file('mail.yaml', config(accounts().slice(0, 7)));
    const keys: string[] = [];
    for (const i of ['0', '1', '2']) {
      const ran = await action(
        { file: 'mail.yaml', shard: 'matrix', results: `p${i}.ndjson` },
        { 'strategy.job-index': i, 'strategy.job-total': '3' },
      );
      expect(ran.status).toBe(0);
      keys.push(...lines(readFileSync(join(b.folder, `p${i}.ndjson`), 'utf8')).map((r) => r.key));
    }
    expect(keys.sort()).toEqual(['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6']);
    const odd = 'a b"; touch hacked; "$(touch hacked)`touch hacked`.yaml';
    b.file(odd, config([accountOf(good, { password: { env: 'MAIL_PASSWORD' } })]));
    expect((await action({ file: odd, shard: '1/1' })).status).toBe(0);
    expect(existsSync(join(b.folder, 'hacked'))).toBe(false);
    expect((await action({ file: 'nowhere.yaml' })).output.trim().split('\n').at(-1)).toBe('status=2');
  });
  it('is what the workflow uses, with inputs that it has', () => {
    const { jobs }: Json = parse(read('test/recipes/github.yml'));
    const { inputs }: Json = parse(read('action.yml'));
    const step = jobs.check.steps.find((s: Json) => /mailcheck@/.test(s.uses ?? ''));
    for (const name of Object.keys(step.with)) expect(Object.keys(inputs)).toContain(name);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's own form
    expect(step.env.MAIL_PASSWORD).toBe('${{ secrets.MAIL_PASSWORD }}');
  });
});

it('the GitHub workflow: four jobs and a report of all', async () => {
  const { jobs }: Json = parse(read('test/recipes/github.yml'));
  b.file('mailcheck.yaml', config(accounts()));
  const parts: number[] = jobs.check.strategy.matrix.part;
  const step = jobs.check.steps.find((s: Json) => /mailcheck@/.test(s.uses ?? ''));
  for (const [i, part] of parts.entries()) {
    const context = { 'matrix.part': String(part) };
    const inputs = Object.fromEntries(Object.entries(step.with).map(([k, v]) => [k, fill(String(v), context)]));
    const ran = await action(inputs, { 'strategy.job-index': String(i), 'strategy.job-total': String(parts.length) });
    expect([0, 1]).toContain(ran.status);
  }
  const { run } = jobs.report.steps.find((s: Json) => s.run);
  const merged = await shell(['bash', '-e', '-c', run], {});
  expect(merged.status).toBe(1);
  expect(merged.stdout).toContain('8 checks: 1 FAILED, 7 PASSED.');
  expect(readFileSync(join(b.folder, 'report.html'), 'utf8')).toContain('<!doctype html>');
});

it('GitLab: parallel jobs and a report of all', async () => {
  const ci: Json = parse(read('test/recipes/gitlab.yml'));
  b.file('mailcheck.yaml', config(accounts()));
  const total = ci.mailcheck.parallel;
  const statuses: (number | null)[] = [];
  for (let i = 1; i <= total; i++) {
    const ran = await shell(['sh', '-e', '-c', ci.mailcheck.script.join('\n')], {
      CI_NODE_INDEX: String(i),
      CI_NODE_TOTAL: String(total),
      MAIL_PASSWORD: SECRET,
    });
    expect(ran.stderr).toBe(`mailcheck: Part ${i} of ${total} of the accounts (CI_NODE_INDEX, CI_NODE_TOTAL).\n`);
    expect(readFileSync(join(b.folder, `part-${i}.xml`), 'utf8')).toContain('<testsuites');
    statuses.push(ran.status);
  }
  expect(statuses.sort()).toEqual([0, 0, 1]);
  const merged = await shell(['sh', '-e', '-c', ci['mailcheck-report'].script.join('\n')], {});
  expect(merged.status).toBe(1);
  expect(merged.stdout).toContain('8 checks: 1 FAILED, 7 PASSED.');
  expect(existsSync(join(b.folder, 'report.html'))).toBe(true);
  expect(ci.stages).toEqual([ci.mailcheck.stage, ci['mailcheck-report'].stage]);
});

describe('Kubernetes', () => {
  const container = (job: Json): Json => job.spec.template.spec.containers[0];
  /** The container's words, with its folders in ours. */
  const wordsOf = (c: Json): string[] =>
    [...c.command, ...(c.args ?? [])].map((w: string) =>
      w.replaceAll('/etc/mailcheck', join(b.folder, 'etc')).replaceAll('/results', join(b.folder, 'results')),
    );
  const envOf = (c: Json): Record<string, string> =>
    Object.fromEntries(
      (c.env ?? []).map((e: Json) => {
        if (e.valueFrom) {
          expect(e.valueFrom.secretKeyRef).toEqual({ name: 'mailcheck', key: 'password' });
          return [e.name, SECRET];
        }
        return [e.name, e.name === 'HOME' ? b.folder : e.value];
      }),
    );
  beforeEach(() => {
    mkdirSync(join(b.folder, 'etc'));
    mkdirSync(join(b.folder, 'results'));
    b.file('etc/mailcheck.yaml', config(accounts()));
  });

  it('a CronJob streams its results to the log', async () => {
    const cron: Json = parse(read('test/recipes/cronjob.yaml'));
    expect([cron.apiVersion, cron.kind, cron.spec.concurrencyPolicy]).toEqual(['batch/v1', 'CronJob', 'Forbid']);
    const c = container(cron.spec.jobTemplate);
    const ran = await shell(wordsOf(c), envOf(c));
    expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 1, stderr: '' });
    expect(lines(ran.stdout)).toHaveLength(8);
  });
  it('an indexed Job shares the accounts; a pod that is replaced does nothing twice; the next job joins the results', async () => {
    const [job, report] = parseAllDocuments(read('test/recipes/indexed-job.yaml')).map((d): Json => d.toJS());
    expect([job.kind, job.spec.completionMode]).toEqual(['Job', 'Indexed']);
    const c = container(job);
    expect(c.env.find((e: Json) => e.name === 'JOB_COMPLETIONS').value).toBe(String(job.spec.completions));
    const pod = (i: number) => shell(wordsOf(c), { ...envOf(c), JOB_COMPLETION_INDEX: String(i) });
    for (let i = 0; i < job.spec.completions; i++) expect([0, 1]).toContain((await pod(i)).status);
    const logins = good.connections;
    for (let i = 0; i < job.spec.completions; i++) await pod(i);
    expect(good.connections).toBe(logins);
    const r = container(report);
    const merged = await shell(wordsOf(r), envOf(r));
    expect(merged.stdout).toContain('8 checks: 1 FAILED, 7 PASSED.');
  }, 120_000);
  it('both run without rights that they do not need', () => {
    for (const doc of [
      ...parseAllDocuments(read('test/recipes/cronjob.yaml')),
      ...parseAllDocuments(read('test/recipes/indexed-job.yaml')),
    ]) {
      const js: Json = doc.toJS();
      const spec = (js.spec.jobTemplate ?? js).spec.template.spec;
      expect(spec.securityContext.runAsNonRoot).toBe(true);
      expect(spec.restartPolicy).toBe('Never');
    }
  });
});

describe('all recipes', () => {
  it.each([...RECIPES.map((f) => `test/recipes/${f}`), 'action.yml'])('%s is YAML without a secret in it', (path) => {
    for (const doc of parseAllDocuments(read(path))) expect(doc.errors).toEqual([]);
    expect(read(path)).not.toMatch(/password:\s*\w*[0-9!]|--password|--token/i);
  });
  it('stand in the README as they stand here', () => {
    if (!existsSync(join(ROOT, 'README.md'))) return;
    const readme = read('README.md');
    for (const recipe of RECIPES) {
      const text = read(`test/recipes/${recipe}`);
      const [first = ''] = text.split('\n');
      if (readme.includes(first)) expect(readme, recipe).toContain(text.trim());
    }
  });
  it('need nothing that is not there', () => {
    expect(spawnSync('bash', ['-n', '-c', parse(read('action.yml')).runs.steps[1].run]).status).toBe(0);
  });
});

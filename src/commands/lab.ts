/** `mailcheck lab`: embedded mail servers on loopback that show a fault, healthy ones too. */
import { Args, Flags } from '@oclif/core';
import { UsageError } from '../model/usage.ts';
import { Base, interruptions } from './base.ts';
import { reportFlags } from './flags.ts';

export class Lab extends Base {
  static override readonly summary = 'Serve mail servers with a fault on loopback, to try mailcheck on.';
  static override readonly description =
    'Without a name it lists the scenarios. With names it starts one server for each, prints the check command that meets it, and serves until Ctrl-C. Loopback only; the mail in it is invented.';
  static override readonly strict = false;
  static override readonly args = {
    scenario: Args.string({
      ignoreStdin: true,
      name: 'SCENARIO…',
      description: 'the id of a cause, or healthy-pop, healthy-imap, healthy-smtp, …',
    }),
  };
  static override readonly flags = {
    json: reportFlags.json,
    lang: reportFlags.lang,
    plugins: reportFlags.plugins,
    verbose: Flags.boolean({ description: 'show the conversation on stderr, passwords masked' }),
  };
  static override readonly examples = [
    '<%= config.bin %> lab',
    '<%= config.bin %> lab certificate.self-signed',
    '<%= config.bin %> lab healthy-pop auth.credentials-rejected',
  ];

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Lab);
    const names = argv.map(String);
    const kit = await this.kit(flags.plugins);
    const words = await this.words(this.language(flags.lang), kit);
    const width = {
      width: process.stdout.isTTY ? Math.max(40, Math.min(process.stdout.columns ?? 80, 120)) : 80,
      color: process.stdout.isTTY === true && !process.env.NO_COLOR,
    };
    const [{ scenarios, checkCommand, checkEnvironment }, { renderLab, labJson }, { causeWords }] = await Promise.all([
      import('../lab/scenarios.ts'),
      import('../reporters/lab.ts'),
      import('../report/finding.ts'),
    ]);
    const all = scenarios(kit.causes);
    const titleOf = (name: string, title: string) => {
      const cause = kit.causes.find((c) => c.id === name);
      return cause ? causeWords(cause, words).title : title;
    };
    if (names.length === 0) {
      const list = all.map((s) => ({ name: s.name, protocol: s.serve.protocol, title: titleOf(s.name, s.title) }));
      await this.print(flags.json ? labJson({ scenarios: list }) : renderLab({ scenarios: list }, words, width));
      return;
    }
    const wanted = await Promise.all(
      names.map(async (name) => {
        const found = all.find((s) => s.name === name);
        if (found) return found;
        const { nearest } = await import('../settle/near.ts');
        const near = nearest(
          name,
          all.map((s) => s.name),
          4,
        );
        const unserved = kit.causes.find((c) => c.id === name)?.example.unserved;
        if (unserved !== undefined) throw new UsageError(`no server can show ${name}: ${unserved}`);
        throw new UsageError(
          `there is no scenario ${/^[\w.-]{1,60}$/.test(name) ? name : 'of that name'}${near ? `; did you mean ${near}?` : ''} (mailcheck lab lists them)`,
        );
      }),
    );
    const signal = interruptions();
    const [{ serve }, { createAuthority }] = await Promise.all([import('../lab/server.ts'), import('../lab/authority.ts')]);
    const authority = createAuthority();
    const log = flags.verbose ? (line: string) => void process.stderr.write(`${line}\n`) : undefined;
    const running = await Promise.all(wanted.map((s) => serve(s.serve, { authority, ...(log ? { log } : {}) })));
    try {
      const servers = running.map((r, i) => {
        const scenario = wanted[i];
        const env = Object.entries(checkEnvironment(r)).filter(([name]) =>
          (scenario ? checkCommand(scenario, r) : []).includes(name),
        );
        const shell = (w: string) => (/^[\w@%+=:,./[\]-]+$/.test(w) ? w : `'${w.replace(/'/g, "'\\''")}'`);
        const command = [
          ...env.map(([k, v]) => `${k}=${shell(v)}`),
          this.config.bin,
          ...(scenario ? checkCommand(scenario, r) : []).map(shell),
        ].join(' ');
        return {
          name: scenario?.name ?? '',
          protocol: r.protocol,
          title: titleOf(scenario?.name ?? '', scenario?.title ?? ''),
          address: r.address,
          port: r.port,
          command,
        };
      });
      await this.print(flags.json ? labJson({ servers }) : renderLab({ servers }, words, width));
      if (!signal.aborted)
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    } finally {
      await Promise.all(running.map((r) => r.close()));
    }
  }
}

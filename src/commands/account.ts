/** `mailcheck account`: the whole account at once, from only an address. */
import type { Protocol, Security } from '../model/terms.ts';
import { UsageError } from '../model/usage.ts';
import type { Told } from '../settle/settle.ts';
import { Base, interruptions } from './base.ts';
import { addressArg } from './check-command.ts';
import { accountEndpointFlags, accountFlags, FORMATS, networkFlags, reportFlags, secretFlags, senderFlags } from './flags.ts';

const SERVICES = [
  ['imap', 'imap'],
  ['pop', 'pop3'],
  ['smtp', 'smtp'],
] as const satisfies readonly (readonly [string, Protocol])[];

export class Account extends Base {
  static override readonly summary = 'Check a whole account: incoming and outgoing side by side.';
  static override readonly description =
    'Finds the settings from the address, checks POP and IMAP, whichever are published, and submission at the same time, reasons across them, and ends with settings that work.';
  static override readonly args = addressArg;
  static override readonly flags = {
    ...accountEndpointFlags,
    ...accountFlags,
    ...secretFlags,
    ...networkFlags,
    ...reportFlags,
    ...senderFlags,
  };
  static override readonly examples = [
    { description: 'From only the address', command: '<%= config.bin %> account you@example.com' },
    {
      description: 'With servers of your own',
      command:
        '<%= config.bin %> account you@example.com --imap-host imap.example.com --smtp-host smtp.example.com --password-env MAIL_PASSWORD',
    },
    { description: 'For a ticket', command: '<%= config.bin %> account you@example.com --format markdown --output report.md' },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Account);
    // Without an address nothing can be found: what is checked has to be named.
    const named = (word: string) => args.address !== undefined || flags.preset !== undefined || `${word}-host` in flags;
    const services = SERVICES.filter(([word]) => named(word));
    if (services.length === 0)
      throw new UsageError('name the account or its servers: mailcheck account you@example.com, or --imap-host imap.example.com');
    const signal = interruptions();
    const [
      { netOptionsOf, optionsOf, portOf },
      { readTold },
      { outputsOf, checkPlaces },
      { deliver, exitOf, reportOf, savedAt },
      { checkMechanism, presetNamed, loadedPlugins },
      { readHost },
    ] = await Promise.all([
      import('./settings.ts'),
      import('../settle/settle.ts'),
      import('./outputs.ts'),
      import('./checking.ts'),
      import('./shared.ts'),
      import('../settle/names.ts'),
    ]);
    const kit = await this.kit(flags.plugins);
    const outputs = outputsOf(flags, [...FORMATS, ...kit.reporters.map((r) => r.format)]);
    checkPlaces(outputs, flags.save, flags.overwrite);
    const options = optionsOf(flags);
    const net = netOptionsOf(flags);
    const preset = flags.preset === undefined ? undefined : presetNamed(flags.preset, kit);
    if (flags.mechanism !== undefined) await checkMechanism(flags.mechanism);
    const typed: Readonly<Record<string, unknown>> = flags;
    const text = (name: string) => (typeof typed[name] === 'string' ? typed[name] : undefined);
    const told = services.map(([word, protocol]): Told => {
      const [host, port, security] = [
        text(`${word}-host`),
        portOf(text(`${word}-port`), `--${word}-port`),
        text(`${word}-security`),
      ];
      return readTold({
        protocol,
        from: flags.from ?? [],
        insecureAuth: flags['insecure-auth'],
        ...(args.address !== undefined ? { address: args.address } : {}),
        ...(host !== undefined ? { host: readHost(host, `--${word}-host`) } : {}),
        ...(port !== undefined ? { port } : {}),
        ...(security !== undefined ? { security: security as Security } : {}),
        ...(preset ? { preset } : {}),
        ...(flags.user !== undefined ? { user: flags.user } : {}),
        ...(flags.mechanism !== undefined ? { mechanism: flags.mechanism } : {}),
        ...(flags.rcpt !== undefined ? { recipient: flags.rcpt } : {}),
        ...(flags.client !== undefined ? { client: flags.client } : {}),
      });
    });
    const { readSecret } = await import('./secrets.ts');
    const early = options.until !== undefined && !['auth', 'mailbox', 'identity', 'send'].includes(options.until);
    const prompt = !early && !flags['no-input'] && process.stdin.isTTY === true && process.stderr.isTTY === true;
    const address = told[0]?.address ?? null;
    const secret = await readSecret(flags, {
      prompt,
      question: `Password for ${flags.user ?? address ?? 'the account'} (Enter for none): `,
      signal,
    });
    const language = this.language(flags.lang);
    const [words, english, { progress }, { accountRules }, { checkAccount }] = await Promise.all([
      this.words(language, kit),
      this.words('en', kit),
      import('./progress.ts'),
      import('../causes/account.ts'),
      import('../account.ts'),
    ]);
    const show = progress(words);
    let done: Awaited<ReturnType<typeof checkAccount>>;
    try {
      done = await checkAccount({
        told: told.map((t) => (secret ? { ...t, secret } : t)),
        options,
        net,
        signal,
        kit,
        emit: show.on,
        accountRules,
      });
    } finally {
      show.end();
    }
    const { checks, working } = done;
    const report = await reportOf({
      checkup: done,
      address,
      kit,
      words,
      english,
      version: this.config.version,
      transcript: flags.transcript,
      redact: flags.redact,
      working,
      plugins: loadedPlugins(this.config),
    });
    const save = await savedAt(flags.save, {
      ...{ checks, account: { address, preset: done.preset }, startedAt: done.startedAt },
      ...{ version: this.config.version, redact: flags.redact },
    });
    process.exitCode = exitOf([report.verdict], flags.strict, outputs);
    await deliver([report], outputs, words, kit, false, (t) => this.print(t), undefined, save);
  }
}

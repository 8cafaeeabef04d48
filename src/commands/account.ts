/** `mailcheck account`: the whole account at once, from only an address. */
import type { Report } from '../model/diagnosis.ts';
import type { Protocol, Security } from '../model/terms.ts';
import { UsageError } from '../model/usage.ts';
import { needsDiscovery, type Offer, type Told } from '../settle/settle.ts';
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
    if (args.address === undefined) throw new UsageError('name the account: mailcheck account you@example.com');
    const signal = interruptions();
    const [
      { netOptionsOf, optionsOf, portOf },
      { readTold },
      { checkup },
      { outputsOf, checkWritable, writeWhole },
      { deliver, exitOf, reportOf },
      { presetNamed, loadedPlugins },
    ] = await Promise.all([
      import('./settings.ts'),
      import('../settle/settle.ts'),
      import('../checkup.ts'),
      import('./outputs.ts'),
      import('./checking.ts'),
      import('./shared.ts'),
    ]);
    const kit = await this.kit(flags.plugins);
    const outputs = outputsOf(flags, [...FORMATS, ...kit.reporters.map((r) => r.format)]);
    for (const path of [...outputs.map((o) => o.path), flags.save]) if (path !== undefined) checkWritable(path, flags.overwrite);
    const options = optionsOf(flags);
    const net = netOptionsOf(flags);
    const preset = flags.preset === undefined ? undefined : await presetNamed(flags.preset, kit);
    const typed: Readonly<Record<string, unknown>> = flags;
    const text = (name: string) => (typeof typed[name] === 'string' ? typed[name] : undefined);
    const told = SERVICES.map(([word, protocol]): Told => {
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
        ...(host !== undefined ? { host } : {}),
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
    const address = told[0]?.address ?? args.address;
    const secret = await readSecret(flags, {
      prompt,
      question: `Password for ${flags.user ?? address} (Enter for none): `,
      signal,
    });
    const language = this.language(flags.lang);
    const [words, english, { progress }, { accountRules }, { judgeAcross }] = await Promise.all([
      this.words(language, kit),
      this.words('en', kit),
      import('./progress.ts'),
      import('../causes/account.ts'),
      import('../across.ts'),
    ]);
    const found = await this.found(told, address, net, options.timeoutMs, signal);
    const offered = (t: Told) =>
      t.host === undefined && needsDiscovery(t) ? found.offers.some((o) => o.protocol === t.protocol) : hasServer(t);
    const some = told.filter(offered);
    const wanted = some.length > 0 ? some : told.filter((t) => t.protocol !== 'pop3');
    const show = progress(words);
    let done: Awaited<ReturnType<typeof checkup>>;
    try {
      done = await checkup({
        told: wanted.map((t) => (secret ? { ...t, secret } : t)),
        options,
        net,
        signal,
        kit,
        emit: show.on,
        offers: found.offers,
        found: found.evidence,
      });
    } finally {
      show.end();
    }
    const checks = judgeAcross(done.checks, kit, accountRules);
    const working: NonNullable<Report['working']> = checks
      .filter((c) => c.diagnosis.verdict === 'pass' || c.diagnosis.verdict === 'warn')
      .map(({ service: s }) => ({
        protocol: s.protocol,
        host: s.host,
        port: s.port,
        security: s.security,
        user: s.user ?? null,
      }));
    const report = await reportOf({
      checkup: { ...done, checks },
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
    if (flags.save !== undefined) {
      const [{ savedEvidence }, { forJson }] = await Promise.all([import('../report/save.ts'), import('../report/escape.ts')]);
      writeWhole(
        flags.save,
        `${forJson(savedEvidence({ checks, account: { address, preset: done.preset }, startedAt: done.startedAt, version: this.config.version }))}\n`,
      );
    }
    process.exitCode = exitOf([report.verdict], flags.strict);
    await deliver([report], outputs, words, kit, false, (t) => this.print(t));
  }

  /** Discovery runs once for all services, and not at all where every host was named. */
  private async found(
    told: readonly Told[],
    address: string,
    net: Parameters<typeof import('../checkup.ts').checkup>[0]['net'],
    timeoutMs: number,
    signal: AbortSignal,
  ) {
    const missing = told.filter((t) => t.host === undefined && needsDiscovery(t));
    if (missing.length === 0 || told.some((t) => t.host !== undefined)) return { offers: [] as readonly Offer[], evidence: [] };
    // A preset that lacks one protocol (no POP) is an answer, not a question.
    if (missing.length < told.length) return { offers: [] as readonly Offer[], evidence: [] };
    const [{ createNet }, { discover }] = await Promise.all([import('../net/net.ts'), import('../settle/discover.ts')]);
    const line = createNet({ ...net, signal, secrets: [], users: [], transcript: false });
    try {
      line.deadline(timeoutMs);
      return await discover(address, line, { probe: true, protocols: told.map((t) => t.protocol) });
    } finally {
      await line.close();
    }
  }
}

/** A service whose host was named, or that the preset offers. */
function hasServer(told: Told): boolean {
  return told.host !== undefined || !needsDiscovery(told);
}

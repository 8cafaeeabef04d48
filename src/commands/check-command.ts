/** pop, imap and smtp: one service of one account. */
import { Args } from '@oclif/core';
import type { Protocol, Security } from '../model/terms.ts';
import { UsageError } from '../model/usage.ts';
import { readHost } from '../settle/names.ts';
import type { Told } from '../settle/settle.ts';
import { Base, interruptions } from './base.ts';
import { accountFlags, endpointFlags, FORMATS, networkFlags, reportFlags, secretFlags } from './flags.ts';

export const oneServiceFlags = { ...endpointFlags, ...accountFlags, ...secretFlags, ...networkFlags, ...reportFlags };
/** Standard input is for secrets and texts: the framework must not read a missing argument from it. */
export const addressArg = {
  address: Args.string({ ignoreStdin: true, name: 'ADDRESS', description: 'the mail address, as in you@example.com' }),
};

/** The parsed flags of all three commands; smtp has more. */
export interface CheckFlags {
  readonly [flag: string]: unknown;
}

export abstract class CheckCommand extends Base {
  protected abstract readonly protocol: Protocol;

  protected async check(address: string | undefined, flags: CheckFlags): Promise<void> {
    const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
    const on = (name: string) => flags[name] === true;
    const list = (name: string) => (Array.isArray(flags[name]) ? flags[name].map(String) : undefined);
    const signal = interruptions();
    const [
      { netOptionsOf, optionsOf, portOf },
      { readTold, needsDiscovery },
      { checkup },
      { outputsOf, checkPlaces },
      { deliver, exitOf, reportOf, savedAt },
    ] = await Promise.all([
      import('./settings.ts'),
      import('../settle/settle.ts'),
      import('../checkup.ts'),
      import('./outputs.ts'),
      import('./checking.ts'),
    ]);
    const kit = await this.kit(flags.plugins !== false);
    const outputs = outputsOf({ format: text('format') ?? 'terminal', json: on('json'), output: list('output') }, [
      ...FORMATS,
      ...kit.reporters.map((r) => r.format),
    ]);
    const save = text('save');
    checkPlaces(outputs, save, on('overwrite'));
    const options = optionsOf(flags);
    const net = netOptionsOf(flags);
    const host = text('host');
    const security = text('security');
    const client = text('client');
    const presetId = text('preset');
    const preset = presetId === undefined ? undefined : (await import('./shared.ts')).presetNamed(presetId, kit);
    const port = portOf(text('port'));
    const user = text('user');
    const mechanism = text('mechanism');
    const rcpt = text('rcpt');
    if (mechanism !== undefined) await (await import('./shared.ts')).checkMechanism(mechanism);
    let told = readTold({
      protocol: this.protocol,
      from: list('from') ?? [],
      insecureAuth: on('insecure-auth'),
      ...(address !== undefined ? { address } : {}),
      ...(host !== undefined ? { host } : {}),
      ...(port !== undefined ? { port } : {}),
      ...(security !== undefined ? { security: security as Security } : {}),
      ...(preset ? { preset } : {}),
      ...(user !== undefined ? { user } : {}),
      ...(mechanism !== undefined ? { mechanism } : {}),
      ...(rcpt !== undefined ? { recipient: rcpt } : {}),
      ...(client !== undefined ? { client } : {}),
    });
    if (told.host === undefined && told.address === undefined && !preset) {
      throw new UsageError(
        `name the account or the server: mailcheck ${this.id} you@example.com, or mailcheck ${this.id} --host mail.example.com`,
      );
    }
    const { readSecret } = await import('./secrets.ts');
    const early =
      options.until !== undefined &&
      ['settings', 'dns', 'connect', 'tls', 'certificate', 'greeting', 'capabilities'].includes(options.until);
    const prompt =
      !early &&
      !on('no-input') &&
      process.stdin.isTTY === true &&
      process.stderr.isTTY === true &&
      (told.user ?? told.address) !== undefined;
    const secret = await readSecret(flags, {
      prompt,
      question: `Password for ${told.user ?? told.address} (Enter for none): `,
      signal,
    });
    if (secret) told = { ...told, secret };
    const language = this.language(text('lang'));
    const [words, english, { progress }] = await Promise.all([
      this.words(language, kit),
      this.words('en', kit),
      import('./progress.ts'),
    ]);
    const show = progress(words);
    const incoming = options.arrival ? this.incoming(told, text, portOf, needsDiscovery) : undefined;
    const done = await checkup({ told: [told], options, net, signal, kit, emit: show.on, ...(incoming ? { incoming } : {}) });
    show.end();
    const report = await reportOf({
      checkup: done,
      address: told.address ?? null,
      kit,
      words,
      english,
      version: this.config.version,
      transcript: on('transcript'),
      redact: on('redact'),
      plugins: (await import('./shared.ts')).loadedPlugins(this.config),
    });
    const saved = await savedAt(save, {
      ...{ checks: done.checks, account: { address: told.address ?? null, preset: done.preset }, startedAt: done.startedAt },
      ...{ version: this.config.version, redact: on('redact') },
    });
    process.exitCode = exitOf([report.verdict], on('strict'), outputs);
    await deliver([report], outputs, words, kit, false, (t) => this.print(t), undefined, saved);
  }

  /** Where the test message should arrive: the server that was named, else the preset's, IMAP before POP3. */
  private incoming(
    told: Told,
    text: (name: string) => string | undefined,
    portOf: (typed: string | undefined, what?: string) => number | undefined,
    needsDiscovery: (told: Told) => boolean,
  ): Told {
    for (const [word, protocol] of [
      ['imap', 'imap'],
      ['pop', 'pop3'],
    ] as const) {
      const host = text(`${word}-host`);
      const port = portOf(text(`${word}-port`), `--${word}-port`);
      const security = text(`${word}-security`);
      const { host: _h, port: _p, security: _s, mechanism: _m, ...account } = told;
      const there: Told = {
        ...account,
        protocol,
        from: [],
        ...(host !== undefined ? { host: readHost(host, `--${word}-host`) } : {}),
        ...(port !== undefined ? { port } : {}),
        ...(security !== undefined ? { security: security as Security } : {}),
      };
      if (host !== undefined || !needsDiscovery(there)) return there;
    }
    throw new UsageError('--arrival needs to know where mail arrives: add --imap-host or --pop-host');
  }
}

/** `mailcheck discover`: where a mail client would find settings, every source side by side. */
import { domainToUnicode } from 'node:url';
import { Args } from '@oclif/core';
import { Base, interruptions } from './base.ts';
import { networkFlags, reportFlags } from './flags.ts';

const {
  until: _until,
  'check-revocation': _revocation,
  'trace-route': _trace,
  'control-host': _host,
  'control-probes': _probes,
  ...network
} = networkFlags;

export class Discover extends Base {
  static override readonly summary = 'Show where a mail client would find settings, and what each source says.';
  static override readonly description =
    'Asks presets, MX, autoconfig, SRV records, Autodiscover and, last, the usual names, all at the same time, and shows what each says, how long it took, whether every hop was authenticated and whether the server answers. No password is ever sent.';
  static override readonly args = {
    address: Args.string({ ignoreStdin: true, name: 'ADDRESS', description: 'the mail address', required: true }),
  };
  static override readonly flags = { ...network, json: reportFlags.json, lang: reportFlags.lang, plugins: reportFlags.plugins };
  static override readonly examples = [
    '<%= config.bin %> discover you@example.com',
    '<%= config.bin %> discover you@example.com --json | jq \'.sources[] | select(.outcome == "found")\'',
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Discover);
    const [
      { readAddress },
      { netOptionsOf, optionsOf },
      { createNet },
      { discover },
      { judge },
      { factsOf },
      { composeExplanation },
      reporters,
    ] = await Promise.all([
      import('../settle/names.ts'),
      import('./settings.ts'),
      import('../net/net.ts'),
      import('../settle/discover.ts'),
      import('../judge.ts'),
      import('../model/facts.ts'),
      import('../report/explain.ts'),
      import('../reporters/discovery.ts'),
    ]);
    const address = readAddress(args.address);
    const kit = await this.kit(flags.plugins);
    const words = await this.words(this.language(flags.lang), kit);
    const net = createNet({ ...netOptionsOf(flags), signal: interruptions(), secrets: [], users: [], transcript: false });
    try {
      const { timeoutMs, compareResolver } = optionsOf(flags);
      net.deadline(timeoutMs);
      const found = await discover(address.text, net, {
        probe: true,
        audit: true,
        protocols: ['imap', 'pop3', 'smtp'],
        ...(compareResolver === undefined ? {} : { compareResolver }),
      });
      const diagnosis = judge(factsOf(found.evidence), kit.causes);
      const findings = composeExplanation({ diagnosis, words, causes: kit.causes, known: { address: address.text } }).matches;
      const width = {
        width: process.stdout.isTTY ? Math.max(40, Math.min(process.stdout.columns ?? 80, 120)) : 80,
        color: process.stdout.isTTY === true && !process.env.NO_COLOR,
      };
      process.exitCode = found.offers.length > 0 ? 0 : 1;
      await this.print(
        flags.json
          ? `${(await import('../report/escape.ts')).forJson({
              schema: 'mailcheck.discover/1',
              tool: { name: 'mailcheck', version: this.config.version },
              address: address.text,
              domain: { ascii: address.domain, unicode: domainToUnicode(address.domain) },
              preset: found.preset?.id ?? null,
              sources: found.sources,
              offers: found.offers,
              choices: found.choices,
              findings,
            })}\n`
          : reporters.renderDiscovery(
              { address: address.text, sources: found.sources, offers: found.offers, choices: found.choices, findings },
              words,
              width,
            ),
      );
    } finally {
      await net.close();
    }
  }
}

/** `mailcheck presets`: the providers that are known, or one in full with sources and dates. */
import { Args } from '@oclif/core';
import { Base } from './base.ts';
import { reportFlags } from './flags.ts';

export class Presets extends Base {
  static override readonly summary = 'List the provider presets, or show one in full.';
  static override readonly description =
    'Settings, prerequisites and exact replies of mail providers, each fact with its source and the date when it was checked.';
  static override readonly args = { id: Args.string({ ignoreStdin: true, name: 'ID', description: 'one preset, as in zoho' }) };
  static override readonly flags = { json: reportFlags.json, lang: reportFlags.lang, plugins: reportFlags.plugins };
  static override readonly examples = [
    '<%= config.bin %> presets',
    '<%= config.bin %> presets zoho',
    "<%= config.bin %> presets gmail --json | jq '.preset.endpoints'",
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Presets);
    const kit = await this.kit(flags.plugins);
    const words = await this.words(this.language(flags.lang), kit);
    const width = {
      width: process.stdout.isTTY ? Math.max(40, Math.min(process.stdout.columns ?? 80, 120)) : 80,
      color: process.stdout.isTTY === true && !process.env.NO_COLOR,
    };
    const [{ allPresets }, { renderPreset, renderPresets, presetJson, presetsJson }] = await Promise.all([
      import('../settle/presets.ts'),
      import('../reporters/presets.ts'),
    ]);
    if (args.id === undefined) {
      const all = [...allPresets(), ...kit.presets];
      await this.print(flags.json ? presetsJson(all) : renderPresets(all, words, width));
      return;
    }
    const preset = (await import('./shared.ts')).presetNamed(args.id, kit);
    await this.print(flags.json ? presetJson(preset) : renderPreset(preset, words, width));
  }
}

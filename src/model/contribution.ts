/** Contribution: what the built-ins and every plugin offer, through the oclif hook `mailcheck:contribute`. */
import type { Cause } from './cause.ts';
import type { Preset } from './preset.ts';
import type { Reporter } from './reporter.ts';
import type { Stage } from './stage.ts';
import type { Protocol } from './terms.ts';
import type { Words } from './words.ts';

export interface Contribution {
  /** Who offers it: `mailcheck` or the plugin's package name. */
  readonly name: string;
  readonly presets?: readonly Preset[];
  readonly causes?: readonly Cause[];
  /** Stages that run after the built-in ones of that protocol, before the good-bye. They get no secret and no open line. */
  readonly stages?: readonly { readonly protocol: Protocol; readonly stage: Stage }[];
  readonly reporters?: readonly Reporter[];
  readonly locales?: readonly Words[];
}

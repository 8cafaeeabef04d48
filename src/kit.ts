/** Kit: the built-in contribution merged with the plugins'. A plugin adds; it never replaces what is built in. */
import { catalogue } from './causes/index.ts';
import type { Cause } from './model/cause.ts';
import type { Contribution } from './model/contribution.ts';
import type { Preset } from './model/preset.ts';
import type { Reporter } from './model/reporter.ts';
import type { Words } from './model/words.ts';

export interface Kit {
  readonly causes: readonly Cause[];
  readonly presets: readonly Preset[];
  readonly stages: NonNullable<Contribution['stages']>;
  readonly reporters: readonly Reporter[];
  readonly locales: readonly Words[];
  readonly warnings: readonly string[];
  /** Adds a warning that the report shows. */
  warn(text: string): void;
}

/** @returns the kit; whatever a contribution offers under a name that is taken is left out with a warning. */
export function kitOf(contributions: readonly Contribution[]): Kit {
  const warnings: string[] = [];
  const causes: Cause[] = [...catalogue];
  const known = new Set(causes.map((c) => c.id));
  const presets: Preset[] = [];
  const reporters: Reporter[] = [];
  const locales: Words[] = [];
  const stages: NonNullable<Contribution['stages']>[number][] = [];
  for (const c of contributions) {
    for (const cause of c.causes ?? []) {
      if (known.has(cause.id)) warnings.push(`plugin ${c.name}: the cause ${cause.id} exists already and was left out`);
      else {
        known.add(cause.id);
        causes.push(guarded(cause, c.name, warnings));
      }
    }
    for (const p of c.presets ?? []) {
      if (presets.some((x) => x.id === p.id))
        warnings.push(`plugin ${c.name}: the preset ${p.id} exists already and was left out`);
      else presets.push(p);
    }
    for (const r of c.reporters ?? []) {
      if (reporters.some((x) => x.format === r.format))
        warnings.push(`plugin ${c.name}: the format ${r.format} exists already and was left out`);
      else reporters.push(r);
    }
    locales.push(...(c.locales ?? []));
    stages.push(...(c.stages ?? []));
  }
  return {
    causes,
    presets,
    stages,
    reporters,
    locales,
    warnings,
    warn: (text) => void (warnings.includes(text) || warnings.push(text)),
  };
}

/** A plugin's rule that throws is one warning; the judge stays total. */
function guarded(cause: Cause, plugin: string, warnings: string[]): Cause {
  return {
    ...cause,
    rules: cause.rules.map((rule) => (facts) => {
      try {
        return rule(facts);
      } catch (error) {
        const text = `plugin ${plugin}: the cause ${cause.id} failed: ${error instanceof Error ? error.message : 'unknown error'}`;
        if (!warnings.includes(text)) warnings.push(text);
        return undefined;
      }
    }),
  };
}

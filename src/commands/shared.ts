/** Small things that several commands need of presets and plugins. */
import type { Interfaces } from '@oclif/core';
import type { Report } from '../model/diagnosis.ts';
import type { Preset } from '../model/preset.ts';
import { UsageError } from '../model/usage.ts';
import { loadPreset, nearestPreset } from '../settle/presets.ts';

/** @throws UsageError with the nearest id. */
export function presetNamed(id: string, kit: { readonly presets: readonly Preset[] }): Preset {
  const found = loadPreset(id) ?? kit.presets.find((p) => p.id === id);
  if (found) return found;
  const near = nearestPreset(id);
  throw new UsageError(
    `there is no preset ${/^[\w.-]{1,40}$/.test(id) ? id : 'of that name'}${near ? `; did you mean ${near}?` : ''} (mailcheck presets lists them)`,
  );
}

/** Plugins that people added, as every report names them (S-205, S-207). */
export function loadedPlugins(config: Interfaces.Config): NonNullable<Report['tool']['plugins']> {
  return [...config.plugins.values()]
    .filter((p) => p.type === 'user' || p.type === 'link')
    .map((p) => ({ name: p.name, version: p.version, ...(p.type === 'link' ? { linked: true } : {}) }));
}

/** @throws UsageError where no mechanism has this name. */
export async function checkMechanism(typed: string): Promise<void> {
  const { KNOWN } = await import('../wire/sasl.ts');
  const known: readonly string[] = KNOWN;
  if (!known.includes(typed.toUpperCase())) throw new UsageError(`--mechanism takes one of: ${known.join(', ')}`);
}

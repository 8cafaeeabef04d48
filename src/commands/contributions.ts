/** What plugins offer through the hook `mailcheck:contribute`. One that throws, hangs, exits or prints is one warning. */
import type { Interfaces } from '@oclif/core';
import type { Contribution } from '../model/contribution.ts';
import { cage } from './contribution-cage.ts';
import { faultOf, filled } from './contribution-form.ts';
import { hearFaults, inPlugin, pluginFault, saidBy } from './plugin-guard.ts';
import { CONTRIBUTE } from './plugins.ts';

/** How long a plugin may take to say what it offers. */
const PATIENCE_MS = 3000;

export interface Contributed {
  readonly contributions: readonly Contribution[];
  readonly warnings: readonly string[];
}

/**
 * @param listener hears faults that show later, while a plugin's rules, stages and formats run.
 * @returns the contributions of all plugins that answered well, and one warning for each fault.
 */
export async function contributionsOf(
  config: Interfaces.Config,
  listener: (warning: string) => void = () => {},
): Promise<Contributed> {
  const offering = [...config.plugins.values()].filter((p) => p.hooks[CONTRIBUTE] !== undefined);
  if (offering.length === 0) return { contributions: [], warnings: [] };
  const warnings: string[] = [];
  let hear = (warning: string): void => {
    warnings.push(warning);
  };
  hearFaults((plugin, words) => hear(`plugin ${plugin}: ${words}`));
  const asked = await Promise.all(offering.map((p) => ask(config, p)));
  hear = listener;
  return { contributions: asked.filter((c) => c !== undefined), warnings };
}

async function ask(config: Interfaces.Config, plugin: Interfaces.Plugin): Promise<Contribution | undefined> {
  const { name } = plugin;
  const offered = await answerOf(config, plugin);
  if ('fault' in offered) {
    pluginFault(name, `${offered.fault}; what it offers was left out`);
    return undefined;
  }
  try {
    const fault = faultOf(offered.value);
    if (fault === undefined) return cage(filled(offered.value as Contribution, name), name);
    pluginFault(name, `${fault}; what it offers was left out`);
  } catch (error) {
    // A getter or proxy of its own.
    pluginFault(name, `${saidBy(error)}; what it offers was left out`);
  }
  return undefined;
}

/** Runs the hook of one plugin. The patience is counted here: a timer of the framework would not keep the process alive. */
async function answerOf(
  config: Interfaces.Config,
  plugin: Interfaces.Plugin,
): Promise<{ readonly value: unknown } | { readonly fault: string }> {
  const alone: Interfaces.Config = Object.create(config, {
    plugins: { value: new Map([[plugin.name, plugin]]), enumerable: true },
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), PATIENCE_MS);
  });
  try {
    const result = await Promise.race([inPlugin(plugin.name, () => alone.runHook(CONTRIBUTE, {}, undefined, true)), late]);
    if (result === 'late') return { fault: `it did not answer within ${PATIENCE_MS / 1000} seconds` };
    const failure = result.failures[0];
    if (failure) return { fault: saidBy(failure.error) };
    const values = result.successes.map((s): unknown => s.result);
    return values.length === 1 ? { value: values[0] } : { value: joined(values) };
  } finally {
    clearTimeout(timer);
  }
}

/** A plugin may have several files for the one hook. */
function joined(values: readonly unknown[]): unknown {
  const all: Record<string, unknown[]> = {};
  for (const v of values)
    for (const [key, list] of Object.entries(Object(v) as Record<string, unknown>))
      if (Array.isArray(list)) all[key] = [...(all[key] ?? []), ...list];
  return all;
}

/** What plugins offer through the hook `mailcheck:contribute`. One that throws, hangs or exits is one warning. */
import type { Interfaces } from '@oclif/core';
import type { Contribution } from '../model/contribution.ts';

const PATIENCE_MS = 3000;

/** @returns the contributions of all plugins that answered well, and one warning for each that did not. */
export async function contributionsOf(config: Interfaces.Config): Promise<{ contributions: Contribution[]; warnings: string[] }> {
  const contributions: Contribution[] = [];
  const warnings: string[] = [];
  const offering = [...config.plugins.values()].some((p) => p.hooks['mailcheck:contribute'] !== undefined);
  if (!offering) return { contributions, warnings };
  const exit = process.exit;
  // A plugin must not end the process in the middle of a report (a hook that exits, not one that throws).
  process.exit = ((status?: number) => {
    throw new Error(`it tried to exit${status === undefined ? '' : ` with status ${status}`}`);
  }) as typeof process.exit;
  try {
    const result = await config.runHook('mailcheck:contribute', {}, PATIENCE_MS, true);
    for (const { plugin, error } of result.failures)
      warnings.push(`plugin ${plugin.name}: ${said(error)}; what it offers was left out`);
    for (const { plugin, result: offered } of result.successes) {
      const c = contributionOf(offered, plugin.name);
      if (typeof c === 'string') warnings.push(`plugin ${plugin.name}: ${c}; what it offers was left out`);
      else contributions.push(c);
    }
  } finally {
    process.exit = exit;
  }
  return { contributions, warnings };
}

const said = (error: Error) => error.message.split('\n')[0]?.slice(0, 200) ?? 'failed';

const isList = (v: unknown) => v === undefined || Array.isArray(v);

function contributionOf(offered: unknown, name: string): Contribution | string {
  if (typeof offered !== 'object' || offered === null) return 'the hook returned nothing';
  const c = offered as Partial<Contribution>;
  if (![c.presets, c.causes, c.stages, c.reporters, c.locales].every(isList)) return 'a part of the contribution is not a list';
  const bad = c.causes?.find((x) => typeof x?.id !== 'string' || !Array.isArray(x.rules) || typeof x.words?.title !== 'string');
  if (bad) return 'a cause has no id, rules or words';
  if (c.reporters?.some((r) => typeof r?.format !== 'string' || typeof r.render !== 'function'))
    return 'a reporter has no format or render';
  if (c.presets?.some((p) => typeof p?.id !== 'string' || !Array.isArray(p.domains) || !Array.isArray(p.endpoints)))
    return 'a preset has no id, domains or endpoints';
  return { ...c, name };
}

/** Presets specialise causes: a provider's own words lead to a cause with the provider's own steps and page. */
import type { Cause, ProviderAdvice, Rule } from '../model/cause.ts';
import type { Preset, PresetReply } from '../model/preset.ts';
import { says } from './rules.ts';

/** A provider's phrase decides over plain words, not over a documented code with its text. */
const STRENGTH = 84;

/** @returns the catalogue with the phrases of these presets as further rules of their causes. */
export function specialise(causes: readonly Cause[], presets: readonly Preset[]): readonly Cause[] {
  const rules = new Map<string, Rule[]>();
  for (const preset of presets) {
    for (const reply of preset.replies) {
      const list = rules.get(reply.cause) ?? [];
      rules.set(reply.cause, list);
      list.push(ruleOf(preset, reply));
    }
  }
  return causes.map((c) => {
    const more = rules.get(c.id);
    return more ? { ...c, rules: [...c.rules, ...more] } : c;
  });
}

function ruleOf(preset: Preset, reply: PresetReply): Rule {
  const rule = says({
    phrases: [reply.phrase],
    ...(reply.code !== undefined ? { code: [reply.code] } : {}),
    ...(reply.enhanced !== undefined ? { enhanced: [reply.enhanced] } : {}),
    ...(reply.responseCode !== undefined ? { responseCode: [reply.responseCode] } : {}),
    ...(reply.protocol ? { protocol: [reply.protocol] } : {}),
    codeOptional: true,
    certainty: 'likely',
    strength: STRENGTH,
  });
  const provider: ProviderAdvice = {
    preset: preset.id,
    name: preset.name,
    ...(reply.fix ? { fix: reply.fix } : {}),
    ...(reply.help ? { link: { title: preset.name, url: reply.help } } : {}),
  };
  return (facts) => {
    const s = rule(facts);
    return s && { ...s, provider };
  };
}

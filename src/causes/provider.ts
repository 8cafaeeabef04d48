/** Presets specialise causes: a provider's own words lead to a cause with the provider's own steps and page. */
import type { Cause, ProviderAdvice, Rule } from '../model/cause.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import type { Preset, PresetReply } from '../model/preset.ts';
import { mention } from './look.ts';
import { hearing, says } from './rules.ts';

/** A provider's phrase decides over plain words, not over a documented code with its text. */
const STRENGTH = 84;

/** A few words that say no more than "refused" leave room for a reason beside them. */
const SHORT = 28;
const BARE = 62;

/** Elsewhere the same words are anybody's: they decide only where no rule of the catalogue knows better. */
const ELSEWHERE = 30;

/** A code, an address of the web, a name of its own: words that nobody else says. */
const OWN = /\d|https?:|[a-z][A-Z]|[A-Z]{2,}\.[A-Z]{2,}/;

/** Of X.7.31 and above none is registered (RFC 5248): such a code is its provider's own. */
const LAST_REGISTERED = 30;

/** @returns true where it is this provider that speaks: by the phrase, or by what else the reply says. */
function speaks({ id, name }: Phrases, phrase: string, evidence: readonly Evidence[]): boolean {
  if (OWN.test(phrase)) return true;
  const [brand = name] = name.split(/[\s(]/, 1);
  return evidence.some((e) => {
    if (e.kind !== 'reply') return false;
    const words = e.text.replace(/\S+@\S+/g, '');
    const named = brand.length > 2 && words.includes(brand);
    return named || words.toLowerCase().includes(`${id}.`) || Number(e.enhanced?.split('.')[2]) > LAST_REGISTERED;
  });
}

/** What is needed of a preset: who it is, and what its servers say. */
export type Phrases = Pick<Preset, 'id' | 'name'> & {
  readonly replies: readonly Omit<PresetReply, 'source' | 'checked' | 'example'>[];
};

const specialised = new WeakMap<readonly Cause[], { readonly by: readonly Phrases[]; readonly causes: readonly Cause[] }>();

/**
 * @param presets those that are built in, then those of plugins.
 * @returns the catalogue with the phrases of these presets as further rules of their causes; the same again for the same presets.
 */
export function specialise(causes: readonly Cause[], presets: readonly Phrases[]): readonly Cause[] {
  const known = specialised.get(causes);
  if (known && known.by.length === presets.length && presets.every((p, i) => p === known.by[i])) return known.causes;
  const rules = new Map<string, Rule[]>();
  for (const preset of presets) {
    for (const reply of preset.replies) {
      const list = rules.get(reply.cause) ?? [];
      rules.set(reply.cause, list);
      list.push(ruleOf(preset, reply));
    }
  }
  const made = causes.map((c) => {
    const more = rules.get(c.id);
    return more ? { ...c, rules: [...c.rules.map((r) => advised(r, more)), ...more] } : c;
  });
  specialised.set(causes, { by: presets, causes: made });
  return made;
}

/** What their phrases say of passwords, providers say of tokens too. */
const PASSWORDS: readonly string[] = ['auth.credentials-rejected', 'auth.app-password-required', 'auth.basic-disabled'];
const refusedToken = (facts: Facts) =>
  facts.pasted
    ? mention(
        facts,
        /eyJzdGF0dXMiOi|"status": ?"40[01]"|command: ?['"]AUTH (?:XOAUTH2|OAUTHBEARER)|(?:xoauth2|oauthbearer) auth\w*[ -](?:failed|failure|error)/i,
      ) !== undefined
    : facts.last('secret', 'auth')?.type === 'token';

/** The rule; where a provider's phrase fits the same words, with that provider's steps: a documented code may be surer than the phrase. */
function advised(rule: Rule, phrases: readonly Rule[]): Rule {
  const made = (facts: Facts) => {
    const s = rule(facts);
    if (!s || s.provider) return s;
    let best: ReturnType<Rule>;
    for (const phrase of phrases) {
      const p = phrase(facts);
      if (p?.provider && p.evidence.some((e) => s.evidence.includes(e)) && p.strength > (best?.strength ?? 0)) best = p;
    }
    return best?.provider ? { ...s, provider: best.provider } : s;
  };
  return rule.hears ? hearing(made) : made;
}

function ruleOf(preset: Phrases, reply: Phrases['replies'][number]): Rule {
  const rule = says({
    phrases: [reply.phrase],
    ...(reply.code !== undefined ? { code: [reply.code] } : {}),
    ...(reply.enhanced !== undefined ? { enhanced: [reply.enhanced] } : {}),
    ...(reply.responseCode !== undefined ? { responseCode: [reply.responseCode] } : {}),
    ...(reply.protocol ? { protocol: [reply.protocol] } : {}),
    ...(reply.stage ? { stage: [reply.stage] } : {}),
    codeOptional: true,
    certainty: 'likely',
    strength: reply.cause === 'auth.credentials-rejected' && reply.phrase.length < SHORT ? BARE : STRENGTH,
  });
  const provider: ProviderAdvice = {
    preset: preset.id,
    name: preset.name,
    ...(reply.fix ? { fix: reply.fix } : {}),
    ...(reply.help ? { link: { title: preset.name, url: reply.help } } : {}),
  };
  return hearing((facts) => {
    const s = rule(facts);
    if (!s || (PASSWORDS.includes(reply.cause) && refusedToken(facts))) return undefined;
    const account = facts.all('setting').find((x) => x.field === 'preset')?.value;
    // Providers share phrases: those of the account's own count first, and the steps of others would lead astray.
    if (account === preset.id) return { ...s, strength: s.strength + 1, provider };
    if (!facts.pasted && !speaks(preset, reply.phrase, s.evidence)) return { ...s, certainty: 'possible', strength: ELSEWHERE };
    return account === undefined ? { ...s, provider } : s;
  });
}

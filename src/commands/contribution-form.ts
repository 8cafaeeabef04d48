/** Whether what a plugin offers has the form of a contribution, said in one line where it has not, and what it may leave out. */
import type { Contribution } from '../model/contribution.ts';
import { STAGES } from '../model/terms.ts';
import { FORMATS, LANGUAGES } from './flags.ts';

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const isText: Check = (v) => typeof v === 'string' && v.length <= 20_000;
const isTexts: Check = (v) => Array.isArray(v) && v.every(isText);
const isRecord = (v: unknown): v is Fields => typeof v === 'object' && v !== null && !Array.isArray(v);
const isFunction: Check = (v) => typeof v === 'function';
const among =
  (list: readonly string[]): Check =>
  (v) =>
    typeof v === 'string' && list.includes(v);
const optional =
  (check: Check): Check =>
  (v) =>
    v === undefined || check(v);
const listOf =
  (check: Check): Check =>
  (v) =>
    Array.isArray(v) && v.every(check);
const record =
  (check: Check): Check =>
  (v) =>
    isRecord(v) && Object.values(v).every(check);
const shape =
  (fields: Readonly<Record<string, Check>>): Check =>
  (v) =>
    isRecord(v) && Object.entries(fields).every(([key, check]) => check(v[key]));
const isPattern: Check = (v) => {
  try {
    return typeof v === 'string' && new RegExp(v, 'i') instanceof RegExp;
  } catch {
    return false;
  }
};

const isProtocol = among(['pop3', 'imap', 'smtp']);
const isSecurity = among(['tls', 'starttls', 'none']);
const isStage = among(STAGES);
const isPort: Check = (v) => Number.isInteger(v) && Number(v) >= 1 && Number(v) <= 65_535;
const isHost: Check = (v) => typeof v === 'string' && /^[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?$/.test(v);
const isId: Check = (v) => typeof v === 'string' && /^[a-z0-9][a-z0-9-]{0,60}$/.test(v);

const WORDS: Readonly<Record<string, Check>> = { title: isText, meaning: isText, fix: isTexts };

/** What each field must be. The first that is not is told. */
const CAUSE: Readonly<Record<string, Check>> = {
  id: (v) => typeof v === 'string' && /^[a-z0-9-]{1,40}\.[a-z0-9-]{1,60}$/.test(v),
  category: among(['connection', 'certificate', 'authentication', 'relay', 'mailbox', 'policy', 'settings']),
  stage: isStage,
  owner: optional(among(['you', 'admin', 'provider', 'network'])),
  severity: optional(among(['error', 'warning', 'notice'])),
  protocols: optional(listOf(isProtocol)),
  words: shape(WORDS),
  translations: optional(record(optional(shape(WORDS)))),
  links: optional(listOf(shape({ title: isText, url: (v) => typeof v === 'string' && /^https?:\/\/[^\s"<>]{1,2000}$/.test(v) }))),
  rules: listOf(isFunction),
  test: optional(isText),
  example: optional(shape({ paste: isText, serve: optional(shape({ protocol: isProtocol })), unserved: optional(isText) })),
};
const PRESET: Readonly<Record<string, Check>> = {
  id: isId,
  name: isText,
  domains: optional(isTexts),
  mx: optional(isTexts),
  endpoints: listOf(shape({ protocol: isProtocol, host: isHost, port: isPort, security: isSecurity })),
  retired: optional(listOf(shape({ host: isHost, protocol: isProtocol, instead: isText }))),
  user: optional(shape({ form: among(['address', 'local-part', 'other']) })),
  auth: optional(shape({ secret: isText, appPassword: optional(isPattern) })),
  offByDefault: optional(listOf(isProtocol)),
  prerequisites: optional(listOf(shape({ text: shape({ en: isText }) }))),
  limits: optional(listOf(shape({ text: shape({ en: isText }) }))),
  replies: optional(listOf(shape({ phrase: isText, cause: isText }))),
  greetings: optional(listOf(isPattern)),
  links: optional(listOf(shape({ title: isText, url: isText }))),
};
const STAGE: Readonly<Record<string, Check>> = {
  protocol: isProtocol,
  stage: shape({ name: isStage, ready: isFunction, run: isFunction }),
};
const REPORTER: Readonly<Record<string, Check>> = { format: isId, render: isFunction };
const LOCALE: Readonly<Record<string, Check>> = {
  language: among(LANGUAGES),
  say: optional(record(isText)),
  causes: optional(record(shape({ ...WORDS, test: optional(isText) }))),
};

const PARTS = [
  ['causes', 'cause', CAUSE, 'id'],
  ['presets', 'preset', PRESET, 'id'],
  ['stages', 'stage', STAGE, 'protocol'],
  ['reporters', 'reporter', REPORTER, 'format'],
  ['locales', 'locale', LOCALE, 'language'],
] as const;

/** @returns what is wrong with it, on one line; undefined where nothing is. */
export function faultOf(offered: unknown): string | undefined {
  if (!isRecord(offered)) return 'the hook returned nothing';
  for (const [part, word, fields, name] of PARTS) {
    const list = offered[part];
    if (list === undefined) continue;
    if (!Array.isArray(list)) return `its ${part} are not a list`;
    for (const item of list) {
      if (!isRecord(item)) return `a ${word} is no object`;
      const wrong = Object.entries(fields).find(([key, check]) => !check(item[key]));
      if (!wrong) continue;
      const id = item[name];
      const shown = typeof id === 'string' && /^[\w.-]{1,60}$/.test(id) ? ` ${id}` : '';
      return `the ${word}${shown} has no good "${wrong[0]}"`;
    }
  }
  const { reporters } = offered;
  const taken = Array.isArray(reporters) ? reporters.find((r) => (FORMATS as readonly string[]).includes(r.format)) : undefined;
  return taken ? `the format ${taken.format} exists already` : undefined;
}

/** @returns the contribution with everything in it that it may leave out. */
export function filled(c: Contribution, name: string): Contribution {
  const read = { source: `plugin ${name}`, checked: '' };
  return {
    ...c,
    name,
    ...(c.causes
      ? {
          causes: c.causes.map((x) => ({
            ...x,
            owner: x.owner ?? 'admin',
            severity: x.severity ?? 'error',
            links: x.links ?? [],
            test: x.test ?? '',
            example: x.example ?? { paste: '', unserved: `it is a cause of the plugin ${name}, which gives no example` },
          })),
        }
      : {}),
    ...(c.presets
      ? {
          presets: c.presets.map((p) => ({
            ...p,
            domains: p.domains ?? [],
            mx: p.mx ?? [],
            user: p.user ?? { form: 'address', ...read },
            auth: p.auth ?? { secret: 'account', ...read },
            prerequisites: p.prerequisites ?? [],
            replies: p.replies ?? [],
            links: p.links ?? [],
            checked: p.checked ?? '',
          })),
        }
      : {}),
  };
}

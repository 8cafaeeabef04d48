/**
 * Secret: a password or token that only `net` opens.
 *
 * It has no enumerable field, and JSON, String and util.inspect all give the fixed mask, so that it cannot leak by accident.
 */
import type { SecretShape } from './evidence.ts';

/** Fixed width: the mask never tells a length. */
export const MASK = '********';

const values = new WeakMap<object, string>();

export interface Secret {
  readonly type: 'password' | 'token';
  toString(): string;
  toJSON(): string;
}

/** @returns a sealed secret. The value is reachable only through `openSecret`. */
export function sealSecret(value: string, type: 'password' | 'token' = 'password'): Secret {
  const secret: Secret & Record<symbol, () => string> = {
    type,
    toString: () => MASK,
    toJSON: () => MASK,
    [Symbol.for('nodejs.util.inspect.custom')]: () => MASK,
  };
  Object.freeze(secret);
  values.set(secret, value);
  return secret;
}

/** Opens a secret. Only `net/` may call this; a test enforces it. @throws where the object was not made by `sealSecret`. */
export function openSecret(secret: Secret): string {
  const value = values.get(secret);
  if (value === undefined) throw new TypeError('not a sealed secret');
  return value;
}

/** What may be said of a secret without showing it. `pattern` is the provider's app-password form. */
export function shapeOf(secret: Secret, pattern?: RegExp): SecretShape {
  const value = openSecret(secret);
  const n = [...value].length;
  return {
    length: n === 0 ? 'empty' : n < 8 ? 'short' : n <= 32 ? 'medium' : 'long',
    spaces: /\s/.test(value),
    outerSpaces: value !== value.trim(),
    nonAscii: /[^\x20-\x7e]/.test(value),
    smartQuotes: /[\u2018\u2019\u201c\u201d\u2013\u2014\u00a0]/.test(value),
    ...(pattern ? { appPassword: pattern.test(value) } : {}),
  };
}

/** Where the secret of an account comes from, as mailcheck.yaml says it. */
import type { Context, Fields } from './config-values.ts';
import { SOURCES } from './vocabulary.ts';
import type { SecretSource } from './wishes.ts';
import { fields, type Node, plainOf, textOf } from './yaml.ts';

export function secretIn(c: Context, f: Fields): SecretSource | undefined {
  const found = (['password', 'token'] as const).flatMap((type) => {
    const own = f.get(type);
    const flat = SOURCES.flatMap((kind) => {
      const n = f.get(`${type}-${kind}`);
      return n ? [{ node: n, secret: sourceOf(c, n, { kind, value: textOf(c, n, `${type}-${kind}`), type }) }] : [];
    });
    return [...(own ? [{ node: own, secret: secretOf(c, own, type) }] : []), ...flat];
  });
  const [first, second] = found;
  if (second) c.fail(second.node, 'two secrets for one account; give one of them');
  return first?.secret;
}

function sourceOf(c: Context, node: Node, source: SecretSource): SecretSource {
  if (source.kind === 'env' && !/^[A-Za-z_][A-Za-z0-9_]{0,200}$/.test(source.value))
    return c.fail(node, 'env takes the name of a variable, such as MAIL_PASSWORD, not its value');
  return source;
}

function secretOf(c: Context, node: Node, type: 'password' | 'token'): SecretSource {
  if (plainOf(c, node) !== undefined) {
    c.inline.push(
      `${c.spot(node)}: the ${type} stands in the file itself; use ${type}: { env: NAME }, { file: PATH } or { command: CMD }`,
    );
    return { kind: 'inline', value: textOf(c, node, type), type };
  }
  const f = fields(c, node, SOURCES, type);
  const found = SOURCES.flatMap((kind) => {
    const n = f.get(kind);
    return n ? [{ kind, value: textOf(c, n, kind), type }] : [];
  });
  const [first] = found;
  if (found.length !== 1 || !first) return c.fail(node, `${type} takes one source: env, file or command`);
  return sourceOf(c, node, first);
}

/** A strict reader of XML 1.0 for tests: throws on what is not well-formed (no DTD, no namespaces). */

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[];
  text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** Char (XML 1.0 §2.2). */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

function decode(text: string): string {
  return text.replace(/&([^;\s]*);?/g, (all, name: string) => {
    if (!all.endsWith(';')) throw new Error(`bare ampersand: ${all}`);
    if (name.startsWith('#')) {
      const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
      return String.fromCodePoint(code);
    }
    const known = ENTITIES[name];
    if (known === undefined) throw new Error(`unknown entity: ${name}`);
    return known;
  });
}

export function readXml(source: string): Element {
  const bad = FORBIDDEN.exec(source);
  if (bad) throw new Error(`forbidden character U+${bad[0].codePointAt(0)?.toString(16)}`);
  const body = source.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  const root: Element = { name: '', attributes: new Map(), children: [], text: '' };
  const open: Element[] = [root];
  let at = 0;
  const top = () => open.at(-1) ?? root;
  while (at < body.length) {
    if (body[at] !== '<') {
      const next = body.indexOf('<', at);
      const text = body.slice(at, next < 0 ? undefined : next);
      if (text.includes(']]>')) throw new Error(']]> in text');
      top().text += decode(text);
      if (open.length === 1 && text.trim() !== '') throw new Error(`text outside the root: ${text}`);
      at = next < 0 ? body.length : next;
      continue;
    }
    const m = /^<(\/?)([A-Za-z][\w-]*)((?:\s+[\w.-]+="[^"<]*")*)\s*(\/?)>/.exec(body.slice(at));
    if (!m) throw new Error(`not a tag: ${body.slice(at, at + 60)}`);
    const [whole = '', close, name = '', attributes = '', empty] = m;
    at += whole.length;
    if (close) {
      if (top().name !== name) throw new Error(`</${name}> closes <${top().name}>`);
      open.pop();
      continue;
    }
    const map = new Map<string, string>();
    for (const a of attributes.matchAll(/([\w.-]+)="([^"<]*)"/g)) {
      if (map.has(a[1] ?? '')) throw new Error(`attribute twice: ${a[1]}`);
      map.set(a[1] ?? '', decode(a[2] ?? ''));
    }
    const element: Element = { name, attributes: map, children: [], text: '' };
    top().children.push(element);
    if (!empty) open.push(element);
  }
  if (open.length !== 1) throw new Error(`<${top().name}> is never closed`);
  const [only, ...more] = root.children;
  if (!only || more.length > 0) throw new Error('there must be one root');
  return only;
}

/** Every element of this name below. */
export function all(element: Element, name: string): Element[] {
  return element.children.flatMap((c) => [...(c.name === name ? [c] : []), ...all(c, name)]);
}

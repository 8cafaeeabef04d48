/**
 * A strict reader for the small XML of autoconfig and Autodiscover: elements, attributes, text and CDATA. DOCTYPE, entities of
 * their own and processing instructions beyond the declaration are refused before anything is read (CWE-611, CWE-776), and depth
 * and count are bounded; a general XML library would bring all that we have to refuse.
 */

export interface Element {
  /** Local name, lower case. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

export const XML_MAX = { bytes: 1_048_576, depth: 32, elements: 5000 } as const;

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{1,8});/gi, (all, name: string) => {
    if (name[0] !== '#') return ENTITIES[name.toLowerCase()] ?? all;
    const code = name[1]?.toLowerCase() === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : all;
  });
}

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Element[];
  text: string;
}

/** @returns the root element, or the reason why the text is refused. Linear in its length. */
export function readXml(source: string): { readonly root: Element } | { readonly fault: string } {
  if (source.length > XML_MAX.bytes) return { fault: 'larger than 1 MiB' };
  if (/<!(?:doctype|entity)/i.test(source)) return { fault: 'xml-doctype: it has a DOCTYPE, which is refused' };
  const stack: Open[] = [];
  let root: Element | undefined;
  let count = 0;
  let at = 0;
  while (at < source.length) {
    const lt = source.indexOf('<', at);
    const text = source.slice(at, lt < 0 ? source.length : lt);
    const top = stack.at(-1);
    if (top) top.text += decodeEntities(text);
    if (lt < 0) break;
    if (source.startsWith('<!--', lt)) {
      const end = source.indexOf('-->', lt + 4);
      if (end < 0) return { fault: 'a comment without end' };
      at = end + 3;
      continue;
    }
    if (source.startsWith('<![CDATA[', lt)) {
      const end = source.indexOf(']]>', lt + 9);
      if (end < 0) return { fault: 'CDATA without end' };
      if (top) top.text += source.slice(lt + 9, end);
      at = end + 3;
      continue;
    }
    const gt = source.indexOf('>', lt + 1);
    if (gt < 0) return { fault: 'a tag without end' };
    const tag = source.slice(lt + 1, gt);
    at = gt + 1;
    if (tag.startsWith('?')) {
      if (stack.length > 0 || root || !/^\?xml[\s?]/i.test(tag)) return { fault: 'a processing instruction, which is refused' };
      continue;
    }
    if (tag.startsWith('/')) {
      const open = stack.pop();
      if (!open || open.name !== nameOf(tag.slice(1))) return { fault: 'tags that do not nest' };
      const element: Element = { ...open, text: open.text.trim() };
      const parent = stack.at(-1);
      if (parent) parent.children.push(element);
      else root = element;
      continue;
    }
    if (root || ++count > XML_MAX.elements || stack.length >= XML_MAX.depth) return { fault: 'too many or too deep elements' };
    const empty = tag.endsWith('/');
    const body = empty ? tag.slice(0, -1) : tag;
    if (!/^[A-Za-z_]/.test(body)) return { fault: 'a malformed tag' };
    const open: Open = { name: nameOf(body), attributes: attributesOf(body), children: [], text: '' };
    if (!empty) stack.push(open);
    else {
      const parent = stack.at(-1);
      if (parent) parent.children.push(open);
      else root = open;
    }
  }
  if (stack.length > 0 || !root) return { fault: 'not a whole XML document' };
  return { root };
}

const nameOf = (tag: string) => (/^[^\s/]+/.exec(tag.trim())?.[0] ?? '').replace(/^.*:/, '').toLowerCase();

function attributesOf(tag: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const m of tag.matchAll(/\s([A-Za-z_][\w:.-]{0,60})\s?=\s?(?:"([^"]{0,4096})"|'([^']{0,4096})')/g))
    out[(m[1] ?? '').toLowerCase()] = decodeEntities(m[2] ?? m[3] ?? '');
  return out;
}

/** All descendants of a name, in document order. */
export function findAll(element: Element, name: string): Element[] {
  const out: Element[] = [];
  const walk = (e: Element) => {
    for (const c of e.children) {
      if (c.name === name) out.push(c);
      walk(c);
    }
  };
  walk(element);
  return out;
}

export const child = (element: Element, name: string): string | undefined => element.children.find((c) => c.name === name)?.text;

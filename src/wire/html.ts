/** HTML reduced to its words, and character references decoded (HTML Living Standard §13.5). No tree: one linear pass. */

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
  hellip: '…',
  middot: '·',
  bull: '•',
  copy: '©',
  reg: '®',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
  eacute: 'é',
  egrave: 'è',
  ecirc: 'ê',
  agrave: 'à',
  acirc: 'â',
  ccedil: 'ç',
  ocirc: 'ô',
  ucirc: 'û',
  icirc: 'î',
  aacute: 'á',
  iacute: 'í',
  oacute: 'ó',
  uacute: 'ú',
  ntilde: 'ñ',
  atilde: 'ã',
  otilde: 'õ',
  iquest: '¿',
  iexcl: '¡',
};

/** @returns the text with HTML character references decoded. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, dec?: string, hex?: string, name?: string) => {
    if (name !== undefined) return (Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined) ?? whole;
    const code = dec !== undefined ? Number(dec) : Number.parseInt(hex ?? '', 16);
    return code > 8 && code < 0x110000 && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}

const BLOCK = new Set(
  'p div br tr li ul ol table td th h1 h2 h3 h4 h5 h6 hr pre blockquote body html head title section article header footer center dl dt dd'.split(
    ' ',
  ),
);
const INLINE = new Set(
  'a b i u s em strong span font small big code tt kbd samp sup sub img input button label form tbody thead tfoot meta link !doctype abbr cite q center style script o:p'.split(
    ' ',
  ),
);
const DROPPED = new Set(['style', 'script', 'head']);

/**
 * HTML reduced to its words: known tags go (block tags become line ends), `style`, `script`, `head` and comments go with their
 * content. What only looks like a tag (`<user@example.com>`, `<LZmGp6mZ>`) stays.
 */
export function htmlToText(text: string): string {
  if (!/<[a-z!/]/i.test(text)) return text;
  const out: string[] = [];
  let at = 0;
  let lower: string | undefined;
  // What was looked for in vain once is not there further on either: this keeps the walk linear.
  const missing = new Set<string>();
  const find = (needle: string, from: number): number => {
    if (missing.has(needle)) return -1;
    lower ??= text.toLowerCase();
    const i = lower.indexOf(needle, from);
    if (i < 0) missing.add(needle);
    return i;
  };
  for (;;) {
    const open = text.indexOf('<', at);
    if (open < 0) break;
    out.push(text.slice(at, open));
    at = open + 1;
    if (text.startsWith('<!--', open)) {
      const end = find('-->', open + 4);
      if (end >= 0) at = end + 3;
      else out.push('<');
      continue;
    }
    const name = /^<\/?([a-z!][a-z0-9:]{0,9})(?=[\s/>])/i.exec(text.slice(open, open + 16))?.[1]?.toLowerCase();
    const length = name !== undefined && (BLOCK.has(name) || INLINE.has(name)) ? text.slice(open, open + 1000).indexOf('>') : -1;
    if (name === undefined || length < 0) {
      out.push('<');
      continue;
    }
    at = open + length + 1;
    if (DROPPED.has(name) && text.charAt(open + 1) !== '/') {
      const close = find(`</${name}`, at);
      if (close >= 0) at = close;
      continue;
    }
    if (BLOCK.has(name)) out.push(/^(?:p|div|table|tr|h\d)$/.test(name) ? '\n\n' : '\n');
  }
  out.push(text.slice(at));
  return out.join('').replace(/\n{3,}/g, '\n\n');
}

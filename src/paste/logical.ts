/** Physical lines made logical: decoded, peeled, and what was wrapped for width joined again. */
import { mendMojibake, unescapeText } from '../wire/decode.ts';
import { isFrame } from './noise.ts';
import { type Peeled, peel } from './peel.ts';
import type { PastedLine } from './select.ts';

export interface LogicalLine extends Peeled {
  readonly number: number;
  /** As it stood, for evidence. */
  readonly raw: string;
  readonly kind: 'blank' | 'frame' | 'words';
}

const STARTS =
  /^(?:["'(]{0,2}[2-5]\d\d[ -]|#?[245]\.\d{1,3}\.\d{1,3}\b|[+-](?:OK|ERR)|[A-Z][\w-]{2,30}(?: [A-Z]?[\w-]{1,20})?:\s|[{[}\])]|\S{1,12} (?:OK|NO|BAD|BYE) |<|>|=|\*|•|--|[a-z]\w{0,30}: ['"\d{[]|verify (?:error|return)|depth=|not(?:After|Before)=|subject=|issuer=|\d{1,2} s:|[ai]:|Error|Caused by|https?:\/\/)/;
const CJK = /[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]/;
const HOLDS_REPLY = /(?:said:|Diagnostic-Code:|[45]\d\d[ -][45]\.\d|^[45]\d\d[ -]|response|responded|^<[^>]{3,200}>:)/i;

/** May `b` be the rest of `a`, broken for width? */
function continues(a: LogicalLine, b: LogicalLine, last: number): boolean {
  if (a.kind !== 'words' || b.kind !== 'words' || b.side || b.log || STARTS.test(b.text)) return false;
  if (b.indent && HOLDS_REPLY.test(a.text) && !a.side) return true;
  if (last < 56 && !(CJK.test(b.text.charAt(0)) && last > 34)) return false;
  return /^[\p{Ll}\p{Lo}(]/u.test(b.text) && !/[.!?。！？:：]$/.test(a.text);
}

function join(a: string, b: string): string {
  return CJK.test(a.slice(-1)) && CJK.test(b.charAt(0)) ? a + b : `${a} ${b}`;
}

/** @returns the logical lines in order; lines that an escape broke (`\r\n` inside an exception) are lines of their own. */
export function logicalLines(lines: readonly PastedLine[]): readonly LogicalLine[] {
  const out: LogicalLine[] = [];
  let last = 0;
  for (const { text, number } of lines) {
    // Hard spaces and soft hyphens may be bytes of a mangled character: they go only once it is mended.
    const plain = mendMojibake(text)
      .replace(/[\u00a0\u202f]/g, ' ')
      .replace(/\u00ad/g, '');
    const parts = unescapeText(plain).split('\n');
    for (const [i, raw] of parts.entries()) {
      if (i > 0 && raw.trim() === '') continue;
      const peeled = peel(raw);
      const trimmed = raw.trim();
      const kind = peeled.text === '' ? 'blank' : isFrame(trimmed) || isFrame(peeled.text) ? 'frame' : 'words';
      const line: LogicalLine = { ...peeled, number, raw: trimmed, kind };
      const before = out.at(-1);
      if (before && i === 0 && continues(before, line, last)) {
        out[out.length - 1] = {
          ...before,
          text: join(before.text, line.text),
          body: join(before.body, line.text),
          raw: `${before.raw}\n${line.raw}`,
        };
      } else out.push(line);
      last = trimmed.length;
    }
  }
  return out;
}

/**
 * Rows of CSV (RFC 4180), read as a stream: one row in memory at a time. Commas, semicolons and tabs separate, as spreadsheets write
 * them; the first one decides.
 */
import { UsageError } from '../model/usage.ts';

const MAX_FIELD = 65_536;
/** No text has it: it is refused before. */
const NONE = '\0';
const MAX_FIELDS = 256;

export interface Row {
  /** Of its first character, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** @param chunks the file's text in pieces. @yields rows as lists of fields. @throws UsageError where the rest cannot be read: an open quote, no text. */
export async function* readRows(chunks: AsyncIterable<string>, file: string): AsyncGenerator<Row> {
  let fields: string[] = [];
  let field = '';
  let quoted = false;
  let after = false; // a quote inside a quoted field: the end, or half of a doubled one
  let line = 1;
  let start = 1;
  let separator = '';
  let first = true;
  let returned = false; // a carriage return: half of a line's end, or all of it
  let rows = 0;
  const endOfRow = () => {
    const row = { line: start, fields: [...fields, field] };
    // Excel names the separator in a line of its own.
    const nothing = (fields.length === 0 && field === '') || (rows === 0 && row.fields.join() === 'sep=,');
    fields = [];
    field = '';
    line += 1;
    start = line;
    if (nothing) return undefined;
    rows += 1;
    // A file of one column has no separator, whatever stands in its rows.
    if (separator === '') separator = NONE;
    return row;
  };
  for await (const chunk of chunks) {
    const text = first ? chunk.replace(/^\ufeff/, '') : chunk;
    first = false;
    if (text.includes('\0')) throw new UsageError(`${file}:${line}: this is no UTF-8 text; save it again as "CSV UTF-8"`);
    for (const c of text) {
      if (after) {
        after = false;
        if (c === '"') {
          field += '"';
          continue;
        }
        quoted = false;
      }
      if (quoted) {
        if (c === '"') after = true;
        else field += c;
        if (c === '\n') line += 1;
        if (field.length > MAX_FIELD)
          throw new UsageError(`${file}:${start}: a field that does not end; is its closing quote missing?`);
        continue;
      }
      if (returned && c !== '\n') {
        const row = endOfRow();
        if (row) yield row;
      }
      returned = c === '\r';
      if (returned) continue;
      if (separator === '' && (c === ',' || c === ';' || c === '\t')) separator = c;
      if (c === '"' && field === '') quoted = true;
      else if (c === separator) {
        fields.push(field);
        field = '';
        if (fields.length > MAX_FIELDS) throw new UsageError(`${file}:${start}: more than ${MAX_FIELDS} fields in a row`);
      } else if (c === '\n') {
        const row = endOfRow();
        if (row) yield row;
      } else {
        field += c;
        if (field.length > MAX_FIELD) throw new UsageError(`${file}:${start}: a field of more than ${MAX_FIELD} characters`);
      }
    }
  }
  if (quoted && !after) throw new UsageError(`${file}:${start}: a quote that is never closed`);
  const row = endOfRow();
  if (row) yield row;
}

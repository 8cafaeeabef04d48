/** SASLprep (RFC 4013, a profile of RFC 3454): how user names and passwords beyond ASCII are prepared before they are compared. */

const TO_SPACE = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu;
const TO_NOTHING = /\u034f|[\u180b-\u180d]|[\ufe00-\ufe0f]|[\u00ad\u1806\u200b-\u200d\u2060\ufeff]/gu;
const PROHIBITED =
  /[\u0000-\u001f\u007f-\u009f\u06dd\u070f\u180e\u200c-\u200f\u2028-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\uffff\ue000-\uf8ff]|\u0340|\u0341|[\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}]/u;

/**
 * @param value a user name or password.
 * @returns the prepared form, or the value unchanged where SASLprep forbids it (servers then compare the raw bytes).
 */
export function saslprep(value: string): string {
  if (/^[\x20-\x7e]*$/.test(value)) return value;
  // U+200B stands in both tables of RFC 3454; it is mapped to nothing (B.1 comes first).
  const mapped = value.replace(TO_NOTHING, '').replace(TO_SPACE, ' ').normalize('NFKC');
  return mapped === '' || PROHIBITED.test(mapped) ? value : mapped;
}

/** MD4 (RFC 1320), which OpenSSL 3 no longer offers and NTLM still needs. */

const rotl = (x: number, n: number) => (x << n) | (x >>> (32 - n));

/** @returns the 16-byte digest of `data`. */
export function md4(data: Uint8Array): Uint8Array {
  const length = data.length;
  const padded = new Uint8Array(((length + 8) >> 6) * 64 + 64);
  padded.set(data);
  padded[length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, length * 8, true);
  view.setUint32(padded.length - 4, Math.floor(length / 0x20000000), true);
  let a = 0x67452301;
  let b = 0xefcdab89 | 0;
  let c = 0x98badcfe | 0;
  let d = 0x10325476;
  const x = new Int32Array(16);
  const at = (i: number) => x[i] ?? 0;
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0; i < 16; i++) x[i] = view.getInt32(block + i * 4, true);
    const [aa, bb, cc, dd] = [a, b, c, d];
    const round = (f: () => number, order: readonly number[], shifts: readonly number[], add: number) => {
      for (const [i, k] of order.entries()) {
        const t = rotl((a + f() + at(k) + add) | 0, shifts[i % 4] ?? 0);
        [a, b, c, d] = [d, t, b, c];
      }
    };
    round(() => (b & c) | (~b & d), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], [3, 7, 11, 19], 0);
    round(() => (b & c) | (b & d) | (c & d), [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15], [3, 5, 9, 13], 0x5a827999);
    round(() => b ^ c ^ d, [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15], [3, 9, 11, 15], 0x6ed9eba1);
    a = (a + aa) | 0;
    b = (b + bb) | 0;
    c = (c + cc) | 0;
    d = (d + dd) | 0;
  }
  const out = new Uint8Array(16);
  const w = new DataView(out.buffer);
  for (const [i, v] of [a, b, c, d].entries()) w.setInt32(i * 4, v, true);
  return out;
}

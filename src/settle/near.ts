/** Near: the one word of a list that a misspelled word most likely meant. */

/**
 * Edit distance with transpositions of neighbours (optimal string alignment), which are the commonest slips of a keyboard.
 *
 * @returns the distance, or `max + 1` where it is larger than `max`.
 */
export function distance(a: string, b: string, max: number): number {
  if (Math.abs(a.length - b.length) > max) return max + 1;
  let before: number[] = [];
  let last: number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
      if (cost < least) least = cost;
    }
    if (least > max) return max + 1;
    before = last;
    last = row;
  }
  return Math.min(last[b.length] ?? max + 1, max + 1);
}

/**
 * The candidate nearest to `word`, case ignored, at most `max` slips away and never more than a third of the word.
 *
 * @returns undefined where none is near, or where two are equally near and neither keeps first letter and length alone.
 */
export function nearest(word: string, candidates: Iterable<string>, max = 2): string | undefined {
  const w = word.trim().toLowerCase();
  if (w === '' || w.length > 253) return undefined;
  const limit = Math.min(max, Math.max(1, Math.floor(w.length / 3)));
  let least = limit + 1;
  let found: string[] = [];
  for (const candidate of candidates) {
    const d = distance(w, candidate.toLowerCase(), Math.min(least, limit));
    if (d > limit || d > least) continue;
    if (d < least) found = [];
    least = d;
    if (!found.includes(candidate)) found.push(candidate);
  }
  if (found.length > 1) {
    const alike = found.filter((c) => c.length === w.length && c[0]?.toLowerCase() === w[0]);
    if (alike.length === 1) return alike[0];
    return undefined;
  }
  return found[0];
}

/** Texts side by side as token ids, `[batch, length]`: a text ends at its first negative id. */

/** Number of tokens of the text whose ids begin at `ids`. */
export function tokenCount(ids: usize, length: i32): i32 {
  let count = 0;
  while (count < length && load<i32>(ids + ((<usize>count) << 2)) >= 0) count++;
  return count;
}

/** What several kernels do with the registers of a row. */

/** Bytes of a row in memory: `width` F32 values, and zeros up to a whole register. */
export function rowBytes(width: i32): usize {
  return (<usize>((width + 3) & ~3)) << 2;
}

/** The largest lane. */
export function maxLane(x: v128): f32 {
  const pairs = f32x4.pmax(x, v128.shuffle<i64>(x, x, 1, 0));
  return f32x4.extract_lane(f32x4.pmax(pairs, v128.shuffle<i32>(pairs, pairs, 1, 0, 3, 2)), 0);
}

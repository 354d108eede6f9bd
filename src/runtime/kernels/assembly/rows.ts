/** What several kernels do with the registers of a row. */

/** Bytes of a row in memory: `width` F32 values, and zeros up to a whole register. */
export function rowBytes(width: i32): usize {
  return (<usize>((width + 3) & ~3)) << 2;
}

/** Stores two registers, `next` bytes apart. */
export function store2(to: usize, next: usize, left: v128, right: v128): void {
  v128.store(to, left);
  v128.store(to + next, right);
}

/** The largest lane. */
export function maxLane(x: v128): f32 {
  const pairs = f32x4.pmax(x, v128.shuffle<i64>(x, x, 1, 0));
  return f32x4.extract_lane(f32x4.pmax(pairs, v128.shuffle<i32>(pairs, pairs, 1, 0, 3, 2)), 0);
}

/** The sum of the lanes, in the documented order, in each of them. */
export function addLanes(x: v128): v128 {
  const pairs = f32x4.add(x, v128.shuffle<i32>(x, x, 1, 0, 3, 2));
  return f32x4.add(pairs, v128.shuffle<i64>(pairs, pairs, 1, 0));
}

/** Sum of a row. */
export function laneSum(at: usize, bytes: usize): f32 {
  let sums = f32x4.splat(0);
  for (const end = at + bytes; at < end; at += 16) sums = f32x4.add(sums, v128.load(at));
  return f32x4.extract_lane(addLanes(sums), 0);
}

/** `x / total` of a row in place; zeros where `total` is not above 0. */
export function divideRow(at: usize, bytes: usize, total: f32): void {
  const divisor = f32x4.splat(total);
  for (const end = at + bytes; at < end; at += 16) {
    v128.store(at, total > 0 ? f32x4.div(v128.load(at), divisor) : f32x4.splat(0));
  }
}

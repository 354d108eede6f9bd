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

/** Sum of `x - offset`, or of its square, over a row: in four lanes, combined in the documented order. */
export function laneSum(at: usize, width: i32, offset: f32, squared: bool): f32 {
  let sums = f32x4.splat(0);
  const shift = f32x4.splat(offset);
  for (let left = width; left > 0; left -= 4) {
    const d = f32x4.sub(v128.load(at), shift);
    let term = squared ? f32x4.mul(d, d) : d;
    if (left < 4) term = v128.and(term, i32x4.gt_s(i32x4.splat(left), i32x4(0, 1, 2, 3)));
    sums = f32x4.add(sums, term);
    at += 16;
  }
  return (
    f32x4.extract_lane(sums, 0) +
    f32x4.extract_lane(sums, 1) +
    (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3))
  );
}

/** `x / total` of a row in place; zeros where `total` is not above 0. */
export function divideRow(at: usize, bytes: usize, total: f32): void {
  const divisor = f32x4.splat(total);
  for (const end = at + bytes; at < end; at += 16) {
    v128.store(at, total > 0 ? f32x4.div(v128.load(at), divisor) : f32x4.splat(0));
  }
}

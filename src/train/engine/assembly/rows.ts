/** Rows of f32 whose length is no multiple of four: reading, writing and summing their last, partial register. */

/** Loads `count` (1 or more) f32 values, at most four, zeros behind them. */
export function loadPart(at: usize, count: i32): v128 {
  if (count >= 4) return v128.load(at);
  let value = v128.load32_zero(at);
  if (count > 1) value = v128.load32_lane(at + 4, value, 1);
  if (count > 2) value = v128.load32_lane(at + 8, value, 2);
  return value;
}

/** Stores the first `count` (1 or more) lanes. */
export function storePart(at: usize, value: v128, count: i32): void {
  if (count >= 4) {
    v128.store(at, value);
    return;
  }
  v128.store32_lane(at, value, 0);
  if (count > 1) v128.store32_lane(at + 4, value, 1);
  if (count > 2) v128.store32_lane(at + 8, value, 2);
}

/** All bits of the first `count` lanes. */
export function firstLanes(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}

/** The sum of four lanes, always in the same order. */
export function sumLanes(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/** The largest of four lanes. */
export function maxLane(x: v128): f32 {
  return max<f32>(
    max<f32>(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
    max<f32>(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
  );
}

/**
 * The heart of every product: four rows by eight columns of `C = A B`, each element one accumulation over k in order.
 * Nothing is ever added across lanes, so that a row has the same bits whatever stands beside it.
 */

/**
 * @param c first element, rows `cStride` bytes apart
 * @param a0 to `a3`: the rows of A, k-contiguous
 * @param b `[k, 8]`, rows `bStride` bytes apart
 * @param accumulate whether the sums go on from what C holds
 */
export function tile4x8(
  c: usize,
  cStride: usize,
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  b: usize,
  bStride: usize,
  k: i32,
  accumulate: bool,
): void {
  const c1 = c + cStride;
  const c2 = c1 + cStride;
  const c3 = c2 + cStride;
  let s00 = accumulate ? v128.load(c) : f32x4.splat(0);
  let s01 = accumulate ? v128.load(c, 16) : f32x4.splat(0);
  let s10 = accumulate ? v128.load(c1) : f32x4.splat(0);
  let s11 = accumulate ? v128.load(c1, 16) : f32x4.splat(0);
  let s20 = accumulate ? v128.load(c2) : f32x4.splat(0);
  let s21 = accumulate ? v128.load(c2, 16) : f32x4.splat(0);
  let s30 = accumulate ? v128.load(c3) : f32x4.splat(0);
  let s31 = accumulate ? v128.load(c3, 16) : f32x4.splat(0);
  const end = a0 + ((<usize>k) << 2);
  while (a0 < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const x0 = v128.load32_splat(a0);
    s00 = f32x4.add(s00, f32x4.mul(x0, b0));
    s01 = f32x4.add(s01, f32x4.mul(x0, b1));
    const x1 = v128.load32_splat(a1);
    s10 = f32x4.add(s10, f32x4.mul(x1, b0));
    s11 = f32x4.add(s11, f32x4.mul(x1, b1));
    const x2 = v128.load32_splat(a2);
    s20 = f32x4.add(s20, f32x4.mul(x2, b0));
    s21 = f32x4.add(s21, f32x4.mul(x2, b1));
    const x3 = v128.load32_splat(a3);
    s30 = f32x4.add(s30, f32x4.mul(x3, b0));
    s31 = f32x4.add(s31, f32x4.mul(x3, b1));
    a0 += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
    b += bStride;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}

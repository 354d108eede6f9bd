/** The end of every int8 product; `kernels/kernels.ts` is the contract. */

/** Requantizes and adds the bias to a block of integer sums in place; sizes and strides are in bytes. */
export function finish(
  at: usize,
  stride: usize,
  scales: usize,
  zeros: usize,
  sums: usize,
  weightScales: usize,
  bias: usize,
  rows: usize,
  columns: usize,
): void {
  for (let c: usize = 0; c < columns; c += 16) {
    let to = at + c;
    const sum = v128.load(sums + c);
    const weightScale = v128.load(weightScales + c);
    const shift = v128.load(bias + c);
    for (let r: usize = 0; r < rows; r += 4) {
      const integers = i32x4.sub(v128.load(to), i32x4.mul(v128.load32_splat(zeros + r), sum));
      const factor = f32x4.mul(v128.load32_splat(scales + r), weightScale);
      v128.store(to, f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(integers), factor), shift));
      to += stride;
    }
  }
}

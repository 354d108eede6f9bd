/** Layer normalization and depthwise convolution in f32; `kernels/kernels.ts` is the contract. */
import { activate4 } from './float';
import { combineLanes, loadPart, storePart } from './rows';

/** Sum of `x - offset`, or of its square, in four lanes. */
export function laneSum(at: usize, width: i32, offset: f32, squared: bool): f32 {
  let sums = f32x4.splat(0);
  const shift = f32x4.splat(offset);
  let c = 0;
  for (; c + 4 <= width; c += 4) {
    const d = f32x4.sub(v128.load(at + ((<usize>c) << 2)), shift);
    sums = f32x4.add(sums, squared ? f32x4.mul(d, d) : d);
  }
  for (; c < width; c++) {
    const d = load<f32>(at + ((<usize>c) << 2)) - offset;
    const term = squared ? d * d : d;
    const lane = c & 3;
    if (lane === 0) sums = f32x4.replace_lane(sums, 0, f32x4.extract_lane(sums, 0) + term);
    else if (lane === 1) sums = f32x4.replace_lane(sums, 1, f32x4.extract_lane(sums, 1) + term);
    else sums = f32x4.replace_lane(sums, 2, f32x4.extract_lane(sums, 2) + term);
  }
  return combineLanes(sums);
}

export function layerNorm(out: usize, x: usize, weight: usize, bias: usize, rows: i32, width: i32, epsilon: f32): void {
  for (let r = 0; r < rows; r++) {
    const from = x + ((<usize>(r * width)) << 2);
    const to = out + ((<usize>(r * width)) << 2);
    const mean = laneSum(from, width, 0, false) / <f32>width;
    const variance = laneSum(from, width, mean, true) / <f32>width;
    const shift = f32x4.splat(mean);
    const inverse = f32x4.splat(<f32>1 / sqrt<f32>(variance + epsilon));
    for (let c = 0; c < width; c += 4) {
      const offset = (<usize>c) << 2;
      const normalized = f32x4.mul(f32x4.sub(loadPart(from + offset, width - c), shift), inverse);
      const scaled = f32x4.mul(normalized, loadPart(weight + offset, width - c));
      storePart(to + offset, f32x4.add(scaled, loadPart(bias + offset, width - c)), width - c);
    }
  }
}

export function depthwiseConv(
  out: usize,
  x: usize,
  w: usize,
  bias: usize,
  rows: i32,
  width: i32,
  kernelSize: i32,
  activation: i32,
): void {
  const half = kernelSize >> 1;
  for (let t = 0; t < rows; t++) {
    const first = max(0, half - t);
    const last = min(kernelSize, rows + half - t);
    for (let c = 0; c < width; c += 4) {
      let sum = loadPart(bias + ((<usize>c) << 2), width - c);
      for (let k = first; k < last; k++) {
        const value = loadPart(x + ((<usize>((t + k - half) * width + c)) << 2), width - c);
        sum = f32x4.add(sum, f32x4.mul(value, loadPart(w + ((<usize>(k * width + c)) << 2), width - c)));
      }
      storePart(out + ((<usize>(t * width + c)) << 2), activate4(sum, activation), width - c);
    }
  }
}

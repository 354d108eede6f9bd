/**
 * The primitives that layers are written over: pure functions over byte offsets of one linear memory. Every variant
 * (scalar TypeScript, SIMD128, relaxed SIMD) computes the same bits. What makes that possible is written here once:
 *
 * - A row of `width` F32 values, int8 ones of a table included, takes {@link alignedWidth} places, with zeros behind the
 *   last value: kernels compute on them as on any other, and zeros come out.
 * - Sums over a row run in four lanes, element `i` in lane `i % 4`, each in rising order; the lanes are combined as
 *   `(lane0 + lane1) + (lane2 + lane3)`. Sums over positions run in rising order. No fused multiply-add anywhere.
 * - A product of activations and int8 weights is exact in int32; every step after it rounds to f32.
 * - Activations of a row are quantized to 0..127 so that `i32 = i8 * u7` never saturates on any engine. With
 *   `lo = min(row, 0)` and `hi = max(row, 0)`: `scale = (hi - lo) / 127`, `inverse = 1 / scale`,
 *   `zero = clamp(rint(-lo * inverse))`, `q = clamp(rint(x * inverse) + zero)`, where `rint` rounds half to even and
 *   `clamp` is to 0..127 with NaN as 0. A row whose scale is below the smallest normal f32 reads as all zero.
 * - Largest and smallest values leave NaN out, ReLU of it is 0, the exponential, GELU and SiLU of it are NaN, and its
 *   weight of attention is 0.
 */
import { alignedWidth } from '../../format/index.ts';

/** Activation functions by the number that kernels take. */
export const ACTIVATION_CODES = { none: 0, relu: 1, gelu: 2, silu: 3 } as const;

/** Output rows of an int8 matrix that are packed side by side. */
export const PACK_OUTPUTS = 8;

/** Bytes at the start of a memory where the compiled modules keep their constants; `scripts/build-kernels.mjs` says where. */
export const RESERVED_BYTES = 512;

/** Primitives of one student. All offsets are in bytes; F32 and I32 offsets are multiples of 4. */
export interface Kernels {
  /** `out[t, c] = table[ids[t], c] * scales[ids[t]]`: I8 table `[*, width]`, I32 ids `[count]`, F32 out. */
  gatherInt8(out: number, ids: number, count: number, table: number, scales: number, width: number): void;
  /** Ids of the groups in the rows of a table: `out[t * groups + g] = ids[t] * groups + g`, I32 `[count, groups]`. */
  groupIds(out: number, ids: number, count: number, groups: number): void;
  /** `out[i] = x[ids[i]]`, zeros where an id is negative: F32 values, I32 ids `[count]`. */
  gatherElements(out: number, ids: number, count: number, x: number): void;
  /** `out[c] = sum_t(w_t * x[t, c]) / sum_t(w_t)` with `w_t = weights[ids[t]]`; zeros where the weights sum to 0. */
  weightedMean(out: number, x: number, ids: number, weights: number, count: number, width: number): void;
  /** `out[c] = max_t x[t, c]`; zeros where there are no positions. */
  maxPool(out: number, x: number, count: number, width: number): void;
  /** Quantizes F32 rows to rows of I16, or of I8 where products are in groups of 4; an F32 scale and an I32 zero point a row. */
  quantizeRows(q: number, scales: number, zeros: number, x: number, rows: number, width: number): void;
  /**
   * `out[r, o] = activation(f32(sum_k(q[r, k] * w[o, k]) - zeros[r] * sums[o]) * (scales[r] * weightScales[o]) + bias[o])`.
   * `w` and `sums` are what {@link packInt8} gives.
   */
  matmulInt8(
    out: number,
    q: number,
    scales: number,
    zeros: number,
    w: number,
    sums: number,
    weightScales: number,
    bias: number,
    rows: number,
    inputSize: number,
    outputSize: number,
    activation: number,
  ): void;
  /** Layer normalization of each row: `(x - mean) * (1 / sqrt(variance + epsilon)) * weight + bias`. */
  layerNorm(out: number, x: number, weight: number, bias: number, rows: number, width: number, epsilon: number): void;
  /** Depthwise convolution, zero padded: F32 weights `[kernelSize, width]`, taps added to the bias in rising order. */
  depthwiseConv(
    out: number,
    x: number,
    w: number,
    bias: number,
    rows: number,
    width: number,
    kernelSize: number,
    activation: number,
  ): void;
  /**
   * Attention of several heads: queries `[queries, heads, size]` to keys and values `[count, heads, size]`, all F32,
   * rows of each `stride` elements apart; out `[queries, heads, size]`. A head of several has a multiple of 4 channels.
   * For each head, each query and key, and each channel of the values over all keys, is quantized as a row of
   * {@link quantizeRows}, of which `x'` stands for `x / scale`: `q - zero`.
   * `s[t] = f32(sum_c(q'[c] * k'[t, c])) * (qScale * (scale * log2(e)) * kScale[t])`,
   * `w[t] = rint(127 * 2^(s[t] - max(s)))` with the power of `powerLevel` in `float.ts`,
   * `out[c] = f32(sum_t(w[t] * v'[t, c])) * (r * vScale[c])` with `r = 1 / sum_t(w[t])`, and 0
   * where the weights sum to 0. Where products are of F32, nothing is quantized, every product and sum is rounded, and
   * `w[t] = exp(s[t] - max(s))`, of scores without the logarithm. Uses {@link attentionScratchBytes} of `scratch`.
   */
  attention(
    out: number,
    q: number,
    k: number,
    v: number,
    scratch: number,
    queries: number,
    count: number,
    heads: number,
    size: number,
    stride: number,
    scale: number,
  ): void;
  /**
   * Takes one more vector `v` `[width]` into `[u; v; |u - v|; u * v]`, F32 `[4 * width]`: what was the second is now the
   * first.
   */
  pairFeatures(out: number, v: number, width: number): void;
  /** `out[r, c] = out[r, c] + x[r, c]`. */
  add(out: number, x: number, rows: number, width: number): void;
}

/**
 * Bytes that attention to `count` keys of `size` elements a head works in at most: of a head, keys and values as packed
 * weights with their scales, and queries and scores of four rows.
 */
export function attentionScratchBytes(count: number, size: number): number {
  return 8 * (alignedWidth(count) + 4) * (alignedWidth(size) + 9);
}

/**
 * How many activations a product multiplies at once: one as F32 (float students, on the scalar kernels alone), two as I16
 * (SIMD128 and scalar), four as I8 (relaxed SIMD).
 */
export type ProductGroup = 1 | 2 | 4;

/** Bytes of `rows` quantized rows. */
export function quantizedBytes(rows: number, width: number, group: ProductGroup): number {
  return (rows * alignedWidth(width) * 4) / group;
}

/**
 * Packs a row-major I8 matrix `[outputSize, inputSize]` as blocks of 8 outputs; in a block, groups of inputs; in a group,
 * 8 outputs of `group` values. One 16-byte register then holds 4 outputs of one group, which an instruction multiplies
 * with a splat group of activations. Missing outputs and inputs are 0.
 *
 * @returns the packed matrix, and the sums of its rows, what a zero point adds to every product with them
 */
export function packInt8(
  weights: Int8Array,
  outputSize: number,
  inputSize: number,
  group: ProductGroup,
): readonly [packed: Int16Array | Int8Array, sums: Int32Array] {
  const stride = alignedWidth(inputSize);
  const length = Math.ceil(outputSize / PACK_OUTPUTS) * PACK_OUTPUTS * stride;
  const packed = group === 2 ? new Int16Array(length) : new Int8Array(length);
  const sums = new Int32Array(alignedWidth(outputSize));
  for (let o = 0; o < outputSize; o++) {
    const lane = o % PACK_OUTPUTS;
    const block = (o - lane) * stride + lane * group;
    let sum = 0;
    for (let k = 0; k < inputSize; k++) {
      const place = k & (group - 1);
      const weight = weights[o * inputSize + k];
      packed[block + (k - place) * PACK_OUTPUTS + place] = weight;
      sum += weight;
    }
    sums[o] = sum;
  }
  return [packed, sums];
}

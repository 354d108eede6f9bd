/**
 * The scalar reference of every primitive: the oracle of the WebAssembly modules, the fallback where they do not run, and
 * what runs beside them where a primitive takes no time. It also has the F32 products of students that are not quantized.
 * `Kernels` says what each method computes.
 */
import { alignedWidth } from '../../format/index.ts';
import { activateF32, expF32, LOG2_E, powerLevel, rint, sumF32, weightsOf } from './float.ts';
import { type Kernels, PACK_OUTPUTS, type ProductGroup } from './kernels.ts';

const f = Math.fround;
const SMALLEST_NORMAL = 2 ** -126;
const Q_MAX = 127;

/** The nearest of 0..127; 0 for NaN. */
function clampQ(x: number): number {
  return Math.min(Math.max(x, 0), Q_MAX) || 0;
}

/** Scale, zero point and levels of a row, see {@link Kernels}. */
function quantize(row: Float32Array): readonly [scale: number, zero: number, levels: Float32Array] {
  let low = 0;
  let high = 0;
  for (const x of row) {
    if (x < low) low = x;
    if (x > high) high = x;
  }
  const scale = f(f(high - low) / Q_MAX);
  const usable = scale >= SMALLEST_NORMAL;
  const inverse = usable ? f(1 / scale) : 0;
  const zero = clampQ(rint(f(-low * inverse)));
  return [usable ? scale : 0, zero, row.map((x) => clampQ(rint(f(x * inverse)) + zero))];
}

/** Sum of the first values, in four lanes. */
function laneSum(values: Float32Array, count: number): number {
  const lanes = new Float32Array(4);
  for (let c = 0; c < count; c++) lanes[c & 3] += values[c];
  return f(f(lanes[0] + lanes[1]) + f(lanes[2] + lanes[3]));
}

/** A vector of attention, as a scale and numbers: in a float student 1 and the values. */
type Vector = readonly [scale: number, values: Float32Array];

/** Scalar kernels over a buffer: one of their own, or the memory of the compiled modules. */
export class ScalarKernels implements Kernels {
  readonly #i8: Int8Array;
  readonly #group: ProductGroup;
  readonly #operands: Int16Array | Int8Array;
  readonly #i32: Int32Array;
  readonly #f32: Float32Array;

  /** @param group 1 in a student in F32, whose attention is not quantized; between 2 and 4 no result differs */
  constructor(memory: ArrayBuffer, group: ProductGroup) {
    this.#group = group;
    this.#operands = group === 4 ? new Int8Array(memory) : new Int16Array(memory);
    this.#i8 = new Int8Array(memory);
    this.#i32 = new Int32Array(memory);
    this.#f32 = new Float32Array(memory);
  }

  gatherInt8(out: number, ids: number, count: number, table: number, scales: number, width: number): void {
    const stride = alignedWidth(width);
    for (let t = 0; t < count; t++) {
      const id = this.#i32[(ids >> 2) + t];
      const scale = this.#f32[(scales >> 2) + id];
      const from = table + id * stride;
      const to = (out >> 2) + t * stride;
      for (let c = 0; c < stride; c++) this.#f32[to + c] = this.#i8[from + c] * scale;
    }
  }

  groupIds(out: number, ids: number, count: number, groups: number): void {
    for (let i = 0; i < count * groups; i++) {
      const id = this.#i32[(ids >> 2) + Math.floor(i / groups)];
      this.#i32[(out >> 2) + i] = id * groups + (i % groups);
    }
  }

  /** The F32 twin of {@link gatherInt8}: `out[t, c] = table[ids[t], c]`. */
  gatherFloat32(out: number, ids: number, count: number, table: number, width: number): void {
    const stride = alignedWidth(width);
    for (let t = 0; t < count; t++) {
      const from = (table >> 2) + this.#i32[(ids >> 2) + t] * stride;
      this.#f32.copyWithin((out >> 2) + t * stride, from, from + stride);
    }
  }

  weightedMean(out: number, x: number, ids: number, weights: number, count: number, width: number): void {
    const stride = alignedWidth(width);
    const to = out >> 2;
    this.#f32.fill(0, to, to + stride);
    let total = 0;
    for (let t = 0; t < count; t++) {
      const weight = this.#f32[(weights >> 2) + this.#i32[(ids >> 2) + t]];
      total = f(total + weight);
      const from = (x >> 2) + t * stride;
      for (let c = 0; c < stride; c++) this.#f32[to + c] += f(weight * this.#f32[from + c]);
    }
    for (let c = to; c < to + stride; c++) this.#f32[c] = total > 0 ? this.#f32[c] / total : 0;
  }

  maxPool(out: number, x: number, count: number, width: number): void {
    const stride = alignedWidth(width);
    const to = out >> 2;
    this.#f32.fill(count > 0 ? Number.NEGATIVE_INFINITY : 0, to, to + stride);
    for (let i = 0; i < count * stride; i++) {
      const value = this.#f32[(x >> 2) + i];
      if (value > this.#f32[to + (i % stride)]) this.#f32[to + (i % stride)] = value;
    }
  }

  quantizeRows(q: number, scales: number, zeros: number, x: number, rows: number, width: number): void {
    const stride = alignedWidth(width);
    for (let r = 0; r < rows; r++) {
      const from = (x >> 2) + r * stride;
      const [scale, zero, levels] = quantize(this.#f32.subarray(from, from + stride));
      this.#f32[(scales >> 2) + r] = scale;
      this.#i32[(zeros >> 2) + r] = zero;
      this.#operands.set(levels, this.#operandAt(q) + r * stride);
    }
  }

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
  ): void {
    const stride = alignedWidth(inputSize);
    const outStride = alignedWidth(outputSize);
    for (let r = 0; r < rows; r++) {
      const scale = this.#f32[(scales >> 2) + r];
      const zero = this.#i32[(zeros >> 2) + r];
      const row = this.#operandAt(q) + r * stride;
      for (let o = 0; o < outStride; o++) {
        const lane = o % PACK_OUTPUTS;
        const block = this.#operandAt(w) + (o - lane) * stride + lane * this.#group;
        let sum = -zero * this.#i32[(sums >> 2) + o];
        for (let k = 0; k < stride; k++) {
          const place = k % this.#group;
          sum += this.#operands[row + k] * this.#operands[block + (k - place) * PACK_OUTPUTS + place];
        }
        const product = f(f(sum) * f(scale * this.#f32[(weightScales >> 2) + o]));
        const value = f(product + this.#f32[(bias >> 2) + o]);
        this.#f32[(out >> 2) + r * outStride + o] = activateF32(value, activation);
      }
    }
  }

  /** Index of the operand at a byte offset. */
  #operandAt(offset: number): number {
    return offset / this.#operands.BYTES_PER_ELEMENT;
  }

  /** The F32 twin of {@link matmulInt8}: row-major F32 weights `[outputSize, inputSize]`, one running sum an output. */
  matmulFloat32(
    out: number,
    x: number,
    w: number,
    bias: number,
    rows: number,
    inputSize: number,
    outputSize: number,
    activation: number,
  ): void {
    const stride = alignedWidth(inputSize);
    const outStride = alignedWidth(outputSize);
    for (let r = 0; r < rows; r++) {
      this.#f32.fill(0, (out >> 2) + r * outStride, (out >> 2) + (r + 1) * outStride);
      const from = (x >> 2) + r * stride;
      for (let o = 0; o < outputSize; o++) {
        const row = (w >> 2) + o * stride;
        let sum = 0;
        for (let k = 0; k < inputSize; k++) sum = f(sum + f(this.#f32[from + k] * this.#f32[row + k]));
        const value = f(sum + this.#f32[(bias >> 2) + o]);
        this.#f32[(out >> 2) + r * outStride + o] = activateF32(value, activation);
      }
    }
  }

  layerNorm(out: number, x: number, weight: number, bias: number, rows: number, width: number, epsilon: number): void {
    const stride = alignedWidth(width);
    for (let r = 0; r < rows; r++) {
      const from = (x >> 2) + r * stride;
      const to = (out >> 2) + r * stride;
      const row = this.#f32.subarray(from, from + stride);
      const mean = f(laneSum(row, width) / width);
      const distances = row.map((x) => x - mean);
      const squares = distances.map((d) => d * d);
      const inverse = f(1 / f(Math.sqrt(f(f(laneSum(squares, width) / width) + f(epsilon)))));
      for (let c = 0; c < stride; c++) {
        const normalized = f(distances[c] * inverse);
        this.#f32[to + c] = f(normalized * this.#f32[(weight >> 2) + c]) + this.#f32[(bias >> 2) + c];
      }
    }
  }

  depthwiseConv(
    out: number,
    x: number,
    w: number,
    bias: number,
    rows: number,
    width: number,
    kernelSize: number,
    activation: number,
  ): void {
    const stride = alignedWidth(width);
    const half = kernelSize >> 1;
    for (let t = 0; t < rows; t++) {
      const first = Math.max(0, half - t);
      const last = Math.min(kernelSize, rows + half - t);
      for (let c = 0; c < stride; c++) {
        let sum = this.#f32[(bias >> 2) + c];
        for (let k = first; k < last; k++) {
          const value = this.#f32[(x >> 2) + (t + k - half) * stride + c];
          sum = f(sum + f(value * this.#f32[(w >> 2) + k * stride + c]));
        }
        this.#f32[(out >> 2) + t * stride + c] = activateF32(sum, activation);
      }
    }
  }

  attention(
    out: number,
    q: number,
    k: number,
    v: number,
    _scratch: number,
    queries: number,
    count: number,
    heads: number,
    size: number,
    stride: number,
    scale: number,
  ): void {
    const isFloat = this.#group === 1;
    const [round, exp, unit] = isFloat ? [f, expF32, scale] : [Number, powerLevel, f(scale * LOG2_E)];
    const sum = (a: Float32Array, b: Float32Array): number => {
      let total = 0;
      for (let i = 0; i < a.length; i++) total = round(total + round(a[i] * b[i]));
      return f(total);
    };
    // Those whose values are `step` elements apart.
    const vectors = (at: number, howMany: number, start: number, length: number, step: number): Vector[] =>
      Array.from({ length: howMany }, (_, i) => {
        const values = Float32Array.from({ length }, (_value, j) => this.#f32[(at >> 2) + i * start + j * step]);
        if (isFloat) return [1, values];
        const [own, zero, levels] = quantize(values);
        return [own, levels.map((level) => level - zero)];
      });
    const width = alignedWidth(size);
    for (let head = 0; head < 4 * heads * width; head += 4 * width) {
      const keys = vectors(k + head, count, stride, size, 1);
      const values = vectors(v + head, width, 1, count, stride);
      for (const [r, [queryScale, query]] of vectors(q + head, queries, stride, size, 1).entries()) {
        const scores = Float32Array.from(
          keys,
          ([keyScale, key]) => sum(query, key) * f(f(queryScale * unit) * keyScale),
        );
        const weights = weightsOf(scores, exp);
        const inverse = f(1 / (sumF32(weights) || Number.POSITIVE_INFINITY));
        for (const [c, [valueScale, value]] of values.entries()) {
          this.#f32[((out + head) >> 2) + r * heads * width + c] = sum(weights, value) * f(inverse * valueScale);
        }
      }
    }
  }

  gatherElements(out: number, ids: number, count: number, x: number): void {
    for (let i = 0; i < count; i++) {
      const id = this.#i32[(ids >> 2) + i];
      this.#f32[(out >> 2) + i] = id < 0 ? 0 : this.#f32[(x >> 2) + id];
    }
  }

  pairFeatures(out: number, v: number, width: number): void {
    const to = out >> 2;
    for (let c = to; c < to + width; c++) {
      const first = this.#f32[c + width];
      const second = this.#f32[(v >> 2) + c - to];
      this.#f32[c] = first;
      this.#f32[c + width] = second;
      this.#f32[c + 2 * width] = Math.abs(first - second);
      this.#f32[c + 3 * width] = first * second;
    }
  }

  add(out: number, x: number, rows: number, width: number): void {
    for (let i = 0; i < rows * alignedWidth(width); i++) this.#f32[(out >> 2) + i] += this.#f32[(x >> 2) + i];
  }
}

import { describe, expect, it } from 'vitest';
import {
  attentionScratchBytes,
  packedLength,
  packInt8,
  quantizedStride,
} from '../../../src/runtime/kernels/kernels.ts';
import { createRandom, type Random } from '../../../src/train/random.ts';
import { TwinMemory } from './twin-memory.ts';

/** Around the lanes of a register (4 F32, 8 I16, 16 I8), odd, large. */
const WIDTHS = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 64, 100, 255];
const COUNTS = [0, 1, 2, 3, 7, 33];
const ROWS = [1, 2, 3, 4, 5, 8, 9, 33];
const VOCAB = 50;

/** Heads and their sizes: one channel, part of a register, registers and a rest. */
const HEADS = [
  [1, 1],
  [2, 3],
  [3, 4],
  [2, 5],
  [1, 17],
  [4, 32],
] as const;

/** Attention by its definition in double precision, over rows of query, key and value side by side. */
function attended(qkv: Float32Array, queries: number, count: number, heads: number, size: number): number[] {
  const width = heads * size;
  const at = (row: number, part: number, channel: number): number => qkv[(3 * row + part) * width + channel];
  return Array.from({ length: queries * width }, (_, i) => {
    const [row, channel] = [Math.floor(i / width), i % width];
    const first = channel - (channel % size);
    const scores = Array.from({ length: count }, (__, t) => {
      let sum = 0;
      for (let c = first; c < first + size; c++) sum += at(row, 0, c) * at(t, 1, c);
      return sum / Math.sqrt(size);
    });
    const weights = scores.map((score) => Math.exp(score - Math.max(...scores)));
    const total = weights.reduce((a, b) => a + b, 0);
    return count === 0 ? 0 : weights.reduce((sum, weight, t) => sum + weight * at(t, 2, channel), 0) / total;
  });
}

/** Ordinary numbers with the odd ones among them: zeros of both signs, subnormals, huge. */
function floats(random: Random, length: number): Float32Array {
  const odd = [0, -0, 1e-40, -1e-40, 1e30, -1e30, 127, 0.5, -0.5, 1.5];
  return random.normals(length, 3).map((x) => (random.uniform() < 0.05 ? odd[random.uint32() % odd.length] : x));
}

/** Error relative to 1 + |expected|. */
const relativeError = (got: number, expected: number): number => Math.abs(got - expected) / (1 + Math.abs(expected));

/** Small numbers only, for operations whose results would overflow. */
const calm = (random: Random, length: number): Float32Array => random.normals(length, 3);

function int8(random: Random, length: number): Int8Array {
  return Int8Array.from({ length }, () => [-127, 127, 0, (random.uint32() % 255) - 127][random.uint32() % 4]);
}

const positive = (random: Random, length: number): Float32Array =>
  Float32Array.from({ length }, () => random.uniform());
const ids = (random: Random, length: number): Int32Array => Int32Array.from({ length }, () => random.uint32() % VOCAB);

function forSizes(
  first: readonly number[],
  second: readonly number[],
  check: (a: number, b: number, random: Random) => void,
): void {
  for (const a of first) for (const b of second) check(a, b, createRandom(1000 * a + b));
}

describe('SIMD128 equals the scalar reference bit for bit, and writes nothing else', () => {
  it('gatherInt8', () => {
    forSizes(COUNTS, WIDTHS, (count, width, random) => {
      const m = new TwinMemory();
      const [id, table, scales] = [
        m.place(ids(random, count)),
        m.place(int8(random, VOCAB * width)),
        m.place(floats(random, VOCAB)),
      ];
      const out = m.output(4 * count * width);
      m.runBoth((k) => k.gatherInt8(out, id, count, table, scales, width));
    });
  });

  it('gatherFloat32, zeros for a negative id', () => {
    forSizes(COUNTS, WIDTHS, (count, width, random) => {
      const m = new TwinMemory();
      const rows = ids(random, count).map((id) => (id % 5 === 0 ? -1 : id));
      const values = floats(random, VOCAB * width);
      const [id, table] = [m.place(rows), m.place(values)];
      const out = m.output(4 * count * width);
      m.runBoth((k) => k.gatherFloat32(out, id, count, table, width));
      const expected = [...rows].flatMap((row) =>
        row < 0 ? Array<number>(width).fill(0) : [...values.subarray(row * width, (row + 1) * width)],
      );
      expect([...m.floats(out, count * width)]).toEqual(expected);
    });
  });

  it('pairFeatures, of the two vectors that came last', () => {
    forSizes([1], WIDTHS, (_, width, random) => {
      const m = new TwinMemory();
      const [u, v] = [floats(random, width), floats(random, width)];
      const [first, second] = [m.place(u), m.place(v)];
      const out = m.output(16 * width);
      m.runBoth((k) => k.pairFeatures(out, first, width));
      m.runBoth((k) => k.pairFeatures(out, second, width));
      const distances = u.map((x, i) => Math.abs(x - v[i]));
      expect([...m.floats(out, 4 * width)]).toEqual([...u, ...v, ...distances, ...u.map((x, i) => x * v[i])]);
    });
  });

  it('weightedMean, also of weights that are all 0', () => {
    forSizes(COUNTS, WIDTHS, (count, width, random) => {
      for (const weights of [positive(random, VOCAB), new Float32Array(VOCAB)]) {
        const m = new TwinMemory();
        const [x, id, weight] = [m.place(floats(random, count * width)), m.place(ids(random, count)), m.place(weights)];
        const out = m.output(4 * width);
        m.runBoth((k) => k.weightedMean(out, x, id, weight, count, width));
      }
    });
  });

  it('gatherMeanInt8, with the bits of gatherInt8 and weightedMean', () => {
    forSizes(COUNTS, WIDTHS, (count, width, random) => {
      const m = new TwinMemory();
      const [id, weight] = [m.place(ids(random, count)), m.place(positive(random, VOCAB))];
      const [table, scales] = [m.place(int8(random, VOCAB * width)), m.place(calm(random, VOCAB))];
      const [out, rows, mean] = [m.output(4 * width), m.output(4 * count * width), m.output(4 * width)];
      m.runBoth((k) => k.gatherMeanInt8(out, id, weight, count, table, scales, width));
      m.runBoth((k) => k.gatherInt8(rows, id, count, table, scales, width));
      m.runBoth((k) => k.weightedMean(mean, rows, id, weight, count, width));
      expect(m.floats(out, width)).toEqual(m.floats(mean, width));
    });
  });

  it('maxPool', () => {
    forSizes(COUNTS, WIDTHS, (count, width, random) => {
      const m = new TwinMemory();
      const values = floats(random, count * width);
      const x = m.place(values);
      const out = m.output(4 * width);
      m.runBoth((k) => k.maxPool(out, x, count, width));
      for (let c = 0; c < width; c++) {
        const column = Array.from({ length: count }, (_, t) => values[t * width + c]);
        expect(m.floats(out, width)[c] + 0).toBe((count === 0 ? 0 : Math.max(...column)) + 0);
      }
    });
  });

  it('quantizeRows: 0 to 127, each value within half a step, rows of zeros and of one sign too', () => {
    forSizes(ROWS, WIDTHS, (rows, width, random) => {
      for (const values of [
        floats(random, rows * width),
        calm(random, rows * width),
        calm(random, rows * width).map(Math.abs),
        new Float32Array(rows * width),
      ]) {
        const m = new TwinMemory();
        const stride = quantizedStride(width);
        const x = m.place(values);
        const [q, scales, zeros] = [m.output(2 * rows * stride), m.output(4 * rows), m.output(4 * rows)];
        m.runBoth((k) => k.quantizeRows(q, scales, zeros, x, rows, width));
      }
      const calmValues = calm(random, rows * width);
      const m = new TwinMemory();
      const stride = quantizedStride(width);
      const x = m.place(calmValues);
      const [q, scales, zeros] = [m.output(2 * rows * stride), m.output(4 * rows), m.output(4 * rows)];
      m.runBoth((k) => k.quantizeRows(q, scales, zeros, x, rows, width));
      const quantized = new Int16Array(m.floats(q, Math.ceil((rows * stride) / 2)).slice().buffer);
      const zeroPoints = new Int32Array(m.floats(zeros, rows).slice().buffer);
      let wrong = 0;
      for (const [i, value] of calmValues.entries()) {
        const row = Math.floor(i / width);
        const level = quantized[row * stride + (i % width)];
        const scale = m.floats(scales, rows)[row];
        // Rounding of the value and of the zero point: half a step each.
        const isClose = Math.abs(scale * (level - zeroPoints[row]) - value) <= 1.001 * scale;
        if (level < 0 || level > 127 || !isClose) wrong++;
      }
      expect(wrong).toBe(0);
    });
  });

  it('matmulInt8, for every activation, and the integer part is exact', () => {
    forSizes(ROWS, WIDTHS, (rows, inputSize, random) => {
      for (const outputSize of [1, 2, 7, 8, 9, 16, 17]) {
        const m = new TwinMemory();
        const stride = quantizedStride(inputSize);
        const weights = int8(random, outputSize * inputSize);
        const packed = new Int16Array(packedLength(outputSize, inputSize));
        packInt8(packed, weights, outputSize, inputSize);
        const levels = new Int16Array(rows * stride);
        for (let r = 0; r < rows; r++)
          for (let k = 0; k < inputSize; k++)
            levels[r * stride + k] = [0, 127, random.uint32() % 128][random.uint32() % 3];
        const zeroPoints = Int32Array.from({ length: rows }, () => random.uint32() % 128);
        const rowSums = Int32Array.from({ length: outputSize }, (_, o) =>
          weights.subarray(o * inputSize, (o + 1) * inputSize).reduce((a, b) => a + b, 0),
        );
        const ones = (length: number): Float32Array => new Float32Array(length).fill(1);
        const [q, scales, zeros, w, sums] = [levels, ones(rows), zeroPoints, packed, rowSums].map((data) =>
          m.place(data),
        );
        const [unit, zeroBias] = [m.place(ones(outputSize)), m.place(new Float32Array(outputSize))];
        const [weightScales, bias] = [m.place(calm(random, outputSize)), m.place(calm(random, outputSize))];
        const out = m.output(4 * rows * outputSize);
        m.runBoth((k) => k.matmulInt8(out, q, scales, zeros, w, sums, unit, zeroBias, rows, inputSize, outputSize, 0));
        const results = m.floats(out, rows * outputSize);
        let wrong = 0;
        for (let r = 0; r < rows; r++) {
          for (let o = 0; o < outputSize; o++) {
            let exact = 0;
            for (let k = 0; k < inputSize; k++)
              exact += (levels[r * stride + k] - zeroPoints[r]) * weights[o * inputSize + k];
            if (results[r * outputSize + o] !== Math.fround(exact)) wrong++;
          }
        }
        expect(wrong).toBe(0);
        for (const activation of [0, 1, 2, 3]) {
          m.runBoth((k) =>
            k.matmulInt8(out, q, scales, zeros, w, sums, weightScales, bias, rows, inputSize, outputSize, activation),
          );
        }
      }
    });
  });

  it('layerNorm, within 1e-4 of double precision', () => {
    forSizes(ROWS, WIDTHS, (rows, width, random) => {
      const m = new TwinMemory();
      const [values, gains, shifts] = [calm(random, rows * width), calm(random, width), calm(random, width)];
      const [x, weight, bias] = [values, gains, shifts].map((data) => m.place(data));
      const out = m.output(4 * rows * width);
      m.runBoth((k) => k.layerNorm(out, x, weight, bias, rows, width, 1e-5));
      for (let r = 0; r < rows; r++) {
        const row = values.subarray(r * width, (r + 1) * width);
        const mean = row.reduce((a, b) => a + b, 0) / width;
        const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
        for (const [c, value] of row.entries()) {
          const expected = ((value - mean) / Math.sqrt(variance + 1e-5)) * gains[c] + shifts[c];
          expect(relativeError(m.floats(out, rows * width)[r * width + c], expected)).toBeLessThan(1e-4);
        }
      }
    });
  });

  it('depthwiseConv, for every activation, within 1e-4 of double precision', () => {
    forSizes(ROWS, WIDTHS, (rows, width, random) => {
      for (const kernelSize of [1, 3, 5]) {
        const m = new TwinMemory();
        const [values, taps, shifts] = [
          calm(random, rows * width),
          calm(random, kernelSize * width),
          calm(random, width),
        ];
        const [x, w, bias] = [values, taps, shifts].map((data) => m.place(data));
        const out = m.output(4 * rows * width);
        for (const activation of [3, 2, 1, 0])
          m.runBoth((k) => k.depthwiseConv(out, x, w, bias, rows, width, kernelSize, activation));
        const results = m.floats(out, rows * width);
        let worst = 0;
        for (let t = 0; t < rows; t++) {
          for (let c = 0; c < width; c++) {
            let expected = shifts[c];
            for (let tap = 0; tap < kernelSize; tap++) {
              const at = t + tap - (kernelSize - 1) / 2;
              if (at >= 0 && at < rows) expected += taps[tap * width + c] * values[at * width + c];
            }
            worst = Math.max(worst, relativeError(results[t * width + c], expected));
          }
        }
        expect(worst).toBeLessThan(1e-4);
      }
    });
  });

  it('attention, within 1e-4 of double precision, zeros without keys, and the largest score has no limit', () => {
    for (const [queries, count] of [
      ...COUNTS.map((rows) => [rows, rows] as const),
      ...[0, 1, 3, 4, 5, 33].map((keys) => [1, keys] as const),
    ]) {
      for (const [heads, size] of HEADS) {
        const random = createRandom(1000 * count + 10 * size + heads);
        const width = heads * size;
        for (const gain of [1, 1e4]) {
          const m = new TwinMemory();
          const values = calm(random, Math.max(queries, count) * 3 * width).map((x) => gain * x);
          const qkv = m.place(values);
          const [out, scratch] = [m.output(4 * queries * width), m.output(attentionScratchBytes(count, size))];
          const [k, v] = [qkv + 4 * width, qkv + 8 * width];
          const scale = Math.fround(1 / Math.fround(Math.sqrt(size)));
          m.runBoth(
            (kernels) => kernels.attention(out, qkv, k, v, scratch, queries, count, heads, size, 3 * width, scale),
            { at: scratch, byteLength: attentionScratchBytes(count, size) },
          );
          if (gain > 1) continue;
          const expected = attended(values, queries, count, heads, size);
          const worst = m.floats(out, queries * width).map((x, i) => relativeError(x, expected[i]));
          expect(Math.max(0, ...worst), `${queries} to ${count}, ${heads} x ${size}`).toBeLessThan(1e-4);
        }
      }
    }
  });

  it('add', () => {
    for (const count of [0, ...WIDTHS]) {
      const random = createRandom(count);
      const m = new TwinMemory();
      const [out, x] = [m.place(floats(random, count)), m.place(floats(random, count))];
      m.runBoth((k) => k.add(out, x, count));
    }
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { alignedWidth } from '../../../src/format/index.ts';
import { inlinedModules } from '../../../src/runtime/index.ts';
import { chooseKernels } from '../../../src/runtime/kernels/choose.ts';
import {
  attentionScratchBytes,
  packInt8,
  quantizedBytes,
  RESERVED_BYTES,
} from '../../../src/runtime/kernels/kernels.ts';
import { ScalarKernels } from '../../../src/runtime/kernels/scalar.ts';
import { readStudent } from '../../../src/runtime/node.ts';
import { createRandom, type Random } from '../../../src/train/random.ts';
import { MIXED_TEXTS } from '../../support/prediction-memory.ts';
import { convStudent, staticStudent, studentBytes, transformerStudent } from '../../support/students.ts';
import { alignRows, TwinMemory, VARIANTS } from './twin-memory.ts';

/** Around the lanes of a register (4 F32, 8 I16, 16 I8), odd, large. */
const WIDTHS = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 64, 100, 255];
const COUNTS = [0, 1, 2, 3, 7, 33];
const ROWS = [0, 1, 2, 3, 4, 5, 8, 9, 33];
const VOCAB = 50;

/** Heads and their sizes: a register, registers; and one head alone, of which a register may be filled in part. */
const HEADS = [
  [1, 1],
  [1, 5],
  [1, 17],
  [1, 4],
  [3, 4],
  [2, 8],
  [1, 20],
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

it('this engine runs both variants', () => {
  expect(VARIANTS).toEqual(['simd', 'relaxed-simd']);
});

describe.each(VARIANTS)('what multiplies in int8 on %s equals the scalar reference bit for bit', (variant) => {
  it('quantizeRows: 0 to 127, each value within half a step, rows of zeros, of one sign, of NaN and infinity too', () => {
    forSizes(ROWS, WIDTHS, (rows, width, random) => {
      const quantized = (values: Float32Array) => {
        const m = new TwinMemory(variant);
        const x = m.placeRows(values, width);
        const q = m.output(quantizedBytes(rows, width, m.group));
        const [scales, zeros] = [m.output(4 * rows), m.output(4 * rows)];
        m.runBoth((k) => k.quantizeRows(q, scales, zeros, x, rows, width));
        return { m, q, scales, zeros };
      };
      quantized(floats(random, rows * width));
      quantized(calm(random, rows * width).map(Math.abs));
      quantized(new Float32Array(rows * width));
      for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        quantized(calm(random, rows * width).map((x) => (random.uniform() < 0.1 ? odd : x)));
      }
      const values = calm(random, rows * width);
      const { m, q, scales, zeros } = quantized(values);
      const stride = alignedWidth(width);
      const bytes = m.floats(q, quantizedBytes(rows, width, m.group) / 4).slice().buffer;
      const levels = m.group === 2 ? new Int16Array(bytes) : new Int8Array(bytes);
      const zeroPoints = new Int32Array(m.floats(zeros, rows).slice().buffer);
      let wrong = 0;
      for (const [i, value] of values.entries()) {
        const row = Math.floor(i / width);
        const level = levels[row * stride + (i % width)];
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
        const m = new TwinMemory(variant);
        const weights = int8(random, outputSize * inputSize);
        const levels = Int16Array.from(
          { length: rows * inputSize },
          () => [0, 127, random.uint32() % 128][random.uint32() % 3],
        );
        const zeroPoints = Int32Array.from({ length: rows }, () => random.uint32() % 128);
        const rowSums = Int32Array.from({ length: outputSize }, (_, o) =>
          weights.subarray(o * inputSize, (o + 1) * inputSize).reduce((a, b) => a + b, 0),
        );
        const ones = (length: number): Float32Array => new Float32Array(length).fill(1);
        const q = m.placeRows(m.group === 2 ? levels : Int8Array.from(levels), inputSize);
        const [scales, zeros] = [m.place(ones(rows)), m.place(zeroPoints)];
        const [packed, packedSums] = packInt8(weights, outputSize, inputSize, m.group);
        expect([...packedSums.subarray(0, outputSize)]).toEqual([...rowSums]);
        const [w, sums] = [m.place(packed), m.place(packedSums)];
        const [unit, zeroBias, weightScales, bias] = [
          ones(outputSize),
          new Float32Array(outputSize),
          calm(random, outputSize),
          calm(random, outputSize),
        ].map((row) => m.placeRows(row, outputSize));
        const out = m.outputRows(rows, outputSize);
        m.runBoth((k) => k.matmulInt8(out, q, scales, zeros, w, sums, unit, zeroBias, rows, inputSize, outputSize, 0));
        const results = m.rows(out, rows, outputSize);
        let wrong = 0;
        for (let r = 0; r < rows; r++) {
          for (let o = 0; o < outputSize; o++) {
            let exact = 0;
            for (let k = 0; k < inputSize; k++)
              exact += (levels[r * inputSize + k] - zeroPoints[r]) * weights[o * inputSize + k];
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

  // Of normal numbers: scores, a sum of products of 7 bits, are off by some hundredths, and so are their exponentials.
  it('attention, within 0.05 of double precision, zeros without keys, over any scratch, and scores have no limit', () => {
    for (const [queries, count] of [
      ...COUNTS.map((rows) => [rows, rows] as const),
      ...[0, 1, 3, 4, 5, 33].map((keys) => [1, keys] as const),
    ]) {
      for (const [heads, size] of HEADS) {
        const random = createRandom(1000 * count + 10 * size + heads);
        const width = heads * size;
        for (const gain of [1 / 3, 1e4]) {
          const m = new TwinMemory(variant);
          const values = calm(random, Math.max(queries, count) * 3 * width).map((x) => gain * x);
          const qkv = m.placeRows(values, width);
          const [out, scratch] = [
            m.outputRows(queries, width),
            m.place(new Int8Array(attentionScratchBytes(count, size)).fill(-1)),
          ];
          const part = alignedWidth(width);
          const [k, v] = [qkv + 4 * part, qkv + 8 * part];
          const scale = Math.fround(1 / Math.fround(Math.sqrt(size)));
          m.runBoth(
            (kernels) => kernels.attention(out, qkv, k, v, scratch, queries, count, heads, size, 3 * part, scale),
            { at: scratch, byteLength: attentionScratchBytes(count, size) },
          );
          if (gain > 1) continue;
          const expected = attended(values, queries, count, heads, size);
          const worst = m.rows(out, queries, width).map((x, i) => relativeError(x, expected[i]));
          expect(Math.max(0, ...worst), `${queries} to ${count}, ${heads} x ${size}`).toBeLessThan(0.05);
        }
      }
    }
  });
});

describe('SIMD128 equals the scalar reference bit for bit, and writes nothing else', () => {
  it('gatherInt8', () => {
    forSizes(COUNTS, WIDTHS, (count, width, random) => {
      const m = new TwinMemory();
      const [id, table, scales] = [
        m.place(ids(random, count)),
        m.placeRows(int8(random, VOCAB * width), width),
        m.place(floats(random, VOCAB)),
      ];
      const out = m.outputRows(count, width);
      m.runBoth((k) => k.gatherInt8(out, id, count, table, scales, width));
    });
  });

  it('weightedMean, also of weights that are all 0', () => {
    forSizes(COUNTS, WIDTHS, (count, width, random) => {
      for (const weights of [positive(random, VOCAB), new Float32Array(VOCAB)]) {
        const m = new TwinMemory();
        const x = m.placeRows(floats(random, count * width), width);
        const [id, weight] = [m.place(ids(random, count)), m.place(weights)];
        const out = m.outputRows(1, width);
        m.runBoth((k) => k.weightedMean(out, x, id, weight, count, width));
      }
    });
  });

  it('maxPool', () => {
    forSizes(COUNTS, WIDTHS, (count, width, random) => {
      const m = new TwinMemory();
      const values = floats(random, count * width);
      const x = m.placeRows(values, width);
      const out = m.outputRows(1, width);
      m.runBoth((k) => k.maxPool(out, x, count, width));
      for (let c = 0; c < width; c++) {
        const column = Array.from({ length: count }, (_, t) => values[t * width + c]);
        expect(m.rows(out, 1, width)[c] + 0).toBe((count === 0 ? 0 : Math.max(...column)) + 0);
      }
    });
  });

  it('layerNorm, within 1e-4 of double precision', () => {
    forSizes(ROWS, WIDTHS, (rows, width, random) => {
      const m = new TwinMemory();
      const [values, gains, shifts] = [calm(random, rows * width), calm(random, width), calm(random, width)];
      const [x, weight, bias] = [values, gains, shifts].map((data) => m.placeRows(data, width));
      const out = m.outputRows(rows, width);
      m.runBoth((k) => k.layerNorm(out, x, weight, bias, rows, width, 1e-5));
      const results = m.rows(out, rows, width);
      for (let r = 0; r < rows; r++) {
        const row = values.subarray(r * width, (r + 1) * width);
        const mean = row.reduce((a, b) => a + b, 0) / width;
        const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
        for (const [c, value] of row.entries()) {
          const expected = ((value - mean) / Math.sqrt(variance + 1e-5)) * gains[c] + shifts[c];
          expect(relativeError(results[r * width + c], expected)).toBeLessThan(1e-4);
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
        const [x, w, bias] = [values, taps, shifts].map((data) => m.placeRows(data, width));
        const out = m.outputRows(rows, width);
        for (const activation of [3, 2, 1, 0])
          m.runBoth((k) => k.depthwiseConv(out, x, w, bias, rows, width, kernelSize, activation));
        const results = m.rows(out, rows, width);
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

  it('activations, of numbers of every exponent and of infinities', () => {
    const odd = [0, -0, 1e-45, 8, -8, 3e38, -3e38, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const values = createRandom(1)
      .normals(3991, 1)
      .map((x, i) => x * 2 ** ((i % 250) - 125));
    const width = odd.length + values.length;
    const m = new TwinMemory();
    const x = m.place(Float32Array.from([...odd, ...values]));
    const [one, zero] = [1, -0].map((value) => m.place(new Float32Array(width).fill(value)));
    const out = m.outputRows(1, width);
    for (const activation of [0, 1, 2, 3])
      m.runBoth((k) => k.depthwiseConv(out, x, one, zero, 1, width, 1, activation));
  });

  it('activations of NaN but for its bits: 0 for ReLU, NaN for GELU and SiLU', () => {
    const { kernels, memory } = chooseKernels(false, inlinedModules, 'simd').place(RESERVED_BYTES + 64);
    const values = new Float32Array(memory, RESERVED_BYTES, 16);
    values.set([Number.NaN, Number.NaN, Number.NaN, Number.NaN, 1, 1, 1, 1]);
    const [x, one, zero, out] = [0, 16, 32, 48].map((at) => RESERVED_BYTES + at);
    for (const [i, expected] of [0, Number.NaN, Number.NaN].entries()) {
      kernels.depthwiseConv(out, x, one, zero, 1, 4, 1, i + 1);
      expect([...values.subarray(12)]).toEqual(new Array(4).fill(expected));
    }
  });

  it('add', () => {
    forSizes(COUNTS, WIDTHS, (rows, width, random) => {
      const m = new TwinMemory();
      const [out, x] = [0, 1].map(() => m.placeRows(floats(random, rows * width), width));
      m.runBoth((k) => k.add(out, x, rows, width));
    });
  });
});

describe('the reference of a float student', () => {
  it('attention, within 1e-5 of double precision, zeros without keys', () => {
    for (const [queries, count] of [
      [0, 0],
      [1, 0],
      [1, 1],
      [9, 9],
      [1, 33],
    ]) {
      for (const [heads, size] of HEADS) {
        const width = heads * size;
        const values = calm(createRandom(count), Math.max(queries, count) * 3 * width).map((x) => x / 3);
        const rows = alignRows(values, width);
        const memory = new ArrayBuffer(2 ** 18);
        const part = 4 * alignedWidth(width);
        new Float32Array(memory).set(rows);
        new ScalarKernels(memory, 1).attention(
          2 ** 17,
          0,
          part,
          2 * part,
          0,
          queries,
          count,
          heads,
          size,
          (3 * part) / 4,
          Math.fround(1 / Math.sqrt(size)),
        );
        const out = new Float32Array(memory, 2 ** 17, (queries * part) / 4).filter((_, i) => i % (part / 4) < width);
        const expected = attended(values, queries, count, heads, size);
        const worst = out.map((x, i) => relativeError(x, expected[i]));
        expect(Math.max(0, ...worst), `${queries} to ${count}, ${heads} x ${size}`).toBeLessThan(1e-5);
      }
    }
  });
});

describe('what runs in the reference alone, in the memory of the modules', () => {
  it('groupIds: the rows of the groups of each id, in order', () => {
    forSizes(COUNTS, [1, 2, 3, 128], (count, groups, random) => {
      const m = new TwinMemory();
      const rows = ids(random, count);
      const from = m.place(rows);
      const out = m.output(4 * count * groups);
      m.runBoth((k) => k.groupIds(out, from, count, groups));
      const expected = Array.from(
        { length: count * groups },
        (_, i) => rows[Math.floor(i / groups)] * groups + (i % groups),
      );
      expect([...new Int32Array(m.floats(out, count * groups).slice().buffer)]).toEqual(expected);
    });
  });

  it('gatherElements, zeros for a negative id', () => {
    for (const count of [0, ...WIDTHS]) {
      const random = createRandom(count);
      const m = new TwinMemory();
      const [values, places] = [floats(random, VOCAB), ids(random, count).map((id) => (id % 5 === 0 ? -1 : id))];
      const [x, id, out] = [m.place(values), m.place(places), m.output(4 * count)];
      m.runBoth((k) => k.gatherElements(out, id, count, x));
      expect([...m.floats(out, count)]).toEqual([...places].map((place) => (place < 0 ? 0 : values[place])));
    }
  });

  it('pairFeatures, of the two vectors that came last', () => {
    forSizes([1], WIDTHS, (_, width, random) => {
      const m = new TwinMemory();
      const [u, v] = [floats(random, width), floats(random, width)];
      const [first, second] = [u, v].map((vector) => m.placeRows(vector, width));
      const out = m.output(16 * width);
      m.runBoth((k) => k.pairFeatures(out, first, width));
      m.runBoth((k) => k.pairFeatures(out, second, width));
      const distances = u.map((x, i) => Math.abs(x - v[i]));
      expect([...m.floats(out, 4 * width)]).toEqual([...u, ...v, ...distances, ...u.map((x, i) => x * v[i])]);
    });
  });
});

it.each(VARIANTS)(
  'what is not finite gives the bits of the reference on %s: maxPool, quantizeRows, ReLU, scores of attention',
  (variant) => {
    const random = createRandom(8);
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e38, -1e38, -0];
    for (let round = 0; round < 50; round++) {
      const values = random.normals(5 * 12, 3).map((x) => (random.uniform() < 0.2 ? odd[random.uint32() % 6] : x));
      const memory = new TwinMemory(variant);
      const x = memory.placeRows(values, 12);
      const [pooled, q, scales, zeros] = [48, quantizedBytes(5, 12, memory.group), 20, 20].map((n) => memory.output(n));
      memory.runBoth((kernels) => kernels.maxPool(pooled, x, 5, 12));
      memory.runBoth((kernels) => kernels.quantizeRows(q, scales, zeros, x, 5, 12));
      const w = memory.place(packInt8(int8(random, 12 * 8), 8, 12, memory.group)[0]);
      const [sums, ones] = [memory.place(new Int32Array(8)), memory.placeRows(new Float32Array(8).fill(1), 8)];
      const bias = memory.placeRows(values.slice(0, 8), 8);
      const out = memory.outputRows(5, 8);
      memory.runBoth((kernels) => kernels.matmulInt8(out, q, scales, zeros, w, sums, ones, bias, 5, 12, 8, 1));
      // Of 5 keys with 12 channels; values are finite or NaN, for an infinite one has no bits that a reference could have.
      const v = memory.placeRows(
        values.map((value) => (Math.abs(value) > 1e38 ? 1 : value)),
        12,
      );
      const [heads, scratch] = [memory.outputRows(5, 12), memory.output(attentionScratchBytes(5, 12))];
      memory.runBoth((kernels) => kernels.attention(heads, x, x, v, scratch, 5, 5, 1, 12, 12, 0.25), {
        at: scratch,
        byteLength: attentionScratchBytes(5, 12),
      });
    }
  },
);

it('both modules keep constants below RESERVED_BYTES, none where the other has one', () => {
  const written = ['simd', 'relaxed'].map((name) => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const wasm = readFileSync(`src/runtime/kernels/${name}.wasm`);
    new WebAssembly.Instance(new WebAssembly.Module(wasm), { env: { memory } });
    return [...new Uint8Array(memory.buffer).entries()].filter(([, byte]) => byte !== 0).map(([at]) => at);
  });
  expect(written[0].length).toBeGreaterThan(0);
  expect(Math.max(...written.flat())).toBeLessThan(RESERVED_BYTES);
  expect(written[0].filter((at) => written[1].includes(at))).toEqual([]);
});

describe.each(VARIANTS)('a student with a table in int4 on %s', (kernels) => {
  it.each([
    ['static, rows of 3 groups', staticStudent({ hiddenSize: 96, precision: 'int4' })],
    ['conv, rows of 1 group', convStudent({ hiddenSize: 32, precision: 'int4' })],
    ['transformer, rows of 2 groups', transformerStudent({ hiddenSize: 64, precision: 'int4' })],
  ])('gives the logits of the scalar kernels, bit for bit: %s', async (_, file) => {
    const bytes = await studentBytes(file);
    const [fast, scalar] = [kernels, 'scalar' as const].map((name) => readStudent(bytes, { kernels: name }));
    expect(fast.info.backend).toBe(kernels);
    for (const text of MIXED_TEXTS) expect(fast.logits(text)).toEqual(scalar.logits(text));
  });
});

/**
 * Post-training quantization, symmetric: int8 with one scale a row (an output channel, or the row of an embedding), or
 * int4 with one scale a group of neighbours in the row of an embedding. What is not a matrix stays F32.
 */
import {
  decodeFloat16,
  encodeFloat16,
  INT4_GROUP_SIZE,
  InputError,
  packInt4,
  type StudentSpec,
  scaleName,
  studentTensors,
  type Tensor,
  unpackInt4,
} from '../format/index.ts';
import type { Parameters } from './training-run.ts';

/** How the weights of a student are stored: in F32; every matrix in int8; the same but for its embedding, in int4. */
export type WeightPrecision = 'float' | 'int8' | 'int4';

/** Largest magnitude of an int8 weight; -128 is not used, so that the range is symmetric. */
const INT8_MAX = 127;
/** The same of an int4 weight: -8 is of use only to a group whose largest weight is negative and has no counterpart. */
const INT4_MAX = 7;
const SMALLEST_NORMAL_F32 = 2 ** -126;
const SMALLEST_NORMAL_F16 = 2 ** -14;
const LARGEST_F16 = 65_504;

/** A matrix in integers. Row `r` stands for `scales[r] * values[r]`; off by at most `scales[r] / 2`. */
export interface QuantizedMatrix {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/**
 * Quantizes the rows of a matrix `[rows, values.length / rows]` to int8: scale = largest magnitude / 127, values rounded
 * half to even. A row of zeros has scale 1.
 */
export function quantizeRows(values: Float32Array, rows: number): QuantizedMatrix {
  const scales = largestOfRows(values, rows).map((largest) =>
    largest === 0 ? 1 : Math.max(largest / INT8_MAX, SMALLEST_NORMAL_F32),
  );
  return { values: divideRows(values, scales, INT8_MAX), scales };
}

/**
 * Quantizes groups of 32 neighbours to int4: scale = largest magnitude / 7 in F16, values divided by that and rounded
 * half to even. A group of zeros has scale 1.
 *
 * @returns a matrix of one row a group
 * @throws InputError where a weight is beyond what 7 times the largest F16 reaches
 */
export function quantizeGroups(values: Float32Array): QuantizedMatrix {
  const exact = largestOfRows(values, values.length / INT4_GROUP_SIZE).map((largest) =>
    largest === 0 ? 1 : Math.max(largest / INT4_MAX, SMALLEST_NORMAL_F16),
  );
  const tooLarge = exact.find((scale) => scale > LARGEST_F16);
  if (tooLarge !== undefined) {
    const message = `expected weights within ${INT4_MAX * LARGEST_F16}, whose scale is an F16, got ${tooLarge * INT4_MAX}`;
    throw new InputError(`embedding in int4: ${message}; store it in int8`);
  }
  const scales = decodeFloat16(encodeFloat16(exact));
  return { values: divideRows(values, scales, INT4_MAX), scales };
}

function largestOfRows(values: Float32Array, rows: number): Float32Array {
  const columns = values.length / rows;
  const largest = new Float32Array(rows);
  for (const [i, value] of values.entries()) {
    const row = Math.floor(i / columns);
    largest[row] = Math.max(largest[row], Math.abs(value));
  }
  return largest;
}

function divideRows(values: Float32Array, scales: Float32Array, max: number): Int8Array {
  const columns = values.length / scales.length;
  return Int8Array.from(values, (value, i) =>
    Math.max(-max, Math.min(max, roundHalfEven(value / scales[Math.floor(i / columns)]))),
  );
}

/** The values that a matrix of `scales.length` rows stands for, in F32. */
export function dequantizeRows({ values, scales }: QuantizedMatrix): Float32Array {
  const columns = values.length / scales.length;
  return Float32Array.from(values, (value, i) => value * scales[Math.floor(i / columns)]);
}

/** The values that a tensor of a student stands for in F32; `scale` is its companion, undefined where it has none. */
export function floatValues({ dtype, data }: Tensor, scale: Tensor | undefined): Float32Array {
  if (scale === undefined) return data as Float32Array;
  if (dtype === 'I8') return dequantizeRows({ values: data as Int8Array, scales: scale.data as Float32Array });
  const scales = decodeFloat16(scale.data as Int16Array);
  return dequantizeRows({ values: unpackInt4(data as Uint8Array), scales });
}

function roundHalfEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}

/**
 * The tensors of a student file, but for those of its tokenizer.
 *
 * @throws InputError where `precision` is `int4` and the student has no embedding whose rows are whole groups
 */
export function weightTensors(
  spec: StudentSpec,
  parameters: Parameters,
  precision: WeightPrecision,
): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const [name, [float, int8, int4]] of studentTensors(spec)) {
    const values = parameters.get(name);
    if (values === undefined || float.shape === null) continue;
    if (precision === 'int4' && int4 !== undefined) {
      const { values: integers, scales } = quantizeGroups(values);
      tensors.set(name, { dtype: 'U8', shape: int4.shape!, data: packInt4(integers) });
      tensors.set(scaleName(name), { dtype: 'F16', shape: int4.scale!.shape!, data: encodeFloat16(scales) });
    } else if (precision !== 'float' && int8 !== undefined) {
      const { values: data, scales } = quantizeRows(values, float.shape[0]);
      tensors.set(name, { dtype: 'I8', shape: float.shape, data });
      tensors.set(scaleName(name), { dtype: 'F32', shape: [float.shape[0]], data: scales });
    } else {
      tensors.set(name, { dtype: 'F32', shape: float.shape, data: values });
    }
  }
  if (precision === 'int4' && ![...tensors.values()].some(({ dtype }) => dtype === 'U8')) {
    throw new InputError(
      `student ${spec.name}: expected an embedding whose hiddenSize is a multiple of ${INT4_GROUP_SIZE} for int4, got none; choose int8`,
    );
  }
  return tensors;
}

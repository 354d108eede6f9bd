/**
 * Post-training quantization: int8, symmetric, one scale a row (an output channel, or the row of an embedding). What is
 * not a matrix stays F32.
 */
import { type StudentSpec, scaleName, studentTensors, type Tensor } from '../format/index.ts';
import type { Parameters } from './training-run.ts';

/** Largest magnitude of an int8 weight; -128 is not used, so that the range is symmetric. */
const INT8_MAX = 127;

/** A matrix in int8. Row `r` stands for `scales[r] * values[r]`; off by at most `scales[r] / 2`. */
export interface QuantizedMatrix {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/**
 * Quantizes the rows of a matrix `[rows, values.length / rows]`: scale = largest magnitude / 127, values rounded half
 * to even. A row of zeros has scale 1.
 */
export function quantizeRows(values: Float32Array, rows: number): QuantizedMatrix {
  const columns = values.length / rows;
  const quantized = new Int8Array(values.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let largest = 0;
    for (let i = start; i < start + columns; i++) largest = Math.max(largest, Math.abs(values[i]));
    scales[row] = largest === 0 ? 1 : Math.max(largest / INT8_MAX, 2 ** -126);
    for (let i = start; i < start + columns; i++) {
      const scaled = roundHalfEven(values[i] / scales[row]);
      quantized[i] = Math.max(-INT8_MAX, Math.min(INT8_MAX, scaled));
    }
  }
  return { values: quantized, scales };
}

/** The values that a matrix of `scales.length` rows stands for, in F32. */
export function dequantizeRows({ values, scales }: QuantizedMatrix): Float32Array {
  const columns = values.length / scales.length;
  return Float32Array.from(values, (value, i) => value * scales[Math.floor(i / columns)]);
}

function roundHalfEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}

/** The tensors of a student file in F32. */
export function floatTensors(spec: StudentSpec, parameters: Parameters): Map<string, Tensor> {
  return tensorsOf(spec, parameters, false);
}

/** The tensors of a student file with every matrix in int8. */
export function quantizedTensors(spec: StudentSpec, parameters: Parameters): Map<string, Tensor> {
  return tensorsOf(spec, parameters, true);
}

function tensorsOf(spec: StudentSpec, parameters: Parameters, quantize: boolean): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const [name, { shape, type }] of studentTensors(spec)) {
    const values = parameters.get(name);
    if (values === undefined || shape === null) continue;
    if (quantize && type === 'quantizable') {
      const { values: data, scales } = quantizeRows(values, shape[0]);
      tensors.set(name, { dtype: 'I8', shape, data });
      tensors.set(scaleName(name), { dtype: 'F32', shape: [shape[0]], data: scales });
    } else {
      tensors.set(name, { dtype: 'F32', shape, data: values });
    }
  }
  return tensors;
}

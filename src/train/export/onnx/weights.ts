/** The tensors of a student in the form that a graph has them: matrices in either precision, whatever the file has. */
import { scaleName, type Tensor } from '../../../format/index.ts';
import { dequantizeRows, type QuantizedMatrix, quantizeRows } from '../../quantization.ts';

/**
 * What the weights of an exported graph are. The integers of `uint8` are those of `int8` with 128 added, which the graph
 * takes out again. ONNX Runtime multiplies signed weights up to three times as fast in WebAssembly, but on x86 without
 * VNNI its sums of such products saturate; with unsigned ones they are exact everywhere.
 */
export type OnnxPrecision = 'float' | 'int8' | 'uint8';

/** Reads tensors by their names in the file, e.g. `layers.2.weight`. */
export class OnnxWeights {
  readonly #tensors: ReadonlyMap<string, Tensor>;

  constructor(tensors: ReadonlyMap<string, Tensor>) {
    this.#tensors = tensors;
  }

  /** Values of a tensor in F32; those of an int8 matrix times the scales of their rows. */
  float(name: string): Float32Array {
    const { data } = this.#tensor(name);
    return this.#tensors.has(scaleName(name)) ? dequantizeRows(this.int8(name)) : (data as Float32Array);
  }

  /** A matrix in int8 with a scale a row; one that is F32 in the file is quantized as Retort does. */
  int8(name: string): QuantizedMatrix {
    const { data, shape } = this.#tensor(name);
    const scale = this.#tensors.get(scaleName(name));
    if (scale === undefined) return quantizeRows(data as Float32Array, shape[0]);
    return { values: data as Int8Array, scales: scale.data as Float32Array };
  }

  #tensor(name: string): Tensor {
    return this.#tensors.get(name)!;
  }
}

/** `[rows, columns]` as `[columns, rows]`. */
export function transposed<T extends Float32Array | Int8Array>(matrix: T, rows: number, columns: number): T {
  const result = matrix.slice() as T;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) result[c * rows + r] = matrix[r * columns + c];
  }
  return result;
}

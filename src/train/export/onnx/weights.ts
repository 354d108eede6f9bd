/** The tensors of a student in the form that a graph has them: matrices in either precision, whatever the file has. */
import { scaleName, type Tensor } from '../../../format/index.ts';
import { floatValues, type QuantizedMatrix, quantizeRows } from '../../quantization.ts';

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

  /** Values of a tensor in F32; integers times their scales. */
  float(name: string): Float32Array {
    return floatValues(this.#tensors.get(name)!, this.#tensors.get(scaleName(name)));
  }

  /** A matrix in int8 with a scale a row; one that is F32 or int4 in the file is quantized as Retort does. */
  int8(name: string): QuantizedMatrix {
    const { dtype, data, shape } = this.#tensors.get(name)!;
    if (dtype !== 'I8') return quantizeRows(this.float(name), shape[0]);
    return { values: data as Int8Array, scales: this.#tensors.get(scaleName(name))!.data as Float32Array };
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

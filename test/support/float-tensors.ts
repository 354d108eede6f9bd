/** A student in F32 that computes with the weights of one in int8. */
import { scaleName, type Tensor } from '../../src/format/index.ts';
import { dequantizeRows } from '../../src/train/quantization.ts';

/** Every int8 matrix in F32, and what is F32 already; no scales. */
export function dequantized(tensors: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  const floats = new Map<string, Tensor>();
  for (const [name, tensor] of tensors) {
    if (name.endsWith('.scale')) continue;
    const scale = tensors.get(scaleName(name));
    if (scale === undefined) {
      floats.set(name, tensor);
      continue;
    }
    const matrix = { values: tensor.data as Int8Array, scales: scale.data as Float32Array };
    floats.set(name, { dtype: 'F32', shape: tensor.shape, data: dequantizeRows(matrix) });
  }
  return floats;
}

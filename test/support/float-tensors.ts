/** A student in F32 that computes with the weights of one in integers. */
import { scaleName, type Tensor } from '../../src/format/index.ts';
import { floatValues } from '../../src/train/quantization.ts';

/** Every matrix in F32, and what is F32 already; no scales. */
export function dequantized(tensors: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  const floats = new Map<string, Tensor>();
  for (const [name, tensor] of tensors) {
    if (name.endsWith('.scale')) continue;
    const scale = tensors.get(scaleName(name));
    const data = scale === undefined ? tensor.data : floatValues(tensor, scale);
    const shape =
      tensor.dtype === 'U8' && scale !== undefined ? [tensor.shape[0], data.length / tensor.shape[0]] : tensor.shape;
    floats.set(name, { ...tensor, ...(scale && { dtype: 'F32', shape, data }) });
  }
  return floats;
}

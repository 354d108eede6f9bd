/** Depthwise convolution in F32: its few weights are dequantized at load and laid out tap by tap. */
import type { DepthwiseConvSpec, Tensor } from '../../format/index.ts';
import { scaleName } from '../../format/index.ts';
import { ACTIVATION_CODES } from '../kernels/kernels.ts';
import type { LayerPlanner } from './layer.ts';

/** Plans a convolution that keeps the shape of the sequence. */
export const planDepthwiseConv: LayerPlanner<DepthwiseConvSpec> = (plan, spec, name, input) => {
  const { channels, kernelSize } = spec;
  const activation = ACTIVATION_CODES[spec.activation];
  const output = plan.acquireFlow(input.kind, channels);
  const weight = plan.tensors.get(`${name}.weight`)!;
  const scale = plan.tensors.get(scaleName(`${name}.weight`));
  const taps = plan.rowsOf(tapMajor(weight, scale, channels, kernelSize), channels);
  const bias = plan.placeTensor(`${name}.bias`);
  return {
    output,
    steps: [
      (kernels, count) =>
        kernels.depthwiseConv(output.offset, input.offset, taps, bias, count, channels, kernelSize, activation),
    ],
  };
};

/** `[channels, kernelSize]`, int8 or F32, as F32 `[kernelSize, channels]`. */
function tapMajor(weight: Tensor, scale: Tensor | undefined, channels: number, kernelSize: number): Float32Array {
  const taps = new Float32Array(weight.data.length);
  for (let c = 0; c < channels; c++) {
    const factor = scale === undefined ? 1 : scale.data[c];
    for (let k = 0; k < kernelSize; k++) taps[k * channels + c] = weight.data[c * kernelSize + k] * factor;
  }
  return taps;
}

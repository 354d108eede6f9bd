/** Depthwise convolution along time. */
import type { OwnKernel } from './own-kernel.ts';
import type { TextsAttributes } from './texts.ts';

/** `{ x, weight, bias }` -> `[y]`; `x` is `[batch * length, channels]`, `weight` `[channels, taps]` */
export const depthwiseConv: OwnKernel<TextsAttributes> = (engine, { x, weight, bias }, { batch, length, ids }) => {
  const [channels, taps] = weight.shape;
  const y = engine.output(x.shape);
  const { address, end } = engine.upload(ids, 4 * channels * taps);
  const [to, from, w, b] = [y, x, weight, bias].map(engine.address);
  engine.kernels.depthwiseConv(to, from, w, b, address, batch, length, channels, taps, end);
  return [y];
};

/** `{ x, weight, dy }` -> `[dx, dWeight, dBias]` */
export const depthwiseConvGradient: OwnKernel<TextsAttributes> = (
  engine,
  { x, weight, dy },
  { batch, length, ids },
) => {
  const [channels, taps] = weight.shape;
  const outputs = [engine.output(x.shape), engine.output(weight.shape), engine.output([channels])];
  const { address, end } = engine.upload(ids, 8 * channels * taps);
  const [dx, dWeight, dBias] = outputs.map(engine.address);
  const [from, w, d] = [x, weight, dy].map(engine.address);
  engine.kernels.depthwiseConvGradient(dx, dWeight, dBias, from, w, d, address, batch, length, channels, taps, end);
  return outputs;
};

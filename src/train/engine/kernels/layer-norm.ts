/** Layer normalization of the rows of a matrix. */
import type { OwnKernel } from './own-kernel.ts';

/** What is added to the variance. */
export interface LayerNormAttributes {
  readonly epsilon: number;
}

/** `{ x, weight, bias }` -> `[y, normalized, inverses]`: the latter two are what the gradient needs. */
export const layerNorm: OwnKernel<LayerNormAttributes> = (engine, { x, weight, bias }, { epsilon }) => {
  const [rows, width] = x.shape;
  const outputs = [engine.output(x.shape), engine.output(x.shape), engine.output([rows])];
  const [y, normalized, inverses] = outputs.map(engine.address);
  const [from, w, b] = [x, weight, bias].map(engine.address);
  engine.kernels.layerNorm(y, normalized, inverses, from, w, b, rows, width, epsilon);
  return outputs;
};

/** `{ normalized, inverses, weight, dy }` -> `[dx, dWeight, dBias]` */
export const layerNormGradient: OwnKernel<object> = (engine, { normalized, inverses, weight, dy }) => {
  const [rows, width] = normalized.shape;
  const outputs = [engine.output([rows, width]), engine.output([width]), engine.output([width])];
  const [dx, dWeight, dBias] = outputs.map(engine.address);
  const [n, inverse, w, d] = [normalized, inverses, weight, dy].map(engine.address);
  engine.kernels.layerNormGradient(dx, dWeight, dBias, n, inverse, w, d, rows, width);
  return outputs;
};

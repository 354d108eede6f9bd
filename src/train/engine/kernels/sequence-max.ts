/** Largest value of each channel over the tokens of each text. */
import type { OwnKernel } from './own-kernel.ts';
import type { TextsAttributes } from './texts.ts';

/** `{ x }` -> `[values, positions]`, each `[batch, width]`; `x` is `[batch * length, width]`, a position a row of it */
export const sequenceMax: OwnKernel<TextsAttributes> = (engine, { x }, { batch, length, ids }) => {
  const width = x.shape[1];
  const outputs = [engine.output([batch, width]), engine.output([batch, width], 'int32')];
  const { address } = engine.upload(ids);
  const [values, positions] = outputs.map(engine.address);
  engine.kernels.sequenceMax(values, positions, engine.address(x), address, batch, length, width);
  return outputs;
};

/** `{ positions, dy }` -> `[dx]`, of `rows` rows */
export const sequenceMaxGradient: OwnKernel<{ readonly rows: number }> = (engine, { positions, dy }, { rows }) => {
  const [batch, width] = dy.shape;
  const dx = engine.output([rows, width]);
  const [to, at, from] = [dx, positions, dy].map(engine.address);
  engine.kernels.sequenceMaxGradient(to, at, from, batch, rows, width);
  return [dx];
};

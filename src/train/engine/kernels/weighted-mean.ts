/** Weighted mean over the tokens of each text. */
import type { OwnKernel } from './own-kernel.ts';
import type { TextsAttributes } from './texts.ts';

/** The texts, and whether a token reads the row of its id or that of its position in the batch. */
export interface WeightedMeanAttributes extends TextsAttributes {
  readonly rowsBy: 'id' | 'position';
}

/** `{ rows, weights }` -> `[means, sums]`, `[batch, width]` and `[batch]`: the latter is what the gradient needs */
export const weightedMean: OwnKernel<WeightedMeanAttributes> = (
  engine,
  { rows, weights },
  { batch, length, ids, rowsBy },
) => {
  const width = rows.shape[1];
  const outputs = [engine.output([batch, width]), engine.output([batch])];
  const { address } = engine.upload(ids);
  const [means, sums, from, w] = [...outputs, rows, weights].map(engine.address);
  engine.kernels.weightedMean(means, sums, from, w, address, batch, length, width, rowsBy === 'id');
  return outputs;
};

/** `{ rows, weights, means, sums, dy }` -> `[dRows, dWeights]` */
export const weightedMeanGradient: OwnKernel<WeightedMeanAttributes> = (
  engine,
  { rows, weights, means, sums, dy },
  { batch, length, ids, rowsBy },
) => {
  const [rowCount, width] = rows.shape;
  const [weightCount] = weights.shape;
  const outputs = [engine.output(rows.shape), engine.output(weights.shape)];
  const { address } = engine.upload(ids);
  const [dRows, dWeights, from, w, m, s, d] = [...outputs, rows, weights, means, sums, dy].map(engine.address);
  const isById = rowsBy === 'id';
  engine.kernels.weightedMeanGradient(
    dRows,
    dWeights,
    from,
    w,
    m,
    s,
    d,
    address,
    batch,
    length,
    width,
    isById,
    rowCount,
    weightCount,
  );
  return outputs;
};

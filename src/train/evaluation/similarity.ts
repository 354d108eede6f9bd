/** How well vectors tell which texts are alike. */

/** Cosine of the angle between two vectors; 0 where either is 0. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, squareA, squareB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    squareA += a[i] ** 2;
    squareB += b[i] ** 2;
  }
  const norms = Math.sqrt(squareA * squareB);
  return norms === 0 ? 0 : dot / norms;
}

/** Mean cosine of the vectors of two models for the same texts. */
export function meanCosine(a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]): number {
  return a.reduce((sum, vector, row) => sum + cosine(vector, b[row]), 0) / a.length;
}

/** Pearson's correlation; 0 where either side is constant. */
export function pearson(a: readonly number[], b: readonly number[]): number {
  return cosine(centered(a), centered(b));
}

/** Spearman's correlation, that of the ranks, of which equal values share the mean: what STS-B is reported in. */
export function spearman(a: readonly number[], b: readonly number[]): number {
  return pearson(ranks(a), ranks(b));
}

function centered(values: readonly number[]): readonly number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

function ranks(values: readonly number[]): readonly number[] {
  const order = values.map((_, i) => i).sort((i, j) => values[i] - values[j]);
  const ranked = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let place = from; place < to; place++) ranked[order[place]] = (from + to - 1) / 2;
    from = to;
  }
  return ranked;
}

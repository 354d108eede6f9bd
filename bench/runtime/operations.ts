/** The arithmetic of a student: what the products, convolutions and attention of one text cost. */
import type { LayerKind, LayerSpec } from '../../src/format/index.ts';

/** Kinds that make one vector of all tokens. */
const POOLS: ReadonlySet<LayerKind> = new Set(['weightedMean', 'maxPool', 'attentionPool']);

/**
 * Operations, a multiplication and an addition each, for a text of `seqLen` tokens; lookups and pooling not counted.
 *
 * @param only of layers of this kind; of all of them by default
 */
export function operations(layers: readonly LayerSpec[], seqLen: number, only?: LayerKind): number {
  let rows = seqLen;
  let sum = 0;
  for (const layer of layers) {
    if (layer.kind === 'residual') sum += operations(layer.layers, rows, only);
    else if (only === undefined || layer.kind === only) sum += operationsOf(layer, rows);
    if (POOLS.has(layer.kind)) rows = 1;
  }
  return sum;
}

function operationsOf(layer: LayerSpec, rows: number): number {
  if (layer.kind === 'dense') return 2 * rows * layer.inputSize * layer.outputSize;
  if (layer.kind === 'depthwiseConv') return 2 * rows * layer.channels * layer.kernelSize;
  // Every token against every token, once for the scores and once for what they weigh.
  return layer.kind === 'attention' ? 2 * 2 * rows * rows * layer.hiddenSize : 0;
}

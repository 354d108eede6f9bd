/** The arithmetic of a student: what the products, convolutions, attention and activations of one text cost. */
import type { LayerKind, LayerSpec } from '../../src/format/index.ts';

/** Kinds that make one vector of all tokens. */
const POOLS: ReadonlySet<LayerKind> = new Set(['weightedMean', 'maxPool', 'attentionPool']);

/**
 * Operations, a multiplication and an addition each, for a text of `seqLen` tokens; lookups and pooling not counted.
 *
 * @param only of layers of this kind; of all of them by default
 */
export function operations(layers: readonly LayerSpec[], seqLen: number, only?: LayerKind): number {
  return sumOver(layers, seqLen, (layer, rows) =>
    only === undefined || layer.kind === only ? operationsOf(layer, rows) : 0,
  );
}

/** Exponentials for a text of `seqLen` tokens: those of attention, and one an element of SiLU. */
export function exponentials(layers: readonly LayerSpec[], seqLen: number): number {
  return sumOver(layers, seqLen, (layer, rows) => {
    if (layer.kind === 'attention') return rows * rows * layer.heads;
    if (!('activation' in layer) || layer.activation !== 'silu') return 0;
    return rows * (layer.kind === 'dense' ? layer.outputSize : 'channels' in layer ? layer.channels : 0);
  });
}

/** Adds up what each layer has for the rows that reach it. */
function sumOver(
  layers: readonly LayerSpec[],
  seqLen: number,
  count: (layer: LayerSpec, rows: number) => number,
): number {
  let rows = seqLen;
  let sum = 0;
  for (const layer of layers) {
    sum += layer.kind === 'residual' ? sumOver(layer.layers, rows, count) : count(layer, rows);
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

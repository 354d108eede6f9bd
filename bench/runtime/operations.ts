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

/** The parts of the arithmetic of one text, each a number of operations or of values. */
export interface Work {
  /** Operations of int8 products, those of attention included. */
  readonly products: number;
  /** Values that products give. */
  readonly outputs: number;
  /** Values that products read, those that are weights of attention left out. */
  readonly inputs: number;
  /** Weights of attention. */
  readonly weights: number;
  /** Values that go through GELU. */
  readonly gelus: number;
}

/** The work of a text of `seqLen` tokens in a quantized student, pooling not counted. */
export function workOf(layers: readonly LayerSpec[], seqLen: number): Work {
  const sum = (count: (layer: LayerSpec, rows: number) => number): number => sumOver(layers, seqLen, count);
  const scores = (layer: LayerSpec, rows: number): number =>
    layer.kind === 'attention' ? rows * rows * layer.heads : 0;
  return {
    products: operations(layers, seqLen, 'dense') + operations(layers, seqLen, 'attention'),
    outputs: sum((layer, rows) => {
      if (layer.kind === 'dense') return rows * layer.outputSize;
      return scores(layer, rows) + (layer.kind === 'attention' ? rows * layer.hiddenSize : 0);
    }),
    inputs: sum((layer, rows) => {
      if (layer.kind === 'dense') return rows * layer.inputSize;
      return layer.kind === 'attention' ? 3 * rows * layer.hiddenSize : 0;
    }),
    weights: sum(scores),
    gelus: sum((layer, rows) => (layer.kind === 'dense' && layer.activation === 'gelu' ? rows * layer.outputSize : 0)),
  };
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

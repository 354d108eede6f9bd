/** The arithmetic of a student: what the products and convolutions of one text cost. */
import type { LayerSpec } from '../../src/format/index.ts';

/** Operations, a multiplication and an addition each, for a text of `seqLen` tokens; lookups and pooling not counted. */
export function operations(layers: readonly LayerSpec[], seqLen: number): number {
  let rows = seqLen;
  let sum = 0;
  for (const layer of layers) {
    if (layer.kind === 'dense') sum += 2 * rows * layer.inputSize * layer.outputSize;
    if (layer.kind === 'depthwiseConv') sum += 2 * rows * layer.channels * layer.kernelSize;
    if (layer.kind === 'residual') sum += operations(layer.layers, rows);
    if (layer.kind === 'weightedMean' || layer.kind === 'maxPool') rows = 1;
  }
  return sum;
}

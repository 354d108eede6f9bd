/** The layers between the vector of a text and the logits, for one text or for what two have in common. */
import type { LayerSpec } from '../../format/index.ts';

/**
 * A linear layer for one text; for a pair the features of both vectors and a perceptron as wide as one of them
 * (Conneau et al. 2017, arXiv:1705.02364).
 */
export function headLayers(hiddenSize: number, numLabels: number, readsPair: boolean): readonly LayerSpec[] {
  const logits: LayerSpec = { kind: 'dense', inputSize: hiddenSize, outputSize: numLabels, activation: 'none' };
  if (!readsPair) return [logits];
  const joined: LayerSpec = { kind: 'dense', inputSize: 4 * hiddenSize, outputSize: hiddenSize, activation: 'relu' };
  return [{ kind: 'pairFeatures', hiddenSize }, joined, logits];
}

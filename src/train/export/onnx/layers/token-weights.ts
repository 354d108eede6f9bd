/** Softmax over the tokens of a text: what each of them counts for. */
import type { OnnxContext } from './layer.ts';

/**
 * The lowest F32. Beside any score of a token its weight is exactly 0. Infinity would do the same, and give a text
 * without tokens no weights but NaN, which spreads over the whole batch where products quantize what they read.
 */
const LOWEST = -(2 ** 128 - 2 ** 104);

/**
 * @param scores F32 `[batch, ..., sequence]`
 * @param axes those between batch and sequence, of which the mask knows nothing
 * @returns the name of the weights, of the same shape; 0 at positions that the text has not, where it has any tokens
 */
export function tokenWeights(
  { graph, mask }: OnnxContext,
  scope: string,
  scores: string,
  axes: readonly number[],
): string {
  const softmax = (value: string): string => graph.node(scope, 'Softmax', [value], { axis: { int: -1 } });
  if (mask === null) return softmax(scores);
  const row = axes.length === 0 ? mask : graph.node(scope, 'Unsqueeze', [mask, graph.integers(axes)]);
  return softmax(graph.node(scope, 'Where', [row, scores, graph.scalar(LOWEST)]));
}

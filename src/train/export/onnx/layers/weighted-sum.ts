/** Sum of the tokens of a text, each times a weight of its own. */
import type { OnnxGraph } from '../graph.ts';

/**
 * @param row weights, F32 `[batch, sequence]`
 * @param value F32 `[batch, sequence, width]`
 * @returns the name of the sums, F32 `[batch, width]`
 */
export function weightedSum(graph: OnnxGraph, scope: string, row: string, value: string): string {
  // A product of [1, sequence] and [sequence, width] a text leaves no weighted sequence in memory.
  const axis = graph.integers([1]);
  const sums = graph.node(scope, 'MatMul', [graph.node(scope, 'Unsqueeze', [row, axis]), value]);
  return graph.node(scope, 'Squeeze', [sums, axis]);
}

/** Keeps the positions behind the end of a text out of what positions do together. */
import type { OnnxContext } from './layer.ts';

/**
 * @param value a sequence, F32 `[batch, sequence, width]`
 * @param filler what stands at positions that the text has not; may be infinite
 * @returns the name of the sequence, `value` itself where no text is padded
 */
export function maskedBy({ graph, mask }: OnnxContext, scope: string, value: string, filler: number): string {
  if (mask === null) return value;
  const column = graph.node(scope, 'Unsqueeze', [mask, graph.integers([2])]);
  return graph.node(scope, 'Where', [column, value, graph.scalar(filler)]);
}

/** Position embedding: the row of its place is added to each token; a sequence with more tokens than rows is an error. */
import type { PositionSpec } from '../../../../format/index.ts';
import { embedding } from './embedding.ts';
import type { OnnxLayer } from './layer.ts';

export const position: OnnxLayer<PositionSpec> = (context, { maxTokens, hiddenSize }, name, { kind, value }) => {
  const { graph } = context;
  const [zero, one] = [graph.integer(0), graph.integer(1)];
  const length = graph.node(name, 'Gather', [graph.node(name, 'Shape', [value]), one]);
  const places = graph.node(name, 'Range', [zero, length, one]);
  const table = { kind: 'embedding', vocabSize: maxTokens, hiddenSize } as const;
  const rows = embedding(context, table, name, { kind: 'tokens', value: places });
  return { kind, value: graph.node(name, 'Add', [value, rows.value]) };
};

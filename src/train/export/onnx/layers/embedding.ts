/** One row of a table a token; in int8 only the rows that are looked up become F32. */
import type { EmbeddingSpec } from '../../../../format/index.ts';
import { ELEMENT_TYPES } from '../schema.ts';
import type { OnnxLayer } from './layer.ts';

export const embedding: OnnxLayer<EmbeddingSpec> = (context, { vocabSize, hiddenSize }, name, { value: ids }) => {
  const { graph, weights, precision } = context;
  const weight = `${name}.weight`;
  const shape = [vocabSize, hiddenSize];
  if (precision === 'float') {
    const table = graph.constant(weight, { shape, data: weights.float(weight) });
    return { kind: 'sequence', value: graph.node(name, 'Gather', [table, ids]) };
  }
  const { values, scales } = weights.int8(weight);
  const rows = graph.node(name, 'Gather', [graph.constant(weight, { shape, data: values }), ids]);
  const column = graph.constant(`${weight}.scale`, { shape: [vocabSize, 1], data: scales });
  const scale = graph.node(name, 'Gather', [column, ids]);
  const floats = graph.node(name, 'Cast', [rows], { to: { int: ELEMENT_TYPES.float32 } });
  return { kind: 'sequence', value: graph.node(name, 'Mul', [floats, scale]) };
};

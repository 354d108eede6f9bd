/**
 * Self-attention of several heads, in F32 in any precision; Retort computes it in int8 where the student is. The order of
 * the nodes is one in which ONNX Runtime takes the transposition of the keys and the scale into the product before them.
 */
import type { AttentionSpec } from '../../../../format/index.ts';
import type { OnnxLayer } from './layer.ts';
import { tokenWeights } from './token-weights.ts';

/** Swaps tokens and heads, either way. */
const HEADS_AND_TOKENS = { perm: { ints: [0, 2, 1, 3] } };
/** Swaps the tokens and the channels of a head. */
const TOKENS_AND_CHANNELS = { perm: { ints: [0, 1, 3, 2] } };

export const attention: OnnxLayer<AttentionSpec> = (context, { hiddenSize, heads }, name, { kind, value }) => {
  const { graph } = context;
  const size = hiddenSize / heads;
  const channels = graph.node(name, 'Reshape', [value, graph.integers([0, 0, 3 * heads, size])]);
  const headsFirst = graph.node(name, 'Transpose', [channels], HEADS_AND_TOKENS);
  const [query, key, content] = graph.nodeOf(name, 'Split', [headsFirst], 3, { axis: { int: 1 } });
  const keys = graph.node(name, 'Transpose', [key], TOKENS_AND_CHANNELS);
  const products = graph.node(name, 'MatMul', [query, keys]);
  const scores = graph.node(name, 'Mul', [products, graph.scalar(1 / Math.sqrt(size))]);
  const weights = tokenWeights(context, name, scores, [1, 2]);
  const seen = graph.node(name, 'Transpose', [graph.node(name, 'MatMul', [weights, content])], HEADS_AND_TOKENS);
  return { kind, value: graph.node(name, 'Reshape', [seen, graph.integers([0, 0, hiddenSize])]) };
};

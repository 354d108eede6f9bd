/** What two texts have in common: `[u; v; |u - v|; u * v]`. */
import type { OnnxContext, OnnxFlow } from './layer.ts';

/**
 * The one layer that reads two values.
 *
 * @param u vector of the first texts, F32 `[batch, width]`
 * @param v of the second ones
 */
export function pairFeatures({ graph }: OnnxContext, name: string, u: OnnxFlow, v: OnnxFlow): OnnxFlow {
  const both = [u.value, v.value];
  const distance = graph.node(name, 'Abs', [graph.node(name, 'Sub', both)]);
  const product = graph.node(name, 'Mul', both);
  return { kind: 'vector', value: graph.node(name, 'Concat', [...both, distance, product], { axis: { int: 1 } }) };
}

/** Ties the layer kinds together: plans a chain of layers, from what it reads to what it writes. */
import type { LayerSpec } from '../../format/index.ts';
import { layerName } from '../../format/index.ts';
import type { Flowing, Plan, Step } from '../plan.ts';
import { planAttention } from './attention.ts';
import { planAttentionPool } from './attention-pool.ts';
import { planDense } from './dense.ts';
import { planDepthwiseConv } from './depthwise-conv.ts';
import { planEmbedding } from './embedding.ts';
import type { PlannedLayer } from './layer.ts';
import { planLayerNorm } from './layer-norm.ts';
import { planMaxPool } from './max-pool.ts';
import { planPosition } from './position.ts';
import { planResidual } from './residual.ts';
import { planEmbeddingMean, planWeightedMean } from './weighted-mean.ts';

/** Plans the layers of a student, from token ids to logits. */
export function planStudent(plan: Plan, layers: readonly LayerSpec[], ids: Flowing): PlannedLayer {
  return planChain(plan, layers, 'layers', ids, ids, true);
}

function planChain(
  plan: Plan,
  layers: readonly LayerSpec[],
  prefix: string,
  ids: Flowing,
  input: Flowing,
  keepInput: boolean,
): PlannedLayer {
  const steps: Step[] = [];
  let current = input;
  for (let i = 0; i < layers.length; i++) {
    const fused = fuse(plan, layers, i, prefix, current);
    const planned = fused ?? planLayer(plan, layers[i], layerName(prefix, i), ids, current);
    if (fused !== null) i++;
    steps.push(...planned.steps);
    if (current !== input || !keepInput) plan.release(current.offset);
    current = planned.output;
  }
  return { steps, output: current };
}

/** An int8 embedding with a weighted mean behind it needs no sequence in memory. */
function fuse(plan: Plan, layers: readonly LayerSpec[], i: number, prefix: string, ids: Flowing): PlannedLayer | null {
  const [first, second] = [layers[i], layers[i + 1]];
  if (plan.isFloat || first.kind !== 'embedding' || second?.kind !== 'weightedMean') return null;
  return planEmbeddingMean(plan, first, layerName(prefix, i), layerName(prefix, i + 1), ids);
}

function planLayer(plan: Plan, layer: LayerSpec, name: string, ids: Flowing, input: Flowing): PlannedLayer {
  switch (layer.kind) {
    case 'embedding':
      return planEmbedding(plan, layer, name, input);
    case 'position':
      return planPosition(plan, layer, name, input);
    case 'weightedMean':
      return planWeightedMean(plan, layer, name, input, ids);
    case 'maxPool':
      return planMaxPool(plan, layer, name, input);
    case 'attentionPool':
      return planAttentionPool(plan, layer, name, input);
    case 'dense':
      return planDense(plan, layer, name, input);
    case 'layerNorm':
      return planLayerNorm(plan, layer, name, input);
    case 'depthwiseConv':
      return planDepthwiseConv(plan, layer, name, input);
    case 'attention':
      return planAttention(plan, layer, name, input);
    case 'residual':
      return planResidual(plan, layer, name, input, (inner, layers, prefix, from, keep) =>
        planChain(inner, layers, prefix, ids, from, keep),
      );
  }
}

/** Ties the layer kinds together: plans a chain of layers, from what it reads to what it writes. */
import { type LayerKind, type LayerSpec, layerName, type StudentSpec } from '../../format/index.ts';
import type { Flowing, Plan, Step } from '../plan.ts';
import { planAttention } from './attention.ts';
import { planAttentionPool } from './attention-pool.ts';
import { planConv2d } from './conv-2d.ts';
import { planDense } from './dense.ts';
import { planDepthwiseConv } from './depthwise-conv.ts';
import { planEmbedding } from './embedding.ts';
import { planFlatten } from './flatten.ts';
import type { LayerPlanner, PlannedLayer, Surroundings } from './layer.ts';
import { planLayerNorm } from './layer-norm.ts';
import { planMaxPool } from './max-pool.ts';
import { planMaxPool2d } from './max-pool-2d.ts';
import { planPairFeatures } from './pair-features.ts';
import { planPosition } from './position.ts';
import { planResidual } from './residual.ts';
import { planWeightedMean } from './weighted-mean.ts';

const PLANNERS: { readonly [K in LayerKind]: LayerPlanner<Extract<LayerSpec, { readonly kind: K }>> } = {
  embedding: planEmbedding,
  position: planPosition,
  weightedMean: planWeightedMean,
  maxPool: planMaxPool,
  attentionPool: planAttentionPool,
  dense: planDense,
  layerNorm: planLayerNorm,
  depthwiseConv: planDepthwiseConv,
  attention: planAttention,
  residual: planResidual,
  pairFeatures: planPairFeatures,
  conv2d: planConv2d,
  maxPool2d: planMaxPool2d,
  flatten: planFlatten,
};

/** A planned chain. */
interface PlannedChain extends PlannedLayer {
  /** How many of the steps run once a text; those behind them run once a pair, and there are none without one. */
  readonly stepsPerText: number;
}

/** Plans the layers of a student, from token ids, or an image, to what its task reads; `input` is where these go. */
export function planStudent(plan: Plan, spec: StudentSpec): PlannedChain & { readonly input: Flowing } {
  const ids = placeInput(plan, spec);
  const surroundings: Surroundings = { ids, planChain };
  return { ...planChain(spec.layers, 'layers', ids), input: ids };

  function planChain(layers: readonly LayerSpec[], prefix: string, input: Flowing): PlannedChain {
    const steps: Step[] = [];
    let stepsPerText: number | null = null;
    let current = input;
    for (const [i, layer] of layers.entries()) {
      const planner = PLANNERS[layer.kind] as LayerPlanner<LayerSpec>;
      const planned = planner(plan, layer, layerName(prefix, i), current, surroundings);
      steps.push(...planned.steps);
      if (layer.kind === 'pairFeatures') stepsPerText = steps.length;
      if (current !== input) plan.release(current.offset);
      current = planned.output;
    }
    return { steps, output: current, stepsPerText: stepsPerText ?? steps.length };
  }
}

function placeInput(plan: Plan, spec: StudentSpec): Flowing {
  if ('tokenizer' in spec) return { kind: 'tokens', width: 1, offset: plan.acquire(4 * spec.maxTokens) };
  const { height, width, channels } = spec.input;
  return plan.acquireFlow('image', channels, [height, width]);
}

/** Ties the layer kinds together: plans a chain of layers, from what it reads to what it writes. */
import type { LayerSpec, StudentSpec } from '../../format/index.ts';
import { layerName } from '../../format/index.ts';
import { type Flowing, type Plan, rowsAt, type Step } from '../plan.ts';
import { planAttention } from './attention.ts';
import { planAttentionPool } from './attention-pool.ts';
import { planDense } from './dense.ts';
import { planDepthwiseConv } from './depthwise-conv.ts';
import { planEmbedding } from './embedding.ts';
import type { PlannedLayer } from './layer.ts';
import { planLayerNorm } from './layer-norm.ts';
import { planMaxPool } from './max-pool.ts';
import { planPairFeatures } from './pair-features.ts';
import { planConv2d, planMaxPool2d } from './patches.ts';
import { planPosition } from './position.ts';
import { planResidual } from './residual.ts';
import { planEmbeddingMean, planWeightedMean } from './weighted-mean.ts';

/** Plans the layers of a student, from token ids, or an image, to logits; `input` is where these go. */
export function planStudent(plan: Plan, spec: StudentSpec): PlannedChain & { readonly input: Flowing } {
  const input = placeInput(plan, spec);
  return { ...planChain(plan, spec.layers, 'layers', input, input, true), input };
}

function placeInput(plan: Plan, spec: StudentSpec): Flowing {
  if ('tokenizer' in spec) return { kind: 'tokens', width: 1, offset: plan.acquire(4 * spec.maxTokens) };
  const { height, width, channels } = spec.input;
  return plan.acquireFlow('image', channels, [height, width]);
}

/** A planned chain. */
interface PlannedChain extends PlannedLayer {
  /** How many of the steps run once a text; those behind them run once a pair, and there are none without one. */
  readonly stepsPerText: number;
}

function planChain(
  plan: Plan,
  layers: readonly LayerSpec[],
  prefix: string,
  ids: Flowing,
  input: Flowing,
  keepInput: boolean,
): PlannedChain {
  const steps: Step[] = [];
  let stepsPerText: number | null = null;
  let current = input;
  for (let i = 0; i < layers.length; i++) {
    const fused = fuse(plan, layers, i, prefix, current);
    const planned = fused ?? planLayer(plan, layers[i], layerName(prefix, i), ids, current);
    if (fused !== null) i++;
    steps.push(...planned.steps);
    if (layers[i].kind === 'pairFeatures') stepsPerText = steps.length;
    // A layer may leave its input where it is.
    const isLeft = planned.output.offset !== current.offset;
    if (isLeft && (current !== input || !keepInput)) plan.release(current.offset);
    current = planned.output;
  }
  return { steps, output: current, stepsPerText: stepsPerText ?? steps.length };
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
    case 'pairFeatures':
      return planPairFeatures(plan, layer, name, input);
    case 'conv2d':
      return planConv2d(plan, layer, name, input);
    case 'maxPool2d':
      return planMaxPool2d(plan, layer, name, input);
    case 'flatten':
      return { output: { kind: 'vector', width: input.width * rowsAt(input, 1), offset: input.offset }, steps: [] };
    case 'residual':
      return planResidual(plan, layer, name, input, (inner, layers, prefix, from, keep) =>
        planChain(inner, layers, prefix, ids, from, keep),
      );
  }
}

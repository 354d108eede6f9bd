/** Kernels of our own names, which the operations of src/train/ops ask for. */
import { type ActivationAttributes, activate, activateGradient } from './kernels/activation.ts';
import { type AttentionAttributes, attention, attentionGradient } from './kernels/attention.ts';
import { depthwiseConv, depthwiseConvGradient } from './kernels/depthwise-conv.ts';
import { type LayerNormAttributes, layerNorm, layerNormGradient } from './kernels/layer-norm.ts';
import { type GatherAttributes, gatherRows, type ScatterAttributes, scatterRows } from './kernels/lookup.ts';
import type { OwnKernel } from './kernels/own-kernel.ts';
import { sequenceMax, sequenceMaxGradient } from './kernels/sequence-max.ts';
import type { TextsAttributes } from './kernels/texts.ts';
import { type WeightedMeanAttributes, weightedMean, weightedMeanGradient } from './kernels/weighted-mean.ts';

/** What each kernel takes beside tensors. */
export interface OwnAttributes {
  readonly RetortActivate: ActivationAttributes;
  readonly RetortActivateGradient: ActivationAttributes;
  readonly RetortAttention: AttentionAttributes;
  readonly RetortAttentionGradient: AttentionAttributes;
  readonly RetortDepthwiseConv: TextsAttributes;
  readonly RetortDepthwiseConvGradient: TextsAttributes;
  readonly RetortGatherRows: GatherAttributes;
  readonly RetortLayerNorm: LayerNormAttributes;
  readonly RetortLayerNormGradient: object;
  readonly RetortScatterRows: ScatterAttributes;
  readonly RetortSequenceMax: TextsAttributes;
  readonly RetortSequenceMaxGradient: { readonly rows: number };
  readonly RetortWeightedMean: WeightedMeanAttributes;
  readonly RetortWeightedMeanGradient: WeightedMeanAttributes;
}

/** By name. */
export const OWN_KERNELS: { readonly [Name in keyof OwnAttributes]: OwnKernel<OwnAttributes[Name]> } = {
  RetortActivate: activate,
  RetortActivateGradient: activateGradient,
  RetortAttention: attention,
  RetortAttentionGradient: attentionGradient,
  RetortDepthwiseConv: depthwiseConv,
  RetortDepthwiseConvGradient: depthwiseConvGradient,
  RetortGatherRows: gatherRows,
  RetortLayerNorm: layerNorm,
  RetortLayerNormGradient: layerNormGradient,
  RetortScatterRows: scatterRows,
  RetortSequenceMax: sequenceMax,
  RetortSequenceMaxGradient: sequenceMaxGradient,
  RetortWeightedMean: weightedMean,
  RetortWeightedMeanGradient: weightedMeanGradient,
};

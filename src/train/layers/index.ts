/** The trainable layers by kind. */
import type { LayerKind, LayerSpec } from '../../format/index.ts';
import { attention } from './attention.ts';
import { attentionPool } from './attention-pool.ts';
import { conv2d } from './conv-2d.ts';
import { dense } from './dense.ts';
import { depthwiseConv } from './depthwise-conv.ts';
import { embedding } from './embedding.ts';
import { flatten } from './flatten.ts';
import type { TrainableLayer } from './layer.ts';
import { layerNorm } from './layer-norm.ts';
import { maxPool } from './max-pool.ts';
import { maxPool2d } from './max-pool-2d.ts';
import { pairFeatures } from './pair-features.ts';
import { position } from './position.ts';
import { residual } from './residual.ts';
import { weightedMean } from './weighted-mean.ts';

const LAYERS: { readonly [K in LayerKind]: TrainableLayer<Extract<LayerSpec, { readonly kind: K }>> } = {
  embedding,
  position,
  weightedMean,
  maxPool,
  attentionPool,
  dense,
  layerNorm,
  depthwiseConv,
  attention,
  residual,
  pairFeatures,
  conv2d,
  maxPool2d,
  flatten,
};

/** @returns the trainable layer of `spec`'s kind */
export function trainableLayer<Spec extends LayerSpec>(spec: Spec): TrainableLayer<Spec> {
  return LAYERS[spec.kind] as unknown as TrainableLayer<Spec>;
}

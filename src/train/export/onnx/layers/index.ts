/** The layers by kind. */
import { type LayerKind, type LayerSpec, layerName } from '../../../../format/index.ts';
import { attention } from './attention.ts';
import { attentionPool } from './attention-pool.ts';
import { conv2d } from './conv-2d.ts';
import { dense } from './dense.ts';
import { depthwiseConv } from './depthwise-conv.ts';
import { embedding } from './embedding.ts';
import { flatten } from './flatten.ts';
import type { OnnxContext, OnnxFlow, OnnxLayer } from './layer.ts';
import { layerNorm } from './layer-norm.ts';
import { maxPool } from './max-pool.ts';
import { maxPool2d } from './max-pool-2d.ts';
import { position } from './position.ts';
import { residual } from './residual.ts';
import { weightedMean } from './weighted-mean.ts';

/** A kind that reads one value: all but the one that joins two texts, which no chain here contains. */
type ChainedKind = Exclude<LayerKind, 'pairFeatures'>;

const LAYERS: { readonly [K in ChainedKind]: OnnxLayer<Extract<LayerSpec, { readonly kind: K }>> } = {
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
  conv2d,
  maxPool2d,
  flatten,
};

/**
 * Writes a chain of layers.
 *
 * @param prefix its name in the student file: `layers`, or the name of the layer around it
 * @param first position of the first of `layers` in the chain of that name
 */
export function writeChain(
  context: OnnxContext,
  layers: readonly LayerSpec[],
  prefix: string,
  input: OnnxFlow,
  first = 0,
): OnnxFlow {
  return layers.reduce((flow, layer, i) => {
    const write = LAYERS[layer.kind as ChainedKind] as OnnxLayer<LayerSpec>;
    return write(context, layer, layerName(prefix, first + i), flow);
  }, input);
}

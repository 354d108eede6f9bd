/** The layers by kind. */
import { type LayerKind, type LayerSpec, layerName } from '../../../../format/index.ts';
import { attention } from './attention.ts';
import { attentionPool } from './attention-pool.ts';
import { dense } from './dense.ts';
import { depthwiseConv } from './depthwise-conv.ts';
import { embedding } from './embedding.ts';
import type { OnnxContext, OnnxFlow, OnnxLayer } from './layer.ts';
import { layerNorm } from './layer-norm.ts';
import { maxPool } from './max-pool.ts';
import { position } from './position.ts';
import { residual } from './residual.ts';
import { weightedMean } from './weighted-mean.ts';

/** Kinds that stand in no student that reads a single text; those are refused before a layer is written. */
type OtherInput = 'pairFeatures' | 'conv2d' | 'maxPool2d' | 'flatten';

const LAYERS: { readonly [K in Exclude<LayerKind, OtherInput>]: OnnxLayer<Extract<LayerSpec, { readonly kind: K }>> } =
  {
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
  };

/**
 * Writes a chain of layers.
 *
 * @param prefix its name in the student file: `layers`, or the name of the layer around it
 */
export function writeChain(
  context: OnnxContext,
  layers: readonly LayerSpec[],
  prefix: string,
  input: OnnxFlow,
): OnnxFlow {
  return layers.reduce((flow, layer, i) => {
    const write = LAYERS[layer.kind as Exclude<LayerKind, OtherInput>] as OnnxLayer<LayerSpec>;
    return write(context, layer, layerName(prefix, i), flow);
  }, input);
}

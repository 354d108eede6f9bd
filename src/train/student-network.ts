/**
 * A student in training: its chain of layers as a differentiable function from token ids to logits, over tensors that
 * are named as in the student file.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { LAYER_RULES, type LayerSpec, type StudentSpec } from '../format/index.ts';
import { trainableLayer } from './layers/index.ts';
import type { Flow, ForwardContext, LayerParameters } from './layers/layer.ts';
import { valuesOf } from './layers/layer.ts';
import { multiplyByConstant } from './ops/elementwise.ts';
import type { Random } from './random.ts';
import type { TokenBatch } from './token-batch.ts';

/** A trained tensor before it has a backend: its first values and its place. */
export interface InitialTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What a student makes of a batch. */
export interface NetworkOutput {
  /** `[batch, labels]` */
  readonly logits: tf.Tensor2D;
  /** The first vector of each text, right after pooling, `[batch, pooledSize]`: what feature losses compare. */
  readonly pooled: tf.Tensor2D;
}

/** Calls `visit` for every layer that has parameters of its own, with the name that its tensors begin with. */
function forEachLayer(
  layers: readonly LayerSpec[],
  prefix: string,
  visit: (layer: LayerSpec, name: string) => void,
): void {
  for (const [i, layer] of layers.entries()) {
    visit(layer, `${prefix}.${i}`);
    if (layer.kind === 'residual') forEachLayer(layer.layers, `${prefix}.${i}`, visit);
  }
}

/** @returns every trained tensor with its first values, in the order of the layers */
export function initializeStudent(spec: StudentSpec, random: Random): InitialTensor[] {
  const tensors: InitialTensor[] = [];
  forEachLayer(spec.layers, 'layers', (layer, name) => {
    const rules = LAYER_RULES[layer.kind].tensors;
    const sizes = layer as unknown as Readonly<Record<string, number>>;
    for (const [tensor, values] of Object.entries(trainableLayer(layer).initialize(layer, random))) {
      tensors.push({ name: `${name}.${tensor}`, shape: rules[tensor].shape.map((field) => sizes[field]), values });
    }
  });
  return tensors;
}

/** @returns what the file holds for each trained tensor of the student; tensors of other names are left out */
export function exportedParameters(
  spec: StudentSpec,
  trained: ReadonlyMap<string, Float32Array>,
): Map<string, Float32Array> {
  const parameters = new Map<string, Float32Array>();
  forEachLayer(spec.layers, 'layers', (layer, name) => {
    for (const tensor of Object.keys(LAYER_RULES[layer.kind].tensors)) {
      const values = trained.get(`${name}.${tensor}`) as Float32Array;
      parameters.set(`${name}.${tensor}`, trainableLayer(layer).exported?.(values) ?? values.slice());
    }
  });
  return parameters;
}

function layerParameters(tensors: ReadonlyMap<string, tf.Tensor>, prefix: string): LayerParameters {
  return {
    tensor: <T extends tf.Tensor>(name: string) => tensors.get(`${prefix}.${name}`) as T,
    nested: (index) => layerParameters(tensors, `${prefix}.${index}`),
  };
}

function chain(layers: readonly LayerSpec[], parameters: LayerParameters, input: Flow, context: ForwardContext): Flow {
  return layers.reduce(
    (flow, layer, i) => trainableLayer(layer).forward(layer, parameters.nested(i), flow, context),
    input,
  );
}

/**
 * Runs a student over a batch; call it inside `tf.tidy` or a gradient.
 *
 * @param tensors trained tensors by name
 * @param dropoutMask factors of the last layer's input, `[batch * width]`, from its width; absent for evaluation
 */
export function forwardStudent(
  spec: StudentSpec,
  tensors: ReadonlyMap<string, tf.Tensor>,
  batch: TokenBatch,
  dropoutMask?: (length: number) => Float32Array,
): NetworkOutput {
  const context: ForwardContext = {
    batch,
    chain: (layers, parameters, input) => chain(layers, parameters, input, context),
  };
  const parameters = layerParameters(tensors, 'layers');
  let flow: Flow = { kind: 'tokens' };
  let pooled: tf.Tensor2D | null = null;
  for (const [i, layer] of spec.layers.entries()) {
    if (dropoutMask !== undefined && i === spec.layers.length - 1) flow = dropOut(flow, batch, dropoutMask);
    flow = trainableLayer(layer).forward(layer, parameters.nested(i), flow, context);
    if (flow.kind === 'vector') pooled ??= flow.values;
  }
  return { logits: valuesOf(flow, batch).values, pooled: pooled as tf.Tensor2D };
}

function dropOut(flow: Flow, batch: TokenBatch, mask: (length: number) => Float32Array): Flow {
  const { kind, values } = valuesOf(flow, batch);
  return { kind, values: multiplyByConstant(values, mask(values.size)) };
}

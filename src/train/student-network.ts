/**
 * A student in training: its chain of layers as a differentiable function from token ids to logits, over tensors that
 * are named as in the student file.
 */
import * as tf from '@tensorflow/tfjs-core';
import { LAYER_RULES, type LayerSpec, outputOf, type StudentSpec } from '../format/index.ts';
import { createTokenizer, type PredictorInput, type Tokenizer } from '../runtime/index.ts';
import { textsOfInput } from './inputs.ts';
import { trainableLayer } from './layers/index.ts';
import type { Flow, ForwardContext, LayerParameters, ValueFlow } from './layers/layer.ts';
import { valuesOf } from './layers/layer.ts';
import { type Dropout, type Network, type NetworkOutput, rowsPerShardOf } from './network.ts';
import type { StudentNetworkTask } from './networks.ts';
import { multiplyByConstant } from './ops/elementwise.ts';
import { gatherRows } from './ops/gather-rows.ts';
import type { Random } from './random.ts';
import type { TextIds, TokenBatch } from './token-batch.ts';
import type { Tensors, TrainedTable, TrainedTensor } from './trainer/trainable-model.ts';

/** A student in training. */
export class StudentNetwork implements Network {
  readonly tensors: readonly TrainedTensor[];
  readonly tables: readonly TrainedTable[];
  readonly pooledSize: number;
  readonly rowsPerShard: number;
  readonly encodeWords?: (text: string) => TextIds;
  readonly #spec: StudentSpec;
  /** Null where it reads images. */
  readonly #tokenizer: Tokenizer | null;

  constructor({ spec, tokenizerTensors }: Pick<StudentNetworkTask, 'spec' | 'tokenizerTensors'>) {
    const all = studentTensors(spec);
    this.tensors = all.filter(({ perToken }) => !perToken).map(({ name, shape }) => describe(name, shape));
    this.tables = all
      .filter(({ perToken }) => perToken)
      .map(({ name, shape }) => describe(name, shape as unknown as TrainedTable['shape']));
    this.pooledSize = outputOf(spec, poolingOf(spec)).width;
    this.rowsPerShard = rowsPerShardOf(spec.family);
    this.#spec = spec;
    this.#tokenizer = 'tokenizer' in spec ? createTokenizer(spec.tokenizer, spec, tokenizerTensors) : null;
    if (spec.task.kind === 'tag') this.encodeWords = (text) => this.#encodeWords(text);
  }

  async initialize(random: Random): Promise<ReadonlyMap<string, Float32Array>> {
    return initializeStudent(this.#spec, random);
  }

  encode(input: PredictorInput): readonly Int32Array[] {
    const tokenizer = this.#tokenizer;
    if (tokenizer === null) return [Int32Array.from(input as Uint8Array)];
    return textsOfInput(input).map((text) => tokenizer.ids.slice(0, tokenizer.encode(text).count));
  }

  #encodeWords(text: string): TextIds {
    const { count, words } = this.#tokenizer!.encodeWords!(text);
    return { ids: this.#tokenizer!.ids.slice(0, count), words: Int32Array.from(words!, ({ token }) => token) };
  }

  forward(tensors: Tensors, tokens: TokenBatch, dropout: Dropout | null): NetworkOutput {
    return forwardStudent(this.#spec, tensors, tokens, dropout);
  }
}

/**
 * Position of the layer that writes the first vector of an input: the one that pools a text, joins a pair, or lays the
 * values of an image side by side; the last one where nothing is pooled.
 */
function poolingOf({ layers }: StudentSpec): number {
  const joining = layers.findIndex(({ kind }) => kind === 'pairFeatures');
  const pooling = joining === -1 ? layers.findIndex(({ kind }) => LAYER_RULES[kind].writes === 'vector') : joining;
  return pooling === -1 ? layers.length - 1 : pooling;
}

/** Weight decay shrinks matrices, not vectors (biases, norms, pooling weights). */
function describe<Shape extends readonly number[]>(name: string, shape: Shape) {
  return { name, shape, decays: shape.length > 1, trains: true };
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

/** Name and shape of every trained tensor, in the order of the layers, and whether it has a row a token id. */
function studentTensors(spec: StudentSpec): { name: string; shape: readonly number[]; perToken: boolean }[] {
  const tensors: { name: string; shape: readonly number[]; perToken: boolean }[] = [];
  forEachLayer(spec.layers, 'layers', (layer, name) => {
    const sizes = layer as unknown as Readonly<Record<string, number>>;
    for (const [tensor, dimensions] of Object.entries(LAYER_RULES[layer.kind].tensors ?? {})) {
      const perToken = dimensions[0] === 'vocabSize';
      tensors.push({ name: `${name}.${tensor}`, shape: dimensions.map((field) => sizes[field]), perToken });
    }
  });
  return tensors;
}

/** @returns the first values of every trained tensor, drawn in the order of the layers */
export function initializeStudent(spec: StudentSpec, random: Random): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  forEachLayer(spec.layers, 'layers', (layer, name) => {
    for (const [tensor, initial] of Object.entries(trainableLayer(layer).initialize(layer, random))) {
      values.set(`${name}.${tensor}`, initial);
    }
  });
  return values;
}

/** @returns what the file holds for each trained tensor of the student; tensors of other names are left out */
export function exportedParameters(
  spec: StudentSpec,
  trained: ReadonlyMap<string, Float32Array>,
): Map<string, Float32Array> {
  const parameters = new Map<string, Float32Array>();
  forEachLayer(spec.layers, 'layers', (layer, name) => {
    for (const tensor of Object.keys(LAYER_RULES[layer.kind].tensors ?? {})) {
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
 * @param dropout of the last layer's input and the probabilities of attention; absent for evaluation
 */
export function forwardStudent(
  spec: StudentSpec,
  tensors: ReadonlyMap<string, tf.Tensor>,
  batch: TokenBatch,
  dropout: Dropout | null = null,
): NetworkOutput {
  const context: ForwardContext = {
    batch,
    dropout,
    chain: (layers, parameters, input) => chain(layers, parameters, input, context),
  };
  const parameters = layerParameters(tensors, 'layers');
  let flow = firstFlow(spec, batch);
  const pooling = poolingOf(spec);
  let pooled: tf.Tensor2D | null = null;
  for (const [i, layer] of spec.layers.entries()) {
    if (dropout !== null && i === spec.layers.length - 1) flow = dropOut(flow, batch, dropout);
    flow = trainableLayer(layer).forward(layer, parameters.nested(i), flow, context);
    if (i === pooling) pooled = (flow as ValueFlow).values;
  }
  const { values } = valuesOf(flow, batch);
  const logits = batch.words === undefined ? values : gatherRows(values, batch.words);
  return { logits, pooled: pooled ?? logits };
}

function firstFlow(spec: StudentSpec, { batch, ids }: TokenBatch): Flow {
  if ('tokenizer' in spec) return { kind: 'tokens' };
  const { height, width, channels } = spec.input;
  const values = tf.tensor2d(
    Float32Array.from(ids, (byte) => byte / 255),
    [batch * height * width, channels],
  );
  return { kind: 'image', values, area: [height, width] };
}

function dropOut(flow: Flow, batch: TokenBatch, { rate, random }: Dropout): Flow {
  const { kind, values } = valuesOf(flow, batch);
  return { kind, values: multiplyByConstant(values, random.dropoutMask(values.size, rate)) };
}

/**
 * A transformer for measurements: pre-norm layers, learned positions, mean pooling, a linear head. Its texts are token
 * ids drawn at random, so that vocabulary and length are what a measurement asks for; a text is its own seed.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Network, NetworkOutput } from '../src/train/network.ts';
import { activate, sum } from '../src/train/ops/elementwise.ts';
import { gatherRows } from '../src/train/ops/gather-rows.ts';
import { layerNorm } from '../src/train/ops/layer-norm.ts';
import { linear } from '../src/train/ops/linear.ts';
import { sequenceMean } from '../src/train/ops/sequence-mean.ts';
import { createRandom, type Random } from '../src/train/random.ts';
import type { TokenBatch } from '../src/train/token-batch.ts';
import type { Tensors, TrainedTable, TrainedTensor } from '../src/train/trainer/trainable-model.ts';

/** Sizes of the transformer and of its texts. */
export interface TransformerSizes {
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForwardSize: number;
  readonly tokens: number;
  readonly numLabels: number;
}

/** The transformer of DESIGN's figures: two layers of 128, 4 heads, feed-forward 256, 32 tokens a text. */
export const TRANSFORMER_2X128: TransformerSizes = {
  vocabSize: 8000,
  hiddenSize: 128,
  layers: 2,
  heads: 4,
  feedForwardSize: 256,
  tokens: 32,
  numLabels: 2,
};

/** A transformer in training. */
export class TransformerNetwork implements Network {
  readonly tensors: readonly TrainedTensor[];
  readonly tables: readonly TrainedTable[];
  readonly pooledSize: number;
  readonly #sizes: TransformerSizes;

  constructor(sizes: TransformerSizes) {
    const { vocabSize, hiddenSize: width, layers, feedForwardSize, tokens, numLabels } = sizes;
    const shapes: [string, readonly number[]][] = [['positions', [tokens, width]]];
    const dense = (name: string, from: number, to: number): unknown =>
      shapes.push([`${name}.weight`, [to, from]], [`${name}.bias`, [to]]);
    const norm = (name: string): unknown => shapes.push([`${name}.weight`, [width]], [`${name}.bias`, [width]]);
    for (let layer = 0; layer < layers; layer++) {
      norm(`${layer}.norm1`);
      for (const name of ['query', 'key', 'value', 'output']) dense(`${layer}.${name}`, width, width);
      norm(`${layer}.norm2`);
      dense(`${layer}.up`, width, feedForwardSize);
      dense(`${layer}.down`, feedForwardSize, width);
    }
    norm('norm');
    dense('head', width, numLabels);
    this.tensors = shapes.map(([name, shape]) => ({ name, shape, decays: shape.length > 1, trains: true }));
    this.tables = [{ name: 'words', shape: [vocabSize, width], decays: true, trains: true }];
    this.pooledSize = width;
    this.#sizes = sizes;
  }

  async initialize(random: Random): Promise<ReadonlyMap<string, Float32Array>> {
    const first = ({ name, shape }: TrainedTensor | TrainedTable): [string, Float32Array] => {
      const length = shape.reduce((a, b) => a * b);
      if (name.includes('norm') && name.endsWith('weight')) return [name, new Float32Array(length).fill(1)];
      if (shape.length === 1) return [name, new Float32Array(length)];
      return [name, random.normals(length, name === 'words' ? 1 : Math.sqrt(1 / (shape[1] as number)))];
    };
    return new Map([...this.tensors, ...this.tables].map(first));
  }

  encode(text: string): Int32Array {
    const { vocabSize, tokens } = this.#sizes;
    const random = createRandom(Number(text));
    // As in a language, few ids make up most of a text: rank 1 / (1 + x), cut at the vocabulary.
    return Int32Array.from({ length: tokens }, () => Math.floor(vocabSize ** random.uniform()) - 1);
  }

  forward(tensors: Tensors, tokens: TokenBatch): NetworkOutput {
    const { layers, heads } = this.#sizes;
    const { batch, length } = tokens;
    const tensor = <T extends tf.Tensor>(name: string): T => tensors.get(name) as T;
    const dense = (name: string, x: tf.Tensor2D): tf.Tensor2D =>
      linear(x, tensor(`${name}.weight`), tensor(`${name}.bias`));
    const norm = (name: string, x: tf.Tensor2D): tf.Tensor2D =>
      layerNorm(x, tensor(`${name}.weight`), tensor(`${name}.bias`), 1e-5);

    const positions = Int32Array.from({ length: batch * length }, (_, i) => i % length);
    let x = sum(gatherRows(tensor('words'), tokens.ids), gatherRows(tensor('positions'), positions));
    for (let layer = 0; layer < layers; layer++) {
      const normed = norm(`${layer}.norm1`, x);
      const [q, k, v] = ['query', 'key', 'value'].map((name) => dense(`${layer}.${name}`, normed));
      x = sum(x, dense(`${layer}.output`, attention(q, k, v, batch, heads)));
      const wide = activate(dense(`${layer}.up`, norm(`${layer}.norm2`, x)), 'gelu');
      x = sum(x, dense(`${layer}.down`, wide));
    }
    const weights = tf.ones([tensor('words').shape[0]]) as tf.Tensor1D;
    const pooled = sequenceMean(norm('norm', x), weights, tokens);
    return { pooled, logits: dense('head', pooled) };
  }
}

/** Attention of every text over itself; texts are of one length. `q`, `k`, `v` and the result are `[tokens, width]`. */
function attention(q: tf.Tensor2D, k: tf.Tensor2D, v: tf.Tensor2D, batch: number, heads: number): tf.Tensor2D {
  const [rows, width] = q.shape;
  const length = rows / batch;
  const size = width / heads;
  const split = (x: tf.Tensor): tf.Tensor =>
    tf.reshape(tf.transpose(tf.reshape(x, [batch, length, heads, size]), [0, 2, 1, 3]), [batch * heads, length, size]);
  const join = (x: tf.Tensor): tf.Tensor =>
    tf.reshape(tf.transpose(tf.reshape(x, [batch, heads, length, size]), [0, 2, 1, 3]), [rows, width]);
  const flip = (x: tf.Tensor): tf.Tensor => tf.transpose(x, [0, 2, 1]);
  const op = tf.customGrad((...inputs) => {
    const save = inputs.at(-1) as unknown as tf.GradSaveFunc;
    const [queries, keys, values] = (inputs.slice(0, 3) as tf.Tensor[]).map(split);
    const scores = tf.mul(tf.matMul(queries, flip(keys)), 1 / Math.sqrt(size));
    const shares = tf.softmax(tf.reshape(scores, [-1, length]));
    const p = tf.reshape(shares, [batch * heads, length, length]);
    save([queries, keys, values, p]);
    return {
      value: join(tf.matMul(p, values)),
      gradFunc: (dy, saved) => {
        const [sq, sk, sv, sp] = saved as tf.Tensor[];
        const d = split(dy);
        const dp = tf.matMul(d, flip(sv));
        const ds = tf.mul(tf.mul(sp, tf.sub(dp, tf.sum(tf.mul(dp, sp), -1, true))), 1 / Math.sqrt(size));
        return [join(tf.matMul(ds, sk)), join(tf.matMul(flip(ds), sq)), join(tf.matMul(flip(sp), d))];
      },
    };
  });
  return op(q, k, v) as tf.Tensor2D;
}

/**
 * The transformer as a user of TensorFlow.js writes it: plain operations and their gradients, `tf.train.adam`. One
 * thing is ours: the gradient of `tf.gather`, whose kernel the wasm backend lacks.
 */
// The Node build of TensorFlow.js's core leaves its gradients out; the package has no path to them that Node can import.
import '../../node_modules/@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import type { EncoderSpec } from '../../src/train/teachers/encoder/encoder-spec.ts';
import { CLASSES, drawBatch, drawParameters, LEARNING_RATE, type Workload } from './workload.ts';

type Variables = ReadonlyMap<string, tf.Variable>;

/** `tf.gather` of rows, with a gradient of the size of the table. */
function lookUp(table: tf.Tensor, ids: Int32Array): tf.Tensor {
  const [rows, columns] = table.shape;
  return tf.customGrad((x) => ({
    value: tf.gather(x as tf.Tensor, tf.tensor1d(ids, 'int32')),
    gradFunc: (dy) => {
      const gradient = new Float32Array(rows * columns);
      const values = dy.dataSync();
      for (const [i, id] of ids.entries()) {
        for (let c = 0; c < columns; c++) gradient[id * columns + c] += values[i * columns + c];
      }
      return tf.tensor2d(gradient, [rows, columns]);
    },
  }))(table);
}

function affine(variables: Variables, name: string, x: tf.Tensor): tf.Tensor {
  const product = tf.matMul(x, variables.get(`${name}.weight`)!, false, true);
  return tf.add(product, variables.get(`${name}.bias`)!);
}

function normalize({ epsilon }: EncoderSpec, variables: Variables, name: string, x: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  const normalized = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(normalized, variables.get(`${name}.weight`)!), variables.get(`${name}.bias`)!);
}

function attend({ spec, batch, length }: Workload, variables: Variables, name: string, x: tf.Tensor): tf.Tensor {
  const { hiddenSize, numHeads } = spec;
  const size = hiddenSize / numHeads;
  const qkv = tf.reshape(affine(variables, `${name}.qkv`, x), [batch, length, 3, numHeads, size]);
  const [q, k, v] = tf.unstack(tf.transpose(qkv, [2, 0, 3, 1, 4]));
  const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(size));
  const mixed = tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]);
  return affine(variables, `${name}.output`, tf.reshape(mixed, [batch * length, hiddenSize]));
}

function gelu(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

function forward(work: Workload, variables: Variables, ids: Int32Array): tf.Tensor {
  const { spec, batch, length } = work;
  const { hiddenSize, numLayers } = spec;
  const words = lookUp(variables.get('embeddings.words')!, ids);
  const texts = tf.reshape(words, [batch, length, hiddenSize]);
  const places = tf.add(texts, variables.get('embeddings.positions')!);
  let x = normalize(spec, variables, 'embeddings.norm', tf.reshape(places, [batch * length, hiddenSize]));
  for (let layer = 0; layer < numLayers; layer++) {
    const name = `layers.${layer}`;
    const mixed = attend(work, variables, `${name}.attention`, x);
    x = normalize(spec, variables, `${name}.attention.norm`, tf.add(x, mixed));
    const inner = gelu(affine(variables, `${name}.feedForward.inner`, x));
    x = normalize(
      spec,
      variables,
      `${name}.feedForward.norm`,
      tf.add(x, affine(variables, `${name}.feedForward.outer`, inner)),
    );
  }
  const pooled = tf.mean(tf.reshape(x, [batch, length, hiddenSize]), 1);
  return affine(variables, 'head', pooled);
}

/** @returns a function that takes one step and returns the loss before it */
export function stockTraining(work: Workload): () => number {
  const { ids, labels } = drawBatch(work);
  const variables = new Map(
    drawParameters(work).map(({ name, shape, values }) => [name, tf.variable(tf.tensor(values, [...shape]))]),
  );
  const targets = tf.oneHot(tf.tensor1d(labels, 'int32'), CLASSES);
  const optimizer = tf.train.adam(LEARNING_RATE);
  return () => {
    const loss = optimizer.minimize(
      () => tf.losses.softmaxCrossEntropy(targets, forward(work, variables, ids)) as tf.Scalar,
      true,
    ) as tf.Scalar;
    const [value] = loss.dataSync();
    loss.dispose();
    return value;
  };
}

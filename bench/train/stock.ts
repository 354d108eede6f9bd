/**
 * The networks as a user of TensorFlow.js trains them, with `tf.train.adam`, on a backend without anything that Retort
 * adds to it.
 */
// The Node build of TensorFlow.js's core leaves its gradients out; the package has no path to them that Node can import.
import '../../node_modules/@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { affine, convolve, lookUp, normalize, type Variables } from './stock-operations.ts';
import {
  CLASSES,
  type ConvWorkload,
  drawBatch,
  drawParameters,
  LEARNING_RATE,
  type TransformerWorkload,
  type Workload,
} from './workload.ts';

function attend(
  { spec, batch, length }: TransformerWorkload,
  variables: Variables,
  name: string,
  x: tf.Tensor,
): tf.Tensor {
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

function transformer(work: TransformerWorkload, variables: Variables, ids: Int32Array): tf.Tensor {
  const { spec, batch, length } = work;
  const { hiddenSize, numLayers } = spec;
  const words = lookUp(variables.get('embeddings.words')!, ids);
  const texts = tf.reshape(words, [batch, length, hiddenSize]);
  const places = tf.add(texts, variables.get('embeddings.positions')!);
  let x = normalize(spec.epsilon, variables, 'embeddings.norm', tf.reshape(places, [batch * length, hiddenSize]));
  for (let layer = 0; layer < numLayers; layer++) {
    const name = `layers.${layer}`;
    const mixed = attend(work, variables, `${name}.attention`, x);
    x = normalize(spec.epsilon, variables, `${name}.attention.norm`, tf.add(x, mixed));
    const inner = gelu(affine(variables, `${name}.feedForward.inner`, x));
    x = normalize(
      spec.epsilon,
      variables,
      `${name}.feedForward.norm`,
      tf.add(x, affine(variables, `${name}.feedForward.outer`, inner)),
    );
  }
  const pooled = tf.mean(tf.reshape(x, [batch, length, hiddenSize]), 1);
  return affine(variables, 'head', pooled);
}

function conv({ spec, batch, length }: ConvWorkload, variables: Variables, ids: Int32Array): tf.Tensor {
  const { hiddenSize, blocks } = spec;
  let x = lookUp(variables.get('layers.0.weight')!, ids);
  for (let block = 1; block <= blocks; block++) {
    const name = `layers.${block}`;
    const normalized = normalize(1e-5, variables, `${name}.0`, x);
    const mixed = convolve(variables, `${name}.1`, tf.reshape(normalized, [batch, length, hiddenSize]));
    const dense = affine(variables, `${name}.2`, tf.reshape(mixed, [batch * length, hiddenSize]));
    x = tf.add(x, tf.relu(dense));
  }
  const logWeights = tf.reshape(variables.get(`layers.${blocks + 1}.weight`)!, [spec.vocabSize, 1]);
  const weights = tf.reshape(tf.exp(lookUp(logWeights, ids)), [batch, length, 1]);
  const sums = tf.sum(tf.mul(tf.reshape(x, [batch, length, hiddenSize]), weights), 1);
  const pooled = tf.div(sums, tf.sum(weights, 1));
  return affine(variables, `layers.${blocks + 3}`, normalize(1e-5, variables, `layers.${blocks + 2}`, pooled));
}

/** @returns a function that takes one step and returns the loss before it */
export function stockTraining(work: Workload): () => number {
  const { ids, labels } = drawBatch(work);
  const variables = new Map(
    drawParameters(work).map(({ name, shape, values }) => [name, tf.variable(tf.tensor(values, [...shape]))]),
  );
  const targets = tf.oneHot(tf.tensor1d(labels, 'int32'), CLASSES);
  const forward = (): tf.Tensor =>
    work.kind === 'conv' ? conv(work, variables, ids) : transformer(work, variables, ids);
  const optimizer = tf.train.adam(LEARNING_RATE);
  return () => {
    const loss = optimizer.minimize(
      () => tf.losses.softmaxCrossEntropy(targets, forward()) as tf.Scalar,
      true,
    ) as tf.Scalar;
    const [value] = loss.dataSync();
    loss.dispose();
    return value;
  };
}

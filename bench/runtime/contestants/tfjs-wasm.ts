/** TensorFlow.js on its WebAssembly backend, as published, one thread: a student in the operations that it has for it. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { type AttentionSpec, type LayerSpec, layerName, parseStudent, type Tensor } from '../../../src/format/index.ts';
import type { Input } from '../case.ts';
import type { Contestant, Runner } from './contestant.ts';

/** Starts the backend. */
export async function tfjsWasm(): Promise<Contestant> {
  const { setThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(join(dirname(entry), '/'));
  setThreadsCount(1);
  return { load: async ({ float }) => load(float) };
}

async function load(bytes: Uint8Array): Promise<Runner> {
  await tf.setBackend('wasm');
  await tf.ready();
  const { spec, tensors } = parseStudent(bytes);
  const weights = new Map<string, tf.Tensor>();
  const weight = (name: string): tf.Tensor => weights.get(name)!;
  for (const [name, tensor] of tensors) {
    if (tensor.dtype === 'F32') weights.set(name, kernelOf(name, tensor, spec.layers));
  }
  return {
    prepare({ ids, batch, seqLen }: Input) {
      const tokens = tf.tensor2d(ids, [batch, seqLen], 'int32');
      return () => tf.tidy(() => chain(spec.layers, 'layers', tokens, tokens, weight).dataSync<'float32'>());
    },
    dispose: () => tf.dispose([...weights.values()]),
  };
}

type Weight = (name: string) => tf.Tensor;

function chain(
  layers: readonly LayerSpec[],
  prefix: string,
  input: tf.Tensor,
  ids: tf.Tensor2D,
  weight: Weight,
): tf.Tensor {
  return layers.reduce((x, layer, i) => forward(layer, layerName(prefix, i), x, ids, weight), input);
}

/** A layer; TensorFlow.js fuses biases and ReLU into products and convolutions, no other activation. */
function forward(layer: LayerSpec, name: string, x: tf.Tensor, ids: tf.Tensor2D, weight: Weight): tf.Tensor {
  switch (layer.kind) {
    case 'embedding':
      return tf.gather(weight(`${name}.weight`), x as tf.Tensor2D);
    case 'position':
      return tf.add(x, tf.slice(weight(`${name}.weight`), 0, x.shape[1]));
    case 'weightedMean': {
      const row = tf.expandDims(tf.gather(weight(`${name}.weight`), ids), 1);
      return tf.div(tf.squeeze(tf.matMul(row, x), [1]), tf.sum(row, 2));
    }
    case 'maxPool':
      return tf.max(x, 1);
    case 'attentionPool': {
      const [batch, seqLen] = x.shape;
      const query = tf.reshape(weight(`${name}.query`), [layer.hiddenSize, 1]);
      const scores = tf.matMul(tf.reshape(x, [batch * seqLen, layer.hiddenSize]), query);
      return tf.squeeze(tf.matMul(tf.softmax(tf.reshape(scores, [batch, 1, seqLen])), x), [1]);
    }
    case 'dense': {
      const [rows, bias] = [tf.reshape<tf.Rank.R2>(x, [-1, layer.inputSize]), weight(`${name}.bias`)];
      const activation = layer.activation === 'relu' ? 'relu' : 'linear';
      const sums = tf.fused.matMul({ a: rows, b: weight(`${name}.weight`) as tf.Tensor2D, bias, activation });
      const values = tf.reshape(sums, [...x.shape.slice(0, -1), layer.outputSize]);
      return activation === 'relu' ? values : activate(values, layer.activation);
    }
    case 'layerNorm': {
      const { mean, variance } = tf.moments(x, -1, true);
      const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, layer.epsilon)));
      return tf.add(tf.mul(normal, weight(`${name}.weight`)), weight(`${name}.bias`));
    }
    case 'depthwiseConv': {
      const [batch, seqLen] = x.shape;
      const image = tf.reshape<tf.Rank.R4>(x, [batch, 1, seqLen, layer.channels]);
      const filter = weight(`${name}.weight`) as tf.Tensor4D;
      const bias = weight(`${name}.bias`);
      const sums = tf.fused.depthwiseConv2d({ x: image, filter, strides: 1, pad: 'same', bias, activation: 'linear' });
      return activate(tf.reshape(sums, [batch, seqLen, layer.channels]), layer.activation);
    }
    case 'attention':
      return attend(layer, x);
    case 'residual':
      return tf.add(chain(layer.layers, name, x, ids, weight), x);
    default:
      throw new Error(`expected a layer of a student that reads one text, got ${layer.kind}`);
  }
}

function attend({ hiddenSize, heads }: AttentionSpec, x: tf.Tensor): tf.Tensor {
  const [batch, seqLen] = x.shape;
  const size = hiddenSize / heads;
  const channels = tf.reshape(x, [batch, seqLen, 3 * heads, size]);
  const [query, key, content] = tf.split(tf.transpose(channels, [0, 2, 1, 3]), 3, 1);
  const scores = tf.mul(tf.matMul(query, key, false, true), 1 / Math.sqrt(size));
  const seen = tf.transpose(tf.matMul(tf.softmax(scores), content), [0, 2, 1, 3]);
  return tf.reshape(seen, [batch, seqLen, hiddenSize]);
}

function activate(x: tf.Tensor, activation: 'none' | 'relu' | 'gelu' | 'silu'): tf.Tensor {
  if (activation === 'relu') return tf.relu(x);
  if (activation === 'silu') return tf.mul(x, tf.sigmoid(x));
  if (activation === 'gelu') return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
  return x;
}

/**
 * A tensor as TensorFlow.js reads it: kernels of convolutions `[1, kernelSize, channels, 1]`, matrices `[inputSize,
 * outputSize]` (its fused product with a transposed one and a bias is wrong from the second row on, seen in 4.22.0).
 */
function kernelOf(name: string, { data, shape }: Tensor, layers: readonly LayerSpec[]): tf.Tensor {
  const values = tf.tensor(data as Float32Array, [...shape], 'float32');
  const kind = name.endsWith('.weight') ? layerOf(name, layers)?.kind : undefined;
  if (kind !== 'dense' && kind !== 'depthwiseConv') return values;
  const transposed = tf.transpose(values);
  values.dispose();
  return kind === 'dense' ? transposed : tf.reshape(transposed, [1, shape[1], shape[0], 1]);
}

/** The layer that a tensor such as `layers.1.0.weight` belongs to. */
function layerOf(name: string, layers: readonly LayerSpec[]): LayerSpec | undefined {
  const [, first, ...rest] = name.split('.').slice(0, -1).map(Number);
  return rest.reduce<LayerSpec | undefined>(
    (layer, i) => (layer?.kind === 'residual' ? layer.layers[i] : undefined),
    layers[first],
  );
}

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { sum } from '../../../../src/train/ops/elementwise.ts';
import { createRandom } from '../../../../src/train/random.ts';
import { EncoderNetwork, type EncoderNetworkTask } from '../../../../src/train/teachers/encoder/encoder-network.ts';
import { createTokenBatch } from '../../../../src/train/token-batch.ts';
import { GOLDEN, type TinyEncoder, tinyOptions } from '../../../support/tiny-encoders.ts';
import { useWasmBackend } from '../../../support/wasm-backend.ts';

beforeAll(useWasmBackend);

const NUM_LABELS = 3;

/** A loss that weighs every logit and every pooled number of three texts, with the words as a whole table. */
async function lossOf(name: TinyEncoder, pooling: 'mean' | 'cls') {
  const task: EncoderNetworkTask = {
    kind: 'encoder',
    options: tinyOptions(name, { pooling }),
    id: name,
    trains: 'all',
    numLabels: NUM_LABELS,
  };
  const network = await EncoderNetwork.build(task);
  const random = createRandom(5);
  const values = new Map(await network.initialize(random));
  values.get('head.weight')!.set(random.normals(NUM_LABELS * network.pooledSize, 0.5));
  const described = [...network.tensors, ...network.tables];
  const batch = createTokenBatch([0, 1, 5].map((row) => Int32Array.from(GOLDEN.models[name][row].ids)));
  const weights = random.normals(3 * (NUM_LABELS + network.pooledSize), 1);
  const loss = (...tensors: tf.Tensor[]): tf.Scalar => {
    const named = new Map(described.map((tensor, i): [string, tf.Tensor] => [tensor.name, tensors[i]]));
    const { logits, pooled } = network.forward(named, batch, null);
    return sum(weighted(logits, weights), weighted(pooled, weights.subarray(logits.size)));
  };
  return { described, values, loss };
}

/** The sum of the numbers of `x`, each times a number of its own; TensorFlow.js' own gradients are not installed. */
function weighted(x: tf.Tensor, weights: Float32Array): tf.Scalar {
  const op = tf.customGrad((...inputs) => {
    const constant = tf.tensor(weights.slice(0, x.size), x.shape);
    return {
      value: tf.sum(tf.mul(inputs[0] as tf.Tensor, constant)),
      gradFunc: (dy) => tf.mul(tf.tensor(weights.slice(0, x.size), x.shape), dy),
    };
  });
  return op(x) as tf.Scalar;
}

describe.each<TinyEncoder>(['bert', 'distilbert', 'roberta'])('gradient of a whole encoder of %s', (name) => {
  it.each(['mean', 'cls'] as const)(
    'pooling %s, equals central differences along a direction of each tensor within 1 percent',
    async (pooling) => {
      const { described, values, loss } = await lossOf(name, pooling);
      const upload = (): tf.Tensor[] => described.map((one) => tf.tensor(values.get(one.name)!, [...one.shape]));
      const gradients = tf.tidy(() =>
        tf
          .valueAndGrads(loss)(upload())
          .grads.map((grad) => grad.dataSync<'float32'>().slice()),
      );
      const random = createRandom(9);
      for (const [i, tensor] of described.entries()) {
        const direction = along(gradients[i], random.normals(gradients[i].length, 1));
        const original = values.get(tensor.name)!.slice();
        const at = (step: number): number => {
          values.set(
            tensor.name,
            original.map((value, k) => value + step * direction[k]),
          );
          return tf.tidy(() => loss(...upload()).dataSync()[0]);
        };
        const step = 3e-3;
        const difference = (at(step) - at(-step)) / (2 * step);
        values.set(tensor.name, original);
        const derivative = gradients[i].reduce((total, value, k) => total + value * direction[k], 0);
        expect(Math.abs(difference - derivative), tensor.name).toBeLessThan(0.01 * Math.abs(derivative) + 0.02);
      }
    },
  );
});

/** A direction of length 1 that goes half with the gradient: its derivative is large against the error of F32. */
function along(gradient: Float32Array, noise: Float32Array): Float32Array {
  const [g, n] = [gradient, noise].map((vector) => Math.hypot(...vector) || 1);
  const mixed = gradient.map((value, k) => value / g + noise[k] / n);
  const length = Math.hypot(...mixed);
  return mixed.map((value) => value / length);
}

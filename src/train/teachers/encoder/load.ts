/** A loaded encoder: texts to pooled vectors, or to logits by the checkpoint's head, in portions of so many tokens. */
import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../../random.ts';
import { createTokenBatch } from '../../token-batch.ts';
import { TokenRows } from '../../token-rows.ts';
import { copyRows } from '../../trainer/table-memory.ts';
import type { ModelSpec, TeacherModel } from '../teacher.ts';
import { readHead } from './checkpoint-head.ts';
import type { EncoderOptions } from './encoder-config.ts';
import { EncoderNetwork, uploadTensors, withoutPadding } from './encoder-network.ts';
import { readEncoderSpec } from './encoder-spec.ts';

/** Most tokens of one pass: enough to keep the products busy, few enough to stay in tens of megabytes. */
const TOKENS_PER_PASS = 4096;

/** Loads an encoder on the current backend. @throws InputError with code `invalid_model` */
export async function loadEncoder(model: Pick<ModelSpec<EncoderOptions>, 'options' | 'labels'>): Promise<TeacherModel> {
  const { options } = model;
  const head = options.head === 'checkpoint' ? await readHead(await readEncoderSpec(options.directory), model) : null;
  const network = await EncoderNetwork.build({ kind: 'encoder', options, id: '', trains: 'head', numLabels: 1 });
  const values = await network.initialize(createRandom(0));
  const tensors = uploadTensors(network, values);
  const [{ name, shape }] = network.tables;
  const words = values.get(name) as Float32Array;
  const tokenRows = new TokenRows(shape[0]);
  const hiddenSize = network.pooledSize;

  function pass(texts: readonly Int32Array[]): tf.Tensor2D {
    const { rows, tokens } = tokenRows.localize(createTokenBatch(texts));
    return tf.tidy(() => {
      const table = tf.tensor2d(copyRows({ numbers: words, columns: hiddenSize, numMoments: 0 }, rows), [
        rows.length,
        hiddenSize,
      ]);
      return network.features(new Map([...tensors, [name, table]]), withoutPadding(tokens), null);
    });
  }

  return {
    async run(texts, { signal } = {}) {
      const outputs: Float32Array[] = [];
      for (const portion of portions(texts.flatMap((text) => network.encode(text)))) {
        signal?.throwIfAborted();
        const pooled = pass(portion);
        const data = await pooled.data<'float32'>();
        pooled.dispose();
        for (let i = 0; i < portion.length; i++) {
          const features = data.slice(i * hiddenSize, (i + 1) * hiddenSize);
          outputs.push(head === null ? features : head(features));
        }
      }
      return outputs;
    },
    dispose: () => tf.dispose([...tensors.values()]),
  };
}

/** Texts in their order, in portions of at most {@link TOKENS_PER_PASS}, or of one text. */
function portions(texts: readonly Int32Array[]): readonly (readonly Int32Array[])[] {
  const all: Int32Array[][] = [];
  let tokens = TOKENS_PER_PASS;
  for (const text of texts) {
    tokens += text.length;
    if (tokens > TOKENS_PER_PASS) {
      all.push([]);
      tokens = text.length;
    }
    all[all.length - 1].push(text);
  }
  return all;
}

/** An encoder with a linear classification head on its pooled vector, as training and labelling run it. */
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { PredictorInput, Tokenizer } from '../../../runtime/index.ts';
import { type Dropout, type Network, type NetworkOutput, ROWS_PER_SHARD } from '../../network.ts';
import type { Random } from '../../random.ts';
import { PADDING_ID, type TokenBatch } from '../../token-batch.ts';
import type { Tensors, TrainedTable, TrainedTensor } from '../../trainer/trainable-model.ts';
import type { EncoderOptions, TrainedLayers } from './encoder-config.ts';
import { type EncoderSpec, readEncoderSpec } from './encoder-spec.ts';
import { type EncoderTensor, encoderTensors, readEncoderTensors } from './encoder-tensors.ts';
import { readEncoderTokenizer } from './encoder-tokenizer.ts';
import { affine, dropOut, encodeTokens } from './forward.ts';
import { pool } from './pooling.ts';
import { createRaggedBatch, type RaggedBatch } from './ragged-batch.ts';
import { WeightFile } from './weight-file.ts';

/** Standard deviation of the first weights of a head, as BERT's. */
const HEAD_DEVIATION = 0.02;

/** What an encoder network is built from: plain data. */
export interface EncoderNetworkTask {
  readonly kind: 'encoder';
  readonly options: Pick<EncoderOptions, 'directory' | 'maxTokens' | 'maxCharacters' | 'pooling'>;
  /** Content hash of the model: what is trained on one must not go on with another. */
  readonly id: string;
  readonly trains: TrainedLayers;
  readonly numLabels: number;
}

/** An encoder that was read from a directory. */
export class EncoderNetwork implements Network {
  readonly tensors: readonly TrainedTensor[];
  readonly tables: readonly TrainedTable[];
  readonly pooledSize: number;
  readonly rowsPerShard: number = ROWS_PER_SHARD.transformer;
  readonly #task: EncoderNetworkTask;
  readonly #spec: EncoderSpec;
  readonly #tokenizer: Tokenizer;

  private constructor(task: EncoderNetworkTask, spec: EncoderSpec, tokenizer: Tokenizer) {
    const { trains, numLabels } = task;
    const [words, ...rest] = encoderTensors(spec);
    const isTrained = ({ layer }: EncoderTensor): boolean => {
      return trains === 'all' || (trains !== 'head' && layer !== null && layer >= spec.numLayers - trains);
    };
    const head = [
      { name: 'head.weight', shape: [numLabels, spec.hiddenSize], decays: true, trains: true },
      { name: 'head.bias', shape: [numLabels], decays: false, trains: true },
    ];
    this.tensors = [...rest.map((tensor) => describe(tensor, isTrained(tensor))), ...head];
    this.tables = [{ ...describe(words, isTrained(words)), shape: [spec.vocabSize, spec.hiddenSize] }];
    this.pooledSize = spec.hiddenSize;
    this.#task = task;
    this.#spec = spec;
    this.#tokenizer = tokenizer;
  }

  /** @throws InputError with code `invalid_model` or of the tokenizer */
  static async build(task: EncoderNetworkTask): Promise<EncoderNetwork> {
    const spec = await readEncoderSpec(task.options.directory);
    return new EncoderNetwork(task, spec, await readEncoderTokenizer(task.options, spec));
  }

  /** @throws InputError with code `invalid_model` that names the tensor */
  async initialize(random: Random): Promise<ReadonlyMap<string, Float32Array>> {
    const { options, numLabels } = this.#task;
    const file = await WeightFile.open(join(options.directory, 'model.safetensors'));
    try {
      const values = await readEncoderTensors(file, this.#spec);
      values.set('head.weight', random.normals(numLabels * this.pooledSize, HEAD_DEVIATION));
      values.set('head.bias', new Float32Array(numLabels));
      return values;
    } finally {
      await file.close();
    }
  }

  encode(text: PredictorInput): readonly Int32Array[] {
    const { count } = this.#tokenizer.encode(text as string);
    return [this.#tokenizer.ids.slice(0, count)];
  }

  /** @returns pooled vectors, `[texts, hiddenSize]`; call it inside `tf.tidy` or a gradient */
  features(tensors: Tensors, batch: RaggedBatch, dropout: Dropout | null): tf.Tensor2D {
    return pool(encodeTokens(this.#spec, tensors, batch, dropout), batch.offsets, this.#task.options.pooling);
  }

  forward(tensors: Tensors, tokens: TokenBatch, dropout: Dropout | null): NetworkOutput {
    const pooled = this.features(tensors, withoutPadding(tokens), dropout);
    return { pooled, logits: affine(tensors, 'head', dropout === null ? pooled : dropOut(pooled, dropout)) };
  }
}

/** Weight decay shrinks matrices, not biases and norms. */
function describe({ name, shape }: EncoderTensor, trains: boolean): TrainedTensor {
  return { name, shape, decays: shape.length > 1, trains };
}

export function withoutPadding({ batch, length, ids }: TokenBatch): RaggedBatch {
  const text = (i: number): Int32Array => {
    const row = ids.subarray(i * length, (i + 1) * length);
    const end = row.indexOf(PADDING_ID);
    return end === -1 ? row : row.subarray(0, end);
  };
  return createRaggedBatch(Array.from({ length: batch }, (_, i) => text(i)));
}

/** The tensors of an encoder on the current backend; all but the table of words, which is looked up row by row. */
export function uploadTensors(
  network: Pick<Network, 'tensors'>,
  values: ReadonlyMap<string, Float32Array>,
): Map<string, tf.Tensor> {
  return new Map(
    network.tensors.map(({ name, shape }) => [name, tf.tensor(values.get(name) as Float32Array, [...shape])]),
  );
}

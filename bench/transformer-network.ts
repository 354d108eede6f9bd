/**
 * A transformer for measurements of the trainer: an encoder with random weights. Its texts are token ids drawn at
 * random, so that vocabulary and length are what a measurement asks for; a text is its own seed.
 */
import type { PredictorInput } from '../src/runtime/index.ts';
import type { Dropout, Network, NetworkOutput } from '../src/train/network.ts';
import { createRandom, type Random } from '../src/train/random.ts';
import { withoutPadding } from '../src/train/teachers/encoder/encoder-network.ts';
import type { EncoderSpec } from '../src/train/teachers/encoder/encoder-spec.ts';
import { encoderTensors } from '../src/train/teachers/encoder/encoder-tensors.ts';
import { affine, encodeTokens } from '../src/train/teachers/encoder/forward.ts';
import { pool } from '../src/train/teachers/encoder/pooling.ts';
import type { TokenBatch } from '../src/train/token-batch.ts';
import type { Tensors, TrainedTable, TrainedTensor } from '../src/train/trainer/trainable-model.ts';
import { SPEC } from './train/workload.ts';

/** What a measurement may change of the workload of `bench:train`. */
export interface TransformerSizes {
  readonly spec?: Partial<EncoderSpec>;
  /** Tokens of a text. */
  readonly tokens?: number;
  readonly rowsPerShard?: number;
}

const LABELS = 2;

/** A transformer in training: two layers of 128, 4 heads, feed-forward 256, 32 tokens a text where nothing is said. */
export class TransformerNetwork implements Network {
  readonly tensors: readonly TrainedTensor[];
  readonly tables: readonly TrainedTable[];
  readonly pooledSize: number;
  readonly rowsPerShard: number;
  readonly #spec: EncoderSpec;
  readonly #tokens: number;

  constructor({ spec, tokens = SPEC.numPositions, rowsPerShard = 4 }: TransformerSizes = {}) {
    this.#spec = { ...SPEC, numPositions: tokens, ...spec };
    this.#tokens = tokens;
    const { vocabSize, hiddenSize } = this.#spec;
    const [words, ...rest] = encoderTensors(this.#spec);
    const head = [
      { name: 'head.weight', shape: [LABELS, hiddenSize] },
      { name: 'head.bias', shape: [LABELS] },
    ];
    const tensor = (name: string, shape: readonly number[]): TrainedTensor => {
      return { name, shape, decays: shape.length > 1, trains: true };
    };
    this.tensors = [...rest, ...head].map(({ name, shape }) => tensor(name, shape));
    this.tables = [{ name: words.name, shape: [vocabSize, hiddenSize], decays: true, trains: true }];
    this.pooledSize = hiddenSize;
    this.rowsPerShard = rowsPerShard;
  }

  async initialize(random: Random): Promise<ReadonlyMap<string, Float32Array>> {
    const first = ({ name, shape }: TrainedTensor | TrainedTable): [string, Float32Array] => {
      const length = shape.reduce((product: number, size) => product * size, 1);
      if (name.endsWith('norm.weight')) return [name, new Float32Array(length).fill(1)];
      return [name, name.endsWith('bias') ? new Float32Array(length) : random.normals(length, 0.05)];
    };
    return new Map([...this.tensors, ...this.tables].map(first));
  }

  encode(text: PredictorInput): readonly Int32Array[] {
    const random = createRandom(Number(text));
    // As in a language, few ids make up most of a text.
    const draw = (): number => Math.floor(this.#spec.vocabSize ** random.uniform()) - 1;
    return [Int32Array.from({ length: this.#tokens }, draw)];
  }

  forward(tensors: Tensors, tokens: TokenBatch, dropout: Dropout | null): NetworkOutput {
    const batch = withoutPadding(tokens);
    const pooled = pool(encodeTokens(this.#spec, tensors, batch, dropout), batch.offsets, 'mean');
    return { pooled, logits: affine(tensors, 'head', pooled) };
  }
}

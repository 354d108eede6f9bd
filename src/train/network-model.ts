/**
 * A network with its rows and its objective, as the trainer sees it. Losses are means over the rows, or the labelled
 * rows, of a batch; a shard contributes its share of them.
 */
import * as tf from '@tensorflow/tfjs-core';
import { scoreRows } from './dev-score.ts';
import { EncodedRows, type RowBatch } from './encoded-rows.ts';
import type { LossTerms, LossWeights, TotalLoss } from './losses/total-loss.ts';
import type { Network } from './network.ts';
import { linear } from './ops/linear.ts';
import { totalLoss } from './ops/total-loss.ts';
import { initializeProjections, projectionName, projectionTensors } from './projection.ts';
import type { Random } from './random.ts';
import { type LocalBatch, TokenRows } from './token-rows.ts';
import type {
  Lookups,
  Pass,
  Shard,
  ShardResult,
  Tensors,
  TrainableModel,
  TrainedTable,
  TrainedTensor,
} from './trainer/trainable-model.ts';
import type { NetworkTrainingTask } from './training-run.ts';

/** Rows of one forward pass on dev. */
const DEV_BATCH_SIZE = 64;

/** What a network is trained on. */
type Lesson = Pick<NetworkTrainingTask, 'training' | 'train' | 'dev'>;

/** The model that every thread of a training builds. */
export class NetworkModel implements TrainableModel<LossWeights> {
  readonly tensors: readonly TrainedTensor[];
  readonly tables: readonly TrainedTable[];
  readonly devBatches: number;
  readonly terms: LossTerms;
  /** Training rows, for what else there is to know about a batch. */
  readonly train: EncodedRows;
  readonly dev: EncodedRows;
  readonly #network: Network;
  readonly #projections: readonly TrainedTensor[];
  readonly #dropout: number;
  readonly #tokenRows: TokenRows;
  readonly #devOrder: readonly (readonly number[])[];

  constructor(network: Network, { training, train, dev }: Lesson) {
    const { distillation, features } = training.objective;
    const width = train.teacherFeatures?.[0].length;
    this.#network = network;
    this.#projections = width === undefined ? [] : projectionTensors(features.length, network.pooledSize, width);
    this.#dropout = training.dropout;
    this.terms = { multiLabel: train.multiLabel, distillation, features: features.map(({ loss }) => loss) };
    this.tensors = [...network.tensors, ...this.#projections];
    this.tables = network.tables;
    this.#tokenRows = new TokenRows(Math.max(0, ...network.tables.map(({ shape }) => shape[0])));
    this.train = new EncodedRows(train, (text) => network.encode(text));
    this.dev = new EncodedRows(dev, (text) => network.encode(text));
    this.#devOrder = this.dev.batchesByLength(DEV_BATCH_SIZE);
    this.devBatches = this.#devOrder.length;
  }

  /** Names of all parameters but the projections, which training alone needs. */
  get networkParameters(): readonly string[] {
    return [...this.#network.tensors, ...this.#network.tables].map(({ name }) => name);
  }

  get rows(): number {
    return this.train.count;
  }

  rowWork(row: number): number {
    return this.train.tokens(row);
  }

  async initialize(random: Random): Promise<ReadonlyMap<string, Float32Array>> {
    const network = await this.#network.initialize(random);
    return new Map([...network, ...initializeProjections(this.#projections, random)]);
  }

  differentiate({ rows, batch, settings, random }: Shard<LossWeights>): Pass<ShardResult> {
    const { tokens, targets } = this.train.batch(rows);
    const local = this.#tokenRows.localize(tokens);
    const labelled = this.train.labelled(batch);
    const share = {
      rows: rows.length / batch.length,
      labelled: labelled === 0 ? 0 : this.train.labelled(rows) / labelled,
    };
    const weights: LossWeights = {
      modelWeight: settings.modelWeight * share.labelled,
      alpha: settings.alpha * share.rows,
      temperature: settings.temperature,
      betas: settings.betas.map((beta) => beta * share.rows),
    };
    const dropout = this.#dropout > 0 ? { rate: this.#dropout, random } : null;
    return {
      lookups: this.#lookups(local),
      run: async (tensors) => {
        let losses: readonly number[] = [];
        const keep = ({ total, model, distillation, features }: TotalLoss): void => {
          const rest = [distillation ?? 0, ...features].map((loss) => loss * share.rows);
          losses = [total, model * share.labelled, ...rest];
        };
        const loss = (named: Tensors): tf.Scalar => {
          const { logits, pooled } = this.#network.forward(named, local.tokens, dropout);
          return totalLoss(logits, this.#project(pooled, named), this.terms, weights, targets, keep);
        };
        const gradients = gradientsOf(this.#trained(), tensors, loss);
        return { losses, gradients };
      },
    };
  }

  score(devBatch: number): Pass<readonly number[]> {
    const { tokens, targets }: RowBatch = this.dev.batch(this.#devOrder[devBatch]);
    const local = this.#tokenRows.localize(tokens);
    return {
      lookups: this.#lookups(local),
      run: async (tensors) => {
        const logits = tf.tidy(() => this.#network.forward(tensors, local.tokens, null).logits);
        const [rows, columns] = logits.shape;
        const data = await logits.data<'float32'>();
        logits.dispose();
        return scoreRows({ rows, columns, data }, targets, this.terms.multiLabel);
      },
    };
  }

  #lookups({ rows }: LocalBatch): Lookups {
    return new Map(this.tables.map(({ name }) => [name, rows]));
  }

  #project(pooled: tf.Tensor2D, tensors: Tensors): tf.Tensor2D[] {
    return this.terms.features.map((_, term) => {
      const weight = tensors.get(projectionName(term, 'weight')) as tf.Tensor2D;
      return linear(pooled, weight, tensors.get(projectionName(term, 'bias')) as tf.Tensor1D);
    });
  }

  #trained(): readonly string[] {
    return [...this.tensors, ...this.tables].filter(({ trains }) => trains).map(({ name }) => name);
  }
}

/** Gradients of a loss with respect to some tensors; the rest of them are constants. */
function gradientsOf(names: readonly string[], tensors: Tensors, loss: (tensors: Tensors) => tf.Scalar): Tensors {
  const values = names.map((name) => tensors.get(name) as tf.Tensor);
  const grads = tf.tidy(() => {
    const of = (...traced: tf.Tensor[]): tf.Scalar =>
      loss(new Map([...tensors, ...traced.map((tensor, i): [string, tf.Tensor] => [names[i], tensor])]));
    return tf.valueAndGrads(of)(values).grads;
  });
  return new Map(grads.map((gradient, i) => [names[i], gradient]));
}

/**
 * A network with its objective, as the trainer sees it. Losses are means over the rows, or the labelled rows, of a
 * batch; a shard contributes its share of them.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BackendName } from './backend.ts';
import { scoreRows } from './dev-score.ts';
import type { RowBatch } from './encoded-rows.ts';
import type { Matrix } from './losses/loss.ts';
import { totalLoss as computeLosses, type LossTerms, type LossWeights, type TotalLoss } from './losses/total-loss.ts';
import type { Network } from './network.ts';
import type { NetworkTask } from './networks.ts';
import { linear } from './ops/linear.ts';
import { matricesOf, matrixOf, readsAtOnce, totalLoss } from './ops/total-loss.ts';
import { initializeProjections, projectionName, projectionTensors } from './projection.ts';
import { type Random, restoreRandom } from './random.ts';
import type { TokenBatch } from './token-batch.ts';
import { type LocalBatch, TokenRows } from './token-rows.ts';
import type {
  Lookups,
  Pass,
  ShardResult,
  Tensors,
  TrainableModel,
  TrainedTable,
  TrainedTensor,
} from './trainer/trainable-model.ts';

/** What every thread of a training builds its model from: plain data. */
export interface NetworkModelTask {
  readonly network: NetworkTask;
  readonly backend: BackendName;
  readonly terms: LossTerms;
  /** Width of the teacher's features; null where there are none. */
  readonly featureSize: number | null;
  readonly dropout: number;
}

/** Rows of a batch, or of dev, and how they count; plain data. */
export interface NetworkInput extends RowBatch {
  /** Weights of the losses in this step. */
  readonly weights: LossWeights;
  /** Share of the batch's rows (to tag, of their words), and of its labelled ones, that these are; 0 where it has none. */
  readonly share: { readonly rows: number; readonly labelled: number };
}

/** The model that every thread of a training has. */
export class NetworkModel implements TrainableModel<NetworkInput> {
  readonly tensors: readonly TrainedTensor[];
  readonly tables: readonly TrainedTable[];
  readonly #network: Network;
  readonly #projections: readonly TrainedTensor[];
  readonly #terms: LossTerms;
  readonly #dropout: number;
  readonly #tokenRows: TokenRows;

  constructor(network: Network, { terms, featureSize, dropout }: Omit<NetworkModelTask, 'network' | 'backend'>) {
    this.#network = network;
    this.#projections =
      featureSize === null ? [] : projectionTensors(terms.features.length, network.pooledSize, featureSize);
    this.#terms = terms;
    this.#dropout = dropout;
    this.tensors = [...network.tensors, ...this.#projections];
    this.tables = network.tables;
    this.#tokenRows = new TokenRows(Math.max(0, ...network.tables.map(({ shape }) => shape[0])));
  }

  async initialize(random: Random): Promise<ReadonlyMap<string, Float32Array>> {
    const network = await this.#network.initialize(random);
    return new Map([...network, ...initializeProjections(this.#projections, random)]);
  }

  differentiate({ tokens, targets, weights, share }: NetworkInput, random: Random): Pass<ShardResult> {
    const local = this.#localize(tokens);
    const ownWeights: LossWeights = {
      modelWeight: weights.modelWeight * share.labelled,
      alpha: weights.alpha * share.rows,
      temperature: weights.temperature,
      betas: weights.betas.map((beta) => beta * share.rows),
    };
    const draws = random.state();
    return {
      lookups: this.#lookups(local),
      run: async (tensors) => {
        // A second pass draws what the first one drew.
        const outputs = (named: Tensors): tf.Tensor2D[] => this.#outputs(named, local, restoreRandom(draws));
        const compute = ([logits, ...projected]: readonly Matrix[]): TotalLoss =>
          computeLosses(this.#terms, ownWeights, { ...targets, logits, projected });
        let losses = readsAtOnce() ? null : compute(await matricesOf(() => outputs(tensors)));
        const gradients = gradientsOf(this.#trained(), tensors, (named) =>
          totalLoss(outputs(named), (read) => (losses ??= compute(read.map(matrixOf)))),
        );
        const { total, model, distillation, features } = losses!;
        const rest = [distillation ?? 0, ...features].map((loss) => loss * share.rows);
        return { losses: [total, model * share.labelled, ...rest], gradients };
      },
    };
  }

  score({ tokens, targets }: NetworkInput): Pass<readonly number[]> {
    const local = this.#localize(tokens);
    return {
      lookups: this.#lookups(local),
      run: async (tensors) => {
        const logits = tf.tidy(() => this.#network.forward(tensors, local.tokens, null).logits);
        const [rows, columns] = logits.shape;
        const data = await logits.data<'float32'>();
        logits.dispose();
        return scoreRows({ rows, columns, data }, targets, this.#terms.multiLabel, this.#terms.task);
      },
    };
  }

  /** Logits, and the pooled vectors as each feature term projects them. */
  #outputs(tensors: Tensors, { tokens }: LocalBatch, random: Random): tf.Tensor2D[] {
    const dropout = this.#dropout > 0 ? { rate: this.#dropout, random } : null;
    const { logits, pooled } = this.#network.forward(tensors, tokens, dropout);
    return [logits, ...this.#project(pooled, tensors)];
  }

  #localize(tokens: TokenBatch): LocalBatch {
    return this.tables.length === 0 ? { rows: new Int32Array(), tokens } : this.#tokenRows.localize(tokens);
  }

  #lookups({ rows }: LocalBatch): Lookups {
    return new Map(this.tables.map(({ name }) => [name, rows]));
  }

  #project(pooled: tf.Tensor2D, tensors: Tensors): tf.Tensor2D[] {
    return this.#terms.features.map((_, term) => {
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

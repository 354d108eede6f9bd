/** The rows of a training, as inputs of its model: the batch of a step by gradient shards, dev by portions. */
import { EncodedRows } from './encoded-rows.ts';
import type { LossTargets, LossWeights } from './losses/total-loss.ts';
import type { Network } from './network.ts';
import type { NetworkInput } from './network-model.ts';
import { countShards, cutBatch } from './trainer/shards.ts';
import type { TransferSet } from './transfer-set.ts';

/** Rows of one forward pass on dev. */
const DEV_BATCH_SIZE = 64;

/** Scoring has no loss to weigh. */
const UNWEIGHED: Pick<NetworkInput, 'weights' | 'share'> = {
  weights: { modelWeight: 0, alpha: 0, temperature: 1, betas: [] },
  share: { rows: 0, labelled: 0 },
};

/** Training and dev rows; only the thread that trains has them. */
export class NetworkRows {
  readonly #train: EncodedRows;
  readonly #dev: EncodedRows;
  readonly #rowsPerShard: number;
  readonly #devOrder: readonly (readonly number[])[];

  constructor(train: TransferSet, dev: TransferSet, network: Pick<Network, 'encode' | 'encodeWords' | 'rowsPerShard'>) {
    this.#train = new EncodedRows(train, network);
    this.#dev = new EncodedRows(dev, network);
    this.#rowsPerShard = network.rowsPerShard;
    this.#devOrder = this.#dev.batchesByLength(DEV_BATCH_SIZE);
  }

  /** Number of training rows. */
  get count(): number {
    return this.#train.count;
  }

  /** Number of answers on dev: of rows, or to tag of their words. */
  get devCount(): number {
    return this.#dev.answers(this.#devOrder.flat());
  }

  /** Whether a teacher said something about the dev rows. */
  get devHasTeacher(): boolean {
    return this.#dev.hasTeacher;
  }

  /** The shards of a batch; rows of similar length share one, so that little is padding. */
  shards(batch: readonly number[], weights: LossWeights): readonly NetworkInput[] {
    const train = this.#train;
    const [answers, labelled] = [train.answers(batch), train.labelled(batch)];
    const shards = countShards(batch.length, this.#rowsPerShard);
    return cutBatch(batch, (row) => train.tokens(row), shards).map((rows) => ({
      ...train.batch(rows),
      weights,
      share: {
        rows: train.answers(rows) / answers,
        labelled: labelled === 0 ? 0 : train.labelled(rows) / labelled,
      },
    }));
  }

  /** Closes what is open of rows on disk. */
  close(): void {
    this.#train.close();
    this.#dev.close();
  }

  /** What a network should say about a batch. */
  targets(batch: readonly number[]): LossTargets {
    return this.#train.targets(batch);
  }

  /** The portions of dev, short texts first. */
  dev(): readonly NetworkInput[] {
    return this.#devOrder.map((rows) => ({ ...this.#dev.batch(rows), ...UNWEIGHED }));
  }
}

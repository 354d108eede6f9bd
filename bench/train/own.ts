/** The networks as Retort trains them: operations of src/train/ops, the production trainer with its sparse table. */
import type { PredictorInput } from '../../src/runtime/index.ts';
import type { LossWeights } from '../../src/train/losses/total-loss.ts';
import { type Dropout, type Network, type NetworkOutput, ROWS_PER_SHARD } from '../../src/train/network.ts';
import { NetworkModel } from '../../src/train/network-model.ts';
import { NetworkRows } from '../../src/train/network-rows.ts';
import { createRandom } from '../../src/train/random.ts';
import { forwardStudent } from '../../src/train/student-network.ts';
import { withoutPadding } from '../../src/train/teachers/encoder/encoder-network.ts';
import { affine, encodeTokens } from '../../src/train/teachers/encoder/forward.ts';
import { pool } from '../../src/train/teachers/encoder/pooling.ts';
import type { TokenBatch } from '../../src/train/token-batch.ts';
import type { Tensors, TrainedTable, TrainedTensor } from '../../src/train/trainer/trainable-model.ts';
import { Trainer } from '../../src/train/trainer/trainer.ts';
import type { OptimizerSpec } from '../../src/train/training-run.ts';
import type { TransferSet } from '../../src/train/transfer-set.ts';
import {
  CLASSES,
  convStudent,
  drawBatch,
  drawParameters,
  LEARNING_RATE,
  WORKLOADS,
  type Workload,
  type WorkloadName,
} from './workload.ts';

const OPTIMIZER: OptimizerSpec = {
  kind: 'adam',
  learningRate: { kind: 'constant', value: LEARNING_RATE },
  warmup: 0,
  weightDecay: 0,
  momentum: 0,
};

/** The network of the workload; a text is its ids in decimal. */
class BenchNetwork implements Network {
  readonly tensors: readonly TrainedTensor[];
  readonly tables: readonly TrainedTable[];
  readonly pooledSize: number;
  readonly rowsPerShard: number;

  readonly #work: Workload;

  constructor(work: Workload) {
    const { vocabSize, hiddenSize } = work.spec;
    this.#work = work;
    this.pooledSize = hiddenSize;
    this.rowsPerShard = ROWS_PER_SHARD[work.kind === 'conv' ? 'student' : 'transformer'];
    const trained = drawParameters(work).map(({ name, shape }) => ({ name, shape, decays: false, trains: true }));
    // Nothing else has a row a word.
    const isTable = ({ shape }: TrainedTensor): boolean => shape[0] === vocabSize;
    this.tensors = trained.filter((tensor) => !isTable(tensor));
    this.tables = trained.filter(isTable) as unknown as readonly TrainedTable[];
  }

  async initialize(): Promise<ReadonlyMap<string, Float32Array>> {
    return new Map(drawParameters(this.#work).map(({ name, values }) => [name, values]));
  }

  encode(text: PredictorInput): readonly Int32Array[] {
    return [Int32Array.from((text as string).split(' '), Number)];
  }

  forward(tensors: Tensors, tokens: TokenBatch, dropout: Dropout | null): NetworkOutput {
    const work = this.#work;
    if (work.kind === 'conv') return forwardStudent(convStudent(work), tensors, tokens, dropout);
    const batch = withoutPadding(tokens);
    const pooled = pool(encodeTokens(work.spec, tensors, batch, dropout), batch.offsets, 'mean');
    return { pooled, logits: affine(tensors, 'head', pooled) };
  }
}

function transferSet(work: Workload): TransferSet {
  const { batch, length } = work;
  const { ids, labels } = drawBatch(work);
  const texts = Array.from({ length: batch }, (_, i) => ids.subarray(i * length, (i + 1) * length).join(' '));
  return {
    labels: Array.from({ length: CLASSES }, (_, i) => String(i)),
    multiLabel: false,
    inputs: texts,
    targets: Array.from(labels, (label) => new Float32Array(CLASSES).fill(1, label, label + 1)),
    teacherLogits: null,
    teacherFeatures: null,
  };
}

/** The model that every thread builds. */
export function benchModel(work: Workload): NetworkModel {
  return modelOf(new BenchNetwork(work));
}

function modelOf(network: BenchNetwork): NetworkModel {
  const terms = { multiLabel: false, distillation: 'softTargets', features: [] } as const;
  return new NetworkModel(network, { terms, featureSize: null, dropout: 0 });
}

/**
 * @param threads beside this one
 * @param entry module that serves them
 * @returns a function that takes one step and returns the loss before it
 */
export async function ownTraining(name: WorkloadName, threads: number, entry: URL): Promise<() => Promise<number>> {
  const work = WORKLOADS[name];
  const network = new BenchNetwork(work);
  const trainer = await Trainer.open(modelOf(network), {
    optimizer: OPTIMIZER,
    seed: 1,
    random: createRandom(1),
    threads: threads === 0 ? null : { entry, task: { contestant: 'helper', work: name }, count: threads },
    state: null,
  });
  const set = transferSet(work);
  const rows = new NetworkRows(set, set, network);
  const weights: LossWeights = { modelWeight: 1, alpha: 0, temperature: 1, betas: [] };
  const batch = Array.from({ length: work.batch }, (_, row) => row);
  return async () => (await trainer.step(rows.shards(batch, weights), LEARNING_RATE))[0];
}

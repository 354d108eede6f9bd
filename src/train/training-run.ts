/** What goes into the training of one student and what comes out: plain data on both sides. */
import type { StudentSpec, Tensor } from '../format/index.ts';
import type { BackendName } from './backend.ts';
import type { NetworkTask } from './networks.ts';
import type { Objective, Schedule } from './objective.ts';
import type { TransferSet } from './transfer-set.ts';

/** How the weights move. */
export interface OptimizerSpec {
  readonly kind: 'adam' | 'sgd';
  /** Learning rate after warm-up; a schedule over the run. */
  readonly learningRate: Schedule;
  /** Share of all steps, 0 to 1, over which the learning rate rises linearly from 0. */
  readonly warmup: number;
  /** Decoupled weight decay (Loshchilov & Hutter 2017, arXiv:1711.05101). */
  readonly weightDecay: number;
  /** SGD momentum; Adam ignores it. */
  readonly momentum: number;
}

/** How long and in what portions to train. */
export interface TrainingSpec {
  readonly objective: Objective;
  readonly optimizer: OptimizerSpec;
  readonly epochs: number;
  /** Steps between two looks at dev. An epoch of the same length makes runs over more and fewer rows comparable. */
  readonly stepsPerEpoch: number;
  readonly batchSize: number;
  /** Share of activations dropped before the last layer during training. */
  readonly dropout: number;
  /** Epochs without a better dev score after which training ends; null trains to the end. */
  readonly patience: number | null;
  readonly seed: number;
}

/** One epoch as the report draws it. Terms that a run does not have are null. */
export interface EpochRecord {
  readonly epoch: number;
  readonly learningRate: number;
  readonly temperature: number;
  readonly modelWeight: number;
  readonly alpha: number;
  readonly betas: readonly number[];
  readonly totalLoss: number;
  readonly modelLoss: number | null;
  readonly distillationLoss: number | null;
  readonly featureLosses: readonly number[];
  readonly devLoss: number;
  readonly devAccuracy: number;
  readonly devAgreement: number | null;
  readonly seconds: number;
}

/** What any training depends on, whatever its network. */
interface TaskBase {
  readonly training: TrainingSpec;
  readonly train: TransferSet;
  /** All rows labelled. Decides which checkpoint is the best, and when to stop. */
  readonly dev: TransferSet;
  /** Chosen already: the task runs on this one wherever it is sent. */
  readonly backend: BackendName;
  /** Threads that share each step, at least 1; any number gives the same bytes. */
  readonly threads: number;
  /** File that the run continues from and leaves its state in; null to keep nothing. */
  readonly checkpointFile: string | null;
}

/** Everything that the training of a network depends on: structured-clonable, so that it can go to a thread. */
export interface NetworkTrainingTask extends TaskBase {
  readonly network: NetworkTask;
  /** What is trained, for people. */
  readonly name: string;
}

/** Everything that the training of one student depends on: structured-clonable, so that it can go to a thread. */
export interface TrainingTask extends TaskBase {
  readonly spec: StudentSpec;
  /** Tensors of the tokenizer, e.g. a vocabulary; none for hashed n-grams. */
  readonly tokenizerTensors: ReadonlyMap<string, Tensor>;
}

/** Float weights by tensor name; of a student as {@link StudentSpec} orders and shapes them (`layers.0.weight`). */
export type Parameters = ReadonlyMap<string, Float32Array>;

/** The best weights of a run and how it got there. */
export interface TrainedNetwork {
  /** Every tensor and table of the network, frozen ones included. */
  readonly parameters: Parameters;
  readonly history: readonly EpochRecord[];
  readonly bestEpoch: number;
}

/** The best checkpoint of a student's run and how it got there. */
export interface TrainedStudent extends TrainedNetwork {
  readonly spec: StudentSpec;
}

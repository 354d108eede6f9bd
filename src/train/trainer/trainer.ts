/**
 * Steps of a training, on one thread or several: the gradient of a batch by shards, their sum, clipping, the optimizer.
 * Each phase is dealt out to the threads and waited for; what is summed, in which order, and what is moved does not
 * depend on how many there are, so any number of threads gives the same bytes.
 */
import { clippingFactor, createOptimizer } from '../optimizers/index.ts';
import type { Random } from '../random.ts';
import type { OptimizerSpec } from '../training-run.ts';
import { layOut, sliceRows, sliceVector, tableColumns } from './layout.ts';
import {
  allocate,
  allocateMemory,
  copyByName,
  copyState,
  fillMemory,
  type ParameterMemory,
  type ParameterState,
  restoreState,
} from './parameter-memory.ts';
import { dealOut, MAX_SHARDS } from './shards.ts';
import { type MergedRows, mergeIds } from './sparse-gradient.ts';
import { type Order, type Portion, type Report, type ShardReport, Station, type StationSetup } from './station.ts';
import { startThread, type Threads, type Worked } from './threads.ts';
import type { TrainableModel, TrainedTable } from './trainable-model.ts';
import { TrainingError } from './training-error.ts';

/** Largest Euclidean norm of a gradient. */
const MAX_GRADIENT_NORM = 1;

/** A loss this many times that of the first step will not come back. */
const EXPLODED = 1e4;

const REMEDY =
  'lower the learning rate, lengthen the warm-up, or look for broken teacher outputs; the last checkpoint is kept';

/** Everything that the steps to come depend on; v8-serializable. */
export interface TrainerState {
  /** Steps taken. */
  readonly steps: number;
  /** Total loss of the first step; null before it. */
  readonly firstLoss: number | null;
  readonly parameters: ParameterState;
}

/** How a model is trained. */
export interface TrainerOptions {
  readonly optimizer: OptimizerSpec;
  /** Of dropout, together with step and shard. */
  readonly seed: number;
  /** Draws the first values. */
  readonly random: Random;
  /** Threads beside this one; null for none. */
  readonly threads: Threads | null;
  /** What to continue from; null for a fresh start. */
  readonly state: TrainerState | null;
}

/** Trains a model on the current TensorFlow.js backend and on the threads beside it. */
export class Trainer<Input> {
  readonly #model: TrainableModel<Input>;
  readonly #memory: ParameterMemory;
  readonly #stations: readonly Worked<Input>[];
  readonly #trainedTables: readonly TrainedTable[];
  readonly #denseSlices: number;
  /** Sums of the gradients of rows, by table; larger where a step needs more. */
  readonly #merged: Float32Array[] = [];
  #steps: number;
  #firstLoss: number | null;

  private constructor(
    model: TrainableModel<Input>,
    memory: ParameterMemory,
    stations: readonly Worked<Input>[],
    state: TrainerState | null,
  ) {
    this.#model = model;
    this.#memory = memory;
    this.#stations = stations;
    this.#trainedTables = model.tables.filter(({ trains }) => trains);
    this.#denseSlices = sliceVector(layOut(model.tensors.filter(({ trains }) => trains))).length;
    this.#steps = state?.steps ?? 0;
    this.#firstLoss = state?.firstLoss ?? null;
  }

  /** Fills the parameters of a model and starts the threads; a thread that cannot start fails the first step. */
  static async open<Input>(
    model: TrainableModel<Input>,
    { optimizer, seed, random, threads, state }: TrainerOptions,
  ): Promise<Trainer<Input>> {
    const { numMoments } = createOptimizer(optimizer);
    const memory = allocateMemory(model, numMoments, MAX_SHARDS, threads !== null);
    fillMemory(model, memory, await model.initialize(random));
    if (state !== null) restoreState(memory, state.parameters);
    const setup: StationSetup = { memory, optimizer, seed };
    const helpers = Array.from({ length: threads?.count ?? 0 }, () => startThread<Input>(threads!, setup));
    return new Trainer(model, memory, [new Station(model, setup), ...helpers], state);
  }

  /** Steps taken. */
  get steps(): number {
    return this.#steps;
  }

  /** @returns copies of tensors and tables, by name; of all where no names are given */
  values(names?: readonly string[]): ReadonlyMap<string, Float32Array> {
    return copyByName(this.#model, this.#memory, names);
  }

  /**
   * Takes one step.
   *
   * @param shards the parts of a batch, one to {@link MAX_SHARDS}, those with more work later
   * @returns the losses of the batch, the total first
   * @throws TrainingError; the parameters are then those before the step
   */
  async step(shards: readonly Input[], learningRate: number): Promise<readonly number[]> {
    const step = this.#steps + 1;
    const reports = await this.#differentiate(shards, step);
    const losses = reports[0].losses.map((_, i) => reports.reduce((sum, report) => sum + report.losses[i], 0));
    this.#check(losses[0], 'loss', step);
    const norm = Math.sqrt(await this.#sum(reports, step));
    this.#check(norm, 'gradient', step);
    const rates = { step, learningRate, scale: clippingFactor(norm, MAX_GRADIENT_NORM) };
    await this.#perform(step, () => ({ kind: 'move', rates }));
    this.#steps = step;
    return losses;
  }

  /**
   * Scores portions of dev rows, those with more work later.
   *
   * @returns the sums of their scores
   */
  async score(inputs: readonly Input[]): Promise<readonly number[]> {
    const hands = dealOut(inputs.length, this.#stations.length);
    const reports = await this.#perform(this.#steps, (station) => ({
      kind: 'score',
      inputs: hands[station].map((index) => inputs[index]),
    }));
    const scores = collect(hands, reports, (report) => (report.kind === 'score' ? report.scores : []));
    return scores.reduce((sums, score) => sums.map((sum, i) => sum + score[i]));
  }

  state(): TrainerState {
    const parameters = copyState(this.#model, this.#memory);
    return { steps: this.#steps, firstLoss: this.#firstLoss, parameters };
  }

  /** Ends the threads and gives the tensors back. */
  async close(): Promise<void> {
    await Promise.all(this.#stations.map((station) => station.close()));
  }

  async #differentiate(shards: readonly Input[], step: number): Promise<readonly ShardReport[]> {
    const hands = dealOut(shards.length, this.#stations.length);
    const reports = await this.#perform(step, (station) => {
      const own = hands[station].map((index) => ({ index, input: shards[index] }));
      return own.length === 0 ? null : { kind: 'differentiate', step, shards: own };
    });
    return collect(hands, reports, (report) => (report.kind === 'differentiate' ? report.shards : []));
  }

  /** @returns the sum of squares of the gradient of the batch */
  async #sum(shards: readonly ShardReport[], step: number): Promise<number> {
    const tables = this.#trainedTables.map((table, i) => this.#merge(table, i, shards));
    const portions = this.#portions(tables);
    const bounds = (station: number): number => Math.floor((station * portions.length) / this.#stations.length);
    const reports = await this.#perform(step, (station) => {
      const own = portions.slice(bounds(station), bounds(station + 1));
      return { kind: 'sum', shards: shards.length, tables, portions: own };
    });
    return reports.flatMap((report) => (report?.kind === 'sum' ? report.squares : [])).reduce((a, b) => a + b, 0);
  }

  #merge(table: TrainedTable, place: number, shards: readonly ShardReport[]): MergedRows {
    const parts = shards.map(({ tables }) => tables[place]);
    const ids = mergeIds(parts.map((part) => part.ids));
    const columns = tableColumns(table);
    const length = ids.length * columns;
    if ((this.#merged[place]?.length ?? 0) < length) {
      this.#merged[place] = allocate(Math.ceil(1.25 * length), this.#stations.length > 1);
    }
    return { ids, gradient: this.#merged[place], columns, parts };
  }

  #portions(tables: readonly MergedRows[]): readonly Portion[] {
    const portions: Portion[] = Array.from({ length: this.#denseSlices }, (_, slice) => ({ kind: 'slice', slice }));
    for (const [table, { ids, columns }] of tables.entries()) {
      const rows = sliceRows(columns);
      for (let from = 0; from < ids.length; from += rows) {
        portions.push({ kind: 'rows', table, from, to: Math.min(ids.length, from + rows) });
      }
    }
    return portions;
  }

  /** Gives every thread its order and waits for all; this thread works last, when the others have begun. */
  async #perform(step: number, orderOf: (station: number) => Order<Input> | null): Promise<readonly (Report | null)[]> {
    const begun: Promise<Report | null>[] = [];
    for (let station = this.#stations.length - 1; station >= 0; station--) {
      const order = orderOf(station);
      begun[station] = order === null ? Promise.resolve(null) : this.#stations[station].perform(order);
    }
    try {
      return await Promise.all(begun);
    } catch (cause) {
      throw asTrainingError(cause, step);
    }
  }

  #check(value: number, what: 'loss' | 'gradient', step: number): void {
    if (what === 'loss') this.#firstLoss ??= value;
    const limit = what === 'loss' ? EXPLODED * Math.max(1, this.#firstLoss!) : Number.MAX_VALUE;
    if (value <= limit) return;
    const message = `expected a ${what} that stays finite and small, got ${value}; ${REMEDY}`;
    throw new TrainingError('loss_not_finite', step, message);
  }
}

/** Puts what the threads brought into the order of the jobs. */
function collect<Result>(
  hands: readonly (readonly number[])[],
  reports: readonly (Report | null)[],
  resultsOf: (report: Report) => readonly Result[],
): readonly Result[] {
  const results: Result[] = [];
  for (const [station, report] of reports.entries()) {
    for (const [i, result] of (report === null ? [] : resultsOf(report)).entries()) results[hands[station][i]] = result;
  }
  return results;
}

function asTrainingError(cause: unknown, step: number): unknown {
  const { code, message } = cause as { readonly code?: string; readonly message: string };
  return code === 'worker_lost' ? new TrainingError('worker_lost', step, message, { cause }) : cause;
}

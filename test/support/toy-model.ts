/**
 * A model for tests of the trainer, whose gradient is written out: each row reads two rows of a table `pairs` `[12, 2]`
 * and of `singles` `[12]`, and a matrix and a vector that every row reads. Its loss is half the squared difference of
 * what it predicts from a number of the row, mean over the batch.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../../src/train/random.ts';
import type {
  Pass,
  ShardResult,
  Tensors,
  TrainableModel,
  TrainedTable,
  TrainedTensor,
} from '../../src/train/trainer/trainable-model.ts';

/** How a toy is made, and what it does at a step. */
export interface ToyTask {
  /** Ends the thread that computes this row; null for no row. */
  readonly fatalRow: number | null;
}

/** A part of a batch. */
export interface ToyInput {
  readonly rows: readonly number[];
  /** Rows of the whole batch. */
  readonly batchSize: number;
  /** Factor of loss and gradient. */
  readonly factor: number;
  /** How much of the gradient of `matrix` is drawn from the stream of the shard. */
  readonly noise: number;
}

/** Numbers of the toy, as the gradient reads them. */
export type ToyNumbers = Readonly<Record<'matrix' | 'vector' | 'frozen' | 'pairs' | 'singles', ArrayLike<number>>>;

const IDS = 12;
const tensor = (name: string, shape: readonly number[], decays: boolean, trains = true): TrainedTensor => ({
  name,
  shape,
  decays,
  trains,
});

/** The two table rows that a row reads: some are read by many rows, 10 and 11 by none. */
export function idsOf(row: number): readonly [number, number] {
  return [row % 3, 3 + ((row * row) % 7)];
}

function features(row: number): readonly number[] {
  return [Math.sin(row), Math.cos(2 * row), ((row % 5) - 2) / 2, 1];
}

const target = (row: number): number => Math.sin(3 * row) + (row % 3);

/**
 * Adds the gradient of a row to `into`, whose tables are indexed by `place`.
 *
 * @returns the loss of the row
 */
export function addToyGradient(
  row: number,
  numbers: ToyNumbers,
  scale: number,
  place: (id: number) => number,
  into: Readonly<Record<'matrix' | 'vector' | 'pairs' | 'singles', Float64Array>>,
): number {
  const x = features(row);
  const [first, second] = idsOf(row).map(place);
  const products = x.reduce((sum, value, i) => sum + value * (numbers.matrix[i] + numbers.vector[i % 2]), 0);
  const pair = numbers.pairs[2 * first] * numbers.frozen[0] + numbers.pairs[2 * second + 1] * numbers.frozen[1];
  const error = products + pair + numbers.singles[first] - numbers.singles[second] - target(row);
  for (const [i, value] of x.entries()) {
    into.matrix[i] += scale * error * value;
    into.vector[i % 2] += scale * error * value;
  }
  into.pairs[2 * first] += scale * error * numbers.frozen[0];
  into.pairs[2 * second + 1] += scale * error * numbers.frozen[1];
  into.singles[first] += scale * error;
  into.singles[second] -= scale * error;
  return (scale * error ** 2) / 2;
}

/** The toy on the current backend. */
export class ToyModel implements TrainableModel<ToyInput> {
  readonly tensors: readonly TrainedTensor[] = [
    tensor('vector', [2], false),
    tensor('frozen', [2], true, false),
    tensor('matrix', [2, 2], true),
  ];
  readonly tables: readonly TrainedTable[] = [
    { name: 'pairs', shape: [IDS, 2], decays: true, trains: true },
    { name: 'singles', shape: [IDS], decays: false, trains: true },
  ];
  readonly #fatalRow: number | null;

  constructor({ fatalRow }: ToyTask) {
    this.#fatalRow = fatalRow;
  }

  async initialize(): Promise<ReadonlyMap<string, Float32Array>> {
    const wave = (length: number, step: number): Float32Array =>
      Float32Array.from({ length }, (_, i) => Math.sin(1 + step * i));
    return new Map([
      ['vector', wave(2, 1)],
      ['frozen', wave(2, 2)],
      ['matrix', wave(4, 3)],
      ['pairs', wave(2 * IDS, 5)],
      ['singles', wave(IDS, 7)],
    ]);
  }

  differentiate({ rows, batchSize, factor, noise }: ToyInput, random: Random): Pass<ShardResult> {
    const ids = Int32Array.from(new Set(rows.flatMap(idsOf))).sort();
    return {
      lookups: new Map(this.tables.map(({ name }) => [name, ids])),
      run: async (tensors) => {
        if (this.#fatalRow !== null && rows.includes(this.#fatalRow)) process.exit(7);
        const into = {
          matrix: new Float64Array(4),
          vector: new Float64Array(2),
          pairs: new Float64Array(2 * ids.length),
          singles: new Float64Array(ids.length),
        };
        const numbers = numbersOf(tensors);
        const scale = factor / batchSize;
        const add = (sum: number, row: number): number =>
          sum + addToyGradient(row, numbers, scale, (id) => ids.indexOf(id), into);
        const loss = rows.reduce(add, 0);
        for (const i of into.matrix.keys()) into.matrix[i] += noise * (random.uniform() - 0.5);
        const gradient = (values: Float64Array, shape: number[]): tf.Tensor =>
          tf.tensor(Float32Array.from(values), shape);
        const gradients = new Map([
          ['matrix', gradient(into.matrix, [2, 2])],
          ['vector', gradient(into.vector, [2])],
          ['pairs', gradient(into.pairs, [ids.length, 2])],
          ['singles', gradient(into.singles, [ids.length])],
        ]);
        return { losses: [loss, rows.length], gradients };
      },
    };
  }

  /** The `singles` of the first row that is given, and the number of rows. */
  score({ rows }: ToyInput): Pass<readonly number[]> {
    const ids = Int32Array.of(rows[0]);
    return {
      lookups: new Map(this.tables.map(({ name }) => [name, ids])),
      run: async (tensors) => [numbersOf(tensors).singles[0], rows.length],
    };
  }
}

function numbersOf(tensors: Tensors): ToyNumbers {
  return Object.fromEntries([...tensors].map(([name, values]) => [name, values.dataSync()])) as unknown as ToyNumbers;
}

/**
 * All numbers of a training, outside TensorFlow.js: values, moments, gradients. With several threads they are views of
 * shared memory, which crosses to a thread by reference.
 */
import { layOut } from './layout.ts';
import type { TrainableModel, TrainedTable } from './trainable-model.ts';

/** A table and what the optimizer remembers of it. */
export interface TableMemory {
  readonly values: Float32Array;
  /** Each as long as `values`. */
  readonly moments: readonly Float32Array[];
}

/** Plain data: structured-clonable, and shared where it was allocated so. */
export interface ParameterMemory {
  /** The trained tensors, one after the other. */
  readonly trained: Float32Array;
  /** Each as long as `trained`. */
  readonly moments: readonly Float32Array[];
  /** The frozen tensors, one after the other. */
  readonly frozen: Float32Array;
  /** In the order of the model's tables. */
  readonly tables: readonly TableMemory[];
  /** One for each shard, as long as `trained`. The first one takes their sum. */
  readonly gradients: readonly Float32Array[];
}

/** What a training continues from: values and moments of everything that is trained. */
export interface ParameterState {
  readonly trained: Float32Array;
  readonly moments: readonly Float32Array[];
  /** In the order of the model's tables; frozen ones without values. */
  readonly tables: readonly TableMemory[];
}

/** Makes an array of zeros, in shared memory where threads share it. */
export function allocate(length: number, shared: boolean): Float32Array {
  return new Float32Array(shared ? new SharedArrayBuffer(4 * length) : new ArrayBuffer(4 * length));
}

/**
 * Allocates the numbers of a model, all 0.
 *
 * @param numMoments arrays that the optimizer remembers
 * @param numShards most shards of a batch
 */
export function allocateMemory(
  { tensors, tables }: Pick<TrainableModel<unknown>, 'tensors' | 'tables'>,
  numMoments: number,
  numShards: number,
  shared: boolean,
): ParameterMemory {
  const { size } = layOut(tensors.filter(({ trains }) => trains));
  const arrays = (count: number, length: number): readonly Float32Array[] =>
    Array.from({ length: count }, () => allocate(length, shared));
  const tableMemory = ({ shape: [rows, columns = 1], trains }: TrainedTable): TableMemory => ({
    values: allocate(rows * columns, shared),
    moments: arrays(trains ? numMoments : 0, rows * columns),
  });
  return {
    trained: allocate(size, shared),
    moments: arrays(numMoments, size),
    frozen: allocate(layOut(tensors.filter(({ trains }) => !trains)).size, shared),
    tables: tables.map(tableMemory),
    gradients: arrays(numShards, size),
  };
}

/** Every tensor and table by name: views of the memory. */
export function valuesByName(
  { tensors, tables }: Pick<TrainableModel<unknown>, 'tensors' | 'tables'>,
  memory: ParameterMemory,
): Map<string, Float32Array> {
  const views = new Map<string, Float32Array>();
  for (const [trains, vector] of [
    [true, memory.trained],
    [false, memory.frozen],
  ] as const) {
    for (const { tensor, offset, size } of layOut(tensors.filter((one) => one.trains === trains)).places) {
      views.set(tensor.name, vector.subarray(offset, offset + size));
    }
  }
  for (const [i, { name }] of tables.entries()) views.set(name, memory.tables[i].values);
  return views;
}

/** @returns a copy of everything that training moves */
export function copyState({ tables }: Pick<TrainableModel<unknown>, 'tables'>, memory: ParameterMemory): ParameterState {
  const table = ({ values, moments }: TableMemory, i: number): TableMemory => ({
    values: tables[i].trains ? values.slice() : new Float32Array(0),
    moments: moments.map((moment) => moment.slice()),
  });
  return {
    trained: memory.trained.slice(),
    moments: memory.moments.map((moment) => moment.slice()),
    tables: memory.tables.map(table),
  };
}

/** Brings back what {@link copyState} kept. */
export function restoreState(memory: ParameterMemory, state: ParameterState): void {
  memory.trained.set(state.trained);
  for (const [i, moment] of state.moments.entries()) memory.moments[i].set(moment);
  for (const [i, { values, moments }] of state.tables.entries()) {
    memory.tables[i].values.set(values);
    for (const [k, moment] of moments.entries()) memory.tables[i].moments[k].set(moment);
  }
}

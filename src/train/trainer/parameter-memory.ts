/**
 * All numbers of a training, outside TensorFlow.js: values, moments, gradients. With several threads they are views of
 * shared memory, which crosses to a thread by reference.
 */
import { layOut, tableColumns } from './layout.ts';
import { copyValues, type TableMemory, writeValues } from './table-memory.ts';
import type { TrainableModel, TrainedTable } from './trainable-model.ts';

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
  /** In the order of the model's tables, as {@link TableMemory} has them; frozen ones are empty. */
  readonly tables: readonly Float32Array[];
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
  const tableMemory = (table: TrainedTable): TableMemory => {
    const columns = tableColumns(table);
    const remembered = table.trains ? numMoments : 0;
    return {
      numbers: allocate(table.shape[0] * columns * (1 + remembered), shared),
      columns,
      numMoments: remembered,
    };
  };
  return {
    trained: allocate(size, shared),
    moments: arrays(numMoments, size),
    frozen: allocate(layOut(tensors.filter(({ trains }) => !trains)).size, shared),
    tables: tables.map(tableMemory),
    gradients: arrays(numShards, size),
  };
}

/** Puts values in their places, by the names of tensors and tables. */
export function fillMemory(
  model: Pick<TrainableModel<unknown>, 'tensors' | 'tables'>,
  memory: ParameterMemory,
  values: ReadonlyMap<string, Float32Array>,
): void {
  for (const [name, view] of tensorViews(model, memory)) view.set(values.get(name) as Float32Array);
  for (const [i, { name }] of model.tables.entries()) writeValues(memory.tables[i], values.get(name) as Float32Array);
}

/** @returns copies of values by the names of tensors and tables; of all where no names are given */
export function copyByName(
  model: Pick<TrainableModel<unknown>, 'tensors' | 'tables'>,
  memory: ParameterMemory,
  names: readonly string[] = [...model.tensors, ...model.tables].map(({ name }) => name),
): ReadonlyMap<string, Float32Array> {
  const views = tensorViews(model, memory);
  const tables = new Map(model.tables.map(({ name }, i) => [name, memory.tables[i]]));
  return new Map(names.map((name) => [name, views.get(name)?.slice() ?? copyValues(tables.get(name)!)]));
}

function tensorViews(
  { tensors }: Pick<TrainableModel<unknown>, 'tensors'>,
  memory: ParameterMemory,
): ReadonlyMap<string, Float32Array> {
  const views = new Map<string, Float32Array>();
  for (const [trains, vector] of [
    [true, memory.trained],
    [false, memory.frozen],
  ] as const) {
    for (const { tensor, offset, size } of layOut(tensors.filter((one) => one.trains === trains)).places) {
      views.set(tensor.name, vector.subarray(offset, offset + size));
    }
  }
  return views;
}

/** @returns a copy of everything that training moves */
export function copyState(
  { tables }: Pick<TrainableModel<unknown>, 'tables'>,
  memory: ParameterMemory,
): ParameterState {
  return {
    trained: memory.trained.slice(),
    moments: memory.moments.map((moment) => moment.slice()),
    tables: memory.tables.map(({ numbers }, i) => (tables[i].trains ? numbers.slice() : new Float32Array(0))),
  };
}

/** Brings back what {@link copyState} kept. */
export function restoreState(memory: ParameterMemory, state: ParameterState): void {
  memory.trained.set(state.trained);
  for (const [i, moment] of state.moments.entries()) memory.moments[i].set(moment);
  for (const [i, numbers] of state.tables.entries()) memory.tables[i].numbers.set(numbers);
}

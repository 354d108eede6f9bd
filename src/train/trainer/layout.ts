/**
 * Where the tensors of a model lie. All that are trained follow each other in one vector, so that summing gradients,
 * clipping and the optimizer's step are loops over slices of it, whoever runs them.
 */
import type { TrainedTable, TrainedTensor } from './trainable-model.ts';

/** A tensor's place in its vector. */
export interface Place {
  readonly tensor: TrainedTensor;
  readonly offset: number;
  readonly size: number;
}

/** Tensors one after the other. */
export interface Layout {
  readonly places: readonly Place[];
  /** Elements of all of them. */
  readonly size: number;
}

/** A stretch of the vector of trained tensors, all of one tensor. */
export interface Slice {
  readonly from: number;
  readonly to: number;
  readonly decays: boolean;
}

/** Elements of a slice: three arrays of them stay in a core's cache, and a large model has hundreds to hand out. */
const SLICE_SIZE = 16_384;

/** Lays tensors out one after the other. */
export function layOut(tensors: readonly TrainedTensor[]): Layout {
  const places: Place[] = [];
  let offset = 0;
  for (const tensor of tensors) {
    const size = tensor.shape.reduce((product, length) => product * length, 1);
    places.push({ tensor, offset, size });
    offset += size;
  }
  return { places, size: offset };
}

/** Cuts a vector into slices that do not depend on how many threads there are. */
export function sliceVector({ places }: Layout): readonly Slice[] {
  const slices: Slice[] = [];
  for (const { tensor, offset, size } of places) {
    for (let at = 0; at < size; at += SLICE_SIZE) {
      slices.push({ from: offset + at, to: offset + Math.min(size, at + SLICE_SIZE), decays: tensor.decays });
    }
  }
  return slices;
}

/** Numbers in a row of a table. */
export function tableColumns({ shape }: TrainedTable): number {
  return shape[1] ?? 1;
}

/** Rows of a table that one slice holds. */
export function sliceRows(columns: number): number {
  return Math.max(1, Math.floor(SLICE_SIZE / columns));
}

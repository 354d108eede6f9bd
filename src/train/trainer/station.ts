/**
 * One thread's part of a training: its own model and backend, the numbers that all threads share. It does what the
 * trainer orders, and every order names work that does not depend on which thread does it.
 */
import * as tf from '@tensorflow/tfjs-core';
import { createOptimizer, type Move, type StepRates } from '../optimizers/index.ts';
import { createRandom } from '../random.ts';
import type { OptimizerSpec } from '../training-run.ts';
import { type Layout, layOut, type Slice, sliceVector } from './layout.ts';
import { allocate, type ParameterMemory } from './parameter-memory.ts';
import { type MergedRows, moveRows, type RowGradients, sumOfSquares, sumRows } from './sparse-gradient.ts';
import { copyRows, type TableMemory } from './table-memory.ts';
import type { Lookups, Pass, ShardResult, Tensors, TrainableModel } from './trainable-model.ts';

/** What every thread of a training is given; plain data. */
export interface StationSetup {
  readonly memory: ParameterMemory;
  readonly optimizer: OptimizerSpec;
  readonly seed: number;
}

/** Work of one thread in one phase of a step, or of scoring. */
export type Order<Input> =
  /** Writes the gradients of shards into their buffers. */
  | {
      readonly kind: 'differentiate';
      /** From 1. */
      readonly step: number;
      readonly shards: readonly { readonly index: number; readonly input: Input }[];
    }
  /** Adds up stretches of the gradients of all shards. `tables` are those that are trained, and hold until `move`. */
  | {
      readonly kind: 'sum';
      readonly shards: number;
      readonly tables: readonly MergedRows[];
      readonly portions: readonly Portion[];
    }
  /** Moves the same stretches. */
  | { readonly kind: 'move'; readonly rates: StepRates }
  | { readonly kind: 'score'; readonly inputs: readonly Input[] };

/** A stretch of the gradient: a slice of the vector by its number, or places in the merged rows of a table. */
export type Portion =
  | { readonly kind: 'slice'; readonly slice: number }
  | { readonly kind: 'rows'; readonly table: number; readonly from: number; readonly to: number };

/** What an order brings, as long as its list of work. */
export type Report =
  | { readonly kind: 'differentiate'; readonly shards: readonly ShardReport[] }
  /** Sum of squares of each portion. */
  | { readonly kind: 'sum'; readonly squares: readonly number[] }
  | { readonly kind: 'move' }
  | { readonly kind: 'score'; readonly scores: readonly (readonly number[])[] };

/** A shard whose dense gradient lies in its buffer. */
export interface ShardReport {
  readonly losses: readonly number[];
  /** One for each table that is trained. */
  readonly tables: readonly RowGradients[];
}

/** One thread of a training. */
export class Station<Input> {
  readonly #model: TrainableModel<Input>;
  readonly #setup: StationSetup;
  readonly #layout: Layout;
  readonly #slices: readonly Slice[];
  readonly #trainedTables: readonly { readonly name: string; readonly memory: TableMemory; readonly decay: number }[];
  readonly #frozen: Map<string, tf.Tensor>;
  /** Where gradients of rows go, by shard and table: kept from step to step, larger where a step needs more. */
  readonly #rowBuffers = new Map<string, Float32Array>();
  #summed: Extract<Order<Input>, { kind: 'sum' }> | null = null;

  constructor(model: TrainableModel<Input>, setup: StationSetup) {
    const { memory, optimizer } = setup;
    const { tensors, tables } = model;
    this.#model = model;
    this.#setup = setup;
    this.#layout = layOut(tensors.filter(({ trains }) => trains));
    this.#slices = sliceVector(this.#layout);
    this.#trainedTables = tables.flatMap(({ name, trains, decays }, i) =>
      trains ? [{ name, memory: memory.tables[i], decay: decays ? optimizer.weightDecay : 0 }] : [],
    );
    this.#frozen = upload(layOut(tensors.filter(({ trains }) => !trains)), memory.frozen);
  }

  async perform(order: Order<Input>): Promise<Report> {
    switch (order.kind) {
      case 'differentiate':
        return { kind: 'differentiate', shards: await this.#differentiate(order) };
      case 'sum':
        this.#summed = order;
        return { kind: 'sum', squares: order.portions.map((portion) => this.#sum(portion, order)) };
      case 'move':
        this.#move(order.rates);
        return { kind: 'move' };
      case 'score':
        return { kind: 'score', scores: await this.#score(order.inputs) };
    }
  }

  async close(): Promise<void> {
    tf.dispose([...this.#frozen.values()]);
  }

  async #differentiate(order: Extract<Order<Input>, { kind: 'differentiate' }>): Promise<ShardReport[]> {
    const { step, shards } = order;
    const vector = upload(this.#layout, this.#setup.memory.trained);
    const reports: ShardReport[] = [];
    try {
      for (const { index, input } of shards) {
        const pass = this.#model.differentiate(input, createRandom(this.#setup.seed, step, index));
        const result = await this.#run(vector, pass);
        reports.push(await this.#keep(index, pass.lookups, result));
        tf.dispose([...result.gradients.values()]);
      }
    } finally {
      tf.dispose([...vector.values()]);
    }
    return reports;
  }

  async #score(inputs: readonly Input[]): Promise<(readonly number[])[]> {
    const vector = upload(this.#layout, this.#setup.memory.trained);
    const scores: (readonly number[])[] = [];
    try {
      for (const input of inputs) scores.push(await this.#run(vector, this.#model.score(input)));
    } finally {
      tf.dispose([...vector.values()]);
    }
    return scores;
  }

  async #run<Result>(vector: Tensors, { lookups, run }: Pass<Result>): Promise<Result> {
    const leaves = new Map<string, tf.Tensor>();
    for (const [i, table] of this.#model.tables.entries()) {
      const ids = lookups.get(table.name) as Int32Array;
      const rows = copyRows(this.#setup.memory.tables[i], ids);
      leaves.set(table.name, tf.tensor(rows, [ids.length, ...table.shape.slice(1)]));
    }
    try {
      return await run(new Map([...this.#frozen, ...vector, ...leaves]));
    } finally {
      tf.dispose([...leaves.values()]);
    }
  }

  /** Copies gradients off the backend into memory that all threads see. */
  async #keep(shard: number, lookups: Lookups, { losses, gradients }: ShardResult): Promise<ShardReport> {
    const dense = this.#setup.memory.gradients[shard];
    for (const { tensor, offset } of this.#layout.places) {
      dense.set(await gradients.get(tensor.name)!.data<'float32'>(), offset);
    }
    const tables: RowGradients[] = [];
    for (const { name } of this.#trainedTables) {
      const values = await gradients.get(name)!.data<'float32'>();
      const gradient = this.#rowBuffer(`${shard} ${name}`, values.length);
      gradient.set(values);
      tables.push({ ids: lookups.get(name) as Int32Array, gradient });
    }
    return { losses, tables };
  }

  #rowBuffer(key: string, length: number): Float32Array {
    const kept = this.#rowBuffers.get(key);
    if (kept !== undefined && kept.length >= length) return kept;
    const isShared = this.#setup.memory.trained.buffer instanceof SharedArrayBuffer;
    const grown = allocate(Math.ceil(1.25 * length), isShared);
    this.#rowBuffers.set(key, grown);
    return grown;
  }

  #sum(portion: Portion, { shards, tables }: Extract<Order<Input>, { kind: 'sum' }>): number {
    if (portion.kind === 'rows') return sumRows(tables[portion.table], portion.from, portion.to);
    const { from, to } = this.#slices[portion.slice];
    const [total, ...rest] = this.#setup.memory.gradients.slice(0, shards);
    for (const gradient of rest) for (let i = from; i < to; i++) total[i] += gradient[i];
    return sumOfSquares(total, from, to);
  }

  #move(rates: StepRates): void {
    const { memory, optimizer } = this.#setup;
    const { tables, portions } = this.#summed!;
    const move: Move = createOptimizer(optimizer).at(rates);
    const vector = { values: memory.trained, moments: memory.moments };
    for (const portion of portions) {
      if (portion.kind === 'rows') {
        const { memory: table, decay } = this.#trainedTables[portion.table];
        moveRows(move, table, tables[portion.table], portion.from, portion.to, decay);
      } else {
        const { from, to, decays } = this.#slices[portion.slice];
        move(vector, memory.gradients[0], from, from, to - from, decays ? optimizer.weightDecay : 0);
      }
    }
  }
}

/** Tensors of the current backend with the numbers of a vector. */
function upload({ places }: Layout, vector: Float32Array): Map<string, tf.Tensor> {
  // The wasm backend copies a view into its memory at once; others may keep it, or refuse shared memory.
  const copies = tf.getBackend() === 'wasm';
  const tensors = new Map<string, tf.Tensor>();
  for (const { tensor, offset, size } of places) {
    const view = vector.subarray(offset, offset + size);
    tensors.set(tensor.name, tf.tensor(copies ? view : view.slice(), [...tensor.shape]));
  }
  return tensors;
}

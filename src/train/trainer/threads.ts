/** Threads beside the one that trains: each is a station of its own, which takes orders as messages. */
import { serveTasks, WorkerPool } from '../worker-pool.ts';
import { type Order, type Report, Station, type StationSetup } from './station.ts';
import type { TrainableModel } from './trainable-model.ts';

/** How helping threads start. */
export interface Threads {
  /** Module that calls {@link serveStation}. */
  readonly entry: URL;
  /** What a thread builds its model from; structured-clonable. */
  readonly task: unknown;
  readonly count: number;
}

/** Whoever takes orders, here or on another thread. */
export interface Worked<Input> {
  perform(order: Order<Input>): Promise<Report>;
  close(): Promise<void>;
}

interface Init<Task> {
  readonly task: Task;
  readonly setup: StationSetup;
}

/** Starts one thread; a thread that cannot start says so to its first order. */
export function startThread<Input>({ entry, task }: Threads, setup: StationSetup): Worked<Input> {
  const pool = new WorkerPool<Order<Input>, Report>(entry, 1, { task, setup } satisfies Init<unknown>);
  return { perform: (order) => pool.ask(order), close: () => pool.close() };
}

/**
 * Makes this module a helping thread.
 *
 * @param build sets the backend and builds the model that the trainer has, from the same plain data
 */
export function serveStation<Task, Input>(build: (task: Task) => Promise<TrainableModel<Input>>): void {
  serveTasks<Init<Task>, Order<Input>, Report>(async ({ task, setup }) => {
    const station = new Station(await build(task), setup);
    return (order) => station.perform(order);
  });
}

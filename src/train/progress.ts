/** What a long run tells while it works, and how it is stopped. */

/** Steps of a run, in order. */
export type Stage = 'data' | 'labelling' | 'head' | 'training' | 'evaluation' | 'latency';

/** One piece of news. `done` and `total` count the units of the stage (rows, steps, students). */
export interface Progress {
  readonly stage: Stage;
  readonly done: number;
  readonly total: number;
  /** Seconds that the rest of the stage will probably take; null while unknown. */
  readonly etaSeconds: number | null;
  /** What is being worked on, for people. */
  readonly detail: string;
}

/** How a caller follows and stops a run. */
export interface RunHooks {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** A line worth keeping: which backend was taken and why, what was left out of the data. */
  readonly onNotice?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

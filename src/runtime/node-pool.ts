/** One student on several threads of Node, which share its compiled kernels. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { InputError, RetortError } from '../format/index.ts';
import { isPixels, lengthOf } from './inputs.ts';
import { compileInlinedModules, inlinedModules } from './kernels/inlined.ts';
import { loadStudentWith, type ReadOptions } from './load.ts';
import type { ThreadStart } from './node-worker.ts';
import type { Prediction, PredictOptions, Predictor, PredictorInput } from './predictor.ts';
import type { StudentInfo } from './student.ts';

/** Options of {@link createStudentPool}. */
export interface StudentPoolOptions extends ReadOptions {
  /** As many as the machine runs at once where it is left out. */
  readonly threads?: number;
}

/** A part of the inputs of one call. */
interface Piece {
  /** Places of the inputs in the call. */
  readonly places: readonly number[];
  readonly inputs: readonly PredictorInput[];
  done(predictions: readonly Prediction[]): void;
  fail(reason: unknown): void;
}

/**
 * Pieces of a call for each thread: with the longest inputs first and few in the last pieces, threads end at about the
 * same time, and a piece is still more work than to send it.
 */
const PIECES_PER_THREAD = 4;

/** The module of a thread, from here and from a chunk beside this folder alike. */
const ENTRY = new URL('../runtime/node-worker.js', import.meta.url);

/**
 * Starts threads with a student. They keep the process alive until {@link StudentPool.close}.
 *
 * @param bytes a student file; its structure and its SHA-256 are checked once
 * @throws StudentFormatError, InputError (`integrity_mismatch`, `wrong_task` where it
 *   does not classify, or where `threads` is no positive integer)
 * @example
 * const pool = await createStudentPool(await readFile('spam.safetensors'), { threads: 2 });
 * const predictions = await pool.predict(texts); // in the order of the texts
 * await pool.close();
 */
export async function createStudentPool(
  bytes: Uint8Array,
  options: StudentPoolOptions = {},
  entry: URL = ENTRY,
): Promise<StudentPool> {
  const { threads = availableParallelism() } = options;
  if (!Number.isInteger(threads) || threads < 1) {
    throw new InputError(`threads: expected a positive integer, got ${threads}`);
  }
  await compileInlinedModules();
  const student = await loadStudentWith(inlinedModules, bytes, options);
  const { info } = student;
  student.dispose();
  if (info.task !== 'classify') {
    const message = `student ${info.name}: expected one to classify, got one to ${info.task}; run it by itself`;
    throw new InputError(message, { code: 'wrong_task' });
  }
  const start: ThreadStart = { bytes, modules: inlinedModules(), kernels: info.backend };
  return new StudentPool(
    info,
    Array.from({ length: threads }, () => new Worker(entry, { workerData: start })),
  );
}

/** A student that predicts on several threads: the same bits as {@link Student}, later. */
export class StudentPool implements Predictor {
  /** Of the student on each thread. */
  readonly info: StudentInfo;
  readonly #threads: readonly Worker[];
  readonly #idle: Worker[];
  readonly #working = new Map<Worker, Piece>();
  #waiting: Piece[] = [];
  /** Why nothing is predicted any more. */
  #ended: Error | null = null;

  constructor(info: StudentInfo, threads: readonly Worker[]) {
    this.info = info;
    this.#threads = threads;
    this.#idle = [...threads];
    for (const thread of threads) {
      thread.on('message', (predictions: readonly Prediction[]) => {
        const piece = this.#working.get(thread);
        // What was computed for a pool that has ended is no one's.
        if (piece === undefined) return;
        this.#working.delete(thread);
        this.#idle.push(thread);
        piece.done(predictions);
        this.#feed();
      });
      thread.on('error', (cause) => this.#end(lost(cause.message, cause)));
      thread.on('exit', (code) => this.#end(lost(`exit code ${code}`)));
    }
  }

  /**
   * One prediction an input, in order. Calls may overlap; what an aborted one has not begun is left out.
   *
   * @throws InputError where `inputs` is not an array of what the student reads, or after {@link close}; the reason of
   *   `signal`; RetortError with code `worker_lost` where a thread died, once and for all
   */
  async predict(inputs: readonly PredictorInput[], { signal }: PredictOptions = {}): Promise<readonly Prediction[]> {
    if (!Array.isArray(inputs)) throw new InputError(`inputs: expected an array, got ${typeof inputs}`);
    const lengths = inputs.map((input, i) => lengthOf(this.info.spec, input, `inputs[${i}]`));
    signal?.throwIfAborted();
    if (this.#ended !== null) throw this.#ended;
    const predictions = new Array<Prediction>(inputs.length);
    const own = new Set<Piece>();
    const onAbort = (): void => {
      const left = this.#waiting.filter((piece) => own.has(piece));
      this.#waiting = this.#waiting.filter((piece) => !own.has(piece));
      for (const piece of left) piece.fail(signal?.reason);
    };
    const answers = this.#cut(lengths).map(
      (places) =>
        new Promise<void>((resolve, reject) => {
          const done = (answers: readonly Prediction[]): void => {
            for (const [i, place] of places.entries()) predictions[place] = answers[i];
            resolve();
          };
          own.add({ places, inputs: places.map((place) => sendable(inputs[place])), done, fail: reject });
        }),
    );
    this.#waiting.push(...own);
    this.#feed();
    signal?.addEventListener('abort', onAbort);
    try {
      // All, so that an aborted call settles once nothing computes for it any more.
      const failed = (await Promise.allSettled(answers)).find(({ status }) => status === 'rejected');
      if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
      signal?.throwIfAborted();
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
    return predictions;
  }

  /** Ends the threads; calls that are not answered yet reject. */
  async close(): Promise<void> {
    this.#end(new InputError('student pool: expected a live pool, got one after close()'));
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  /** Places of the inputs, longest first, in pieces of about the same length together. */
  #cut(lengths: readonly number[]): number[][] {
    const cost = (place: number): number => 1 + lengths[place];
    const order = lengths.map((_, place) => place).sort((a, b) => cost(b) - cost(a));
    const share = order.reduce((sum, place) => sum + cost(place), 0) / (PIECES_PER_THREAD * this.#threads.length);
    const pieces: number[][] = [];
    let room = 0;
    for (const place of order) {
      if (room <= 0) {
        pieces.push([]);
        room = share;
      }
      pieces.at(-1)!.push(place);
      room -= cost(place);
    }
    return pieces;
  }

  #feed(): void {
    while (this.#waiting.length > 0 && this.#idle.length > 0) {
      const [thread, piece] = [this.#idle.pop()!, this.#waiting.shift()!];
      this.#working.set(thread, piece);
      thread.postMessage(piece.inputs);
    }
  }

  #end(reason: Error): void {
    this.#ended ??= reason;
    for (const piece of [...this.#working.values(), ...this.#waiting]) piece.fail(this.#ended);
    this.#working.clear();
    this.#waiting = [];
    for (const thread of this.#threads) void thread.terminate();
  }
}

/** An input that takes its own bytes along: a view of many images would take all of them. */
function sendable(input: PredictorInput): PredictorInput {
  return isPixels(input) ? input.slice() : input;
}

function lost(got: string, cause?: unknown): RetortError {
  return new RetortError('worker_lost', `student pool: expected every thread to live, got ${got}`, { cause });
}

/**
 * The server on Cloudflare. A Worker imports its students as data and hands their bytes over; everything is built when
 * the first request comes, once an isolate, because work at start-up delays every cold request, also those that
 * another Worker in the same script answers.
 *
 * @module
 */
import { readStudent } from '../runtime/workerd.ts';
import { createApp } from './app.ts';
import type { AppOptions } from './options.ts';

/** A student as a Worker has it. */
export interface WorkerStudent {
  /** The file, as `import bytes from './student.safetensors'` gives it. */
  readonly bytes: ArrayBuffer | Uint8Array;
}

/** Options of {@link createWorker}; the clock stands still here, so no latency is ever measured. */
export interface WorkerOptions extends Omit<AppOptions, 'predictors' | 'studentFiles' | 'clock'> {
  /** What is served; at least one. */
  readonly students: readonly WorkerStudent[];
  /** Whether clients may download the students and run them themselves, as the page does; true by default. */
  readonly offerFiles?: boolean;
}

/** What a Worker exports. */
export interface RetortWorker {
  readonly fetch: (request: Request) => Response | Promise<Response>;
}

/**
 * Serves students from a Worker.
 *
 * @throws StudentFormatError, from `fetch`, where the bytes are not a student
 *
 * @example
 * ```ts
 * import { createWorker } from 'retort-edge/worker/cloudflare';
 * import bytes from './student.safetensors';
 *
 * export default createWorker({ students: [{ bytes }] });
 * ```
 */
export function createWorker(options: WorkerOptions): RetortWorker {
  let app: ReturnType<typeof createApp> | null = null;
  return {
    fetch(request) {
      app ??= buildApp(options);
      return app.fetch(request);
    },
  };
}

function buildApp({ students, offerFiles = true, ...options }: WorkerOptions): ReturnType<typeof createApp> {
  const files = students.map(({ bytes }) => (bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)));
  const predictors = files.map((bytes) => readStudent(bytes));
  return createApp({
    // An uncaught exception is what the Workers log shows; the client has been answered already.
    onError: (error) => reportError(error),
    ...options,
    predictors,
    clock: null,
    ...(offerFiles && { studentFiles: new Map(predictors.map(({ info }, i) => [info.name, files[i]!])) }),
  });
}

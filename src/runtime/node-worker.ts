/**
 * A thread of a {@link StudentPool}: reads the student that it is handed, and predicts what it is sent.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Backend, SimdModule } from './kernels/choose.ts';
import { readStudentWith } from './load.ts';

/** What a thread is started with. */
export interface ThreadStart {
  readonly bytes: Uint8Array;
  /** Compiled once for all threads. */
  readonly simd: SimdModule;
  readonly kernels: Backend;
}

const { bytes, simd, kernels } = workerData as ThreadStart;
const student = readStudentWith(() => simd, bytes, { kernels });
parentPort?.on('message', (texts: readonly string[]) => parentPort?.postMessage(student.predict(texts)));

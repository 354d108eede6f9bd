/**
 * A thread of a {@link StudentPool}: reads the student that it is handed, and predicts what it is sent.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Backend, HostModules } from './kernels/choose.ts';
import { readStudentWith } from './load.ts';
import type { PredictorInput } from './predictor.ts';

/** What a thread is started with. */
export interface ThreadStart {
  readonly bytes: Uint8Array;
  /** Compiled once for all threads. */
  readonly modules: HostModules;
  readonly kernels: Backend;
}

const { bytes, modules, kernels } = workerData as ThreadStart;
const student = readStudentWith(() => modules, bytes, { kernels });
parentPort?.on('message', (inputs: readonly PredictorInput[]) => parentPort?.postMessage(student.predict(inputs)));

/** What a contestant is: something that loads a student from files that are ready in memory, and runs it. */
import type { Input } from '../case.ts';

/** The same student in every format; what a contestant may read before the clock starts. */
export interface StudentFiles {
  /** The student file, int8. */
  readonly student: Uint8Array;
  /** The same with F32 weights. */
  readonly float: Uint8Array;
  readonly onnxFloat: Uint8Array;
  readonly onnxInt8: Uint8Array;
  readonly onnxUint8: Uint8Array;
  /** A model of fastText; null where the student is none that fastText could run. */
  readonly fastText: Uint8Array | null;
}

/** @returns logits, `[batch, labels]`; of the student `static-words`, scores */
export type Call = () => Float32Array | Promise<Float32Array>;

/** A student that runs. */
export interface Runner {
  /** Brings an input into the form that the contestant reads, which is not timed; the call is. */
  prepare(input: Input): Call;
  dispose(): void | Promise<void>;
}

/** Loads a student, from bytes to something that answers. */
export interface Contestant {
  load(files: StudentFiles): Runner | Promise<Runner>;
}

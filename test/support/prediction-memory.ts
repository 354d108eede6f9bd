/** What predictions leave behind. */
import type { Student } from '../../src/runtime/node.ts';
import { liveBytes } from './garbage.ts';

/** Texts of mixed length, from nothing to more than a student reads. */
export const MIXED_TEXTS: readonly string[] = [
  ...['', 'a', 'you won a prize!', 'meet at noon 日本 😀 é', 'free '.repeat(300), '\ud800 lone', '\u0000'],
];

/** Calls before the first look, so that the engine has compiled what it will. */
const WARM_UP = 2000;

/** Bytes that live on, before and after. */
export interface PredictionMemory {
  readonly heapBytes: readonly [before: number, after: number];
  /** Buffers, linear memory among them. */
  readonly bufferBytes: readonly [before: number, after: number];
}

/** Makes `count` predictions, one text after another. */
export function predictionMemory(student: Student, count: number): PredictionMemory {
  const predict = (times: number): void => {
    for (let i = 0; i < times; i++) student.classify(MIXED_TEXTS[i % MIXED_TEXTS.length]);
  };
  predict(WARM_UP);
  const before = liveBytes();
  predict(count);
  const after = liveBytes();
  return { heapBytes: [before.heap, after.heap], bufferBytes: [before.buffers, after.buffers] };
}

/** What predictions leave behind. */
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
export function predictionMemory(predict: (text: string) => unknown, count: number): PredictionMemory {
  const run = (times: number): void => {
    for (let i = 0; i < times; i++) predict(MIXED_TEXTS[i % MIXED_TEXTS.length]);
  };
  run(WARM_UP);
  const before = liveBytes();
  run(count);
  const after = liveBytes();
  return { heapBytes: [before.heap, after.heap], bufferBytes: [before.buffers, after.buffers] };
}

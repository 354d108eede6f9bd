/** A worker of the teacher's threads that does what a text says: takes its time, ends, or answers a feature vector. */
import { serveTasks } from '../../src/train/worker-pool.ts';

/** Values of one output of the sentence encoder. */
const FEATURES = 512;

serveTasks<unknown, readonly string[], readonly Float32Array[]>(async () => async (texts) => {
  if (texts.includes('exit')) process.exit(3);
  if (texts.includes('slow')) await new Promise((done) => setTimeout(done, 400));
  return texts.map((text) => new Float32Array(FEATURES).fill(text.length));
});

/**
 * Does memory stay flat? Makes 100,000 predictions of mixed length with a student of each family, and compares what
 * lives on afterwards with what did before. Writes results/prediction-memory.json; exits 1 where memory grew.
 *
 *   node scripts/run.mjs scripts/prediction-memory.ts [--count 100000]
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { convBench, staticBench, transformerBench } from '../bench/students.ts';
import { readStudent } from '../src/runtime/node.ts';
import { predictionMemory } from '../test/support/prediction-memory.ts';

const OUTPUT = 'results/prediction-memory.json';
/** Compiled code and caches of the engine move by some kilobytes from one look to the next. */
const MOST_HEAP_BYTES = 65_536;

const { values } = parseArgs({ options: { count: { type: 'string', default: '100000' } } });
const predictions = Number(values.count);
const students = {
  static: await staticBench(8192, 24),
  conv: await convBench(4000, 64),
  transformer: await transformerBench(4000, 32, { layers: 1, hiddenSize: 32 }),
};
const rows = Object.entries(students).map(([name, bytes]) => {
  const student = readStudent(bytes);
  return {
    student: name,
    linearBytes: student.info.memoryBytes,
    ...predictionMemory((text) => student.classify(text), predictions),
  };
});
await writeFile(OUTPUT, `${JSON.stringify({ node: process.version, predictions, rows }, null, 1)}\n`);
console.table(
  rows.map(({ student, linearBytes, heapBytes, bufferBytes }) => {
    const grown = { heap: heapBytes[1] - heapBytes[0], buffers: bufferBytes[1] - bufferBytes[0] };
    if (grown.heap > MOST_HEAP_BYTES || grown.buffers !== 0) process.exitCode = 1;
    return { student, linearBytes, ...grown };
  }),
);

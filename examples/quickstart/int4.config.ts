/**
 * What int4 costs: students of the quickstart with their embedding in int8 and the same ones with it in int4, on as many
 * mails as `quantization.config.ts` tests on. `node scripts/run.mjs scripts/int4.ts` trains them and compares each pair.
 */
import { defineConfig } from 'retort-edge/train';
import quantization from './quantization.config.ts';

/** Embeddings as wide as whole groups of 32 weights. */
const STUDENTS = [
  { family: 'static', name: 'static-32', hiddenSize: 32 },
  { family: 'static', name: 'static-64', hiddenSize: 64 },
  { family: 'conv', name: 'conv-32', hiddenSize: 32 },
] as const;

export default defineConfig({
  ...quantization,
  name: 'int4',
  students: STUDENTS.flatMap((student) => [
    student,
    { ...student, name: `${student.name}-int4`, embeddingPrecision: 'int4' as const },
  ]),
  outDir: '../../out/int4',
});

/**
 * Computes in Node what the committed student says, before the tests in workerd start: they have no files and must not
 * be their own yardstick.
 */
import { readFile } from 'node:fs/promises';
import { type Prediction, readStudent } from 'retort-edge';
import type { TestProject } from 'vitest/node';
import { TEXTS } from '../../support/texts.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** What Node's SIMD kernels say about {@link TEXTS}. */
    readonly nodePredictions: readonly Prediction[];
    /** SHA-256 of the committed student's file, in hex. */
    readonly studentDigest: string;
  }
}

export async function setup({ provide }: TestProject): Promise<void> {
  const bytes = await readFile('examples/worker/student.safetensors');
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  provide('nodePredictions', readStudent(bytes, { kernels: 'simd' }).predict(TEXTS));
  provide('studentDigest', Buffer.from(digest).toString('hex'));
}

/** Sets the wasm backend of TensorFlow.js for tests that compute with tensors. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { installEngine } from '../../src/train/engine/install.ts';

/** Makes wasm with the engine's kernels the backend of this process; the files come from the installed package. */
export async function useWasmBackend(): Promise<void> {
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  await tf.setBackend('wasm');
  installEngine();
}

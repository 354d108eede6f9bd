/**
 * Puts the engine's kernels in the place of those of TensorFlow.js's wasm backend that are slow for training, and
 * registers kernels of our own names, which the operations of src/train/ops ask for. What the engine does not cover
 * goes on to the kernel that was there.
 */
import { getKernel, type KernelFunc, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { REPLACEMENTS } from './replacements.ts';

/** A kernel that tells the engine is installed, also to a second copy of this module. */
const MARK = 'RetortEngine';
const BACKEND = 'wasm';

/** Installs the engine in TensorFlow.js, once; the wasm backend may be started before or after. */
export function installEngine(): void {
  if (getKernel(MARK, BACKEND) !== undefined) return;
  registerKernel({ kernelName: MARK, backendName: BACKEND, kernelFunc: () => [] });
  for (const [kernelName, replacement] of Object.entries(REPLACEMENTS)) {
    const stock = getKernel(kernelName, BACKEND);
    if (stock === undefined) continue;
    const kernelFunc: KernelFunc = (args) => replacement(args) ?? stock.kernelFunc(args);
    unregisterKernel(kernelName, BACKEND);
    registerKernel({ ...stock, kernelFunc });
  }
}

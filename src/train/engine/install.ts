/**
 * Puts the engine's kernels in the place of those of TensorFlow.js's wasm backend that are slow for training, and
 * registers kernels of our own names, which the operations of src/train/ops ask for. What the engine does not cover
 * goes on to the kernel that was there.
 */
import { getKernel, type KernelFunc, registerKernel, type TensorInfo, unregisterKernel } from '@tensorflow/tfjs-core';
import { engineOf } from './engine.ts';
import type { OwnKernel } from './kernels/own-kernel.ts';
import { OWN_KERNELS } from './own-kernels.ts';
import { REPLACEMENTS } from './replacements.ts';

const BACKEND = 'wasm';

/**
 * Installs the engine in TensorFlow.js. Once is enough and more do no harm, also from a second copy of this module.
 * The wasm backend may be started before or after; its package has to be loaded before.
 */
export function installEngine(): void {
  if (Object.keys(OWN_KERNELS).some((name) => getKernel(name, BACKEND) !== undefined)) return;
  for (const [kernelName, kernel] of Object.entries(OWN_KERNELS)) {
    const kernelFunc: KernelFunc = ({ inputs, backend, attrs }) =>
      (kernel as OwnKernel<unknown>)(engineOf(backend), inputs as Readonly<Record<string, TensorInfo>>, attrs);
    registerKernel({ kernelName, backendName: BACKEND, kernelFunc });
  }
  for (const [kernelName, replacement] of Object.entries(REPLACEMENTS)) {
    const stock = getKernel(kernelName, BACKEND);
    if (stock === undefined) continue;
    const kernelFunc: KernelFunc = (args) => replacement(args) ?? stock.kernelFunc(args);
    unregisterKernel(kernelName, BACKEND);
    registerKernel({ ...stock, kernelFunc });
  }
}

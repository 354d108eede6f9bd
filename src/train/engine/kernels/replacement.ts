/** What a kernel is that takes the place of one of TensorFlow.js. */
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';

/** A kernel that answers null for what it leaves to the kernel it replaces. */
export type Replacement = (args: Parameters<KernelFunc>[0]) => TensorInfo | TensorInfo[] | null;

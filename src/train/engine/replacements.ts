/** The kernels of TensorFlow.js that the engine replaces, by name. */
import { convolution } from './kernels/convolution.ts';
import { identity } from './kernels/identity.ts';
import { batchMatMul, fusedMatMul } from './kernels/products.ts';
import type { Replacement } from './kernels/replacement.ts';
import { transpose } from './kernels/transpose.ts';
import { unpack } from './kernels/unpack.ts';

/** In the place of the kernels of the wasm backend. */
export const REPLACEMENTS: Readonly<Record<string, Replacement>> = {
  BatchMatMul: batchMatMul,
  _FusedMatMul: fusedMatMul,
  Conv2D: convolution,
  Identity: identity,
  Transpose: transpose,
  Unpack: unpack,
};

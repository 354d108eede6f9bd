/** `Transpose`, of any rank. */
import { type TensorInfo, type TransposeAttrs, util } from '@tensorflow/tfjs-core';
import { type Engine, engineOf, type WasmBackend } from '../engine.ts';
import { type PermutationPlan, planPermutation } from '../permutation.ts';
import type { Replacement } from './replacement.ts';

export const transpose: Replacement = ({ inputs, backend, attrs }) => {
  const { x } = inputs as unknown as { readonly x: TensorInfo };
  const { perm } = attrs as unknown as TransposeAttrs;
  if (x.dtype !== 'float32' && x.dtype !== 'int32') return null;
  const shape = perm.map((axis) => x.shape[axis]);
  const plan = planPermutation(x.shape, perm);
  if (plan === null || util.sizeFromShape(shape) === 0) {
    (backend as unknown as WasmBackend).incRef(x.dataId);
    return { dataId: x.dataId, dtype: x.dtype, shape };
  }
  const engine = engineOf(backend);
  const out = engine.output(shape, x.dtype);
  permute(engine, out, x, plan);
  return out;
};

function permute(engine: Engine, out: TensorInfo, x: TensorInfo, plan: PermutationPlan): void {
  const { axes, toStride, fromStride, rows, columns } = plan;
  const { address } = engine.upload(axes.flat());
  const [to, from] = [engine.address(out), engine.address(x)];
  engine.kernels.permute(to, from, address, axes.length, toStride, fromStride, rows, columns);
}

/** `BatchMatMul` and `_FusedMatMul`. */
import type { _FusedMatMulAttrs, BatchMatMulAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { engineOf } from '../engine.ts';
import { product } from '../products.ts';
import type { Replacement } from './replacement.ts';

interface Operands {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly bias?: TensorInfo;
}

function isCovered({ a, b }: Operands): boolean {
  return a.dtype === 'float32' && b.dtype === 'float32' && !a.shape.includes(0) && !b.shape.includes(0);
}

export const batchMatMul: Replacement = ({ inputs, backend, attrs }) => {
  const { a, b } = inputs as unknown as Operands;
  const { transposeA, transposeB } = attrs as unknown as BatchMatMulAttrs;
  return isCovered({ a, b }) ? product(engineOf(backend), a, b, { transposeA, transposeB }) : null;
};

/** Covers a bias of one number a column and no activation but the one that costs nothing to leave out. */
export const fusedMatMul: Replacement = ({ inputs, backend, attrs }) => {
  const { a, b, bias } = inputs as unknown as Operands;
  const { transposeA, transposeB, activation } = attrs as unknown as _FusedMatMulAttrs;
  const columns = b.shape[b.shape.length - (transposeB ? 2 : 1)];
  const hasPlainBias = bias === undefined || (bias.dtype === 'float32' && isRow(bias, columns));
  if (!isCovered({ a, b }) || !hasPlainBias || activation !== 'linear') return null;
  return product(engineOf(backend), a, b, { transposeA, transposeB, ...(bias === undefined ? {} : { bias }) });
};

function isRow({ shape }: TensorInfo, columns: number): boolean {
  return shape.length === 1 && shape[0] === columns;
}

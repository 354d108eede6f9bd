/** `x W^T`: in F32, or in integers. */
import { transposed } from '../weights.ts';
import { integerProduct } from './integer-product.ts';
import type { OnnxContext } from './layer.ts';

/** Sizes of a matrix `[outputSize, inputSize]`. */
export interface ProductSizes {
  readonly inputSize: number;
  readonly outputSize: number;
}

/**
 * Writes the product of `value`, F32 `[..., inputSize]`, and the matrix called `weight` in the student file.
 *
 * @returns the name of the product, F32 `[..., outputSize]`
 */
export function product(
  context: OnnxContext,
  scope: string,
  weight: string,
  value: string,
  { inputSize, outputSize }: ProductSizes,
): string {
  const { graph, weights, precision } = context;
  const shape = [inputSize, outputSize];
  if (precision === 'float') {
    const data = transposed(weights.float(weight), outputSize, inputSize);
    return graph.node(scope, 'MatMul', [value, graph.constant(weight, { shape, data })]);
  }
  const { values, scales } = weights.int8(weight);
  const matrix = { shape, values: transposed(values, outputSize, inputSize), scales, scaleShape: [outputSize] };
  return integerProduct(context, scope, weight, value, matrix, { opType: 'MatMulInteger' });
}

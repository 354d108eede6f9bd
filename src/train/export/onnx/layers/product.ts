/** `x W^T`: in F32, or in integers with activations that are quantized while they flow. */
import { ELEMENT_TYPES } from '../schema.ts';
import { transposed } from '../weights.ts';
import type { OnnxContext } from './layer.ts';

/** Sizes of a matrix `[outputSize, inputSize]`. */
export interface ProductSizes {
  readonly inputSize: number;
  readonly outputSize: number;
}

/**
 * Writes the product of `value`, F32 `[..., inputSize]`, and the matrix called `weight` in the student file. In int8 the
 * order of the nodes is the one that ONNX Runtime fuses into a single operation: DynamicQuantizeLinear (unsigned 8 bits,
 * one scale for the whole tensor), MatMulInteger, then both scales at once.
 *
 * @returns the name of the product, F32 `[..., outputSize]`
 */
export function product(
  { graph, weights, precision }: OnnxContext,
  scope: string,
  weight: string,
  value: string,
  { inputSize, outputSize }: ProductSizes,
): string {
  const shape = [inputSize, outputSize];
  if (precision === 'float') {
    const data = transposed(weights.float(weight), outputSize, inputSize);
    return graph.node(scope, 'MatMul', [value, graph.constant(weight, { shape, data })]);
  }
  const { values, scales } = weights.int8(weight);
  const matrix = graph.constant(weight, { shape, data: transposed(values, outputSize, inputSize) });
  const matrixScales = graph.constant(`${weight}.scale`, { shape: [outputSize], data: scales });
  const [quantized, scale, zeroPoint] = graph.nodeOf(scope, 'DynamicQuantizeLinear', [value], 3);
  const integers = graph.node(scope, 'MatMulInteger', [quantized, matrix, zeroPoint]);
  const sums = graph.node(scope, 'Cast', [integers], { to: { int: ELEMENT_TYPES.float32 } });
  return graph.node(scope, 'Mul', [sums, graph.node(scope, 'Mul', [scale, matrixScales])]);
}

/** `x W^T`: in F32, or in integers with activations that are quantized while they flow. */
import type { OnnxGraph } from '../graph.ts';
import { ELEMENT_TYPES } from '../schema.ts';
import { transposed } from '../weights.ts';
import type { OnnxContext } from './layer.ts';

/** Sizes of a matrix `[outputSize, inputSize]`. */
export interface ProductSizes {
  readonly inputSize: number;
  readonly outputSize: number;
}

/** What unsigned weights have more than signed ones. */
const UNSIGNED_ZERO_POINT = 128;

/**
 * Writes the product of `value`, F32 `[..., inputSize]`, and the matrix called `weight` in the student file. In integers
 * the nodes are those that ONNX Runtime fuses into one: DynamicQuantizeLinear (unsigned 8 bits, one scale for the whole
 * tensor), MatMulInteger, then both scales at once.
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
  const signed = transposed(values, outputSize, inputSize);
  const isUnsigned = precision === 'uint8';
  const data = isUnsigned ? Uint8Array.from(signed, (w) => w + UNSIGNED_ZERO_POINT) : signed;
  const matrix = graph.constant(weight, { shape, data });
  const matrixScales = graph.constant(`${weight}.scale`, { shape: [outputSize], data: scales });
  const matrixZeroPoint = isUnsigned ? [unsignedZeroPoint(graph)] : [];
  const [quantized, scale, zeroPoint] = graph.nodeOf(scope, 'DynamicQuantizeLinear', [value], 3);
  const integers = graph.node(scope, 'MatMulInteger', [quantized, matrix, zeroPoint, ...matrixZeroPoint]);
  const sums = graph.node(scope, 'Cast', [integers], { to: { int: ELEMENT_TYPES.float32 } });
  return graph.node(scope, 'Mul', [sums, graph.node(scope, 'Mul', [scale, matrixScales])]);
}

function unsignedZeroPoint(graph: OnnxGraph): string {
  return graph.constant('unsignedZeroPoint', { shape: [], data: Uint8Array.of(UNSIGNED_ZERO_POINT) });
}

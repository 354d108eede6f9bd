/** Products in integers, with activations that are quantized while they flow. */

import type { QuantizedMatrix } from '../../../quantization.ts';
import type { Attributes, OnnxGraph } from '../graph.ts';
import { ELEMENT_TYPES } from '../schema.ts';
import type { OnnxContext } from './layer.ts';

/** A quantized matrix as an operation reads it. */
export interface IntegerMatrix extends QuantizedMatrix {
  readonly shape: readonly number[];
  /** The shape in which its scales lie beside what the operation writes. */
  readonly scaleShape: readonly number[];
}

/** The operation, and its attributes. */
export interface IntegerOperation {
  readonly opType: 'MatMulInteger' | 'ConvInteger';
  readonly attributes?: Attributes;
}

/** What unsigned weights have more than signed ones. */
const UNSIGNED_ZERO_POINT = 128;

/**
 * Writes the product of `value`, F32, and the matrix called `weight` in the student file. Where it is a MatMulInteger the
 * nodes are those that ONNX Runtime fuses into one: DynamicQuantizeLinear (unsigned 8 bits, one scale for the whole
 * tensor), the product, then both scales at once.
 *
 * @returns the name of the product, F32
 */
export function integerProduct(
  { graph, precision }: OnnxContext,
  scope: string,
  weight: string,
  value: string,
  { values, scales, shape, scaleShape }: IntegerMatrix,
  { opType, attributes }: IntegerOperation,
): string {
  const isUnsigned = precision === 'uint8';
  const data = isUnsigned ? Uint8Array.from(values, (w) => w + UNSIGNED_ZERO_POINT) : values;
  const matrix = graph.constant(weight, { shape, data });
  const matrixScales = graph.constant(`${weight}.scale`, { shape: scaleShape, data: scales });
  const matrixZeroPoint = isUnsigned ? [unsignedZeroPoint(graph)] : [];
  const [quantized, scale, zeroPoint] = graph.nodeOf(scope, 'DynamicQuantizeLinear', [value], 3);
  const integers = graph.node(scope, opType, [quantized, matrix, zeroPoint, ...matrixZeroPoint], attributes);
  const sums = graph.node(scope, 'Cast', [integers], { to: { int: ELEMENT_TYPES.float32 } });
  return graph.node(scope, 'Mul', [sums, graph.node(scope, 'Mul', [scale, matrixScales])]);
}

function unsignedZeroPoint(graph: OnnxGraph): string {
  return graph.constant('unsignedZeroPoint', { shape: [], data: Uint8Array.of(UNSIGNED_ZERO_POINT) });
}

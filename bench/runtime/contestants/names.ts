/** Who takes part. */
import type { Backend } from '../../../src/runtime/index.ts';

/** Names as in the results. */
export const CONTESTANTS = [
  'retort-relaxed',
  'retort-simd',
  'retort-scalar',
  'onnxruntime-web-int8',
  'onnxruntime-web-fp32',
  'onnxruntime-node-int8',
  'tfjs-wasm',
  'fasttext-wasm',
] as const;
/** One of them. */
export type ContestantName = (typeof CONTESTANTS)[number];

/** The kernels of Retort under each of its names. */
export const RETORT_BACKENDS = {
  'retort-relaxed': 'relaxed-simd',
  'retort-simd': 'simd',
  'retort-scalar': 'scalar',
} as const satisfies Partial<Record<ContestantName, Backend>>;
/** A name of Retort. */
export type RetortName = keyof typeof RETORT_BACKENDS;

/**
 * The arithmetic of a student alone, in loops of registers with the instructions of a module of Retort: no contestant, but
 * what none that has these instructions could take less than.
 */
export const FLOORS = { 'floor-relaxed': 'retort-relaxed', 'floor-simd': 'retort-simd' } as const;
/** A name of a floor. */
export type FloorName = keyof typeof FLOORS;
/** Who may take turns. */
export type SeatName = ContestantName | FloorName;

/** Whether a name is one of a floor. */
export function isFloor(name: SeatName): name is FloorName {
  return name in FLOORS;
}

/** The products that training is made of. */
import type { ProductShape } from './contestant.ts';

const STORAGES = [
  [false, false],
  [false, true],
  [true, false],
  [true, true],
] as const;

/** A layer's product and the heads of an attention, in every storage of their operands. */
export const PRODUCTS: readonly ProductShape[] = STORAGES.flatMap(([transposeA, transposeB]) => [
  { batch: 1, m: 2048, k: 128, n: 256, transposeA, transposeB },
  { batch: 256, m: 32, k: 32, n: 32, transposeA, transposeB },
]);

/** Floating-point operations of a product. */
export function operations({ batch, m, k, n }: ProductShape): number {
  return 2 * batch * m * k * n;
}

/** E.g. `product 2048x128x256 NT`: the second operand is stored transposed. */
export function productName({ batch, m, k, n, transposeA, transposeB }: ProductShape): string {
  const storage = `${transposeA ? 'T' : 'N'}${transposeB ? 'T' : 'N'}`;
  return `product ${batch === 1 ? '' : `${batch} x `}${m}x${k}x${n} ${storage}`;
}

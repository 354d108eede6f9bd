/**
 * Which probabilities of an attention are dropped: a function of the seed and of a probability's place, the same that
 * `engine/assembly/dropout.ts` computes, so that every backend drops the same ones. The hash is C. Wellons' lowbias32
 * (https://nullprogram.com/blog/2018/07/31/).
 */

function hash(x: number): number {
  let h = x ^ (x >>> 16);
  h = Math.imul(h, 0x7feb352d);
  h ^= h >>> 15;
  h = Math.imul(h, 0x846ca68b);
  return h ^ (h >>> 16);
}

/** @returns the factor of each of `count` probabilities: 0 or `1 / (1 - rate)` */
export function dropoutFactors(count: number, rate: number, seed: number): Float32Array {
  const start = hash(seed | 0);
  const limit = Math.fround(rate);
  const kept = Math.fround(1 / Math.fround(1 - limit));
  return Float32Array.from({ length: count }, (_, i) => ((hash((start + i) | 0) >>> 8) / 2 ** 24 >= limit ? kept : 0));
}

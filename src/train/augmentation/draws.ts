/** What methods of augmentation draw from a generator. */
import type { Random } from '../random.ts';

/** @returns an integer, `0 <= i < length` */
export function drawIndex(random: Random, length: number): number {
  return Math.floor(random.uniform() * length);
}

/** @returns one of the items, each as likely as the others */
export function drawOne<T>(random: Random, items: ArrayLike<T>): T {
  return items[drawIndex(random, items.length)];
}

/**
 * @param cumulative sums of the weights, ascending; the last one is their total
 * @returns a position, as likely as its weight says
 */
export function drawWeighted(random: Random, cumulative: readonly number[]): number {
  const point = random.uniform() * cumulative[cumulative.length - 1];
  let [low, high] = [0, cumulative.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle] > point) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Each item with probability `rate`, but one at least where there is any. */
export function drawSome<T>(random: Random, items: readonly T[], rate: number): T[] {
  const chosen = items.filter(() => random.uniform() < rate);
  return chosen.length > 0 || items.length === 0 ? chosen : [drawOne(random, items)];
}

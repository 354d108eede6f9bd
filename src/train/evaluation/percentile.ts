/** Percentiles of samples. */

/** The smallest value that at least the fraction `rank` of numbers in rising order do not exceed (nearest rank). */
export function percentile(sorted: readonly number[], rank: number): number {
  return sorted[Math.max(0, Math.ceil(rank * sorted.length) - 1)];
}

/** The median of numbers in any order, by {@link percentile}. */
export function median(values: readonly number[]): number {
  return percentile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

/** How long texts are. Exact, and no larger than the number of different lengths, however many rows there are. */

/** Rows whose length lies in `from <= length <= to`. */
export interface LengthBin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

/** Lengths of the rows of a split; all 0 where there is none. Plain data. */
export interface LengthDistribution {
  readonly min: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** Each twice as wide as the one before, since lengths of texts have a long tail: 0, 1, 2-3, 4-7, ... */
  readonly bins: readonly LengthBin[];
}

/** Counts lengths, one row after the other. */
export class LengthCounter {
  readonly #rows = new Map<number, number>();

  /** @param length of one more row */
  add(length: number): void {
    this.#rows.set(length, (this.#rows.get(length) ?? 0) + 1);
  }

  /** @returns how many rows are longer than `limit` */
  rowsAbove(limit: number): number {
    return sum([...this.#rows].filter(([length]) => length > limit));
  }

  /** @returns what has been counted so far */
  distribution(): LengthDistribution {
    const sorted = [...this.#rows].sort(([a], [b]) => a - b);
    if (sorted.length === 0) return { min: 0, mean: 0, p50: 0, p95: 0, p99: 0, max: 0, bins: [] };
    const total = sum(sorted);
    const max = sorted[sorted.length - 1][0];
    return {
      min: sorted[0][0],
      mean: sorted.reduce((all, [length, rows]) => all + length * rows, 0) / total,
      p50: quantile(sorted, 0.5 * total),
      p95: quantile(sorted, 0.95 * total),
      p99: quantile(sorted, 0.99 * total),
      max,
      bins: binsOf(sorted, max),
    };
  }
}

type Counts = readonly (readonly [length: number, rows: number])[];

function sum(counts: Counts): number {
  return counts.reduce((total, [, rows]) => total + rows, 0);
}

/** The smallest length that at least `rank` rows do not exceed. */
function quantile(sorted: Counts, rank: number): number {
  let below = 0;
  for (const [length, rows] of sorted) {
    below += rows;
    if (below >= rank) return length;
  }
  return sorted[sorted.length - 1][0];
}

function binsOf(sorted: Counts, max: number): readonly LengthBin[] {
  const bins: LengthBin[] = [];
  for (let from = 0; from <= max; from = Math.max(1, from * 2)) {
    const to = Math.max(0, 2 * from - 1);
    bins.push({ from, to, rows: sum(sorted.filter(([length]) => length >= from && length <= to)) });
  }
  return bins;
}

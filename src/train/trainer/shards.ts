/**
 * Cuts a batch into gradient shards. How depends on the batch alone, never on the threads: the gradients are summed in
 * the order of the shards, so any number of threads gives the same bytes.
 */

/** Shards of a batch, at most: what four threads can share. */
export const MAX_SHARDS = 4;

/**
 * @param batchSize at least 1
 * @param rowsPerShard fewest rows that are worth a shard
 * @returns number of shards of a batch, 1 to {@link MAX_SHARDS}
 */
export function countShards(batchSize: number, rowsPerShard: number): number {
  return Math.max(1, Math.min(MAX_SHARDS, Math.floor(batchSize / rowsPerShard)));
}

/**
 * Rows of similar work come together, the shards with the most work last.
 *
 * @param work relative work of a row, by its number
 * @param shards at most as many as the batch has rows
 * @returns the rows of each shard
 */
export function cutBatch(
  batch: readonly number[],
  work: (row: number) => number,
  shards: number,
): readonly (readonly number[])[] {
  const sorted = batch.map((row, place) => ({ row, place, work: work(row) }));
  sorted.sort((a, b) => a.work - b.work || a.place - b.place);
  return Array.from({ length: shards }, (_, shard) => {
    const from = Math.floor((shard * batch.length) / shards);
    const to = Math.floor(((shard + 1) * batch.length) / shards);
    return sorted.slice(from, to).map(({ row }) => row);
  });
}

/** Hands out jobs that grow with their number: the last one to the first thread, then back and forth. */
export function dealOut(jobs: number, threads: number): readonly (readonly number[])[] {
  const hands = Array.from({ length: threads }, () => [] as number[]);
  for (let dealt = 0; dealt < jobs; dealt++) {
    const round = Math.floor(dealt / threads);
    const seat = dealt % threads;
    hands[round % 2 === 0 ? seat : threads - 1 - seat].push(jobs - 1 - dealt);
  }
  return hands;
}

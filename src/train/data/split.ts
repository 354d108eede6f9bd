/** Cuts rows into splits and takes labels away, stratified by label, by content hash. */
import { InputError } from '../../format/index.ts';
import { groupByLabels, shuffleByHash } from './content-hash.ts';
import type { Row } from './dataset.ts';

/** Splits of a set of rows. */
export interface Splits {
  readonly train: readonly Row[];
  readonly dev: readonly Row[];
  readonly test: readonly Row[];
}

/** Shares of the rows that are held out, each from 0 to 1, together below 1. */
export interface SplitShares {
  readonly dev: number;
  readonly test: number;
}

/** Holds out a share of all rows, and of every label what comes nearest to that share. */
export function splitByHash(rows: readonly Row[], shares: SplitShares, seed: number): Splits {
  const order = inLayers(rows, seed);
  const test = Math.round(order.length * shares.test);
  const dev = Math.round(order.length * shares.dev);
  return { test: order.slice(0, test), dev: order.slice(test, test + dev), train: order.slice(test + dev) };
}

/**
 * Rows in an order of which any beginning holds every label by its share: each label's rows are spread evenly over it.
 * Where labels are rare, the hash decides which of them come first.
 */
function inLayers(rows: readonly Row[], seed: number): readonly Row[] {
  const turn = new Map(shuffleByHash(rows, seed).map(({ id }, i) => [id, i]));
  return [...groupByLabels(rows).values()]
    .flatMap((group) => shuffleByHash(group, seed).map((row, i) => ({ row, rank: (i + 0.5) / group.length })))
    .sort((a, b) => a.rank - b.rank || turn.get(a.row.id)! - turn.get(b.row.id)!)
    .map(({ row }) => row);
}

/** Rows some of which lost their labels, and what these labels were. */
export interface HiddenLabels {
  readonly rows: readonly Row[];
  readonly hidden: ReadonlyMap<string, readonly string[]>;
}

/**
 * Keeps the labels of `keep` rows, as many of each label as its share asks for, and hides the others. Where labels
 * are rare, the hash decides which of them stay.
 *
 * @throws InputError where fewer than `keep` rows are labelled, or `keep` is no number of rows
 */
export function hideLabels(rows: readonly Row[], keep: number, seed: number): HiddenLabels {
  const labelled = rows.filter(({ labels }) => labels !== null);
  if (!Number.isInteger(keep) || keep < 0 || keep > labelled.length) {
    throw new InputError(
      `hideLabels: expected to keep an integer from 0 to the ${labelled.length} labelled rows, got ${keep}`,
    );
  }
  const kept = new Set(
    inLayers(labelled, seed)
      .slice(0, keep)
      .map(({ id }) => id),
  );
  const hidden = new Map<string, readonly string[]>();
  const result = rows.map((row) => {
    if (row.labels === null || kept.has(row.id)) return row;
    hidden.set(row.id, row.labels);
    return { ...row, labels: null };
  });
  return { rows: result, hidden };
}

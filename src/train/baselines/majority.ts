/** What knowing nothing about the text achieves. */
import { labelsOf } from '../evaluation/decisions.ts';
import type { Decisions } from '../evaluation/scores.ts';
import type { TransferSet } from '../transfer-set.ts';

/** Decides every row of `test` for the set of labels that is most frequent among the labelled rows of `train`. */
export function majorityBaseline(train: TransferSet, test: TransferSet): Decisions {
  const counts = new Map<string, { labels: readonly number[]; rows: number }>();
  for (const target of train.targets) {
    if (target === null) continue;
    const labels = labelsOf(target);
    const key = labels.join(',');
    counts.set(key, { labels, rows: (counts.get(key)?.rows ?? 0) + 1 });
  }
  const [largest] = [...counts.values()].sort((a, b) => b.rows - a.rows);
  return test.inputs.map(() => largest.labels);
}

/** Labelled rows as a student that exists already is evaluated on them. */
import { createTransferSet, type TransferSet } from '../transfer-set.ts';
import type { Dataset } from './dataset.ts';
import { invalidData } from './invalid-data.ts';
import { checkKnownLabels } from './known-labels.ts';
import type { PlacedRow } from './read-rows.ts';
import { type RowColumns, TEXT_FIELD } from './row-columns.ts';

/**
 * @param rows at least one, as `readPlacedRows` gives them
 * @throws InputError with code `invalid_data` that names file and line, where a row has no label, one that the student
 * does not know, or several for a student that gives one
 */
export function evaluationSet(
  rows: readonly PlacedRow[],
  columns: Pick<RowColumns, 'label'>,
  task: Pick<Dataset, 'task' | 'labels' | 'multiLabel' | 'pairField'>,
): TransferSet {
  if (rows.length === 0) throw invalidData('evaluation', 'expected rows, got none; add some');
  const known = { labels: task.labels, knownBy: 'the student', otherwise: 'leave the row out' };
  for (const placed of rows) {
    checkKnownLabels(placed, columns, known);
    const { length } = placed.row.labels!;
    if (!task.multiLabel && task.task !== 'tag' && length !== 1) {
      throw invalidData(placed.place, `expected one label, got ${length}; name a student that gives several`);
    }
  }
  const labelled = rows.map(({ row }) => row);
  return createTransferSet({ ...task, studentField: TEXT_FIELD }, labelled, null);
}

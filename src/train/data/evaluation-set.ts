/** Labelled rows as a student that exists already is evaluated on them. */
import { createTransferSet, type TransferSet } from '../transfer-set.ts';
import type { Dataset } from './dataset.ts';
import { invalidData } from './invalid-data.ts';
import type { PlacedRow } from './read-rows.ts';
import { noLabel, type RowColumns } from './row-columns.ts';

/**
 * @param rows as `readPlacedRows` gives them
 * @throws InputError with code `invalid_data` that names file and line, where a row has no label, or one that the student
 * does not know
 */
export function evaluationSet(
  rows: readonly PlacedRow[],
  columns: Pick<RowColumns, 'label'>,
  task: Pick<Dataset, 'labels' | 'multiLabel'>,
): TransferSet {
  for (const placed of rows) {
    const { row, place } = placed;
    if (row.labels === null) throw noLabel(placed, columns);
    const unknown = row.labels.find((label) => !task.labels.includes(label));
    if (unknown === undefined) continue;
    const known = task.labels.join(', ');
    throw invalidData(
      place,
      `expected a label of the student (${known}), got ${unknown}; correct it, or leave the row out`,
    );
  }
  const labelled = rows.map(({ row }) => row);
  return createTransferSet({ ...task, studentField: 'text' }, labelled, null);
}

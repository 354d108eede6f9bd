/** Labelled rows as a student that exists already is evaluated on them. */
import { createTransferSet, type TransferSet } from '../transfer-set.ts';
import { checkLabelledRows } from './check-dataset.ts';
import type { Dataset, Row } from './dataset.ts';

/**
 * @param rows with a field `text`, as `readRows` gives them
 * @param place what the rows are called in messages, e.g. their file
 * @throws InputError with code `invalid_data` where a row has no label, or one that the student does not know
 */
export function evaluationSet(
  rows: readonly Row[],
  task: Pick<Dataset, 'labels' | 'multiLabel'>,
  place: string,
): TransferSet {
  const dataset: Dataset = {
    ...task,
    name: place,
    teacherField: 'text',
    studentField: 'text',
    train: [],
    dev: [],
    test: [],
  };
  checkLabelledRows(place, rows, dataset);
  return createTransferSet(dataset, rows, null);
}

/** Rows with what is known about them, as a student that exists already is evaluated on them. */
import { imageBytes, pixelsOf } from '../inputs.ts';
import { createTransferSet, type TransferSet } from '../transfer-set.ts';
import type { Dataset, Row, SimilarTexts } from './dataset.ts';
import { invalidData } from './invalid-data.ts';
import { checkKnownLabels } from './known-labels.ts';
import type { PlacedRow } from './read-rows.ts';
import { noLabel, PAIR_FIELD, type RowColumns, TEXT_FIELD } from './row-columns.ts';

/** What a student does. */
export type EvaluationTask = Pick<Dataset, 'task' | 'labels' | 'multiLabel' | 'pairField' | 'image'>;

/**
 * @param rows at least one, as `readPlacedRows` gives them; to embed at least two, each with two texts and a label that is
 * their similarity; the text of an image is base64 of its bytes
 * @throws InputError with code `invalid_data` that names file and line, where a row has no label, one that the student
 * does not know, or several for a student that gives one; to embed, one that is no number; an image of another size
 */
export function evaluationSet(
  rows: readonly PlacedRow[],
  columns: Pick<RowColumns, 'text' | 'label' | 'labelSeparator'>,
  task: EvaluationTask,
): TransferSet {
  if (rows.length === 0) throw invalidData('evaluation', 'expected rows, got none; add some');
  if (task.task === 'embed') return similaritySet(rows, columns, task);
  const isOneLabelACell = task.multiLabel && columns.labelSeparator === null;
  const otherwise = `${isOneLabelACell ? 'set a label separator if it is several, or ' : ''}leave the row out`;
  const known = { labels: task.labels, knownBy: 'the student', otherwise };
  for (const placed of rows) {
    checkKnownLabels(placed, columns, known);
    if (task.image !== undefined) checkImage(placed, columns, imageBytes(task.image));
    const { length } = placed.row.labels!;
    if (!task.multiLabel && task.task !== 'tag' && length !== 1) {
      throw invalidData(placed.place, `expected one label, got ${length}; name a student that gives several`);
    }
  }
  const labelled = rows.map(({ row }) => row);
  return createTransferSet({ ...task, studentField: TEXT_FIELD }, labelled, null);
}

function checkImage({ row, place }: PlacedRow, { text }: Pick<RowColumns, 'text'>, due: number): void {
  const { length } = pixelsOf(row.fields[TEXT_FIELD]);
  if (length === due) return;
  const message = `expected ${due} bytes in base64 in ${text}, as the student reads, got ${length}; correct the row, or leave it out`;
  throw invalidData(place, message);
}

/** The texts of all rows, each once, and how alike those of a row are. */
function similaritySet(
  rows: readonly PlacedRow[],
  columns: Pick<RowColumns, 'label'>,
  task: EvaluationTask,
): TransferSet {
  if (rows.length < 2) throw invalidData(rows[0].place, 'expected two pairs of texts and more, got one; add some');
  const similar = rows.map((placed): SimilarTexts => {
    const { [TEXT_FIELD]: text, [PAIR_FIELD]: pair } = placed.row.fields;
    return { texts: [text, pair], similarity: similarityOf(placed, columns) };
  });
  const texts = new Set(similar.flatMap((pair) => pair.texts));
  const each = [...texts].map((text): Row => ({ id: text, fields: { [TEXT_FIELD]: text }, labels: null }));
  return { ...createTransferSet({ ...task, studentField: TEXT_FIELD }, each, null), similar };
}

function similarityOf(placed: PlacedRow, columns: Pick<RowColumns, 'label'>): number {
  const { labels } = placed.row;
  if (labels === null) throw noLabel(placed, columns);
  const similarity = Number(labels[0]);
  if (Number.isFinite(similarity)) return similarity;
  throw invalidData(placed.place, `expected a number in ${columns.label}, how alike the texts are, got ${labels[0]}`);
}

/** The door of a run: a dataset that passes it can be trained on. */
import { createHash } from 'node:crypto';
import { InputError } from '../../format/index.ts';
import { wordsOf } from '../answers.ts';
import { imageBytes, pixelsOf } from '../inputs.ts';
import type { Dataset, Row } from './dataset.ts';
import { trainingRows } from './training-rows.ts';

/**
 * @throws InputError with code `invalid_data` that names split and row: an empty split, a row without text, an unknown
 * label, several labels where one belongs, fewer than two labels to tell apart, two rows of one id; to embed, fewer than
 * two pairs of known similarity, or one of other texts
 */
export function checkDataset(dataset: Dataset): void {
  const { task, labels, multiLabel, train, dev, test, hiddenLabels } = dataset;
  if (task === 'embed') {
    checkTexts(dataset);
    return;
  }
  const needed = multiLabel ? 1 : 2;
  const inTrain = labels.filter((label) => train.some((row) => row.labels?.includes(label)));
  if (inTrain.length < needed) {
    const got = inTrain.length === 0 ? 'none' : `only ${inTrain.join(', ')}`;
    throw invalid('train', `expected labelled rows of at least ${needed} labels, got ${got}; label rows of the others`);
  }
  for (const row of train) {
    checkRow('train', { ...row, labels: row.labels ?? hiddenLabels?.get(row.id) ?? null }, dataset);
  }
  checkLabelledRows('dev', dev, dataset);
  checkLabelledRows('test', test, dataset);
  checkIds({ train, dev, test });
}

/** Checks the rows of a dataset to embed, which have no labels. */
function checkTexts(dataset: Dataset): void {
  const { train, dev, test, similar, studentField } = dataset;
  for (const [split, rows] of Object.entries({ train, dev, test })) {
    if (rows.length === 0) throw invalid(split, 'expected rows, got none; add some');
    for (const row of rows) checkRow(split, { ...row, labels: null }, dataset);
  }
  for (const split of ['dev', 'test'] as const) {
    const texts = new Set(dataset[split].map(({ fields }) => fields[studentField]));
    const pairs = similar?.[split] ?? [];
    if (pairs.length < 2) throw invalid(split, `expected two pairs of texts in similar and more, got ${pairs.length}`);
    const unknown = pairs.flatMap((pair) => pair.texts).find((text) => !texts.has(text));
    if (unknown !== undefined)
      throw invalid(split, `expected pairs of texts of its rows, got ${JSON.stringify(unknown)}`);
  }
  checkIds({ train, dev, test });
}

function checkIds(splits: Readonly<Record<string, readonly Row[]>>): void {
  const owners = new Map<string, string>();
  for (const [split, rows] of Object.entries(splits)) {
    for (const { id } of rows) {
      const owner = owners.get(id);
      if (owner !== undefined) {
        throw invalid(split, `row ${id}: expected an id of its own, got that of a row of ${owner}; make ids unique`);
      }
      owners.set(id, split);
    }
  }
}

/** Checks rows that something is measured on. */
function checkLabelledRows(split: string, rows: readonly Row[], dataset: Dataset): void {
  if (rows.length === 0) {
    throw invalid(split, 'expected rows, got none; label more rows, or give it a file of its own');
  }
  for (const row of rows) {
    checkRow(split, row, dataset);
    if (row.labels === null) throw invalid(split, `row ${row.id}: expected a label, got none`);
  }
}

function checkRow(split: string, { id, fields, labels }: Row, dataset: Dataset): void {
  const { teacherField, studentField, pairField, image } = dataset;
  for (const field of [teacherField, studentField, ...(pairField === undefined ? [] : [pairField])]) {
    const text: unknown = fields[field];
    if (typeof text !== 'string' || text.trim() === '') {
      throw invalid(split, `row ${id}: expected text in ${field}, got ${JSON.stringify(text) ?? 'nothing'}`);
    }
    if (image === undefined || field !== studentField) continue;
    const [due, got] = [imageBytes(image), pixelsOf(text).length];
    if (got !== due) throw invalid(split, `row ${id}: expected ${due} bytes in base64 in ${field}, got ${got}`);
  }
  if (labels === null) return;
  const unknown = labels.find((label) => !dataset.labels.includes(label));
  if (unknown !== undefined) {
    throw invalid(split, `row ${id}: expected one of ${dataset.labels.join(', ')}, got the unknown label ${unknown}`);
  }
  if (dataset.task === 'tag') {
    const words = wordsOf(fields[dataset.studentField]);
    if (words.length === labels.length && words.every((word) => /^\S+$/.test(word))) return;
    const got = `${labels.length} labels for ${words.length} words between single spaces`;
    throw invalid(split, `row ${id}: expected one label a word, got ${got}`);
  }
  if (!dataset.multiLabel && labels.length !== 1) {
    throw invalid(split, `row ${id}: expected one label, got ${labels.length}; set labelSeparator for several`);
  }
}

function invalid(split: string, message: string): InputError {
  return new InputError(`${split}: ${message}`, { code: 'invalid_data' });
}

/** SHA-256, hex, of the rows of all splits with their ids and labels: two runs with the same one saw the same data. */
export function datasetChecksum(dataset: Dataset): string {
  const { labels, dev, test } = dataset;
  const hash = createHash('sha256');
  // The JSON of { labels, rows: [train, dev, test] }, row by row: as a whole it may be longer than a string can be.
  hash.update(`{"labels":${JSON.stringify(labels)},"rows":[`);
  for (const [i, split] of [trainingRows(dataset), dev, test].entries()) {
    hash.update(i === 0 ? '[' : ',[');
    let isFirst = true;
    for (const { id, fields, labels: gold } of split) {
      hash.update(`${isFirst ? '' : ','}${JSON.stringify([id, fields, gold])}`);
      isFirst = false;
    }
    hash.update(']');
  }
  return hash.update(']}').digest('hex');
}

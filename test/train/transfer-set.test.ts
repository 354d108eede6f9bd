import { describe, expect, it } from 'vitest';
import type { Dataset, Row } from '../../src/train/data/dataset.ts';
import {
  createTransferSet,
  hardLabelled,
  labelledOnly,
  type TransferSet,
  targetOf,
} from '../../src/train/transfer-set.ts';

const rows: readonly Row[] = [
  { id: '1', fields: { subject: 'one', body: 'first' }, labels: ['c'] },
  { id: '2', fields: { subject: 'two', body: 'second' }, labels: null },
  { id: '3', fields: { subject: 'three', body: 'third' }, labels: ['a'] },
];
const dataset: Dataset = {
  name: 'mails',
  labels: ['a', 'b', 'c'],
  multiLabel: false,
  teacherField: 'body',
  studentField: 'subject',
  train: rows,
  dev: [],
  test: [],
};
const floats = (...rowsOf: readonly (readonly number[])[]): Float32Array[] =>
  rowsOf.map((row) => Float32Array.from(row));

const outputs = { logits: floats([1, 0, 2], [0, 5, 1], [-3, -2, -1]), features: floats([1], [2], [3]) };
const set = createTransferSet(dataset, rows, outputs);

describe('createTransferSet', () => {
  it('joins the field that the student reads, targets where there are labels, and what the teacher said', () => {
    expect(set).toEqual({
      labels: ['a', 'b', 'c'],
      multiLabel: false,
      inputs: ['one', 'two', 'three'],
      targets: [Float32Array.of(0, 0, 1), null, Float32Array.of(1, 0, 0)],
      teacherLogits: outputs.logits,
      teacherFeatures: outputs.features,
    });
  });

  it('has no teacher where there is none', () => {
    expect(createTransferSet(dataset, rows, null)).toMatchObject({ teacherLogits: null, teacherFeatures: null });
  });

  it('is plain data that a thread can be given', () => {
    expect(structuredClone(set)).toEqual(set);
  });
});

describe('labelledOnly', () => {
  it('keeps the labelled rows in their order, without the teacher', () => {
    const labelled: TransferSet = {
      ...set,
      inputs: ['one', 'three'],
      targets: [set.targets[0], set.targets[2]],
      teacherLogits: null,
      teacherFeatures: null,
    };
    expect(labelledOnly(set)).toEqual(labelled);
    expect(labelledOnly(labelled)).toEqual(labelled);
  });
});

describe('hardLabelled', () => {
  it('labels with what the teacher decided where there is no label, never where there is one', () => {
    const { inputs, targets, teacherLogits, teacherFeatures } = hardLabelled(set);
    expect(inputs).toEqual(set.inputs);
    // The teacher says c of the third row, whose label is a.
    expect(targets).toEqual(floats([0, 0, 1], [0, 1, 0], [1, 0, 0]));
    expect([teacherLogits, teacherFeatures]).toEqual([null, null]);
  });

  it('gives several labels or none where a text may have several', () => {
    const several: TransferSet = { ...set, multiLabel: true, targets: [null, null, null] };
    expect(hardLabelled(several).targets).toEqual(floats([1, 0, 1], [0, 1, 1], [0, 0, 0]));
  });
});

describe('targetOf', () => {
  it('has a one for each name, whatever their order', () => {
    expect([...targetOf(['a', 'b', 'c'], ['c', 'a'])]).toEqual([1, 0, 1]);
    expect([...targetOf(['a', 'b', 'c'], [])]).toEqual([0, 0, 0]);
  });
});

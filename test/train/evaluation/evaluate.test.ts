import { beforeAll, describe, expect, it } from 'vitest';
import { readStudent, type Student } from '../../../src/runtime/node.ts';
import { evaluateLogits, evaluateStudent, goldDecisions } from '../../../src/train/evaluation/evaluate.ts';
import type { TransferSet } from '../../../src/train/transfer-set.ts';
import { wordStudent } from '../../support/word-student.ts';

const LABELS = ['spam', 'meeting', 'invoice'];

function setOf(multiLabel: boolean, rows: readonly (readonly [string, readonly number[]])[]): TransferSet {
  return {
    labels: LABELS,
    multiLabel,
    inputs: rows.map(([text]) => text),
    targets: rows.map(([, target]) => Float32Array.from(target)),
    teacherLogits: null,
    teacherFeatures: null,
  };
}

const logits = (...rows: readonly (readonly number[])[]): Float32Array[] => rows.map((row) => Float32Array.from(row));

describe('evaluateLogits', () => {
  it('gives accuracy of words and precision, recall and F1 of entities to tag; words that were not read count as outside', () => {
    const labels = ['B-x', 'I-x', 'O'];
    const target = (...tags: readonly number[]): Float32Array =>
      Float32Array.from(tags.flatMap((tag) => labels.map((_, i) => (i === tag ? 1 : 0))));
    const set = { ...setOf(false, []), task: 'tag', labels, targets: [target(0, 1, 2), target(2, 0)] } as const;
    const { accuracy, f1, entities, confusion, decisions } = evaluateLogits([target(0, 1, 2), target(2)], set);
    expect(decisions).toEqual([[0], [1], [2], [2], [2]]);
    expect(accuracy).toBe(4 / 5);
    expect(f1).toBeCloseTo(2 / 3, 15);
    expect(entities).toEqual({ precision: 1, recall: 1 / 2, f1 });
    expect(confusion).toBeNull();
  });

  it('gives accuracy, macro F1, confusion and decisions of one label a text', () => {
    const set = setOf(false, [
      ['a', [1, 0, 0]],
      ['b', [1, 0, 0]],
      ['c', [0, 1, 0]],
      ['d', [0, 0, 1]],
    ]);
    const rows = logits([3, 1, 2], [0, 1, 0], [-2, -1, -3], [1, 0, 0]);
    const evaluation = evaluateLogits(rows, set);
    expect(evaluation.decisions).toEqual([[0], [1], [1], [0]]);
    expect(evaluation.accuracy).toBe(0.5);
    // F1 of the labels: 2 / 4, 2 / 3, 0.
    expect(evaluation.f1).toBeCloseTo((1 / 2 + 2 / 3) / 3, 15);
    expect(evaluation.confusion).toEqual([
      [1, 1, 0],
      [0, 1, 0],
      [1, 0, 0],
    ]);
    expect(evaluation.logits).toBe(rows);
    expect(evaluation).toMatchObject({ microF1: null, entities: null });
  });

  it('has micro F1 and no confusion of several labels a text, of which a row may have none', () => {
    const set = setOf(true, [
      ['a', [1, 1, 0]],
      ['b', [0, 0, 0]],
      ['c', [0, 0, 1]],
    ]);
    const evaluation = evaluateLogits(logits([1, 1, -1], [-1, -1, 0], [-1, 2, 3]), set);
    expect(evaluation.decisions).toEqual([[0, 1], [], [1, 2]]);
    expect(evaluation.accuracy).toBeCloseTo(2 / 3, 15);
    expect(evaluation.f1).toBeCloseTo((1 + 2 / 3 + 1) / 3, 15);
    // Three labels of four that are predicted are right, of three that are gold.
    expect(evaluation.microF1).toBeCloseTo(6 / 7, 15);
    expect(evaluation.confusion).toBeNull();
  });
});

describe('evaluateStudent', () => {
  let student: Student;
  beforeAll(async () => {
    student = readStudent(await wordStudent('words', LABELS));
  });

  it('runs the student that is served: its logits, and a text without a word gets the first label', async () => {
    const set = setOf(false, [
      ['the meeting is at noon', [0, 1, 0]],
      ['your invoice', [0, 0, 1]],
      ['hello', [0, 1, 0]],
    ]);
    const evaluation = await evaluateStudent(student, set);
    expect(evaluation.decisions).toEqual([[1], [2], [0]]);
    expect(evaluation.accuracy).toBeCloseTo(2 / 3, 15);
    expect(evaluation.logits).toEqual(set.inputs.map((text) => student.logits(text)));
    expect(new Set(evaluation.logits.map(({ buffer }) => buffer)).size).toBe(3);
  });
});

describe('goldDecisions', () => {
  it('reads the labels off the targets', () => {
    const set = setOf(true, [
      ['a', [0, 1, 1]],
      ['b', [0, 0, 0]],
    ]);
    expect(goldDecisions(set)).toEqual([[1, 2], []]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDisagreements } from '../../../src/train/distill/disagreements.ts';
import { evaluateLogits } from '../../../src/train/evaluation/evaluate.ts';
import type { TransferSet } from '../../../src/train/transfer-set.ts';

const LABELS = ['a', 'b', 'c'];

function setOf(targets: readonly (readonly number[])[], multiLabel = false): TransferSet {
  return {
    labels: LABELS,
    multiLabel,
    inputs: targets.map((_, row) => `text ${row}`),
    targets: targets.map((target) => Float32Array.from(target)),
    teacherLogits: null,
    teacherFeatures: null,
  };
}

type Logits = readonly (readonly number[])[];
const evaluate = (logits: Logits, set: TransferSet) =>
  evaluateLogits(
    logits.map((row) => Float32Array.from(row)),
    set,
  );
const find = (student: Logits, teacher: Logits, set: TransferSet, count = 10) =>
  findDisagreements(evaluate(student, set), evaluate(teacher, set), set, count);

describe('findDisagreements', () => {
  it('lists rows with different answers, the farthest apart first: total variation of .7, then of .2', () => {
    const logs = (...probabilities: readonly number[]): number[] => probabilities.map(Math.log);
    const set = setOf([
      [1, 0, 0],
      [0, 0, 1],
      [0, 1, 0],
    ]);
    const student = [logs(0.5, 0.4, 0.1), logs(0.9, 0.05, 0.05), logs(0.1, 0.8, 0.1)];
    const teacher = [logs(0.3, 0.5, 0.2), logs(0.98, 0.01, 0.01), logs(0.8, 0.1, 0.1)];
    expect(find(student, teacher, set)).toEqual([
      { text: 'text 2', gold: ['b'], teacher: ['a'], student: ['b'], distance: expect.closeTo(0.7, 6) },
      { text: 'text 0', gold: ['a'], teacher: ['b'], student: ['a'], distance: expect.closeTo(0.2, 6) },
    ]);
  });

  it('takes the largest difference of a probability for several labels a text, and names no label as none', () => {
    const set = setOf([[0, 0, 0]], true);
    // sigmoid(log 3) = 3/4, sigmoid(-log 3) = 1/4.
    const [row] = find([[Math.log(3), 5, -1]], [[-Math.log(3), 5, -1]], set);
    expect(row).toEqual({
      text: 'text 0',
      gold: [],
      teacher: ['b'],
      student: ['a', 'b'],
      distance: expect.closeTo(0.5, 6),
    });
    expect(find([[-1, -1, -1]], [[1, -1, -1]], set)[0].student).toEqual([]);
  });

  it('keeps no more than count rows, and none where all answers are the same', () => {
    const set = setOf([
      [1, 0, 0],
      [1, 0, 0],
    ]);
    const [student, teacher] = [
      [
        [1, 0, 0],
        [9, 0, 0],
      ],
      [
        [0, 1, 0],
        [0, 9, 0],
      ],
    ];
    expect(find(student, teacher, set, 1).map(({ text }) => text)).toEqual(['text 1']);
    expect(find(student, teacher, set, 0)).toEqual([]);
    expect(find(student, student, set)).toEqual([]);
  });

  it('has exactly the rows with different answers, at distances of 0 to 1 that fall', () => {
    const logit = fc.integer({ min: -120, max: 120 }).map((quarters) => quarters / 4);
    const row = fc.array(logit, { minLength: 3, maxLength: 3 });
    const rows = fc.array(fc.tuple(row, row), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(rows, fc.boolean(), (pairs, multiLabel) => {
        const set = setOf(
          pairs.map(() => [1, 0, 0]),
          multiLabel,
        );
        const [student, teacher] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
        const [ours, theirs] = [evaluate(student, set).decisions, evaluate(teacher, set).decisions];
        const found = find(student, teacher, set, pairs.length);
        const different = set.inputs.filter((_, i) => `${ours[i]}` !== `${theirs[i]}`);
        expect(found.map(({ text }) => text).sort()).toEqual([...different].sort());
        const distances = found.map(({ distance }) => distance);
        expect(distances).toEqual([...distances].sort((a, b) => b - a));
        for (const distance of distances) {
          expect(distance).toBeGreaterThan(0);
          expect(distance).toBeLessThanOrEqual(1 + 1e-12);
        }
      }),
    );
  });
});

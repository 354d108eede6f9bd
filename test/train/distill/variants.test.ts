import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/train/config/resolve-config.ts';
import type { Dataset, Row } from '../../../src/train/data/dataset.ts';
import type { Lesson } from '../../../src/train/distill/lessons.ts';
import type { StudentPlan } from '../../../src/train/distill/plan-student.ts';
import { trainingTask, type Variant, variantsOf } from '../../../src/train/distill/variants.ts';
import type { TrainingTask } from '../../../src/train/training-run.ts';
import { createTransferSet } from '../../../src/train/transfer-set.ts';
import { rowOf } from '../../support/rows.ts';

const TRAIN: readonly Row[] = [rowOf('won', 'spam'), rowOf('noon', 'ham'), rowOf('prize'), rowOf('lunch')];
/** The teacher is wrong about `noon` and `prize`. */
const LOGITS = [
  [-1, 1],
  [-1, 1],
  [1, -1],
  [1, -1],
].map((row) => Float32Array.from(row));
const DATASET: Dataset = {
  name: 'mails',
  labels: ['ham', 'spam'],
  multiLabel: false,
  teacherField: 'text',
  studentField: 'text',
  train: TRAIN,
  dev: [],
  test: [],
  hiddenLabels: new Map([['prize', ['spam']]]),
};

const train = createTransferSet(DATASET, TRAIN, { logits: LOGITS, features: LOGITS });
const dev = createTransferSet(DATASET, TRAIN.slice(0, 2), { logits: LOGITS.slice(0, 2), features: LOGITS.slice(0, 2) });
const lesson = { seed: 3, dataset: DATASET, splits: { train, dev, test: dev } } as unknown as Lesson;
const { students } = resolveConfig(
  {
    name: 'mails',
    data: { train: 'rows.csv' },
    students: [
      {
        family: 'static',
        training: {
          temperature: { kind: 'adaptive', on: 'teacherEntropy', from: 4, factor: 0.5, min: 1, max: 4 },
          features: [{ loss: 'mse', beta: 0.1 }],
        },
      },
    ],
  },
  '/',
);
const plan = { student: students[0], spec: { name: 'static' }, tokenizerTensors: new Map() } as unknown as StudentPlan;
const taskOf = (variant: Variant): TrainingTask => trainingTask(variant, plan, lesson, 'wasm', '/out');
/** What a task learns from: text and gold target of each row. */
const rowsOf = ({ train: set }: TrainingTask): unknown[] =>
  set.inputs.map((text, row) => [text, set.targets[row] && [...set.targets[row]]]);

const [HAM, SPAM] = [
  [1, 0],
  [0, 1],
];

describe('trainingTask', () => {
  it('distilled: all rows with what is known of them, the teacher and the objective of the config', () => {
    const task = taskOf('distilled');
    expect(rowsOf(task)).toEqual([
      ['won', SPAM],
      ['noon', HAM],
      ['prize', null],
      ['lunch', null],
    ]);
    expect(task.train.teacherLogits).toEqual(LOGITS);
    expect(task.train.teacherFeatures).toEqual(LOGITS);
    expect(task.training.objective).toEqual(students[0].training.objective);
  });

  it('labelsOnly: the labelled rows, without the teacher', () => {
    const task = taskOf('labelsOnly');
    expect(rowsOf(task)).toEqual([
      ['won', SPAM],
      ['noon', HAM],
    ]);
    expect([task.train.teacherLogits, task.train.teacherFeatures]).toEqual([null, null]);
  });

  it("hardLabels: all rows, the teacher's decision where there is no label", () => {
    expect(rowsOf(taskOf('hardLabels'))).toEqual([
      ['won', SPAM],
      ['noon', HAM],
      ['prize', HAM],
      ['lunch', HAM],
    ]);
  });

  it('allLabels: the rows whose label is known or was hidden, with that label', () => {
    expect(rowsOf(taskOf('allLabels'))).toEqual([
      ['won', SPAM],
      ['noon', HAM],
      ['prize', SPAM],
    ]);
  });

  it.each<Variant>(['labelsOnly', 'hardLabels', 'allLabels'])(
    '%s: the model loss alone, no schedule that asks for a teacher, the rest as distilled',
    (variant) => {
      const { training, dev: judgedOn, checkpointFile } = taskOf(variant);
      const one = { kind: 'constant', value: 1 };
      const { distillation } = students[0].training.objective;
      expect(training).toEqual({
        ...taskOf('distilled').training,
        objective: {
          modelWeight: one,
          alpha: { kind: 'constant', value: 0 },
          temperature: one,
          distillation,
          features: [],
        },
      });
      expect(judgedOn.inputs).toEqual(['won', 'noon']);
      expect(checkpointFile).toBe(`/out/static-${variant}-3.bin`);
    },
  );
});

describe('trainingTask with another learning rate', () => {
  it('is the same task but for that, and for the file that it goes on from', () => {
    const [one, third] = [1, 1 / 3].map((rate) => trainingTask('labelsOnly', plan, lesson, 'wasm', '/out', rate));
    expect(one).toEqual(taskOf('labelsOnly'));
    const { optimizer } = third.training;
    expect(optimizer.learningRate).toEqual({ kind: 'linear', from: 0.002, to: 0 });
    expect(third.checkpointFile).toBe('/out/static-labelsOnly-x0.33-3.bin');
    const { learningRate } = one.training.optimizer;
    expect({ ...third, checkpointFile: one.checkpointFile }).toEqual({
      ...one,
      training: {
        ...one.training,
        optimizer: { ...optimizer, learningRate: expect.not.objectContaining(learningRate) },
      },
    });
  });
});

describe('variantsOf', () => {
  it('compares with all labels where they were hidden, and with nothing where no baselines are wanted', () => {
    const { hiddenLabels: _, ...open } = DATASET;
    expect(variantsOf(DATASET, true)).toEqual(['distilled', 'labelsOnly', 'hardLabels', 'allLabels']);
    expect(variantsOf(open, true)).toEqual(['distilled', 'labelsOnly', 'hardLabels']);
    expect(variantsOf(DATASET, false)).toEqual(['distilled']);
  });
});

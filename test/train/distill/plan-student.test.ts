import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../../src/format/index.ts';
import { resolveConfig } from '../../../src/train/config/resolve-config.ts';
import type { StudentConfig } from '../../../src/train/config/student-config.ts';
import type { Dataset } from '../../../src/train/data/dataset.ts';
import { planStudent, type StudentPlan } from '../../../src/train/distill/plan-student.ts';
import type { Vocabulary } from '../../../src/train/tokenizers/vocabulary.ts';
import { rowOf } from '../../support/rows.ts';
import { sentenceEncoderVocabulary } from '../../support/sentence-encoder.ts';

const DATASET: Dataset = {
  name: 'mails',
  labels: ['ham', 'spam'],
  multiLabel: false,
  teacherField: 'text',
  studentField: 'text',
  train: [rowOf('you won a prize', 'spam'), rowOf('meet at noon', 'ham')],
  dev: [],
  test: [],
};

describe('planStudent', () => {
  let vocabulary: Vocabulary;
  beforeAll(async () => {
    vocabulary = await sentenceEncoderVocabulary();
  });

  const plan = (
    student: StudentConfig,
    dataset: Dataset = DATASET,
    teachers: Vocabulary | null = vocabulary,
  ): StudentPlan => {
    const { students } = resolveConfig({ name: 'mails', data: { train: 'rows.csv' }, students: [student] }, '/');
    return planStudent(students[0], 'students.0', dataset, teachers);
  };

  it('takes the defaults of each family', () => {
    expect(plan({ family: 'static' })).toMatchObject({ spec: { family: 'static' }, coverage: null });
    expect(plan({ family: 'conv' })).toMatchObject({ spec: { family: 'conv' }, coverage: { unknown: 0 } });
    const { spec } = plan({ family: 'transformer', layers: 3, maxTokens: 48 });
    expect(spec.layers.filter(({ kind }) => kind === 'residual')).toHaveLength(6);
    expect(spec.layers[1]).toEqual({ kind: 'position', maxTokens: 48, hiddenSize: 128 });
  });

  it('learns a vocabulary from the training texts where the teacher has none', () => {
    const { spec, tokenizerTensors, coverage } = plan({ family: 'conv', maxPieces: 16 }, DATASET, null);
    expect(spec).toMatchObject({ tokenizer: { kind: 'bpe', vocabSize: 16 } });
    expect([...tokenizerTensors.keys()]).toEqual(['tokenizer.pieces', 'tokenizer.lengths', 'tokenizer.splits']);
    expect(coverage).toEqual({ pieces: 16, piecesBefore: 16, unknown: 0, unknownBefore: 0 });
  });

  it.each<[string, StudentConfig]>([
    ['charNgrams', { family: 'static', charNgrams: [5, 3] }],
    ['n-grams', { family: 'static', wordNgrams: 0 }],
    ['hiddenSize', { family: 'static', hiddenSize: 5000 }],
    ['heads', { family: 'transformer', heads: 5 }],
    ['bytes', { family: 'transformer', maxTokens: 4096 }],
    ['kernelSize', { family: 'conv', kernelSize: 101 }],
    ['maxTokens', { family: 'conv', maxTokens: 1_000_000 }],
    ['bytes', { family: 'conv', maxTokens: 65_536, hiddenSize: 512 }],
  ])('refuses a student that no file can hold, and names %s', (part, student) => {
    expect(() => plan(student)).toThrow(InputError);
    expect(() => plan(student)).toThrow(part);
  });

  it('refuses labels that no file can hold', () => {
    expect(() => plan({ family: 'static' }, { ...DATASET, labels: ['ham', 'ham'] })).toThrow(InputError);
  });
});

import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/format/index.ts';
import type { ResolvedConfig } from '../../../src/train/config/config.ts';
import { resolveConfig } from '../../../src/train/config/resolve-config.ts';
import { KIND_NAMES } from '../../../src/train/teachers/kinds.ts';

const CONFIG = { name: 'mails', data: { train: 'rows.csv' } };
const resolve = (config: unknown): ResolvedConfig => resolveConfig(config, '/base');
const withStudent = (student: object): object => ({ ...CONFIG, students: [{ family: 'static', ...student }] });
const withTraining = (training: object): object => withStudent({ training });

/** Message of an `InputError` with the code, after `config, `. */
function complaint(config: unknown, code = 'invalid_config'): string {
  let error: unknown;
  try {
    resolve(config);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).code).toBe(code);
  const { message } = error as InputError;
  expect(message.startsWith('config, '), message).toBe(true);
  return message.slice('config, '.length);
}

describe('resolveConfig', () => {
  it('fills in the documented defaults and makes paths absolute', () => {
    const { students, ...rest } = resolve(CONFIG);
    expect(rest).toEqual({
      name: 'mails',
      augment: null,
      data: {
        train: '/base/rows.csv',
        unlabelled: null,
        dev: null,
        test: null,
        devShare: 0.15,
        testShare: 0.2,
        textColumn: 'text',
        pairColumn: null,
        labelColumn: 'label',
        idColumn: null,
        labelSeparator: null,
        maxUnlabelledInMemory: 200_000,
      },
      teacher: [{ weight: 1, options: { kind: 'universal-sentence-encoder', maxCharacters: 800, maxPieces: 128 } }],
      baselines: true,
      seeds: [0],
      outDir: '/base/out/mails',
      cacheDir: '/base/out/cache',
      backend: 'auto',
      threads: availableParallelism(),
    });
    expect(students.map(({ name, family }) => [name, family])).toEqual([
      ['static', 'static'],
      ['conv', 'conv'],
    ]);
  });

  it('refuses a backend that cannot run the teacher, before anything is loaded', () => {
    expect(complaint({ ...CONFIG, backend: 'webgpu' })).toBe(
      'backend: expected one that runs a teacher of kind universal-sentence-encoder, got webgpu; take wasm, or a teacher of another kind',
    );
    expect(resolve({ ...CONFIG, backend: 'webgpu', teacher: { kind: 'scratch' } }).backend).toBe('webgpu');
  });

  it('names the protocols where an http teacher has none', () => {
    expect(complaint({ ...CONFIG, teacher: { kind: 'http', url: 'https://host/' } })).toBe(
      'teacher.protocol: expected retort or huggingface, got nothing; it is required',
    );
  });

  it('gives each family its sizes and its schedules', () => {
    const [hashed, conv] = resolve(CONFIG).students;
    expect(hashed).toMatchObject({
      buckets: 8192,
      wordNgrams: 2,
      charNgrams: null,
      hiddenSize: 24,
      perceptronSize: 32,
    });
    expect(conv).toMatchObject({ maxPieces: 4000, hiddenSize: 32, blocks: 2, kernelSize: 5, pooling: 'weightedMean' });
    expect(hashed.training).toEqual({
      objective: {
        modelWeight: { kind: 'constant', value: 0.5 },
        alpha: { kind: 'constant', value: 1 },
        temperature: { kind: 'constant', value: 2 },
        distillation: 'softTargets',
        features: [],
      },
      optimizer: {
        kind: 'adam',
        learningRate: { kind: 'linear', from: 0.006, to: 0 },
        warmup: 0.05,
        weightDecay: 0.01,
        momentum: 0.9,
      },
      epochs: 8,
      stepsPerEpoch: 60,
      batchSize: 32,
      dropout: 0.1,
      patience: null,
    });
    expect(conv.training.objective.features).toEqual([{ loss: 'cosine', beta: { kind: 'linear', from: 0.5, to: 0 } }]);
    expect(conv.training.optimizer.learningRate).toEqual({ kind: 'linear', from: 0.006, to: 0 });
    const [transformer] = resolve({ ...CONFIG, students: [{ family: 'transformer' }] }).students;
    expect(transformer).toMatchObject({
      name: 'transformer',
      maxPieces: 2000,
      maxTokens: 64,
      hiddenSize: 128,
      layers: 2,
      heads: 4,
      feedForwardSize: 256,
      pooling: 'attentionPool',
    });
    expect(transformer.training).toEqual({
      ...conv.training,
      optimizer: { ...conv.training.optimizer, learningRate: { kind: 'linear', from: 0.002, to: 0 }, warmup: 0.1 },
    });
  });

  it('keeps int4 for the embedding of every family that reads texts, and says nothing of int8', () => {
    const precisions = (embeddingPrecision?: 'int4' | 'int8') =>
      resolve({
        ...CONFIG,
        students: [
          { family: 'static', hiddenSize: 32, embeddingPrecision },
          { family: 'conv', embeddingPrecision },
          { family: 'transformer', embeddingPrecision },
        ],
      }).students.map((student) => ('embeddingPrecision' in student ? student.embeddingPrecision : 'absent'));
    expect(precisions('int4')).toEqual(['int4', 'int4', 'int4']);
    expect(precisions('int8')).toEqual(['absent', 'absent', 'absent']);
    expect(precisions()).toEqual(['absent', 'absent', 'absent']);
  });

  it('takes what is given instead of each default', () => {
    const data = {
      train: '/rows/train.csv',
      unlabelled: 'more.csv',
      dev: 'dev.csv',
      test: '../test.csv',
      devShare: 0,
      testShare: 0.5,
      textColumn: 'body',
      pairColumn: 'other',
      labelColumn: 'class',
      idColumn: 'uid',
      labelSeparator: '|',
      maxUnlabelledInMemory: 7,
    };
    const teacher = { kind: 'universal-sentence-encoder', maxCharacters: 400, maxPieces: 64 };
    const rest = { baselines: false, seeds: [3, 1], backend: 'cpu', threads: 1 };
    const resolved = resolve({ name: 'a.b-c_1', data, teacher, ...rest, outDir: 'there', cacheDir: '/cache' });
    const members = [{ weight: 1, options: teacher }];
    expect(resolved).toMatchObject({
      name: 'a.b-c_1',
      teacher: members,
      ...rest,
      outDir: '/base/there',
      cacheDir: '/cache',
    });
    expect(resolved.data).toEqual({
      ...data,
      unlabelled: '/base/more.csv',
      dev: '/base/dev.csv',
      test: '/test.csv',
    });
  });

  it('takes sizes and training of a student instead of each default', () => {
    const sizes = { maxCharacters: 9, maxTokens: 8, maxPieces: 7, hiddenSize: 6, blocks: 5, kernelSize: 3 };
    const training = {
      modelWeight: 0,
      alpha: { kind: 'steps', at: [0, 0.5], values: [1, 2] },
      temperature: { kind: 'adaptive', on: 'devLoss', from: 4, factor: 0.5, min: 1, max: 4 },
      distillation: 'logitMse',
      features: [{ loss: 'mse', beta: 0.25 }],
      optimizer: 'sgd',
      learningRate: { kind: 'cosine', from: 0.1, to: 0.01 },
      warmup: 0,
      weightDecay: 0,
      momentum: 0,
      epochs: 1,
      stepsPerEpoch: 2,
      batchSize: 3,
      dropout: 0,
      patience: 4,
    };
    const student = { name: 'mine', family: 'conv', ...sizes, pooling: 'maxPool', training };
    const [resolved] = resolve({ ...CONFIG, students: [student] }).students;
    expect(resolved).toEqual({
      ...student,
      asksForFeatures: true,
      training: {
        objective: {
          modelWeight: { kind: 'constant', value: 0 },
          alpha: training.alpha,
          temperature: training.temperature,
          distillation: 'logitMse',
          features: [{ loss: 'mse', beta: { kind: 'constant', value: 0.25 } }],
        },
        optimizer: { kind: 'sgd', learningRate: training.learningRate, warmup: 0, weightDecay: 0, momentum: 0 },
        epochs: 1,
        stepsPerEpoch: 2,
        batchSize: 3,
        dropout: 0,
        patience: 4,
      },
    });
    const [hashed] = resolve(withStudent({ charNgrams: [3, 5], wordNgrams: 0, perceptronSize: 0 })).students;
    expect(hashed).toMatchObject({ charNgrams: [3, 5], wordNgrams: 0, perceptronSize: 0 });
  });

  it('takes undefined for a default', () => {
    const nothing = { training: undefined, hiddenSize: undefined, name: undefined, buckets: undefined };
    const config = {
      ...CONFIG,
      data: { ...CONFIG.data, dev: undefined, devShare: undefined, textColumn: undefined },
      teacher: { kind: undefined, maxPieces: undefined },
      students: [
        { family: 'static', ...nothing },
        { family: 'conv', training: { alpha: undefined, patience: undefined } },
      ],
      seeds: undefined,
      outDir: undefined,
    };
    expect(resolve(config)).toEqual(resolve(CONFIG));
  });

  it('draws every method for augmented rows where none is named, and the named ones alone where some are', () => {
    const { augment } = resolve({ ...CONFIG, augment: {} });
    expect(augment).toMatchObject({ factor: 2, rate: 0.2, maskToken: '', seed: 0 });
    expect(Math.min(...Object.values(augment!.methods))).toBeGreaterThan(0);
    const named = { factor: 0.5, methods: { mask: 2, case: 0 }, rate: 0.1, maskToken: '[MASK]', seed: 7 };
    const none = { mask: 0, replace: 0, ngram: 0, recombine: 0, keyboard: 0, case: 0, details: 0 };
    expect(resolve({ ...CONFIG, augment: named }).augment).toEqual({ ...named, methods: { ...none, mask: 2 } });
    expect(resolve({ ...CONFIG, augment: { factor: 0 } }).augment).toBeNull();
  });

  it('keeps a function that loads data, and every seed once', () => {
    const data = (): never => {
      throw new Error('not yet');
    };
    expect(resolve({ name: 'mails', data, seeds: [2, 0, 2] })).toMatchObject({ data, seeds: [2, 0] });
  });
});

describe('resolveConfig refuses', () => {
  it.each([
    ['studnets', 'students', '', { ...CONFIG, studnets: [] }],
    ['naem', 'name', '', { naem: 'mails', data: CONFIG.data }],
    ['repalce', 'replace', 'augment.methods.', { ...CONFIG, augment: { methods: { repalce: 1 } } }],
    ['trian', 'train', 'data.', { ...CONFIG, data: { trian: 'rows.csv' } }],
    ['devshare', 'devShare', 'data.', { ...CONFIG, data: { ...CONFIG.data, devshare: 0.1 } }],
    ['maxPiece', 'maxPieces', 'teacher.', { ...CONFIG, teacher: { maxPiece: 8 } }],
    ['hiden_size', 'hiddenSize', 'students.0.', withStudent({ buckets: 0, hiden_size: 8 })],
    ['learningrate', 'learningRate', 'students.0.training.', withTraining({ learningrate: 0.1 })],
    ['form', 'from', 'students.0.training.alpha.', withTraining({ alpha: { kind: 'linear', form: 1, to: 0 } })],
    ['bta', 'beta', 'students.0.training.features.0.', withTraining({ features: [{ loss: 'mse', bta: 1 }] })],
  ])('the misspelt key %s, suggests %s, and names its path %s', (key, meant, place, config) => {
    expect(complaint(config)).toBe(`${place}${key}: expected a known key, got ${key}; did you mean ${meant}?`);
  });

  it('a key that is like no other, and names them all', () => {
    expect(complaint({ ...CONFIG, zzzzzz: 1 })).toMatch(/^zzzzzz: .*; known keys are name, data, .*trainin.*/);
  });

  it.each([
    ['kernelSize', 'students.0.', withStudent({ kernelSize: 3 })],
    ['train', '', { ...CONFIG, train: 'rows.csv' }],
  ])('the key %s where it does not belong', (key, place, config) => {
    expect(complaint(config)).toBe(`${place}${key}: expected a key that belongs there, got ${key}; remove it`);
  });

  it.each([
    ['top level: expected Object, got nothing', undefined],
    ['top level: expected Object, got null', null],
    ['top level: expected Object, got Array', [CONFIG]],
    ['top level: expected Object, got "mails"', 'mails'],
    ['name: expected a value, got nothing; it is required', { data: CONFIG.data }],
    ['name: expected string, got 3', { ...CONFIG, name: 3 }],
    ['data: expected a value, got nothing; it is required', { name: 'mails' }],
    ['data: expected files or a function, got null', { name: 'mails', data: null }],
    ['data.train: expected a value, got nothing; it is required', { name: 'mails', data: {} }],
    ['data.train: expected string, got 3', { name: 'mails', data: { train: 3 } }],
    ['data.devShare: expected <=1, got 1.5', { name: 'mails', data: { train: 'a', devShare: 1.5 } }],
    ['data.testShare: expected >=0, got -1', { name: 'mails', data: { train: 'a', testShare: -1 } }],
    [
      'augment: expected a teacher with answers for the rows that are made, got recorded ones; leave augment out, or choose a teacher that can be asked',
      { name: 'mails', data: { train: 'a' }, augment: {}, teacher: { kind: 'recorded', path: 'a.jsonl' } },
    ],
    [
      'data.pairColumn: expected none, since words of one text are tagged, got other; leave it out',
      { name: 'mails', data: { train: 'a', task: 'tag', pairColumn: 'other' } },
    ],
    ['data.labelSeparator: expected some text, got 0', { name: 'mails', data: { train: 'a', labelSeparator: '' } }],
    [
      'data: expected devShare + testShare below 1, got 1; leave rows to learn from',
      { name: 'mails', data: { train: 'a', devShare: 0.5, testShare: 0.5 } },
    ],
    [
      `teacher.kind: expected one of ${[...KIND_NAMES, 'ensemble'].join(', ')}, got "bert"`,
      { ...CONFIG, teacher: { kind: 'bert' } },
    ],
    ['teacher.maxPieces: expected <=128, got 129', { ...CONFIG, teacher: { maxPieces: 129 } }],
    ['students: expected at least one, got 0', { ...CONFIG, students: [] }],
    [
      'students.0.family: expected ("static" | "conv" | "transformer" | "image"), got nothing',
      { ...CONFIG, students: [{ hiddenSize: 8 }] },
    ],
    [
      'students.0.family: expected ("static" | "conv" | "transformer" | "image"), got "lstm"',
      { ...CONFIG, students: [{ family: 'lstm' }] },
    ],
    ['students.0.buckets: expected >=1, got 0', withStudent({ buckets: 0 })],
    ['students.0.buckets: expected an integer, got 1.5', withStudent({ buckets: 1.5 })],
    ['seeds.0: expected an integer, got 0.5', { ...CONFIG, seeds: [0.5] }],
    ['students.0.charNgrams.1: expected number, got nothing', withStudent({ charNgrams: [3] })],
    [
      'students.0.kernelSize: expected an odd number, got 4',
      { ...CONFIG, students: [{ family: 'conv', kernelSize: 4 }] },
    ],
    [
      'students: expected different names, got conv twice; give each a name of its own',
      { ...CONFIG, students: [{ family: 'conv' }, { family: 'static', name: 'conv' }] },
    ],
    ['students.0.training.dropout: expected <1, got 1', withTraining({ dropout: 1 })],
    ['students.0.training.patience: expected >=1, got 0', withTraining({ patience: 0 })],
    ['students.0.training.warmup: expected number, got NaN', withTraining({ warmup: Number.NaN })],
    ['students.0.training.optimizer: expected ("adam" | "sgd"), got "lion"', withTraining({ optimizer: 'lion' })],
    [
      'students.0.training.learningRate: expected constant, linear, cosine or steps, got adaptive; choose one of them',
      withTraining({ learningRate: { kind: 'adaptive', on: 'devLoss', from: 1, factor: 0.5, min: 0, max: 1 } }),
    ],
    [
      'students.0.training.features.0.beta: expected a value, got nothing; it is required',
      withTraining({ features: [{ loss: 'mse' }] }),
    ],
    ['baselines: expected boolean, got "no"', { ...CONFIG, baselines: 'no' }],
    ['seeds: expected at least one, got 0', { ...CONFIG, seeds: [] }],
    ['seeds.1: expected <=4294967295, got 4294967296', { ...CONFIG, seeds: [0, 2 ** 32] }],
    ['threads: expected >=1, got 0', { ...CONFIG, threads: 0 }],
    ['augment.factor: expected <=100, got 101', { ...CONFIG, augment: { factor: 101 } }],
    [
      'students.0.heads: expected heads of a multiple of 4 channels, got 3 of 128 channels together',
      { ...CONFIG, students: [{ family: 'transformer', heads: 3 }] },
    ],
    [
      'students.0.embeddingPrecision: expected a hiddenSize that is a multiple of 32 for int4, got 24; change it, or choose int8',
      { ...CONFIG, students: [{ family: 'static', embeddingPrecision: 'int4' }] },
    ],
    ['augment.methods.mask: expected >=0, got -1', { ...CONFIG, augment: { methods: { mask: -1 } } }],
    ['augment.methods: expected a weight above 0, got Object', { ...CONFIG, augment: { methods: { mask: 0 } } }],
  ])('with the message: %s', (message, config) => {
    expect(complaint(config)).toBe(message);
  });

  it.each(['', 'Mails', '../mails', '.mails', 'a b', 'a'.repeat(65)])(
    'the name %j, which is no folder name',
    (name) => {
      expect(complaint({ ...CONFIG, name })).toMatch(/^name: expected .*, got "/);
      expect(complaint(withStudent({ name }))).toMatch(/^students\.0\.name: expected .*, got "/);
    },
  );

  it('a backend that does not exist, and names those that do', () => {
    const message = complaint({ ...CONFIG, backend: 'webgl' });
    for (const backend of ['backend: expected', 'auto', 'node-gpu', 'node', 'wasm', 'webgpu', 'cpu', 'got "webgl"']) {
      expect(message).toContain(backend);
    }
  });

  it.each([
    ['alpha.value: expected a number from 0 to 1000000, got -1', { alpha: -1 }],
    ['temperature.value: expected a number from 0.01 to 1000, got 0', { temperature: 0 }],
    [
      'learningRate.from: expected a number from 0 to 10, got 11',
      { learningRate: { kind: 'linear', from: 11, to: 0 } },
    ],
    ['features.0.beta.value: expected a number from 0 to 1000000, got -1', { features: [{ loss: 'mse', beta: -1 }] }],
    ['modelWeight.at: expected', { modelWeight: { kind: 'steps', at: [0.5], values: [1] } }],
  ])('a schedule out of its range, with code invalid_schedule: %s', (message, training) => {
    expect(complaint(withTraining(training), 'invalid_schedule')).toContain(`students.0.training.${message}`);
  });
});

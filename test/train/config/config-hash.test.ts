import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/train/config/config.ts';
import { configHash } from '../../../src/train/config/config-hash.ts';
import { resolveConfig } from '../../../src/train/config/resolve-config.ts';

const STUDENT = { family: 'static', hiddenSize: 8, training: { alpha: { kind: 'linear', from: 1, to: 0 } } } as const;
const CONFIG: Config = { name: 'mails', data: { train: 'rows.csv' }, students: [STUDENT] };
const hash = (config: Config, seed = 0, baseDir = '/base'): string => configHash(resolveConfig(config, baseDir), seed);

/** The same value with the keys of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

describe('configHash', () => {
  const training = {
    modelWeight: { kind: 'steps', at: [0, 0.5], values: [1, 2] },
    temperature: { kind: 'adaptive', on: 'devLoss', from: 2, factor: 0.5, min: 1, max: 2 },
    features: [{ loss: 'mse', beta: 1 }],
    optimizer: 'sgd',
  } as const;

  it('does not depend on the order of keys', () => {
    const config: Config = {
      ...CONFIG,
      data: { train: 'rows.csv', devShare: 0.1, idColumn: 'uid' },
      teacher: { maxPieces: 64, maxCharacters: 400 },
      students: [STUDENT, { family: 'conv', blocks: 1, hiddenSize: 8, training }],
    };
    expect(hash(reversed(config) as Config)).toBe(hash(config));
    expect(hash(config)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('does not depend on whether a default is written down, or a constant as a schedule', () => {
    const written: Config = {
      name: 'mails',
      data: { train: 'rows.csv', devShare: 0.15, textColumn: 'text' },
      teacher: { kind: 'universal-sentence-encoder', maxPieces: 128 },
      students: [{ ...STUDENT, name: 'static', buckets: 8192, training: { ...STUDENT.training, temperature: 2 } }],
    };
    expect(hash(written)).toBe(hash(CONFIG));
    expect(hash({ ...CONFIG, students: [{ ...STUDENT, embeddingPrecision: 'int8' }] })).toBe(hash(CONFIG));
    const conv = { family: 'conv' } as const;
    const features = [{ loss: 'cosine', beta: { kind: 'linear', from: 0.5, to: 0 } }] as const;
    expect(hash({ ...CONFIG, students: [{ ...conv, training: { features } }] })).toBe(
      hash({ ...CONFIG, students: [conv] }),
    );
    const constant = { kind: 'constant', value: 2 } as const;
    const [student] = written.students!;
    expect(
      hash({ ...written, students: [{ ...student, training: { ...student.training, temperature: constant } }] }),
    ).toBe(hash(CONFIG));
  });

  it('does not depend on how fast an endpoint is asked, or on the order of names', () => {
    const teacher = { kind: 'http', url: 'https://host/', protocol: 'huggingface' } as const;
    const named = { ...teacher, labels: { a: 'x', b: 'y' }, headersEnv: { A: 'KEY_A', B: 'KEY_B' } };
    const pace = { concurrency: 9, requestsPerMinute: 5, timeoutMs: 4, retries: 3, backoffMs: 2, batchSize: 1 };
    const asked = hash({ ...CONFIG, teacher: named });
    expect(hash({ ...CONFIG, teacher: { ...(reversed(named) as typeof named), ...pace } })).toBe(asked);
    expect(hash({ ...CONFIG, teacher })).not.toBe(asked);
  });

  it('does not depend on where files or rows lie, on threads, on the backend, on baselines or on the other seeds', () => {
    const data = { train: 'a/train.csv', dev: 'a/dev.csv', test: 'a/test.csv', unlabelled: 'a/more.csv' };
    const moved = {
      train: '/b/1.jsonl',
      dev: '/b/2.csv',
      test: '/b/3.csv',
      unlabelled: '/b/4.csv',
      maxUnlabelledInMemory: 5,
    };
    const elsewhere = { outDir: '/out', cacheDir: '/cache', threads: 7, seeds: [0, 1, 2], backend: 'cpu' } as const;
    const alone = { ...elsewhere, baselines: false };
    expect(hash({ ...CONFIG, data: moved, ...alone }, 0, '/other')).toBe(hash({ ...CONFIG, data }));
  });

  it('changes with everything else: no two of these are the same', () => {
    const data = { train: 'rows.csv' };
    const conv = { family: 'conv' } as const;
    const trained = (change: object): Config => ({ ...CONFIG, students: [{ ...STUDENT, training: change }] });
    const student = (change: object): Config => ({ ...CONFIG, students: [{ ...STUDENT, ...change }] });
    const configs: readonly Config[] = [
      CONFIG,
      { ...CONFIG, name: 'other' },
      ...[{}, { factor: 3 }, { methods: { mask: 1 } }, { seed: 1 }].map((augment): Config => ({ ...CONFIG, augment })),
      ...[{ maxCharacters: 1 }, { maxPieces: 1 }].map((teacher): Config => ({ ...CONFIG, teacher })),
      ...[
        { dev: 'dev.csv' },
        { test: 'test.csv' },
        { unlabelled: 'more.csv' },
        { devShare: 0.1 },
        { testShare: 0.1 },
        { textColumn: 'body' },
        { labelColumn: 'class' },
        { idColumn: 'uid' },
        { labelSeparator: '|' },
      ].map((change): Config => ({ ...CONFIG, data: { ...data, ...change } })),
      { ...CONFIG, data: () => Promise.reject(new Error('never called')) },
      ...[{ name: 'mine' }, { buckets: 1 }, { maxTokens: 1 }, { maxCharacters: 1 }].map(student),
      ...[{ wordNgrams: 1 }, { charNgrams: [1, 2] }, { hiddenSize: 9 }, { perceptronSize: 0 }].map(student),
      ...[
        {},
        { maxPieces: 1 },
        { blocks: 1 },
        { kernelSize: 3 },
        { pooling: 'maxPool' } as const,
        { embeddingPrecision: 'int4' } as const,
      ].map((change): Config => ({ ...CONFIG, students: [{ ...conv, ...change }] })),
      { ...CONFIG, students: [STUDENT, conv] },
      { ...CONFIG, students: [conv, STUDENT] },
      ...[{}, { modelWeight: 1 }, { alpha: 2 }, { alpha: { kind: 'linear', from: 0, to: 1 } }, { temperature: 3 }].map(
        trained,
      ),
      ...[{ distillation: 'logitMse' }, { features: [{ loss: 'mse', beta: 1 }] }, { optimizer: 'sgd' }].map(trained),
      ...[{ features: [{ loss: 'cosine', beta: 1 }] }, { learningRate: 1 }, { warmup: 0 }].map(trained),
      ...[{ weightDecay: 0 }, { momentum: 0 }, { epochs: 1 }, { stepsPerEpoch: 1 }].map(trained),
      ...[{ batchSize: 1 }, { dropout: 0 }, { patience: 1 }].map(trained),
    ];
    const hashes = [...configs.map((config) => hash(config)), hash(CONFIG, 1)];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

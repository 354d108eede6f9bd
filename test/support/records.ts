/** The record of a run that never was, with figures that tests know. */
import type { DistillationMetrics, StudentMetrics, StudentRun } from '../../src/train/distill/metrics.ts';
import type { RunRecord } from '../../src/train/records/run-record.ts';
import type { EpochRecord } from '../../src/train/training-run.ts';

/** One epoch. */
export function epochRecord(epoch: number, changes: Partial<EpochRecord> = {}): EpochRecord {
  return {
    epoch,
    learningRate: 0.01,
    temperature: 4 / epoch,
    modelWeight: 0.5,
    alpha: 1,
    betas: [0.25],
    totalLoss: 2 / epoch,
    modelLoss: epoch === 2 ? null : 1 / epoch,
    distillationLoss: 0.5 / epoch,
    featureLosses: [0.1],
    devLoss: 0.3,
    devAccuracy: 0.9,
    devAgreement: 0.8,
    seconds: 1,
    ...changes,
  };
}

/** One student of one seed. */
export function studentRun(name: string, changes: Partial<StudentRun> = {}): StudentRun {
  return {
    name,
    accuracy: 0.9,
    f1: 0.85,
    devAccuracy: 0.9,
    floatAccuracy: 0.91,
    floatAgreement: 0.99,
    retention: 1.02,
    agreement: 0.93,
    gain: 0.05,
    confusion: [
      [41, 2],
      [3, 54],
    ],
    bestEpoch: 2,
    history: [1, 2, 3].map((epoch) => epochRecord(epoch)),
    configHash: 'c0ffee',
    ...changes,
  };
}

/** One student over all seeds. */
export function studentMetrics(name: string, changes: Partial<StudentMetrics> = {}): StudentMetrics {
  const { accuracy, f1, floatAccuracy, floatAgreement, retention, agreement, gain } = studentRun(name);
  return {
    name,
    family: 'static',
    file: `${name}.safetensors`,
    bytes: 265_240,
    gzipBytes: 248_503,
    accuracy,
    f1,
    floatAccuracy,
    floatAgreement,
    retention,
    agreement,
    gain,
    p50Ms: 0.029,
    p95Ms: 0.034,
    compression: 106,
    speedup: 2100,
    ...changes,
  };
}

/** Two students, two baselines, one seed. */
export function metricsOf(changes: Partial<DistillationMetrics> = {}): DistillationMetrics {
  const baselines = [
    { name: 'majority', accuracy: 0.72, f1: 0.42 },
    { name: 'small, all labels, no teacher', accuracy: 0.982, f1: 0.977 },
  ];
  return {
    name: 'mails',
    dataset: {
      name: 'corpus',
      checksum: 'abc123',
      labels: ['ham', 'spam'],
      train: 1000,
      labelled: 50,
      augmented: 0,
      dev: 80,
      test: 100,
    },
    seeds: [7],
    backend: 'wasm',
    teacher: { name: 'large model', accuracy: 0.88, f1: 0.8, bytes: 28_121_983, p50Ms: 62, p95Ms: 71 },
    baselines,
    students: [studentMetrics('small'), studentMetrics('tiny', { gain: null, bytes: 90_000 })],
    machine: { cpu: 'test cpu', cores: 2, node: 'v20' },
    seconds: { data: 0.5, training: 117.25 },
    runs: [
      {
        seed: 7,
        teacher: { accuracy: 0.88, f1: 0.8, devAccuracy: 0.9, learning: [null] },
        baselines,
        students: [studentRun('small'), studentRun('tiny', { gain: null })],
      },
    ],
    ...changes,
  };
}

/** The record around these metrics. */
export function recordOf(changes: Partial<RunRecord> = {}): RunRecord {
  return {
    version: 2,
    startedAt: '2026-01-02T03:04:05.678Z',
    code: { retort: '1.2.3', commit: '0123456789abcdef0123456789abcdef01234567', modified: true },
    config: { name: 'mails' },
    peakMemoryBytes: 512_000_000,
    metrics: metricsOf(),
    disagreements: [],
    ...changes,
  };
}

/** The table of a run, one row a model, as the command line prints it and the report shows it. */
import type { TaskKind } from '../../format/index.ts';
import type { DistillationMetrics, Scores } from '../distill/metrics.ts';
import { formatBytes, formatMs, formatShare, formatTimes } from './figures.ts';

/** Plain text, row by row; every row is as long as the header. */
export interface ResultTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What the scores of a run are, by its task. */
const SCORES: Readonly<Record<TaskKind, readonly [accuracy: string, f1: string]>> = {
  classify: ['accuracy', 'F1'],
  tag: ['accuracy', 'entity F1'],
  embed: ['Spearman', 'Pearson'],
};

const HEADER = ['size', 'gzip', 'p50 ms', 'p95 ms', 'retention', 'agreement', 'smaller', 'faster'];

/** Students first, then the teacher, then the baselines. */
export function resultTable({ dataset, students, teacher, baselines }: DistillationMetrics): ResultTable {
  const hasMicro = students.some(({ microF1 }) => microF1 !== undefined);
  const scoreTitles = [...SCORES[dataset.task ?? 'classify'], ...(hasMicro ? ['micro F1'] : [])];
  const scoresOf = ({ accuracy, f1, microF1 }: Scores): readonly string[] =>
    [accuracy, f1, ...(microF1 === undefined ? [] : [microF1])].map(formatShare);
  const header = ['', ...scoreTitles, ...HEADER, 'float', 'quantized = float', 'gain'];
  const rows = [
    ...students.map((s) => [
      `${s.name} (student, int8${s.embeddingPrecision === 'int4' ? ', int4 embedding' : ''})`,
      ...scoresOf(s),
      ...[s.bytes, s.gzipBytes].map(formatBytes),
      ...[s.p50Ms, s.p95Ms].map(formatMs),
      s.retention === null ? '' : formatShare(s.retention),
      formatShare(s.agreement),
      ...[s.compression, s.speedup].map((times) => (times === null ? '' : formatTimes(times))),
      ...[s.floatAccuracy, s.floatAgreement].map(formatShare),
      s.gain === null ? '' : formatGain(s.gain),
    ]),
    [
      'teacher',
      ...scoresOf(teacher),
      teacher.bytes === null ? '' : formatBytes(teacher.bytes),
      '',
      ...[teacher.p50Ms, teacher.p95Ms].map((ms) => (ms === null ? '' : formatMs(ms))),
    ],
    ...baselines.map(({ name, ...scores }) => [name, ...scoresOf(scores)]),
  ];
  return { header, rows: rows.map((row) => header.map((_, i) => row[i] ?? '')) };
}

function formatGain(gain: number): string {
  return `${gain < 0 ? '-' : '+'}${formatShare(Math.abs(gain))}`;
}

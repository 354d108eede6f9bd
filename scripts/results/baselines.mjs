/** The quickstart in full: students, teacher and baselines. */
import { table } from '../markdown.mjs';
import { ms, range, share } from './figures.mjs';
import { quickstartHeading } from './quickstart.mjs';

export function baselineTables(quickstart) {
  const { students, teacher, baselines, runs } = quickstart;
  const rows = [
    ...students.map((s, i) => [
      `\`${s.name}\`, distilled, int8`,
      share(s.accuracy),
      range(runs, (run) => run.students[i].accuracy),
      share(s.f1),
      share(s.floatAccuracy),
      s.floatAgreement.toFixed(3),
      s.retention.toFixed(3),
      share(s.agreement),
      `${s.gain < 0 ? '-' : '+'}${share(Math.abs(s.gain))}`,
    ]),
    [
      'teacher',
      share(teacher.accuracy),
      range(runs, (run) => run.teacher.accuracy),
      share(teacher.f1),
      '',
      '',
      '',
      '',
      '',
    ],
    ...baselines.map(({ name, accuracy, f1 }, i) => [
      name,
      share(accuracy),
      range(runs, (run) => run.baselines[i].accuracy),
      share(f1),
      '',
      '',
      '',
      '',
      '',
    ]),
  ];
  const header = [
    'model',
    'accuracy',
    'of the seeds',
    'macro F1',
    'float',
    'int8 = float',
    'retention',
    'agreement',
    'gain',
  ];
  const latency = [...students, teacher].map((one) => [
    one.name,
    `${one.bytes.toLocaleString('en')} B`,
    one.gzipBytes === undefined ? '' : `${one.gzipBytes.toLocaleString('en')} B`,
    `${ms(one.p50Ms)} ms`,
    `${ms(one.p95Ms)} ms`,
  ]);
  const seconds = Object.entries(quickstart.seconds).map(([stage, value]) => `${stage} ${value.toFixed(0)} s`);
  return [
    quickstartHeading(quickstart),
    table(header, rows),
    table(['model', 'size', 'gzip', 'p50', 'p95'], latency),
    `Best epochs of the seeds: ${students.map(({ name }, i) => `\`${name}\` ${runs.map((run) => run.students[i].bestEpoch).join(', ')}`).join('; ')}. Wall clock of the ${runs.length} seeds with the teacher's outputs cached: ${seconds.join(', ')}.`,
  ].join('\n\n');
}

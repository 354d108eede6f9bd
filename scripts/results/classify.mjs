/** Students of several seeds beside their teacher, and what int8 costs them. */
import { table } from '../markdown.mjs';
import { ms, range, share } from './figures.mjs';

export function classifyTable({ dataset, students, teacher, runs, machine }) {
  const rows = students.map((s, i) => [
    `\`${s.name}\`, distilled, int8`,
    share(s.accuracy),
    range(runs, (run) => run.students[i].accuracy),
    share(s.f1),
    share(s.floatAccuracy),
    s.floatAgreement.toFixed(3),
    s.retention.toFixed(3),
    share(s.agreement),
    `${s.bytes.toLocaleString('en')} B`,
    `${ms(s.p50Ms)} ms`,
  ]);
  rows.push([
    teacher.name,
    share(teacher.accuracy),
    range(runs, (run) => run.teacher.accuracy),
    share(teacher.f1),
    '',
    '',
    '',
    '',
    `${teacher.bytes.toLocaleString('en')} B`,
    `${ms(teacher.p50Ms)} ms`,
  ]);
  const header = [
    'model',
    'accuracy',
    'of the seeds',
    'macro F1',
    'float',
    'int8 = float',
    'retention',
    'agreement',
    'size',
    'p50',
  ];
  const { labels, labelled, train, dev, test } = dataset;
  return [
    `Mean of ${runs.length} seeds; ${dataset.name}: ${labels.length} labels, ${labelled} of ${train} training rows labelled, ${dev} dev rows, ${test} test rows; ${machine.cpu}, Node ${machine.node}.`,
    table(header, rows),
  ].join('\n\n');
}

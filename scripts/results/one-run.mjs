/** A run of one seed: its students, its teacher and what they are compared with. */
import { table } from '../markdown.mjs';
import { ms, share, subjectOf } from './figures.mjs';

export function oneRunTable(record) {
  const { students, teacher, baselines } = record;
  const rows = [
    ...students.map((s) => [
      `\`${s.name}\`, distilled, int8`,
      share(s.accuracy),
      share(s.f1),
      s.floatAgreement.toFixed(3),
      share(s.agreement),
      `${s.bytes.toLocaleString('en')} B`,
      `${ms(s.p50Ms)} ms`,
    ]),
    [
      teacher.name,
      share(teacher.accuracy),
      share(teacher.f1),
      '',
      '',
      `${teacher.bytes.toLocaleString('en')} B`,
      `${ms(teacher.p50Ms)} ms`,
    ],
    ...baselines.map(({ name, accuracy, f1 }) => [name, share(accuracy), share(f1), '', '', '', '']),
  ];
  return [
    subjectOf(record),
    table(['model', 'accuracy', 'macro F1', 'int8 = float', 'agreement', 'size', 'p50'], rows),
  ].join('\n\n');
}

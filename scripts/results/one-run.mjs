/** A run of one seed: its students, its teacher and what they are compared with. */
import { table } from '../markdown.mjs';
import { ms, share } from './figures.mjs';

export function oneRunTable({ dataset, students, teacher, baselines, machine }) {
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
  const { labels, labelled, train, dev, test } = dataset;
  return [
    `${dataset.name}: ${labels.length} labels, ${labelled} of ${train} training rows labelled, ${dev} dev rows, ${test} test rows; ${machine.cpu}, Node ${machine.node}.`,
    table(['model', 'accuracy', 'macro F1', 'int8 = float', 'agreement', 'size', 'p50'], rows),
  ].join('\n\n');
}

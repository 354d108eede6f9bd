/** Students that tag. */
import { table } from '../markdown.mjs';
import { kilobytes, seedsOf, share, studentCells } from './figures.mjs';

export function tagTable(tag) {
  const { dataset, seeds, students, teacher, baselines } = tag;
  const rows = students.map((s) => [`\`${s.name}\`, distilled, int8`, ...studentCells(s, 3)]);
  rows.push(
    ['teacher', share(teacher.accuracy), share(teacher.f1), '', '', kilobytes(teacher.bytes), ''],
    ...baselines.map(({ name, accuracy, f1 }) => [name, share(accuracy), share(f1), '', '', '', '']),
  );
  const header = ['model', 'word accuracy', 'entity F1', 'agreement', 'int8 = float', 'size', 'p50'];
  return `${table(header, rows)}\n\n${seedsOf(seeds)}, ${dataset.labels.length} tags, ${dataset.labelled.toLocaleString('en')} of ${dataset.train.toLocaleString('en')} training rows labelled, ${dataset.test} test rows.`;
}

/** Students that embed. */
import { table } from '../markdown.mjs';
import { mean, seedsOf, share, studentCells } from './figures.mjs';

export function embedTable(embed) {
  const { dataset, seeds, runs, students, teacher } = embed;
  const rows = students.map((s, i) => [
    `\`${s.name}\`, int8`,
    share(mean(runs.map((run) => run.students[i].devAccuracy))),
    ...studentCells(s, 4),
  ]);
  const onDev = share(mean(runs.map((run) => run.teacher.devAccuracy)));
  const size = `${(teacher.bytes / 1e6).toFixed(1)} MB`;
  rows.push([teacher.name, onDev, share(teacher.accuracy), share(teacher.f1), '', '', size, '']);
  const header = [
    'model',
    'Spearman, dev',
    'Spearman, test',
    'Pearson, test',
    'cosine',
    'int8 with float',
    'size',
    'p50',
  ];
  return `${table(header, rows)}\n\n${seedsOf(seeds)}, ${dataset.train.toLocaleString('en')} training texts without a label.`;
}

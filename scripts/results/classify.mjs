/** Students of several seeds beside their teacher, and what int8 costs them. */
import { table } from '../markdown.mjs';
import { ms, SCORES, scoreRows, seedsOf, subjectOf } from './figures.mjs';

export function classifyTable(record) {
  const { students, teacher, runs } = record;
  const models = [...students, teacher];
  const rows = scoreRows(record, teacher.name).map((row, i) => [
    ...row,
    `${models[i].bytes.toLocaleString('en')} B`,
    `${ms(models[i].p50Ms)} ms`,
  ]);
  return `${seedsOf(runs)}; ${subjectOf(record)}\n\n${table([...SCORES, 'size', 'p50'], rows)}`;
}

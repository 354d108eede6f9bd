/** The time to load a student. */
import { digits, table } from '../markdown.mjs';
import { kilobytes } from './figures.mjs';

export function loadingTable(loading) {
  const { machine, rows } = loading;
  const figures = rows.map(({ embedding, bytes, readMs, loadMs, integrityMs }) => [
    `${kilobytes(bytes)}${embedding === 'int4' ? ', int4' : ''}`,
    digits(readMs, 3),
    digits(loadMs, 3),
    digits(integrityMs, 3),
  ]);
  const header = ['student', '`readStudent`', '`loadStudent`', 'with `integrity`'];
  return `${table(header, figures)}\n\n${machine.cpu}, Node ${machine.node}.`;
}

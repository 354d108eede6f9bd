/** The time to load a student, and what it cannot go below. */
import { digits, table } from '../markdown.mjs';
import { kilobytes } from './figures.mjs';

export function loadingTable({ machine, rows }) {
  const figures = rows.map(({ embedding, bytes, copyMs, readMs, loadMs, integrityMs }) => [
    `${kilobytes(bytes)}${embedding === 'int4' ? ', int4' : ''}`,
    digits(copyMs, 3),
    digits(readMs, 3),
    digits(loadMs, 3),
    digits(integrityMs, 3),
  ]);
  const header = ['student', 'memory and copy alone', '`readStudent`', '`loadStudent`', 'with `integrity`'];
  return `${table(header, figures)}\n\n${machine.cpu}, Node ${machine.node}.`;
}

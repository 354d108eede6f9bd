/** The speed of training. */
import { digits, table } from '../markdown.mjs';

export function trainingTable(training) {
  const { machine, rows } = training;
  const stockOf = (row) => rows.find(({ backend, work }) => backend === 'wasm-stock' && work === row.work);
  const figures = rows.map((row) => [
    row.work,
    row.backend,
    row.workers,
    digits(row.stepMs, 3),
    row.gflops === null ? '' : digits(row.gflops, 3),
    row.examplesPerSecond === null ? '' : digits(row.examplesPerSecond, 3),
    digits(stockOf(row).stepMs / row.stepMs, 3),
  ]);
  const header = ['work', 'backend', 'workers', 'ms', 'GFLOPS', 'examples/s', 'times stock'];
  return `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}.\n\n${table(header, figures)}`;
}

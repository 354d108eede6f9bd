/** Pools of threads on many texts. */
import { digits, table, times } from '../markdown.mjs';

export function batchTable(batch) {
  const { machine, texts, rows } = batch;
  const figures = rows.map(({ student, on, p50Ms, speedup }) => [
    `\`${student}\``,
    on,
    digits(p50Ms, 3),
    times(speedup),
  ]);
  return `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${texts} texts.\n\n${table(['student', 'on', 'p50 ms', 'times no pool'], figures)}`;
}

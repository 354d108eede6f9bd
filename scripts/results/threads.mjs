/** Training on several threads. */
import { table } from '../markdown.mjs';

export function threadTable(threads) {
  return table(
    ['work', 'on', 'examples/s', 'times one thread'],
    threads.map(({ work, name, examplesPerSecond, speedup }) => [work, name, examplesPerSecond, speedup]),
  );
}

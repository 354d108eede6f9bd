/** Reading from the teacher against labels only. */
import { table } from '../markdown.mjs';
import { mean, ms, share } from './figures.mjs';

export function readingTable(reading) {
  const { seeds, runs, students } = reading;
  const rows = students.map(({ name, accuracy, gain, p50Ms }, i) => [
    `\`${name}\``,
    share(mean(runs.map((run) => run.students[i].devAccuracy))),
    share(accuracy),
    share(accuracy - gain),
    `+${share(gain)}`,
    `${ms(p50Ms)} ms`,
  ]);
  const header = ['student', 'dev accuracy', 'test accuracy', 'labels only', 'gain', 'p50'];
  return `${table(header, rows)}\n\nMean of ${seeds.length} seeds.`;
}

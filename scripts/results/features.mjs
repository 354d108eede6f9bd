/** What a feature loss gives. */
import { table } from '../markdown.mjs';
import { mean, share } from './figures.mjs';

export function featureTable(featureLoss) {
  const { seeds, runs, students } = featureLoss;
  const rows = students.map(({ name, accuracy }, i) => [
    `\`${name}\``,
    share(mean(runs.map((run) => run.students[i].devAccuracy))),
    share(accuracy),
  ]);
  return `${table(['student', 'dev accuracy', 'test accuracy'], rows)}\n\nMean of ${seeds.length} seeds.`;
}

/** What int8 costs. */
import { table } from '../markdown.mjs';

export function quantizationTable(quantization) {
  const { dataset, seeds, runs, students } = quantization;
  const worst = (pick) => Math.max(...runs.map(({ students: all }) => pick(all)));
  const rows = students.map(({ name, accuracy, floatAccuracy, floatAgreement }, i) => [
    `\`${name}\``,
    floatAccuracy.toFixed(4),
    accuracy.toFixed(4),
    (floatAccuracy - accuracy).toFixed(4),
    worst((all) => all[i].floatAccuracy - all[i].accuracy).toFixed(4),
    floatAgreement.toFixed(4),
  ]);
  rows.push(['bound', '', '', 'at most 0.003', '', 'at least 0.99']);
  const header = ['student', 'float', 'int8', 'drop', 'largest drop of a seed', 'int8 = float'];
  return `${table(header, rows)}\n\nMean of ${seeds.length} seeds, ${dataset.test} test mails.`;
}

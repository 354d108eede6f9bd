/** Spells the figures of the tables. */
import { digits } from '../markdown.mjs';

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
export const share = (value) => value.toFixed(3).replace(/^0/, '');
export const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0)} KB`;
export const ms = (value) => digits(value, 2);
export const seedsOf = ({ length }) => (length === 1 ? 'One seed' : `Mean of ${length} seeds`);

/** Smallest and largest of the runs of seeds. */
export function range(runs, pick) {
  const values = runs.map(pick);
  return `${share(Math.min(...values))} to ${share(Math.max(...values))}`;
}

/** How good a student is, how near to its float twin by so many decimals, how large and how fast. */
export const studentCells = ({ accuracy, f1, agreement, floatAgreement, bytes, p50Ms }, decimals) => [
  share(accuracy),
  share(f1),
  share(agreement),
  floatAgreement.toFixed(decimals),
  kilobytes(bytes),
  `${ms(p50Ms)} ms`,
];

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

/** The data of a run, and what it ran on. */
export function subjectOf({ dataset, machine }) {
  const { name, labels, labelled, train, dev, test } = dataset;
  return `${name}: ${labels.length} labels, ${labelled} of ${train} training rows labelled, ${dev} dev rows, ${test} test rows; ${machine.cpu}, Node ${machine.node}.`;
}

/** The columns of {@link scoreRows}. */
export const SCORES = [
  'model',
  'accuracy',
  'of the seeds',
  'macro F1',
  'float',
  'int8 = float',
  'retention',
  'agreement',
];

/** How good the students of several seeds are, a row each, and their teacher. */
export function scoreRows({ students, teacher, runs }, teacherName) {
  const row = (name, one, inRun, rest) => [name, share(one.accuracy), range(runs, inRun), share(one.f1), ...rest];
  return [
    ...students.map((s, i) =>
      row(`\`${s.name}\`, distilled, int8`, s, (run) => run.students[i].accuracy, [
        share(s.floatAccuracy),
        s.floatAgreement.toFixed(3),
        s.retention.toFixed(3),
        share(s.agreement),
      ]),
    ),
    row(teacherName, teacher, (run) => run.teacher.accuracy, ['', '', '', '']),
  ];
}

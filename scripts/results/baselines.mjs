/** The quickstart in full: students, teacher and baselines. */
import { table } from '../markdown.mjs';
import { ms, range, SCORES, scoreRows, share } from './figures.mjs';
import { quickstartHeading } from './quickstart.mjs';

const gain = (value) => `${value < 0 ? '-' : '+'}${share(Math.abs(value))}`;

export function baselineTables(quickstart) {
  const { students, teacher, baselines, runs } = quickstart;
  const rows = [
    ...scoreRows(quickstart, 'teacher').map((row, i) => [...row, i < students.length ? gain(students[i].gain) : '']),
    ...baselines.map(({ name, accuracy, f1 }, i) => [
      name,
      share(accuracy),
      range(runs, (run) => run.baselines[i].accuracy),
      share(f1),
      '',
      '',
      '',
      '',
      '',
    ]),
  ];
  const latency = [...students, teacher].map((one) => [
    one.name,
    `${one.bytes.toLocaleString('en')} B`,
    one.gzipBytes === undefined ? '' : `${one.gzipBytes.toLocaleString('en')} B`,
    `${ms(one.p50Ms)} ms`,
    `${ms(one.p95Ms)} ms`,
  ]);
  const seconds = Object.entries(quickstart.seconds).map(([stage, value]) => `${stage} ${value.toFixed(0)} s`);
  return [
    quickstartHeading(quickstart),
    table([...SCORES, 'gain'], rows),
    table(['model', 'size', 'gzip', 'p50', 'p95'], latency),
    `Best epochs of the seeds: ${students.map(({ name }, i) => `\`${name}\` ${runs.map((run) => run.students[i].bestEpoch).join(', ')}`).join('; ')}. Wall clock of the ${runs.length} seeds with the teacher's outputs cached: ${seconds.join(', ')}.`,
  ].join('\n\n');
}

/** What an embedding in int4 costs. */
import { table } from '../markdown.mjs';
import { mean, ms } from './figures.mjs';

export function int4Table(int4) {
  const { dataset, seeds, runs, machine } = int4;
  const rows = runs[0].pairs.flatMap(({ name }, i) => {
    const over = (pick) => runs.map(({ pairs }) => pick(pairs[i]));
    const row = (precision) => {
      const figure = (key) => over((pair) => pair[precision][key]);
      const isInt4 = precision === 'int4';
      return [
        `\`${name}\`, ${precision}`,
        `${Math.round(mean(figure('bytes'))).toLocaleString('en')} B`,
        `${Math.round(mean(figure('gzipBytes'))).toLocaleString('en')} B`,
        mean(figure('accuracy')).toFixed(4),
        isInt4 ? Math.max(...over((pair) => pair.int8.accuracy - pair.int4.accuracy)).toFixed(4) : '',
        mean(figure('floatAgreement')).toFixed(4),
        isInt4 ? mean(over(({ agreement }) => agreement)).toFixed(4) : '',
        `${ms(mean(figure('p50Ms')))} ms`,
      ];
    };
    return [row('int8'), row('int4')];
  });
  const header = ['embedding', 'size', 'gzip', 'accuracy', 'largest drop of a seed', '= float', 'int4 = int8', 'p50'];
  return `${table(header, rows)}\n\nMean of ${seeds.length} seeds, ${dataset.test} test mails; ${machine.cpu}, Node ${machine.node}.`;
}

/** The figures of the runtime and their bounds. */
import { table } from '../markdown.mjs';

export function runtimeTable(runtime) {
  const { machine, figures } = runtime;
  const rows = figures.map(({ subject, value, unit, bound }) => [
    subject,
    `${value.toPrecision(3)} ${unit}`,
    bound === null ? '' : `${bound} ${unit}`,
  ]);
  return `${machine.cpu}, Node ${machine.node}, one thread.\n\n${table(['', 'measured', 'bound'], rows)}`;
}

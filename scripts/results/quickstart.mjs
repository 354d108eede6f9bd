/** The quickstart in short, of its own JSON. */
import { table, times } from '../markdown.mjs';
import { kilobytes, ms, share } from './figures.mjs';

/** What was measured, and where. */
export function quickstartHeading({ dataset, seeds, machine, backend }) {
  return `Mean of ${seeds.length} seeds; ${dataset.name}, ${dataset.labelled} of ${dataset.train} training mails labelled, ${dataset.test} test mails; trained with TensorFlow.js ${backend}; ${machine.cpu}, Node ${machine.node}.`;
}

export function quickstartTable(quickstart) {
  const { students, teacher } = quickstart;
  const rows = students.map((s) => [
    `\`${s.name}\`, int8`,
    `**${share(s.accuracy)}**`,
    share(s.accuracy - s.gain),
    kilobytes(s.bytes),
    `${ms(s.p50Ms)} ms`,
    times(s.compression),
    times(s.speedup),
  ]);
  rows.push([
    'teacher',
    share(teacher.accuracy),
    '',
    `${(teacher.bytes / 1e6).toFixed(1)} MB`,
    `${teacher.p50Ms.toFixed(0)} ms`,
    '',
    '',
  ]);
  return `${table(['spam or not', 'accuracy', 'without the teacher', 'size', 'p50', 'smaller', 'faster'], rows)}\n\n${quickstartHeading(quickstart)}`;
}

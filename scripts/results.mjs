/**
 * Writes the tables of README.md and RESULTS.md from results/*.json; `--check` only says whether they are up to date.
 *
 *   node scripts/results.mjs [--check]
 */
import { readFile, writeFile } from 'node:fs/promises';

const read = async (name) => JSON.parse(await readFile(`results/${name}.json`, 'utf8'));
const [quickstart, featureLoss, runtime, size] = await Promise.all(
  ['quickstart', 'feature-loss', 'runtime', 'size'].map(read),
);

/** Null until it is measured. */
const quantization = await read('quantization').catch((error) => {
  if (error.code === 'ENOENT') return null;
  throw error;
});

const share = (value) => value.toFixed(3).replace(/^0/, '');
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0)} KB`;
const times = (value) => `${Number(value.toPrecision(2)).toLocaleString('en')}x`;
const ms = (value) => value.toPrecision(2);
const table = (header, rows) =>
  [header, header.map((_, i) => (i === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** Smallest and largest of the seeds. */
function range(pick) {
  const values = quickstart.runs.map(pick);
  return `${share(Math.min(...values))} to ${share(Math.max(...values))}`;
}

function heading() {
  const { dataset, seeds, machine, backend } = quickstart;
  return `Mean of ${seeds.length} seeds; ${dataset.name}, ${dataset.labelled} of ${dataset.train} training mails labelled, ${dataset.test} test mails; trained with TensorFlow.js ${backend}; ${machine.cpu}, Node ${machine.node}.`;
}

const blocks = {
  'results:quickstart': () => {
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
    return `${table(['spam or not', 'accuracy', 'without the teacher', 'size', 'p50', 'smaller', 'faster'], rows)}\n\n${heading()}`;
  },
  'results:baselines': () => {
    const { students, teacher, baselines, runs } = quickstart;
    const rows = [
      ...students.map((s, i) => [
        `\`${s.name}\`, distilled, int8`,
        share(s.accuracy),
        range((run) => run.students[i].accuracy),
        share(s.f1),
        share(s.floatAccuracy),
        s.floatAgreement.toFixed(3),
        s.retention.toFixed(3),
        share(s.agreement),
        `${s.gain < 0 ? '-' : '+'}${share(Math.abs(s.gain))}`,
      ]),
      ['teacher', share(teacher.accuracy), range((run) => run.teacher.accuracy), share(teacher.f1), '', '', '', '', ''],
      ...baselines.map(({ name, accuracy, f1 }, i) => [
        name,
        share(accuracy),
        range((run) => run.baselines[i].accuracy),
        share(f1),
        '',
        '',
        '',
        '',
        '',
      ]),
    ];
    const header = [
      'model',
      'accuracy',
      'of the seeds',
      'macro F1',
      'float',
      'int8 = float',
      'retention',
      'agreement',
      'gain',
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
      heading(),
      table(header, rows),
      table(['model', 'size', 'gzip', 'p50', 'p95'], latency),
      `Best epochs of the seeds: ${students.map(({ name }, i) => `\`${name}\` ${runs.map((run) => run.students[i].bestEpoch).join(', ')}`).join('; ')}. Wall clock of the ${runs.length} seeds with the teacher's outputs cached: ${seconds.join(', ')}.`,
    ].join('\n\n');
  },
  'results:features': () => {
    const { seeds, runs, students } = featureLoss;
    const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const rows = students.map(({ name, accuracy }, i) => [
      `\`${name}\``,
      share(mean(runs.map((run) => run.students[i].devAccuracy))),
      share(accuracy),
    ]);
    return `${table(['student', 'dev accuracy', 'test accuracy'], rows)}\n\nMean of ${seeds.length} seeds.`;
  },
  'results:quantization': () => {
    if (quantization === null) return 'Not measured yet.';
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
  },
  'results:runtime': () => {
    const { machine, figures } = runtime;
    const rows = figures.map(({ subject, value, unit, bound }) => [
      subject,
      `${value.toPrecision(3)} ${unit}`,
      bound === null ? '' : `${bound} ${unit}`,
    ]);
    return `${machine.cpu}, Node ${machine.node}, one thread.\n\n${table(['', 'measured', 'bound'], rows)}`;
  },
  'results:size': () =>
    table(
      ['gzip, level 9', 'bytes', 'bound'],
      size.map(({ what, bytes, bound }) => [
        what,
        bytes.toLocaleString('en'),
        bound === null ? '' : bound.toLocaleString('en'),
      ]),
    ),
  'size:runtime': () => kilobytes(size.find(({ name }) => name === 'runtime').bytes),
};

function fill(text) {
  return text.replace(/<!-- (\S+) -->[\s\S]*?<!-- \/\1 -->/g, (block, name) => {
    const content = blocks[name]?.();
    if (content === undefined) throw new Error(`expected a known block, got ${name} in ${block.slice(0, 40)}`);
    const space = content.includes('\n') || content.startsWith('|') ? '\n' : '';
    return `<!-- ${name} -->${space}${content}${space}<!-- /${name} -->`;
  });
}

let stale = false;
for (const file of ['README.md', 'RESULTS.md']) {
  const text = await readFile(file, 'utf8');
  const filled = fill(text);
  if (text === filled) continue;
  if (process.argv.includes('--check')) {
    console.error(`${file}: expected what results/*.json say, got something else; run node scripts/results.mjs`);
    stale = true;
  } else await writeFile(file, filled);
}
if (stale) process.exit(1);

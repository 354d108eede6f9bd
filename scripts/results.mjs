/**
 * Writes the tables of README.md and RESULTS.md from results/*.json and bench/results/*.json; `--check` only says whether they are up to date.
 *
 *   node scripts/results.mjs [--check]
 */
import { readFile, writeFile } from 'node:fs/promises';

const read = async (name) => JSON.parse(await readFile(`results/${name}.json`, 'utf8'));
const [
  quickstart,
  featureLoss,
  runtime,
  size,
  fineTuning,
  cold,
  warm,
  reading,
  labelling,
  tag,
  embed,
  pairs,
  images,
  slots,
] = await Promise.all(
  [
    'quickstart',
    'feature-loss',
    'runtime',
    'size',
    'fine-tuning',
    'quickstart-cold',
    'quickstart-warm',
    'reading',
    'labelling',
    'tag',
    'embed',
    'pairs',
    'images',
    'slots',
  ].map(read),
);
const [training, threads] = await Promise.all(
  ['train', 'threads'].map(async (name) => JSON.parse(await readFile(`bench/results/${name}.json`, 'utf8'))),
);

/** Null until it is measured. */
const quantization = await read('quantization').catch((error) => {
  if (error.code === 'ENOENT') return null;
  throw error;
});

/** Seconds of all stages of a run. */
const total = ({ seconds }) => Object.values(seconds).reduce((sum, stage) => sum + stage, 0);
const share = (value) => value.toFixed(3).replace(/^0/, '');
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0)} KB`;
const times = (value) => `${Number(value.toPrecision(2)).toLocaleString('en')}x`;
const digits = (value, count) => Number(value.toPrecision(count)).toLocaleString('en');
const ms = (value) => digits(value, 2);
const table = (header, rows) =>
  [header, header.map((_, i) => (i === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const seedsOf = ({ length }) => (length === 1 ? 'One seed' : `Mean of ${length} seeds`);

/** Smallest and largest of the seeds. */
function range(pick) {
  const values = quickstart.runs.map(pick);
  return `${share(Math.min(...values))} to ${share(Math.max(...values))}`;
}

function heading() {
  const { dataset, seeds, machine, backend } = quickstart;
  return `Mean of ${seeds.length} seeds; ${dataset.name}, ${dataset.labelled} of ${dataset.train} training mails labelled, ${dataset.test} test mails; trained with TensorFlow.js ${backend}; ${machine.cpu}, Node ${machine.node}.`;
}

/** A run of one seed: its students, its teacher and what they are compared with. */
function oneRun({ dataset, students, teacher, baselines, machine }) {
  const rows = [
    ...students.map((s) => [
      `\`${s.name}\`, distilled, int8`,
      share(s.accuracy),
      share(s.f1),
      s.floatAgreement.toFixed(3),
      share(s.agreement),
      `${s.bytes.toLocaleString('en')} B`,
      `${ms(s.p50Ms)} ms`,
    ]),
    [
      teacher.name,
      share(teacher.accuracy),
      share(teacher.f1),
      '',
      '',
      `${teacher.bytes.toLocaleString('en')} B`,
      `${ms(teacher.p50Ms)} ms`,
    ],
    ...baselines.map(({ name, accuracy, f1 }) => [name, share(accuracy), share(f1), '', '', '', '']),
  ];
  const { labels, labelled, train, dev, test } = dataset;
  return [
    `${dataset.name}: ${labels.length} labels, ${labelled} of ${train} training rows labelled, ${dev} dev rows, ${test} test rows; ${machine.cpu}, Node ${machine.node}.`,
    table(['model', 'accuracy', 'macro F1', 'int8 = float', 'agreement', 'size', 'p50'], rows),
  ].join('\n\n');
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
  'results:reading': () => {
    const { seeds, runs, students } = reading;
    const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
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
  },
  'results:tag': () => {
    const { dataset, seeds, students, teacher, baselines } = tag;
    const rows = students.map((s) => [
      `\`${s.name}\`, distilled, int8`,
      share(s.accuracy),
      share(s.f1),
      share(s.agreement),
      s.floatAgreement.toFixed(3),
      kilobytes(s.bytes),
      `${ms(s.p50Ms)} ms`,
    ]);
    rows.push(
      ['teacher', share(teacher.accuracy), share(teacher.f1), '', '', kilobytes(teacher.bytes), ''],
      ...baselines.map(({ name, accuracy, f1 }) => [name, share(accuracy), share(f1), '', '', '', '']),
    );
    const header = ['model', 'word accuracy', 'entity F1', 'agreement', 'int8 = float', 'size', 'p50'];
    return `${table(header, rows)}\n\n${seedsOf(seeds)}, ${dataset.labels.length} tags, ${dataset.labelled.toLocaleString('en')} of ${dataset.train.toLocaleString('en')} training rows labelled, ${dataset.test} test rows.`;
  },
  'results:embed': () => {
    const { dataset, seeds, runs, students, teacher } = embed;
    const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const rows = students.map((s, i) => [
      `\`${s.name}\`, int8`,
      share(mean(runs.map((run) => run.students[i].devAccuracy))),
      share(s.accuracy),
      share(s.f1),
      share(s.agreement),
      s.floatAgreement.toFixed(4),
      kilobytes(s.bytes),
      `${ms(s.p50Ms)} ms`,
    ]);
    const onDev = share(mean(runs.map((run) => run.teacher.devAccuracy)));
    const size = `${(teacher.bytes / 1e6).toFixed(1)} MB`;
    rows.push([teacher.name, onDev, share(teacher.accuracy), share(teacher.f1), '', '', size, '']);
    const header = [
      'model',
      'Spearman, dev',
      'Spearman, test',
      'Pearson, test',
      'cosine',
      'int8 with float',
      'size',
      'p50',
    ];
    return `${table(header, rows)}\n\n${seedsOf(seeds)}, ${dataset.train.toLocaleString('en')} training texts without a label.`;
  },
  'results:pairs': () => oneRun(pairs),
  'results:images': () => oneRun(images),
  'results:slots': () => oneRun(slots),
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
  'results:training': () => {
    const { machine, rows } = training;
    const stockOf = (row) => rows.find(({ backend, work }) => backend === 'wasm-stock' && work === row.work);
    const figures = rows.map((row) => [
      row.work,
      row.backend,
      row.workers,
      digits(row.stepMs, 3),
      row.gflops === null ? '' : digits(row.gflops, 3),
      row.examplesPerSecond === null ? '' : digits(row.examplesPerSecond, 3),
      digits(stockOf(row).stepMs / row.stepMs, 3),
    ]);
    const header = ['work', 'backend', 'workers', 'ms', 'GFLOPS', 'examples/s', 'times stock'];
    return `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}.\n\n${table(header, figures)}`;
  },
  'results:fine-tuning': () => {
    const rows = fineTuning.map(({ dataset, fineTune, seed, devAccuracy, accuracy, f1, seconds, peakMemoryBytes }) => [
      `${dataset.name.replace('fine-tune-', '')}, ${dataset.labels} labels`,
      dataset.train,
      fineTune.epochs,
      fineTune.learningRate,
      seed,
      share(devAccuracy),
      share(accuracy),
      share(f1),
      `${(seconds.training / 60).toFixed(1)} min`,
      ((dataset.train + dataset.dev + dataset.test) / seconds.labelling).toFixed(0),
      `${(peakMemoryBytes / 1e9).toFixed(1)} GB`,
    ]);
    const header = [
      'data',
      'rows',
      'epochs',
      'rate',
      'seed',
      'dev',
      'test',
      'macro F1',
      'training',
      'texts/s',
      'memory',
    ];
    return table(header, rows);
  },
  'results:threads': () =>
    table(
      ['work', 'on', 'examples/s', 'times one thread'],
      threads.map(({ work, name, examplesPerSecond, speedup }) => [work, name, examplesPerSecond, speedup]),
    ),
  'results:labelling': () => {
    const [{ name, labelled, seconds, textsPerSecond }] = labelling.models;
    return `${name}, fine-tuned on sst2, labelled ${labelled.toLocaleString('en')} sentences of it in ${Math.round(seconds)} s: ${textsPerSecond.toFixed(1)} texts a second, two threads.`;
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
  'seconds:cold': () => `${total(cold).toFixed(0)} seconds`,
  'seconds:warm': () => `${total(warm).toFixed(0)} seconds`,
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

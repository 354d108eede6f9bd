/**
 * Writes the tables of README.md, RESULTS.md and docs/loading.md from results/*.json and bench/results/*.json; `--check`
 * only says whether they are up to date.
 *
 *   node scripts/results.mjs [--check]
 */
import { readFile, writeFile } from 'node:fs/promises';
import { digits, table, times } from './markdown.mjs';
import { profileTable } from './profile-table.mjs';
import { runtimeBounds, runtimeCosts, runtimeTables } from './runtime-tables.mjs';

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
const measured = async (path) => {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
};
const quantization = await measured('results/quantization.json');
const int4 = await measured('results/int4.json');
const peers = await measured('bench/results/runtime.json');
const profile = await measured('bench/results/profile.json');
const tokenizers = await measured('bench/results/tokenizers.json');
const fuzz = await measured('results/fuzz-format.json');
const memory = await measured('results/prediction-memory.json');
const parity = await measured('results/tokenizer-parity.json');
const batch = await measured('bench/results/batch.json');
const loading = await measured('bench/results/loading.json');
const NOT_MEASURED = 'Not measured yet.';

/** Seconds of all stages of a run. */
const total = ({ seconds }) => Object.values(seconds).reduce((sum, stage) => sum + stage, 0);
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const share = (value) => value.toFixed(3).replace(/^0/, '');
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0)} KB`;
const ms = (value) => digits(value, 2);

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
    const rows = students.map(({ name, accuracy }, i) => [
      `\`${name}\``,
      share(mean(runs.map((run) => run.students[i].devAccuracy))),
      share(accuracy),
    ]);
    return `${table(['student', 'dev accuracy', 'test accuracy'], rows)}\n\nMean of ${seeds.length} seeds.`;
  },
  'results:reading': () => {
    const { seeds, runs, students } = reading;
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
    if (quantization === null) return NOT_MEASURED;
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
  'results:int4': () => {
    if (int4 === null) return NOT_MEASURED;
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
  'results:peers': () => {
    if (peers === null) return NOT_MEASURED;
    const { cpu, cores } = peers.machine;
    return [`${cpu}, ${cores} cores.`, runtimeBounds(peers), runtimeCosts(peers), runtimeTables(peers)].join('\n\n');
  },
  'results:profile': () => {
    if (profile === null) return NOT_MEASURED;
    return `${profile.machine.cpu}, ${profile.machine.cores} cores.\n\n${profileTable(profile)}`;
  },
  'results:fuzz': () => {
    if (fuzz === null) return NOT_MEASURED;
    const { machine, seed, mutants, kinds, loaded, closeLooks, hits, neverHit, seconds } = fuzz;
    const { slowestMs, largestMemoryBytes, peakBytes, limits } = fuzz;
    const part = (count) => `${((100 * count) / mutants).toFixed(1)} %`;
    const megabytes = (bytes) => `${digits(bytes / 1e6, 3)} MB`;
    const most = `${megabytes(limits.memoryBytes)} and ${limits.memoryBytesPerByte} bytes a byte of the file`;
    return [
      `${mutants.toLocaleString('en')} mutants of seed ${seed}: ${part(kinds.structure)} structural, ${part(kinds.data)} with other bytes in their data, ${part(kinds.anywhere)} with other bytes anywhere. ${part(loaded)} load; each of the others is refused with a typed error. Rules never hit: ${neverHit.length === 0 ? 'none' : neverHit.map((rule) => `\`${rule}\``).join(', ')}. Of those that load, ${closeLooks.toLocaleString('en')} ran on kernels that check every index as well. Slowest ${digits(slowestMs, 3)} ms of the processor (bound ${limits.ms} ms and ${limits.msPerKilobyte} ms a kilobyte), largest linear memory ${megabytes(largestMemoryBytes)} (bound ${most}), peak of the process ${megabytes(peakBytes)}. ${machine.cpu}, Node ${machine.node}, ${(seconds / 60).toFixed(0)} minutes.`,
      table(
        ['rule', 'mutants refused'],
        Object.entries(hits).map(([rule, count]) => [`\`${rule}\``, count.toLocaleString('en')]),
      ),
    ].join('\n\n');
  },
  'results:memory': () => {
    if (memory === null) return NOT_MEASURED;
    const { predictions, rows, node } = memory;
    const change = ([before, after]) => `${after > before ? '+' : ''}${(after - before).toLocaleString('en')}`;
    const figures = rows.map(({ student, linearBytes, heapBytes, bufferBytes }) => [
      `\`${student}\``,
      linearBytes.toLocaleString('en'),
      change(bufferBytes),
      change(heapBytes),
    ]);
    const header = ['', 'linear memory, bytes', 'change of buffers', 'change of the heap'];
    return `${predictions.toLocaleString('en')} predictions each, Node ${node}.\n\n${table(header, figures)}`;
  },
  'results:parity': () => {
    if (parity === null) return NOT_MEASURED;
    const { source, languages, texts, otherTexts, rows } = parity;
    const figures = rows.map(({ name, source: from, kind, vocabSize, tokens, causes }) => [
      name,
      from,
      `\`${kind}\``,
      vocabSize.toLocaleString('en'),
      tokens.toLocaleString('en'),
      causes.normalization,
      causes.sums,
    ]);
    const header = ['tokenizer', 'from', 'kind', 'pieces', 'tokens', 'texts that differ, normalization', 'sums'];
    return `${rows[0].tool}; ${source}, ${languages.length} languages; ${texts.toLocaleString('en')} texts, ${otherTexts} of them those of the fixtures.\n\n${table(header, figures)}`;
  },
  'results:tokenizer-speed': () => {
    if (tokenizers === null) return NOT_MEASURED;
    const { machine, rows } = tokenizers;
    const figures = rows.map(({ tokenizer, texts, leftOut, tokens, retortMs, transformersMs }) => [
      tokenizer,
      texts,
      `${leftOut.retort} / ${leftOut.transformers}`,
      digits((1000 * retortMs) / tokens, 2),
      digits((1000 * transformersMs) / tokens, 2),
      times(transformersMs / retortMs),
      transformersMs / retortMs >= 5 ? 'holds' : '**misses**',
    ]);
    const header = ['tokenizer', 'texts', 'wrong', 'us a token', 'transformers.js', 'times as long', 'at least 5x'];
    return `${machine.cpu}, Node ${machine.node}, one thread.\n\n${table(header, figures)}`;
  },
  'results:batch': () => {
    if (batch === null) return NOT_MEASURED;
    const { machine, texts, rows } = batch;
    const figures = rows.map(({ student, on, p50Ms, speedup }) => [
      `\`${student}\``,
      on,
      digits(p50Ms, 3),
      times(speedup),
    ]);
    return `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${texts} texts.\n\n${table(['student', 'on', 'p50 ms', 'times no pool'], figures)}`;
  },
  'results:loading': () => {
    if (loading === null) return NOT_MEASURED;
    const { machine, rows } = loading;
    const figures = rows.map(({ bytes, copyMs, readMs, loadMs, integrityMs }) => [
      kilobytes(bytes),
      digits(copyMs, 3),
      digits(readMs, 3),
      digits(loadMs, 3),
      digits(integrityMs, 3),
    ]);
    const header = ['student', 'memory and copy alone', '`readStudent`', '`loadStudent`', 'with `integrity`'];
    return `${table(header, figures)}\n\n${machine.cpu}, Node ${machine.node}.`;
  },
  'results:load-floor': () => {
    if (loading?.beside == null) return NOT_MEASURED;
    const { bytes, copyMs, simdMs, int8Ms, fp32Ms } = loading.beside;
    const peerMs = Math.min(int8Ms, fp32Ms);
    return `In one process of Node ${loading.machine.node}, in turns, onnxruntime-web took ${digits(peerMs, 3)} ms from the bytes of the student of ${kilobytes(bytes)} to a first answer, Retort on SIMD128 ${digits(simdMs, 3)} ms (${times(peerMs / simdMs)}), and a new memory of WebAssembly with one copy of the bytes alone, without a check, a kernel or an answer, ${digits(copyMs, 3)} ms (${times(peerMs / copyMs)}).`;
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
for (const file of ['README.md', 'RESULTS.md', 'docs/loading.md']) {
  const text = await readFile(file, 'utf8');
  const filled = fill(text);
  if (text === filled) continue;
  if (process.argv.includes('--check')) {
    console.error(`${file}: expected what results/*.json say, got something else; run node scripts/results.mjs`);
    stale = true;
  } else await writeFile(file, filled);
}
if (stale) process.exit(1);

/**
 * The tables of bench/results/runtime.json: what the project asks for and whether it holds, on each host and with each
 * module, and every measurement. Of a peer with several variants the faster one counts, case by case.
 */
import { digits, table, times } from './markdown.mjs';
import { bareShare } from './profile-table.mjs';

/** Modules of Retort that are held against the bounds, fastest first. */
const MODULES = ['retort-relaxed', 'retort-simd'];

/** Variants of each peer. */
const PEERS = {
  'onnxruntime-web': ['onnxruntime-web-int8', 'onnxruntime-web-fp32'],
  'onnxruntime-node': ['onnxruntime-node-int8'],
  'TensorFlow.js': ['tfjs-wasm'],
  fastText: ['fasttext-wasm'],
};

const WEB = 'onnxruntime-web';
const NATIVE = 'onnxruntime-node';

/** Least times faster than a peer at batch 1, at every length. */
const LATENCY_BOUNDS = [
  ...Object.entries({ static: 5, conv: 3, 'transformer-2x128': 2, 'transformer-4x256': 1.2 }).map(
    ([student, least]) => ({
      student,
      peer: WEB,
      field: 'p50Ms',
      least: () => least,
    }),
  ),
  ...['static', 'conv', 'transformer-2x128', 'transformer-4x256'].map((student) => ({
    student,
    peer: WEB,
    field: 'coldMs',
    least: (module) => (module === 'retort-relaxed' ? 2 : 1.2),
  })),
  ...Object.entries({ static: 1, conv: 1, 'transformer-2x128': 1 / 2.5, 'transformer-4x256': 1 / 4.5 }).map(
    ([student, least]) => ({ student, peer: NATIVE, field: 'p50Ms', least: () => least }),
  ),
  ...['static', 'conv', 'transformer-2x128', 'transformer-4x256'].map((student) => ({
    student,
    peer: 'TensorFlow.js',
    field: 'p50Ms',
    least: () => 1,
  })),
  { student: 'static-words', peer: 'fastText', field: 'p50Ms', least: () => 1 },
  { student: 'chain-8x256', peer: WEB, field: 'p50Ms', least: () => 1.15 },
];

/** The int8 product alone, 32 x 256 x 256: its least rate in SIMD128, and how many times that relaxed SIMD has at least. */
const PRODUCT = 'chain-8x256';
const LEAST_PRODUCT_GOPS = 80;
const MODULE_BOUNDS = [
  { isCold: false, least: 1 },
  { isCold: true, least: 2 },
];

/** Least billions of operations a second of the chain of products, quantization included. */
const LEAST_CHAIN_GOPS = 70;

/** Most of a figure that Retort has by itself. */
const OWN_BOUNDS = [
  { what: 'call beyond its arithmetic', student: 'least', field: 'p50Ms', scale: 1000, unit: 'us', most: 5 },
  { what: 'load of 1 MB to the first answer', student: 'static', field: 'loadMs', scale: 1, unit: 'ms', most: 5 },
  { what: 'memory beyond an idle process', student: 'static', field: 'rssMb', scale: 1, unit: 'MB', most: 15 },
  {
    what: 'script and one wasm module, gzip',
    student: 'static',
    field: 'gzipBytes',
    scale: 1 / 1024,
    unit: 'KB',
    most: 20,
    modules: ['retort-simd'],
  },
];

/** Least times faster than onnxruntime-web makes a session and answers. */
const LEAST_LOAD = 20;

const temperature = (field) => (field === 'coldMs' ? 'cold' : 'hot');
const verdict = (holds) => (holds ? 'holds' : '**misses**');
const isSameCase = (a, b) => ['host', 'student', 'seqLen', 'batch'].every((field) => a[field] === b[field]);

/** The first load that belongs to a row. */
const startOf = (starts, row) =>
  starts.find((start) => ['host', 'contestant', 'student'].every((field) => start[field] === row[field]));

/** How many times as long as `row` the faster variant of a peer takes; null where there is nothing to compare. */
function ratio(rows, row, peer, field) {
  const others = rows.filter((other) => isSameCase(row, other) && PEERS[peer].includes(other.contestant));
  const values = others.map((other) => other[field]).filter((value) => value !== null);
  return values.length === 0 || row[field] === null ? null : Math.min(...values) / row[field];
}

/**
 * What the project asks for, a line for each host and module: the worst length counts. Where a bound on hot latency is missed
 * at a length that was profiled, what the bare arithmetic would give stands beside it.
 */
export function runtimeBounds({ rows, starts }, profile) {
  const lines = [];
  const hosts = [...new Set(rows.map(({ host }) => host))];
  const add = (what, host, module, measured, bound, holds) =>
    lines.push([what, host, module.replace('retort-', ''), measured, bound, verdict(holds)]);
  const own = (host, module, student) =>
    rows.filter((row) => row.host === host && row.contestant === module && row.student === student && row.batch === 1);
  const each = (measure) => {
    for (const host of hosts) for (const module of MODULES) measure(host, module);
  };
  for (const { student, peer, field, least } of LATENCY_BOUNDS) {
    each((host, module) => {
      const ratios = own(host, module, student)
        .map((row) => ({ row, value: ratio(rows, row, peer, field) }))
        .filter(({ value }) => value !== null)
        .sort((a, b) => a.value - b.value);
      if (ratios.length === 0) return;
      const [{ row, value }] = ratios;
      const what = `\`${student}\` over ${peer}, ${temperature(field)}`;
      const bound = least(module);
      const profiled = profile?.rows.find(
        (one) =>
          field === 'p50Ms' &&
          !one.isCold &&
          ['host', 'contestant', 'student', 'seqLen'].every((name) => one[name] === row[name]),
      );
      const most = profiled && value < bound ? `, ${times(value / bareShare(profiled))} at most` : '';
      add(what, host, module, `${times(value)} at ${row.seqLen} tokens${most}`, `>= ${times(bound)}`, value >= bound);
    });
  }
  const product = (host, contestant, cold) =>
    profile?.rows.find(
      (row) => row.student === PRODUCT && row.host === host && row.contestant === contestant && row.isCold === cold,
    );
  for (const host of hosts) {
    const what = 'int8 product 32 x 256 x 256 alone';
    const plain = product(host, 'retort-simd', false);
    if (plain !== undefined) {
      const { gops, ceiling } = plain;
      const rate = `${digits(gops.matmulInt8, 3)} GOPS, ${digits(ceiling.products, 3)} at most`;
      add(what, host, 'simd', rate, `>= ${LEAST_PRODUCT_GOPS} GOPS`, gops.matmulInt8 >= LEAST_PRODUCT_GOPS);
    }
    for (const { isCold, least } of MODULE_BOUNDS) {
      const [relaxed, simd] = MODULES.map((module) => product(host, module, isCold));
      if (relaxed === undefined || simd === undefined) continue;
      const value = relaxed.gops.matmulInt8 / simd.gops.matmulInt8;
      const subject = `${what}, over SIMD128, ${isCold ? 'cold' : 'hot'}`;
      add(subject, host, 'relaxed', times(value), `>= ${times(least)}`, value >= least);
    }
  }
  each((host, module) => {
    const [row] = own(host, module, 'chain-8x256');
    if (row === undefined) return;
    const rate = `${digits(row.gops, 3)} GOPS`;
    add('rate of `chain-8x256`', host, module, rate, `>= ${LEAST_CHAIN_GOPS} GOPS`, row.gops >= LEAST_CHAIN_GOPS);
  });
  each((host, module) => {
    const loads = [
      ['load of 1 MB', own(host, module, 'static')[0], rows, 'loadMs'],
      [
        'first load of 1 MB in a process',
        startOf(starts, { host, contestant: module, student: 'static' }),
        starts,
        'firstLoadMs',
      ],
    ];
    for (const [what, row, all, field] of loads) {
      const value = row && ratio(all, row, WEB, field);
      if (value == null) continue;
      add(`${what} over ${WEB}`, host, module, times(value), `>= ${times(LEAST_LOAD)}`, value >= LEAST_LOAD);
    }
  });
  for (const { what, student, field, scale, unit, most, modules = MODULES } of OWN_BOUNDS) {
    each((host, module) => {
      if (!modules.includes(module)) return;
      const [row] = own(host, module, student);
      if (row === undefined || row[field] === null) return;
      const value = scale * row[field];
      add(what, host, module, `${digits(value, 3)} ${unit}`, `<= ${most} ${unit}`, value <= most);
    });
  }
  return table(['', 'host', 'module', 'worst', 'bound', ''], lines);
}

/** Every measurement of a student in a table: Retort's milliseconds, and how many times as long each peer takes. */
export function runtimeTables({ rows }) {
  const students = [...new Set(rows.map(({ student }) => student))];
  return students
    .map((student) => {
      const own = rows.filter((row) => row.student === student && row.contestant.startsWith('retort'));
      const peers = Object.keys(PEERS).filter((peer) => own.some((row) => ratio(rows, row, peer, 'p50Ms') !== null));
      const cell = (value, spell) => (value === null ? '' : spell(value));
      const lines = own
        .toSorted((a, b) => a.seqLen - b.seqLen || a.batch - b.batch)
        .map((row) => [
          `${row.seqLen}`,
          `${row.batch}`,
          row.host,
          row.contestant.replace('retort-', ''),
          digits(row.p50Ms, 3),
          digits(row.p95Ms, 3),
          cell(row.coldMs, (value) => digits(value, 3)),
          digits(row.gops, 3),
          ...peers.map((peer) => cell(ratio(rows, row, peer, 'p50Ms'), times)),
          ...(peers.includes(WEB) ? [cell(ratio(rows, row, WEB, 'coldMs'), times)] : []),
        ]);
      const header = ['tokens', 'texts', 'host', 'module', 'p50 ms', 'p95 ms', 'cold ms', 'GOPS'];
      const ratios = [...peers, ...(peers.includes(WEB) ? [`${WEB} cold`] : [])];
      return `\`${student}\`:\n\n${table([...header, ...ratios], lines)}`;
    })
    .join('\n\n');
}

/** What a page ships, loads and keeps, by contestant, on the student of 1 MB. */
export function runtimeCosts({ rows, starts }) {
  const cell = (value, spell) => (value == null ? '' : spell(value));
  const first = rows.filter(({ student, seqLen, batch }) => student === 'static' && seqLen === 16 && batch === 1);
  const lines = first.map((row) => {
    const start = startOf(starts, row);
    return [
      `\`${row.contestant}\``,
      row.host,
      cell(row.gzipBytes, (bytes) => `${digits(bytes / 1024, 3)} KB`),
      `${digits(row.loadMs, 3)} ms`,
      cell(start?.firstLoadMs, (ms) => `${digits(ms, 3)} ms`),
      cell(row.rssMb, (mb) => `${digits(mb, 3)} MB`),
    ];
  });
  return table(['', 'host', 'script and wasm, gzip', 'load', 'first load of a process', 'memory'], lines);
}

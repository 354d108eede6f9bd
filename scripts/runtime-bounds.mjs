/**
 * What the project asks of bench/results/runtime.json and bench/results/profile.json, and whether it holds, on each host and
 * with each module.
 */
import { digits, table } from './markdown.mjs';
import { NATIVE, peerMs, ratio, startOf, WEB } from './runtime-rows.mjs';

/** Modules of Retort that are held against the bounds, fastest first. */
const MODULES = ['retort-relaxed', 'retort-simd'];

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
const times = (value) => `${digits(value, 3)}x`;

/** Every bound, a line for each host and module; of several lengths the worst counts. */
export function runtimeBounds(results, profile) {
  const hosts = [...new Set(results.rows.map(({ host }) => host))];
  const runs = hosts.flatMap((host) => MODULES.map((module) => ({ host, module })));
  const lines = [
    ...LATENCY_BOUNDS.flatMap((bound) => runs.map((run) => latencyLine(results, run, bound))),
    ...hosts.flatMap((host) => productLines(profile, host)),
    ...runs.map((run) => chainLine(results, run)),
    ...runs.flatMap((run) => loadLines(results, run)),
    ...OWN_BOUNDS.flatMap((bound) => runs.map((run) => ownLine(results, run, bound))),
  ];
  return table(
    ['', 'host', 'module', 'worst', 'bound', ''],
    lines.filter((line) => line !== null),
  );
}

const lineOf = (what, { host, module }, measured, bound, holds) => [
  what,
  host,
  module.replace('retort-', ''),
  measured,
  bound,
  holds ? 'holds' : '**misses**',
];

/** The rows of a student on one text. */
const rowsOf = ({ rows }, { host, module }, student) =>
  rows.filter((row) => row.host === host && row.contestant === module && row.student === student && row.batch === 1);

/** What a bound that is missed would be at the floor of the case, whose turns were those of the peer. */
function atMost({ rows, floors }, { host, module }, row, peer, field) {
  const floor = floors.find(
    (one) => one.host === host && one.module === module && one.student === row.student && one.seqLen === row.seqLen,
  );
  return floor === undefined ? '' : `, ${times(peerMs(rows, row, peer, field) / floor[field])} at most`;
}

function latencyLine(results, run, { student, peer, field, least }) {
  const ratios = rowsOf(results, run, student)
    .map((row) => ({ row, value: ratio(results.rows, row, peer, field) }))
    .filter(({ value }) => value !== null)
    .sort((a, b) => a.value - b.value);
  if (ratios.length === 0) return null;
  const [{ row, value }] = ratios;
  const bound = least(run.module);
  const most = value < bound && field === 'p50Ms' ? atMost(results, run, row, peer, field) : '';
  const measured = `${times(value)} at ${row.seqLen} tokens${most}`;
  return lineOf(
    `\`${student}\` over ${peer}, ${temperature(field)}`,
    run,
    measured,
    `>= ${times(bound)}`,
    value >= bound,
  );
}

function productLines(profile, host) {
  const what = 'int8 product 32 x 256 x 256 alone';
  const product = (contestant, isCold) =>
    profile?.rows.find(
      (row) => row.student === PRODUCT && row.host === host && row.contestant === contestant && row.isCold === isCold,
    );
  const plain = product('retort-simd', false);
  if (plain === undefined) return [];
  const { gops, ceiling } = plain;
  const rate = `${digits(gops.matmulInt8, 3)} GOPS, ${digits(ceiling.products, 3)} at most`;
  const holds = gops.matmulInt8 >= LEAST_PRODUCT_GOPS;
  const lines = [lineOf(what, { host, module: 'simd' }, rate, `>= ${LEAST_PRODUCT_GOPS} GOPS`, holds)];
  for (const { isCold, least } of MODULE_BOUNDS) {
    const [relaxed, simd] = MODULES.map((module) => product(module, isCold));
    if (relaxed === undefined) continue;
    const value = relaxed.gops.matmulInt8 / simd.gops.matmulInt8;
    const subject = `${what}, over SIMD128, ${isCold ? 'cold' : 'hot'}`;
    lines.push(lineOf(subject, { host, module: 'relaxed' }, times(value), `>= ${times(least)}`, value >= least));
  }
  return lines;
}

function chainLine(results, run) {
  const [row] = rowsOf(results, run, PRODUCT);
  if (row === undefined) return null;
  const rate = `${digits(row.gops, 3)} GOPS`;
  return lineOf(`rate of \`${PRODUCT}\``, run, rate, `>= ${LEAST_CHAIN_GOPS} GOPS`, row.gops >= LEAST_CHAIN_GOPS);
}

function loadLines(results, run) {
  const { rows, starts } = results;
  const [row] = rowsOf(results, run, 'static');
  const start = startOf(starts, { ...run, contestant: run.module, student: 'static' });
  return [
    ['load of 1 MB', row, rows, 'loadMs'],
    ['first load of 1 MB in a process', start, starts, 'firstLoadMs'],
  ].map(([what, one, all, field]) => {
    const value = one && ratio(all, one, WEB, field);
    if (value == null) return null;
    const most = value < LEAST_LOAD && field === 'loadMs' ? atMost(results, run, row, WEB, field) : '';
    const measured = `${times(value)}${most}`;
    return lineOf(`${what} over ${WEB}`, run, measured, `>= ${times(LEAST_LOAD)}`, value >= LEAST_LOAD);
  });
}

function ownLine(results, run, { what, student, field, scale, unit, most, modules = MODULES }) {
  const [row] = rowsOf(results, run, student);
  if (!modules.includes(run.module) || row === undefined || row[field] === null) return null;
  const value = scale * row[field];
  return lineOf(what, run, `${digits(value, 3)} ${unit}`, `<= ${most} ${unit}`, value <= most);
}

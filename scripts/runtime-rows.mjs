/** Looks up what belongs together in bench/results/runtime.json. Of a peer with several variants the faster one counts. */

/** Variants of each peer. */
export const PEERS = {
  'onnxruntime-web': ['onnxruntime-web-int8', 'onnxruntime-web-fp32'],
  'onnxruntime-node': ['onnxruntime-node-int8'],
  'TensorFlow.js': ['tfjs-wasm'],
  fastText: ['fasttext-wasm'],
};

export const WEB = 'onnxruntime-web';
export const NATIVE = 'onnxruntime-node';

const isSame = (fields) => (a, b) => fields.every((field) => a[field] === b[field]);
const isSameCase = isSame(['host', 'student', 'seqLen', 'batch']);
const isSameStart = isSame(['host', 'contestant', 'student']);

/** The first load that belongs to a row. */
export const startOf = (starts, row) => starts.find((start) => isSameStart(start, row));

/** What the faster variant of a peer takes at the case of `row`; null where it was not timed. */
export function peerMs(rows, row, peer, field) {
  const others = rows.filter((other) => isSameCase(row, other) && PEERS[peer].includes(other.contestant));
  const values = others.map((other) => other[field]).filter((value) => value !== null);
  return values.length === 0 ? null : Math.min(...values);
}

/** How many times as long as `row` the faster variant of a peer takes; null where there is nothing to compare. */
export function ratio(rows, row, peer, field) {
  const value = peerMs(rows, row, peer, field);
  return value === null || row[field] === null ? null : value / row[field];
}

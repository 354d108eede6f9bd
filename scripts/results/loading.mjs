/** The time to load a student, and what it cannot go below. */
import { digits, table, times } from '../markdown.mjs';
import { kilobytes } from './figures.mjs';

export function loadingTable({ machine, rows }) {
  const figures = rows.map(({ embedding, bytes, copyMs, readMs, loadMs, integrityMs }) => [
    `${kilobytes(bytes)}${embedding === 'int4' ? ', int4' : ''}`,
    digits(copyMs, 3),
    digits(readMs, 3),
    digits(loadMs, 3),
    digits(integrityMs, 3),
  ]);
  const header = ['student', 'memory and copy alone', '`readStudent`', '`loadStudent`', 'with `integrity`'];
  return `${table(header, figures)}\n\n${machine.cpu}, Node ${machine.node}.`;
}

export function loadFloor({ machine, beside }) {
  if (beside === null) return 'Not measured yet.';
  const { bytes, copyMs, simdMs, int8Ms, fp32Ms } = beside;
  const peerMs = Math.min(int8Ms, fp32Ms);
  return `In one process of Node ${machine.node}, in turns, onnxruntime-web took ${digits(peerMs, 3)} ms from the bytes of the student of ${kilobytes(bytes)} to a first answer, Retort on SIMD128 ${digits(simdMs, 3)} ms (${times(peerMs / simdMs)}), and a new memory of WebAssembly with one copy of the bytes alone, without a check, a kernel or an answer, ${digits(copyMs, 3)} ms (${times(peerMs / copyMs)}).`;
}

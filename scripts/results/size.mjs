/** Sizes of what users ship. */
import { table } from '../markdown.mjs';
import { kilobytes } from './figures.mjs';

export function sizeTable(size) {
  return table(
    ['gzip, level 9', 'bytes', 'bound'],
    size.map(({ what, bytes, bound }) => [
      what,
      bytes.toLocaleString('en'),
      bound === null ? '' : bound.toLocaleString('en'),
    ]),
  );
}

export const runtimeSize = (size) => sizeOf(size, 'runtime');
export const standaloneSize = (size) => sizeOf(size, 'standalone');

function sizeOf(size, wanted) {
  return kilobytes(size.find(({ name }) => name === wanted).bytes);
}

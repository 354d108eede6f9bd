/** Memory over many predictions. */
import { table } from '../markdown.mjs';

export function memoryTable(memory) {
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
}

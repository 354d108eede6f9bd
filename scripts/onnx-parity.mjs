/**
 * Compares an ONNX teacher with what Python's ONNX Runtime makes of the same texts:
 *
 *   venv/bin/python test/train/teachers/onnx-golden.py --compare MODEL reference.json < texts.txt
 *   node scripts/onnx-parity.mjs MODEL reference.json
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadModel, modelTokenizer } from '../dist/train/index.js';

const [directory, reference] = process.argv.slice(2);
if (reference === undefined) {
  console.error('usage: node scripts/onnx-parity.mjs MODEL reference.json');
  process.exit(1);
}
const { versions, texts, rows, maxTokens } = JSON.parse(await readFile(reference, 'utf8'));
const base = { kind: 'onnx', directory: resolve(directory), file: null, labels: {}, device: 'cpu', output: null };
const options = { ...base, maxTokens, maxCharacters: 100_000, pooling: 'mean' };
const { id2label = {} } = JSON.parse(await readFile(resolve(directory, 'config.json'), 'utf8'));
const labels = Object.keys(id2label).map((id) => id2label[id]);

const tokenizer = await modelTokenizer(options);
const same = texts.filter((text, i) => {
  return [...tokenizer.ids.slice(0, tokenizer.encode(text).count)].join() === rows[i].ids.join();
});
console.log(`${directory}, against ${JSON.stringify(versions)}`);
console.log(`${texts.length} texts; the same ids: ${same.length}`);
for (const output of 'logits' in rows[0] ? ['logits'] : ['mean', 'cls']) {
  const way = output === 'logits' ? {} : { pooling: output };
  const model = await loadModel({ options: { ...options, ...way }, backend: 'cpu', labels, multiLabel: false });
  const started = performance.now();
  const outputs = await model.run(texts);
  const seconds = (performance.now() - started) / 1000;
  const differences = outputs.map((values, i) => Math.max(...values.map((x, k) => Math.abs(x - rows[i][output][k]))));
  const largest = Math.max(...rows.flatMap((row) => row[output].map(Math.abs)));
  const worst = Math.max(...differences).toExponential(2);
  const rate = (texts.length / seconds).toFixed(1);
  console.log(`${output}: largest difference ${worst} of values up to ${largest.toFixed(2)}; ${rate} texts/s`);
  await model.dispose();
}

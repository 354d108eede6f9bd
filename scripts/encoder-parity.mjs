/**
 * Compares an encoder with what `transformers` makes of the same texts:
 *
 *   venv/bin/python test/train/teachers/encoder-golden.py --compare MODEL reference.json < texts.txt
 *   node scripts/encoder-parity.mjs MODEL reference.json [wasm|cpu]
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { chooseBackend, loadModel, modelTokenizer } from '../dist/train/index.js';

const [model, reference, backend = 'wasm'] = process.argv.slice(2);
if (reference === undefined) {
  console.error('usage: node scripts/encoder-parity.mjs MODEL reference.json [wasm|cpu]');
  process.exit(1);
}
const { versions, texts, rows, maxTokens } = JSON.parse(await readFile(reference, 'utf8'));
await chooseBackend(backend);
const base = {
  kind: 'encoder',
  directory: resolve(model),
  maxTokens,
  maxCharacters: 100_000,
  head: 'fitted',
  fineTune: null,
};
const tokenizer = await modelTokenizer({ ...base, pooling: 'mean' });
const encodings = texts.map((text) => [...tokenizer.ids.slice(0, tokenizer.encode(text).count)]);
const sameIds = encodings.filter((ids, i) => ids.join() === rows[i].ids.join()).length;
console.log(`${model} on ${backend}, against ${JSON.stringify(versions)}`);
console.log(`${texts.length} texts, ${encodings.flat().length} tokens; the same ids: ${sameIds} texts`);
for (const pooling of ['mean', 'cls']) {
  const encoder = await loadModel({ options: { ...base, pooling }, backend, labels: [], multiLabel: false });
  const outputs = await encoder.run(texts);
  const differences = outputs.map((features, i) =>
    features.reduce((most, value, k) => Math.max(most, Math.abs(value - rows[i][pooling][k])), 0),
  );
  const worst = differences.indexOf(Math.max(...differences));
  const largest = Math.max(...rows.flatMap((row) => row[pooling].map(Math.abs)));
  console.log(
    `${pooling}: largest difference ${differences[worst].toExponential(2)} of values up to ${largest.toFixed(2)}`,
  );
  console.log(`  at ${JSON.stringify(texts[worst].slice(0, 80))}`);
  await encoder.dispose();
}

/**
 * Whether two sentences say the same, from a sentence encoder that knows nothing of the task:
 *
 *   RETORT_DATA=stsb npx retort distill examples/pairs
 *
 * RETORT_DATA is a folder with train.jsonl, dev.jsonl and test.jsonl of the STS benchmark (Cer et al. 2017,
 * arXiv:1708.00055), whose rows have `text`, `pair` and a `label` from 0 to 5. From 4 on two sentences are `same`, up to
 * 2 `different`. What lies between is neither: it stays in train as unlabelled, and is left out of dev and test.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { contentHash, type Dataset, defineConfig, type Row } from 'retort-edge/train';

const LABELS = ['different', 'same'];

function read(folder: string, split: string): readonly Row[] {
  const lines = readFileSync(join(folder, `${split}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  const rows = lines.map((line): Row => {
    const { text, pair, label } = JSON.parse(line);
    const fields = { text, pair };
    const score = Number(label);
    return { id: contentHash(fields), fields, labels: score >= 4 ? ['same'] : score <= 2 ? ['different'] : null };
  });
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

function data(): Dataset {
  const { RETORT_DATA } = process.env;
  if (RETORT_DATA === undefined) {
    throw new Error("RETORT_DATA: expected a folder, got nothing; set it as the example's head says");
  }
  const [train, dev, test] = ['train', 'dev', 'test'].map((split) => read(resolve(RETORT_DATA), split));
  const heldOut = new Set([...dev, ...test].map(({ id }) => id));
  const ofTest = new Set(test.map(({ id }) => id));
  return {
    name: 'stsb, same or different',
    labels: LABELS,
    multiLabel: false,
    teacherField: 'text',
    studentField: 'text',
    pairField: 'pair',
    train: train.filter(({ id }) => !heldOut.has(id)),
    dev: dev.filter(({ id, labels }) => labels !== null && !ofTest.has(id)),
    test: test.filter(({ labels }) => labels !== null),
  };
}

export default defineConfig({
  name: 'pairs',
  data,
  teacher: { kind: 'universal-sentence-encoder' },
  students: [
    { family: 'static', charNgrams: [3, 5], hiddenSize: 32, training: { epochs: 16 } },
    { family: 'conv', training: { epochs: 16 } },
  ],
  outDir: '../../out/pairs',
  cacheDir: '../../out/cache',
});

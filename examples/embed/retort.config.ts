/**
 * Distills the vectors of a sentence encoder: no label is needed to learn, only texts. Measured by STS-B (Cer et al. 2017,
 * arXiv:1708.00055): how well the cosine of two vectors orders pairs of sentences as people do.
 *
 *   RETORT_DATA=datasets npx retort distill examples/embed
 *
 * RETORT_DATA is a folder with stsb/train.jsonl, stsb/dev.jsonl and stsb/test.jsonl, whose rows have `text`, `pair` and
 * `label`, a similarity from 0 to 5. More texts to learn from, each with a `text`: RETORT_TEXTS, names of other folders in
 * it, e.g. `banking77,sst2`. RETORT_SEEDS, e.g. `0,1,2`, takes other seeds than 0.
 */
import { join, resolve } from 'node:path';
import { contentHash, type Dataset, defineConfig, readRows } from 'retort-edge/train';

const { RETORT_DATA, RETORT_TEXTS = '', RETORT_SEEDS = '0' } = process.env;
if (RETORT_DATA === undefined) {
  throw new Error("RETORT_DATA: expected a folder, got nothing; set it as the example's head says");
}
const folder = resolve(RETORT_DATA);

interface Pair {
  readonly texts: readonly [string, string];
  readonly similarity: number;
}

/** Texts of one column, and what stands in the other. */
async function read(file: string, text: string, label: string): Promise<readonly [string, string][]> {
  const rows = await readRows(join(folder, file), { text, label, id: null, labelSeparator: null });
  return rows.map(({ fields, labels }) => [fields.text, labels?.[0] ?? '']);
}

async function readPairs(split: string): Promise<readonly Pair[]> {
  const [texts, scores] = await Promise.all([
    read(`stsb/${split}.jsonl`, 'text', 'pair'),
    read(`stsb/${split}.jsonl`, 'text', 'label'),
  ]);
  return texts.map((pair, row) => ({ texts: pair, similarity: Number(scores[row][1]) }));
}

/** Rows of texts, each once, without those that are held out. */
function rowsOf(texts: readonly string[], heldOut: ReadonlySet<string> = new Set()) {
  const fields = [...new Set(texts)].filter((text) => !heldOut.has(text)).map((text) => ({ text }));
  return fields.map((one) => ({ id: contentHash(one), fields: one, labels: null }));
}

async function load(): Promise<Dataset> {
  const [train, dev, test] = await Promise.all(['train', 'dev', 'test'].map(readPairs));
  const textsOf = (pairs: readonly Pair[]): string[] => pairs.flatMap((pair) => [...pair.texts]);
  const names = RETORT_TEXTS === '' ? [] : RETORT_TEXTS.split(',');
  const more = await Promise.all(names.map((name) => read(`${name}/train.jsonl`, 'text', 'label')));
  const inTest = new Set(textsOf(test));
  // A pair of dev that has a text of test is left out.
  const ofDev = dev.filter(({ texts }) => !texts.some((text) => inTest.has(text)));
  const heldOut = new Set([...inTest, ...textsOf(ofDev)]);
  return {
    ...{ name: 'embed', task: 'embed', labels: [], multiLabel: false, teacherField: 'text', studentField: 'text' },
    train: rowsOf([...textsOf(train), ...more.flat().map(([text]) => text)], heldOut),
    dev: rowsOf(textsOf(ofDev)),
    test: rowsOf([...inTest]),
    similar: { dev: ofDev, test },
  };
}

export default defineConfig({
  name: 'embed',
  data: load,
  teacher: { kind: 'universal-sentence-encoder' },
  students: [
    { family: 'static', hiddenSize: 64, perceptronSize: 0, buckets: 4096, training: { epochs: 8, stepsPerEpoch: 300 } },
    { family: 'conv', hiddenSize: 64, maxPieces: 3000, training: { epochs: 8, stepsPerEpoch: 300 } },
  ],
  seeds: RETORT_SEEDS.split(',').map(Number),
  outDir: '../../out/embed',
  cacheDir: '../../out/cache',
});

/**
 * Texts of one label each, of which a thousand are labelled: a sentence encoder with a head fitted on those says what it
 * thinks of all, and a student with attention learns from it, beside one with convolutions.
 *
 *   RETORT_DATA=trec6 npx retort distill examples/classify --seeds 3
 *
 * RETORT_DATA is a folder with train.jsonl, test.jsonl and perhaps dev.jsonl, whose rows have `text` and `label`; without
 * dev.jsonl a tenth of train becomes dev, by content hash.
 */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import {
  type DataContext,
  type Dataset,
  defineConfig,
  hideLabels,
  type Row,
  readRows,
  splitByHash,
} from 'retort-edge/train';

/** Labelled training rows. */
const LABELLED = 1000;
const DEV_SHARE = 0.1;
const COLUMNS = { text: 'text', label: 'label', id: null, labelSeparator: null };

const { RETORT_DATA } = process.env;
if (RETORT_DATA === undefined) {
  throw new Error("RETORT_DATA: expected a folder, got nothing; set it as the example's head says");
}
const folder = resolve(RETORT_DATA);
const name = `classify-${basename(folder)}`;

/** The rows of a split, each text once. */
async function read(split: string): Promise<readonly Row[]> {
  const rows = await readRows(join(folder, `${split}.jsonl`), COLUMNS);
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

async function data({ seed }: DataContext): Promise<Dataset> {
  const test = await read('test');
  const ofTest = new Set(test.map(({ id }) => id));
  const known = (await read('train')).filter(({ id }) => !ofTest.has(id));
  const { train, dev } = existsSync(join(folder, 'dev.jsonl'))
    ? { train: known, dev: await read('dev') }
    : splitByHash(known, { dev: DEV_SHARE, test: 0 }, seed);
  const ofDev = new Set(dev.map(({ id }) => id));
  const learned = train.filter(({ id }) => !ofDev.has(id));
  const { rows, hidden } = hideLabels(learned, LABELLED, seed);
  return {
    name: basename(folder),
    labels: [...new Set(learned.flatMap(({ labels }) => labels!))].sort(),
    multiLabel: false,
    teacherField: 'text',
    studentField: 'text',
    train: rows,
    dev: dev.filter(({ id }) => !ofTest.has(id)),
    test,
    hiddenLabels: hidden,
  };
}

export default defineConfig({
  name,
  data,
  teacher: { kind: 'universal-sentence-encoder' },
  students: [
    { family: 'transformer', training: { epochs: 16 } },
    { family: 'conv', training: { epochs: 16 } },
  ],
  baselines: false,
  outDir: `../../out/${name}`,
  cacheDir: '../../out/cache',
});

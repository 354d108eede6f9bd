/**
 * Tags the slots of commands to a voice assistant: a tenth of the training rows keeps its tags, the others are the
 * transfer set, which a larger Retort model tags for the student.
 *
 *   RETORT_DATA=snips_slots npx retort distill examples/tag
 *
 * RETORT_DATA is a folder with train.jsonl, dev.jsonl and test.jsonl, whose rows have `tokens` and `tags` (IOB2), e.g. the
 * slots of SNIPS (Coucke et al. 2018, arXiv:1805.10190). RETORT_SEEDS, e.g. `0,1,2`, takes other seeds than 0.
 */
import { join, resolve } from 'node:path';
import { type Dataset, defineConfig, hideLabels, type Row, readRows } from 'retort-edge/train';

const { RETORT_DATA, RETORT_SEEDS = '0' } = process.env;
if (RETORT_DATA === undefined) {
  throw new Error("RETORT_DATA: expected a folder, got nothing; set it as the example's head says");
}
const folder = resolve(RETORT_DATA);

/** The rows of a split, each text once, without those whose text is held out. */
async function read(split: string, heldOut: readonly Row[] = []): Promise<readonly Row[]> {
  const columns = { task: 'tag', text: 'tokens', label: 'tags', id: null, labelSeparator: null } as const;
  const rows = new Map((await readRows(join(folder, `${split}.jsonl`), columns)).map((row) => [row.id, row]));
  for (const { id } of heldOut) rows.delete(id);
  return [...rows.values()];
}

async function load(seed: number): Promise<Dataset> {
  const test = await read('test');
  const dev = await read('dev', test);
  const { rows: train, hidden } = hideTags(await read('train', [...dev, ...test]), seed);
  const labels = [
    ...new Set([...hidden.values(), ...[...train, ...dev, ...test].map((row) => row.labels ?? [])].flat()),
  ];
  const fields = { teacherField: 'text', studentField: 'text' };
  return {
    name: 'tag',
    task: 'tag',
    labels: labels.sort(),
    multiLabel: false,
    ...fields,
    train,
    dev,
    test,
    hiddenLabels: hidden,
  };
}

function hideTags(rows: readonly Row[], seed: number) {
  return hideLabels(rows, Math.round(rows.length / 10), seed);
}

export default defineConfig({
  name: 'tag',
  data: ({ seed }) => load(seed),
  teacher: { kind: 'scratch' },
  students: [{ family: 'conv', maxPieces: 3000, hiddenSize: 48, training: { epochs: 8, stepsPerEpoch: 120 } }],
  seeds: RETORT_SEEDS.split(',').map(Number),
  outDir: '../../out/tag',
  cacheDir: '../../out/cache',
});

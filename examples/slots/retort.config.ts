/**
 * Which kinds of details a spoken request names, of 39, any number of them at once: several labels a text, of which one
 * in ten is known.
 *
 *   RETORT_DATA=snips_slots npx retort distill examples/slots
 *
 * RETORT_DATA is a folder with train.jsonl, dev.jsonl and test.jsonl of Snips (Coucke et al. 2018, arXiv:1805.10190),
 * whose rows have `tokens` and `tags`, such as `B-artist`. The words are the text, the kinds of tags its labels.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { contentHash, type DataContext, type Dataset, defineConfig, hideLabels, type Row } from 'retort-edge/train';

/** Labelled training rows. */
const LABELLED = 1300;

function read(folder: string, split: string): readonly Row[] {
  const lines = readFileSync(join(folder, `${split}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  const rows = lines.map((line): Row => {
    const { tokens, tags } = JSON.parse(line) as { readonly tokens: string[]; readonly tags: string[] };
    const fields = { text: tokens.join(' ') };
    const kinds = tags.flatMap((tag) => (tag === 'O' ? [] : [tag.slice(2)]));
    return { id: contentHash(fields), fields, labels: [...new Set(kinds)].sort() };
  });
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

function data({ seed }: DataContext): Dataset {
  const { RETORT_DATA } = process.env;
  if (RETORT_DATA === undefined) {
    throw new Error("RETORT_DATA: expected a folder, got nothing; set it as the example's head says");
  }
  const [train, dev, test] = ['train', 'dev', 'test'].map((split) => read(resolve(RETORT_DATA), split));
  const ofTest = new Set(test.map(({ id }) => id));
  const others = dev.filter(({ id }) => !ofTest.has(id));
  const heldOut = new Set([...others, ...test].map(({ id }) => id));
  const learned = train.filter(({ id }) => !heldOut.has(id));
  const { rows, hidden } = hideLabels(learned, LABELLED, seed);
  return {
    name: 'snips, kinds of slots',
    labels: [...new Set(learned.flatMap(({ labels }) => labels!))].sort(),
    multiLabel: true,
    teacherField: 'text',
    studentField: 'text',
    train: rows,
    dev: others,
    test,
    hiddenLabels: hidden,
  };
}

export default defineConfig({
  name: 'slots',
  data,
  teacher: { kind: 'scratch', charNgrams: null, training: { epochs: 12, learningRate: 0.02, patience: null } },
  students: [
    {
      family: 'static',
      buckets: 4096,
      training: { epochs: 16, stepsPerEpoch: 100, learningRate: { kind: 'linear', from: 0.02, to: 0 }, temperature: 1 },
    },
  ],
  outDir: '../../out/slots',
  cacheDir: '../../out/cache',
});

/**
 * Keeps what fine-tunings of encoders came to in results/fine-tuning.json, from the records that they left:
 *
 *   RETORT_MODEL=all-MiniLM-L6-v2 RETORT_DATA=trec6 npx retort label --fit examples/fine-tune
 *   node scripts/fine-tuning.mjs out/fine-tune-trec6/teacher-record.json
 *
 * A run takes the place of an earlier one of the same data, model, options and seed. One that found its model fine-tuned
 * already is refused: it says nothing of the time.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';

const FILE = 'results/fine-tuning.json';

function entryOf({ code, config, dataset, seed, teacher, seconds, machine, peakMemoryBytes }) {
  const [{ options }] = config.teacher;
  const { labels, ...rows } = dataset;
  return {
    dataset: { ...rows, labels: labels.length },
    model: basename(options.directory),
    fineTune: options.fineTune,
    seed,
    devAccuracy: teacher.devAccuracy,
    accuracy: teacher.accuracy,
    f1: teacher.f1,
    learning: teacher.learning[0],
    seconds,
    threads: config.threads,
    peakMemoryBytes,
    machine,
    code,
  };
}

const keyOf = ({ dataset, model, fineTune, seed }) => JSON.stringify([dataset.name, model, fineTune, seed]);

const text = await readFile(FILE, 'utf8').catch(() => '[]');
const entries = new Map(JSON.parse(text).map((entry) => [keyOf(entry), entry]));
for (const path of process.argv.slice(2)) {
  const entry = entryOf(JSON.parse(await readFile(path, 'utf8')));
  if (entry.seconds?.training == null) {
    throw new Error(`${path}: expected a model that was fine-tuned now, got one that was there; empty the cache`);
  }
  entries.set(keyOf(entry), entry);
}
const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
await writeFile(`${FILE}.tmp`, `${JSON.stringify(sorted, null, 1)}\n`);
await rename(`${FILE}.tmp`, FILE);

/**
 * Writes the tables of README.md, RESULTS.md and docs/loading.md from results/*.json and bench/results/*.json; `--check`
 * only says whether they are up to date.
 *
 *   node scripts/results.mjs [--check]
 */
import { readFile, writeFile } from 'node:fs/promises';
import { baselineTables } from './results/baselines.mjs';
import { batchTable } from './results/batch.mjs';
import { classifyTable } from './results/classify.mjs';
import { embedTable } from './results/embed.mjs';
import { featureTable } from './results/features.mjs';
import { fineTuningTable } from './results/fine-tuning.mjs';
import { fuzzTable } from './results/fuzz.mjs';
import { int4Table } from './results/int4.mjs';
import { labellingSentence } from './results/labelling.mjs';
import { loadingTable } from './results/loading.mjs';
import { memoryTable } from './results/memory.mjs';
import { oneRunTable } from './results/one-run.mjs';
import { parityTable } from './results/parity.mjs';
import { peerTables } from './results/peers.mjs';
import { profileTables } from './results/profile.mjs';
import { quantizationTable } from './results/quantization.mjs';
import { quickstartTable } from './results/quickstart.mjs';
import { readingTable } from './results/reading.mjs';
import { runtimeTable } from './results/runtime.mjs';
import { runSeconds } from './results/seconds.mjs';
import { runtimeSize, sizeTable, standaloneSize } from './results/size.mjs';
import { tagTable } from './results/tag.mjs';
import { threadTable } from './results/threads.mjs';
import { tokenizerSpeedTable } from './results/tokenizer-speed.mjs';
import { trainingTable } from './results/training.mjs';

/** Each block of a page: what writes it, the JSON that it is written from, and another where it reads that too. */
const BLOCKS = {
  'results:quickstart': [quickstartTable, 'results/quickstart.json'],
  'results:baselines': [baselineTables, 'results/quickstart.json'],
  'results:features': [featureTable, 'results/feature-loss.json'],
  'results:reading': [readingTable, 'results/reading.json'],
  'results:tag': [tagTable, 'results/tag.json'],
  'results:embed': [embedTable, 'results/embed.json'],
  'results:pairs': [oneRunTable, 'results/pairs.json'],
  'results:images': [oneRunTable, 'results/images.json'],
  'results:slots': [oneRunTable, 'results/slots.json'],
  'results:classify-trec6': [classifyTable, 'results/classify-trec6.json'],
  'results:classify-sst2': [classifyTable, 'results/classify-sst2.json'],
  'results:quantization': [quantizationTable, 'results/quantization.json'],
  'results:int4': [int4Table, 'results/int4.json'],
  'results:runtime': [runtimeTable, 'results/runtime.json'],
  'results:peers': [peerTables, 'bench/results/runtime.json', 'bench/results/profile.json'],
  'results:profile': [profileTables, 'bench/results/profile.json'],
  'results:fuzz': [fuzzTable, 'results/fuzz-format.json'],
  'results:memory': [memoryTable, 'results/prediction-memory.json'],
  'results:parity': [parityTable, 'results/tokenizer-parity.json'],
  'results:tokenizer-speed': [tokenizerSpeedTable, 'bench/results/tokenizers.json'],
  'results:batch': [batchTable, 'bench/results/batch.json'],
  'results:loading': [loadingTable, 'bench/results/loading.json'],
  'results:training': [trainingTable, 'bench/results/train.json'],
  'results:fine-tuning': [fineTuningTable, 'results/fine-tuning.json'],
  'results:threads': [threadTable, 'bench/results/threads.json'],
  'results:labelling': [labellingSentence, 'results/labelling.json'],
  'results:size': [sizeTable, 'results/size.json'],
  'seconds:cold': [runSeconds, 'results/quickstart-cold.json'],
  'seconds:warm': [runSeconds, 'results/quickstart-warm.json'],
  'size:runtime': [runtimeSize, 'results/size.json'],
  'size:standalone': [standaloneSize, 'results/size.json'],
};

/** What a JSON holds; null until it is measured. */
async function measured(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

const paths = [...new Set(Object.values(BLOCKS).flatMap(([, ...read]) => read))];
const figures = new Map(await Promise.all(paths.map(async (path) => [path, await measured(path)])));

function contentOf(name, block) {
  if (!(name in BLOCKS)) throw new Error(`expected a known block, got ${name} in ${block.slice(0, 40)}`);
  const [write, ...read] = BLOCKS[name];
  const [first, ...others] = read.map((path) => figures.get(path));
  return first === null ? 'Not measured yet.' : write(first, ...others);
}

function fill(text) {
  return text.replace(/<!-- (\S+) -->[\s\S]*?<!-- \/\1 -->/g, (block, name) => {
    const content = contentOf(name, block);
    const space = content.includes('\n') || content.startsWith('|') ? '\n' : '';
    return `<!-- ${name} -->${space}${content}${space}<!-- /${name} -->`;
  });
}

let stale = false;
for (const file of ['README.md', 'RESULTS.md', 'docs/loading.md']) {
  const text = await readFile(file, 'utf8');
  const filled = fill(text);
  if (text === filled) continue;
  if (process.argv.includes('--check')) {
    console.error(`${file}: expected what results/*.json say, got something else; run node scripts/results.mjs`);
    stale = true;
  } else await writeFile(file, filled);
}
if (stale) process.exit(1);

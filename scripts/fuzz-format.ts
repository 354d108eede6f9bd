/**
 * Runs mutants of student files over all layer kinds and tokenizers; test/support/fuzz-format.ts says what each has to
 * do. Writes results/fuzz-format.json, or at the first one that fails its file, and how to run it alone.
 *
 *   npm run fuzz:format [-- --seed 1 --count 1000000 --first 0 --output results/fuzz-format.json --json]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { TimeLeft } from '../bench/time-left.ts';
import { FuzzFailure, fuzzFormat, mostMemoryBytes, mostMilliseconds } from '../test/support/fuzz-format.ts';

const FAILURES = 'out/fuzz-format';
/** Mutants between two lines of progress. */
const PROGRESS = 20_000;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '1000000' },
    first: { type: 'string', default: '0' },
    output: { type: 'string', default: 'results/fuzz-format.json' },
    json: { type: 'boolean' },
  },
});
const [seed, count, first] = [values.seed, values.count, values.first].map(Number);
if (![seed, count, first].every((value) => Number.isSafeInteger(value) && value >= 0)) {
  throw new Error('usage: npm run fuzz:format -- [--seed 1] [--count 1000000] [--first 0], whole numbers');
}

try {
  await main();
} catch (error) {
  if (!(error instanceof FuzzFailure)) throw error;
  const file = `${FAILURES}/seed-${seed}-mutant-${error.mutant}.safetensors`;
  await mkdir(FAILURES, { recursive: true });
  await writeFile(file, error.bytes);
  console.error(error);
  console.error(`written to ${file}; again: npm run fuzz:format -- --seed ${seed} --first ${error.mutant} --count 1`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const timeLeft = new TimeLeft(count);
  const started = performance.now();
  const onProgress = (done: number): void => {
    if (done % PROGRESS === 0) timeLeft.advance(PROGRESS, `${done} mutants`);
  };
  const report = await fuzzFormat({ seed, count, first, onProgress });
  const seconds = (performance.now() - started) / 1000;
  const machine = { cpu: cpus()[0].model, node: process.version };
  const bounds = { memoryBytes: mostMemoryBytes(0), memoryBytesPerByte: mostMemoryBytes(1) - mostMemoryBytes(0) };
  const limits = { ...bounds, ms: mostMilliseconds(0), msPerKilobyte: mostMilliseconds(1024) - mostMilliseconds(0) };
  const peakBytes = 1024 * process.resourceUsage().maxRSS;
  const text = `${JSON.stringify({ machine, seconds, peakBytes, limits, ...report }, null, 1)}\n`;
  await writeFile(values.output, text);
  if (values.json) process.stdout.write(text);
  else print(report.hits, `${report.mutants} mutants, ${report.loaded} load; ${seconds.toFixed(0)} s`, report.neverHit);
}

function print(hits: Readonly<Record<string, number>>, summary: string, neverHit: readonly string[]): void {
  console.log(summary);
  for (const [rule, hit] of Object.entries(hits)) console.log(`${String(hit).padStart(9)} ${rule}`);
  console.log(neverHit.length === 0 ? 'every rule was hit' : `never hit: ${neverHit.join(', ')}`);
  console.log(`written to ${values.output}`);
}

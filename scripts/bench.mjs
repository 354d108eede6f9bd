/**
 * Bundles one of bench/*.bench.ts and runs it: `node scripts/bench.mjs runtime [--json]`.
 * Benchmarks check their answers before they time anything.
 */
import { readdir } from 'node:fs/promises';
import { run } from './run.mjs';

const SUFFIX = '.bench.ts';
const names = (await readdir('bench'))
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length));
const [name, ...rest] = process.argv.slice(2);
if (names.includes(name)) await run(`bench/${name}${SUFFIX}`, rest);
else {
  process.stderr.write(`usage: node scripts/bench.mjs <name> [options], where a name is one of ${names.join(', ')}\n`);
  process.exitCode = 2;
}

/**
 * Bundles one of bench/*.bench.ts and runs it: `node scripts/bench.mjs runtime [--json]`.
 * Benchmarks check their answers before they time anything.
 */
import { run } from './run.mjs';

const [name, ...rest] = process.argv.slice(2);
if (!name) throw new Error('usage: node scripts/bench.mjs <name of a file bench/<name>.bench.ts> [options]');
await run(`bench/${name}.bench.ts`, rest);

/**
 * Bundles one of bench/*.bench.ts and runs it: `node scripts/bench.mjs runtime [--json]`.
 * Benchmarks check their answers before they time anything.
 */
import { execFileSync } from 'node:child_process';
import { build } from 'esbuild';

const [name, ...rest] = process.argv.slice(2);
if (!name) throw new Error('usage: node scripts/bench.mjs <name of a file bench/<name>.bench.ts> [options]');
const outfile = `dist/bench/${name}.bench.mjs`;
await build({
  entryPoints: [`bench/${name}.bench.ts`],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  logLevel: 'warning',
});
execFileSync(process.execPath, [outfile, ...rest], { stdio: 'inherit' });

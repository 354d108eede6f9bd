/**
 * Bundles one of bench/*.bench.ts and runs it: `node scripts/bench.mjs runtime [--json]`.
 * Benchmarks check their answers before they time anything.
 */
import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

const [name, ...rest] = process.argv.slice(2);
if (!name) throw new Error('usage: node scripts/bench.mjs <name of a file bench/<name>.bench.ts> [options]');
// Inside of bench/, where its own packages are found; in pieces, so that a contestant loads what it needs alone.
const outdir = `bench/dist/${name}`;
await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: [`bench/${name}.bench.ts`],
  outdir,
  outExtension: { '.js': '.mjs' },
  splitting: true,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  logLevel: 'warning',
});
execFileSync(process.execPath, [`${outdir}/${name}.bench.mjs`, ...rest], { stdio: 'inherit' });

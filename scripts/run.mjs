/**
 * Bundles a TypeScript program of this repository and runs it: `node scripts/run.mjs scripts/fuzz-format.ts [options]`.
 */
import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Runs the program `entry` with the arguments `rest`, and ends as it does. */
export async function run(entry, rest) {
  const name = basename(entry, '.ts').replace('.bench', '');
  // Beside the program, where its own packages are found; in pieces, so that a contestant loads what it needs alone.
  const outdir = `${dirname(entry)}/dist/${name}`;
  await rm(outdir, { recursive: true, force: true });
  await build({
    entryPoints: [entry],
    outdir,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  const args = [`${outdir}/${basename(entry, '.ts')}.mjs`, ...rest];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [entry, ...rest] = process.argv.slice(2);
  if (!entry) throw new Error('usage: node scripts/run.mjs <program.ts> [options]');
  await run(entry, rest);
}

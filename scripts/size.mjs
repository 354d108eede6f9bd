/**
 * Gzip sizes of what users ship: the runtime (one minified file with its wasm inside), the server, and the whole Worker
 * script with the committed student. `node scripts/size.mjs [--json]`; fails where a bound is broken.
 */
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Upper bounds in bytes after gzip; 1 KB = 1,024 bytes. */
export const BOUNDS = { runtime: 20 * 1024, server: 20 * 1024, workerWithStudent: 400 * 1024 };

const gzipBytes = (bytes) => gzipSync(bytes, { level: 9 }).byteLength;

/** Bundles one entry as a user's bundler would, minified, and returns the gzip size of every output together. */
async function bundledGzipBytes(contents, { conditions = [], external = [], loader = {} } = {}) {
  const result = await build({
    stdin: { contents, resolveDir: process.cwd(), loader: 'js' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    outdir: 'size',
    conditions,
    external,
    loader,
  });
  return result.outputFiles.reduce((sum, file) => sum + gzipBytes(file.contents), 0);
}

/** Measures the built package in dist/; see {@link BOUNDS} for what each figure must hold. */
export async function measureSizes() {
  const worker = await bundledGzipBytes("export * from './examples/worker/index.ts';", {
    conditions: ['workerd', 'worker'],
    loader: { '.wasm': 'copy', '.safetensors': 'copy' },
  });
  const server = await bundledGzipBytes("export { createApp } from './dist/worker/index.js';");
  const serverWithoutRuntimeAndPage = server - gzipBytes(await readFile('dist/worker/page.html').catch(() => ''));
  return {
    runtime: gzipBytes(await readFile('dist/runtime/standalone.js')),
    server: serverWithoutRuntimeAndPage,
    workerWithStudent: worker,
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const sizes = await measureSizes();
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ sizes, bounds: BOUNDS }, null, 2)}\n`);
  } else {
    for (const [name, bytes] of Object.entries(sizes)) {
      process.stdout.write(`${name.padEnd(20)} ${String(bytes).padStart(8)} bytes gzip   bound ${BOUNDS[name]}\n`);
    }
  }
  if (Object.entries(sizes).some(([name, bytes]) => bytes > BOUNDS[name])) process.exitCode = 1;
}

/**
 * Builds dist/: the kernels, the page, one bundle a door (they share chunks, so that a class is the same class whichever
 * door it came through), a standalone browser file, and the type declarations.
 *
 *   node scripts/build.mjs [--no-types]
 */
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { buildKernels } from './build-kernels.mjs';
import { buildPage } from './build-page.mjs';
import { buildStandalone } from './build-standalone.mjs';
import { writeLicenses } from './licenses.mjs';

/** Everything that a user installs beside Retort, and Node itself. What is not named here is bundled. */
const external = [
  'node:*',
  '@energetic-ai/*',
  '@hono/node-server',
  '@tensorflow/*',
  'esbuild',
  'hono',
  'hono/*',
  'onnxruntime-node',
  'openai',
  'protobufjs',
  'protobufjs/*',
  'wrangler',
];

const shared = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

const { version } = JSON.parse(await readFile('package.json', 'utf8'));

await rm('dist', { recursive: true, force: true });
await mkdir('dist/runtime', { recursive: true });
await buildKernels();
await buildPage();

const bundles = [];

/** commander is CommonJS and asks for Node's modules by `require`, which an ES module has to make first. */
bundles.push(
  await build({
    ...shared,
    entryPoints: { 'cli/commander': 'commander' },
    outdir: 'dist',
    platform: 'node',
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  }),
);

bundles.push(
  await build({
    ...shared,
    entryPoints: {
      'cli/main': 'src/cli/main.ts',
      'runtime/browser': 'src/runtime/browser.ts',
      'runtime/node': 'src/runtime/node.ts',
      'runtime/node-worker': 'src/runtime/node-worker.ts',
      'runtime/workerd': 'src/runtime/workerd.ts',
      'train/index': 'src/train/index.ts',
      'train/shard-worker': 'src/train/shard-worker.ts',
      'train/training-worker': 'src/train/training-worker.ts',
      'train/labelling-worker': 'src/train/labelling-worker.ts',
      'worker/index': 'src/worker/index.ts',
      'worker/node': 'src/worker/node.ts',
      'worker/cloudflare': 'src/worker/cloudflare.ts',
    },
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['node', 'import'],
    assetNames: 'runtime/[name]',
    loader: { '.wasm': 'copy' },
    define: { RETORT_VERSION: JSON.stringify(version) },
    // csv-parse and hyparquet name Node's modules the old way.
    alias: { commander: './commander.js', fs: 'node:fs', stream: 'node:stream' },
    external: [...external, './commander.js'],
  }),
);
await chmod('dist/cli/main.js', 0o755);

const standalone = await buildStandalone();
await writeFile('dist/runtime/standalone.js', standalone.code);
bundles.push(standalone);

await writeLicenses(bundles.map(({ metafile }) => metafile));

if (!process.argv.includes('--no-types')) {
  execFileSync('npx', ['tsc', '-b'], { stdio: 'inherit' });
}

/**
 * Gzip sizes (level 9) of what users ship, as `npm run build` leaves them: the runtime in one file with its wasm inside,
 * the server with and without its page, and the whole Worker of examples/worker with its student.
 *
 *   node scripts/size.mjs [--json] [--student my.safetensors]
 *
 * Prints a table, or JSON; exits 1 where a bound is broken. `--student` asks whether another student fits.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { buildStandalone } from './build-standalone.mjs';

/** 1 KB = 1,024 bytes. */
const KB = 1024;
const STUDENT = 'examples/worker/student.safetensors';

const gzipBytes = (bytes) => gzipSync(bytes, { level: 9 }).byteLength;

/** The server with Hono and valibot, and with its page unless `page` is false; students come with the runtime. */
async function serverGzipBytes(page) {
  const { outputFiles } = await build({
    stdin: { contents: "export { createApp } from './src/worker/index.ts';", resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import'],
    legalComments: 'none',
    logLevel: 'error',
    plugins: page ? [] : [withoutPage],
  });
  return gzipBytes(outputFiles[0].contents);
}

/** Replaces the built page by an empty one. */
const withoutPage = {
  name: 'without-page',
  setup({ onLoad }) {
    const contents = "export const PAGE_HTML = ''; export const PAGE_CONTENT_SECURITY_POLICY = '';";
    onLoad({ filter: /page\.generated\.ts$/ }, () => ({ contents, loader: 'ts' }));
  },
};

/**
 * Everything that `wrangler deploy` uploads for examples/worker, the way wrangler 4 bundles it: not minified, names
 * kept, wasm and student as modules beside the script, compressed together.
 */
async function workerGzipBytes(student) {
  const modules = [];
  const { outputFiles } = await build({
    entryPoints: ['examples/worker/index.ts'],
    outfile: 'index.js',
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    keepNames: true,
    conditions: ['workerd', 'worker', 'browser'],
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
    plugins: [
      {
        name: 'modules-beside-the-script',
        setup({ onResolve }) {
          onResolve({ filter: /\.(wasm|safetensors)$/ }, async ({ path, resolveDir }) => {
            modules.push(path.endsWith('.wasm') ? await readFile(`${resolveDir}/${path}`) : student);
            return { path: `./${basename(path)}`, external: true };
          });
        },
      },
    ],
  });
  const script = Buffer.from(outputFiles[0].contents);
  if (modules.length !== 3)
    throw new Error(`expected two wasm modules and a student beside the script, got ${modules.length} modules`);
  return gzipBytes(Buffer.concat([...modules, script]));
}

/**
 * Measures the built package.
 *
 * @param studentPath the student that the Worker carries
 * @returns one row a figure: bytes after gzip, and its bound in bytes or null where it has none
 */
export async function measureSizes(studentPath = STUDENT) {
  const student = await readFile(studentPath);
  return [
    {
      name: 'runtime',
      what: 'the runtime with its SIMD128 module, minified',
      bytes: gzipBytes((await buildStandalone(false)).code),
      bound: 20 * KB,
    },
    {
      name: 'standalone',
      what: 'dist/runtime/standalone.js: the same with its relaxed SIMD module',
      bytes: gzipBytes(await readFile('dist/runtime/standalone.js')),
      bound: null,
    },
    {
      name: 'server',
      what: 'createApp with Hono and valibot, minified, no page',
      bytes: await serverGzipBytes(false),
      bound: 20 * KB,
    },
    { name: 'serverWithPage', what: 'the same with its page', bytes: await serverGzipBytes(true), bound: null },
    {
      name: 'workerWithStudent',
      what: `what wrangler uploads for examples/worker; student: ${studentPath}, ${student.byteLength} bytes`,
      bytes: await workerGzipBytes(student),
      bound: 400 * KB,
    },
  ];
}

function tableRow({ name, bytes, bound, what }) {
  const limit = bound === null ? 'no bound' : `bound ${String(bound).padStart(6)}`;
  return `${name.padEnd(18)} ${String(bytes).padStart(7)} bytes gzip   ${limit.padEnd(12)}   ${what}\n`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, student: { type: 'string' } } });
  const rows = await measureSizes(values.student);
  if (values.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else for (const row of rows) process.stdout.write(tableRow(row));
  const broken = rows.filter(({ bytes, bound }) => bound !== null && bytes > bound);
  for (const { name, bytes, bound } of broken) {
    process.stderr.write(
      `size: expected ${name} within ${bound} bytes, got ${bytes}; see what grew it with esbuild --analyze\n`,
    );
  }
  if (broken.length > 0) process.exitCode = 1;
}

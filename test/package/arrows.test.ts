/** The arrows between rooms, as the linter sees them: each forbidden import is refused where it would stand. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const BIOME = resolve('node_modules/@biomejs/biome/bin/biome');
const folder = temporaryFolder('arrows');
copyFileSync('biome.json', join(folder, 'biome.json'));

/** What the linter says of a module at `path`. */
function complaintsOf(path: string, source: string): string {
  mkdirSync(join(folder, dirname(path)), { recursive: true });
  writeFileSync(join(folder, path), source);
  const args = [BIOME, 'lint', '--colors=off', '--vcs-enabled=false', path];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  expect(stdout).toContain('Checked 1 file');
  return stderr;
}

const importing = (from: string): string => `import { it } from '${from}';\n\nexport const that: unknown = it;\n`;
const naming = (global: string): string => `export const that: unknown = ${global};\n`;

describe('the linter', () => {
  it.each([
    ['src/format/read.ts', 'leven'],
    ['src/format/read.ts', 'node:fs'],
    ['src/format/read.ts', '../runtime/index.ts'],
    ['src/runtime/plan.ts', 'leven'],
    ['src/runtime/plan.ts', 'node:fs'],
    ['src/runtime/plan.ts', '../format/safetensors.ts'],
    ['src/runtime/layers/dense.ts', '../../train/index.ts'],
    ['src/runtime/node.ts', 'leven'],
    ['src/runtime/node-pool.ts', '../train/index.ts'],
    ['src/train/random.ts', '../worker/index.ts'],
    ['src/train/random.ts', '../runtime/plan.ts'],
    ['src/train/random.ts', 'hono'],
    ['src/train/random.ts', '@hono/node-server'],
    ['src/worker/app.ts', '../train/index.ts'],
    ['src/worker/app.ts', '../format/read.ts'],
    ['src/worker/app.ts', 'csv-parse'],
    ['src/worker/app.ts', 'node:fs'],
    ['src/worker/app.ts', '@hono/node-server'],
    ['src/worker/cloudflare.ts', 'node:buffer'],
    ['src/worker/node.ts', '../train/index.ts'],
    ['src/cli/eval.ts', '../train/random.ts'],
    ['src/cli/eval.ts', '../train/data/read-rows.ts'],
    ['src/cli/eval.ts', '../worker/app.ts'],
    ['src/cli/eval.ts', '../runtime/plan.ts'],
    ['src/cli/eval.ts', '../format/read.ts'],
  ])('refuses that %s imports %s', (path, from) => {
    expect(complaintsOf(path, importing(from))).toContain('lint/style/noRestrictedImports');
  });

  it.each([
    ['src/runtime/layers/dense.ts', '../../format/index.ts'],
    ['src/runtime/node.ts', 'node:fs/promises'],
    ['src/runtime/node-pool.ts', 'node:worker_threads'],
    ['src/train/random.ts', '../runtime/index.ts'],
    ['src/worker/app.ts', 'hono/cors'],
    ['src/worker/node.ts', '@hono/node-server'],
    ['src/worker/node.ts', 'node:http'],
    ['src/cli/eval.ts', '../train/index.ts'],
    ['src/cli/eval.ts', '../format/index.ts'],
    ['src/cli/serve.ts', '../worker/node.ts'],
    ['src/cli/serve.ts', '../runtime/node.ts'],
    ['src/cli/serve.ts', 'node:fs/promises'],
    ['src/cli/main.ts', './eval.ts'],
  ])('lets %s import %s', (path, from) => {
    expect(complaintsOf(path, importing(from))).not.toContain('noRestrictedImports');
  });

  it('refuses an import at run time as it does one at the top', () => {
    const source = "export const later = (): Promise<unknown> => import('../train/random.ts');\n";
    expect(complaintsOf('src/cli/eval.ts', source)).toContain('lint/style/noRestrictedImports');
  });

  it.each(['fetch', 'navigator', 'self', 'location', 'document', 'window', 'process', 'Buffer'])(
    'refuses that src/runtime/plan.ts names %s',
    (global) => {
      expect(complaintsOf('src/runtime/plan.ts', naming(global))).toContain('lint/style/noRestrictedGlobals');
    },
  );

  it('lets src/runtime fetch in fetch-bytes.ts alone, which names no other host', () => {
    const path = 'src/runtime/fetch-bytes.ts';
    expect(complaintsOf(path, naming('fetch'))).not.toContain('noRestrictedGlobals');
    expect(complaintsOf(path, naming('navigator'))).toContain('lint/style/noRestrictedGlobals');
  });
});

/** The arrows between rooms, as the linter sees them: each forbidden import is refused where it would stand. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const BIOME = resolve('node_modules/@biomejs/biome/bin/biome');
const folder = temporaryFolder('arrows');
copyFileSync('biome.json', join(folder, 'biome.json'));

/** What the linter says of a module at `path` with `from` as its only import. */
function complaintsOf(path: string, from: string): string {
  mkdirSync(join(folder, dirname(path)), { recursive: true });
  writeFileSync(join(folder, path), `import { it } from '${from}';\n\nexport const that: unknown = it;\n`);
  const args = [BIOME, 'lint', '--colors=off', '--vcs-enabled=false', path];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  expect(stdout).toContain('Checked 1 file');
  return stderr;
}

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
    ['src/train/random.ts', '../worker/index.ts'],
    ['src/train/random.ts', '../runtime/plan.ts'],
    ['src/train/random.ts', 'hono'],
    ['src/worker/app.ts', '../train/index.ts'],
    ['src/worker/app.ts', '../format/read.ts'],
    ['src/worker/app.ts', 'csv-parse'],
  ])('refuses that %s imports %s', (path, from) => {
    expect(complaintsOf(path, from)).toContain('lint/style/noRestrictedImports');
  });

  it.each([
    ['src/runtime/layers/dense.ts', '../../format/index.ts'],
    ['src/runtime/node.ts', 'node:fs/promises'],
    ['src/train/random.ts', '../runtime/index.ts'],
    ['src/worker/app.ts', 'hono/cors'],
    ['src/cli/eval.ts', '../train/index.ts'],
  ])('lets %s import %s', (path, from) => {
    expect(complaintsOf(path, from)).not.toContain('noRestrictedImports');
  });
});

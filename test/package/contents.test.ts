import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { packPackage } from '../support/packed.ts';

const NO_COLOR = { ...process.env, NO_COLOR: '1' };

/** Runs a tool of node_modules; throws with its output where it exits with anything but 0. */
function run(tool: string, ...args: readonly string[]): string {
  return execFileSync(process.execPath, [tool, ...args], { encoding: 'utf8', env: NO_COLOR });
}

describe('the packed tarball', () => {
  const { tarball, files } = packPackage();

  it('holds what is built and its documents, and no source, test or build state', () => {
    const allowed = /^(dist\/|docs\/|FORMAT\.md$|LICENSE$|README\.md$|RESULTS\.md$|package\.json$)/;
    expect(files.filter((file) => !allowed.test(file))).toEqual([]);
    expect(files.filter((file) => /tsbuildinfo|types-of-tests|dist\/bench|(?<!\.d)\.ts$/.test(file))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        'dist/cli/main.js',
        'dist/runtime/relaxed.wasm',
        'dist/runtime/simd.wasm',
        'dist/train/index.d.ts',
      ]),
    );
  });

  it('depends on nothing; all that a part needs is an optional peer', () => {
    const { dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(dependencies).toBeUndefined();
    for (const name of Object.keys(peerDependencies)) expect(peerDependenciesMeta[name]).toEqual({ optional: true });
  });

  it('carries the licences of the code that it contains', () => {
    const text = readFileSync('dist/THIRD_PARTY_LICENSES.txt', 'utf8');
    for (const name of ['commander', 'csv-parse', 'hyparquet', 'js-yaml', 'leven', 'valibot'])
      expect(text).toMatch(new RegExp(`^${name} \\d`, 'm'));
  });

  it('passes publint --strict', () => {
    expect(run('node_modules/publint/src/cli.js', '--strict', '--pack', 'false')).toContain('All good!');
  });

  it('has types for every entry, as are-the-types-wrong sees them', () => {
    run('node_modules/@arethetypeswrong/cli/dist/index.js', tarball, '--profile', 'esm-only');
  });
});

it('knip finds no unused file, export or dependency', () => {
  run('node_modules/knip/bin/knip.js', '--treat-config-hints-as-errors');
});

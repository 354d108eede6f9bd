/** The package as `npm publish` would send it, from what `npm run build` left in dist/. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/** A tarball and the paths in it. */
export interface PackedPackage {
  readonly tarball: string;
  readonly files: readonly string[];
}

/** Packs the repository; without its scripts, since a build would pull dist/ from under other tests. */
export function packPackage(): PackedPackage {
  const folder = temporaryFolder('packed');
  const output = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ filename, files }] = JSON.parse(output) as [{ filename: string; files: readonly { path: string }[] }];
  return { tarball: join(folder, filename), files: files.map(({ path }) => path) };
}

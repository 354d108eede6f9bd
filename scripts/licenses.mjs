/** The licences of the packages whose code esbuild put into dist/: they ask to travel with it. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'dist/THIRD_PARTY_LICENSES.txt';

/** Writes {@link FILE} for the packages that the bundles hold. */
export async function writeLicenses(metafiles) {
  const packages = new Set(metafiles.flatMap(bundledPackages));
  const sections = await Promise.all([...packages].sort().map(licenseOf));
  await writeFile(FILE, `Retort contains code of these packages.\n\n${sections.join('\n')}`);
}

/** Packages that gave bytes to an output; what was shaken out needs no licence. */
function bundledPackages({ outputs }) {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => {
      const name = path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1];
      return name !== undefined && bytesInOutput > 0 ? [name] : [];
    }),
  );
}

async function licenseOf(name) {
  const folder = join('node_modules', name);
  const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name}: expected a licence file, got none; it cannot be bundled`);
  return `${name} ${version} (${license})\n\n${(await readFile(join(folder, file), 'utf8')).trim()}\n`;
}

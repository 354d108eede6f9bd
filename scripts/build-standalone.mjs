/**
 * The runtime in one minified file, for a page that has no bundler: esbuild bundles and minifies it, and terser
 * once more, which makes the compressed file 4 % smaller.
 */
import { build } from 'esbuild';
import { minify } from 'terser';

/**
 * Builds the standalone file.
 *
 * @param plugins of esbuild, to leave a part out
 * @returns its text, and the metafile of its bundle
 */
export async function buildStandalone(plugins = []) {
  const { outputFiles, metafile } = await build({
    entryPoints: ['src/runtime/browser.ts'],
    bundle: true,
    minify: true,
    write: false,
    outfile: 'dist/runtime/standalone.js',
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    plugins,
  });
  const { code } = await minify(outputFiles[0].text, {
    module: true,
    compress: { passes: 3, pure_getters: true, hoist_funs: true },
    mangle: true,
  });
  return { code, metafile };
}

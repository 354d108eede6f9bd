/**
 * The runtime in one minified file, for a page that has no bundler: esbuild bundles and minifies it, and terser once
 * more, because that finds what esbuild leaves.
 */
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { minify } from 'terser';
import { INTERNAL_NAMES } from './internal-names.mjs';
import { orderFunctions } from './order-functions.mjs';

/** Leaves the relaxed SIMD module out. */
const withoutRelaxed = {
  name: 'without-relaxed',
  setup({ onLoad }) {
    onLoad({ filter: /kernels\/modules\.generated\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/(RELAXED_WASM_TEXT.*?= ).*/, '$1"";'),
      loader: 'ts',
    }));
  },
};

/**
 * Builds the standalone file.
 *
 * @param hasRelaxed false for the runtime with its SIMD128 module alone: an engine runs the products of one module
 * @returns its text, and the metafile of its bundle
 */
export async function buildStandalone(hasRelaxed = true) {
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
    plugins: hasRelaxed ? [] : [withoutRelaxed],
  });
  // In ASCII, the file reads the same whatever encoding a server says it has.
  const format = { ascii_only: true };
  // Reading a property has no effect anywhere in the runtime: it has no getter that computes. What terser calls unsafe
  // holds here as well: nobody replaces `Math` or `String`, no value with a `valueOf` of its own goes into a message,
  // and no method is called with `new`.
  const { ast } = await minify(outputFiles[0].text, {
    module: true,
    ecma: 2020,
    compress: { passes: 3, pure_getters: true, hoist_funs: true, unsafe: true, unsafe_methods: true },
    // `builtins`: a name that some object of a browser has as well is renamed where it is in the list.
    mangle: { properties: { builtins: true, regex: new RegExp(`^(${INTERNAL_NAMES.join('|')})$`) } },
    format: { ast: true, code: false },
  });
  const [functions, others] = [true, false].map((isFunction) =>
    ast.body.filter(({ TYPE }) => (TYPE === 'Defun') === isFunction).map((node) => node.print_to_string(format)),
  );
  const rest = `${others.join(';')};`;
  return { code: rest + orderFunctions(functions, rest).join(''), metafile };
}

/**
 * The runtime in one minified file, for a page that has no bundler: esbuild bundles and minifies it, and terser once
 * more, which makes the compressed file 7 % smaller.
 */
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { minify } from 'terser';
import { spellBytes } from './build-kernels.mjs';
import { INTERNAL_NAMES } from './internal-names.mjs';
import { orderFunctions } from './order-functions.mjs';
import { renameExports } from './rename-exports.mjs';

/** Leaves a module's file name in the place of its bytes: they can be written once its exports have their names. */
const moduleNames = (modules) => ({
  name: 'module-names',
  setup({ onLoad }) {
    const contents = `export const SIMD_WASM_TEXT = '${modules[0]}', RELAXED_WASM_TEXT = '${modules[1] ?? ''}';`;
    onLoad({ filter: /kernels\/modules\.generated\.ts$/ }, () => ({ contents, loader: 'ts' }));
  },
});

/**
 * Builds the standalone file.
 *
 * @param hasRelaxed false for the runtime with its SIMD128 module alone: an engine runs the products of one module
 * @returns its text, and the metafile of its bundle
 */
export async function buildStandalone(hasRelaxed = true) {
  const modules = hasRelaxed ? ['simd.wasm', 'relaxed.wasm'] : ['simd.wasm'];
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
    plugins: [moduleNames(modules)],
  });
  const nameCache = {};
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
    nameCache,
    format: { ast: true, code: false },
  });
  // terser writes a dollar sign before a name.
  const names = new Map(Object.entries(nameCache.props.props).map(([name, short]) => [name.slice(1), short]));
  const literals = await Promise.all(
    modules.map(async (name) => {
      const bytes = await readFile(`src/runtime/kernels/${name}`);
      return [`"${name}"`, JSON.stringify(spellBytes(renameExports(bytes, names)))];
    }),
  );
  const print = (nodes) =>
    nodes.map((node) => {
      const text = node.print_to_string(format);
      return literals.reduce((linked, [name, literal]) => linked.split(name).join(literal), text);
    });
  const [functions, others] = [true, false].map((isFunction) =>
    print(ast.body.filter(({ TYPE }) => (TYPE === 'Defun') === isFunction)),
  );
  const rest = `${others.join(';')};`;
  return { code: rest + orderFunctions(functions, rest).join(''), metafile };
}

/** Finds and loads a config. TypeScript is bundled first, since Node 20 does not load it. */
import { randomUUID } from 'node:crypto';
import { access, readFile, rm, stat } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BuildFailure } from 'esbuild';
import { InputError, RetortError } from '../runtime/index.ts';
import { fileFault, writeFileAtomic } from '../train/index.ts';
import { loadEsbuild } from './peers.ts';

/** What a folder calls its config, the first of these that it has. */
export const CONFIG_NAMES: readonly string[] = [
  'retort.config.ts',
  'retort.config.mjs',
  'retort.config.js',
  'retort.config.json',
];

/** What a config file exports, and the folder that its paths are relative to. */
export interface LoadedConfig {
  readonly config: unknown;
  readonly baseDir: string;
}

/**
 * What a function that loads the data throws, an InputError with code `invalid_config` repeats, with the place of it.
 *
 * @param path a config file, or a folder that holds one
 * @throws InputError with code `invalid_config` where there is none, or it does not load
 */
export async function loadConfig(path: string): Promise<LoadedConfig> {
  const file = await findConfig(resolve(path));
  const baseDir = dirname(file);
  if (extname(file) === '.json') return { config: await readJson(file), baseDir };
  const module = extname(file) === '.ts' ? await importTypeScript(file) : await importModule(file, file);
  if (module.default === undefined)
    throw invalid(file, 'a default export', 'none; export default defineConfig({ ... })');
  return { config: withNamedData(module.default, file), baseDir };
}

function withNamedData(config: unknown, file: string): unknown {
  const { data } = (config ?? {}) as { readonly data?: unknown };
  if (typeof data !== 'function') return config;
  const named = async (...context: readonly unknown[]): Promise<unknown> => {
    try {
      return await data(...context);
    } catch (cause) {
      // What Retort itself complains about, e.g. rows that the function reads, has its place already.
      if (cause instanceof RetortError) throw cause;
      throw invalid(placeInStack(cause, file), 'data() to give a dataset', saidBy(cause), cause);
    }
  };
  return { ...(config as object), data: named };
}

/** The first line of what a config, or what it imports, threw, and what to do about it. */
function saidBy(cause: unknown): string {
  const text = cause instanceof Error && cause.message !== '' ? cause.message : String(cause);
  const [line] = text.trim().split('\n', 1);
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  const isMissing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  const advice = isMissing ? 'install it, or correct the import' : 'correct it there';
  // Nobody who wrote a config knows of its bundle.
  return `${line.replace(/ imported from .*\.retort-config-.*/, '').replace(/\.$/, '')}; ${advice}`;
}

/** The line of a config, or of what it imports, that threw; the file alone where the stack does not say. */
function placeInStack(cause: unknown, file: string): string {
  const stack = cause instanceof Error ? String(cause.stack) : '';
  // Parentheses are around a place where a function is named before it, and may be in its path.
  const places = stack.matchAll(/^ +at (?:.*? \((.+)(:\d+:\d+)\)|(?:async )?(.+)(:\d+:\d+))$/gm);
  for (const [, named, namedAt, path = named, at = namedAt] of places) {
    if (/^node:|^eval at |\/node_modules\//.test(path)) continue;
    return `${path.startsWith('file:') ? fileURLToPath(path) : path}${at}`;
  }
  return file;
}

async function findConfig(path: string): Promise<string> {
  const info = await stat(path).catch((cause) => {
    throw invalid(path, 'a config file, or a folder with one', `${fileFault(cause)}; check the path`, cause);
  });
  if (!info.isDirectory()) {
    const extension = extname(path);
    if (['.ts', '.mjs', '.js', '.json'].includes(extension)) return path;
    throw invalid(path, 'a config in .ts, .mjs, .js or .json', `${extension || 'no extension'}; name a config`);
  }
  for (const name of CONFIG_NAMES) if (await exists(join(path, name))) return join(path, name);
  throw invalid(path, `one of ${CONFIG_NAMES.join(', ')}`, 'none of them; write one, or pass its path');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { message } = cause as SyntaxError;
    // It quotes the text, line ends and all.
    const got = `what is none (${message.replaceAll(/\s+/g, ' ')}); correct it there`;
    throw invalid(placeInJson(message, file, text), 'JSON', got, cause);
  }
}

/** With line and column, where the parser tells a position, or the text ends too early. */
function placeInJson(message: string, file: string, text: string): string {
  const [, position] = /at position (\d+)/.exec(message) ?? [];
  if (position === undefined && !message.startsWith('Unexpected end')) return file;
  const before = text.slice(0, Number(position ?? text.length)).split('\n');
  return `${file}:${before.length}:${before.at(-1)!.length + 1}`;
}

/** Bundles the config with what it imports from its own folders; packages are loaded from where they are installed. */
async function importTypeScript(file: string): Promise<{ default?: unknown }> {
  const { build } = await loadEsbuild();
  // Beside the config, so that packages resolve from there.
  const temporary = join(dirname(file), `.retort-config-${randomUUID()}.mjs`);
  const bundled = await build({
    entryPoints: [file],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    sourcesContent: false,
    outfile: temporary,
    write: false,
    logLevel: 'silent',
  }).catch((cause) => {
    throw doesNotBuild(file, 'TypeScript that bundles', cause);
  });
  // What it throws later names its own lines.
  process.setSourceMapsEnabled(true);
  await writeFileAtomic(temporary, bundled.outputFiles[0].contents);
  try {
    return await importModule(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function importModule(path: string, file: string): Promise<{ default?: unknown }> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (cause) {
    // Node does not say where; a bundler does.
    if (cause instanceof SyntaxError && path === file) await checkSyntax(file);
    throw invalid(file, 'a module that loads', saidBy(cause), cause);
  }
}

/** @throws InputError with the line where a module does not parse; nothing where there is no esbuild */
async function checkSyntax(file: string): Promise<void> {
  const esbuild = await import('esbuild').catch(() => null);
  await esbuild?.transform(await readFile(file), { logLevel: 'silent', sourcefile: file }).catch((cause) => {
    throw doesNotBuild(file, 'a module that loads', cause);
  });
}

/** What esbuild found, at its line; or why esbuild itself failed. */
function doesNotBuild(file: string, expected: string, cause: Error | BuildFailure): InputError {
  const [fault] = 'errors' in cause ? cause.errors : [];
  const { location, text } = fault ?? { location: null, text: cause.message };
  const place = location === null ? file : `${resolve(location.file)}:${location.line}:${location.column + 1}`;
  return invalid(place, expected, `${text}; correct it there`, cause);
}

function invalid(file: string, expected: string, got: string, cause?: unknown): InputError {
  return new InputError(`${file}: expected ${expected}, got ${got}`, { code: 'invalid_config', cause });
}

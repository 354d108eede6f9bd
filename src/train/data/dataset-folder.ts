/**
 * A dataset as a folder, laid out as the Hugging Face `datasets` library reads and writes it: files or folders named by
 * their split (`train.csv`, `data/validation-00000-of-00002.parquet`, `test/part1.jsonl`), the meaning of class numbers
 * in `dataset_info.json` or in the YAML header of README.md. (Layout: huggingface.co/docs/hub/datasets-file-names-and-splits.)
 */
import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import { invalidData } from './invalid-data.ts';
import { ROW_FILES } from './read-rows.ts';
import { type ClassNames, classNamesOf, member, yamlClassNamesOf } from './readers/class-names.ts';
import { unreadable } from './readers/open-file.ts';

/** Splits by the words that file and folder names have for them. */
const SPLIT_WORDS = {
  train: ['train', 'training'],
  dev: ['dev', 'development', 'valid', 'validation', 'val'],
  test: ['test', 'testing', 'eval', 'evaluation'],
} as const;

type Split = keyof typeof SPLIT_WORDS;

/** Paths of the files of each split, shards in order. */
export interface FolderSplits {
  readonly train: readonly string[];
  readonly dev: readonly string[];
  readonly test: readonly string[];
}

/**
 * Files whose names tell no split are training files where no name does, and left aside otherwise.
 *
 * @throws InputError with code `invalid_data` that names the folder: no file of rows in it, one split in two formats, a
 * shard that is missing, Arrow files
 */
export async function findSplits(folder: string): Promise<FolderSplits> {
  const files = await listFiles(folder);
  const rows = files.filter((file) => ROW_FILES.includes(extname(file).toLowerCase()));
  if (rows.length === 0) throw await nothingToRead(folder, files);
  const ofSplit = (split: Split): readonly string[] => rows.filter((file) => splitOf(relative(folder, file)) === split);
  const splits = { train: ofSplit('train'), dev: ofSplit('dev'), test: ofSplit('test') };
  for (const [split, paths] of Object.entries(splits)) checkShards(folder, split, paths);
  const isNamed = Object.values(splits).some((paths) => paths.length > 0);
  return isNamed ? splits : { ...splits, train: rows };
}

/** Files of the folder, of `data` in it, and of folders in both that are named by a split, in order of their names. */
async function listFiles(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  for (const entry of await list(folder)) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) files.push(path);
    else if (entry.name === 'data' || splitOf(entry.name) !== null) files.push(...(await listFiles(path)));
  }
  return files;
}

async function list(folder: string): Promise<readonly Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause) => {
    throw unreadable(folder, cause);
  });
  const isHidden = ({ name }: Dirent): boolean => name.startsWith('.') || name.startsWith('_');
  return entries.filter((entry) => !isHidden(entry)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function splitOf(path: string): Split | null {
  const words = path.toLowerCase().split(/[^a-z]+/);
  const has = (split: Split): boolean => SPLIT_WORDS[split].some((word) => words.includes(word));
  return (Object.keys(SPLIT_WORDS) as Split[]).find(has) ?? null;
}

function checkShards(folder: string, split: string, paths: readonly string[]): void {
  const extensions = [...new Set(paths.map((path) => extname(path).toLowerCase()))];
  if (extensions.length > 1) {
    throw invalidData(
      folder,
      `expected ${split} in one format, got ${extensions.join(' and ')}; name the files one by one`,
    );
  }
  for (const path of paths) {
    const total = basename(path).match(/-\d{5}-of-(\d{5})\./)?.[1];
    if (total === undefined || Number(total) === paths.length) continue;
    throw invalidData(folder, `expected ${Number(total)} shards of ${split}, got ${paths.length}; fetch the others`);
  }
}

async function nothingToRead(folder: string, files: readonly string[]): Promise<Error> {
  if (files.some((file) => extname(file) === '.arrow' || basename(file) === 'dataset_dict.json')) {
    return invalidData(folder, 'expected files of rows, got Arrow files; write them with to_parquet, not save_to_disk');
  }
  const inside = (await list(folder)).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  const advice = inside.length === 0 ? 'check the path' : `name one of its folders: ${inside.join(', ')}`;
  return invalidData(folder, `expected ${ROW_FILES.join(', ')} files, got none; ${advice}`);
}

/**
 * What the numbers of a column mean, where the folder says so; a folder of one configuration may be described in the
 * README.md above it.
 *
 * @throws InputError with code `invalid_data` where the description does not parse
 */
export async function folderClassNames(folder: string, column: string): Promise<ClassNames | null> {
  const json = await readOptional(join(folder, 'dataset_info.json'));
  if (json !== null) {
    const names = classNamesOf(member(parseJson(json, join(folder, 'dataset_info.json')), 'features'), column);
    if (names !== null) return names;
  }
  const configuration = basename(folder);
  return (
    (await readmeClassNames(join(folder, 'README.md'), column, null)) ??
    (await readmeClassNames(join(dirname(folder), 'README.md'), column, configuration))
  );
}

/** @param configuration whose features count; null for those of the first that has any */
async function readmeClassNames(
  path: string,
  column: string,
  configuration: string | null,
): Promise<ClassNames | null> {
  const header = (await readOptional(path))?.match(/^---\r?\n([\s\S]*?)\r?\n---/)?.[1];
  if (header === undefined) return null;
  const { load } = await import('js-yaml');
  let info: unknown;
  try {
    info = member(load(header), 'dataset_info');
  } catch (cause) {
    throw invalidData(path, `expected YAML between the lines of ---, got ${(cause as Error).message}`, cause);
  }
  for (const one of Array.isArray(info) ? info : [info]) {
    const isMeant = configuration === null || member(one, 'config_name') === configuration;
    const names = isMeant ? yamlClassNamesOf(member(one, 'features'), column) : null;
    if (names !== null) return names;
  }
  return null;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidData(path, `expected JSON, got ${(cause as Error).message}`, cause);
  }
}

async function readOptional(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return null;
    throw unreadable(path, cause);
  });
}

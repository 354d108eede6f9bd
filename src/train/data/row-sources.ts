/** Which files the rows of a config come from: what it names, and what a folder that it names has inside. */
import { extname } from 'node:path';
import type { ResolvedDataFiles } from '../config/config.ts';
import { isFolder } from '../is-folder.ts';
import { type FolderSplits, findSplits, folderClassNames } from './dataset-folder.ts';
import { invalidData } from './invalid-data.ts';
import type { ClassNames } from './readers/class-names.ts';
import { readParquetClassNames } from './readers/parquet.ts';

/** Files of one kind of rows. */
export interface RowSource {
  /** What the config, or the command line, called it. */
  readonly name: string;
  readonly paths: readonly string[];
  /** What numbers in the label column mean; null where labels stand there themselves. */
  readonly names: ClassNames | null;
}

/** Files of each split; null where the split is taken from the training rows, or there is nothing unlabelled. */
export interface RowSources {
  readonly train: RowSource;
  readonly unlabelled: RowSource | null;
  readonly dev: RowSource | null;
  readonly test: RowSource | null;
}

/** What there is to know of a config to find its files. */
export type SourceFiles = Pick<ResolvedDataFiles, 'train' | 'unlabelled' | 'dev' | 'test' | 'labelColumn'>;

/** @throws InputError with code `invalid_data` that names a file or folder */
export async function findSources(files: SourceFiles): Promise<RowSources> {
  const { labelColumn } = files;
  const train = await sourceAt(files.train, labelColumn, ({ train: paths }) => paths);
  if (train === null) {
    throw invalidData(files.train, 'expected files of a split train, got other splits alone; name them one by one');
  }
  const heldOut = async (split: 'dev' | 'test'): Promise<RowSource | null> => {
    const path = files[split];
    // A folder as `train` brings its own dev and test along.
    if (path === null)
      return (await isFolder(files.train)) ? sourceAt(files.train, labelColumn, (s) => s[split]) : null;
    return sourceAt(path, labelColumn, (splits) => (splits[split].length > 0 ? splits[split] : allOf(splits)));
  };
  return {
    train,
    unlabelled: files.unlabelled === null ? null : await sourceAt(files.unlabelled, labelColumn, allOf),
    dev: await heldOut('dev'),
    test: await heldOut('test'),
  };
}

function allOf({ train, dev, test }: FolderSplits): readonly string[] {
  return [...train, ...dev, ...test];
}

/**
 * One file, or files of a folder.
 *
 * @returns null where the folder has no file that is meant
 */
async function sourceAt(
  path: string,
  column: string,
  choose: (splits: FolderSplits) => readonly string[],
): Promise<RowSource | null> {
  if (!(await isFolder(path))) return sourceOfFile(path, column);
  const paths = choose(await findSplits(path));
  if (paths.length === 0) return null;
  const names = await folderClassNames(path, column);
  return { name: path, paths, names: names ?? (await sourceOfFile(paths[0], column)).names };
}

/**
 * @param column of the label
 * @throws InputError with code `invalid_data` where a Parquet file is none
 */
export async function sourceOfFile(path: string, column: string): Promise<RowSource> {
  const isParquet = extname(path).toLowerCase() === '.parquet';
  return { name: path, paths: [path], names: isParquet ? await readParquetClassNames(path, column) : null };
}

/** The report of a config's data, or of files that somebody named. */
import { augmentDataset } from '../../augmentation/augment-dataset.ts';
import type { ResolvedConfig } from '../../config/config.ts';
import { isFolder } from '../../is-folder.ts';
import type { RunHooks } from '../../progress.ts';
import { withRowStore } from '../../storage/row-store.ts';
import type { Dataset } from '../dataset.ts';
import { loadDataset } from '../load-dataset.ts';
import { readDataset } from '../read-dataset.ts';
import type { RowColumns } from '../row-columns.ts';
import { findSources, sourceOfFile } from '../row-sources.ts';
import { type DataReport, reportData, type TextLimit } from './data-report.ts';
import { splitOfFile, splitsOfDataset, splitsOfSources } from './reported-splits.ts';

/** What a config's files hold, and what a run makes of them. */
export interface ConfigDataReport {
  /** The files as they are; null where a function loads the data. */
  readonly files: DataReport | null;
  /** Train, dev and test of the first seed: duplicates and exact leaks are gone, what is near to that is not. */
  readonly splits: DataReport;
}

/** @throws InputError with code `invalid_data` that names file and row; an empty row is reported, and then refused */
export async function reportConfigData(config: ResolvedConfig, hooks: RunHooks = {}): Promise<ConfigDataReport> {
  const { onNotice, signal } = hooks;
  const { name, data, augment, seeds, outDir, cacheDir } = config;
  const limits = limitsOf(config);
  const ofDataset = (dataset: Dataset): Promise<DataReport> =>
    reportData(splitsOfDataset(augmentDataset(dataset, augment, onNotice)), limits, signal);
  if (typeof data === 'function') {
    const dataset = readDataset(await data({ cacheDir, seed: seeds[0] }));
    return { files: null, splits: await ofDataset(dataset) };
  }
  const { textColumn: text, labelColumn: label, idColumn: id, labelSeparator } = data;
  const sources = splitsOfSources(await findSources(data), { text, label, id, labelSeparator });
  const files = await reportData(sources, limits, signal);
  return withRowStore(outDir, async (store) => {
    const dataset = await loadDataset(name, data, seeds[0], store.file('0'), hooks);
    return { files, splits: await ofDataset(dataset) };
  });
}

/**
 * @param paths one folder of a dataset, or files; which are held out is told by their names
 * @throws InputError with code `invalid_data` that names file and row
 */
export async function reportFileData(
  paths: readonly string[],
  columns: RowColumns,
  limits: readonly TextLimit[],
  { signal }: RunHooks = {},
): Promise<DataReport> {
  if (paths.length === 1 && (await isFolder(paths[0]))) {
    const files = { train: paths[0], unlabelled: null, dev: null, test: null, labelColumn: columns.label };
    return reportData(splitsOfSources(await findSources(files), columns), limits, signal);
  }
  const splits = [];
  for (const path of paths) splits.push(splitOfFile(await sourceOfFile(path, columns.label), columns));
  return reportData(splits, limits, signal);
}

function limitsOf({ teacher, students }: ResolvedConfig): readonly TextLimit[] {
  // A model counts characters or tokens; what its tokens cut off, only its tokenizer knows.
  const ofTeacher = teacher.flatMap(({ options }) => {
    const { maxCharacters } = options as { readonly maxCharacters?: unknown };
    return typeof maxCharacters === 'number' ? [{ reader: 'the teacher', maxCharacters }] : [];
  });
  return [
    ...ofTeacher,
    ...students.flatMap((one) =>
      one.family === 'image' ? [] : [{ reader: one.name, maxCharacters: one.maxCharacters }],
    ),
  ];
}

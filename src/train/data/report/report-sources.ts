/** The report of a config's data, or of files that somebody named. */
import { augmentDataset } from '../../augmentation/augment-dataset.ts';
import type { ResolvedConfig } from '../../config/config.ts';
import { isFolder } from '../../is-folder.ts';
import type { RunHooks } from '../../progress.ts';
import { withRowStore } from '../../storage/row-store.ts';
import { loadDataset } from '../load-dataset.ts';
import { readDataset } from '../read-dataset.ts';
import type { RowColumns } from '../row-columns.ts';
import { findSources, sourceOfFile } from '../row-sources.ts';
import { type DataReport, reportData, type TextLimit } from './data-report.ts';
import { splitOfFile, splitsOfDataset, splitsOfSources } from './reported-splits.ts';
import { textLimits } from './text-limits.ts';

/** What a config's files hold, and what a run makes of them. */
export interface ConfigDataReport {
  /** The files as they are; null where a function loads the data. */
  readonly files: DataReport | null;
  /** Train, dev and test of the first seed: duplicates and exact leaks are gone, what is near to that is not. */
  readonly splits: DataReport;
}

/** @throws InputError with code `invalid_data` that names file and row */
export async function reportConfigData(config: ResolvedConfig, hooks: RunHooks = {}): Promise<ConfigDataReport> {
  const { onNotice, signal } = hooks;
  const { name, data, augment, seeds, outDir, cacheDir } = config;
  return withRowStore(outDir, async (store) => {
    const given = await (typeof data === 'function'
      ? readDataset(await data({ cacheDir, seed: seeds[0] }))
      : loadDataset(name, data, seeds[0], store.file('0'), hooks));
    const dataset = augmentDataset(given, augment, onNotice);
    const limits = await textLimits(config, dataset, onNotice);
    const splits = await reportData(splitsOfDataset(dataset), limits, signal);
    if (typeof data === 'function') return { files: null, splits };
    const { textColumn: text, labelColumn: label, idColumn: id, labelSeparator } = data;
    const sources = splitsOfSources(await findSources(data), { text, label, id, labelSeparator });
    return { files: await reportData(sources, limits, signal), splits };
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

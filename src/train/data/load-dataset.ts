/** From files to the splits of an experiment. */
import type { ResolvedDataFiles } from '../config/config.ts';
import type { RunHooks } from '../progress.ts';
import type { Dataset, Row } from './dataset.ts';
import { tellDistinct } from './distinct-rows.ts';
import { without } from './held-out.ts';
import { invalidData } from './invalid-data.ts';
import { checkKnownLabels } from './known-labels.ts';
import { readRawRows, streamPlacedRows } from './read-rows.ts';
import { PAIR_FIELD, type RowColumns, TEXT_FIELD, wantedColumns } from './row-columns.ts';
import { findSources, type RowSource } from './row-sources.ts';
import { splitByHash } from './split.ts';
import { gatherTrain, readLabelledRows } from './train-rows.ts';

/**
 * Reads the files of a config. Rows that say the same count once, in the first of test, dev and train that has them, and
 * with their label where one of them has it, the first where they contradict each other; what is dropped is told to
 * `onNotice`. Unlabelled rows beyond `files.maxUnlabelledInMemory` are left in `storeFile`.
 *
 * @throws InputError with code `invalid_data` that names file and row, WriteError, or the reason of `signal`
 */
export async function loadDataset(
  name: string,
  files: ResolvedDataFiles,
  seed: number,
  storeFile: string,
  hooks: RunHooks = {},
): Promise<Dataset> {
  const { onNotice = () => undefined } = hooks;
  const sources = await findSources(files);
  const columns = await columnsOf(sources.train, files);
  const given = await readLabelledRows(sources.train, columns, hooks);
  if (given.rows.length === 0) throw await nothingLabelled(sources.train, files);
  const labels = [...new Set(given.rows.flatMap((row) => row.labels!))].sort();
  const readHeldOut = async (source: RowSource): Promise<readonly Row[]> =>
    tellDistinct(await readKnown(source, columns, labels), source.name, onNotice);
  const shares = {
    dev: sources.dev === null ? files.devShare : 0,
    test: sources.test === null ? files.testShare : 0,
  };
  const splits = splitByHash(given.rows, shares, seed);
  const test = sources.test === null ? splits.test : await readHeldOut(sources.test);
  const dev = without(test, sources.dev === null ? splits.dev : await readHeldOut(sources.dev), 'dev', onNotice);
  const isPair = columns.pair !== undefined;
  // Rows on disk are texts alone, with as many outputs each.
  const mayLeave = !isPair && files.task === undefined;
  const room = { maxInMemory: mayLeave ? files.maxUnlabelledInMemory : Number.POSITIVE_INFINITY, storeFile };
  const known = { given, kept: splits.train, heldOut: [...dev, ...test] };
  const learned = await gatherTrain(sources, columns, known, room, hooks);
  return {
    name,
    labels,
    task: files.task,
    multiLabel: files.labelSeparator !== null,
    teacherField: TEXT_FIELD,
    studentField: TEXT_FIELD,
    ...(isPair ? { pairField: PAIR_FIELD } : {}),
    ...learned,
    dev,
    test,
  };
}

/** The error of training files in which no row has a label. */
export async function nothingLabelled(source: RowSource, files: ResolvedDataFiles): Promise<Error> {
  const { train, labelColumn } = files;
  for await (const { columns } of streamPlacedRows(source.paths, await columnsOf(source, files))) {
    if (columns.includes(labelColumn)) break;
    return invalidData(
      train,
      `expected a column ${labelColumn}, got ${columns.join(', ')}; set data.labelColumn, or label some rows`,
    );
  }
  return invalidData(train, `expected rows with a ${labelColumn}, got none; label some rows, or set data.labelColumn`);
}

/** Which columns of the files of a config hold what; the first training row tells whether there are pairs. */
export async function columnsOf(train: RowSource, files: ResolvedDataFiles): Promise<RowColumns> {
  const { textColumn, pairColumn, labelColumn, idColumn, labelSeparator, task } = files;
  const columns: RowColumns = { text: textColumn, label: labelColumn, id: idColumn, labelSeparator, task };
  const isPair = task === undefined && (await hasColumn(train, PAIR_FIELD, columns));
  const pair = pairColumn ?? (isPair ? PAIR_FIELD : null);
  return pair === null ? columns : { ...columns, pair };
}

async function hasColumn({ paths }: RowSource, name: string, columns: RowColumns): Promise<boolean> {
  for await (const row of readRawRows(paths[0], wantedColumns(columns))) return row.columns.includes(name);
  return false;
}

/** Rows that something will be measured on: each has labels, and none that the training rows do not have. */
async function readKnown(
  { paths, names }: RowSource,
  columns: RowColumns,
  labels: readonly string[],
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const known = { labels, knownBy: 'the training rows', otherwise: 'add training rows with it' };
  for await (const placed of streamPlacedRows(paths, columns, names)) {
    checkKnownLabels(placed, columns, known);
    rows.push(placed.row);
  }
  return rows;
}

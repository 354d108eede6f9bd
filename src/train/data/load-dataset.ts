/** From files to the splits of an experiment. */
import type { ResolvedDataFiles } from '../config/config.ts';
import type { Dataset, Row } from './dataset.ts';
import { invalidData } from './invalid-data.ts';
import { checkKnownLabels } from './known-labels.ts';
import { streamPlacedRows, streamRows } from './read-rows.ts';
import type { RowColumns } from './row-columns.ts';
import { findSources, type RowSource } from './row-sources.ts';
import { splitByHash } from './split.ts';

/** The field that the readers put a row's text into. */
export const TEXT_FIELD = 'text';

/**
 * Reads the files of a config. Rows that say the same count once, in the first of test, dev and train that has them, and
 * with their label where one of them has it, the first where they contradict each other; what is dropped is told to
 * `onNotice`.
 *
 * @throws InputError with code `invalid_data` that names file and row
 */
export async function loadDataset(
  name: string,
  files: ResolvedDataFiles,
  seed: number,
  onNotice: (line: string) => void = () => undefined,
): Promise<Dataset> {
  const sources = await findSources(files);
  const columns = columnsOf(files);
  const read = async (source: RowSource | null): Promise<readonly Row[]> =>
    source === null ? [] : unique(await readSource(source, columns), source.name, onNotice);

  const given = await read(sources.train);
  const unlabelled = (await read(sources.unlabelled)).map((row): Row => ({ ...row, labels: null }));
  const labelled = given.filter(({ labels }) => labels !== null);
  if (labelled.length === 0) throw await nothingLabelled(sources.train, files);
  const labels = [...new Set(labelled.flatMap((row) => row.labels!))].sort();
  const readHeldOut = async (source: RowSource): Promise<readonly Row[]> =>
    unique(await readLabelled(source, columns, labels), source.name, onNotice);
  const shares = {
    dev: sources.dev === null ? files.devShare : 0,
    test: sources.test === null ? files.testShare : 0,
  };
  const splits = splitByHash(labelled, shares, seed);
  const test = sources.test === null ? splits.test : await readHeldOut(sources.test);
  const dev = without(test, sources.dev === null ? splits.dev : await readHeldOut(sources.dev), 'dev', onNotice);
  const learned = [...splits.train, ...given.filter((row) => row.labels === null), ...unlabelled];
  const train = without([...dev, ...test], unique(learned, 'train', onNotice), 'train', onNotice);
  return {
    name,
    labels,
    multiLabel: files.labelSeparator !== null,
    teacherField: TEXT_FIELD,
    studentField: TEXT_FIELD,
    train,
    dev,
    test,
  };
}

/** The error of training files in which no row has a label. */
export async function nothingLabelled({ paths }: RowSource, files: ResolvedDataFiles): Promise<Error> {
  const { train, labelColumn } = files;
  for await (const { columns } of streamPlacedRows(paths, columnsOf(files))) {
    if (columns.includes(labelColumn)) break;
    return invalidData(
      train,
      `expected a column ${labelColumn}, got ${columns.join(', ')}; set data.labelColumn, or label some rows`,
    );
  }
  return invalidData(train, `expected rows with a ${labelColumn}, got none; label some rows, or set data.labelColumn`);
}

/** Which columns of the files of a config hold what. */
export function columnsOf({ textColumn, labelColumn, idColumn, labelSeparator }: ResolvedDataFiles): RowColumns {
  return { text: textColumn, label: labelColumn, id: idColumn, labelSeparator };
}

async function readSource({ paths, names }: RowSource, columns: RowColumns): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const row of streamRows(paths, columns, names)) rows.push(row);
  return rows;
}

/** Rows that something will be measured on: each has labels, and none that the training rows do not have. */
async function readLabelled(
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

function unique(rows: readonly Row[], place: string, onNotice: (line: string) => void): readonly Row[] {
  const byText = new Map<string, Row>();
  let contradictions = 0;
  for (const row of rows) {
    const known = byText.get(row.fields[TEXT_FIELD]);
    if (known === undefined || (known.labels === null && row.labels !== null)) byText.set(row.fields[TEXT_FIELD], row);
    else if (known.labels !== null && row.labels !== null && !sameNames(known.labels, row.labels)) contradictions++;
  }
  const dropped = rows.length - byText.size;
  if (dropped > 0) onNotice(`data: ${place}: ${dropped} rows repeat the text of another one and are left out`);
  if (contradictions > 0)
    onNotice(`data: ${place}: ${contradictions} of them have another label; the first one counts`);
  return [...byText.values()];
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

function without(
  heldOut: readonly Row[],
  rows: readonly Row[],
  split: 'dev' | 'train',
  onNotice: (line: string) => void,
): readonly Row[] {
  const texts = new Set(heldOut.map(({ fields }) => fields[TEXT_FIELD]));
  const kept = rows.filter(({ fields }) => !texts.has(fields[TEXT_FIELD]));
  const dropped = rows.length - kept.length;
  const where = split === 'dev' ? 'test' : 'dev or test';
  if (dropped > 0) onNotice(`data: ${split}: ${dropped} rows also stand in ${where} and are left out`);
  return kept;
}

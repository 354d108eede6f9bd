/** From files to the splits of an experiment. */
import { InputError } from '../../format/index.ts';
import type { ResolvedDataFiles } from '../config/config.ts';
import type { Dataset, Row } from './dataset.ts';
import { type RowColumns, readRows } from './read-rows.ts';
import { splitByHash } from './split.ts';

/** The field that the readers put a row's text into. */
const FIELD = 'text';

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
  const columns = columnsOf(files);
  const read = async (path: string | null): Promise<readonly Row[]> =>
    path === null ? [] : unique(await readRows(path, columns), path, onNotice);

  const given = await read(files.train);
  const unlabelled = (await read(files.unlabelled)).map((row): Row => ({ ...row, labels: null }));
  const labelled = given.filter(({ labels }) => labels !== null);
  if (labelled.length === 0) {
    const message = `${files.train}: expected rows with a ${files.labelColumn}, got none; label some rows, or set data.labelColumn`;
    throw new InputError(message, { code: 'invalid_data' });
  }
  const shares = {
    dev: files.dev === null ? files.devShare : 0,
    test: files.test === null ? files.testShare : 0,
  };
  const splits = splitByHash(labelled, shares, seed);
  const test = files.test === null ? splits.test : await read(files.test);
  const dev = without(test, files.dev === null ? splits.dev : await read(files.dev), 'dev', onNotice);
  const learned = [...splits.train, ...given.filter(({ labels }) => labels === null), ...unlabelled];
  const train = without([...dev, ...test], unique(learned, 'train', onNotice), 'train', onNotice);
  return {
    name,
    labels: [...new Set(labelled.flatMap(({ labels }) => labels!))].sort(),
    multiLabel: files.labelSeparator !== null,
    teacherField: FIELD,
    studentField: FIELD,
    train,
    dev,
    test,
  };
}

function columnsOf({ textColumn, labelColumn, idColumn, labelSeparator }: ResolvedDataFiles): RowColumns {
  return { text: textColumn, label: labelColumn, id: idColumn, labelSeparator };
}

function unique(rows: readonly Row[], place: string, onNotice: (line: string) => void): readonly Row[] {
  const byText = new Map<string, Row>();
  let contradictions = 0;
  for (const row of rows) {
    const known = byText.get(row.fields[FIELD]);
    if (known === undefined || (known.labels === null && row.labels !== null)) byText.set(row.fields[FIELD], row);
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
  const texts = new Set(heldOut.map(({ fields }) => fields[FIELD]));
  const kept = rows.filter(({ fields }) => !texts.has(fields[FIELD]));
  const dropped = rows.length - kept.length;
  const where = split === 'dev' ? 'test' : 'dev or test';
  if (dropped > 0) onNotice(`data: ${split}: ${dropped} rows also stand in ${where} and are left out`);
  return kept;
}

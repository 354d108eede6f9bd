/** The training rows of files: the labelled ones, which are split, and the unlabelled ones, of which there may be any number. */
import type { RunHooks } from '../progress.ts';
import { contentOf } from './content-hash.ts';
import type { Dataset, Row } from './dataset.ts';
import { contentsOf, type DistinctRows, distinctRows, tellRepeated } from './distinct-rows.ts';
import { tellLeaked } from './held-out.ts';
import { streamRows } from './read-rows.ts';
import type { RowColumns } from './row-columns.ts';
import type { RowSource, RowSources } from './row-sources.ts';
import { type UnlabelledRoom, UnlabelledRows } from './unlabelled-rows.ts';
import { watchRows } from './watch-rows.ts';

/** The sources of training rows, by number. */
const TRAIN = 0;
const UNLABELLED = 1;

/** The labelled rows of training files, each text once, and how many others there are. */
export interface LabelledRows extends DistinctRows {
  readonly unlabelled: number;
}

/** @throws InputError with code `invalid_data` that names file and row, or the reason of `signal` */
export async function readLabelledRows(
  { name, paths, names }: RowSource,
  columns: RowColumns,
  hooks: RunHooks,
): Promise<LabelledRows> {
  const rows: Row[] = [];
  let unlabelled = 0;
  for await (const row of watchRows(streamRows(paths, columns, names), name, hooks)) {
    if (row.labels === null) unlabelled++;
    else rows.push(row);
  }
  return { ...distinctRows(rows), unlabelled };
}

/** What is known before the unlabelled rows are read. */
export interface KnownRows {
  readonly given: LabelledRows;
  /** Those of the labelled rows that are learned from. */
  readonly kept: readonly Row[];
  readonly heldOut: readonly Row[];
}

/** The training rows: the labelled ones, then the unlabelled rows of the same files, then those of other files. */
export async function gatherTrain(
  { train, unlabelled }: RowSources,
  columns: RowColumns,
  { given, kept, heldOut }: KnownRows,
  room: UnlabelledRoom,
  hooks: RunHooks,
): Promise<Pick<Dataset, 'train' | 'stored'>> {
  const { onNotice = () => undefined } = hooks;
  const gathered = new UnlabelledRows(room);
  const labelledTexts = contentsOf(given.rows);
  const heldOutTexts = contentsOf(heldOut);
  const withLabel = kept.filter((row) => !heldOutTexts.has(contentOf(row)));
  for (const row of kept) gathered.see(contentOf(row), TRAIN);
  const repeated = { [TRAIN]: given.repeated, [UNLABELLED]: 0, both: 0 };
  let leaked = kept.length - withLabel.length;
  const gather = async ({ name, paths, names }: RowSource, source: typeof TRAIN | typeof UNLABELLED): Promise<void> => {
    for await (const row of watchRows(streamRows(paths, columns, names), name, hooks)) {
      const text = contentOf(row);
      if (source === TRAIN && row.labels !== null) continue;
      const before = source === TRAIN && labelledTexts.has(text) ? TRAIN : gathered.see(text, source);
      if (before === source) repeated[source]++;
      else if (before !== null) repeated.both++;
      else if (heldOutTexts.has(text)) leaked++;
      else await gathered.keep(row);
    }
  };
  try {
    if (given.unlabelled > 0) await gather(train, TRAIN);
    if (unlabelled !== null) await gather(unlabelled, UNLABELLED);
  } catch (error) {
    await gathered.abandon();
    throw error;
  }
  tellRepeated(train.name, repeated[TRAIN], given.contradicting, onNotice);
  if (unlabelled !== null) tellRepeated(unlabelled.name, repeated[UNLABELLED], 0, onNotice);
  tellRepeated('train', repeated.both, 0, onNotice);
  tellLeaked('train', leaked, onNotice);
  const { rows, stored } = await gathered.finish();
  return { train: [...withLabel, ...rows], ...(stored === null ? {} : { stored }) };
}

/** Where a report gets its rows: the files as they are, empty rows and all, or the splits that a run makes of them. */
import { basename } from 'node:path';
import type { Dataset, Row } from '../dataset.ts';
import { splitOf } from '../dataset-folder.ts';
import { readRawRows } from '../read-rows.ts';
import { type RowColumns, toLabels, toText, wantedColumns } from '../row-columns.ts';
import type { RowSource, RowSources } from '../row-sources.ts';
import { trainingRows } from '../training-rows.ts';
import type { ReportedRow, ReportedSplit } from './data-report.ts';

/** The files of a config, which are read when the report asks for them. */
export function splitsOfSources(
  { train, unlabelled, dev, test }: RowSources,
  columns: RowColumns,
): readonly ReportedSplit[] {
  const named = { train, unlabelled, dev, test };
  return Object.entries(named).flatMap(([name, source]) =>
    source === null ? [] : [{ name, heldOut: name === 'dev' || name === 'test', rows: rowsOfSource(source, columns) }],
  );
}

/** Files that somebody named one by one; which are held out is told by their names. */
export function splitOfFile(source: RowSource, columns: RowColumns): ReportedSplit {
  const name = basename(source.name);
  const split = splitOf(name);
  return { name, heldOut: split === 'dev' || split === 'test', rows: rowsOfSource(source, columns) };
}

/** The splits of a dataset as a run learns and measures on them; augmented rows are one of their own. */
export function splitsOfDataset(dataset: Dataset): readonly ReportedSplit[] {
  const { train, dev, test, studentField } = dataset;
  const made = train.filter(({ origin }) => origin !== undefined);
  function* reported(rows: Iterable<Row>): Generator<ReportedRow> {
    for (const { id, fields, labels } of rows) yield { text: fields[studentField], labels, place: `row ${id}` };
  }
  const given = { ...dataset, train: train.filter(({ origin }) => origin === undefined) };
  const named = { train: trainingRows(given), ...(made.length > 0 ? { augmented: made } : {}), dev, test };
  return Object.entries(named).map(([name, rows]) => ({
    name,
    heldOut: name === 'dev' || name === 'test',
    rows: reported(rows),
  }));
}

async function* rowsOfSource({ paths, names }: RowSource, columns: RowColumns): AsyncGenerator<ReportedRow> {
  const wanted = wantedColumns(columns);
  for (const path of paths) {
    for await (const raw of readRawRows(path, wanted)) {
      yield {
        text: toText(raw, columns),
        labels: toLabels(raw, columns, names),
        place: raw.place,
        columns: raw.columns,
      };
    }
  }
}

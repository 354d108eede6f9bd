import { describe, expect, it } from 'vitest';
import {
  type DataReport,
  type ReportedRow,
  reportData,
  type SplitReport,
} from '../../../../src/train/data/report/data-report.ts';

const rows = (...lines: readonly (readonly [text: string, ...labels: readonly string[]])[]): ReportedRow[] =>
  lines.map(([text, ...labels], i) => ({ text, labels: labels.length === 0 ? null : labels, place: `row ${i + 1}` }));

const report = (
  train: readonly ReportedRow[],
  dev: readonly ReportedRow[] = [],
  test: readonly ReportedRow[] = [],
): Promise<DataReport> =>
  reportData(
    [
      { name: 'train', heldOut: false, rows: train },
      { name: 'dev', heldOut: true, rows: dev },
      { name: 'test', heldOut: true, rows: test },
    ],
    [
      { reader: 'static', maxCharacters: 3 },
      { reader: 'static', maxTokens: 1, exceeds: (text) => text.includes('s') },
    ],
  );

const ofTrain = async (train: readonly ReportedRow[]): Promise<SplitReport> => (await report(train)).splits[0];

describe('reportData', () => {
  it('counts rows, labels, empty rows and what a limit cuts off', async () => {
    expect(
      await ofTrain(rows(['won', 'spam'], ['meet', 'ham'], ['meets', 'ham', 'work'], ['who'], [' '], ['', 'ham'])),
    ).toMatchObject({
      rows: 6,
      labelled: 4,
      empty: 2,
      emptyPlaces: ['row 5', 'row 6'],
      labels: [
        { label: 'ham', rows: 3 },
        { label: 'spam', rows: 1 },
        { label: 'work', rows: 1 },
      ],
      truncated: [
        { reader: 'static', maxCharacters: 3, rows: 2 },
        { reader: 'static', maxTokens: 1, rows: 1 },
      ],
      characters: { min: 3, max: 5 },
      words: { min: 1, max: 1 },
    });
  });

  it('counts duplicates as they are written, and normalized', async () => {
    const { duplicates } = await ofTrain(rows(['You won'], ['You won'], ['you  won!'], ['meet'], ['MEET']));
    expect(duplicates).toEqual({ exact: 1, normalized: 3 });
  });

  it('counts texts of two labels once, in any order of several labels, and shows where they stand', async () => {
    const train = rows(
      ['won'],
      ['won', 'spam'],
      ['won', 'ham'],
      ['won', 'ham'],
      ['Won!', 'spam'],
      ['a', 'x', 'y'],
      ['a', 'y', 'x'],
    );
    expect((await ofTrain(train)).contradictions).toEqual({
      exact: 1,
      normalized: 1,
      examples: [
        { text: 'won', first: { place: 'row 2', labels: ['spam'] }, second: { place: 'row 3', labels: ['ham'] } },
      ],
    });
  });

  it('counts the rows of every split that stand in one that is held out', async () => {
    const { leaks } = await report(rows(['a b'], ['a b'], ['A, b'], ['c']), rows(['a b'], ['d']), rows(['D'], ['c']));
    expect(leaks).toEqual([
      { split: 'train', in: 'dev', exact: 2, normalized: 3 },
      { split: 'train', in: 'test', exact: 1, normalized: 1 },
      { split: 'dev', in: 'test', exact: 0, normalized: 1 },
    ]);
  });

  it('stops where its caller stops', async () => {
    const stopped = reportData(
      [{ name: 'train', heldOut: false, rows: rows(['a']) }],
      [],
      AbortSignal.abort(new Error('enough')),
    );
    await expect(stopped).rejects.toThrow('enough');
  });
});

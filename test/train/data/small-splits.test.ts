import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/train/data/dataset.ts';
import { tellSmallSplits } from '../../../src/train/data/small-splits.ts';
import { rowOf } from '../../support/rows.ts';

function told(dev: number, test: number): readonly string[] {
  const rows = (count: number) => Array.from({ length: count }, (_, i) => rowOf(`text ${i}`, 'ham'));
  const dataset = { train: [], dev: rows(dev), test: rows(test) } as unknown as Dataset;
  const lines: string[] = [];
  tellSmallSplits(dataset, (line) => lines.push(line));
  return lines;
}

describe('tellSmallSplits', () => {
  it('says nothing from 100 rows on', () => {
    expect(told(100, 5000)).toEqual([]);
  });

  it('says for each smaller split how far chance moves a score: 1.96 sqrt(.9 x .1 / rows)', () => {
    expect(told(99, 9)).toEqual([
      'data: dev has 99 rows: chance alone moves an accuracy of .9 there by .06; label more rows before you trust it',
      'data: test has 9 rows: chance alone moves an accuracy of .9 there by .20; label more rows before you trust it',
    ]);
  });
});

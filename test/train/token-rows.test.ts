import { describe, expect, it } from 'vitest';
import { createTokenBatch, PADDING_ID } from '../../src/train/token-batch.ts';
import { TokenRows } from '../../src/train/token-rows.ts';

const batchOf = (...texts: readonly (readonly number[])[]) =>
  createTokenBatch(texts.map((ids) => Int32Array.from(ids)));

describe('TokenRows', () => {
  it('numbers the ids of a batch by their place among them, ascending, and leaves padding as it is', () => {
    const { rows, tokens } = new TokenRows(100).localize(batchOf([70, 3, 70], [9]));
    expect(rows).toEqual(Int32Array.of(3, 9, 70));
    expect(tokens).toEqual({ batch: 2, length: 3, ids: Int32Array.of(2, 0, 2, 1, PADDING_ID, PADDING_ID) });
  });

  it('forgets a batch with the next', () => {
    const tokenRows = new TokenRows(100);
    tokenRows.localize(batchOf([99, 0, 5]));
    expect(tokenRows.localize(batchOf([5, 99])).rows).toEqual(Int32Array.of(5, 99));
  });

  it('reads one row where there is no token, so that no tensor is empty', () => {
    const { rows, tokens } = new TokenRows(100).localize(batchOf([], []));
    expect(rows.length).toBe(1);
    expect([...tokens.ids]).toEqual([PADDING_ID, PADDING_ID]);
  });
});

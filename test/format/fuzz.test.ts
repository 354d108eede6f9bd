import { describe, expect, it } from 'vitest';
import { fuzzFormat } from '../support/fuzz-format.ts';

const MUTANTS = 20_000;

describe('a mutated student file', () => {
  it(`throws a typed error or predicts inside of its arena; every rule is hit 20 times and 30 % load (${MUTANTS} mutants; npm run fuzz:format makes more)`, {
    timeout: 300_000,
  }, async () => {
    const { hits, kinds, loaded } = await fuzzFormat({ seed: 20, count: MUTANTS });
    expect(Object.entries(hits).filter(([, count]) => count < 20)).toEqual([]);
    expect(kinds.structure).toBeGreaterThanOrEqual(MUTANTS / 2);
    expect(loaded).toBeGreaterThanOrEqual(0.3 * MUTANTS);
  });
});

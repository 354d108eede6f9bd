import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchStream } from '../../src/train/batch-stream.ts';
import { createRandom, restoreRandom } from '../../src/train/random.ts';

/** The next `count` rows, drawn in batches of the sizes that follow each other again and again. */
function draw(stream: BatchStream, count: number, sizes: readonly number[]): number[] {
  const rows: number[] = [];
  for (let i = 0; rows.length < count; i++) {
    const size = Math.min(sizes[i % sizes.length], count - rows.length);
    const batch = stream.next(size);
    expect(batch).toHaveLength(size);
    rows.push(...batch);
  }
  return rows;
}

const inputs = {
  rows: fc.integer({ min: 1, max: 40 }),
  seed: fc.nat({ max: 2 ** 32 - 1 }),
  sizes: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 4 }),
};

describe('BatchStream', () => {
  it('gives every row once a pass, whatever the sizes of the batches, which run over the end of a pass', () => {
    fc.assert(
      fc.property(fc.record(inputs), ({ rows, seed, sizes }) => {
        const drawn = draw(new BatchStream(rows, createRandom(seed)), 3 * rows, sizes);
        const all = Array.from({ length: rows }, (_, row) => row);
        for (const pass of [0, 1, 2]) {
          expect(drawn.slice(pass * rows, (pass + 1) * rows).sort((a, b) => a - b)).toEqual(all);
        }
      }),
    );
  });

  it('gives the same rows whatever the sizes of the batches', () => {
    fc.assert(
      fc.property(fc.record(inputs), ({ rows, seed, sizes }) => {
        const count = 2 * rows + 1;
        const oneByOne = draw(new BatchStream(rows, createRandom(seed)), count, [1]);
        expect(draw(new BatchStream(rows, createRandom(seed)), count, sizes)).toEqual(oneByOne);
      }),
    );
  });

  it('takes a new order for every pass, and another one for another seed', () => {
    const passes = (seed: number): number[][] => {
      const stream = new BatchStream(20, createRandom(seed));
      return Array.from({ length: 5 }, () => [...stream.next(20)]);
    };
    const orders = [...passes(1), ...passes(2)].map(String);
    expect(new Set(orders).size).toBe(10);
    expect(passes(1).map(String)).toEqual(orders.slice(0, 5));
  });

  it('goes on with the same rows from its state and that of its generator, taken anywhere in a pass', () => {
    fc.assert(
      fc.property(fc.record(inputs), fc.nat({ max: 100 }), ({ rows, seed, sizes }, before) => {
        const random = createRandom(seed);
        const stream = new BatchStream(rows, random);
        draw(stream, before, sizes);
        const state = structuredClone(stream.state());
        const restored = new BatchStream(rows, restoreRandom(random.state()), state);
        expect(draw(restored, 2 * rows, sizes)).toEqual(draw(stream, 2 * rows, sizes));
      }),
    );
  });

  it('hands out a state that later batches leave alone', () => {
    const stream = new BatchStream(8, createRandom(3));
    stream.next(5);
    const state = stream.state();
    const before = structuredClone(state);
    stream.next(20);
    expect(state).toEqual(before);
  });
});

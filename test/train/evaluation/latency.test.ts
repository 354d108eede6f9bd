import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Predictor, readStudent } from '../../../src/runtime/node.ts';
import { measureLatency, medianInput, timedStudent } from '../../../src/train/evaluation/latency.ts';
import { embedStudent, staticStudent, studentBytes, tagStudent } from '../../support/students.ts';

describe('medianInput', () => {
  it('stands in the middle by length, the longer of two in the middle', () => {
    expect(medianInput(['aaaa', 'b', 'cc'])).toBe('cc');
    expect(medianInput(['aaaa', 'b', 'cc', 'ddd'])).toBe('ddd');
    expect(medianInput(['only'])).toBe('only');
  });

  it('does not depend on the order of the texts, and leaves them as they are', () => {
    const texts = fc.array(fc.string({ maxLength: 3 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(texts, (all) => {
        const before = [...all];
        expect(medianInput([...all].reverse())).toBe(medianInput(all));
        expect(all).toEqual(before);
      }),
    );
  });
});

describe('timedStudent', () => {
  it('answers as the student does in its task', async () => {
    const [classifier, tagger, embedder] = await Promise.all(
      [staticStudent(), tagStudent(), embedStudent()].map(async (file) => readStudent(await studentBytes(file))),
    );
    const texts = ['you won a prize'];
    expect(timedStudent(classifier).predict(texts)).toEqual(classifier.predict(texts));
    expect(timedStudent(tagger).predict(texts)).toEqual(tagger.tag(texts));
    expect(timedStudent(embedder).predict(texts)).toEqual(embedder.embed(texts));
  });
});

describe('measureLatency', () => {
  describe('by a clock that each prediction moves', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
    afterEach(() => void vi.useRealTimers());

    /** A predictor whose call number i (from 1) takes `duration(i)` milliseconds. */
    function takes(duration: (call: number) => number, wait: boolean): Predictor & { readonly texts: string[] } {
      const texts: string[] = [];
      const answer = (): readonly [] => {
        vi.advanceTimersByTime(duration(texts.length));
        return [];
      };
      return {
        info: null as never,
        texts,
        predict(input) {
          texts.push(...input.map(String));
          return wait ? Promise.resolve().then(answer) : answer();
        },
      };
    }

    it.each([
      ['at once', false],
      ['later', true],
    ])(
      'gives nearest-rank percentiles of the runs after the warm-up, for a predictor that answers %s',
      async (_, wait) => {
        // Warm-up of 1000 ms each, then 20 ms, 19 ms, ..., 1 ms.
        const predictor = takes((call) => (call <= 5 ? 1000 : 26 - call), wait);
        expect(await measureLatency(predictor, 'text', { warmup: 5, runs: 20 })).toEqual({ p50Ms: 10, p95Ms: 19 });
        expect(predictor.texts).toEqual(Array(25).fill('text'));
      },
    );

    it('of one run is that run', async () => {
      const run = measureLatency(
        takes(() => 7, false),
        'text',
        { warmup: 0, runs: 1 },
      );
      expect(await run).toEqual({ p50Ms: 7, p95Ms: 7 });
    });

    it('stops between two predictions where the signal is aborted, with its reason', async () => {
      const controller = new AbortController();
      const predictor = takes((call) => {
        if (call === 3) controller.abort(new Error('stopped'));
        return 1;
      }, true);
      const run = measureLatency(predictor, 'text', { warmup: 2, runs: 50 }, controller.signal);
      await expect(run).rejects.toThrow('stopped');
      expect(predictor.texts).toHaveLength(3);
    });
  });

  it('of a real student is above 0 and below a second, p50 at most p95', async () => {
    const student = readStudent(await studentBytes(staticStudent()));
    const { p50Ms, p95Ms } = await measureLatency(student, 'you won a prize', { warmup: 50, runs: 200 });
    expect(p50Ms).toBeGreaterThan(0);
    expect(p95Ms).toBeGreaterThanOrEqual(p50Ms);
    expect(p95Ms).toBeLessThan(1000);
  });
});

import { describe, expect, it, vi } from 'vitest';
import { createRandom } from '../../../../src/train/random.ts';
import {
  EndpointError,
  faultOfStatus,
  readRetryAfter,
} from '../../../../src/train/teachers/requests/endpoint-error.ts';
import { Pacer } from '../../../../src/train/teachers/requests/pacer.ts';
import { createJitter, withRetries } from '../../../../src/train/teachers/requests/retries.ts';

const BROKEN = new EndpointError('endpoint_failed', 'host: got status 500', { retryable: true });

/** Starting times of attempts that all fail, in milliseconds of a clock that the test turns. */
async function attempts(retries: number, backoffMs: number, seed: number): Promise<readonly number[]> {
  vi.useFakeTimers();
  try {
    const started = performance.now();
    const times: number[] = [];
    const attempt = async (): Promise<never> => {
      times.push(performance.now() - started);
      throw BROKEN;
    };
    const options = { retries, backoffMs, pacer: new Pacer(null), random: createRandom(seed) };
    const failed = expect(withRetries(attempt, options, undefined)).rejects.toThrow(`(attempt ${retries + 1})`);
    await vi.runAllTimersAsync();
    await failed;
    return times;
  } finally {
    vi.useRealTimers();
  }
}

describe('withRetries', () => {
  it('waits from half of a time that doubles, up to 30 s, to all of it', async () => {
    const times = await attempts(10, 500, 1);
    const waits = times.slice(1).map((time, i) => time - times[i]);
    expect(waits).toHaveLength(10);
    for (const [i, ms] of waits.entries()) {
      const ceiling = Math.min(30_000, 500 * 2 ** i);
      // Timers round up to whole milliseconds.
      expect(ms).toBeGreaterThanOrEqual(ceiling / 2 - 1);
      expect(ms).toBeLessThanOrEqual(ceiling + 1);
    }
  });

  it('waits differently with another seed, and the same with the same', async () => {
    expect(await attempts(4, 1000, 7)).toEqual(await attempts(4, 1000, 7));
    expect(await attempts(4, 1000, 7)).not.toEqual(await attempts(4, 1000, 8));
  });

  it('throws at once what asking again does not change', async () => {
    const attempt = vi.fn().mockRejectedValue(faultOfStatus(404, 'none', null));
    const options = { retries: 5, backoffMs: 1, pacer: new Pacer(null), random: createJitter() };
    await expect(withRetries(attempt, options, undefined)).rejects.toMatchObject({ code: 'endpoint_refused' });
    expect(attempt).toHaveBeenCalledTimes(1);
  });
});

describe('readRetryAfter', () => {
  it.each<[string | null, number | null]>([
    ['120', 120_000],
    ['0', 0],
    ['-3', 0],
    ['0.5', 500],
    ['Wed, 21 Oct 2015 07:28:30 GMT', 30_000],
    ['Wed, 21 Oct 2015 07:27:00 GMT', 0],
    ['soon', null],
    [' ', null],
    [null, null],
  ])('reads %s as %s ms', (header, ms) => {
    expect(readRetryAfter(header, Date.UTC(2015, 9, 21, 7, 28, 0))).toBe(ms);
  });
});

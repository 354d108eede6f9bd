import { describe, expect, it } from 'vitest';
import { bestOnDev, ratesOf, scaleSchedule } from '../../../src/train/distill/baseline-grid.ts';
import type { Schedule } from '../../../src/train/objective.ts';
import { initialScheduleState, scheduleValue } from '../../../src/train/schedules.ts';
import type { EpochRecord, TrainedStudent } from '../../../src/train/training-run.ts';

const candidate = (name: string, bestEpoch: number, ...dev: readonly [accuracy: number, loss: number][]) => {
  const history = dev.map(([devAccuracy, devLoss]) => ({ devAccuracy, devLoss }) as EpochRecord);
  return { name, trained: { history, bestEpoch } as unknown as TrainedStudent };
};

describe('ratesOf', () => {
  it('tunes what the distilled student is compared with, and takes that student as the config says', () => {
    expect(ratesOf('distilled')).toEqual([1]);
    for (const variant of ['labelsOnly', 'hardLabels', 'allLabels'] as const) expect(ratesOf(variant)).toEqual([1, 3]);
  });
});

describe('scaleSchedule', () => {
  it.each<Schedule>([
    { kind: 'constant', value: 0.01 },
    { kind: 'linear', from: 0.01, to: 0 },
    { kind: 'cosine', from: 0.01, to: 0.001 },
    { kind: 'steps', at: [0, 0.5], values: [0.02, 0.01] },
    { kind: 'adaptive', on: 'devLoss', from: 0.01, factor: 0.5, min: 0.001, max: 0.01 },
  ])('is that many times as high all along, and moves as before: %j', (schedule) => {
    const scaled = scaleSchedule(schedule, 3);
    expect(scaleSchedule(schedule, 1)).toEqual(schedule);
    expect({ ...scaled, from: 0, to: 0, value: 0, values: 0, min: 0, max: 0 }).toEqual({
      ...schedule,
      ...{ from: 0, to: 0, value: 0, values: 0, min: 0, max: 0 },
    });
    for (const progress of [0, 0.25, 0.5, 1]) {
      const value = (one: Schedule): number => scheduleValue(one, progress, initialScheduleState(one));
      expect(value(scaled)).toBeCloseTo(3 * value(schedule), 12);
    }
    if (schedule.kind === 'adaptive') expect(scaled).toMatchObject({ min: 0.003, max: 0.03 });
  });
});

describe('bestOnDev', () => {
  it('takes the best epoch of each, the most accurate, then the least loss, then the first', () => {
    const one = candidate('one', 2, [0.99, 0.1], [0.8, 0.5]);
    expect(bestOnDev([one, candidate('two', 1, [0.9, 0.9])]).name).toBe('two');
    expect(bestOnDev([one, candidate('two', 1, [0.8, 0.4])]).name).toBe('two');
    expect(bestOnDev([one, candidate('two', 1, [0.8, 0.5])]).name).toBe('one');
    expect(bestOnDev([one]).name).toBe('one');
  });
});

import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/format/index.ts';
import type { Schedule } from '../../src/train/objective.ts';
import {
  advanceSchedule,
  type EpochMeasures,
  initialScheduleState,
  scheduleValue,
  validateSchedule,
} from '../../src/train/schedules.ts';

const range = { min: 0, max: 10 };
const measures: EpochMeasures = { devLoss: 1, devAgreement: null, teacherEntropy: null };
const at = (schedule: Schedule, progress: number): number =>
  scheduleValue(schedule, progress, initialScheduleState(schedule));

describe('scheduleValue', () => {
  it('of a constant is its value throughout', () => {
    expect([0, 0.5, 1].map((p) => at({ kind: 'constant', value: 3 }, p))).toEqual([3, 3, 3]);
  });

  it('of a line runs from the first value to the last', () => {
    expect([0, 0.25, 1].map((p) => at({ kind: 'linear', from: 4, to: 0 }, p))).toEqual([4, 3, 0]);
  });

  it('of a cosine is at both ends, half way in the middle, and slow at the ends', () => {
    const cosine: Schedule = { kind: 'cosine', from: 4, to: 2 };
    expect(at(cosine, 0)).toBe(4);
    expect(at(cosine, 0.5)).toBeCloseTo(3, 12);
    expect(at(cosine, 1)).toBe(2);
    expect(at(cosine, 0.1)).toBeGreaterThan(3.9);
  });

  it('of steps changes exactly at its marks', () => {
    const steps: Schedule = { kind: 'steps', at: [0, 0.5, 1], values: [1, 2, 3] };
    expect([0, 0.49, 0.5, 0.99, 1].map((p) => at(steps, p))).toEqual([1, 1, 2, 2, 3]);
  });
});

describe('advanceSchedule', () => {
  function follow(schedule: Schedule, epochs: readonly EpochMeasures[]): number[] {
    let state = initialScheduleState(schedule);
    return epochs.map((epoch) => {
      state = advanceSchedule(schedule, state, epoch);
      return scheduleValue(schedule, 0, state);
    });
  }

  it('multiplies by the factor after each epoch without a lower dev loss, down to the minimum', () => {
    const schedule: Schedule = { kind: 'adaptive', on: 'devLoss', from: 1, factor: 0.5, min: 0.2, max: 1 };
    const losses = [3, 2, 2, 2.5, 1, 1, 1].map((devLoss) => ({ ...measures, devLoss }));
    expect(follow(schedule, losses)).toEqual([1, 1, 0.5, 0.25, 0.25, 0.2, 0.2]);
  });

  it('takes a higher agreement for the better one, and stops at the maximum', () => {
    const schedule: Schedule = { kind: 'adaptive', on: 'devAgreement', from: 1, factor: 3, min: 1, max: 5 };
    const agreements = [0.8, 0.9, 0.9, 0.7, 0.91].map((devAgreement) => ({ ...measures, devAgreement }));
    expect(follow(schedule, agreements)).toEqual([1, 1, 3, 5, 5]);
  });

  it('goes on from a state that went through JSON', () => {
    const schedule: Schedule = { kind: 'adaptive', on: 'teacherEntropy', from: 4, factor: 0.7, min: 1, max: 4 };
    const bad = { ...measures, teacherEntropy: 0.5 };
    const state = advanceSchedule(schedule, advanceSchedule(schedule, initialScheduleState(schedule), bad), bad);
    expect(advanceSchedule(schedule, JSON.parse(JSON.stringify(state)), bad)).toEqual(
      advanceSchedule(schedule, state, bad),
    );
  });

  it('refuses a measure that the run does not take', () => {
    const schedule: Schedule = { kind: 'adaptive', on: 'devAgreement', from: 1, factor: 0.5, min: 0, max: 1 };
    expect(() => advanceSchedule(schedule, initialScheduleState(schedule), measures)).toThrow(/devAgreement/);
  });

  it('leaves the other kinds alone', () => {
    expect(advanceSchedule({ kind: 'constant', value: 1 }, null, measures)).toBeNull();
  });
});

describe('validateSchedule', () => {
  const adaptive = { kind: 'adaptive', on: 'devLoss', from: 1, factor: 0.5, min: 0, max: 2 } as const;

  it.each<[string, Schedule]>([
    ['alpha.value', { kind: 'constant', value: Number.NaN }],
    ['alpha.value', { kind: 'constant', value: -1 }],
    ['alpha.to', { kind: 'linear', from: 0, to: 11 }],
    ['alpha.from', { kind: 'cosine', from: Number.POSITIVE_INFINITY, to: 0 }],
    ['alpha.at', { kind: 'steps', at: [], values: [] }],
    ['alpha.at', { kind: 'steps', at: [0.1], values: [1] }],
    ['alpha.at', { kind: 'steps', at: [0, 0.5, 0.5], values: [1, 2, 3] }],
    ['alpha.at', { kind: 'steps', at: [0, 1.5], values: [1, 2] }],
    ['alpha.at', { kind: 'steps', at: [0], values: [1, 2] }],
    ['alpha.values[1]', { kind: 'steps', at: [0, 1], values: [1, 11] }],
    ['alpha.from', { ...adaptive, from: 3 }],
    ['alpha.max', { ...adaptive, min: 2, max: 1 }],
    ['alpha.factor', { ...adaptive, factor: -1 }],
    ['alpha.kind', { kind: 'exponential' } as unknown as Schedule],
  ])('names %s in an InputError', (field, schedule) => {
    const validate = (): void => validateSchedule(schedule, 'alpha', range);
    expect(validate).toThrow(InputError);
    expect(validate).toThrow(`${field}: expected`);
  });

  it('accepts every kind inside its range', () => {
    for (const schedule of [{ kind: 'steps', at: [0, 1], values: [0, 10] }, adaptive] as const) {
      expect(() => validateSchedule(schedule, 'alpha', range)).not.toThrow();
    }
  });
});

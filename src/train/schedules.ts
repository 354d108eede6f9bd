/**
 * Evaluates the schedules of an objective. A schedule is data; four kinds are functions of progress alone, and
 * `adaptive` is a state machine that moves once an epoch. Its state is plain JSON and goes into the checkpoint, so a
 * run that is resumed takes the same path.
 */
import { InputError } from '../format/index.ts';
import type { Schedule } from './objective.ts';

/** Where an adaptive schedule stands. */
export interface AdaptiveState {
  readonly value: number;
  /** Best measure so far; null before the first epoch ends. */
  readonly best: number | null;
}

/** State of any schedule: null for the kinds that depend on progress alone. */
export type ScheduleState = AdaptiveState | null;

/** What an adaptive schedule may watch, measured at the end of an epoch; null where a run cannot measure it. */
export interface EpochMeasures {
  readonly devLoss: number;
  readonly devAgreement: number | null;
  /** Mean entropy of the softened teacher distributions over the epoch's rows, in nats. */
  readonly teacherEntropy: number | null;
}

/** Values that a schedule may take. */
export interface ScheduleRange {
  readonly min: number;
  readonly max: number;
}

function expectNumber(value: unknown, subject: string, range: ScheduleRange): void {
  if (typeof value === 'number' && Number.isFinite(value) && value >= range.min && value <= range.max) return;
  throw new InputError(`${subject}: expected a number from ${range.min} to ${range.max}, got ${String(value)}`, {
    code: 'invalid_schedule',
  });
}

function validateSteps(at: readonly number[], values: readonly number[], subject: string, range: ScheduleRange): void {
  const rises = at.every((progress, i) => (i === 0 ? progress === 0 : progress > at[i - 1] && progress <= 1));
  if (at.length === 0 || at.length !== values.length || !rises) {
    throw new InputError(
      `${subject}.at: expected rising numbers from 0 to 1 that begin with 0, one for each of the ${values.length} values, got [${at.join(', ')}]`,
      { code: 'invalid_schedule' },
    );
  }
  for (const [i, value] of values.entries()) expectNumber(value, `${subject}.values[${i}]`, range);
}

/**
 * Checks that a schedule is complete and never leaves `range`.
 *
 * @param subject name of the schedule in messages, e.g. `objective.alpha`
 * @throws InputError with code `invalid_schedule`, naming the field
 */
export function validateSchedule(schedule: Schedule, subject: string, range: ScheduleRange): void {
  switch (schedule.kind) {
    case 'constant':
      expectNumber(schedule.value, `${subject}.value`, range);
      return;
    case 'linear':
    case 'cosine':
      expectNumber(schedule.from, `${subject}.from`, range);
      expectNumber(schedule.to, `${subject}.to`, range);
      return;
    case 'steps':
      validateSteps(schedule.at, schedule.values, subject, range);
      return;
    case 'adaptive':
      expectNumber(schedule.min, `${subject}.min`, range);
      expectNumber(schedule.max, `${subject}.max`, { min: schedule.min, max: range.max });
      expectNumber(schedule.from, `${subject}.from`, { min: schedule.min, max: schedule.max });
      expectNumber(schedule.factor, `${subject}.factor`, { min: 0, max: Number.MAX_VALUE });
      return;
    default: {
      const kind = String((schedule as { kind?: unknown }).kind);
      throw new InputError(
        `${subject}.kind: expected constant, linear, cosine, steps or adaptive, got ${kind}; choose one of them`,
        { code: 'invalid_schedule' },
      );
    }
  }
}

/** @returns the state before the first step */
export function initialScheduleState(schedule: Schedule): ScheduleState {
  return schedule.kind === 'adaptive' ? { value: schedule.from, best: null } : null;
}

/**
 * @param progress from 0 (first step) to 1 (last step)
 * @param state of this schedule; only `adaptive` reads it
 * @returns the value of the schedule at that step
 */
export function scheduleValue(schedule: Schedule, progress: number, state: ScheduleState): number {
  switch (schedule.kind) {
    case 'constant':
      return schedule.value;
    case 'linear':
      return schedule.from + (schedule.to - schedule.from) * progress;
    case 'cosine':
      return schedule.to + ((schedule.from - schedule.to) * (1 + Math.cos(Math.PI * progress))) / 2;
    case 'steps':
      return schedule.values[schedule.at.filter((from) => from <= progress).length - 1];
    case 'adaptive':
      return state === null ? schedule.from : state.value;
  }
}

/**
 * Moves a schedule over the end of an epoch.
 *
 * @throws InputError with code `invalid_schedule` where the run does not measure what the schedule watches
 */
export function advanceSchedule(schedule: Schedule, state: ScheduleState, measures: EpochMeasures): ScheduleState {
  if (schedule.kind !== 'adaptive' || state === null) return state;
  const measure = measures[schedule.on];
  if (measure === null) {
    throw new InputError(`schedule on ${schedule.on}: expected teacher logits to measure it with, got none; add them`, {
      code: 'invalid_schedule',
    });
  }
  const higherIsBetter = schedule.on === 'devAgreement';
  const better = state.best === null || (higherIsBetter ? measure > state.best : measure < state.best);
  if (better) return { value: state.value, best: measure };
  const value = Math.min(schedule.max, Math.max(schedule.min, state.value * schedule.factor));
  return { value, best: state.best };
}

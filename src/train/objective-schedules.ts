/** The schedules of an objective, moved together: by progress within the run, and over the ends of epochs. */
import type { LossWeights } from './losses/total-loss.ts';
import type { Objective, Schedule } from './objective.ts';
import {
  advanceSchedule,
  type EpochMeasures,
  initialScheduleState,
  type ScheduleState,
  scheduleValue,
} from './schedules.ts';

/** modelWeight, alpha, temperature, then the betas. */
function schedulesOf({ modelWeight, alpha, temperature, features }: Objective): readonly Schedule[] {
  return [modelWeight, alpha, temperature, ...features.map(({ beta }) => beta)];
}

/** The weights of a run while it runs. */
export class ObjectiveSchedules {
  readonly #schedules: readonly Schedule[];
  #states: readonly ScheduleState[];

  constructor(objective: Objective, states?: readonly ScheduleState[]) {
    this.#schedules = schedulesOf(objective);
    this.#states = states ?? this.#schedules.map(initialScheduleState);
  }

  /** @param progress from 0 (first step) to 1 (last step) */
  at(progress: number): LossWeights {
    const values = this.#schedules.map((schedule, i) => scheduleValue(schedule, progress, this.#states[i]));
    const [modelWeight, alpha, temperature, ...betas] = values;
    return { modelWeight, alpha, temperature, betas };
  }

  /** Moves adaptive schedules over the end of an epoch. */
  advance(measures: EpochMeasures): void {
    this.#states = this.#schedules.map((schedule, i) => advanceSchedule(schedule, this.#states[i], measures));
  }

  states(): readonly ScheduleState[] {
    return this.#states;
  }
}

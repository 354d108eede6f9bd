/** How a student is trained: what a config says, and the preset of its family for the rest. */
import type { Objective, Schedule } from '../objective.ts';
import { type ScheduleRange, validateSchedule } from '../schedules.ts';
import type { OptimizerSpec, TrainingSpec } from '../training-run.ts';
import { invalid } from './invalid-config.ts';
import type { Scheduled, TrainingConfig } from './student-config.ts';

const WEIGHT: ScheduleRange = { min: 0, max: 1e6 };
const TEMPERATURE: ScheduleRange = { min: 0.01, max: 1000 };
const LEARNING_RATE: ScheduleRange = { min: 0, max: 10 };

/**
 * @param place the field of the config, for messages, e.g. `students.0.training`
 * @throws InputError with code `invalid_config` or `invalid_schedule`
 */
export function resolveTraining(
  config: TrainingConfig,
  preset: Omit<TrainingSpec, 'seed'>,
  place: string,
): Omit<TrainingSpec, 'seed'> {
  return {
    objective: resolveObjective(config, preset.objective, place),
    optimizer: resolveOptimizer(config, preset.optimizer, place),
    epochs: config.epochs ?? preset.epochs,
    stepsPerEpoch: config.stepsPerEpoch ?? preset.stepsPerEpoch,
    batchSize: config.batchSize ?? preset.batchSize,
    dropout: config.dropout ?? preset.dropout,
    patience: config.patience === undefined ? preset.patience : config.patience,
  };
}

function resolveObjective(config: TrainingConfig, preset: Objective, place: string): Objective {
  const { modelWeight, alpha, temperature, distillation, features } = config;
  return {
    modelWeight: readSchedule(modelWeight ?? preset.modelWeight, `${place}.modelWeight`, WEIGHT),
    alpha: readSchedule(alpha ?? preset.alpha, `${place}.alpha`, WEIGHT),
    temperature: readSchedule(temperature ?? preset.temperature, `${place}.temperature`, TEMPERATURE),
    distillation: distillation ?? preset.distillation,
    features:
      features?.map(({ loss, beta }, i) => ({
        loss,
        beta: readSchedule(beta, `${place}.features.${i}.beta`, WEIGHT),
      })) ?? preset.features,
  };
}

function resolveOptimizer(config: TrainingConfig, preset: OptimizerSpec, place: string): OptimizerSpec {
  const field = `${place}.learningRate`;
  const learningRate = readSchedule(config.learningRate ?? preset.learningRate, field, LEARNING_RATE);
  if (learningRate.kind === 'adaptive') {
    throw invalid(field, 'expected constant, linear, cosine or steps, got adaptive; choose one of them');
  }
  return {
    kind: config.optimizer ?? preset.kind,
    learningRate,
    warmup: config.warmup ?? preset.warmup,
    weightDecay: config.weightDecay ?? preset.weightDecay,
    momentum: config.momentum ?? preset.momentum,
  };
}

function readSchedule(value: Scheduled, place: string, range: ScheduleRange): Schedule {
  const schedule: Schedule = typeof value === 'number' ? { kind: 'constant', value } : value;
  validateSchedule(schedule, `config, ${place}`, range);
  return schedule;
}

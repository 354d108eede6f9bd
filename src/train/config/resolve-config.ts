/** From what a user wrote to a complete run: checked, defaults filled in, paths absolute. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { InputError } from '../../format/index.ts';
import type { Schedule } from '../objective.ts';
import { type ScheduleRange, validateSchedule } from '../schedules.ts';
import type { TrainingSpec } from '../training-run.ts';
import type {
  Config,
  DataFiles,
  ResolvedConfig,
  ResolvedDataFiles,
  ResolvedStudent,
  Scheduled,
  StudentConfig,
  TrainingConfig,
} from './config.ts';
import { CONV_STUDENT, STATIC_STUDENT, TRAINING_OF } from './presets.ts';
import { CONFIG_KEYS, CONFIG_SCHEMA } from './schema.ts';
import { suggestKey } from './suggestion.ts';

/**
 * @param config anything; what `retort.config.ts` exports
 * @param baseDir folder that its paths are relative to
 * @throws InputError with code `invalid_config`, or `invalid_schedule` where a schedule is wrong, that names the field
 */
export function resolveConfig(config: unknown, baseDir: string): ResolvedConfig {
  if (Array.isArray(config)) throw invalid('top level', 'expected Object, got Array');
  const { output, issues, success } = v.safeParse(CONFIG_SCHEMA, config);
  if (!success) throw invalidConfig(issues);
  const { name, data, teacher, students, baselines, seeds, outDir, cacheDir, backend, threads } = output as Config;
  const resolved = (students ?? [{ family: 'static' }, { family: 'conv' }]).map(resolveStudent);
  const names = resolved.map((student) => student.name);
  const duplicate = names.find((student, i) => names.indexOf(student) !== i);
  if (duplicate !== undefined) {
    throw invalid('students', `expected different names, got ${duplicate} twice; give each a name of its own`);
  }
  return {
    name,
    data: typeof data === 'function' ? data : resolveData(data, baseDir),
    teacher: { kind: 'universal-sentence-encoder', maxCharacters: 800, maxPieces: 128, ...given(teacher ?? {}) },
    students: resolved,
    baselines: baselines ?? true,
    seeds: [...new Set(seeds ?? [0])],
    outDir: resolve(baseDir, outDir ?? `out/${name}`),
    cacheDir: resolve(baseDir, cacheDir ?? 'out/cache'),
    backend: backend ?? 'auto',
    threads: threads ?? availableParallelism(),
  };
}

function invalid(place: string, message: string): InputError {
  return new InputError(`config, ${place}: ${message}`, { code: 'invalid_config' });
}

function invalidConfig(issues: readonly v.BaseIssue<unknown>[]): InputError {
  const { issue, path } = mostSpecific(issues.find(isUnknownKey) ?? issues[0], []);
  const place = path.join('.') || 'top level';
  if (isUnknownKey(issue)) {
    const key = String(path.at(-1));
    if (CONFIG_KEYS.includes(key)) return invalid(place, `expected a key that belongs there, got ${key}; remove it`);
    return invalid(place, `expected a known key, got ${key}; ${suggestKey(key, CONFIG_KEYS)}`);
  }
  const got = issue.received === 'undefined' ? 'nothing' : issue.received;
  const detail = issue.message.startsWith('Expected')
    ? issue.message.replace(/^Expected/, 'expected')
    : `expected ${issue.expected}`;
  return invalid(place, `${detail}, got ${got}`);
}

function isUnknownKey({ type, expected }: v.BaseIssue<unknown>): boolean {
  return type === 'strict_object' && expected === 'never';
}

/**
 * A union reports that no branch fits; an unknown key, or else the branch that got furthest, says why, with a path that
 * begins at the union.
 */
function mostSpecific(
  issue: v.BaseIssue<unknown>,
  above: readonly unknown[],
): { readonly issue: v.BaseIssue<unknown>; readonly path: readonly unknown[] } {
  const path = [...above, ...(issue.path ?? []).map(({ key }) => key)];
  const nested = (issue.issues ?? []).filter((one) => one.path !== undefined);
  const [deepest] = nested.sort((a, b) => b.path!.length - a.path!.length);
  const next = nested.find(isUnknownKey) ?? deepest;
  return next === undefined ? { issue, path } : mostSpecific(next, path);
}

function resolveData(files: DataFiles, baseDir: string): ResolvedDataFiles {
  const path = (file: string | undefined): string | null => (file === undefined ? null : resolve(baseDir, file));
  const { devShare = 0.15, testShare = 0.2 } = files;
  if (devShare + testShare >= 1) {
    throw invalid(
      'data',
      `expected devShare + testShare below 1, got ${devShare + testShare}; leave rows to learn from`,
    );
  }
  return {
    train: resolve(baseDir, files.train),
    unlabelled: path(files.unlabelled),
    dev: path(files.dev),
    test: path(files.test),
    devShare,
    testShare,
    textColumn: files.textColumn ?? 'text',
    labelColumn: files.labelColumn ?? 'label',
    idColumn: files.idColumn ?? null,
    labelSeparator: files.labelSeparator ?? null,
  };
}

function resolveStudent(student: StudentConfig, position: number): ResolvedStudent {
  const { family, training, ...sizes } = student;
  const preset = family === 'static' ? STATIC_STUDENT : CONV_STUDENT;
  return {
    ...preset,
    name: family,
    ...given(sizes),
    family,
    training: resolveTraining(training ?? {}, TRAINING_OF[family], `students.${position}.training`),
  } as ResolvedStudent;
}

/** Fields that are not undefined: the others must not hide the defaults that they are spread over. */
function given<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function resolveTraining(
  config: TrainingConfig,
  preset: Omit<TrainingSpec, 'seed'>,
  place: string,
): Omit<TrainingSpec, 'seed'> {
  const { objective, optimizer } = preset;
  const schedule = (
    field: string,
    value: Scheduled | undefined,
    fallback: Schedule,
    range: ScheduleRange,
  ): Schedule => {
    const given: Schedule = value === undefined ? fallback : toSchedule(value);
    validateSchedule(given, `config, ${place}.${field}`, range);
    return given;
  };
  const weight: ScheduleRange = { min: 0, max: 1e6 };
  const learningRate = schedule('learningRate', config.learningRate, optimizer.learningRate, { min: 0, max: 10 });
  if (learningRate.kind === 'adaptive') {
    throw invalid(
      `${place}.learningRate`,
      'expected constant, linear, cosine or steps, got adaptive; choose one of them',
    );
  }
  return {
    objective: {
      modelWeight: schedule('modelWeight', config.modelWeight, objective.modelWeight, weight),
      alpha: schedule('alpha', config.alpha, objective.alpha, weight),
      temperature: schedule('temperature', config.temperature, objective.temperature, { min: 0.01, max: 1000 }),
      distillation: config.distillation ?? objective.distillation,
      features:
        config.features?.map(({ loss, beta }, i) => ({
          loss,
          beta: schedule(`features.${i}.beta`, beta, toSchedule(0), weight),
        })) ?? objective.features,
    },
    optimizer: {
      kind: config.optimizer ?? optimizer.kind,
      learningRate,
      warmup: config.warmup ?? optimizer.warmup,
      weightDecay: config.weightDecay ?? optimizer.weightDecay,
      momentum: config.momentum ?? optimizer.momentum,
    },
    epochs: config.epochs ?? preset.epochs,
    stepsPerEpoch: config.stepsPerEpoch ?? preset.stepsPerEpoch,
    batchSize: config.batchSize ?? preset.batchSize,
    dropout: config.dropout ?? preset.dropout,
    patience: config.patience === undefined ? preset.patience : config.patience,
  };
}

function toSchedule(value: Scheduled): Schedule {
  return typeof value === 'number' ? { kind: 'constant', value } : value;
}

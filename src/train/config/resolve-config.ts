/** From what a user wrote to a complete run: checked, defaults filled in, paths absolute. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { INT4_GROUP_SIZE } from '../../format/index.ts';
import type { AugmentationSpec } from '../augmentation/augment-rows.ts';
import { METHOD_WEIGHTS, NO_METHODS } from '../augmentation/methods.ts';
import { COLUMN_NAMES } from '../data/row-columns.ts';
import { answersAnyText } from '../teachers/answers-any-text.ts';
import { backendFault } from '../teachers/kinds.ts';
import type { AugmentConfig, Config, DataFiles, ResolvedConfig, ResolvedDataFiles, ResolvedStudent } from './config.ts';
import { describeIssues, invalid } from './invalid-config.ts';
import { SIZES_OF, TRAINING_OF } from './presets.ts';
import { resolveTeacher } from './resolve-teacher.ts';
import { resolveTraining } from './resolve-training.ts';
import { CONFIG_SCHEMA } from './schema.ts';
import type { StudentConfig } from './student-config.ts';

/**
 * @param config anything; what `retort.config.ts` exports
 * @param baseDir folder that its paths are relative to
 * @throws InputError with code `invalid_config`, or `invalid_schedule` where a schedule is wrong, that names the field
 */
export function resolveConfig(config: unknown, baseDir: string): ResolvedConfig {
  if (Array.isArray(config)) throw invalid('top level', 'expected Object, got Array');
  const { output, issues, success } = v.safeParse(CONFIG_SCHEMA, config);
  if (!success) throw describeIssues(issues);
  const { name, data, teacher, augment, students, baselines, seeds, outDir, cacheDir, backend, threads } =
    output as Config;
  // A bag of n-grams has no words in order to tag.
  const tags = typeof data !== 'function' && data.task === 'tag';
  const families = tags ? (['conv'] as const) : (['static', 'conv'] as const);
  const resolved = (students ?? families.map((family) => ({ family }))).map(resolveStudent);
  const names = resolved.map((student) => student.name);
  const duplicate = names.find((student, i) => names.indexOf(student) !== i);
  if (duplicate !== undefined) {
    throw invalid('students', `expected different names, got ${duplicate} twice; give each a name of its own`);
  }
  const members = resolveTeacher({ ...teacher }, baseDir);
  for (const { options } of members) {
    const fault = backendFault(options, backend ?? 'auto');
    if (fault !== null) throw invalid('backend', fault);
  }
  const augmentation = augment === undefined ? null : resolveAugment(augment);
  if (augmentation !== null && !members.every(({ options }) => answersAnyText(options))) {
    const advice = 'leave augment out, or choose a teacher that can be asked';
    throw invalid(
      'augment',
      `expected a teacher with answers for the rows that are made, got recorded ones; ${advice}`,
    );
  }
  return {
    name,
    data: typeof data === 'function' ? data : resolveData(data, baseDir),
    teacher: members,
    augment: augmentation,
    students: resolved,
    baselines: baselines ?? true,
    seeds: [...new Set(seeds ?? [0])],
    outDir: resolve(baseDir, outDir ?? `out/${name}`),
    cacheDir: resolve(baseDir, cacheDir ?? 'out/cache'),
    backend: backend ?? 'auto',
    threads: threads ?? availableParallelism(),
  };
}

function resolveAugment(augment: AugmentConfig): AugmentationSpec | null {
  const { factor = 2, methods = METHOD_WEIGHTS, rate = 0.2, maskToken = '', seed = 0 } = augment;
  if (factor === 0) return null;
  return { factor, methods: { ...NO_METHODS, ...given(methods) }, rate, maskToken, seed };
}

function resolveData(files: DataFiles, baseDir: string): ResolvedDataFiles {
  const path = (file: string | undefined): string | null => (file === undefined ? null : resolve(baseDir, file));
  const { devShare = 0.15, testShare = 0.2, task = 'classify' } = files;
  if (task === 'tag' && files.pairColumn !== undefined) {
    throw invalid(
      'data.pairColumn',
      `expected none, since words of one text are tagged, got ${files.pairColumn}; leave it out`,
    );
  }
  if (task === 'tag' && files.labelSeparator !== undefined) {
    throw invalid('data.labelSeparator', 'expected none, since each word gets one label, got one; leave it out');
  }
  if (devShare + testShare >= 1) {
    throw invalid(
      'data',
      `expected devShare + testShare below 1, got ${devShare + testShare}; leave rows to learn from`,
    );
  }
  return {
    ...(task === 'classify' ? {} : { task }),
    train: resolve(baseDir, files.train),
    unlabelled: path(files.unlabelled),
    dev: path(files.dev),
    test: path(files.test),
    devShare,
    testShare,
    textColumn: files.textColumn ?? COLUMN_NAMES[task].text,
    pairColumn: files.pairColumn ?? null,
    labelColumn: files.labelColumn ?? COLUMN_NAMES[task].label,
    idColumn: files.idColumn ?? null,
    labelSeparator: files.labelSeparator ?? null,
    maxUnlabelledInMemory: files.maxUnlabelledInMemory ?? 200_000,
  };
}

function resolveStudent(student: StudentConfig, position: number): ResolvedStudent {
  const { family, training, embeddingPrecision, ...sizes } = { embeddingPrecision: undefined, ...student };
  const isInt4 = embeddingPrecision === 'int4';
  // int8 is left out, so that saying the default hashes as saying nothing.
  const filled = {
    ...SIZES_OF[family],
    name: family,
    ...given(sizes),
    family,
    ...(isInt4 ? { embeddingPrecision } : {}),
  } as ResolvedStudent;
  if (isInt4 && 'hiddenSize' in filled && filled.hiddenSize % INT4_GROUP_SIZE !== 0) {
    throw invalid(
      `students.${position}.embeddingPrecision`,
      `expected a hiddenSize that is a multiple of ${INT4_GROUP_SIZE} for int4, got ${filled.hiddenSize}; change it, or choose int8`,
    );
  }
  if (filled.family === 'transformer' && filled.hiddenSize % (4 * filled.heads) !== 0) {
    throw invalid(
      `students.${position}.heads`,
      `expected heads of a multiple of 4 channels, got ${filled.heads} of ${filled.hiddenSize} channels together`,
    );
  }
  return {
    ...filled,
    training: resolveTraining(training ?? {}, TRAINING_OF[family], `students.${position}.training`),
    asksForFeatures: training?.features !== undefined,
  };
}

/** Fields that are not undefined: the others must not hide the defaults that they are spread over. */
function given<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

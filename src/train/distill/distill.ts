/**
 * A whole run: data, teacher, students, judgement, files. What is expensive (the teacher's outputs, trained weights) is
 * on disk as soon as it is there, so a run that was stopped goes on; what it leaves in the end is the same either way.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../atomic-file.ts';
import { type BackendName, chooseBackend } from '../backend.ts';
import type { ResolvedConfig } from '../config/config.ts';
import { invalid } from '../config/invalid-config.ts';
import type { Dataset } from '../data/dataset.ts';
import type { RunHooks } from '../progress.ts';
import { type RunRecord, recordRun } from '../records/run-record.ts';
import { type RowStore, withRowStore } from '../storage/row-store.ts';
import { checkTask, identifyModel, kindOf } from '../teachers/kinds.ts';
import type { SavedTeacher } from '../teachers/saved-teacher.ts';
import { teachersVocabulary } from '../teachers/teachers-vocabulary.ts';
import { bestOnDev, ratesOf } from './baseline-grid.ts';
import { checkInputs } from './check-inputs.ts';
import { givesFeatures, withoutFeatureTerms } from './feature-terms.ts';
import { type JudgedSeed, judgeSeed, scoresOf, type TrainedVariant } from './judge.ts';
import { type Lesson, loadDatasets, teach } from './lessons.ts';
import type { DistillationMetrics } from './metrics.ts';
import { chooseStudents, summarize, timeModels } from './outcome.ts';
import { disagreementsOf, type OutputFiles, writeOutputFiles } from './output-files.ts';
import { planStudent, type StudentPlan } from './plan-student.ts';
import { StageClock } from './stage-clock.ts';
import { trainAll } from './train-all.ts';
import { trainingTask, variantsOf } from './variants.ts';

/** In the output folder while a run goes on; nobody else's folder has this name. */
const CHECKPOINTS = '.retort-checkpoints';

/** What a run leaves in its output folder. */
export interface DistillationResult {
  readonly metrics: DistillationMetrics;
  readonly record: RunRecord;
  readonly files: OutputFiles;
}

/**
 * Runs a config from the data to the report.
 *
 * @throws InputError where data or config are not what they should be, WriteError where files cannot be written,
 * UnsupportedError where a package is missing, or the reason of `signal`
 */
export async function distill(config: ResolvedConfig, hooks: RunHooks = {}): Promise<DistillationResult> {
  return withRowStore(config.outDir, (store) => run(config, store, hooks));
}

async function run(config: ResolvedConfig, store: RowStore, hooks: RunHooks): Promise<DistillationResult> {
  const startedAt = new Date();
  const clock = new StageClock();
  const datasets = await clock.time('data', () => loadDatasets(config, store, hooks));
  const checkpointDir = join(config.outDir, CHECKPOINTS);
  // Now, and not when the first student is trained: where nothing can be written, nothing is worth computing.
  await makeFolder(checkpointDir);
  const plans = await planStudents(datasets, config, hooks);
  const backend = await chooseBackend(config.backend);
  hooks.onNotice?.(`TensorFlow.js backend: ${backend.name}, ${backend.reason}`);
  await checkInputs(config.teacher, datasets[0], backend.name);
  const settled = await settleFeatureTerms(plans, datasets[0], config, backend.name, hooks);
  const withFeatures = settled.flat().some(({ student }) => student.training.objective.features.length > 0);
  const lessons = await clock.time('labelling', () => teach(datasets, config, backend.name, withFeatures, hooks));
  const trained = await clock.time('training', () =>
    trainStudents(lessons, settled, config, backend.name, checkpointDir, hooks),
  );
  const seeds = await clock.time('evaluation', () => judgeSeeds(lessons, trained, config, hooks));
  const chosen = await chooseStudents(seeds);
  const { teacher: taught, teacherOnTest, splits } = chosen[0].seed.lesson;
  const teacher: SavedTeacher = { ...taught, metrics: { ...scoresOf(teacherOnTest) } };
  hooks.onProgress?.({ stage: 'latency', done: 0, total: 1, etaSeconds: null, detail: 'teacher and students' });
  const latencies = await clock.time('latency', () =>
    timeModels(teacher, chosen, datasets[0], splits.test.inputs, hooks),
  );
  const metrics = summarize(config, backend.name, seeds, chosen, latencies, clock.seconds);
  const record = await recordRun(config, startedAt, metrics, disagreementsOf(chosen));
  const files = await writeOutputFiles(config.outDir, record, chosen, teacher);
  await rm(checkpointDir, { recursive: true, force: true });
  return { metrics, record, files };
}

/** The students of each seed: what no file can hold is refused before the teacher begins to work. */
async function planStudents(
  datasets: readonly Dataset[],
  config: ResolvedConfig,
  hooks: RunHooks,
): Promise<readonly (readonly StudentPlan[])[]> {
  const { students } = config;
  const vocabulary = await teachersVocabulary(config.teacher);
  const [{ task, labels }] = datasets;
  const outputSize = task === 'embed' ? await vectorSize(config) : labels.length;
  const plans = datasets.map((dataset) =>
    students.map((student, i) => planStudent(student, `students.${i}`, dataset, vocabulary, outputSize)),
  );
  for (const plan of plans[0]) tellCoverage(plan, hooks);
  return plans;
}

/** @returns values of a vector of the teacher; @throws InputError where it is no single model that embeds texts */
async function vectorSize({ teacher, backend }: ResolvedConfig): Promise<number> {
  const [{ options }] = teacher;
  const model = { options, task: 'embed', labels: [], multiLabel: false } as const;
  checkTask(model);
  const identity = await identifyModel({ ...model, backend: (await chooseBackend(backend)).name });
  if (teacher.length === 1 && identity.output === 'features' && kindOf(options).needsFit?.(options) !== true) {
    return identity.size;
  }
  const message = 'expected a single model that gives features, as it is, got another one; to embed, nothing is fitted';
  throw invalid('teacher', message);
}

/** The students of each seed as they can be trained: what the teacher cannot teach is known before it begins to work. */
async function settleFeatureTerms(
  plans: readonly (readonly StudentPlan[])[],
  dataset: Dataset,
  { teacher }: ResolvedConfig,
  backend: BackendName,
  { onNotice }: RunHooks,
): Promise<readonly (readonly StudentPlan[])[]> {
  // What is said of a pair is joined of what is said of its texts: there is nothing to compare a student's vector with.
  if (dataset.pairField === undefined && (await givesFeatures(teacher, dataset, backend))) return plans;
  return plans.map((ofSeed, i) => withoutFeatureTerms(ofSeed, i === 0 ? onNotice : undefined));
}

async function trainStudents(
  lessons: readonly Lesson[],
  plans: readonly (readonly StudentPlan[])[],
  config: ResolvedConfig,
  backend: BackendName,
  checkpointDir: string,
  hooks: RunHooks,
): Promise<readonly (readonly TrainedVariant[])[]> {
  const planned = lessons.flatMap((lesson, seed) =>
    plans[seed].flatMap((plan) =>
      variantsOf(lesson.dataset, config.baselines).map((variant) => ({ lesson, plan, variant })),
    ),
  );
  const runs = planned.flatMap((one) => ratesOf(one.variant).map((rate) => ({ ...one, of: one, rate })));
  const tasks = runs.map(({ variant, plan, lesson, rate }) =>
    trainingTask(variant, plan, lesson, backend, checkpointDir, rate),
  );
  const trained = await trainAll(tasks, config.threads, hooks);
  const candidates = runs.map((run, i) => ({ ...run, trained: trained[i] }));
  const variants = planned.map((one) => bestOnDev(candidates.filter(({ of }) => of === one)));
  return lessons.map((lesson) => variants.filter((one) => one.lesson === lesson));
}

function tellCoverage({ spec, coverage }: StudentPlan, { onNotice }: RunHooks): void {
  if (coverage === null) return;
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  onNotice?.(
    `${spec.name}: keeps ${coverage.pieces} of the teacher's ${coverage.piecesBefore} pieces; unknown tokens in the training texts ${percent(coverage.unknown)}, with all pieces ${percent(coverage.unknownBefore)}`,
  );
}

async function judgeSeeds(
  lessons: readonly Lesson[],
  trained: readonly (readonly TrainedVariant[])[],
  config: ResolvedConfig,
  { onProgress, signal }: RunHooks,
): Promise<readonly JudgedSeed[]> {
  const seeds: JudgedSeed[] = [];
  for (const [i, lesson] of lessons.entries()) {
    signal?.throwIfAborted();
    onProgress?.({ stage: 'evaluation', done: i, total: lessons.length, etaSeconds: null, detail: 'on test' });
    seeds.push(await judgeSeed(lesson, trained[i], config, signal));
  }
  return seeds;
}

/** What the students of one seed learn from: the data, and what the teacher says about all of it. */
import { augmentDataset } from '../augmentation/augment-dataset.ts';
import type { BackendName } from '../backend.ts';
import type { ResolvedConfig } from '../config/config.ts';
import { checkDataset } from '../data/check-dataset.ts';
import type { Dataset } from '../data/dataset.ts';
import { tellLeaks } from '../data/leaks.ts';
import { loadDataset } from '../data/load-dataset.ts';
import { readDataset } from '../data/read-dataset.ts';
import { tellSmallSplits } from '../data/small-splits.ts';
import { type Evaluation, evaluateLogits } from '../evaluation/evaluate.ts';
import type { RunHooks } from '../progress.ts';
import type { RowStore } from '../storage/row-store.ts';
import type { SavedTeacher } from '../teachers/saved-teacher.ts';
import type { Learning } from '../teachers/teacher.ts';
import type { TransferSet } from '../transfer-set.ts';
import { joinAnswers, type TaughtSplits } from './join-answers.ts';
import { type Taught, type TeachingSeconds, teachDataset } from './teach.ts';

/** One seed's data with its teacher. */
export interface Lesson {
  readonly seed: number;
  readonly dataset: Dataset;
  readonly teacher: Omit<SavedTeacher, 'metrics'>;
  readonly splits: TaughtSplits;
  /** The teacher's own answers. */
  readonly teacherOnDev: Evaluation;
  readonly teacherOnTest: Evaluation;
  /** How the training of each member of the teacher went; null where it was not trained for the task. */
  readonly learning: readonly (Learning | null)[];
  readonly teachingSeconds: TeachingSeconds;
}

/**
 * Loads the data of each seed. What memory has no room for lies in `store`.
 *
 * @throws InputError with code `invalid_data`, WriteError, or the reason of the signal
 */
export async function loadDatasets(
  config: ResolvedConfig,
  store: RowStore,
  { onNotice, onProgress, signal }: RunHooks,
): Promise<readonly Dataset[]> {
  const { name, data, augment, seeds, cacheDir } = config;
  const datasets: Dataset[] = [];
  for (const [i, seed] of seeds.entries()) {
    onProgress?.({ stage: 'data', done: i, total: seeds.length, etaSeconds: null, detail: 'reading' });
    const notice = datasets.length === 0 ? onNotice : undefined;
    const dataset = await (typeof data === 'function'
      ? readDataset(await data({ cacheDir, seed }))
      : loadDataset(name, data, seed, store.file(`${i}`), { onNotice: notice, onProgress, signal }));
    checkDataset(dataset);
    if (notice !== undefined) {
      tellLeaks(dataset, notice);
      tellSmallSplits(dataset, notice);
    }
    datasets.push(augmentDataset(dataset, augment, notice));
  }
  return datasets;
}

/**
 * Asks the teacher of each seed about all of its rows, and judges the answers.
 *
 * @param withFeatures whether somebody learns from its features, where it has any
 */
export async function teach(
  datasets: readonly Dataset[],
  config: ResolvedConfig,
  backend: BackendName,
  withFeatures: boolean,
  hooks: RunHooks,
): Promise<readonly Lesson[]> {
  const lessons: Lesson[] = [];
  for (const [i, dataset] of datasets.entries()) {
    const taught = await teachDataset(dataset, config.seeds[i], config, backend, hooks);
    try {
      const splits = await joinAnswers(dataset, taught.answers, withFeatures, hooks);
      lessons.push(lessonOf(dataset, config.seeds[i], taught, splits));
    } finally {
      await taught.answers.close();
    }
  }
  return lessons;
}

function lessonOf(dataset: Dataset, seed: number, taught: Taught, splits: TaughtSplits): Lesson {
  const { teacher, learning, seconds } = taught;
  const evaluate = (set: TransferSet): Evaluation => evaluateLogits(set.teacherLogits!, set);
  const [teacherOnDev, teacherOnTest] = [evaluate(splits.dev), evaluate(splits.test)];
  return { seed, dataset, teacher, splits, teacherOnDev, teacherOnTest, learning, teachingSeconds: seconds };
}

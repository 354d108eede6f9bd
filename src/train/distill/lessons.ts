/** What the students of one seed learn from: the data, and what the teacher says about all of it. */
import { augmentDataset } from '../augmentation/augment-dataset.ts';
import type { BackendName } from '../backend.ts';
import type { ResolvedConfig } from '../config/config.ts';
import { checkDataset } from '../data/check-dataset.ts';
import type { Dataset, Row } from '../data/dataset.ts';
import { tellLeaks } from '../data/leaks.ts';
import { loadDataset } from '../data/load-dataset.ts';
import { readDataset } from '../data/read-dataset.ts';
import { tellSmallSplits } from '../data/small-splits.ts';
import { type Evaluation, evaluateLogits } from '../evaluation/evaluate.ts';
import type { RunHooks } from '../progress.ts';
import type { SavedTeacher } from '../teachers/saved-teacher.ts';
import type { Learning } from '../teachers/teacher.ts';
import { createTransferSet, type TransferSet } from '../transfer-set.ts';
import { type TeacherOnTexts, type TeachingSeconds, teachDatasets } from './teach.ts';

/** The splits of a dataset, joined with the teacher's outputs. */
export interface TaughtSplits {
  readonly train: TransferSet;
  readonly dev: TransferSet;
  readonly test: TransferSet;
}

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
 * Loads the data of each seed.
 *
 * @throws InputError with code `invalid_data`
 */
export async function loadDatasets(
  config: ResolvedConfig,
  { onNotice, onProgress }: RunHooks,
): Promise<readonly Dataset[]> {
  const { name, data, augment, seeds, cacheDir } = config;
  const datasets: Dataset[] = [];
  for (const [i, seed] of seeds.entries()) {
    onProgress?.({ stage: 'data', done: i, total: seeds.length, etaSeconds: null, detail: 'reading' });
    const notice = datasets.length === 0 ? onNotice : undefined;
    const dataset = await (typeof data === 'function'
      ? readDataset(await data({ cacheDir, seed }))
      : loadDataset(name, data, seed, notice));
    checkDataset(dataset);
    if (notice !== undefined) {
      tellLeaks(dataset, notice);
      tellSmallSplits(dataset, notice);
    }
    datasets.push(augmentDataset(dataset, augment, notice));
  }
  return datasets;
}

/** Asks the teacher of each seed about all of its rows, and judges the answers. */
export async function teach(
  datasets: readonly Dataset[],
  config: ResolvedConfig,
  backend: BackendName,
  hooks: RunHooks,
): Promise<readonly Lesson[]> {
  const taught = await teachDatasets(datasets, config, backend, hooks);
  return taught.map(({ teacher, answers, learning, seconds }, i) => {
    const dataset = datasets[i];
    const join = (rows: readonly Row[]): TransferSet => joinAnswers(dataset, rows, answers);
    const splits = { train: join(dataset.train), dev: join(dataset.dev), test: join(dataset.test) };
    const judge = (set: TransferSet): Evaluation => evaluateLogits(set.teacherLogits!, set);
    const [teacherOnDev, teacherOnTest] = [judge(splits.dev), judge(splits.test)];
    return {
      seed: config.seeds[i],
      dataset,
      teacher,
      splits,
      teacherOnDev,
      teacherOnTest,
      learning,
      teachingSeconds: seconds,
    };
  });
}

function joinAnswers(dataset: Dataset, rows: readonly Row[], { logits, features }: TeacherOnTexts): TransferSet {
  const texts = rows.map(({ fields }) => fields[dataset.teacherField]);
  return createTransferSet(dataset, rows, {
    logits: texts.map((text) => logits.get(text)!),
    features: features === null ? null : texts.map((text) => features.get(text)!),
  });
}

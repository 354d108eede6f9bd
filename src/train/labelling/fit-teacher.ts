/**
 * `retort label --fit`: makes the teacher alone. It learns where it has to, from the labelled rows, is measured on test,
 * and is left as a file that the machines which label are given: none of them has to learn again.
 */
import { join } from 'node:path';
import { chooseBackend } from '../backend.ts';
import type { ResolvedConfig } from '../config/config.ts';
import type { Dataset } from '../data/dataset.ts';
import { loadDatasets, teach } from '../distill/lessons.ts';
import type { Scores } from '../distill/metrics.ts';
import type { RunHooks } from '../progress.ts';
import { writeTeacher } from '../teachers/saved-teacher.ts';

/** A teacher that is ready to label. */
export interface FittedTeacher {
  readonly name: string;
  /** Its `teacher.json`. */
  readonly file: string;
  readonly test: Scores;
}

/**
 * Makes the teacher of the first seed of a config.
 *
 * @throws InputError, UnsupportedError, WriteError, or the reason of `signal`; a run that was stopped goes on
 */
export async function fitTeacher(config: ResolvedConfig, hooks: RunHooks = {}): Promise<FittedTeacher> {
  const backend = await chooseBackend(config.backend);
  hooks.onNotice?.(`TensorFlow.js backend: ${backend.name}, ${backend.reason}`);
  const [seed] = config.seeds;
  const datasets = await loadDatasets({ ...config, seeds: [seed] }, hooks);
  const [lesson] = await teach(datasets.map(labelledRows), { ...config, seeds: [seed] }, backend.name, hooks);
  const { accuracy, f1 } = lesson.teacherOnTest;
  const file = join(config.outDir, 'teacher.json');
  await writeTeacher(file, { ...lesson.teacher, metrics: { accuracy, f1 } });
  return { name: lesson.teacher.name, file, test: { accuracy, f1 } };
}

function labelledRows(dataset: Dataset): Dataset {
  return { ...dataset, train: dataset.train.filter(({ labels }) => labels !== null) };
}

/**
 * `retort label --fit`: makes the teacher alone. It learns where it has to, from the labelled rows, is measured on test,
 * and is left as a file that the machines which label are given: none of them has to learn again.
 */
import { join } from 'node:path';
import { makeFolder, writeFileAtomic } from '../atomic-file.ts';
import { chooseBackend } from '../backend.ts';
import type { ResolvedConfig } from '../config/config.ts';
import { labelledRows } from '../data/dataset.ts';
import { checkInputs } from '../distill/check-inputs.ts';
import { judgeTeacher, scoresOf } from '../distill/judge.ts';
import { loadDatasets, teach } from '../distill/lessons.ts';
import type { Scores } from '../distill/metrics.ts';
import { measureDataset } from '../distill/outcome.ts';
import type { RunHooks } from '../progress.ts';
import { recordTeacher, type TeacherRecord } from '../records/teacher-record.ts';
import { type RowStore, withRowStore } from '../storage/row-store.ts';
import { writeTeacher } from '../teachers/saved-teacher.ts';

/** A teacher that is ready to label. */
export interface FittedTeacher {
  readonly name: string;
  /** Its `teacher.json`. */
  readonly file: string;
  /** Its `teacher-record.json`: how it was made. */
  readonly record: string;
  readonly test: Scores;
}

/**
 * Makes the teacher of the first seed of a config.
 *
 * @throws InputError, UnsupportedError, WriteError, or the reason of `signal`; a run that was stopped goes on
 */
export async function fitTeacher(config: ResolvedConfig, hooks: RunHooks = {}): Promise<FittedTeacher> {
  return withRowStore(config.outDir, (store) => makeTeacher(config, store, hooks));
}

async function makeTeacher(config: ResolvedConfig, store: RowStore, hooks: RunHooks): Promise<FittedTeacher> {
  const startedAt = new Date();
  const backend = await chooseBackend(config.backend);
  hooks.onNotice?.(`TensorFlow.js backend: ${backend.name}, ${backend.reason}`);
  const [seed] = config.seeds;
  const once = { ...config, seeds: [seed] };
  const datasets = await loadDatasets(once, store, hooks);
  await checkInputs(config.teacher, datasets[0], backend.name);
  const [lesson] = await teach(datasets.map(labelledRows), once, backend.name, false, hooks);
  const { name } = lesson.teacher;
  const test = scoresOf(lesson.teacherOnTest);
  const made: TeacherRecord = await recordTeacher(once, startedAt, {
    dataset: measureDataset(datasets[0]),
    backend: backend.name,
    seed,
    teacher: { name, ...judgeTeacher(lesson) },
    seconds: lesson.teachingSeconds,
  });
  const record = join(config.outDir, 'teacher-record.json');
  await makeFolder(config.outDir);
  await writeFileAtomic(record, `${JSON.stringify(made, null, 1)}\n`);
  const file = join(config.outDir, 'teacher.json');
  await writeTeacher(file, { ...lesson.teacher, metrics: { ...test } });
  return { name, file, record, test };
}

/** What a run leaves in its output folder. */
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeFileAtomic } from '../atomic-file.ts';
import { encodeRecord, type RunRecord, type StudentDisagreements } from '../records/run-record.ts';
import { renderReport } from '../report/report.ts';
import { type SavedTeacher, writeTeacher } from '../teachers/saved-teacher.ts';
import { findDisagreements } from './disagreements.ts';
import type { DistillationMetrics } from './metrics.ts';
import type { ChosenStudent } from './outcome.ts';

/** Rows of the report's list of disagreements, for each student. */
const DISAGREEMENTS = 10;

/** Absolute paths. */
export interface OutputFiles {
  readonly students: readonly string[];
  readonly teacher: string;
  readonly metrics: string;
  readonly record: string;
  readonly report: string;
}

/**
 * Writes all of them, each atomically, and removes students of the run before that this one does not have: a folder of
 * students is served as a whole.
 *
 * @throws WriteError
 */
export async function writeOutputFiles(
  outDir: string,
  record: RunRecord,
  chosen: readonly ChosenStudent[],
  teacher: SavedTeacher,
): Promise<OutputFiles> {
  const files: OutputFiles = {
    students: chosen.map(({ file }) => join(outDir, file)),
    teacher: join(outDir, 'teacher.json'),
    metrics: join(outDir, 'metrics.json'),
    record: join(outDir, 'record.json'),
    report: join(outDir, 'report.html'),
  };
  const before = await studentsBefore(files.metrics);
  for (const [i, { bytes }] of chosen.entries()) await writeFileAtomic(files.students[i], bytes);
  await writeTeacher(files.teacher, teacher);
  await writeFileAtomic(files.metrics, `${JSON.stringify(record.metrics, null, 1)}\n`);
  await writeFileAtomic(files.record, encodeRecord(record));
  await writeFileAtomic(files.report, renderReport(record));
  const now = chosen.map(({ file }) => file);
  for (const file of before.filter((name) => !now.includes(name))) await rm(join(outDir, file), { force: true });
  return files;
}

/** The rows of test on which each student and the teacher differ most. */
export function disagreementsOf(chosen: readonly ChosenStudent[]): readonly StudentDisagreements[] {
  return chosen.map(({ judged, seed }) => ({
    student: judged.plan.spec.name,
    rows: findDisagreements(judged.onTest, seed.lesson.teacherOnTest, seed.lesson.splits.test, DISAGREEMENTS),
  }));
}

/** File names of the students that the run before this one left; none where there was none. */
async function studentsBefore(metricsFile: string): Promise<readonly string[]> {
  try {
    const { students } = JSON.parse(await readFile(metricsFile, 'utf8')) as DistillationMetrics;
    return students.map(({ file }) => basename(file)).filter((file) => file.endsWith('.safetensors'));
  } catch {
    return [];
  }
}

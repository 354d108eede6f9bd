/** Loads what a command is pointed at: student files, folders of them, and a teacher. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { TaskKind } from '../format/index.ts';
import { InputError, type Predictor, RetortError, type Student, StudentFormatError } from '../runtime/index.ts';
import { loadStudent } from '../runtime/node.ts';
import {
  type DistillationMetrics,
  fileFault,
  readTeacher,
  startTeacher,
  type TeacherPredictor,
} from '../train/index.ts';

/** A student with the file that it came from. */
export interface LoadedStudent {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly student: Student;
}

/**
 * Loads the students at `paths`; a folder stands for all `.safetensors` files in it, in the order of the run that left
 * them, or else by name.
 *
 * @throws InputError that names the file where there is none, or one is no student
 */
export async function loadStudents(paths: readonly string[]): Promise<readonly LoadedStudent[]> {
  const files = (await Promise.all(paths.map(studentFiles))).flat();
  return Promise.all(files.map(loadStudentFile));
}

/** As {@link loadStudents}, all of which classify a text. @throws InputError with code `wrong_task` where one does not */
export async function loadClassifiers(paths: readonly string[]): Promise<readonly LoadedStudent[]> {
  return (await loadStudents(paths)).map(checkClassifier);
}

/** @throws InputError as {@link loadStudentFile}, and with code `wrong_task` where the student does not classify a text */
export async function loadClassifier(path: string): Promise<LoadedStudent> {
  return checkClassifier(await loadStudentFile(path));
}

/** Whether a student is what a server runs. */
export function classifiesText({ info }: Student): boolean {
  return info.task === 'classify' && info.spec.input === undefined;
}

function checkClassifier(loaded: LoadedStudent): LoadedStudent {
  const { path, student } = loaded;
  if (classifiesText(student)) return loaded;
  const { task, spec } = student.info;
  const got = task === 'classify' ? `reads another input (${spec.input!.kind})` : `is for the task ${task}`;
  const message = `${path}: expected a student that classifies a text, got one that ${got}, which this command does not run yet; name another one`;
  throw new InputError(message, { code: 'wrong_task' });
}

/**
 * The task of students that are put side by side.
 *
 * @param loaded at least one
 * @throws InputError that names the first one that is made for another task
 */
export function commonTask(loaded: readonly LoadedStudent[]): TaskKind {
  const [{ path: first, student }] = loaded;
  const { task } = student.info;
  const other = loaded.find((one) => one.student.info.task !== task);
  if (other === undefined) return task;
  const message = `${other.path}: expected a student for the task ${task}, as ${first}, got one for ${other.student.info.task}; name those of one task`;
  throw new InputError(message, { code: 'wrong_task' });
}

/**
 * Students as they are served beside each other: those of one name, as two runs leave them, are told apart by their
 * folders: `a/static.safetensors` and `b/static.safetensors` become `a.static` and `b.static`.
 *
 * @throws InputError where folders do not tell them apart either
 */
export function distinctStudents(loaded: readonly LoadedStudent[]): readonly Predictor[] {
  const nameOf = ({ student }: LoadedStudent): string => student.info.name;
  const predictors = loaded.map((one): Predictor => {
    const { path, student } = one;
    if (loaded.every((other) => other === one || nameOf(other) !== nameOf(one))) return student;
    const name = `${basename(dirname(resolve(path)))}.${nameOf(one)}`;
    return { info: { ...student.info, name }, predict: (texts) => student.predict(texts) };
  });
  for (const [i, { info }] of predictors.entries()) {
    const first = predictors.findIndex((other) => other.info.name === info.name);
    if (first === i) continue;
    const message = `${loaded[i].path}: expected a name of its own, got ${info.name}, as ${loaded[first].path}; move one into another folder`;
    throw new InputError(message);
  }
  return predictors;
}

/** @throws InputError that names the file where there is none, it is no student, or its data is not what its hash says */
export async function loadStudentFile(path: string): Promise<LoadedStudent> {
  const bytes = await readBytes(path);
  try {
    return { path, bytes, student: await loadStudent(bytes) };
  } catch (cause) {
    if (!(cause instanceof RetortError)) throw cause;
    const advice = cause instanceof StudentFormatError ? adviceOn(cause, bytes.length) : '';
    throw new InputError(`${path}: ${cause.message}${advice}`, { cause, code: cause.code });
  }
}

/** What to do about a file that is no student file at all, or the beginning of one. */
function adviceOn({ rule }: StudentFormatError, bytes: number): string {
  if (rule === 'headerTooLarge') return '; this is no student file: name one that retort distill wrote';
  const isShort = rule === 'fileTooShort' || rule === 'headerPastEnd' || rule === 'tensorOffsets';
  return isShort ? `; the file has ${bytes} bytes: if it was cut on its way, copy or fetch it again` : '';
}

async function studentFiles(path: string): Promise<readonly string[]> {
  const info = await stat(path).catch(() => null);
  if (info === null) throw new InputError(`${path}: expected a student file or a folder of them, got nothing there`);
  if (!info.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith('.safetensors')).sort();
  if (names.length === 0) throw new InputError(`${path}: expected .safetensors files, got a folder without any`);
  const listed = await filesOfRun(path);
  // What the run did not leave comes behind; the sort is stable.
  const place = (name: string): number => (listed.includes(name) ? listed.indexOf(name) : listed.length);
  return names.sort((a, b) => place(a) - place(b)).map((name) => join(path, name));
}

/** Student files as the `metrics.json` of a folder lists them; none where it cannot be read. */
async function filesOfRun(folder: string): Promise<readonly string[]> {
  try {
    const { students } = JSON.parse(await readFile(join(folder, 'metrics.json'), 'utf8')) as DistillationMetrics;
    return students.map(({ file }) => file);
  } catch {
    return [];
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause) => {
    throw new InputError(`${path}: expected a readable student file, got ${fileFault(cause)}; check the path`, {
      cause,
    });
  });
}

/**
 * Starts the teacher of a `teacher.json`.
 *
 * @param students whose answers will stand beside its own
 * @throws InputError where a student is for another task, or knows other labels
 */
export async function loadTeacher(path: string, students: readonly LoadedStudent[] = []): Promise<TeacherPredictor> {
  const teacher = await readTeacher(path);
  const { task = 'classify' } = teacher;
  const known = [...teacher.labels].sort().join(', ');
  const advice = 'name the one that it learned from, or leave it out';
  for (const { path: file, student } of students) {
    if (student.info.task !== task) {
      const expected = `a teacher for the task ${student.info.task}, as ${file}`;
      throw new InputError(`${path}: expected ${expected}, got one for ${task}; ${advice}`, { code: 'wrong_task' });
    }
    const labels = [...student.info.labels].sort().join(', ');
    if (labels === known) continue;
    throw new InputError(`${path}: expected a teacher of ${labels}, as ${file}, got one of ${known}; ${advice}`);
  }
  return startTeacher(teacher);
}

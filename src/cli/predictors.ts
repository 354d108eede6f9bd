/** Loads what a command is pointed at: student files, folders of them, and a teacher. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, RetortError, type Student } from '../runtime/index.ts';
import { loadStudent } from '../runtime/node.ts';
import { readTeacher, startTeacher, type TeacherPredictor } from '../train/index.ts';

/** A student with the file that it came from. */
export interface LoadedStudent {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly student: Student;
}

/**
 * Loads the students at `paths`; a folder stands for all `.safetensors` files in it.
 *
 * @throws InputError that names the file where there is none, or one is no student
 */
export async function loadStudents(paths: readonly string[]): Promise<readonly LoadedStudent[]> {
  const files = (await Promise.all(paths.map(studentFiles))).flat();
  return Promise.all(files.map(loadStudentFile));
}

/** @throws InputError that names the file where there is none, it is no student, or its data is not what its hash says */
export async function loadStudentFile(path: string): Promise<LoadedStudent> {
  const bytes = await readBytes(path);
  try {
    return { path, bytes, student: await loadStudent(bytes) };
  } catch (cause) {
    if (!(cause instanceof RetortError)) throw cause;
    throw new InputError(`${path}: ${cause.message}`, { cause, code: cause.code });
  }
}

async function studentFiles(path: string): Promise<readonly string[]> {
  const info = await stat(path).catch(() => null);
  if (info === null) throw new InputError(`${path}: expected a student file or a folder of them, got nothing there`);
  if (!info.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith('.safetensors')).sort();
  if (names.length === 0) throw new InputError(`${path}: expected .safetensors files, got a folder without any`);
  return names.map((name) => join(path, name));
}

async function readBytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new InputError(`${path}: expected a readable student file, got ${cause.code}`, { cause });
  });
}

/**
 * Starts the teacher of a `teacher.json`.
 *
 * @param students whose answers will stand beside its own
 * @throws InputError where a student knows other labels
 */
export async function loadTeacher(path: string, students: readonly LoadedStudent[] = []): Promise<TeacherPredictor> {
  const teacher = await readTeacher(path);
  const known = [...teacher.labels].sort().join(', ');
  for (const { path: file, student } of students) {
    const labels = [...student.info.labels].sort().join(', ');
    if (labels === known) continue;
    throw new InputError(`${path}: expected a teacher of ${labels}, as ${file}, got one of ${known}`);
  }
  return startTeacher(teacher);
}

/** One number for everything that a config says about a student. */
import { createHash } from 'node:crypto';
import { kindOf } from '../teachers/kinds.ts';
import type { ResolvedConfig } from './config.ts';

/**
 * SHA-256, hex, of the config that makes the students of one seed. Where files lie, how many rows are in memory, how many
 * threads work, and what the students are compared with, changes no student and is left out, and so is the backend, which
 * changes no more than roundings; a function that loads data counts as a function, its rows are what the teacher's cache
 * and the dataset's checksum stand for, as the teacher's id stands for the files of a model.
 */
export function configHash(config: ResolvedConfig, seed: number): string {
  const { name, data, teacher: members, augment } = config;
  const students = config.students.map(({ asksForFeatures, ...student }) => student);
  const teacher = members.map(({ weight, options }) => {
    const { paths, incidental = [] } = kindOf(options);
    const left = [...paths, ...incidental].map((key) => [key, null]);
    return { weight, options: { ...options, ...Object.fromEntries(left) } };
  });
  const columns =
    typeof data === 'function'
      ? 'function'
      : {
          ...data,
          train: null,
          unlabelled: data.unlabelled !== null,
          dev: data.dev !== null,
          test: data.test !== null,
          // A config that says nothing has the hash that it had before there were pairs.
          pairColumn: data.pairColumn ?? undefined,
          maxUnlabelledInMemory: undefined,
        };
  return createHash('sha256')
    .update(JSON.stringify({ name, data: columns, teacher, students, seed, ...(augment === null ? {} : { augment }) }))
    .digest('hex');
}

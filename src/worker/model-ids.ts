/** How models are called in URLs. */
import { InputError } from '../format/index.ts';
import type { Predictor } from '../runtime/index.ts';

/** A teacher's name is for people, with spaces as it comes. */
const TEACHER_ID = 'teacher';

/**
 * Ids of predictors, in their order: a student's name, and `teacher` for a teacher, or `teacher-2` and so on where that
 * is taken.
 *
 * @throws InputError where two students share a name
 */
export function modelIds(predictors: readonly Predictor[]): readonly string[] {
  const taken = new Set<string>();
  for (const { info } of predictors) {
    if (info.role === 'teacher') continue;
    if (taken.has(info.name)) {
      throw new InputError(`predictors: expected unique names, got "${info.name}" twice; rename one.`);
    }
    taken.add(info.name);
  }
  return predictors.map(({ info }) => (info.role === 'teacher' ? takeTeacherId(taken) : info.name));
}

function takeTeacherId(taken: Set<string>): string {
  let id = TEACHER_ID;
  for (let number = 2; taken.has(id); number++) id = `${TEACHER_ID}-${number}`;
  taken.add(id);
  return id;
}

/** A model of any kind by itself, without cache and threads: for those who want what it says as it says it. */
import type { Tokenizer } from '../../runtime/index.ts';
import { kindOf } from './kinds.ts';
import type { ModelOptions, ModelSpec, TeacherModel } from './teacher.ts';

/** Loads a model on the current TensorFlow.js backend, where it needs one; the caller has chosen it and disposes the model. */
export function loadModel(spec: ModelSpec): Promise<TeacherModel> {
  return kindOf(spec.options).load(spec);
}

/** How a model reads a text, with its limits; null where only the model itself knows. */
export async function modelTokenizer(options: ModelOptions): Promise<Tokenizer | null> {
  return (await kindOf(options).tokenizer?.(options)) ?? null;
}

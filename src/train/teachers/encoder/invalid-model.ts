/** What a model directory is refused for. */
import { InputError } from '../../../format/index.ts';

/**
 * @param place file, or file and part of it
 * @param message `expected X, got Y; what to do`
 */
export function invalidModel(place: string, message: string, cause?: unknown): InputError {
  return new InputError(`${place}: ${message}`, { code: 'invalid_model', cause });
}

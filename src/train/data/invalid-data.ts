/** How everything that reads data complains. */
import { InputError } from '../../format/index.ts';

/**
 * An `InputError` with code `invalid_data`.
 *
 * @param place the file, and the row where one is meant
 * @param message "expected X, got Y; what to do"
 */
export function invalidData(place: string, message: string, cause?: unknown): InputError {
  return new InputError(`${place}: ${message}`, { cause, code: 'invalid_data' });
}

/** What a tokenizer directory may be refused for. */
import * as v from 'valibot';
import { InputError } from '../../format/index.ts';

/**
 * A tokenizer that Retort cannot run.
 *
 * @param part where in `tokenizer.json` it stands, e.g. `normalizer`
 * @param supported what would do
 */
export function unsupported(part: string, got: unknown, supported: string): InputError {
  const shown = typeof got === 'string' ? got : JSON.stringify(got);
  const short = shown !== undefined && shown.length > 100 ? `${shown.slice(0, 97)}...` : shown;
  const message = `tokenizer, ${part}: expected ${supported}, got ${short}; use a teacher with such a tokenizer`;
  return new InputError(message, { code: 'unsupported_tokenizer' });
}

/** A file that is no tokenizer at all, or not the whole of one. */
export function invalidTokenizer(place: string, message: string, cause?: unknown): InputError {
  return new InputError(`tokenizer, ${place}: ${message}`, { code: 'invalid_tokenizer', cause });
}

/** Reads a part of `tokenizer.json`. @throws InputError that names the field */
export function parsePart<const Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  part: string,
): v.InferOutput<Schema> {
  const { success, output, issues } = v.safeParse(schema, value);
  if (success) return output;
  const path = [part, v.getDotPath(issues[0])].filter(Boolean).join('.');
  throw invalidTokenizer(path, `expected ${issues[0].expected}, got ${issues[0].received}`);
}

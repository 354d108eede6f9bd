/**
 * Keys of endpoints. They come from the environment and nowhere else: a config names the variable, so that what is
 * hashed, cached, logged or written holds the name alone.
 */
import * as v from 'valibot';
import { InputError } from '../../../format/index.ts';

/** Name of an environment variable. Upper case, which a key pasted in its place never is. */
export const ENV_NAME: v.GenericSchema<unknown, string> = v.pipe(
  v.string(),
  v.regex(/^[A-Z_][A-Z0-9_]*$/, 'Expected the name of an environment variable, in capitals, and not the key itself'),
);

/**
 * @param name of an environment variable
 * @throws InputError with code `missing_secret` where it is not set, or cannot stand in a header
 */
export function readSecret(name: string): string {
  const value = process.env[name]?.trim() ?? '';
  if (/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value)) return value;
  const got = value === '' ? 'nothing' : 'characters that no HTTP header can hold';
  throw new InputError(`environment variable ${name}: expected the key of the teacher, got ${got}; set it`, {
    code: 'missing_secret',
  });
}

/** @returns `text` without any of the secrets, which an endpoint may have sent back */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
}

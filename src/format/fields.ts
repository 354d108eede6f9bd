/** Reads fields of untrusted JSON objects: every field is asked for by name, and what is left over is refused. */
import { isObject, type JsonObject, shown } from './json.ts';
import { StudentFormatError } from './rules.ts';

/** One object of the spec while it is being read. `path` names it in messages, e.g. `spec.layers[2]`. */
export class Fields {
  readonly path: string;
  readonly #object: JsonObject;

  constructor(value: unknown, path: string) {
    if (!isObject(value)) throw new StudentFormatError('specField', `${path} = ${shown(value)}, not an object`);
    this.path = path;
    this.#object = value;
  }

  /** Refuses keys that are not in `known`. */
  only(known: readonly string[]): void {
    const unknown = Object.keys(this.#object).find((key) => !known.includes(key));
    if (unknown !== undefined) throw new StudentFormatError('specKey', `${this.path}.${unknown}`);
  }

  /** The value of `key` as it is; undefined where the object has no such own key. */
  raw(key: string): unknown {
    return Object.hasOwn(this.#object, key) ? this.#object[key] : undefined;
  }

  /** Throws that `key` is not what was expected. */
  fail(key: string, expected: string): never {
    throw new StudentFormatError('specField', `${this.path}.${key} = ${shown(this.raw(key))}, not ${expected}`);
  }

  /** An integer from `min` to `max`. */
  integer(key: string, min: number, max: number): number {
    const value = this.raw(key);
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    return this.fail(key, `an integer from ${min} to ${max}`);
  }

  /** A number from `min` to `max`. */
  number(key: string, min: number, max: number): number {
    const value = this.raw(key);
    if (typeof value === 'number' && value >= min && value <= max) return value;
    return this.fail(key, `a number from ${min} to ${max}`);
  }

  /** A string of 1 to `maxLength` UTF-16 code units. */
  text(key: string, maxLength: number): string {
    const value = this.raw(key);
    if (typeof value === 'string' && value.length >= 1 && value.length <= maxLength) return value;
    return this.fail(key, `a string of 1 to ${maxLength} characters`);
  }

  /** One of the given strings. */
  choice<const Choice extends string>(key: string, of: readonly Choice[]): Choice {
    const value = of.find((choice) => choice === this.raw(key));
    return value ?? this.fail(key, `one of ${of.join(', ')}`);
  }

  /** A boolean. */
  boolean(key: string): boolean {
    const value = this.raw(key);
    return typeof value === 'boolean' ? value : this.fail(key, 'true or false');
  }

  /** An array of at most `maxLength` elements. */
  array(key: string, maxLength: number): readonly unknown[] {
    const value = this.raw(key);
    return Array.isArray(value) && value.length <= maxLength
      ? value
      : this.fail(key, `an array of at most ${maxLength} elements`);
  }
}

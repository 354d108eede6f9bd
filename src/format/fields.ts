/** Reads fields of untrusted JSON objects: every field is asked for by name, and what is left over is refused. */
import { isObject, type JsonObject, shown } from './json.ts';
import { StudentFormatError } from './rules.ts';

/** What may be written in a field; an optional one may be left out. */
export type FieldRule = { readonly optional?: true } & (
  | { readonly type: 'integer'; readonly min: number; readonly max: number; readonly odd?: true }
  | { readonly type: 'number'; readonly min: number; readonly max: number }
  | { readonly type: 'choice'; readonly of: readonly unknown[] }
  /** A string of 1 to `max` UTF-16 code units. */
  | { readonly type: 'text'; readonly max: number }
  /** Any array of at most `length` elements. */
  | { readonly type: 'array'; readonly length: number }
  /** At most `length` integers. */
  | { readonly type: 'integers'; readonly min: number; readonly max: number; readonly length: number }
  /** Null, or the smallest and the largest integer. */
  | { readonly type: 'range'; readonly min: number; readonly max: number }
  /** An object or an array that is read on its own. */
  | { readonly type: 'nested' }
);

/** What may be written in the fields of an object. */
export type FieldRules = Readonly<Record<string, FieldRule>>;

/** One object of the spec while it is being read. `path` names it in messages, e.g. `spec.layers[2]`. */
export class Fields {
  readonly path: string;
  readonly #object: JsonObject;

  constructor(value: unknown, path: string) {
    if (!isObject(value)) throw new StudentFormatError('specField', `${path} = ${shown(value)}, not an object`);
    this.path = path;
    this.#object = value;
  }

  /** The value of `key` as it is; undefined where the object has no such own key. */
  raw(key: string): unknown {
    return Object.hasOwn(this.#object, key) ? this.#object[key] : undefined;
  }

  /** The value of `key`, which has to be as `rule` says. @typeParam Value what such a value is */
  get<Value>(key: string, rule: FieldRule): Value {
    const value = this.raw(key);
    if (isAllowed(value, rule)) return value as Value;
    const got = `${this.path}.${key} = ${shown(value)}, not ${Object.values(rule).join(' ')}`;
    throw new StudentFormatError('specField', got);
  }

  /** The whole object: its kind where it has one, every field of `rules`, and nothing else. @typeParam Value what it is */
  read<Value>(rules: FieldRules, kind?: string): Value {
    const unknown = Object.keys(this.#object).find((key) => !(Object.hasOwn(rules, key) || (key === 'kind' && kind)));
    if (unknown !== undefined) throw new StudentFormatError('specKey', `${this.path}.${unknown}`);
    const value: Record<string, unknown> = kind ? { kind } : {};
    for (const [key, rule] of Object.entries(rules)) {
      if (!rule.optional || this.raw(key) !== undefined) value[key] = this.get(key, rule);
    }
    return value as Value;
  }
}

function isAllowed(value: unknown, rule: FieldRule): boolean {
  switch (rule.type) {
    case 'integer':
      return isWithin(value, rule) && Number.isInteger(value) && !(rule.odd && value % 2 === 0);
    case 'number':
      return isWithin(value, rule);
    case 'choice':
      return rule.of.includes(value);
    case 'text':
      return typeof value === 'string' && value.length >= 1 && value.length <= rule.max;
    case 'array':
      return Array.isArray(value) && value.length <= rule.length;
    case 'integers':
      return Array.isArray(value) && value.length <= rule.length && areIntegers(value, rule);
    case 'range':
      return (
        value === null ||
        (Array.isArray(value) && value.length === 2 && areIntegers(value, rule) && value[0] <= value[1])
      );
    case 'nested':
      return true;
  }
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

function isWithin(value: unknown, { min, max }: Bounds): value is number {
  return typeof value === 'number' && value >= min && value <= max;
}

function areIntegers(values: readonly unknown[], bounds: Bounds): boolean {
  return values.every((value) => Number.isInteger(value) && isWithin(value, bounds));
}

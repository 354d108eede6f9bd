/** Strict JSON for untrusted text: canonical, so that nothing is said twice, and read without touching a prototype. */
import type { FormatErrorPlace, FormatRule } from './rules.ts';
import { StudentFormatError } from './rules.ts';

/** Deepest nesting of arrays and objects; a spec with the deepest layers needs 9. Bounds every recursion over JSON. */
export const MAX_JSON_DEPTH = 16;

/** An escape of a surrogate: canonical JSON writes pairs as the character, so that only a lone one is escaped. */
const LONE_SURROGATE = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

/** A JSON object whose keys are own properties, `__proto__` included. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for a JSON object: not an array, not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A short form of a value for an error message. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(JSON.stringify(value) ?? value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/**
 * Parses JSON and insists that it is written the way `JSON.stringify` writes it: what parsers read differently (a key
 * that stands twice, a lone surrogate) cannot pass.
 */
export function parseCanonical(text: string, rule: FormatRule, place: FormatErrorPlace): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new StudentFormatError(rule, (cause as Error).message, place, { cause });
  }
  if (isDeeper(value, MAX_JSON_DEPTH)) {
    throw new StudentFormatError('headerCanonical', `more than ${MAX_JSON_DEPTH} levels`, place);
  }
  if (LONE_SURROGATE.test(text)) throw new StudentFormatError('headerCanonical', 'a lone surrogate', place);
  if (JSON.stringify(value) !== text) {
    throw new StudentFormatError('headerCanonical', 'JSON that reads differently when written again', place);
  }
  return value;
}

/** True where arrays and objects are nested in more than `levels` levels; looks no deeper than that. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

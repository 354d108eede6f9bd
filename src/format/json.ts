/** Strict JSON for untrusted text: canonical, so that nothing is said twice, and read without touching a prototype. */
import type { FormatErrorPlace, FormatRule } from './rules.ts';
import { StudentFormatError } from './rules.ts';

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
 * Parses JSON and insists that it is written the way `JSON.stringify` writes it: a key that stands twice, which parsers
 * read differently, cannot pass.
 */
export function parseCanonical(text: string, rule: FormatRule, place: FormatErrorPlace): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new StudentFormatError(rule, (cause as Error).message, place, { cause });
  }
  if (JSON.stringify(value) !== text) {
    throw new StudentFormatError('headerCanonical', 'JSON that reads differently when written again', place);
  }
  return value;
}

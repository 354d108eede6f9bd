/** What is wrong with a config, as an error that names the field, what was expected there, and what came. */
import type * as v from 'valibot';
import { InputError } from '../../format/index.ts';
import { CONFIG_KEYS } from './schema.ts';
import { suggestKey } from './suggestion.ts';

/** @param place the field, with dots, e.g. `students.0.name` */
export function invalid(place: string, message: string): InputError {
  return new InputError(`config, ${place}: ${message}`, { code: 'invalid_config' });
}

/**
 * The issue that helps most of those that a schema has with a part of a config, as an error.
 *
 * @param above keys that lead to the part
 * @param keys every key of the schema
 */
export function describeIssues(
  issues: readonly v.BaseIssue<unknown>[],
  above: readonly string[] = [],
  keys: readonly string[] = CONFIG_KEYS,
): InputError {
  const { issue, path } = mostSpecific(issues.find(isUnknownKey) ?? issues[0], above);
  const place = path.join('.') || 'top level';
  if (isUnknownKey(issue)) {
    const key = String(path.at(-1));
    if (keys.includes(key)) return invalid(place, `expected a key that belongs there, got ${key}; remove it`);
    return invalid(place, `expected a known key, got ${key}; ${suggestKey(key, keys)}`);
  }
  const got = issue.received === 'undefined' ? 'nothing' : issue.received;
  if (issue.expected === `"${String(path.at(-1))}"`) {
    // A schema may say what belongs there; valibot's own message begins otherwise.
    const expected = issue.message.startsWith('Expected ') ? issue.message.slice('Expected '.length) : 'a value';
    return invalid(place, `expected ${expected}, got nothing; it is required`);
  }
  const detail = issue.message.startsWith('Expected')
    ? issue.message.replace(/^Expected/, 'expected')
    : `expected ${issue.expected}`;
  return invalid(place, `${detail}, got ${got}`);
}

function isUnknownKey({ type, expected }: v.BaseIssue<unknown>): boolean {
  return type === 'strict_object' && expected === 'never';
}

/**
 * A union reports that no branch fits; an unknown key, or else the branch that got furthest, says why, with a path that
 * begins at the union.
 */
function mostSpecific(
  issue: v.BaseIssue<unknown>,
  above: readonly unknown[],
): { readonly issue: v.BaseIssue<unknown>; readonly path: readonly unknown[] } {
  const path = [...above, ...(issue.path ?? []).map(({ key }) => key)];
  const nested = (issue.issues ?? []).filter((one) => one.path !== undefined);
  const [deepest] = nested.sort((a, b) => b.path!.length - a.path!.length);
  const next = nested.find(isUnknownKey) ?? deepest;
  return next === undefined ? { issue, path } : mostSpecific(next, path);
}

/**
 * What the schemas of requests say of a body that they refuse, in plain words: what was expected, what came, what to
 * do. `body.ts` puts the place in front.
 */
import type * as v from 'valibot';

/** Characters of a text that a message repeats. */
const QUOTED_CHARACTERS = 40;
/** Unknown fields that a message names. */
const NAMED_FIELDS = 3;

/** The message of a schema, or of an action in its pipe. */
export function expecting(what: string, advice: string): (issue: { readonly input: unknown }) => string {
  return ({ input }) => `expected ${what}, got ${nameOf(input)}; ${advice}.`;
}

/** The message of a whole body with the fields `known`: it is no object, one is missing, or there is one too many. */
export function expectingFields(known: readonly string[], advice: string): (issue: v.StrictObjectIssue) => string {
  return ({ expected, input, path }) => {
    if (path === undefined) return `expected an object, got ${nameOf(input)}; ${advice}.`;
    if (expected === 'never') {
      return `expected ${known.map(nameOf).join(' or ')}, got ${nameOf(input)}; rename or remove it.`;
    }
    const body = path[0].input as object;
    const unknown = Object.keys(body).filter((key) => !known.includes(key));
    const got = unknown.slice(0, NAMED_FIELDS).map(nameOf).join(', ') || 'none';
    return `expected this field, got ${Array.isArray(body) ? nameOf(body) : got}; ${advice}.`;
  };
}

function nameOf(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > QUOTED_CHARACTERS ? `${value.slice(0, QUOTED_CHARACTERS)}…` : value);
  }
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/**
 * A config may have been put together with what the environment keeps secret. Such a value never reaches a record: the
 * name of its variable stands in its place.
 */

/** Names of variables whose values are nobody's business. */
const SECRET = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/i;
/** Shorter values are no secrets, and stand in too many places by chance. */
const LEAST_CHARACTERS = 8;

/** A copy of plain data in which secret values of `environment`, also inside of longer texts, are `$NAME`. */
export function withoutSecrets<T extends object>(
  value: T,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> {
  const secrets = Object.entries(environment).filter(
    ([name, text]) => SECRET.test(name) && (text?.length ?? 0) >= LEAST_CHARACTERS,
  ) as [string, string][];
  // The longest first: one may contain another.
  secrets.sort(([, a], [, b]) => b.length - a.length);
  const hide = (text: string): string => secrets.reduce((left, [name, own]) => left.replaceAll(own, `$${name}`), text);
  return JSON.parse(JSON.stringify(value, (_, item) => (typeof item === 'string' ? hide(item) : item)));
}

/**
 * What the numbers of a label column mean. The Hugging Face `datasets` library stores a `ClassLabel` as an integer and
 * its names in the dataset's features, which have one form in JSON (`dataset_info.json`, Parquet metadata) and another
 * in the YAML header of README.md.
 */

/** Names by number. */
export type ClassNames = readonly string[];

/** Features as JSON has them: `{ label: { names: [...], _type: 'ClassLabel' } }`; null where they name no classes. */
export function classNamesOf(features: unknown, column: string): ClassNames | null {
  const names = member(member(features, column), 'names');
  return Array.isArray(names) && names.length > 0 ? names.map(String) : null;
}

/** Features as YAML has them: `[{ name: 'label', dtype: { class_label: { names: { '0': 'neg', ... } } } }]`. */
export function yamlClassNamesOf(features: unknown, column: string): ClassNames | null {
  if (!Array.isArray(features)) return null;
  const feature = features.find((one) => member(one, 'name') === column);
  const names = member(member(member(feature, 'dtype'), 'class_label'), 'names');
  if (typeof names !== 'object' || names === null) return null;
  const entries = Object.entries(names).sort(([a], [b]) => Number(a) - Number(b));
  return entries.length === 0 ? null : entries.map(([, name]) => String(name));
}

/** A property of what may be no object at all. */
export function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

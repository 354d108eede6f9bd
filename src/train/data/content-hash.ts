/** Order and choice by content: a row is chosen because of what it says, never because of where it stood. */
import { createHash } from 'node:crypto';
import type { Row } from './dataset.ts';

/** SHA-256, hex, of the length-prefixed names and values of a row's fields. */
export function contentHash(fields: Readonly<Record<string, string>>): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(fields).sort()) {
    for (const part of [name, fields[name]]) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  }
  return hash.digest('hex');
}

/** What a row says, as one string: its text, or where it has several fields all of them, length-prefixed. */
export function contentOf({ fields }: Pick<Row, 'fields'>): string {
  const values = Object.values(fields);
  return values.length === 1 ? values[0] : values.map((value) => `${value.length}:${value}`).join('');
}

/** Rows in an order that depends on their ids and on `seed` alone. */
export function shuffleByHash(rows: readonly Row[], seed: number): readonly Row[] {
  const key = ({ id }: Row): string => createHash('sha256').update(`${seed}:${id}`).digest('hex');
  const keyed = rows.map((row) => ({ row, key: key(row) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ row }) => row);
}

/** Groups rows by their labels; unlabelled rows are a group of their own. */
export function groupByLabels(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify(row.labels);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

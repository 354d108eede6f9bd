/**
 * What a user's data function returned, as a dataset: the shape of it. What its rows have to say is for
 * `check-dataset.ts`. Keys that are not known here stay: an object of the user's own may carry more.
 */
import * as v from 'valibot';
import { InputError } from '../../format/index.ts';
import type { Dataset } from './dataset.ts';

const text = v.pipe(v.string(), v.nonEmpty('Expected some text'));
const labels = v.array(v.string());
const size = v.pipe(v.number(), v.integer(), v.minValue(1));

const rows = v.array(v.looseObject({ id: text, fields: v.record(v.string(), v.string()), labels: v.nullable(labels) }));

const similar = v.array(
  v.object({ texts: v.tuple([v.string(), v.string()]), similarity: v.pipe(v.number(), v.finite()) }),
);

const DATASET_SCHEMA = v.looseObject({
  name: v.string(),
  task: v.optional(v.picklist(['classify', 'tag', 'embed'])),
  labels: v.array(text),
  multiLabel: v.boolean(),
  teacherField: v.string(),
  studentField: v.string(),
  pairField: v.optional(v.string()),
  image: v.optional(v.strictObject({ height: size, width: size, channels: size })),
  train: rows,
  dev: rows,
  test: rows,
  similar: v.optional(v.object({ dev: similar, test: similar })),
  hiddenLabels: v.optional(v.map(v.string(), labels)),
  // What a reader of files leaves on disk.
  stored: v.optional(v.undefined('Expected no rows on disk')),
});

/**
 * @param value what the function returned, or what its promise came to
 * @throws InputError with code `invalid_data` that names the field
 */
export function readDataset(value: unknown): Dataset {
  const { issues, success } = v.safeParse(DATASET_SCHEMA, value, { abortEarly: true });
  if (success) return value as Dataset;
  const [{ path, message, expected, received }] = issues;
  const place = ['data()', ...(path ?? []).map(({ key }) => String(key))].join('.');
  const isMissing = expected === `"${String(path?.at(-1)?.key)}"`;
  const wanted = isMissing ? 'a value' : message.startsWith('Invalid') ? expected : message.replace(/^Expected /, '');
  const got = received === 'undefined' ? 'nothing' : received;
  throw new InputError(`${place}: expected ${wanted}, got ${got}; return a Dataset`, { code: 'invalid_data' });
}

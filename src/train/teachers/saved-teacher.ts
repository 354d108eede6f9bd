/** A teacher on disk: which encoder, and the head that was fitted. The encoder itself stays in its package. */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { InputError } from '../../format/index.ts';
import { writeFileAtomic } from '../atomic-file.ts';
import { createHead } from './classification-head.ts';
import type { Head, HeadJson } from './teacher.ts';
import type { SentenceEncoderOptions } from './universal-sentence-encoder.ts';

/** Everything that is needed to run a teacher again. */
export interface SavedTeacher {
  readonly kind: 'universal-sentence-encoder';
  readonly name: string;
  readonly encoder: SentenceEncoderOptions;
  readonly head: Head;
  /** Measured on the test set, e.g. `accuracy`. */
  readonly metrics: Readonly<Record<string, number>>;
}

const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
/** JSON has no infinity, but reads 1e999 as one. */
const finite = v.pipe(v.number(), v.finite());

const SCHEMA = v.strictObject({
  kind: v.literal('universal-sentence-encoder'),
  name: v.string(),
  encoder: v.strictObject({
    maxCharacters: positive,
    maxPieces: v.pipe(positive, v.maxValue(128)),
    backend: v.picklist(['node-gpu', 'node', 'wasm', 'cpu']),
  }),
  head: v.strictObject({
    encoderId: v.string(),
    labels: v.pipe(v.array(v.string()), v.nonEmpty()),
    multiLabel: v.boolean(),
    featureSize: positive,
    weights: v.array(finite),
  }),
  metrics: v.record(v.string(), finite),
});

/** @throws WriteError */
export async function writeTeacher(path: string, teacher: SavedTeacher): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(teacher)}\n`);
}

/** @throws InputError with code `invalid_teacher` where `path` is not what {@link writeTeacher} wrote */
export async function readTeacher(path: string): Promise<SavedTeacher> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw invalid(path, cause.code ?? 'an error', cause);
  });
  const { output, success, issues } = v.safeParse(SCHEMA, parse(text));
  if (!success) throw invalid(path, `${v.getDotPath(issues[0]) ?? 'top level'}: ${issues[0].message}`);
  const { labels, featureSize, weights } = output.head;
  if (weights.length !== labels.length * (featureSize + 1)) {
    throw invalid(path, `${weights.length} weights for ${labels.length} labels of ${featureSize} features`);
  }
  return { ...output, head: createHead(output.head as HeadJson) };
}

function invalid(path: string, got: string, cause?: unknown): InputError {
  const message = `${path}: expected a teacher.json of retort distill, got ${got}; run retort distill again`;
  return new InputError(message, { code: 'invalid_teacher', cause });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A teacher on disk: which models it asks, and the heads that were fitted. The models themselves stay where they are. */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { InputError } from '../../format/index.ts';
import type { Question } from '../answers.ts';
import { writeFileAtomic } from '../atomic-file.ts';
import { BACKEND_NAMES } from '../backend.ts';
import { fileFault } from '../file-fault.ts';
import { createHead } from './classification-head.ts';
import { KIND_NAMES, kindOf } from './kinds.ts';
import type { Head, HeadJson, ModelOptions, ModelSpec } from './teacher.ts';

/** One of the models whose answers are averaged; most teachers have one. */
export interface TeacherMember {
  /** Positive; members count by their share of the sum. */
  readonly weight: number;
  readonly model: ModelSpec;
  readonly modelId: string;
  /** Null where the model gives logits. */
  readonly head: Head | null;
}

/** Everything that is needed to run a teacher again. */
export interface SavedTeacher extends Question {
  readonly name: string;
  readonly multiLabel: boolean;
  /** What it reads, where that is no text. */
  readonly reads?: 'pair' | 'image';
  readonly members: readonly TeacherMember[];
  /** Measured on the test set, e.g. `accuracy`. */
  readonly metrics: Readonly<Record<string, number>>;
}

const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
/** JSON has no infinity, but reads 1e999 as one. */
const finite = v.pipe(v.number(), v.finite());
const labels = v.pipe(v.array(v.string()), v.nonEmpty());

const HEAD = v.pipe(
  v.strictObject({
    encoderId: v.string(),
    labels,
    multiLabel: v.boolean(),
    featureSize: positive,
    weights: v.array(finite),
  }),
  v.check(
    (head) => head.weights.length === head.labels.length * (head.featureSize + 1),
    ({ input: head }) => {
      return `${head.weights.length} weights for ${head.labels.length} labels of ${head.featureSize} features`;
    },
  ),
);

const OPTIONS = v.pipe(
  v.looseObject({ kind: v.picklist(KIND_NAMES) }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { issues } = v.safeParse(kindOf(dataset.value).schema, dataset.value);
    for (const { message } of issues ?? []) addIssue({ message });
  }),
);

const task = v.optional(v.picklist(['classify', 'tag', 'embed']));

const SCHEMA = v.strictObject({
  name: v.string(),
  task,
  labels: v.array(v.string()),
  multiLabel: v.boolean(),
  reads: v.optional(v.picklist(['pair', 'image'])),
  members: v.pipe(
    v.array(
      v.strictObject({
        weight: v.pipe(finite, v.gtValue(0)),
        model: v.strictObject({
          options: OPTIONS,
          backend: v.picklist(BACKEND_NAMES),
          task,
          labels: v.array(v.string()),
          multiLabel: v.boolean(),
        }),
        modelId: v.string(),
        head: v.nullable(HEAD),
      }),
    ),
    v.nonEmpty(),
  ),
  metrics: v.record(v.string(), finite),
});

/** What was written as a teacher, if by another version, or was changed since. */
const MEANT = v.looseObject({ members: v.unknown() });

const NAME_ONE = 'name the one that lies beside the students of a run';
const RUN_AGAIN = 'run retort distill again';

/** @throws WriteError */
export async function writeTeacher(path: string, teacher: SavedTeacher): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(teacher)}\n`);
}

/** @throws InputError with code `invalid_teacher` where `path` is not what {@link writeTeacher} wrote */
export async function readTeacher(path: string): Promise<SavedTeacher> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw invalid(path, fileFault(cause), NAME_ONE, cause);
  });
  const json = parse(text);
  const { output, success, issues } = v.safeParse(SCHEMA, json);
  if (!success) {
    const advice = v.is(MEANT, json) ? RUN_AGAIN : `${NAME_ONE}, or ${RUN_AGAIN}`;
    throw invalid(path, `${v.getDotPath(issues[0]) ?? 'top level'}: ${issues[0].message}`, advice);
  }
  const members = output.members.map(({ weight, model, modelId, head }) => ({
    weight,
    model: { ...model, options: model.options as ModelOptions },
    modelId,
    head: head === null ? null : createHead(head as HeadJson),
  }));
  const { reads, ...rest } = output;
  return { ...rest, ...(reads === undefined ? {} : { reads }), members };
}

function invalid(path: string, got: string, advice: string, cause?: unknown): InputError {
  const message = `${path}: expected a teacher.json of retort distill, got ${got}; ${advice}`;
  return new InputError(message, { code: 'invalid_teacher', cause });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

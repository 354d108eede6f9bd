/**
 * From the teacher of a config to answers for every text: models that learn first are trained, each model labels through
 * the cache, heads are fitted where a model gives features, and the answers of several models become one.
 */
import { answersOf, joinVectors } from '../answers.ts';
import type { BackendName } from '../backend.ts';
import type { MemberConfig, ResolvedConfig } from '../config/config.ts';
import type { Dataset, Row } from '../data/dataset.ts';
import { trainingTexts } from '../data/training-rows.ts';
import { teacherInputKindOf } from '../inputs.ts';
import { openLabels, type TextLabels } from '../labelling/label-texts.ts';
import type { RunHooks } from '../progress.ts';
import { createHead, fitHead, type HeadRows } from '../teachers/classification-head.ts';
import { combineLogits } from '../teachers/ensemble.ts';
import { checkTask, kindOf } from '../teachers/kinds.ts';
import { inputsOf } from '../teachers/model-inputs.ts';
import type { SavedTeacher, TeacherMember } from '../teachers/saved-teacher.ts';
import { symmetricFeatures } from '../teachers/symmetric-features.ts';
import type { Head, HeadJson, Learning, ModelOptions, ModelSpec } from '../teachers/teacher.ts';
import { targetOf } from '../transfer-set.ts';
import { StageClock } from './stage-clock.ts';

/** What a teacher says about a text. */
export interface TeacherAnswer {
  /** `[numLabels]`; to tag, `[words, numLabels]`. */
  readonly logits: Float32Array;
  /** `[featureSize]`; null where the teacher has none, or is made of several models. */
  readonly features: Float32Array | null;
}

/** What a teacher says about the texts of a dataset, read from its cache whenever it is asked for. */
export interface TeacherOnTexts {
  /** @param pair the second text, where a task is about two */
  answer(text: string, pair?: string): TeacherAnswer;
  close(): Promise<void>;
}

/** A teacher with what it says about the texts of one dataset. */
export interface Taught {
  readonly teacher: Omit<SavedTeacher, 'metrics'>;
  readonly answers: TeacherOnTexts;
  /** Of each member: how its training went; null where it was not trained for the task. */
  readonly learning: readonly (Learning | null)[];
  readonly seconds: TeachingSeconds;
}

/** Where the wall-clock time of a teacher went. */
export interface TeachingSeconds {
  /** Training its members, all parts of what was stopped; null where none was trained now. */
  readonly training: number | null;
  readonly labelling: number;
}

/** A model that is ready to label, with the head that it was trained with, if any. */
interface ReadyModel {
  readonly weight: number;
  readonly model: ModelSpec;
  readonly head: HeadJson | null;
  readonly learning: Learning | null;
  readonly seconds: number | null;
}

/** One member with what it says. */
interface Answering {
  readonly name: string;
  readonly member: TeacherMember;
  readonly answers: TeacherOnTexts;
  readonly learning: Learning | null;
  readonly trainingSeconds: number | null;
}

/** @returns the teacher of a dataset; whoever has it closes its answers */
export async function teachDataset(
  dataset: Dataset,
  seed: number,
  config: ResolvedConfig,
  backend: BackendName,
  hooks: RunHooks,
): Promise<Taught> {
  const clock = new StageClock();
  const members: Answering[] = [];
  try {
    for (const member of config.teacher) {
      const ready = await prepare(member, dataset, seed, config, backend, hooks);
      members.push(await clock.time('labelling', () => answer(ready, dataset, config, hooks)));
    }
  } catch (error) {
    await closeAll(members);
    throw error;
  }
  return combine(members, dataset, clock.seconds.labelling);
}

/** A model of the config as it labels: one that learns first is trained, or goes on with what it has learnt. */
export async function prepare(
  { weight, options }: MemberConfig,
  dataset: Dataset,
  seed: number,
  { cacheDir, threads }: ResolvedConfig,
  backend: BackendName,
  hooks: RunHooks,
): Promise<ReadyModel> {
  const { task, labels, multiLabel } = dataset;
  const model = { options, backend, task, labels, multiLabel };
  checkTask(model);
  const kind = kindOf(options);
  if (kind.fit === undefined || kind.needsFit?.(options) !== true) {
    return { weight, model, head: null, learning: null, seconds: null };
  }
  const fitted = await kind.fit(model, { dataset, seed, cacheDir, threads }, hooks);
  return {
    weight,
    model: { ...model, options: fitted.options as ModelOptions },
    head: fitted.head,
    learning: fitted.learning,
    seconds: fitted.seconds,
  };
}

async function answer(
  ready: ReadyModel,
  dataset: Dataset,
  { cacheDir, threads }: ResolvedConfig,
  hooks: RunHooks,
): Promise<Answering> {
  const options = { model: ready.model, cacheDir: `${cacheDir}/teacher`, workers: threads };
  const labels = await openLabels(everyInput(dataset), options, hooks);
  try {
    return await answeringWith(labels, ready, dataset, hooks);
  } catch (error) {
    await labels.close();
    throw error;
  }
}

async function answeringWith(
  labels: TextLabels,
  { weight, model, head: fitted, learning, seconds }: ReadyModel,
  dataset: Dataset,
  hooks: RunHooks,
): Promise<Answering> {
  const { identity } = labels;
  const close = (): Promise<void> => labels.close();
  const member = { weight, model, modelId: identity.id };
  const training = { learning, trainingSeconds: seconds };
  if (identity.output === 'logits' || dataset.task === 'embed') {
    const answerTo = (text: string): TeacherAnswer => {
      const outputs = inputsOf(text, dataset.task).map((input) => labels.outputOf(input));
      return { logits: joinVectors(outputs), features: null };
    };
    const answers = { answer: answerTo, close };
    return { name: identity.name, member: { ...member, head: null }, answers, ...training };
  }
  const head = fitted === null ? await fitHeadOn(dataset, labels, hooks) : createHead(fitted);
  const name = `${identity.name} + ${fitted === null ? 'logistic' : 'fine-tuned'} head`;
  const answerOf = (text: string, pair?: string): TeacherAnswer => {
    const features = featuresOf(labels, text, pair);
    return { logits: head.logits(features), features: pair === undefined ? features : null };
  };
  return { name, member: { ...member, head }, answers: { answer: answerOf, close }, ...training };
}

/** What a model is asked about the rows of a dataset. */
function everyInput(dataset: Dataset): Iterable<string> {
  const { task, dev, test, teacherField } = dataset;
  return {
    *[Symbol.iterator]() {
      for (const text of trainingTexts(dataset, teacherField)) yield* inputsOf(text, task);
      for (const row of [...dev, ...test]) yield* modelInputs(dataset, row);
    },
  };
}

function fitHeadOn(dataset: Dataset, features: TextLabels, hooks: RunHooks): Promise<Head> {
  const { labels, multiLabel, train, dev } = dataset;
  const labelled = (rows: readonly Row[]): HeadRows => {
    const known = rows.filter((row) => row.labels !== null);
    return {
      features: known.map((row) => featuresOf(features, ...teacherTexts(dataset, row))),
      targets: known.map((row) => targetOf(labels, row.labels!)),
    };
  };
  return fitHead(labelled(train), labelled(dev), { encoderId: features.identity.id, labels, multiLabel }, hooks);
}

/** What the teacher reads of a row: a text, or two. */
export function teacherTexts(
  { teacherField, pairField }: Dataset,
  { fields }: Row,
): readonly [text: string, pair?: string] {
  return pairField === undefined ? [fields[teacherField]] : [fields[teacherField], fields[pairField]];
}

/** What a model is asked about a row. */
export function modelInputs(dataset: Dataset, row: Row): readonly string[] {
  return teacherTexts(dataset, row).flatMap((text) => inputsOf(text!, dataset.task));
}

function featuresOf(labels: TextLabels, text: string, pair?: string): Float32Array {
  const features = labels.outputOf(text);
  return pair === undefined ? features : symmetricFeatures(features, labels.outputOf(pair));
}

function combine(members: readonly Answering[], dataset: Dataset, labelling: number): Taught {
  const { task, labels, multiLabel } = dataset;
  const reads = teacherInputKindOf(dataset);
  const weights = members.map(({ member }) => member.weight);
  const name = members.map((one) => one.name).join(', ');
  return {
    teacher: {
      name: members.length === 1 ? name : `ensemble of ${name}`,
      task,
      labels,
      multiLabel,
      ...(reads === 'text' ? {} : { reads }),
      members: members.map(({ member }) => member),
    },
    answers: {
      answer(text, pair) {
        const said = members.map(({ answers }) => answers.answer(text, pair));
        const answers = said.map(({ logits }) => answersOf(logits, dataset));
        const combined = answers[0].map((_, i) =>
          combineLogits(
            answers.map((one) => one[i]),
            weights,
            multiLabel,
          ),
        );
        return { logits: joinVectors(combined), features: members.length === 1 ? said[0].features : null };
      },
      close: () => closeAll(members),
    },
    learning: members.map(({ learning }) => learning),
    seconds: {
      training: members.reduce<number | null>(
        (sum, { trainingSeconds }) => (trainingSeconds === null ? sum : (sum ?? 0) + trainingSeconds),
        null,
      ),
      labelling,
    },
  };
}

async function closeAll(members: readonly Answering[]): Promise<void> {
  await Promise.allSettled(members.map(({ answers }) => answers.close()));
}

/**
 * From the teacher of a config to answers for every text: models that learn first are trained, each model labels through
 * the cache, heads are fitted where a model gives features, and the answers of several models become one.
 */
import type { BackendName } from '../backend.ts';
import type { MemberConfig, ResolvedConfig } from '../config/config.ts';
import type { Dataset, Row } from '../data/dataset.ts';
import { type LabelledTexts, labelTexts } from '../labelling/label-texts.ts';
import type { RunHooks } from '../progress.ts';
import { createHead, fitHead, type HeadRows } from '../teachers/classification-head.ts';
import { combineLogits } from '../teachers/ensemble.ts';
import { kindOf } from '../teachers/kinds.ts';
import type { SavedTeacher, TeacherMember } from '../teachers/saved-teacher.ts';
import type { Head, HeadJson, Learning, ModelOptions, ModelSpec } from '../teachers/teacher.ts';
import { targetOf } from '../transfer-set.ts';
import { StageClock } from './stage-clock.ts';

/** What a teacher says, by text. */
export interface TeacherOnTexts {
  /** `[numLabels]` each. */
  readonly logits: ReadonlyMap<string, Float32Array>;
  /** `[featureSize]` each; null where the teacher has none, or is made of several models. */
  readonly features: ReadonlyMap<string, Float32Array> | null;
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

type ByText = ReadonlyMap<string, Float32Array>;

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
  readonly logits: ByText;
  readonly features: ByText | null;
  readonly learning: Learning | null;
  readonly trainingSeconds: number | null;
}

/** @returns the teacher of each dataset, which stand for the seeds of the config */
export async function teachDatasets(
  datasets: readonly Dataset[],
  config: ResolvedConfig,
  backend: BackendName,
  hooks: RunHooks,
): Promise<readonly Taught[]> {
  const taught: Taught[] = [];
  for (const [i, dataset] of datasets.entries()) {
    const clock = new StageClock();
    const members: Answering[] = [];
    for (const member of config.teacher) {
      const ready = await prepare(member, dataset, config.seeds[i], config, backend, hooks);
      members.push(await clock.time('labelling', () => answer(ready, dataset, config, hooks)));
    }
    taught.push(combine(members, dataset, clock.seconds.labelling));
  }
  return taught;
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
  const { labels, multiLabel } = dataset;
  const model = { options, backend, labels, multiLabel };
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
  { weight, model, head: fitted, learning, seconds }: ReadyModel,
  dataset: Dataset,
  { cacheDir, threads }: ResolvedConfig,
  hooks: RunHooks,
): Promise<Answering> {
  const texts = textsOf(dataset);
  const labelled = await labelTexts(texts, { model, cacheDir: `${cacheDir}/teacher`, workers: threads }, hooks);
  const { identity } = labelled;
  const outputs: ByText = new Map(texts.map((text, i) => [text, labelled.outputs[i]]));
  const member = { weight, model, modelId: identity.id };
  const training = { learning, trainingSeconds: seconds };
  if (identity.output === 'logits') {
    return { name: identity.name, member: { ...member, head: null }, logits: outputs, features: null, ...training };
  }
  const head = fitted === null ? fitHeadOn(dataset, outputs, labelled) : createHead(fitted);
  const logits = new Map(texts.map((text) => [text, head.logits(outputs.get(text)!)]));
  const name = `${identity.name} + ${fitted === null ? 'logistic' : 'fine-tuned'} head`;
  return { name, member: { ...member, head }, logits, features: outputs, ...training };
}

function textsOf({ train, dev, test, teacherField }: Dataset): readonly string[] {
  return [...new Set([...train, ...dev, ...test].map(({ fields }) => fields[teacherField]))];
}

function fitHeadOn(dataset: Dataset, features: ByText, { identity }: LabelledTexts): Head {
  const { labels, multiLabel, train, dev, teacherField } = dataset;
  const labelled = (rows: readonly Row[]): HeadRows => {
    const known = rows.filter((row) => row.labels !== null);
    return {
      features: known.map(({ fields }) => features.get(fields[teacherField])!),
      targets: known.map((row) => targetOf(labels, row.labels!)),
    };
  };
  return fitHead(labelled(train), labelled(dev), { encoderId: identity.id, labels, multiLabel });
}

function combine(members: readonly Answering[], { labels, multiLabel }: Dataset, labelling: number): Taught {
  const weights = members.map(({ member }) => member.weight);
  const logits = new Map<string, Float32Array>();
  for (const text of members[0].logits.keys()) {
    logits.set(
      text,
      combineLogits(
        members.map((one) => one.logits.get(text)!),
        weights,
        multiLabel,
      ),
    );
  }
  const name = members.map((one) => one.name).join(', ');
  return {
    teacher: {
      name: members.length === 1 ? name : `ensemble of ${name}`,
      labels,
      multiLabel,
      members: members.map(({ member }) => member),
    },
    answers: { logits, features: members.length === 1 ? members[0].features : null },
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

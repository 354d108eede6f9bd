/** A teacher that answers: its models where they run, so that the thread that asks goes on, and the heads here. */
import { InputError } from '../../format/index.ts';
import type {
  Prediction,
  PredictOptions,
  Predictor,
  PredictorInfo,
  PredictorInput,
  Tokenizer,
} from '../../runtime/index.ts';
import { type InputKind, kindOfInput, textsOfInput } from '../inputs.ts';
import { CallQueue } from './call-queue.ts';
import { combineLogits, probabilitiesOf } from './ensemble.ts';
import { batchSizeOf, identifyModel, kindOf } from './kinds.ts';
import { modelTokenizer } from './load-model.ts';
import { type ModelRunner, openModel } from './model-runner.ts';
import type { SavedTeacher, TeacherMember } from './saved-teacher.ts';
import { symmetricFeatures } from './symmetric-features.ts';
import type { Interruptible, ModelIdentity } from './teacher.ts';

/** Calls that wait for one model. Each may be of a hundred texts, which take a sentence encoder some seconds. */
const MAX_WAITING_CALLS = 8;

const NAMES: Readonly<Record<InputKind, string>> = { text: 'a text', pair: 'a pair of texts', image: 'an image' };

/** A running teacher; `dispose` ends its threads. */
export interface TeacherPredictor extends Predictor {
  predict(inputs: readonly PredictorInput[], options?: PredictOptions): Promise<readonly Prediction[]>;
  dispose(): Promise<void>;
}

/** One member, ready to answer. */
interface RunningMember extends TeacherMember {
  readonly identity: ModelIdentity;
  readonly tokenizer: Tokenizer | null;
  readonly runner: ModelRunner;
  readonly queue: CallQueue;
}

/**
 * Starts a teacher. Its models are loaded by the first answer. Calls take turns; a model whose thread is lost gets a new
 * one with the next call.
 *
 * @param workerEntry module of the worker threads; the bundled one where it is left out
 * @throws InputError with code `invalid_teacher` where a model is not the one that the teacher was made with, `wrong_task`
 * where it does not classify
 */
export async function startTeacher(teacher: SavedTeacher, workerEntry?: URL): Promise<TeacherPredictor> {
  const { task = 'classify', labels, multiLabel, reads = 'text' } = teacher;
  if (task !== 'classify') {
    const message = `teacher ${teacher.name}: expected one that classifies, got one for the task ${task}, which is not served yet; leave it out`;
    throw new InputError(message, { code: 'wrong_task' });
  }
  const members: RunningMember[] = [];
  for (const member of teacher.members) members.push(await startMember(teacher.name, member, workerEntry));
  const weights = members.map(({ weight }) => weight);
  return {
    info: infoOf(teacher, members),
    async predict(inputs, { signal } = {}) {
      for (const input of inputs) {
        const got = kindOfInput(input);
        if (got === reads) continue;
        const message = `teacher ${teacher.name}: expected ${NAMES[reads]}, got ${NAMES[got]}; ask one that reads such inputs`;
        throw new InputError(message);
      }
      const options = signal === undefined ? {} : { signal };
      const calls = members.map((member) => logitsOf(member, inputs, options));
      // Where one fails, the others still compute.
      await Promise.allSettled(calls);
      const answers = await Promise.all(calls);
      return inputs.map((input, i) => {
        const logits = combineLogits(
          answers.map((answer) => answer[i]),
          weights,
          multiLabel,
        );
        const scores = probabilitiesOf(logits, multiLabel);
        const ranked = labels.map((label, at) => ({ label, score: scores[at] })).sort((a, b) => b.score - a.score);
        return { labels: ranked, ...reading(input, members) };
      });
    },
    async dispose() {
      await Promise.all(members.map(({ runner }) => runner.close()));
    },
  };
}

async function startMember(name: string, member: TeacherMember, workerEntry: URL | undefined): Promise<RunningMember> {
  const { options } = member.model;
  const kind = kindOf(options);
  const identity = await identifyModel(member.model);
  if (identity.id !== member.modelId) {
    const message = `teacher ${name}: expected model ${member.modelId}, got ${identity.id}; run retort distill again`;
    throw new InputError(message, { code: 'invalid_teacher' });
  }
  const tokenizer = await modelTokenizer(options);
  const atOnce = kind.runsIn === 'threads' ? 1 : (kind.concurrency?.(options) ?? 1);
  const queue = new CallQueue(`teacher ${name}`, atOnce, MAX_WAITING_CALLS);
  return { ...member, identity, tokenizer, queue, runner: openModel(member.model, 1, workerEntry) };
}

function infoOf({ name, labels, multiLabel, metrics }: SavedTeacher, members: readonly RunningMember[]): PredictorInfo {
  const sizes = members.map(({ identity }) => identity.bytes);
  return {
    name,
    role: 'teacher',
    task: 'classify',
    labels,
    multiLabel,
    bytes: sizes.reduce((sum, bytes) => (sum === null || bytes === null ? null : sum + bytes), 0),
    backend: [...new Set(members.map(({ model }) => backendOf(model)))].join(', '),
    metrics,
  };
}

function backendOf({ options, backend }: TeacherMember['model']): string {
  return kindOf(options).runsIn === 'threads' ? `tfjs-${backend}` : options.kind;
}

async function logitsOf(
  member: RunningMember,
  inputs: readonly PredictorInput[],
  options: Interruptible,
): Promise<readonly Float32Array[]> {
  const { queue, head } = member;
  const texts = inputs.flatMap(textsOfInput);
  const outputs = await queue.run(() => outputsOf(member, texts, options), options.signal);
  if (head === null) return outputs;
  const isPair = texts.length > inputs.length;
  return inputs.map((_, i) => head.logits(isPair ? symmetricFeatures(outputs[2 * i], outputs[2 * i + 1]) : outputs[i]));
}

/** A request is given up at once; a thread finishes the batch that it has, and is waited for. */
async function outputsOf(
  { runner, model }: RunningMember,
  texts: readonly string[],
  options: Interruptible,
): Promise<readonly Float32Array[]> {
  if (kindOf(model.options).runsIn === 'requests') return runner.ask(texts, options);
  const batchSize = batchSizeOf(model.options);
  const outputs: Float32Array[] = [];
  for (let i = 0; i < texts.length; i += batchSize) {
    outputs.push(...(await runner.ask(texts.slice(i, i + batchSize))));
    options.signal?.throwIfAborted();
  }
  return outputs;
}

/** What the members read of an input: the most tokens of any, and whether any left something out. */
function reading(input: PredictorInput, members: readonly RunningMember[]): Pick<Prediction, 'tokens' | 'truncated'> {
  const read = members.flatMap(({ tokenizer }) => {
    if (tokenizer === null) return [];
    const encodings = textsOfInput(input).map((text) => tokenizer.encode(text));
    const tokens = encodings.reduce((sum, { count }) => sum + count, 0);
    return [{ tokens, truncated: encodings.some(({ truncated }) => truncated) }];
  });
  return {
    tokens: read.length === 0 ? null : Math.max(...read.map(({ tokens }) => tokens)),
    truncated: read.some(({ truncated }) => truncated),
  };
}

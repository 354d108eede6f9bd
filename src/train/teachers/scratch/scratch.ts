/**
 * Teacher without a pretrained model: a larger Retort model, trained on the labels of the task alone. What it teaches
 * beyond them is what it says about unlabelled rows.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { InputError, RetortError } from '../../../format/index.ts';
import { readStudent, type Student } from '../../../runtime/index.ts';
import { answersOf } from '../../answers.ts';
import { OUTSIDE } from '../../evaluation/entities.ts';
import { fileFault } from '../../file-fault.ts';
import { pixelsOf } from '../../inputs.ts';
import { wordAsked } from '../model-inputs.ts';
import type { ModelIdentity, ModelSpec, TeacherModel } from '../teacher.ts';
import type { TeacherKind } from '../teacher-kind.ts';
import { fitScratch } from './fit-scratch.ts';
import type { ScratchOptions } from './scratch-config.ts';
import { SCRATCH_KEYS, SCRATCH_SCHEMA } from './scratch-schema.ts';

/** Changes whenever this code would change an output. */
const REVISION = 2;

/** The kind. */
export const scratch: TeacherKind<ScratchOptions> = {
  schema: SCRATCH_SCHEMA,
  keys: SCRATCH_KEYS,
  paths: ['file'],
  tasks: ['classify', 'tag'],
  runsIn: 'threads',
  batchSize: 64,
  needsFit: ({ file }) => file === null,
  fittedOutput: 'logits',
  readsImages: true,
  onlyFor: { text: ['network'], image: ['filters', 'kernelSize'] },
  fit: fitScratch,
  identify,
  load: async (spec) => {
    const { student } = await readModel(spec);
    return spec.task === 'tag' ? taggerOf(student) : modelOf(student);
  },
};

async function identify(spec: ModelSpec<ScratchOptions>): Promise<ModelIdentity> {
  const { bytes, student } = await readModel(spec);
  student.dispose();
  const hash = createHash('sha256').update(JSON.stringify({ REVISION })).update(bytes);
  return {
    id: `scratch-${hash.digest('hex').slice(0, 32)}`,
    name: 'model trained from scratch',
    output: 'logits',
    size: spec.labels.length,
    bytes: bytes.length,
  };
}

async function readModel({
  options: { file },
  task = 'classify',
  labels,
  multiLabel,
}: ModelSpec<ScratchOptions>): Promise<{ readonly bytes: Uint8Array; readonly student: Student }> {
  if (file === null) throw invalid('scratch teacher', 'expected a trained model, got none; run retort distill');
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw invalid(file, `expected a trained model, got ${fileFault(cause)}; run retort distill again`, cause);
  });
  const student = readOrRefuse(bytes, file);
  const { info } = student;
  const isSame = info.task === task && info.multiLabel === multiLabel;
  if (isSame && info.labels.join('\n') === labels.join('\n')) return { bytes, student };
  const expected = `a model to ${task} for ${labels.join(', ')}`;
  const got = `one to ${info.task} for ${info.labels.join(', ')}`;
  throw invalid(file, `expected ${expected}, got ${got}; run retort distill again`);
}

function readOrRefuse(bytes: Uint8Array, file: string): Student {
  try {
    return readStudent(bytes);
  } catch (cause) {
    if (!(cause instanceof RetortError)) throw cause;
    throw invalid(
      file,
      `expected a trained model, got ${cause.message}; delete it and run retort distill again`,
      cause,
    );
  }
}

function invalid(place: string, message: string, cause?: unknown): InputError {
  return new InputError(`${place}: ${message}`, { code: 'invalid_model', cause });
}

/** Answers for one word an input; a text is run once for all of its words that stand together. */
function taggerOf(student: Student): TeacherModel {
  const { labels } = student.info;
  // Words that it does not read are outside of all entities, as those that a student does not read.
  const unread = Float32Array.from(labels, (label) => Number(label === OUTSIDE));
  return {
    async run(inputs, { signal } = {}) {
      let last: { readonly text: string; readonly answers: readonly Float32Array[] } | null = null;
      return inputs.map((input) => {
        signal?.throwIfAborted();
        const { word, text } = wordAsked(input);
        if (last?.text !== text) last = { text, answers: answersOf(student.logits(text), { task: 'tag', labels }) };
        return last.answers[word] ?? unread;
      });
    },
    dispose: () => student.dispose(),
  };
}

function modelOf(student: Student): TeacherModel {
  const readsImages = student.info.spec.input?.kind === 'image';
  return {
    async run(texts, { signal } = {}) {
      return texts.map((text) => {
        signal?.throwIfAborted();
        return student.logits(readsImages ? pixelsOf(text) : text);
      });
    },
    dispose: () => student.dispose(),
  };
}

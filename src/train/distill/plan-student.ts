/** From a student of a config to its spec, with the tensors of its tokenizer. */
import {
  InputError,
  type LayerSpec,
  readSpec,
  type StudentSpec,
  type TaskSpec,
  type Tensor,
} from '../../format/index.ts';
import type { ResolvedStudent } from '../config/config.ts';
import { invalid } from '../config/invalid-config.ts';
import type { Dataset } from '../data/dataset.ts';
import { trainingTexts } from '../data/training-rows.ts';
import { convLayers } from '../families/conv.ts';
import { imageLayers } from '../families/image.ts';
import { staticLayers } from '../families/static.ts';
import { transformerLayers } from '../families/transformer.ts';
import type { WeightPrecision } from '../quantization.ts';
import { planTokenizer, type TextStudent } from '../tokenizers/plan-tokenizer.ts';
import type { Coverage } from '../tokenizers/prune-vocabulary.ts';
import type { Vocabulary } from '../tokenizers/vocabulary.ts';

/** A student before it is trained. */
export interface StudentPlan {
  readonly student: ResolvedStudent;
  readonly spec: StudentSpec;
  readonly tokenizerTensors: ReadonlyMap<string, Tensor>;
  /** How the vocabulary covers the training texts; null for hashed n-grams. */
  readonly coverage: Coverage | null;
}

/** How the weights of a student are stored when it is trained. */
export function precisionOf({ student }: StudentPlan): WeightPrecision {
  return student.embeddingPrecision ?? 'int8';
}

/**
 * @param place of the student in the config, for messages, e.g. `students.0`
 * @param vocabulary the teacher's, of which a student keeps what the training texts use; null where it has
 *   none, and a student learns one from the training texts
 * @param outputSize values of an answer: one a label; to embed, as many as the teacher's vectors have
 * @throws InputError with code `invalid_config` where no student file could hold such a student
 */
export function planStudent(
  student: ResolvedStudent,
  place: string,
  dataset: Dataset,
  vocabulary: Vocabulary | null,
  outputSize: number = dataset.labels.length,
): StudentPlan {
  if ((student.family === 'image') !== (dataset.image !== undefined)) {
    const due = dataset.image === undefined ? 'a family that reads texts' : 'image, since the rows are images';
    throw invalid(`${place}.family`, `expected ${due}, got ${student.family}; change it`);
  }
  if (dataset.task === 'tag' && student.family === 'static') {
    const message = 'expected conv or transformer to tag words, got static, a bag of n-grams without order; change it';
    throw invalid(`${place}.family`, message);
  }
  try {
    const plan = drawPlan(dataset.task === 'embed' ? embedder(student) : student, dataset, vocabulary, outputSize);
    readSpec(JSON.stringify(plan.spec));
    return plan;
  } catch (cause) {
    const message = `config, ${place}: expected sizes that a student file can hold, got ${(cause as Error).message}`;
    throw new InputError(message, { cause, code: 'invalid_config' });
  }
}

/** The task of a student of a dataset. */
function taskOf({ task = 'classify', labels, multiLabel }: Dataset): TaskSpec {
  switch (task) {
    case 'classify':
      return { kind: task, labels, multiLabel };
    case 'tag':
      return { kind: task, labels };
    case 'embed':
      return { kind: task };
  }
}

/** A student that learns its teacher's vectors: the output itself is what a feature loss would compare. */
function embedder(student: ResolvedStudent): ResolvedStudent {
  const { training } = student;
  const objective = { ...training.objective, distillation: 'cosine', features: [] } as const;
  return { ...student, asksForFeatures: false, training: { ...training, objective } };
}

function drawPlan(
  student: ResolvedStudent,
  dataset: Dataset,
  vocabulary: Vocabulary | null,
  numLabels: number,
): StudentPlan {
  const { pairField, image } = dataset;
  const { name, family } = student;
  const task = taskOf(dataset);
  if (student.family === 'image') {
    const layers = imageLayers({ ...student, image: image!, numLabels });
    const spec = { name, family, task, input: { kind: 'image', ...image! }, layers } as const;
    return { student, spec, tokenizerTensors: new Map(), coverage: null };
  }
  const { maxCharacters, maxTokens } = student;
  const readsPair = pairField !== undefined;
  const input = readsPair ? { input: { kind: 'pair' } as const } : {};
  const base = { name, family, task, ...input, maxCharacters, maxTokens } as const;
  const texts = trainingTexts(dataset, dataset.studentField);
  const { spec: tokenizer, tensors, coverage } = planTokenizer(student, texts, vocabulary);
  const vocabSize = tokenizer.kind === 'hashed' ? tokenizer.buckets : tokenizer.vocabSize;
  const layers = textLayers(student, { vocabSize, numLabels, readsPair }, task);
  return { student, spec: { ...base, tokenizer, layers }, tokenizerTensors: tensors, coverage };
}

function textLayers(
  student: TextStudent,
  sizes: { readonly vocabSize: number; readonly numLabels: number; readonly readsPair: boolean },
  task: TaskSpec,
): readonly LayerSpec[] {
  if (student.family === 'static') {
    const { hiddenSize, perceptronSize } = student;
    return staticLayers({ ...sizes, hiddenSize, perceptronSize });
  }
  const whole = task.kind === 'tag' ? ({ ...sizes, pooling: 'none' } as const) : sizes;
  return student.family === 'conv' ? convLayers({ ...student, ...whole }) : transformerLayers({ ...student, ...whole });
}

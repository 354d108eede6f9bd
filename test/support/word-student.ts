/**
 * Students whose answers anyone can tell. Of one that classifies, each label is a word, and a text gets the label whose word is in it. A text
 * without such a word gets the first label, at even scores; one with several gets the first of these. Scores are
 * e^4 / (e^4 + labels - 1) for the label and the rest in equal parts for the others.
 */
import { encodeStudent, type LayerSpec, type StudentSpec, type TaskSpec, type Tensor } from '../../src/format/index.ts';
import { unigramVocabulary } from '../../src/train/tokenizers/vocabulary.ts';

/** Logit of a label whose word is in the text; the others have 0. */
export const WORD_LOGIT = 4;

/** Bytes of the student `name` that tells `labels` apart. */
export function wordStudent(name: string, labels: readonly string[], multiLabel = false): Promise<Uint8Array> {
  return wordFile(name, { kind: 'classify', labels, multiLabel }, labels, ['maxPool', 'dense']);
}

/** Bytes of the student `name` that gives each word the label that stands beside it, and any other word the first. */
export function wordTagger(name: string, wordLabels: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const labels = Object.values(wordLabels);
  return wordFile(name, { kind: 'tag', labels }, Object.keys(wordLabels), ['dense']);
}

/** Bytes of the student `name` whose vector of a text has a 1 for each of `words` that is in it, before it is normalized. */
export function wordEmbedder(name: string, words: readonly string[]): Promise<Uint8Array> {
  return wordFile(name, { kind: 'embed' }, words, ['maxPool']);
}

function wordFile(
  name: string,
  task: TaskSpec,
  words: readonly string[],
  behind: readonly ('maxPool' | 'dense')[],
): Promise<Uint8Array> {
  const pieces = ['<unk>', '\u2581', ...words.map((word) => `\u2581${word}`)];
  const scores = Float32Array.from(pieces, (_, id) => (id === 0 ? -10 : -1));
  const vocabulary = unigramVocabulary(pieces, scores, { unknownId: 0, controlIds: [] });
  const { length: width } = words;
  const layers: Readonly<Record<'maxPool' | 'dense', LayerSpec>> = {
    maxPool: { kind: 'maxPool' },
    dense: { kind: 'dense', inputSize: width, outputSize: width, activation: 'none' },
  };
  const spec: StudentSpec = {
    name,
    family: 'conv',
    task,
    tokenizer: vocabulary.spec,
    maxCharacters: 100,
    maxTokens: 50,
    layers: [{ kind: 'embedding', vocabSize: pieces.length, hiddenSize: width }, ...behind.map((kind) => layers[kind])],
  };
  const float32 = (shape: readonly number[], data: Float32Array): Tensor => ({ dtype: 'F32', shape, data });
  const embedding = new Float32Array(pieces.length * width);
  const identity = new Float32Array(width * width);
  for (let i = 0; i < width; i++) {
    embedding[(i + 2) * width + i] = 1;
    identity[i * width + i] = WORD_LOGIT;
  }
  const tensors = new Map<string, Tensor>([
    ...vocabulary.tensors,
    ['layers.0.weight', float32([pieces.length, width], embedding)],
  ]);
  const dense = behind.indexOf('dense') + 1;
  if (dense > 0) {
    tensors.set(`layers.${dense}.bias`, float32([width], new Float32Array(width)));
    tensors.set(`layers.${dense}.weight`, float32([width, width], identity));
  }
  return encodeStudent({ spec, provenance: {}, tensors });
}

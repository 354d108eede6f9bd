/**
 * A student whose answers anyone can tell: each label is a word, and a text gets the label whose word is in it. A text
 * without such a word gets the first label, at even scores; one with several gets the first of these. Scores are
 * e^4 / (e^4 + labels - 1) for the label and the rest in equal parts for the others.
 */
import { encodeStudent, type StudentSpec, type Tensor } from '../../src/format/index.ts';
import { unigramVocabulary } from '../../src/train/tokenizers/vocabulary.ts';

/** Logit of a label whose word is in the text; the others have 0. */
export const WORD_LOGIT = 4;

/** Bytes of the student `name` that tells `labels` apart. */
export function wordStudent(name: string, labels: readonly string[], multiLabel = false): Promise<Uint8Array> {
  const pieces = ['<unk>', '\u2581', ...labels.map((label) => `\u2581${label}`)];
  const scores = Float32Array.from(pieces, (_, id) => (id === 0 ? -10 : -1));
  const vocabulary = unigramVocabulary(pieces, scores, { unknownId: 0, controlIds: [] });
  const { length: width } = labels;
  const spec: StudentSpec = {
    name,
    family: 'conv',
    task: { kind: 'classify', labels, multiLabel },
    tokenizer: vocabulary.spec,
    maxCharacters: 100,
    maxTokens: 50,
    layers: [
      { kind: 'embedding', vocabSize: pieces.length, hiddenSize: width },
      { kind: 'maxPool' },
      { kind: 'dense', inputSize: width, outputSize: width, activation: 'none' },
    ],
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
    ['layers.2.bias', float32([width], new Float32Array(width))],
    ['layers.2.weight', float32([width, width], identity)],
  ]);
  return encodeStudent({ spec, provenance: {}, tensors });
}

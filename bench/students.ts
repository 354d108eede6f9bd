/** Students with random weights, in the sizes that people ship. Good for latency and for nothing else. */

import {
  type DenseSpec,
  encodeStudent,
  parseStudent,
  type StudentSpec,
  scaleName,
  studentTensors,
  type Tensor,
} from '../src/format/index.ts';
import { convLayers } from '../src/train/families/conv.ts';
import { staticLayers } from '../src/train/families/static.ts';
import { type TransformerSizes, transformerLayers } from '../src/train/families/transformer.ts';
import { weightTensors } from '../src/train/quantization.ts';
import { createRandom } from '../src/train/random.ts';
import { piecesOf, unigramVocabulary, type Vocabulary } from '../src/train/tokenizers/vocabulary.ts';
import { sentenceEncoderVocabulary } from '../test/support/sentence-encoder.ts';

/** Standard deviation of the weights of a matrix, scales included, where they are not balanced. */
const WEIGHT_DEVIATION = 0.6;

const task = { kind: 'classify', labels: ['ham', 'spam'], multiLabel: false } as const;

/** A `static` student over hashed words and word pairs. */
export function staticBench(buckets: number, hiddenSize: number, maxTokens = 512): Promise<Uint8Array> {
  return encode(staticSpec(buckets, hiddenSize, maxTokens), new Map());
}

/** The same with its embedding in int4; `hiddenSize` is a multiple of 32. */
export function int4Bench(buckets: number, hiddenSize: number, maxTokens = 512): Promise<Uint8Array> {
  const spec = staticSpec(buckets, hiddenSize, maxTokens);
  const random = createRandom(1);
  const parameters = new Map(
    [...studentTensors(spec)].map(([name, [{ shape }]]) => {
      const size = shape!.reduce((a, b) => a * b, 1);
      return [name, Float32Array.from({ length: size }, () => random.uniform())];
    }),
  );
  return encodeStudent({ spec, provenance: {}, tensors: weightTensors(spec, parameters, 'int4') });
}

function staticSpec(buckets: number, hiddenSize: number, maxTokens: number): StudentSpec {
  return {
    name: 'static',
    family: 'static',
    task,
    tokenizer: { kind: 'hashed', buckets, wordNgrams: 2, charNgrams: null },
    maxCharacters: 1000,
    maxTokens,
    layers: staticLayers({ vocabSize: buckets, numLabels: 2, hiddenSize }),
  };
}

/**
 * A student that fastText can be as well: the plain mean of the rows of single words, and a linear layer without biases.
 */
export async function wordsBench(buckets: number, hiddenSize: number, maxTokens: number): Promise<Uint8Array> {
  const spec: StudentSpec = {
    name: 'static-words',
    family: 'static',
    task,
    tokenizer: { kind: 'hashed', buckets, wordNgrams: 1, charNgrams: null },
    maxCharacters: 1000,
    maxTokens,
    layers: staticLayers({ vocabSize: buckets, numLabels: 2, hiddenSize, perceptronSize: 0 }),
  };
  const { tensors } = parseStudent(await encode(spec, new Map()));
  const constant = (value: number, size: number): Tensor => ({
    dtype: 'F32',
    shape: [size],
    data: new Float32Array(size).fill(value),
  });
  const plain = new Map([...tensors, ['layers.1.weight', constant(1, buckets)], ['layers.2.bias', constant(0, 2)]]);
  return encodeStudent({ spec, provenance: {}, tensors: plain });
}

/** A `conv` student over the first pieces of the sentence encoder's vocabulary. */
export async function convBench(pieces: number, maxTokens: number): Promise<Uint8Array> {
  const { spec: tokenizer, tensors } = await firstPieces(pieces);
  const spec: StudentSpec = {
    name: 'conv',
    family: 'conv',
    task,
    tokenizer,
    maxCharacters: 1000,
    maxTokens,
    layers: convLayers({ vocabSize: pieces, numLabels: 2 }),
  };
  return encode(spec, tensors);
}

/** Dense layers of one width over the same pieces, one behind the other, and as good as nothing else. */
export async function chainBench(
  pieces: number,
  maxTokens: number,
  { layers, hiddenSize }: { readonly layers: number; readonly hiddenSize: number },
): Promise<Uint8Array> {
  const { spec: tokenizer, tensors } = await firstPieces(pieces);
  const dense = (outputSize: number): DenseSpec => {
    return { kind: 'dense', inputSize: hiddenSize, outputSize, activation: 'none' };
  };
  const spec: StudentSpec = {
    name: `chain-${layers}x${hiddenSize}`,
    family: 'conv',
    task,
    tokenizer,
    maxCharacters: 1000,
    maxTokens,
    layers: [
      { kind: 'embedding', vocabSize: pieces, hiddenSize },
      ...Array.from({ length: layers }, () => dense(hiddenSize)),
      { kind: 'maxPool' },
      dense(task.labels.length),
    ],
  };
  return encode(spec, tensors, true);
}

/**
 * A `transformer` student over the same pieces, with heads of 32 channels, and twice as wide inside of a feed-forward
 * block. Its weights are balanced: with larger ones a token would see one other token alone, and the noise of
 * quantization would decide which.
 */
export async function transformerBench(
  pieces: number,
  maxTokens: number,
  { layers, hiddenSize }: Required<Pick<TransformerSizes, 'layers' | 'hiddenSize'>>,
): Promise<Uint8Array> {
  const { spec: tokenizer, tensors } = await firstPieces(pieces);
  const sizes = { layers, hiddenSize, heads: hiddenSize / 32, feedForwardSize: 2 * hiddenSize };
  const spec: StudentSpec = {
    name: `transformer-${layers}x${hiddenSize}`,
    family: 'transformer',
    task,
    tokenizer,
    maxCharacters: 1000,
    maxTokens,
    layers: transformerLayers({ vocabSize: pieces, maxTokens, numLabels: 2, ...sizes }),
  };
  return encode(spec, tensors, true);
}

/** The first pieces of the sentence encoder's vocabulary. */
async function firstPieces(count: number): Promise<Vocabulary> {
  const whole = await sentenceEncoderVocabulary();
  const scores = whole.tensors.get('tokenizer.scores')!.data as Float32Array;
  return unigramVocabulary(piecesOf(whole).slice(0, count), scores.slice(0, count), {
    unknownId: whole.spec.unknownId,
    controlIds: whole.spec.controlIds.filter((id) => id < count),
  });
}

/** @param isBalanced with products about as large as what they read, and biases and queries around 0 */
function encode(
  spec: StudentSpec,
  tokenizerTensors: ReadonlyMap<string, Tensor>,
  isBalanced = false,
): Promise<Uint8Array> {
  const random = createRandom(1);
  const tensors = new Map(tokenizerTensors);
  for (const [name, [{ shape }, int8]] of studentTensors(spec)) {
    if (tensors.has(name) || shape === null) continue;
    const size = shape.reduce((a, b) => a * b, 1);
    if (int8 !== undefined) {
      const data = Int8Array.from(random.normals(size, 40), (value) => Math.max(-127, Math.min(127, value)));
      tensors.set(name, { dtype: 'I8', shape, data });
      const factor = isBalanced ? 1 / (WEIGHT_DEVIATION * Math.sqrt(shape[1])) : 1;
      const scales = Float32Array.from({ length: shape[0] }, () => factor * (0.01 + 0.01 * random.uniform()));
      tensors.set(scaleName(name), { dtype: 'F32', shape: [shape[0]], data: scales });
    } else if (isBalanced && /\.(bias|query)$/.test(name)) {
      tensors.set(name, { dtype: 'F32', shape, data: random.normals(size, 0.1) });
    } else {
      const data = Float32Array.from({ length: size }, () => 0.5 + random.uniform());
      tensors.set(name, { dtype: 'F32', shape, data });
    }
  }
  return encodeStudent({ spec, provenance: {}, tensors });
}

/** Small valid students with seeded random weights, for tests of every room. */
import {
  type Conv2dSpec,
  encodeFloat16,
  encodeStudent,
  INT4_GROUP_SIZE,
  type LayerSpec,
  patchArea,
  type StudentFile,
  type StudentSpec,
  scaleName,
  studentTensors,
  type TaskSpec,
  type Tensor,
  type TextStudentSpec,
  type TokenizerSpec,
} from '../../src/format/index.ts';
import { imageLayers } from '../../src/train/families/image.ts';
import { transformerLayers } from '../../src/train/families/transformer.ts';
import type { WeightPrecision } from '../../src/train/quantization.ts';
import {
  bpeVocabulary,
  unigramVocabulary,
  type Vocabulary,
  wordPieceVocabulary,
} from '../../src/train/tokenizers/vocabulary.ts';

/** What to vary. */
export interface StudentOptions {
  readonly seed?: number;
  readonly labels?: readonly string[];
  readonly multiLabel?: boolean;
  /** `int4` needs a table whose width is a multiple of 32. */
  readonly precision?: WeightPrecision;
  readonly maxTokens?: number;
  readonly maxCharacters?: number;
  /** Width of the embedding. */
  readonly hiddenSize?: number;
  /** Tokenizer of {@link convStudent}. */
  readonly vocabulary?: VocabularyName;
}

/** Unigram pieces: unknown, a control, then text. */
export const PIECES: readonly string[] = [
  '<unk>',
  '<s>',
  ...['\u2581', '\u2581you', '\u2581won', '\u2581a', '\u2581prize', '\u2581free', 'ing', 'e', 'o', 'r', 't', 'n', '!'],
  ...['s', 'i', 'm', '\u2581meet', '\u2581at', '\u2581noon', '日', '本', '😀', '\u00e9'],
];

const WORD_PIECES: readonly string[] = [
  ...['[UNK]', '[CLS]', '[SEP]', 'you', 'won', 'a', 'prize', 'free', '##ing', '##e', '##o', 'x', '##x', '日', '😀'],
  ...['!', 'un', '##known', 'e', '\u00e9', '\u03c3\u03b1', '##\u03c3', '[', '\u8a9e', '##\u0301'],
];

/** Merges of bytes, each a unit; what they make and their bytes are pieces too. 日 and 本 are three bytes, é is two. */
const MERGES: readonly (readonly [left: string, right: string])[] = [
  ...([
    [' ', 'y'],
    [' ', 'w'],
    ['o', 'u'],
    [' y', 'ou'],
    ['o', 'n'],
    [' w', 'on'],
    ['e', 'e'],
    ['r', 'ee'],
  ] as const),
  ...([
    ['f', 'ree'],
    [' ', 'free'],
    ['x', 'x'],
    ['xx', 'xx'],
    ['!', '!'],
    [' ', ' '],
    ['p', 'r'],
    ['i', 'z'],
  ] as const),
  ...([
    ['\xe6', '\x97'],
    ['\xe6\x97', '\xa5'],
    ['\x9c', '\xac'],
    ['\xe6', '\x9c\xac'],
  ] as const),
  ...([
    ['\xe6\x97\xa5', '\xe6\x9c\xac'],
    ['\xf0', '\x9f'],
    ['\xc3', '\xa9'],
    ['pr', 'iz'],
  ] as const),
];

function bpe(isRanked: boolean): Vocabulary {
  const letters = [...new Set(MERGES.flat().join(''))];
  const inOrder = [...['<s>', '<unk>', ...letters].map((piece) => ['', piece] as const), ...MERGES];
  const pieces = isRanked ? inOrder.reverse() : inOrder;
  const ranks = Float32Array.from(pieces, (piece) => Math.max(0, MERGES.indexOf(piece)));
  const spec = {
    unknownId: pieces.findIndex(([, right]) => right === '<unk>'),
    prefixIds: isRanked ? [pieces.findIndex(([, right]) => right === '<s>')] : [],
    suffixIds: [],
    addPrefixSpace: isRanked,
    nfc: !isRanked,
  };
  const spelled = pieces.map(([left, right]) => Uint8Array.from(left + right, (byte) => byte.charCodeAt(0)));
  const splits = Uint8Array.from(pieces, ([left]) => left.length);
  return bpeVocabulary(spelled, splits, spec, isRanked ? ranks : undefined);
}

const VOCABULARIES = {
  unigram: unigramVocabulary(
    PIECES,
    Float32Array.from(PIECES, (piece, i) => -1 - i / 8 - 1 / piece.length),
    { unknownId: 0, controlIds: [1] },
  ),
  framedUnigram: unigramVocabulary(
    PIECES,
    Float32Array.from(PIECES, (_, i) => -3 - (i % 5) / 4),
    { unknownId: 0, controlIds: [1], prefixIds: [1, 1], suffixIds: [2] },
  ),
  wordpiece: wordPieceVocabulary(WORD_PIECES, {
    unknownId: 0,
    prefixIds: [1],
    suffixIds: [2],
    cleanText: true,
    spaceIdeographs: true,
    stripAccents: true,
    lowercase: true,
    maxCharactersPerWord: 12,
  }),
  plainWordpiece: wordPieceVocabulary(WORD_PIECES, {
    unknownId: 0,
    prefixIds: [],
    suffixIds: [],
    cleanText: false,
    spaceIdeographs: false,
    stripAccents: false,
    lowercase: false,
    maxCharactersPerWord: 100,
  }),
  bpe: bpe(false),
  rankedBpe: bpe(true),
} satisfies Readonly<Record<string, Vocabulary>>;

/** Name of a small vocabulary. */
export type VocabularyName = keyof typeof VOCABULARIES;
/** Every small vocabulary, by its name. */
export const VOCABULARY_NAMES: readonly VocabularyName[] = Object.keys(VOCABULARIES) as VocabularyName[];

/** Numbers in [0, 1): a counter through the finalizer of MurmurHash3, so that neighbors do not resemble each other. */
export function seeded(seed: number): () => number {
  let counter = seed >>> 0;
  return () => {
    counter = (counter + 0x9e3779b9) >>> 0;
    let h = counter;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** A student that reads texts. */
export type TextStudent = StudentFile<TextStudentSpec>;

/** A `static` student over hashed n-grams. */
export function staticStudent(options: StudentOptions = {}): TextStudent {
  const tokenizer: TokenizerSpec = { kind: 'hashed', buckets: 61, wordNgrams: 2, charNgrams: [3, 4] };
  const { labels = ['ham', 'spam'], hiddenSize = 10 } = options;
  return student('test-static', 'static', tokenizer, options, [
    { kind: 'embedding', vocabSize: 61, hiddenSize },
    { kind: 'weightedMean', vocabSize: 61 },
    { kind: 'dense', inputSize: hiddenSize, outputSize: 9, activation: 'relu' },
    { kind: 'dense', inputSize: 9, outputSize: labels.length, activation: 'none' },
  ]);
}

/** A `conv` student over a small vocabulary, of Unigram if nothing is said. */
export function convStudent(options: StudentOptions = {}): TextStudent {
  const { labels = ['ham', 'spam'], hiddenSize = 11 } = options;
  const { spec: tokenizer, tensors }: Vocabulary = VOCABULARIES[options.vocabulary ?? 'unigram'];
  const { vocabSize } = tokenizer;
  const file = student('test-conv', 'conv', tokenizer, options, [
    { kind: 'embedding', vocabSize, hiddenSize },
    {
      kind: 'residual',
      layers: [
        { kind: 'layerNorm', hiddenSize, epsilon: 1e-5 },
        { kind: 'depthwiseConv', channels: hiddenSize, kernelSize: 3, activation: 'silu' },
        { kind: 'dense', inputSize: hiddenSize, outputSize: hiddenSize, activation: 'gelu' },
      ],
    },
    { kind: 'maxPool' },
    { kind: 'dense', inputSize: hiddenSize, outputSize: labels.length, activation: 'none' },
  ]);
  return { ...file, tensors: new Map([...file.tensors, ...tensors]) };
}

/** A `transformer` student over a small vocabulary, with heads of 4 channels: `hiddenSize` is a multiple of 4. */
export function transformerStudent(options: StudentOptions = {}): TextStudent {
  const { labels = ['ham', 'spam'], hiddenSize = 12, maxTokens = 32 } = options;
  const { spec: tokenizer, tensors }: Vocabulary = VOCABULARIES[options.vocabulary ?? 'unigram'];
  const { vocabSize } = tokenizer;
  const sizes = {
    vocabSize,
    maxTokens,
    numLabels: labels.length,
    hiddenSize,
    heads: hiddenSize / 4,
    feedForwardSize: 9,
  };
  const file = student(
    'test-transformer',
    'transformer',
    tokenizer,
    options,
    transformerLayers({ ...sizes, layers: 1 }),
  );
  return { ...file, tensors: new Map([...file.tensors, ...tensors]) };
}

/** A `conv` student over a small vocabulary that reads pairs. */
export function pairStudent(options: StudentOptions = {}): TextStudent {
  const { hiddenSize = 11, seed = 1, precision = 'int8' } = options;
  const { spec, tensors } = convStudent(options);
  const logits = spec.layers.at(-1)!;
  const joined: LayerSpec = { kind: 'dense', inputSize: 4 * hiddenSize, outputSize: hiddenSize, activation: 'relu' };
  const layers = [...spec.layers.slice(0, -1), { kind: 'pairFeatures', hiddenSize } as const, joined, logits];
  const pair: TextStudentSpec = { ...spec, name: 'test-pair', input: { kind: 'pair' }, layers };
  const vocabulary = [...tensors].filter(([name]) => name.startsWith('tokenizer.'));
  return {
    spec: pair,
    provenance: {},
    tensors: new Map([...randomTensors(pair, precision, seeded(seed)), ...vocabulary]),
  };
}

/** Size of what {@link imageStudent} reads. */
export const IMAGE = { height: 6, width: 5, channels: 2 } as const;

/** An `image` student: a convolution of single pixels, one as `patches` says, and the rest of the family behind it. */
export function imageStudent(
  options: Omit<StudentOptions, 'vocabulary'> = {},
  patches: Pick<Conv2dSpec, 'kernelSize' | 'stride' | 'padding'> = { kernelSize: 3, stride: 1, padding: 'same' },
): StudentFile {
  const { seed = 1, labels = ['ham', 'spam'], multiLabel = false, precision = 'int8' } = options;
  const pixels = { inputChannels: 2, outputChannels: 4, kernelSize: 1, stride: 1, padding: 'valid' } as const;
  const convolved = patchArea(patches, [IMAGE.height, IMAGE.width]);
  const pool = { kind: 'maxPool2d', kernelSize: Math.min(2, ...convolved), stride: 2 } as const;
  const [height, width] = patchArea(pool, convolved);
  const image = { height, width, channels: 3 };
  const spec: StudentSpec = {
    name: 'test-image',
    family: 'image',
    task: { kind: 'classify', labels, multiLabel },
    input: { kind: 'image', ...IMAGE },
    layers: [
      { kind: 'conv2d', ...pixels, activation: 'none' },
      { kind: 'conv2d', inputChannels: 4, outputChannels: 3, ...patches, activation: 'relu' },
      pool,
      ...imageLayers({ image, numLabels: labels.length, filters: [], kernelSize: 1, perceptronSize: 5 }),
    ],
  };
  return { spec, provenance: {}, tensors: randomTensors(spec, precision, seeded(seed)) };
}

/** A `conv` student that tags the words of a text. */
export function tagStudent(options: StudentOptions = {}): StudentFile {
  const { labels = ['O', 'B-x', 'I-x'] } = options;
  return retasked(
    convStudent({ ...options, labels }),
    { kind: 'tag', labels },
    options,
    ({ kind }) => kind !== 'maxPool',
  );
}

/** A `conv` student that embeds a text, as wide as its embedding. */
export function embedStudent(options: StudentOptions = {}): StudentFile {
  const { hiddenSize = 11 } = options;
  const labels = Array.from({ length: hiddenSize }, (_, i) => `${i}`);
  return retasked(convStudent({ ...options, labels, hiddenSize }), { kind: 'embed' }, options);
}

/** A student of another task, with those of its layers that are kept. */
function retasked(
  { spec, tensors }: StudentFile,
  task: TaskSpec,
  { precision = 'int8', seed = 1 }: StudentOptions,
  keeps: (layer: LayerSpec) => boolean = () => true,
): StudentFile {
  const own = { ...spec, task, layers: spec.layers.filter(keeps) };
  const pieces = [...tensors].filter(([name]) => name.startsWith('tokenizer.'));
  return { spec: own, provenance: {}, tensors: new Map([...randomTensors(own, precision, seeded(seed)), ...pieces]) };
}

/** Bytes of a student. */
export function studentBytes(file: StudentFile): Promise<Uint8Array> {
  return encodeStudent(file);
}

function student(
  name: string,
  family: StudentSpec['family'],
  tokenizer: TokenizerSpec,
  options: StudentOptions,
  layers: readonly LayerSpec[],
): TextStudent {
  const { seed = 1, labels = ['ham', 'spam'], multiLabel = false, precision = 'int8' } = options;
  const { maxTokens = 32, maxCharacters = 200 } = options;
  const task = { kind: 'classify', labels, multiLabel } as const;
  const spec: TextStudentSpec = { name, family, task, tokenizer, maxCharacters, maxTokens, layers };
  return { spec, provenance: {}, tensors: randomTensors(spec, precision, seeded(seed)) };
}

/** Random values for every tensor that `spec` needs. */
export function randomTensors(
  spec: StudentSpec,
  precision: WeightPrecision,
  random: () => number,
): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const [name, [{ shape }, int8, int4]] of studentTensors(spec)) {
    if (name.startsWith('tokenizer.')) continue;
    const size = shape!.reduce((a, b) => a * b, 1);
    const isPooling = name.endsWith('.weight') && shape!.length === 1;
    if (int4 !== undefined && precision === 'int4') {
      const groups = Float32Array.from({ length: size / INT4_GROUP_SIZE }, () => 0.02 + random() * 0.1);
      const packed = Uint8Array.from({ length: size / 2 }, () => random() * 256);
      tensors.set(name, { dtype: 'U8', shape: int4.shape!, data: packed });
      tensors.set(scaleName(name), { dtype: 'F16', shape: int4.scale!.shape!, data: encodeFloat16(groups) });
    } else if (int8 !== undefined && precision !== 'float') {
      const scales = Float32Array.from({ length: shape![0] }, () => 0.002 + random() * 0.01);
      tensors.set(name, {
        dtype: 'I8',
        shape: shape!,
        data: Int8Array.from({ length: size }, () => random() * 256 - 128),
      });
      tensors.set(scaleName(name), { dtype: 'F32', shape: [shape![0]], data: scales });
    } else {
      const data = Float32Array.from({ length: size }, () => (isPooling ? random() : random() * 2 - 1));
      tensors.set(name, { dtype: 'F32', shape: shape!, data });
    }
  }
  if ('tokenizer' in spec && spec.tokenizer.kind === 'unigram') {
    for (const [name, tensor] of VOCABULARIES.unigram.tensors) tensors.set(name, tensor);
  }
  return tensors;
}

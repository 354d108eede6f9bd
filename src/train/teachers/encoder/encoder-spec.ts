/**
 * What an encoder is, whichever of the architectures it comes from: BERT (Devlin et al. 2018, arXiv:1810.04805; MiniLM
 * is a BERT), DistilBERT (Sanh et al. 2019, arXiv:1910.01108) and RoBERTa (Liu et al. 2019, arXiv:1907.11692) are one
 * network. They differ in the names of their settings and tensors, in token types, and in where positions start.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { fileFault } from '../../file-fault.ts';
import { invalidModel } from './invalid-model.ts';

/** Architectures by their `model_type`. */
export type Architecture = 'bert' | 'distilbert' | 'roberta';

/** Sizes and settings of an encoder. */
export interface EncoderSpec {
  readonly architecture: Architecture;
  readonly vocabSize: number;
  readonly hiddenSize: number;
  /** Width between the two products of a feed-forward block. */
  readonly innerSize: number;
  readonly numLayers: number;
  readonly numHeads: number;
  /** Rows of the table of positions. */
  readonly numPositions: number;
  /** Row of the first position: RoBERTa counts from behind its padding id. */
  readonly firstPosition: number;
  /** Rows of the table of token types; 0 where there is none. */
  readonly numTypes: number;
  /** Added to the variance in layer normalization. */
  readonly epsilon: number;
  readonly activation: 'gelu' | 'relu';
  /** Labels of the classification head of the checkpoint, in their order; empty where the config names none. */
  readonly labels: readonly string[];
}

const size = v.pipe(v.number(), v.integer(), v.minValue(1));
const activation = v.picklist(['gelu', 'relu']);
const labels = v.nullish(v.record(v.string(), v.string()), {});

const BERT = v.object({
  vocab_size: size,
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  max_position_embeddings: size,
  type_vocab_size: size,
  layer_norm_eps: v.nullish(v.number(), 1e-12),
  hidden_act: v.nullish(activation, 'gelu'),
  pad_token_id: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0)), 1),
  position_embedding_type: v.nullish(v.literal('absolute'), 'absolute'),
  is_decoder: v.nullish(v.literal(false), false),
  id2label: labels,
});

const DISTILBERT = v.object({
  vocab_size: size,
  dim: size,
  hidden_dim: size,
  n_layers: size,
  n_heads: size,
  max_position_embeddings: size,
  activation: v.nullish(activation, 'gelu'),
  id2label: labels,
});

/** DistilBERT fixes it in its code. */
const DISTILBERT_EPSILON = 1e-12;

type Reader = (config: unknown) => v.SafeParseResult<v.GenericSchema<unknown, EncoderSpec>>;

const READERS: Readonly<Record<Architecture, Reader>> = {
  bert: (config) => v.safeParse(bertSchema('bert'), config),
  roberta: (config) => v.safeParse(bertSchema('roberta'), config),
  distilbert: (config) => v.safeParse(DISTILBERT_SPEC, config),
};

function bertSchema(architecture: 'bert' | 'roberta'): v.GenericSchema<unknown, EncoderSpec> {
  return v.pipe(
    BERT,
    v.transform((config) => ({
      architecture,
      vocabSize: config.vocab_size,
      hiddenSize: config.hidden_size,
      innerSize: config.intermediate_size,
      numLayers: config.num_hidden_layers,
      numHeads: config.num_attention_heads,
      numPositions: config.max_position_embeddings,
      firstPosition: architecture === 'roberta' ? config.pad_token_id + 1 : 0,
      numTypes: config.type_vocab_size,
      epsilon: config.layer_norm_eps,
      activation: config.hidden_act,
      labels: labelsOf(config.id2label),
    })),
  );
}

const DISTILBERT_SPEC: v.GenericSchema<unknown, EncoderSpec> = v.pipe(
  DISTILBERT,
  v.transform((config) => ({
    architecture: 'distilbert' as const,
    vocabSize: config.vocab_size,
    hiddenSize: config.dim,
    innerSize: config.hidden_dim,
    numLayers: config.n_layers,
    numHeads: config.n_heads,
    numPositions: config.max_position_embeddings,
    firstPosition: 0,
    numTypes: 0,
    epsilon: DISTILBERT_EPSILON,
    activation: config.activation,
    labels: labelsOf(config.id2label),
  })),
);

function labelsOf(id2label: Readonly<Record<string, string>>): readonly string[] {
  const ids = Object.keys(id2label).map(Number);
  return ids.sort((a, b) => a - b).map((id) => id2label[id]);
}

/**
 * Reads `config.json` of a model directory.
 *
 * @throws InputError with code `invalid_model` that names file and field, and the architectures that are supported
 */
export async function readEncoderSpec(directory: string): Promise<EncoderSpec> {
  const path = join(directory, 'config.json');
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw invalidModel(
      path,
      `expected the config of a Hugging Face model, got ${fileFault(cause)}; put it there`,
      cause,
    );
  });
  const config = parse(path, text);
  const type = (config as { readonly model_type?: unknown } | null)?.model_type;
  const supported = Object.keys(READERS);
  if (typeof type !== 'string' || !supported.includes(type)) {
    const got = JSON.stringify(type) ?? 'none';
    throw invalidModel(`${path}: model_type`, `expected one of ${supported.join(', ')}, got ${got}; use such a model`);
  }
  const { success, output, issues } = READERS[type as Architecture](config);
  if (!success) {
    const field = v.getDotPath(issues[0]) ?? 'top level';
    throw invalidModel(
      `${path}: ${field}`,
      `expected ${issues[0].expected}, got ${issues[0].received}; use another model`,
    );
  }
  if (output.hiddenSize % output.numHeads !== 0) {
    const got = `${output.hiddenSize} for ${output.numHeads} heads`;
    throw invalidModel(path, `expected a hidden size that is a multiple of the attention heads, got ${got}`);
  }
  return output;
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidModel(path, `expected JSON, got ${(cause as Error).message}; load it again`, cause);
  }
}

/** Most tokens of a text, special ones included. */
export function longestText({ numPositions, firstPosition }: EncoderSpec): number {
  return numPositions - firstPosition;
}

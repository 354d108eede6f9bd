/** The encoder as a config asks for it. */
import * as v from 'valibot';
import type { Pooling } from './pooling.ts';

/** Which part of a model is trained: all of it, its top layers and the head, or the head alone. */
export type TrainedLayers = 'all' | 'head' | number;

/** How an encoder is fine-tuned; AdamW with linear warm-up and linear decay to 0. */
export interface FineTuneConfig {
  /** Default `all`. */
  readonly layers?: TrainedLayers;
  /** Default 3. */
  readonly epochs?: number;
  /** Default 32. */
  readonly batchSize?: number;
  /** At the end of the warm-up. Default 1e-4, which suits small encoders; 2e-5 to 5e-5 suits BERT base. */
  readonly learningRate?: number;
  /** Share of all steps, 0 to 1. Default 0.1. */
  readonly warmup?: number;
  /** Default 0.01. */
  readonly weightDecay?: number;
  /** Share of activations that are dropped. Default 0.1. */
  readonly dropout?: number;
  /** Epochs without a better dev score after which it ends; null, the default, trains to the end. */
  readonly patience?: number | null;
}

/** An encoder of the BERT family in a Hugging Face directory. */
export interface EncoderConfig {
  readonly kind: 'encoder';
  /** With `config.json`, `model.safetensors`, and `tokenizer.json` or the older files of a tokenizer. */
  readonly directory: string;
  /** Most tokens that it reads of a text, special ones included. Default 128. */
  readonly maxTokens?: number;
  /** Longest text that it reads, in UTF-16 code units. Default 16 a token. */
  readonly maxCharacters?: number;
  /** Default `mean`. */
  readonly pooling?: Pooling;
  /**
   * `fitted`, the default: a logistic head on the pooled features, fitted on the labelled rows. `checkpoint`: the
   * classification head of the checkpoint, for the labels that its config names; it reads the first token's vector.
   */
  readonly head?: 'fitted' | 'checkpoint';
  /** Absent or null: the encoder stays as it is, and a head is fitted on its features. */
  readonly fineTune?: FineTuneConfig | null;
}

/** The same with its defaults. */
export interface EncoderOptions {
  readonly kind: 'encoder';
  readonly directory: string;
  readonly maxTokens: number;
  readonly maxCharacters: number;
  readonly pooling: Pooling;
  readonly head: 'fitted' | 'checkpoint';
  readonly fineTune: Required<FineTuneConfig> | null;
}

const positive = v.pipe(v.number(), v.integer('Expected an integer'), v.minValue(1));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const FINE_TUNE = v.strictObject({
  layers: v.optional(v.union([v.picklist(['all', 'head']), positive]), 'all'),
  epochs: v.optional(positive, 3),
  batchSize: v.optional(positive, 32),
  learningRate: v.optional(v.pipe(v.number(), v.finite(), v.gtValue(0)), 1e-4),
  warmup: v.optional(share, 0.1),
  weightDecay: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0)), 0.01),
  dropout: v.optional(v.pipe(v.number(), v.minValue(0), v.ltValue(1)), 0.1),
  patience: v.optional(v.nullable(positive), null),
});

const FIELDS = v.strictObject({
  kind: v.literal('encoder'),
  directory: v.pipe(v.string(), v.nonEmpty()),
  maxTokens: v.optional(v.pipe(positive, v.minValue(3)), 128),
  maxCharacters: v.optional(positive),
  pooling: v.optional(v.picklist(['mean', 'cls']), 'mean'),
  head: v.optional(v.picklist(['fitted', 'checkpoint']), 'fitted'),
  fineTune: v.optional(v.nullable(FINE_TUNE), null),
});

/** Checks options and fills in the defaults. */
export const ENCODER_SCHEMA: v.GenericSchema<unknown, EncoderOptions> = v.pipe(
  FIELDS,
  v.check(
    ({ head, fineTune }) => head === 'fitted' || fineTune === null,
    "Expected head: 'fitted' with fineTune, which trains a head of its own",
  ),
  v.transform((fields) => ({
    ...fields,
    maxCharacters: fields.maxCharacters ?? 16 * fields.maxTokens,
    pooling: fields.head === 'checkpoint' ? 'cls' : fields.pooling,
  })),
);

/** Every key of the schema, at any depth. */
export const ENCODER_KEYS: readonly string[] = [...Object.keys(FIELDS.entries), ...Object.keys(FINE_TUNE.entries)];

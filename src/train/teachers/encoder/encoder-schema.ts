/** An encoder's config, checked and with its defaults. */
import * as v from 'valibot';
import type { EncoderOptions } from './encoder-config.ts';

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

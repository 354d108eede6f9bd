/** The config of a model that is trained on labels alone, checked and with its defaults. */
import * as v from 'valibot';
import { NETWORK_KEYS, NETWORK_SCHEMA } from '../../config/schema.ts';
import type { ScratchOptions } from './scratch-config.ts';

const positive = v.pipe(v.number(), v.integer('Expected an integer'), v.minValue(1));
const count = v.pipe(v.number(), v.integer('Expected an integer'), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.ltValue(1));

const TRAINING = v.strictObject({
  epochs: v.optional(positive, 20),
  stepsPerEpoch: v.optional(positive, 100),
  batchSize: v.optional(positive, 32),
  learningRate: v.optional(v.pipe(v.number(), v.finite(), v.gtValue(0), v.maxValue(10)), 0.003),
  weightDecay: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0)), 0.01),
  dropout: v.optional(share, 0.2),
  patience: v.optional(v.nullable(positive), 5),
});

const FIELDS = v.strictObject({
  kind: v.literal('scratch'),
  maxCharacters: v.optional(positive, 4000),
  maxTokens: v.optional(positive, 2048),
  buckets: v.optional(positive, 65_536),
  wordNgrams: v.optional(count, 2),
  charNgrams: v.optional(v.nullable(v.strictTuple([positive, positive])), [2, 4]),
  hiddenSize: v.optional(positive, 64),
  perceptronSize: v.optional(count, 128),
  filters: v.exactOptional(v.pipe(v.array(positive), v.nonEmpty('Expected at least one'))),
  kernelSize: v.exactOptional(positive),
  network: v.optional(NETWORK_SCHEMA),
  training: v.optional(TRAINING, {}),
  file: v.optional(v.nullable(v.string()), null),
});

/** Checks options and fills in the defaults. */
export const SCRATCH_SCHEMA: v.GenericSchema<unknown, ScratchOptions> = FIELDS;

/** Every key of the schema, at any depth. */
export const SCRATCH_KEYS: readonly string[] = [
  ...Object.keys(FIELDS.entries),
  ...Object.keys(TRAINING.entries),
  ...NETWORK_KEYS,
];

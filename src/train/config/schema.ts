/** What a config may hold, as a valibot schema: strict, so that a misspelt key is an error and not a silent default. */
import * as v from 'valibot';
import { METHOD_NAMES } from '../augmentation/methods.ts';
import { BACKEND_NAMES } from '../backend.ts';
import type { DataFunction } from './config.ts';
import type { NetworkConfig } from './student-config.ts';

const positive = v.pipe(v.number(), v.integer('Expected an integer'), v.minValue(1));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const name = v.pipe(
  v.string(),
  v.check(
    (text) => /^[a-z0-9][a-z0-9._-]{0,63}$/.test(text),
    'Expected at most 64 of a-z, 0-9, ".", "_", "-", a letter or digit first',
  ),
);
const count = v.pipe(v.number(), v.integer('Expected an integer'), v.minValue(0));

/** Numbers and ranges of schedules are checked by `validateSchedule`, which knows their meaning. */
const schedule = v.variant('kind', [
  v.strictObject({ kind: v.literal('constant'), value: v.number() }),
  v.strictObject({ kind: v.literal('linear'), from: v.number(), to: v.number() }),
  v.strictObject({ kind: v.literal('cosine'), from: v.number(), to: v.number() }),
  v.strictObject({ kind: v.literal('steps'), at: v.array(v.number()), values: v.array(v.number()) }),
  v.strictObject({
    kind: v.literal('adaptive'),
    on: v.picklist(['devLoss', 'devAgreement', 'teacherEntropy']),
    from: v.number(),
    factor: v.number(),
    min: v.number(),
    max: v.number(),
  }),
]);

const scheduled = v.union([v.number(), schedule]);

const feature = v.strictObject({ loss: v.picklist(['mse', 'cosine']), beta: scheduled });

const dataFiles = v.strictObject({
  task: v.optional(v.picklist(['classify', 'tag'])),
  train: v.string(),
  unlabelled: v.optional(v.string()),
  dev: v.optional(v.string()),
  test: v.optional(v.string()),
  devShare: v.optional(share),
  testShare: v.optional(share),
  textColumn: v.optional(v.string()),
  pairColumn: v.optional(v.string()),
  labelColumn: v.optional(v.string()),
  idColumn: v.optional(v.string()),
  labelSeparator: v.optional(v.pipe(v.string(), v.nonEmpty('Expected some text'))),
  maxUnlabelledInMemory: v.optional(count),
});

const training = v.strictObject({
  modelWeight: v.optional(scheduled),
  alpha: v.optional(scheduled),
  temperature: v.optional(scheduled),
  distillation: v.optional(v.picklist(['softTargets', 'softLabelMse', 'logitMse'])),
  features: v.optional(v.array(feature)),
  optimizer: v.optional(v.picklist(['adam', 'sgd'])),
  learningRate: v.optional(scheduled),
  warmup: v.optional(share),
  weightDecay: v.optional(v.pipe(v.number(), v.minValue(0))),
  momentum: v.optional(v.pipe(v.number(), v.minValue(0), v.ltValue(1))),
  epochs: v.optional(positive),
  stepsPerEpoch: v.optional(positive),
  batchSize: v.optional(positive),
  dropout: v.optional(v.pipe(v.number(), v.minValue(0), v.ltValue(1))),
  patience: v.optional(v.nullable(positive)),
});

const common = {
  name: v.optional(name),
  maxCharacters: v.optional(positive),
  maxTokens: v.optional(positive),
  hiddenSize: v.optional(positive),
  embeddingPrecision: v.optional(v.picklist(['int8', 'int4'])),
  training: v.optional(training),
};

const staticStudent = v.strictObject({
  ...common,
  family: v.literal('static'),
  buckets: v.optional(positive),
  wordNgrams: v.optional(count),
  charNgrams: v.optional(v.nullable(v.strictTuple([positive, positive]))),
  perceptronSize: v.optional(count),
});

const convStudent = v.strictObject({
  ...common,
  family: v.literal('conv'),
  maxPieces: v.optional(positive),
  blocks: v.optional(positive),
  kernelSize: v.optional(
    v.pipe(
      positive,
      v.check((size) => size % 2 === 1, 'Expected an odd number'),
    ),
  ),
  pooling: v.optional(v.picklist(['maxPool', 'weightedMean'])),
});

const transformerStudent = v.strictObject({
  ...common,
  family: v.literal('transformer'),
  maxPieces: v.optional(positive),
  layers: v.optional(positive),
  heads: v.optional(positive),
  feedForwardSize: v.optional(positive),
  pooling: v.optional(v.picklist(['attentionPool', 'maxPool', 'weightedMean'])),
});

const imageStudent = v.strictObject({
  name: common.name,
  training: common.training,
  family: v.literal('image'),
  filters: v.optional(v.pipe(v.array(positive), v.nonEmpty('Expected at least one'))),
  kernelSize: v.optional(positive),
  perceptronSize: v.optional(count),
});

/** A student of each family. */
const STUDENTS = [staticStudent, convStudent, transformerStudent, imageStudent] as const;

const OF_STUDENTS = ['name', 'training', 'embeddingPrecision'] as const;

const NETWORKS = [v.omit(convStudent, OF_STUDENTS), v.omit(transformerStudent, OF_STUDENTS)] as const;

/** The family and the sizes of a network that reads texts in order. */
export const NETWORK_SCHEMA = v.variant('family', NETWORKS) as unknown as v.GenericSchema<unknown, NetworkConfig>;

/** Every key of {@link NETWORK_SCHEMA}. */
export const NETWORK_KEYS: readonly string[] = NETWORKS.flatMap(({ entries }) => Object.keys(entries));

const BACKENDS = ['auto', ...BACKEND_NAMES] as const;

const seed = v.pipe(count, v.maxValue(2 ** 32 - 1));
const weight = v.pipe(v.number(), v.minValue(0), v.finite());

const methods = v.strictObject(v.entriesFromList(METHOD_NAMES as readonly [string, ...string[]], v.optional(weight)));

const augment = v.strictObject({
  factor: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  methods: v.optional(
    v.pipe(
      methods,
      v.check((weights) => Object.values(weights).some((one) => (one ?? 0) > 0), 'Expected a weight above 0'),
    ),
  ),
  rate: v.optional(share),
  maskToken: v.optional(v.string()),
  seed: v.optional(seed),
});

const config = v.strictObject({
  name,
  data: v.union(
    [dataFiles, v.custom<DataFunction>((input) => typeof input === 'function')],
    'Expected files or a function',
  ),
  teacher: v.optional(v.record(v.string(), v.unknown())),
  augment: v.optional(augment),
  students: v.optional(v.pipe(v.array(v.variant('family', STUDENTS)), v.nonEmpty('Expected at least one'))),
  baselines: v.optional(v.boolean()),
  seeds: v.optional(v.pipe(v.array(seed), v.nonEmpty('Expected at least one'))),
  outDir: v.optional(v.string()),
  cacheDir: v.optional(v.string()),
  backend: v.optional(v.picklist(BACKENDS, `Expected one of ${BACKENDS.join(', ')}`)),
  threads: v.optional(positive),
});

/** The schema of a `Config`. */
export const CONFIG_SCHEMA: v.GenericSchema = config;

/** Every key that stands anywhere in a config; what a misspelt one is compared with. */
export const CONFIG_KEYS: readonly string[] = [
  ...new Set(
    [config, dataFiles, augment, methods, ...STUDENTS, training, feature, ...schedule.options].flatMap(({ entries }) =>
      Object.keys(entries),
    ),
  ),
];

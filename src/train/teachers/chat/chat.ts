/** Teacher of a chat model behind an OpenAI-compatible endpoint, which is asked for the label of each text. */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { InputError } from '../../../format/index.ts';
import { ENDPOINT_ENTRIES, ENDPOINT_KEYS, ENDPOINT_URL, HEADERS_ENV, namesBy } from '../requests/endpoint-options.ts';
import { ENV_NAME } from '../requests/secrets.ts';
import type { ModelIdentity, ModelSpec } from '../teacher.ts';
import type { TeacherKind } from '../teacher-kind.ts';
import type { ChatOptions } from './chat-config.ts';
import { loadChatModel } from './chat-model.ts';
import { DEFAULT_PROMPT, LABELS_SLOT } from './prompt.ts';

/** Changes whenever this code would change an output. */
const REVISION = 1;

const positive = v.pipe(v.number(), v.integer('Expected an integer'), v.minValue(1));
const amount = v.pipe(v.number(), v.finite(), v.minValue(0));

const FIELDS = v.strictObject({
  kind: v.literal('chat'),
  model: v.pipe(v.string(), v.nonEmpty('Expected the name of a model')),
  baseURL: v.optional(ENDPOINT_URL, 'https://api.openai.com/v1'),
  tokenEnv: v.optional(v.nullable(ENV_NAME), 'OPENAI_API_KEY'),
  headersEnv: v.optional(HEADERS_ENV, {}),
  prompt: v.optional(
    v.pipe(
      v.string(),
      v.check((text) => text.includes(LABELS_SLOT), `Expected ${LABELS_SLOT} in it`),
    ),
    DEFAULT_PROMPT,
  ),
  descriptions: v.optional(namesBy(v.string(), v.string()), {}),
  probabilities: v.optional(v.picklist(['logprobs', 'votes']), 'logprobs'),
  topLogprobs: v.optional(v.pipe(positive, v.maxValue(1000)), 20),
  samples: v.optional(v.pipe(positive, v.maxValue(1000)), 5),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(2)), 1),
  other: v.optional(v.picklist(['spread', 'drop']), 'spread'),
  maxCharacters: v.optional(positive, 8000),
  maxTokens: v.optional(v.nullable(positive), null),
  extra: v.optional(namesBy(extraKey(), v.unknown()), {}),
  pricePerMillion: v.optional(v.nullable(v.strictObject({ input: amount, output: amount })), null),
  maxCost: v.optional(v.nullable(amount), null),
  maxRequests: v.optional(v.nullable(v.pipe(v.number(), v.integer('Expected an integer'), v.minValue(0))), null),
  ...ENDPOINT_ENTRIES,
});

/** What goes into `extra` is hashed and written down. */
function extraKey(): v.GenericSchema<string, string> {
  const reason = 'Expected no key or password here; put it into an environment variable';
  return v.pipe(
    v.string(),
    v.check((name) => !/api.?key|secret|password|authorization/i.test(name), reason),
  );
}

const SCHEMA = v.pipe(
  FIELDS as v.GenericSchema<unknown, ChatOptions>,
  v.check(
    ({ maxCost, pricePerMillion }) => maxCost === null || pricePerMillion !== null,
    'Expected pricePerMillion beside maxCost',
  ),
);

/** The kind. */
export const chat: TeacherKind<ChatOptions> = {
  schema: SCHEMA,
  keys: [...Object.keys(FIELDS.entries), 'input', 'output'],
  paths: [],
  incidental: ['pricePerMillion', 'maxCost', 'maxRequests', ...ENDPOINT_KEYS],
  runsIn: 'requests',
  // A text that was answered was paid for: each is kept at once.
  batchSize: 1,
  concurrency: ({ concurrency }) => concurrency,
  identify: async (spec) => identityOf(spec),
  load: async (spec) => loadChatModel(spec, identityOf(spec).id),
};

function identityOf({ options, labels, multiLabel }: ModelSpec<ChatOptions>): ModelIdentity {
  const { model, baseURL, prompt, descriptions, probabilities, topLogprobs, samples, temperature } = options;
  const { other, maxCharacters, maxTokens, extra } = options;
  if (multiLabel) {
    const message = `chat teacher ${model}: expected a task with one label a text, got one with several; ask another teacher`;
    throw new InputError(message, { code: 'invalid_config' });
  }
  const unknown = Object.keys(descriptions).find((label) => !labels.includes(label));
  if (unknown !== undefined) {
    const message = `config, teacher.descriptions.${unknown}: expected one of ${labels.join(', ')}, got ${unknown}`;
    throw new InputError(message, { code: 'invalid_config' });
  }
  const way = probabilities === 'logprobs' ? { topLogprobs } : { samples, temperature };
  const asked = { model, baseURL, prompt, descriptions, probabilities, ...way, other, maxCharacters, maxTokens, extra };
  const hash = createHash('sha256').update(JSON.stringify({ REVISION, ...asked, labels }));
  return {
    id: `chat-${hash.digest('hex').slice(0, 32)}`,
    name: model,
    output: 'logits',
    size: labels.length,
    bytes: null,
  };
}

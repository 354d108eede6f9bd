/** Teacher behind an endpoint that answers with the probabilities of labels. */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { InputError } from '../../../format/index.ts';
import { faultOfProbabilities, logitsOfProbabilities } from '../probability-logits.ts';
import { EndpointError } from '../requests/endpoint-error.ts';
import {
  ENDPOINT_ENTRIES,
  ENDPOINT_KEYS,
  ENDPOINT_URL,
  HEADERS_ENV,
  namesBy,
  retryOptions,
} from '../requests/endpoint-options.ts';
import { placeOf, postJson } from '../requests/post-json.ts';
import { withRetries } from '../requests/retries.ts';
import { ENV_NAME, readSecret, redact } from '../requests/secrets.ts';
import type { ModelIdentity, ModelSpec, TeacherModel } from '../teacher.ts';
import type { TeacherKind } from '../teacher-kind.ts';
import type { HttpOptions } from './http-config.ts';
import { type LabelScore, PROTOCOLS } from './protocols.ts';

/** Changes whenever this code would change an output. */
const REVISION = 1;
/** Characters of an answer that a message quotes. */
const EXCERPT = 200;

const PROTOCOL_NAMES = Object.keys(PROTOCOLS) as (keyof typeof PROTOCOLS)[];
const EXPECTED_PROTOCOL = `Expected ${PROTOCOL_NAMES.join(' or ')}`;

const ENTRIES = {
  kind: v.literal('http'),
  url: ENDPOINT_URL,
  protocol: v.picklist(PROTOCOL_NAMES, EXPECTED_PROTOCOL),
  labels: v.optional(namesBy(v.string(), v.string()), {}),
  version: v.optional(v.nullable(v.string()), null),
  tokenEnv: v.optional(v.nullable(ENV_NAME), null),
  headersEnv: v.optional(HEADERS_ENV, {}),
  batchSize: v.optional(v.pipe(v.number(), v.integer('Expected an integer'), v.minValue(1), v.maxValue(1024)), 16),
  ...ENDPOINT_ENTRIES,
};

const SCHEMA = v.strictObject(ENTRIES, ({ expected, message }) =>
  expected === '"protocol"' ? EXPECTED_PROTOCOL : message,
);

/** The kind. */
export const http: TeacherKind<HttpOptions> = {
  schema: SCHEMA as v.GenericSchema<unknown, HttpOptions>,
  keys: Object.keys(ENTRIES),
  paths: [],
  incidental: ['batchSize', ...ENDPOINT_KEYS],
  runsIn: 'requests',
  batchSize: ({ batchSize }) => batchSize,
  concurrency: ({ concurrency }) => concurrency,
  identify: async (spec) => identityOf(spec),
  load: async (spec) => loadModel(spec),
};

function identityOf({ options, labels, multiLabel }: ModelSpec<HttpOptions>): ModelIdentity {
  const { url, protocol, labels: names, version } = options;
  checkNames(Object.entries(names), labels);
  const hash = createHash('sha256').update(
    JSON.stringify({ REVISION, url, protocol, names, version, labels, multiLabel }),
  );
  return {
    id: `http-${hash.digest('hex').slice(0, 32)}`,
    name: placeOf(url),
    output: 'logits',
    size: labels.length,
    bytes: null,
  };
}

function checkNames(pairs: readonly (readonly [string, string])[], labels: readonly string[]): void {
  const wrong = pairs.find(([, label]) => !labels.includes(label));
  if (wrong === undefined) return;
  const message = `config, teacher.labels.${wrong[0]}: expected one of ${labels.join(', ')}, got ${wrong[1]}`;
  throw new InputError(message, { code: 'invalid_config' });
}

function loadModel(spec: ModelSpec<HttpOptions>): TeacherModel {
  const { options, labels } = spec;
  const { url, timeoutMs, batchSize } = options;
  const { headers, secrets } = readHeaders(options);
  const protocol = PROTOCOLS[options.protocol];
  const retrying = retryOptions(options);
  const ask = async (texts: readonly string[], signal: AbortSignal | undefined): Promise<readonly Float32Array[]> => {
    const body = protocol.request(texts, labels.length);
    const attempt = async (): Promise<readonly Float32Array[]> => {
      const answer = await postJson({ url, headers, body, timeoutMs, secrets }, signal);
      return protocol.read(answer, texts.length, placeOf(url)).map((scores) => logitsOf(scores, spec, secrets));
    };
    return withRetries(attempt, retrying, signal);
  };
  return {
    async run(texts, { signal } = {}) {
      const outputs: Float32Array[] = [];
      for (let i = 0; i < texts.length; i += batchSize) {
        outputs.push(...(await ask(texts.slice(i, i + batchSize), signal)));
      }
      return outputs;
    },
    dispose: () => undefined,
  };
}

function readHeaders({ tokenEnv, headersEnv }: HttpOptions): {
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
} {
  const values = Object.entries(headersEnv).map(([name, variable]) => [name, readSecret(variable)] as const);
  const token = tokenEnv === null ? null : readSecret(tokenEnv);
  return {
    headers: { ...Object.fromEntries(values), ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    secrets: [...values.map(([, value]) => value), ...(token === null ? [] : [token])],
  };
}

/** @throws EndpointError where the labels are not the task's, or the scores no probabilities */
function logitsOf(
  scores: readonly LabelScore[],
  { options, labels, multiLabel }: ModelSpec<HttpOptions>,
  secrets: readonly string[],
): Float32Array {
  const place = placeOf(options.url);
  const names = new Map(Object.entries(options.labels));
  const named = new Map(scores.map(({ label, score }) => [names.get(label) ?? label, score]));
  if (named.size !== labels.length || scores.length !== labels.length || !labels.every((label) => named.has(label))) {
    const got = redact(scores.map(({ label }) => label).join(', '), secrets).slice(0, EXCERPT);
    const message = `${place}: expected a score for each of ${labels.join(', ')}, got ${got || 'none'}; set labels in the config where they are called otherwise`;
    throw new EndpointError('endpoint_wrong_labels', message);
  }
  const probabilities = labels.map((label) => named.get(label)!);
  const fault = faultOfProbabilities(probabilities, multiLabel);
  if (fault !== null) throw new EndpointError('endpoint_wrong_answer', `${place}: ${fault}; is the task the same?`);
  return logitsOfProbabilities(probabilities, multiLabel);
}

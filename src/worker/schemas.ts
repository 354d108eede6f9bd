/**
 * One valibot schema for each message. Requests are validated with them, `openapi.json` is derived from them, and the
 * tests hold every answer against them. Objects are strict: a misspelt field is an error that names it, not an option
 * that silently does nothing.
 */
import * as v from 'valibot';
import type { ErrorBody } from './errors.ts';
import type {
  Classification,
  CompareRequest,
  Comparison,
  Health,
  Latency,
  ModelCard,
  ModelList,
  PredictRequest,
  PredictResponse,
} from './messages.ts';
import { expecting, expectingFields } from './request-issues.ts';

/** Most timed runs a model of a comparison. */
export const MAX_RUNS = 20;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const role = v.picklist(['student', 'teacher']);
const name = v.pipe(v.string(), v.description('For people; the id is for URLs.'));

const SEND_TEXT = 'send {"input": "a text"}';
const input = v.pipe(
  v.union(
    [
      v.string(),
      v.pipe(
        v.array(v.string(expecting('a text', 'send strings only'))),
        v.minLength(1, expecting('at least one text', SEND_TEXT)),
      ),
    ],
    expecting('a text or a list of texts', SEND_TEXT),
  ),
  v.description('One text, or several.'),
);
const labelCount = expecting('a whole number, 1 or more', 'leave it out for all labels');
const runCount = expecting(`a whole number from 1 to ${MAX_RUNS}`, `leave it out for ${MAX_RUNS}`);

/** Schema of {@link PredictRequest}. */
export const predictRequest: v.GenericSchema<PredictRequest> = request({
  input,
  top_k: v.exactOptional(
    v.pipe(
      v.number(labelCount),
      v.integer(labelCount),
      v.minValue(1, labelCount),
      v.description('Labels a text, best first; all by default.'),
    ),
  ),
});

/** Schema of {@link CompareRequest}. */
export const compareRequest: v.GenericSchema<CompareRequest> = request({
  input,
  runs: v.exactOptional(
    v.pipe(
      v.number(runCount),
      v.integer(runCount),
      v.minValue(1, runCount),
      v.maxValue(MAX_RUNS, runCount),
      v.description(`Timed runs of one text each, a model; ${MAX_RUNS} by default.`),
    ),
  ),
});

function request<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.strictObject(entries, expectingFields(Object.keys(entries), SEND_TEXT));
}

const classification: v.GenericSchema<Classification> = v.strictObject({
  index: v.pipe(count, v.description('Position of the text in the input.')),
  labels: v.pipe(
    v.array(v.strictObject({ label: v.string(), score: fraction })),
    v.description('Labels with their probabilities, best first.'),
  ),
  tokens: v.pipe(v.nullable(count), v.description('Tokens that were read; null where only the model knows.')),
  truncated: v.pipe(v.boolean(), v.description('Whether a part of the text was not read because it was too long.')),
});

/** Schema of {@link PredictResponse}. */
export const predictResponse: v.GenericSchema<PredictResponse> = v.strictObject({
  object: v.literal('list'),
  model: v.string(),
  data: v.array(classification),
});

/** Schema of {@link ModelCard}. */
export const modelCard: v.GenericSchema<ModelCard> = v.strictObject({
  id: v.string(),
  object: v.literal('model'),
  created: v.pipe(count, v.description('Unix time in seconds; 0, because a student does not record it.')),
  owned_by: v.string(),
  name,
  role,
  task: v.literal('classify'),
  labels: v.array(v.string()),
  multi_label: v.pipe(v.boolean(), v.description('Whether each label stands alone; else exactly one is right.')),
  bytes: v.pipe(
    v.nullable(count),
    v.description('Bytes of everything that has to be shipped to run it; null for a model that is not shipped.'),
  ),
  backend: v.pipe(v.string(), v.description('What computes, e.g. `simd` or `scalar`.')),
  metrics: v.pipe(v.record(v.string(), v.number()), v.description('What was measured when the model was made.')),
  student_url: v.pipe(v.nullable(v.string()), v.description('Where its file can be had; null where it cannot.')),
});

/** Schema of {@link ModelList}. */
export const modelList: v.GenericSchema<ModelList> = v.strictObject({
  object: v.literal('list'),
  data: v.array(modelCard),
});

const latency: v.GenericSchema<Latency> = v.strictObject({
  p50_ms: v.number(),
  p95_ms: v.number(),
  runs: count,
});

/** Schema of {@link Comparison}. */
export const comparison: v.GenericSchema<Comparison> = v.strictObject({
  object: v.literal('comparison'),
  models: v.array(
    v.strictObject({
      id: v.string(),
      name,
      role,
      backend: v.string(),
      bytes: v.nullable(count),
      data: v.array(classification),
      agreement_with_teacher: v.pipe(
        v.nullable(fraction),
        v.description('Fraction of the texts that get the same label from the teacher; null where none is served.'),
      ),
      latency: v.pipe(
        v.nullable(latency),
        v.description('One text at a time, warm, in milliseconds; null where the clock of the host stands still.'),
      ),
    }),
  ),
  agreement: v.pipe(
    v.array(v.array(fraction)),
    v.description('Fraction of the texts that get the same label, for every pair, in the order of `models`.'),
  ),
});

/** Schema of {@link Health}. */
export const health: v.GenericSchema<Health> = v.strictObject({ live: v.boolean(), ready: v.boolean() });

/** Schema of an error in Retort's own protocol. */
export const errorBody: v.GenericSchema<ErrorBody> = v.strictObject({
  error: v.strictObject({
    code: v.pipe(v.string(), v.description('Stable, for programs.')),
    message: v.pipe(v.string(), v.description('For people.')),
  }),
});

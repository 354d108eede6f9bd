/**
 * Serves students over HTTP: an app for any host that speaks `Request` and `Response`. The doors for Cloudflare and for
 * Node are beside this one.
 *
 * @module
 */
export { createApp } from './app.ts';
export type { Clock } from './clock.ts';
export { type ErrorBody, HttpError } from './errors.ts';
export type {
  Classification,
  ComparedModel,
  CompareRequest,
  Comparison,
  Health,
  Latency,
  ModelCard,
  ModelList,
  PredictRequest,
  PredictResponse,
} from './messages.ts';
export { type AppOptions, DEFAULT_LIMITS, type Limits } from './options.ts';

/** Options of every teacher that is asked over HTTP, and what they come to. */
import * as v from 'valibot';
import type { EndpointConfig } from './endpoint-config.ts';
import { Pacer } from './pacer.ts';
import { createJitter, type RetryOptions } from './retries.ts';
import { ENV_NAME } from './secrets.ts';

const positive = v.pipe(v.number(), v.integer('Expected an integer'), v.minValue(1));

/** Longest time that a timer of Node holds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Entries for the schema of a kind. */
export const ENDPOINT_ENTRIES: Readonly<Record<keyof EndpointConfig, v.GenericSchema>> = {
  concurrency: v.optional(v.pipe(positive, v.maxValue(256)), 4),
  requestsPerMinute: v.optional(v.nullable(v.pipe(v.number(), v.finite(), v.gtValue(0))), null),
  timeoutMs: v.optional(v.pipe(positive, v.maxValue(MAX_TIMER_MS)), 60_000),
  retries: v.optional(v.pipe(v.number(), v.integer('Expected an integer'), v.minValue(0), v.maxValue(100)), 6),
  backoffMs: v.optional(v.pipe(positive, v.maxValue(60_000)), 500),
};

/** Their names: they change no output. */
export const ENDPOINT_KEYS: readonly (keyof EndpointConfig)[] = Object.keys(
  ENDPOINT_ENTRIES,
) as (keyof EndpointConfig)[];

/** An address without a key in it, which would end up wherever a config does. */
export const ENDPOINT_URL: v.GenericSchema<unknown, string> = v.pipe(
  v.string(),
  v.check((text) => /^https?:$/.test(parse(text)?.protocol ?? ''), 'Expected an http or https URL'),
  v.check((text) => {
    const url = parse(text);
    return url === null || (url.username === '' && url.password === '');
  }, 'Expected a URL without a user name or password; put keys into environment variables'),
);

function parse(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/** Values by name, in an order that does not depend on how they were written down. */
export function namesBy<T>(
  keys: v.GenericSchema<string, string>,
  values: v.GenericSchema<unknown, T>,
): v.GenericSchema<unknown, Record<string, T>> {
  return v.pipe(
    v.record(keys, values),
    v.transform((record) => Object.fromEntries(Object.entries(record).sort())),
  );
}

/** Header values by header name: the names of the environment variables that hold them. */
export const HEADERS_ENV: v.GenericSchema<unknown, Record<string, string>> = namesBy(
  v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]+$/, 'Expected the name of a header')),
  ENV_NAME,
);

/** @returns how the requests of one model follow each other */
export function retryOptions({ requestsPerMinute, retries, backoffMs }: Required<EndpointConfig>): RetryOptions {
  return { retries, backoffMs, pacer: new Pacer(requestsPerMinute), random: createJitter() };
}

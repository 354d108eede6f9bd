/**
 * Asks again where that may help: exponential back-off with jitter, so that many machines that were refused at once do
 * not come back at once, and never sooner than the endpoint says.
 */
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { createRandom, type Random } from '../../random.ts';
import { EndpointError } from './endpoint-error.ts';
import type { Pacer } from './pacer.ts';
import { wait } from './wait.ts';

/** Longest wait of the back-off itself. */
const MAX_BACKOFF_MS = 30_000;
/** An endpoint that asks for a longer wait has no quota left for this run. */
const MAX_RETRY_AFTER_MS = 120_000;

/** How stubborn to be. */
export interface RetryOptions {
  /** Attempts after the first one. */
  readonly retries: number;
  /** Wait before the first of them, on average three quarters of this; it doubles. */
  readonly backoffMs: number;
  readonly pacer: Pacer;
  readonly random: Random;
}

/**
 * @param attempt one request
 * @throws the last EndpointError, with the number of attempts in its message; anything else at once
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  { retries, backoffMs, pacer, random }: RetryOptions,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    await pacer.turn(signal);
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof EndpointError) || !error.retryable) throw error;
      const waitMs = Math.max(backoff(failures, backoffMs, random), error.retryAfterMs ?? 0);
      if (failures > retries || waitMs > MAX_RETRY_AFTER_MS) throw finalError(error, failures);
      // Whoever else asks the same endpoint would be refused as well.
      if (error.retryAfterMs !== null || error.code === 'endpoint_rate_limited') pacer.hold(waitMs);
      await wait(waitMs, signal);
    }
  }
}

/** @returns from half of `backoffMs * 2^(failures - 1)` to all of it */
function backoff(failures: number, backoffMs: number, random: Random): number {
  const ceiling = Math.min(MAX_BACKOFF_MS, backoffMs * 2 ** (failures - 1));
  return ceiling * (0.5 + 0.5 * random.uniform());
}

function finalError(error: EndpointError, failures: number): EndpointError {
  const asked = error.retryAfterMs === null ? '' : `; it asks to wait ${Math.ceil(error.retryAfterMs / 1000)} s`;
  const message = `${error.message} (attempt ${failures}${asked}); run again later, what is labelled is kept`;
  return new EndpointError(error.code, message, {
    cause: error,
    retryable: true,
    retryAfterMs: error.retryAfterMs,
  });
}

/** A generator for jitter: the same in no two processes of a job, and without an effect on any result. */
export function createJitter(): Random {
  return createRandom(createHash('sha256').update(`${hostname()} ${process.pid}`).digest().readUInt32LE(0));
}

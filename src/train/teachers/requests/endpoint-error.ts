/** What can go wrong between a teacher that is asked over HTTP and us. */
import { RetortError } from '../../../format/index.ts';

/** The kinds of failure, as `code`. */
export type EndpointFault =
  /** No connection, or one that broke off. */
  | 'endpoint_unreachable'
  /** No answer in time. */
  | 'endpoint_timeout'
  /** 429, again and again. */
  | 'endpoint_rate_limited'
  /** 5xx. */
  | 'endpoint_failed'
  /** 4xx, or a redirect: asking again changes nothing. */
  | 'endpoint_refused'
  /** No JSON: an HTML page, for instance. */
  | 'endpoint_not_json'
  /** JSON that ends too early. */
  | 'endpoint_broken_json'
  /** JSON that says something else than it should. */
  | 'endpoint_wrong_answer'
  /** Labels that are not the task's. */
  | 'endpoint_wrong_labels'
  /** What was allowed to be spent is spent. */
  | 'budget_spent';

/** How a failure is to be treated. */
export interface FaultDetails extends ErrorOptions {
  /** Whether the same request may succeed later. */
  readonly retryable?: boolean;
  /** Milliseconds that the endpoint asks us to wait; null where it does not say. */
  readonly retryAfterMs?: number | null;
}

/** An endpoint failed; the message never holds a secret. */
export class EndpointError extends RetortError {
  declare readonly code: EndpointFault;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;

  constructor(code: EndpointFault, message: string, { retryable, retryAfterMs, ...options }: FaultDetails = {}) {
    super(code, message, options);
    this.retryable = retryable ?? false;
    this.retryAfterMs = retryAfterMs ?? null;
  }
}

const SECOND_MS = 1000;

/**
 * The wait of a `Retry-After` header: seconds, or a date (RFC 9110, section 10.2.3).
 *
 * @returns milliseconds, or null where there is none
 */
export function readRetryAfter(header: string | null, nowMs: number = Date.now()): number | null {
  if (header === null || header.trim() === '') return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * SECOND_MS);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/** @returns the failure that a status other than 2xx stands for */
export function faultOfStatus(
  status: number,
  message: string,
  retryAfterMs: number | null,
  options: ErrorOptions = {},
): EndpointError {
  // 408 and 425 ask for the same request again.
  if (status === 429) {
    return new EndpointError('endpoint_rate_limited', message, { ...options, retryable: true, retryAfterMs });
  }
  const retryable = status >= 500 || status === 408 || status === 425;
  const code = retryable ? 'endpoint_failed' : 'endpoint_refused';
  return new EndpointError(code, message, { ...options, retryable, retryAfterMs });
}

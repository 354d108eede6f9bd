/** How every teacher that is asked over HTTP is asked, as a config says it. */

/** How an endpoint is asked; none of it changes an answer. */
export interface EndpointConfig {
  /** Requests under way at once. Default 4. */
  readonly concurrency?: number;
  /** Default null: no limit. */
  readonly requestsPerMinute?: number | null;
  /** Of one request. Default 60,000. */
  readonly timeoutMs?: number;
  /** Attempts after the first where a request failed in a way that may pass. Default 6. */
  readonly retries?: number;
  /** Wait before the first of them; it doubles, up to 30 seconds, and `Retry-After` is honored. Default 500. */
  readonly backoffMs?: number;
}

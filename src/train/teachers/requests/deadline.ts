/** A deadline for a request from its first byte to its last. */

/** Work that did not end in time. */
export class DeadlineError extends Error {}

/**
 * Not `AbortSignal.any`: Node 20 keeps what that makes for as long as the signal of the whole run lives.
 *
 * @param work gets a signal that is aborted at the deadline, or when `signal` is
 * @throws DeadlineError, the reason of `signal`, or what `work` throws
 */
export async function withDeadline<T>(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  signal?.addEventListener('abort', onAbort);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    stop.abort();
  }, timeoutMs);
  try {
    return await work(stop.signal);
  } catch (cause) {
    signal?.throwIfAborted();
    if (isLate) throw new DeadlineError(`none within ${timeoutMs} ms`, { cause });
    throw cause;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

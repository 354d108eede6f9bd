/** What it means that a request threw. */
import { DeadlineError } from './deadline.ts';
import { EndpointError } from './endpoint-error.ts';
import { redact } from './secrets.ts';

/**
 * @param cause what the request threw; `fetch` hides the reason in its cause
 * @param place of the endpoint, for the message
 */
export function faultOfConnection(cause: Error, place: string, secrets: readonly string[]): EndpointError {
  const { code, message } = innermost(cause);
  const isLate = cause instanceof DeadlineError;
  if (isLate || /TIMEOUT/.test(code ?? '')) {
    const got = isLate ? cause.message : code;
    return new EndpointError('endpoint_timeout', `${place}: expected an answer, got ${got}`, { retryable: true });
  }
  const got = redact(code ?? message, secrets);
  const text = `${place}: expected an answer, got a connection that failed (${got})`;
  return new EndpointError('endpoint_unreachable', text, { retryable: true });
}

function innermost(error: NodeJS.ErrnoException): NodeJS.ErrnoException {
  return error.cause instanceof Error ? innermost(error.cause) : error;
}

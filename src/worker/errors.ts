/**
 * The errors of the server. A handler throws; its route renders, because every protocol has an error shape of its own.
 * What was not thrown on purpose leaves no trace of itself in an answer: it is handed to `onError` instead.
 */
import { BusyError, InputError, RetortError, UnsupportedError } from '../format/index.ts';

/** An error with the HTTP status, and the headers, that tell it to a client. */
export class HttpError extends RetortError {
  /** HTTP status code, 400 to 599. */
  readonly status: number;
  /** Headers that belong to the status, such as `Allow` or `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    options?: ErrorOptions & { readonly headers?: Readonly<Record<string, string>> },
  ) {
    super(code, message, options);
    this.status = status;
    this.headers = options?.headers ?? {};
  }
}

/** Writes an error the way one protocol spells errors; the result becomes the JSON body. */
export type ErrorRenderer = (error: HttpError) => unknown;

/** Body of an error in Retort's own protocol. */
export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string };
}

/** Renders an error in Retort's own protocol. */
export function renderError(error: HttpError): ErrorBody {
  return { error: { code: error.code, message: error.message } };
}

/** What {@link toHttpError} has to know of a request. */
export interface FailedRequest {
  readonly id: string;
  readonly signal: AbortSignal;
}

/**
 * What a client may know about something that was thrown. Retort's own errors speak for themselves; anything else
 * becomes a 500 that names only the request.
 */
export function toHttpError(thrown: unknown, { id, signal }: FailedRequest): HttpError {
  if (thrown instanceof HttpError) return thrown;
  if (thrown instanceof InputError) return new HttpError(400, thrown.code, thrown.message, { cause: thrown });
  if (thrown instanceof BusyError) {
    return new HttpError(503, thrown.code, thrown.message, { cause: thrown, headers: { 'Retry-After': '1' } });
  }
  if (thrown instanceof UnsupportedError) return new HttpError(501, thrown.code, thrown.message, { cause: thrown });
  // Hosts abort with reasons of their own kind: a DOMException, an Error, a string. Nobody is left to read the answer.
  if (signal.aborted) {
    return new HttpError(499, 'request_aborted', 'The request was aborted before it was answered.', { cause: thrown });
  }
  const message = `The server failed to answer request ${id}; its log has the cause.`;
  return new HttpError(500, 'internal_error', message, { cause: thrown });
}

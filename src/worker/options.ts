/**
 * What a server is made of: its predictors, and what a host decides about them. Every field but `predictors` has a
 * default that is safe in public.
 */
import { InputError } from '../format/index.ts';
import type { Predictor } from '../runtime/index.ts';
import type { Clock } from './clock.ts';

/** What one request may ask for. Together they bound the work of a request, which nothing can interrupt once begun. */
export interface Limits {
  /** Bytes of a body, as sent. */
  readonly maxBodyBytes: number;
  /** Texts of a request. */
  readonly maxTexts: number;
  /** UTF-16 code units of all texts of a request together. */
  readonly maxCharacters: number;
}

/** A million characters fit in two megabytes of JSON unless nearly all of them need escapes. */
export const DEFAULT_LIMITS: Limits = { maxBodyBytes: 2_097_152, maxTexts: 128, maxCharacters: 1_048_576 };

/** Options of `createApp`. */
export interface AppOptions {
  /**
   * What is served, in the order in which it is listed. A student's id in URLs is its `info.name`, which is unique; a
   * teacher's is `teacher`, or `teacher-2` and so on where that is taken.
   */
  readonly predictors: readonly Predictor[];
  /** Files of students, by id, that clients may download and run themselves; none by default. */
  readonly studentFiles?: ReadonlyMap<string, Uint8Array>;
  /** Origins whose pages may call this server, e.g. `['https://example.com']`, or `'*'`; none by default. */
  readonly corsOrigins?: readonly string[] | '*';
  /** Limits that differ from {@link DEFAULT_LIMITS}. */
  readonly limits?: Partial<Limits>;
  /** Milliseconds that advance while the processor works, or null where none do; the host's clock by default. */
  readonly clock?: Clock | null;
  /** Whether `GET /` answers with the page; true by default. */
  readonly page?: boolean;
  /** Told of every error that was not thrown on purpose. Clients see only the request's id. */
  readonly onError?: (error: unknown, requestId: string) => void;
}

/**
 * Fills in the defaults.
 *
 * @throws InputError where a limit is not a positive integer
 */
export function resolveLimits(limits: Partial<Limits> = {}): Limits {
  const resolved = { ...DEFAULT_LIMITS, ...limits };
  for (const [name, value] of Object.entries(resolved)) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new InputError(`limits.${name}: expected a positive integer, got ${value}.`);
    }
  }
  return resolved;
}

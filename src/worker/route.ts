/**
 * What a route is. One file a route says everything about it: its path, its handler, its error shape, and its entry in
 * `openapi.json`. A further protocol is further files of this kind; nothing else has to know of it.
 */
import type { Context } from 'hono';
import type * as v from 'valibot';
import type { AppEnv } from './app-env.ts';
import type { Catalog } from './catalog.ts';
import type { Clock } from './clock.ts';
import type { ErrorRenderer } from './errors.ts';
import type { Limits } from './options.ts';

/** What every route may need of its server. */
export interface Server {
  readonly catalog: Catalog;
  readonly limits: Limits;
  /** Null where the clock stands still while code runs. */
  readonly clock: Clock | null;
}

/** One way to answer. */
export interface ResponseDescription {
  readonly description: string;
  /** Media type of the body; `application/json` by default. */
  readonly mediaType?: string;
  /** Shape of a JSON body. */
  readonly schema?: v.GenericSchema;
}

/** A route's entry in `openapi.json`. */
export interface Operation {
  readonly id: string;
  readonly summary: string;
  /** Query parameters by name, with what they mean; all are optional strings. */
  readonly query?: Readonly<Record<string, string>>;
  readonly request?: v.GenericSchema;
  /** By status code. */
  readonly responses: Readonly<Record<number, ResponseDescription>>;
}

/** One route. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** With `{name}` for a segment that varies, as OpenAPI writes it. */
  readonly path: string;
  readonly operation: Operation;
  readonly renderError: ErrorRenderer;
  readonly handle: (context: Context<AppEnv>) => Response | Promise<Response>;
}

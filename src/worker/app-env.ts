import type { RequestIdVariables } from 'hono/request-id';

/** What Hono knows of a request. */
export interface AppEnv {
  Variables: RequestIdVariables;
}

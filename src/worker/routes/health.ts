/**
 * `GET /health`: for load balancers. An app is made once its predictors are loaded, and they replace what they
 * lose, so an answer means ready.
 */
import { renderError } from '../errors.ts';
import type { Health } from '../messages.ts';
import type { Route } from '../route.ts';
import { health } from '../schemas.ts';

/** The route. */
export function healthRoute(): Route {
  return {
    method: 'GET',
    path: '/health',
    operation: {
      id: 'getHealth',
      summary: 'Tells whether the server is live and ready.',
      responses: { 200: { description: 'It is.', schema: health } },
    },
    renderError,
    handle(c) {
      const state: Health = { live: true, ready: true };
      return c.json(state);
    },
  };
}

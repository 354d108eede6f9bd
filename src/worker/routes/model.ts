/**
 * `GET /v1/models/{id}`: one model.
 */
import { describeModel } from '../catalog.ts';
import { renderError } from '../errors.ts';
import type { Route, Server } from '../route.ts';
import { modelCard } from '../schemas.ts';

/** The route. */
export function modelRoute({ catalog }: Server): Route {
  return {
    method: 'GET',
    path: '/v1/models/{id}',
    operation: {
      id: 'getModel',
      summary: 'Describes one model.',
      responses: { 200: { description: 'The model.', schema: modelCard } },
    },
    renderError,
    async handle(c) {
      return c.json(await describeModel(catalog.get(c.req.param('id')!)));
    },
  };
}

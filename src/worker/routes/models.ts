/**
 * `GET /v1/models`: every model, in the list shape of OpenAI's API, which many clients already read.
 */
import { describeModel } from '../catalog.ts';
import { renderError } from '../errors.ts';
import type { ModelList } from '../messages.ts';
import type { Route, Server } from '../route.ts';
import { modelList } from '../schemas.ts';

/** The route. */
export function modelsRoute({ catalog }: Server): Route {
  return {
    method: 'GET',
    path: '/v1/models',
    operation: {
      id: 'listModels',
      summary: 'Lists the models.',
      responses: { 200: { description: 'Every model.', schema: modelList } },
    },
    renderError,
    async handle(c) {
      const list: ModelList = { object: 'list', data: await Promise.all(catalog.models.map(describeModel)) };
      return c.json(list);
    },
  };
}
